//! `rhetor score`: a corpus in, a run folder of tables out.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::ValueEnum;
use rhetor::batch::{
    self, BatchError, Existing, Manifest, Plan, RunFolder, Shape, Shard, Status, Surveyed, Tally,
    survey,
};
use rhetor::ingest::InputFormat;
use rhetor::records::{self, Records};
use serde_json::{Value, json};

use super::input::InputArgs;
use super::progress::{Progress, per_second};
use super::scoring::{ScoringArgs, TextFormat, Voice};
use super::{Outcome, summary};

/// Score a corpus into tables: documents, sentences and findings.
#[derive(clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// The run folder: a new one, or with --resume that of an interrupted run.
    #[arg(long, value_name = "RUN")]
    output: PathBuf,
    /// How the tables are written.
    #[arg(long, value_enum, default_value_t = default_format())]
    format: Format,
    /// Continue an interrupted run: repeat its command with this flag.
    ///
    /// What was finished is not scored again, and the result is that of a run that was
    /// never interrupted. Where there is nothing to continue, a run begins.
    #[arg(long)]
    resume: bool,
    /// Continue it also on another kind of processor, where scores may differ in the last
    /// places; the manifest then names both.
    #[arg(long, requires = "resume")]
    any_processor: bool,
    /// Score only share I of N of the records, by their content; `rhetor merge` joins the
    /// run folders of all shares.
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Score a text again when it comes again; else it is listed as a duplicate.
    #[arg(long)]
    keep_duplicates: bool,
    /// Leave the texts out of the tables: no sentences, quoted words or messages.
    #[arg(long)]
    without_text: bool,
    /// Records of one part, which is written whole or not at all: what an interruption can
    /// cost.
    #[arg(long, value_name = "N", default_value = "1000")]
    part_size: NonZeroU64,
    /// Also write index.html into the run folder: a page with plots of the rates, by the first
    /// metadata field that is not `date`, and over time where there is a field `date`.
    /// `rhetor summary --format html` makes others.
    #[arg(long)]
    html: bool,
    /// Exit with 1 when a record could not be scored.
    #[arg(long)]
    fail_on_error: bool,
    /// Show no progress.
    #[arg(long, short)]
    quiet: bool,
    /// How texts are written; the default goes by the extension, then by the content.
    #[arg(long, value_enum)]
    text_format: Option<TextFormat>,
    #[command(flatten)]
    scoring: ScoringArgs,
}

/// How tables are written.
#[derive(Clone, Copy, ValueEnum)]
pub enum Format {
    /// Parts in Apache Parquet.
    Parquet,
    /// Parts with a JSON object a line.
    Jsonl,
    /// Parts with a header; lists as JSON.
    Csv,
}

/// Parquet where it was built.
fn default_format() -> Format {
    if cfg!(feature = "parquet") {
        Format::Parquet
    } else {
        Format::Jsonl
    }
}

