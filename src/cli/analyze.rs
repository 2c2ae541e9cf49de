//! `rhetor analyze`: documents in, reports out.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;
use rhetor::analyze::Analysis;
use rhetor::ingest::InputFormat;
use rhetor::model::Model;
use rhetor::records;
use rhetor::report::wire::{Entry, ErrorReport, Name, Refusal, Report};
use rhetor::report::{json, svg, terminal};

use super::config::{Configs, ControlArgs};
use super::pager::Pager;
use super::scoring::{ScoringArgs, TextFormat};
use super::session::Session;
use super::{Outcome, output};

/// Report framing devices and sourcing gaps, sentence by sentence.
#[derive(clap::Args)]
pub struct Args {
    /// Markdown or plain-text files; `-` or none reads standard input.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to print. `json` is one object, or an array when several paths are given;
    /// `jsonl` is one document a line.
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
    #[command(flatten)]
    control: ControlArgs,
    /// Report also what comments in the text ignore: `<!-- rhetor: ignore LABEL reason -->`
    /// before a block of a Markdown file leaves LABEL out of it.
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
    /// Print a report that is longer than the terminal without a pager. RHETOR_PAGER or PAGER
    /// names another than `less -FRX`.
    #[arg(long)]
    no_pager: bool,
    /// Columns of the report for people; the default is the terminal's, at most 100.
    #[arg(long, value_name = "COLUMNS")]
    width: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Terminal,
    /// The wire format, indented.
    Json,
    /// The wire format, one document a line.
    Jsonl,
    /// A picture of the report for people.
    Svg,
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
    if args.format == Format::Svg && paths.len() > 1 {
        bail!(
            "--format svg draws one document; {} paths were given",
            paths.len()
        );
    }
    let mut configs = Configs::new(&args.scoring.rules, &args.control)?;
    let comments = !args.no_inline_ignore;
    let mut session = Session::new(&paths, &mut configs, &args.scoring, comments)?;
    let mut printer = Printer::new(args, &paths)?;
    let mut outcome = Outcome::Done;
    let mut failing = 0;
    for (at, path) in paths.iter().enumerate() {
        match one(at, path, args, &mut session) {
            Ok(analysis) => {
                failing += session.failing(at, &analysis);
                printer.layout.preview = session.settings(at).preview.value;
                printer.report(name(path), &analysis, session.model())?;
            }
            Err(error) => {
                outcome = Outcome::Failed;
                let message = format!("{error:#}");
                anstream::eprintln!("error: {}: {message}", shown(path));
                printer.refusal(name(path), message)?;
            }
        }
    }
    printer.finish()?;
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

/// Where reports go, and how they look there.
struct Printer {
    out: BufWriter<Box<dyn Write>>,
    format: Format,
    layout: terminal::Layout,
    /// Whether the terminal has hyperlinks.
    links: bool,
    /// Whether JSON is an array.
    several: bool,
    printed: usize,
}

impl Printer {
    /// Opens the output, before any work is done.
    fn new(args: &Args, inputs: &[PathBuf]) -> anyhow::Result<Self> {
        let pager = match (&args.output, args.format, args.no_pager) {
            (None, Format::Terminal, false) => Pager::new(),
            _ => None,
        };
        let out = match pager {
            Some(pager) => BufWriter::new(Box::new(pager) as Box<dyn Write>),
            None => output::open(args.output.as_deref(), inputs)?,
        };
        let links = args.output.is_none()
            && io::stdout().is_terminal()
            && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout);
        let colour = match args.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto if args.output.is_some() => false,
            Colour::Auto => {
                anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
            }
        };
        let width = args.width.map_or_else(
            || {
                terminal_size::terminal_size()
                    .map_or(80, |(width, _)| usize::from(width.0).min(100))
            },
            NonZeroUsize::get,
        );
        Ok(Self {
            out,
            format: args.format,
            layout: terminal::Layout {
                width,
                colour: colour || args.format == Format::Svg,
                preview: false, // set for each document
            },
            links,
            several: inputs.len() > 1,
            printed: 0,
        })
    }

    fn report(&mut self, name: Name, analysis: &Analysis, model: &Model) -> io::Result<()> {
        match self.format {
            Format::Json | Format::Jsonl => {
                let report = Report::new(name, analysis, model);
                self.entry(&Entry::Report(Box::new(report)))
            }
            Format::Terminal => {
                if self.printed > 0 {
                    self.out.write_all(b"\n\n")?;
                }
                self.printed += 1;
                let file = name.path.as_ref().filter(|_| self.links);
                let file = file.and_then(|path| Path::new(path).canonicalize().ok());
                let (title, layout) = (title(&name), self.layout);
                terminal::write_linked(
                    &mut self.out,
                    &title,
                    analysis,
                    model,
                    layout,
                    file.as_deref(),
                )?;
                self.out.flush()
            }
            Format::Svg => {
                let mut page = Vec::new();
                terminal::write(&mut page, &title(&name), analysis, model, self.layout)?;
                svg::write(
                    &mut self.out,
                    &String::from_utf8_lossy(&page),
                    self.layout.width,
                )
            }
        }
    }

    /// What stands in the place of a document that has no report.
    fn refusal(&mut self, document: Name, message: String) -> io::Result<()> {
        match self.format {
            Format::Json | Format::Jsonl => self.entry(&Entry::Refusal(Refusal {
                document,
                error: ErrorReport { message },
            })),
            // People have seen the message.
            Format::Terminal | Format::Svg => Ok(()),
        }
    }

    fn entry(&mut self, entry: &Entry) -> io::Result<()> {
        if self.format == Format::Jsonl {
            json::write_line(&mut self.out, entry)?;
            return self.out.flush();
        }
        let before = match (self.several, self.printed) {
            (false, _) => "",
            (true, 0) => "[\n",
            (true, _) => ",\n",
        };
        self.printed += 1;
        self.out.write_all(before.as_bytes())?;
        json::write(&mut self.out, entry)
    }

    fn finish(mut self) -> io::Result<()> {
        if self.format == Format::Json {
            self.out
                .write_all(if self.several { b"\n]\n" } else { b"\n" })?;
        }
        self.out.flush()
    }
}

fn title(name: &Name) -> String {
    name.path
        .clone()
        .or_else(|| name.id.clone())
        .unwrap_or_default()
}
