//! `rhetor segment`: the segmenter alone, for the training recipe and other programs.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use rhetor::segment;
use serde::Deserialize;

use super::Outcome;

/// Cut texts into sentences: JSON lines `{"text": …}` in, lists of [start, end) code points out.
///
/// Every line of a text is a paragraph of its own. The answer has one line a text.
#[derive(clap::Args)]
pub struct Args {
    /// A file of JSON lines; `-` reads standard input.
    #[arg(value_name = "PATH", default_value = "-")]
    path: PathBuf,
}

#[derive(Deserialize)]
struct Request {
    text: String,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let shown = args.path.display();
    let input: Box<dyn BufRead> = if args.path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(&args.path).with_context(|| format!("{shown} cannot be opened"))?;
        Box::new(BufReader::new(file))
    };
    let mut out = BufWriter::new(io::stdout().lock());
    for (number, line) in input.lines().enumerate() {
        let place = || format!("{shown}, line {}", number + 1);
        let line = line.with_context(place)?;
        let request: Request = serde_json::from_str(&line)
            .with_context(|| format!("{} is no JSON object with a \"text\"", place()))?;
        serde_json::to_writer(&mut out, &sentences(&request.text))?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// The sentences of a text as ranges of code points.
fn sentences(text: &str) -> Vec<[usize; 2]> {
    let mut found = Vec::new();
    let mut chars = 0;
    for line in text.split('\n') {
        let mut at = 0;
        for span in segment::segment(line) {
            let start = chars + line[at..span.start].chars().count();
            let end = start + span.of(line).chars().count();
            found.push([start, end]);
            (at, chars) = (span.end, end);
        }
        chars += line[at..].chars().count() + 1;
    }
    found
}
