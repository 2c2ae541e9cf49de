//! `rhetor baseline write`: findings that are known from now on.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Subcommand;
use rhetor::baseline::Baseline;
use rhetor::ingest::InputFormat;
use rhetor::records;

use super::analyze::{STDIN, read, shown};
use super::config::{ConfigArgs, Configs};
use super::scoring::ScoringArgs;
use super::session::Session;
use super::{Outcome, output};

/// Note the findings that are there, so that only new ones count.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    #[command(after_help = WRITE_EXAMPLES, after_long_help = WRITE_HELP)]
    Write(Write),
}

const WRITE_EXAMPLES: &str = "Example: rhetor baseline write articles/*.md";

const WRITE_HELP: &str = "\
Examples:
  rhetor baseline write articles/*.md
  rhetor analyze --baseline rhetor-baseline.json --fail-on any articles/*.md

Exit codes: 0 when the file is written, 2 when a document could not be analysed; then nothing
is written.";

/// Write a baseline: the reported findings of these documents.
///
/// A finding is known by its label, the words of its sentence and the path of its document,
/// never by its line: whoever moves a paragraph has no new findings. What a comment in the text
/// ignores is not in it. Paths are relative to the file's folder.
#[derive(clap::Args)]
struct Write {
    /// Markdown or plain-text files.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// The file to write; the default is the baseline that rhetor.toml names, else
    /// rhetor-baseline.json.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Refuse inputs over this size.
    #[arg(long, value_name = "BYTES", default_value_t = records::MAX_BYTES)]
    max_bytes: u64,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    scoring: ScoringArgs,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let Command::Write(args) = &args.command;
    write(args)
}

fn write(args: &Write) -> anyhow::Result<Outcome> {
    let mut configs = Configs::of_rules(&args.scoring.rules, &args.config)?;
    let target = target(args, &mut configs)?;
    output::refuse_input(
        &format!("--output {}", target.display()),
        &target,
        &args.paths,
    )?;
    // An older baseline says nothing of what is in the new one.
    configs.forget_baselines();
    let mut session = Session::new(&args.paths, &mut configs, &args.scoring, true)?;
    let mut baseline = Baseline::new(&target, session.model());
    let mut failed = 0;
    for (at, path) in args.paths.iter().enumerate() {
        let analysis = read(path, args.max_bytes)
            .and_then(|bytes| session.analyze(at, bytes, InputFormat::from_path(path)));
        match analysis {
            Ok(analysis) => {
                let path = (path != Path::new(STDIN)).then_some(path.as_path());
                baseline.add(path, &analysis);
            }
            Err(error) => {
                failed += 1;
                anstream::eprintln!("error: {}: {error:#}", shown(path));
            }
        }
    }
    if failed > 0 {
        bail!(
            "{} is not written, since {failed} of {} documents could not be analysed",
            target.display(),
            args.paths.len()
        );
    }
    fs::write(&target, baseline.to_json()?)
        .with_context(|| format!("{} cannot be written", target.display()))?;
    anstream::eprintln!(
        "{}: {} findings of {} documents",
        target.display(),
        baseline.len(),
        args.paths.len()
    );
    Ok(Outcome::Done)
}

/// The file to write. Documents whose configurations name several need `--output`.
fn target(args: &Write, configs: &mut Configs) -> anyhow::Result<PathBuf> {
    if let Some(path) = &args.output {
        return Ok(path.clone());
    }
    let mut named: Option<PathBuf> = None;
    for path in &args.paths {
        let path = (path != Path::new(STDIN)).then_some(path.as_path());
        let own = configs.of(path)?.baseline.value;
        let own = own.unwrap_or_else(|| "rhetor-baseline.json".into());
        match &named {
            Some(other) if *other != own => bail!(
                "the configurations of these documents name several baselines, {} and {}; name \
                 one with --output, or write them one after the other",
                other.display(),
                own.display()
            ),
            _ => named = Some(own),
        }
    }
    Ok(named.unwrap_or_else(|| "rhetor-baseline.json".into()))
}
