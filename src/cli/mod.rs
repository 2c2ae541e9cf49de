//! The commands: one file each. Parses, validates, then acts.

mod analyze;
mod baseline;
mod completions;
mod config;
mod corpus;
mod engine;
mod evaluate;
mod explain;
mod formats;
mod input;
mod labels;
mod merge;
mod output;
mod pager;
mod pipe;
mod progress;
mod schema;
mod score;
mod scoring;
mod session;
mod summary;

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Labels framing devices and sourcing gaps in news text, sentence by sentence.
///
/// Labels describe rhetoric and sourcing: never truth, intent or a person.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    #[command(after_help = ANALYZE_HELP)]
    Analyze(analyze::Args),
    #[command(after_help = SCORE_HELP)]
    Score(score::Args),
    Baseline(baseline::Args),
    #[command(after_help = CONFIG_HELP)]
    Config(config::print::Args),
    #[command(after_help = MERGE_HELP)]
    Merge(merge::Args),
    #[command(after_help = SUMMARY_HELP)]
    Summary(summary::Args),
    #[command(after_help = PIPE_HELP)]
    Pipe(pipe::Args),
    #[command(after_help = "Example: rhetor labels | less")]
    Labels(labels::Args),
    #[command(after_help = "Example: rhetor explain false-dilemma")]
    Explain(explain::Args),
    #[command(after_help = SCHEMA_HELP)]
    Schema(schema::Args),
    #[command(after_help = CORPUS_HELP)]
    Corpus(corpus::Args),
    #[command(after_help = EVALUATE_HELP)]
    Evaluate(evaluate::Args),
    #[command(after_help = COMPLETIONS_HELP)]
    Completions(completions::Args),
    #[command(after_help = MAN_HELP)]
    Man(completions::Man),
}

const ANALYZE_HELP: &str = "\
Examples:
  rhetor analyze article.md
  rhetor analyze - < article.txt
  rhetor analyze --select sourcing,slogan article.md
  rhetor analyze --format jsonl corpus/*.md > reports.jsonl
  rhetor analyze --format terminal --format sarif=report.sarif article.md

Exit codes: 0 when every input has its report, 1 when --fail-on asks about a finding that is
reported, 2 when an input has no report or the run failed.";

const CONFIG_HELP: &str = "\
Examples:
  rhetor config
  rhetor config wire/article.md
  rhetor config --no-config --select sourcing";

const SCORE_HELP: &str = "\
Examples:
  rhetor score articles/ --output run
  rhetor score articles/ --output run --resume
  rhetor score corpus.jsonl --output run-1 --shard 1/4

No rhetor.toml is read and no comment in a text honoured: a run follows from its command.

Exit codes: 0 when every record is in the tables or the dead letters, 1 with --fail-on-error
when a record failed, 2 when the run stopped, 130 when it was interrupted.";

const PIPE_HELP: &str = "\
Examples:
  rhetor pipe < corpus.jsonl > reports.jsonl
  rhetor pipe --text-field body --threads 1 < corpus.jsonl
  echo '{\"id\": 1, \"text\": \"They betrayed the port.\"}' | rhetor pipe

Exit codes: 0 when every line is answered, by a report or an error; 2 when one is not.";

const MERGE_HELP: &str = "Example: rhetor merge run-1 run-2 run-3 run-4 --output run";

const SUMMARY_HELP: &str = "\
Examples:
  rhetor summary run --by outlet
  rhetor summary run --by outlet --compare Gazette Herald";

const SCHEMA_HELP: &str = "\
Examples:
  rhetor schema > report.schema.json
  rhetor schema --parquet";

const CORPUS_HELP: &str = "Example: rhetor corpus theirs.jsonl --output gold.jsonl";

const COMPLETIONS_HELP: &str = "\
Examples:
  rhetor completions bash > ~/.local/share/bash-completion/completions/rhetor
  rhetor completions zsh > ~/.zfunc/_rhetor
  rhetor completions fish > ~/.config/fish/completions/rhetor.fish
  rhetor completions powershell >> $PROFILE";

const MAN_HELP: &str = "\
Examples:
  rhetor man | man -l -
  rhetor man --output ~/.local/share/man/man1";

const EVALUATE_HELP: &str = "\
Examples:
  rhetor evaluate gold.jsonl --part report
  rhetor evaluate gold.jsonl --part tune --fit decision.json
  rhetor evaluate gold.jsonl --part report --format json --output models/NAME/scores.json
  rhetor evaluate --card models/NAME";

/// Whether everything that was asked for was done.
enum Outcome {
    Done,
    /// Something failed and was reported; the rest was done.
    Failed,
    /// All was done, and what `--fail-on-…` asks about is the case.
    Flagged,
}

/// Runs the command line of this process. Exit codes: 0 done, 1 only with
/// `--fail-on-…`, 2 error.
pub fn run() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Analyze(args) => analyze::run(&args),
        Command::Score(args) => score::run(&args),
        Command::Baseline(args) => baseline::run(&args),
        Command::Config(args) => config::print::run(&args),
        Command::Merge(args) => merge::run(&args),
        Command::Summary(args) => summary::run(&args),
        Command::Pipe(args) => pipe::run(&args),
        Command::Labels(args) => labels::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Corpus(args) => corpus::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Completions(args) => completions::run(&args, Cli::command()),
        Command::Man(args) => completions::man(&args, Cli::command()),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(2),
        Ok(Outcome::Flagged) => ExitCode::from(1),
        // Whoever read the output has seen enough.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