impl From<Format> for batch::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Parquet => Self::Parquet,
            Format::Jsonl => Self::Jsonl,
            Format::Csv => Self::Csv,
        }
    }
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    if matches!(args.format, Format::Parquet) && !cfg!(feature = "parquet") {
        return Err(BatchError::NoParquet.into());
    }
    refuse_inside(&args.output, args.input.paths())?;
    let reading = records::Options {
        text_format: args.text_format.map(InputFormat::from),
        ..args.input.options()
    };
    let records = Records::open(args.input.paths(), reading.clone())?;
    let options = args.scoring.options()?;
    let model = Arc::new(args.scoring.model()?);
    let metadata = reading.fields.meta.clone();
    let shape = Shape::new(&model, &options.selection, metadata, !args.without_text);
    let surveyed = survey(args.input.paths(), &reading)?;
    warn_of_passed_over(&surveyed);
    let settings = settings(args, &reading);
    let manifest = Manifest::new(&model, &shape, settings, args.shard, surveyed.facts);
    let existing = if args.resume {
        Existing::Resume {
            any_processor: args.any_processor,
        }
    } else {
        Existing::Refuse
    };
    let folder = RunFolder::open(&args.output, manifest, existing)?;
    if folder.manifest().status == Status::Complete {
        anstream::eprintln!("{}: the run is complete already", args.output.display());
    }
    say_how_to_resume()?;
    let plan = Plan {
        format: args.format.into(),
        part_size: args.part_size.get(),
        shape,
        keep_duplicates: args.keep_duplicates,
        roles: args.scoring.rules.roles(),
        options,
    };
    let progress = Progress::new(surveyed.records, args.quiet);
    let mut scored = Tally::default();
    let totals = batch::run(records, &model, &plan, folder, |tally| {
        progress.show(tally);
        scored.clone_from(tally);
    });
    let elapsed = progress.elapsed();
    drop(progress);
    let totals = totals?;
    if args.html {
        summary::index(&args.output)?;
    }
    let (documents, sentences) = per_second(&scored, elapsed);
    let facts = json!({
        "run": args.output.display().to_string(),
        "totals": totals,
        "scored_now": scored.done,
        "seconds": (elapsed.as_secs_f64() * 1e3).round() / 1e3,
        "documents_per_second": (documents * 10.0).round() / 10.0,
        "sentences_per_second": sentences.round(),
    });
    writeln!(io::stdout().lock(), "{facts}")?;
    if totals.failed == 0 {
        return Ok(Outcome::Done);
    }
    anstream::eprintln!(
        "{} of {} records could not be scored ({}); {} says why",
        totals.failed,
        totals.records,
        classes(&totals),
        args.output.join("failed").display()
    );
    Ok(if args.fail_on_error {
        Outcome::Flagged
    } else {
        Outcome::Done
    })
}

/// `3 language, 1 empty`.
fn classes(tally: &Tally) -> String {
    let classes = tally.failures.iter();
    let classes: Vec<String> = classes.map(|(class, n)| format!("{n} {class}")).collect();
    classes.join(", ")
}

/// What decides about the tables beside the model and the labels.
fn settings(args: &Args, reading: &records::Options) -> BTreeMap<String, Value> {
    let format: batch::Format = args.format.into();
    let voice = args.scoring.rules.voice.unwrap_or(Voice::All);
    let named = |format: Option<String>| json!(format.map(|name| name.to_lowercase()));
    let settings = [
        ("format", json!(format.extension())),
        ("part_size", json!(args.part_size)),
        ("keep_duplicates", json!(args.keep_duplicates)),
        ("any_language", json!(args.scoring.rules.any_language)),
        ("voice", named(Some(format!("{voice:?}")))),
        ("roles", json!(args.scoring.rules.roles())),
        ("text_field", json!(reading.fields.text)),
        ("id_field", json!(reading.fields.id)),
        (
            "input_format",
            named(reading.format.map(|f| format!("{f:?}"))),
        ),
        (
            "text_format",
            named(reading.text_format.map(|f| format!("{f:?}"))),
        ),
        ("globs", json!(reading.globs)),
        ("max_bytes", json!(reading.max_bytes)),
    ];
    settings
        .map(|(name, value)| (name.to_owned(), value))
        .into()
}

fn warn_of_passed_over(surveyed: &Surveyed) {
    if let (count, Some(first)) = &surveyed.passed_over {
        anstream::eprintln!(
            "{count} files are passed over, as their names are of no format that is read; the \
             first is {}",
            first.display()
        );
    }
}

/// Refuses a run folder that would become input of its own run.
fn refuse_inside(output: &Path, inputs: &[PathBuf]) -> anyhow::Result<()> {
    let absolute = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    let real = absolute(output)?;
    for input in inputs {
        if input.is_dir() && real.starts_with(absolute(input)?) {
            bail!(
                "--output {} is inside the input {}; name a folder beside it",
                output.display(),
                input.display()
            );
        }
    }
    Ok(())
}

/// Ends at once when asked to, and says how to go on.
fn say_how_to_resume() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        anstream::eprintln!(
            "\ninterrupted; every part that was finished is safe: run the same command again with \
             --resume"
        );
        process::exit(130);
    })
    .context("interruptions cannot be handled")
}
