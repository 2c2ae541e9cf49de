//! `rhetor analyze`: documents in, reports out.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;
use rhetor::analyze::Analysis;
use rhetor::ingest::InputFormat;
use rhetor::records;
use rhetor::report::wire::{ErrorReport, Name, Refusal, Report};
use rhetor::report::{Analyzed, Settings};

use super::Outcome;
use super::config::{Configs, ControlArgs};
use super::formats::{self, Wanted, WantedParser};
use super::scoring::{ScoringArgs, TextFormat};
use super::session::Session;

/// Report framing devices and sourcing gaps, sentence by sentence.
#[derive(clap::Args)]
pub struct Args {
    /// Markdown or plain-text files; `-` or none reads standard input.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// In which format, and to which file; standard output when none is named. May be given
    /// several times, such as `--format terminal --format sarif=report.sarif`.
    #[arg(long, value_name = "FORMAT[=PATH]", value_parser = WantedParser, default_value = "terminal")]
    format: Vec<Wanted>,
    /// Write the format that names no path here instead of to standard output.
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
    #[command(flatten)]
    control: ControlArgs,
    /// Report also what comments in the text ignore.
    ///
    /// `<!-- rhetor: ignore LABEL reason -->` before a block of a Markdown file leaves LABEL
    /// out of it.
    #[arg(long)]
    no_inline_ignore: bool,
    /// Refuse inputs over this size.
    #[arg(long, value_name = "BYTES", default_value_t = records::MAX_BYTES)]
    max_bytes: u64,
    /// Read every input in this format; the default goes by the extension, then by the
    /// content.
    #[arg(long, value_enum)]
    input_format: Option<TextFormat>,
    #[command(flatten)]
    scoring: ScoringArgs,
    /// Colours: on a terminal only, unless NO_COLOR is set.
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
    /// Print a report that is longer than the terminal without a pager.
    ///
    /// `RHETOR_PAGER` or `PAGER` names another than `less -FRX`.
    #[arg(long)]
    no_pager: bool,
    /// Columns of the report for people; the default is the terminal's, at most 100.
    #[arg(long, value_name = "COLUMNS")]
    width: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

pub const STDIN: &str = "-";

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let paths = inputs(args)?;
    let targets = formats::resolve(&args.format, args.output.as_deref(), &paths)?;
    let mut configs = Configs::new(&args.scoring.rules, &args.control)?;
    let comments = !args.no_inline_ignore;
    let mut session = Session::new(&paths, &mut configs, &args.scoring, comments)?;
    let colour_files = matches!(args.color, Colour::Always);
    let settings = settings(args, paths.len());
    let mut printers = formats::open(&targets, settings, colour_files, !args.no_pager)?;
    let mut outcome = Outcome::Done;
    let mut failing = 0;
    for (at, path) in paths.iter().enumerate() {
        match one(at, path, args, &mut session) {
            Ok(analysis) => {
                failing += session.failing(at, &analysis);
                let report = Report::new(name(path), &analysis, session.model());
                let document = Analyzed {
                    report: &report,
                    analysis: &analysis,
                    model: session.model(),
                    preview: session.settings(at).preview.value,
                };
                for printer in &mut printers {
                    printer.report(&document)?;
                }
            }
            Err(error) => {
                outcome = Outcome::Failed;
                let message = format!("{error:#}");
                anstream::eprintln!("error: {}: {message}", shown(path));
                let refusal = Refusal {
                    document: name(path),
                    error: ErrorReport { message },
                };
                for printer in &mut printers {
                    printer.refusal(&refusal)?;
                }
            }
        }
    }
    // Each is closed too, so that a pager is done.
    for mut printer in printers {
        printer.finish()?;
    }
    if failing > 0 {
        let plural = if failing == 1 { "" } else { "s" };
        anstream::eprintln!("{failing} finding{plural} that --fail-on asks about");
        if matches!(outcome, Outcome::Done) {
            outcome = Outcome::Flagged;
        }
    }
    Ok(outcome)
}

/// The inputs that were named; standard input when none was and it is not a terminal.
fn inputs(args: &Args) -> anyhow::Result<Vec<PathBuf>> {
    if !args.paths.is_empty() {
        let stdin = args
            .paths
            .iter()
            .filter(|path| *path == Path::new(STDIN))
            .count();
        if stdin > 1 {
            bail!("`-` is given {stdin} times; standard input can be read once");
        }
        return Ok(args.paths.clone());
    }
    if io::stdin().is_terminal() {
        bail!("no input: name a Markdown or text file, or pipe one into `rhetor analyze -`");
    }
    Ok(vec![PathBuf::from(STDIN)])
}

fn one(at: usize, path: &Path, args: &Args, session: &mut Session) -> anyhow::Result<Analysis> {
    let bytes = read(path, args.max_bytes)?;
    let format = args.input_format.map(InputFormat::from);
    session.analyze(at, bytes, format.or_else(|| InputFormat::from_path(path)))
}

/// At most `max` bytes of a file or of standard input.
pub fn read(path: &Path, max: u64) -> anyhow::Result<Vec<u8>> {
    let input: Box<dyn Read> = if path == Path::new(STDIN) {
        Box::new(io::stdin().lock())
    } else {
        if path.is_dir() {
            bail!("this is a folder; name the files in it");
        }
        Box::new(File::open(path).context("cannot be opened; check the path and the permissions")?)
    };
    let mut bytes = Vec::new();
    input
        .take(max.saturating_add(1))
        .read_to_end(&mut bytes)
        .context("cannot be read")?;
    if bytes.len() as u64 > max {
        bail!("larger than {max} bytes; raise --max-bytes to read it");
    }
    Ok(bytes)
}

fn name(path: &Path) -> Name {
    if path == Path::new(STDIN) {
        Name {
            path: None,
            id: Some("stdin".to_owned()),
        }
    } else {
        Name {
            path: Some(path.to_string_lossy().into_owned()),
            id: None,
        }
    }
}

pub fn shown(path: &Path) -> String {
    if path == Path::new(STDIN) {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

/// How reports look: colours and links are for a terminal.
fn settings(args: &Args, documents: usize) -> Settings {
    let colour = match args.color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
    };
    let width = args.width.map_or_else(
        || terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0).min(100)),
        NonZeroUsize::get,
    );
    let links =
        io::stdout().is_terminal() && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout);
    Settings {
        several: documents > 1,
        width,
        colour,
        links,
    }
}
