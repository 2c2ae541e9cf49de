//! `rhetor corpus FILE…`: gold files of any format as the one that models train on.

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;
use clap::ValueEnum;
use rhetor::corpus::{self, GoldDocument};

use super::{Outcome, output};

/// Print gold files of any known format as one: JSON lines, offsets in code points.
///
/// Known are the public corpora that the model is trained on, this format itself, and
/// simple files of your own: `{"text": …, "spans": [{"start": 0, "end": 9, "label":
/// "doubt"}]}` for documents, `{"text": …, "labels": ["doubt"]}` for sentences; and what
/// people marked or corrected in brat (its folder), doccano (JSONL) and Label Studio (JSON),
/// see `rhetor analyze --format`. Nothing is printed when any file has a mistake in it.
#[derive(clap::Args)]
pub struct Args {
    /// Gold files, each of one format, or folders of brat.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Only the documents of this part.
    #[arg(long, value_enum)]
    part: Option<Part>,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    /// Fits the weights.
    Train,
    /// Sets thresholds and every other choice.
    Tune,
    /// Gives the published scores.
    Report,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut out = output::open(args.output.as_deref(), &args.files)?;
    let part = args.part.map(|part| match part {
        Part::Train => corpus::Part::Train,
        Part::Tune => corpus::Part::Tune,
        Part::Report => corpus::Part::Report,
    });
    let mut documents: Vec<GoldDocument> = Vec::new();
    for file in &args.files {
        let read = corpus::read(file)?.into_iter();
        documents.extend(read.filter(|document| part.is_none_or(|part| document.part == part)));
    }
    if let (Some(part), true) = (part, documents.is_empty()) {
        bail!(
            "no document is in the part `{}`; in files of your own, say `\"part\": \"{0}\"`",
            part.as_str()
        );
    }
    for document in &documents {
        corpus::write(&mut out, document)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
