//! The report for a person at a terminal.
//!
//! The article's sentences in order, the evidence marked in place, the findings under
//! each sentence, and a summary. With colours the marks are underlines; without, a line
//! of `^` (framing) and `~` (sourcing) runs under the words.

mod sources;
mod summary;

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::fit::{printable, shorten, wrap};
use super::place::uri;
use super::shown::{remark, title};
use super::{Analyzed, CAVEAT, Out, Printer, Settings};
use crate::analyze::{Analysis, AnalyzedSentence};
use crate::document::Sentence;
use crate::finding::{Detector, Finding, VoiceKind};
use crate::label::{Family, Label};
use crate::model::Model;
use crate::span::{Positions, Span};

/// How the report is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Columns.
    pub width: usize,
    /// Whether escape sequences for colours and underlines may be used.
    pub colour: bool,
    /// Whether findings of preview labels and abstained findings are shown.
    pub preview: bool,
}

impl Layout {
    /// How a document is laid out.
    pub(super) fn new(settings: Settings, document: &Analyzed<'_>) -> Self {
        Self {
            width: settings.width,
            colour: settings.colour,
            preview: document.preview,
        }
    }
}

/// Begins the format.
pub(super) fn start(out: Out, settings: Settings) -> Box<dyn Printer> {
    Box::new(Terminal {
        out,
        settings,
        printed: 0,
    })
}

struct Terminal {
    out: Out,
    settings: Settings,
    printed: usize,
}

/// What stands between two documents.
pub(super) const BETWEEN: &[u8] = b"\n\n";

impl Printer for Terminal {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        if self.printed > 0 {
            self.out.write_all(BETWEEN)?;
        }
        self.printed += 1;
        let layout = Layout::new(self.settings, document);
        let name = &document.report.document.name;
        let file = name.path.as_ref().filter(|_| self.settings.links);
        let file = file.and_then(|path| Path::new(path).canonicalize().ok());
        let (analysis, model) = (document.analysis, document.model);
        let out = &mut self.out;
        write_linked(out, title(name), analysis, model, layout, file.as_deref())?;
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Columns left of the text.
const GUTTER: usize = 6;
/// Columns that the report needs at the least.
const NARROWEST: usize = 40;
/// Columns of quoted evidence in a finding's line.
const QUOTE: usize = 44;
/// Evidence quoted in a finding's line.
const QUOTES: usize = 3;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const FRAMING: Style = AnsiColor::Red.on_default();
const SOURCING: Style = AnsiColor::Yellow.on_default();

/// Writes the report of one document.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(
    out: &mut impl Write,
    name: &str,
    analysis: &Analysis,
    model: &Model,
    layout: Layout,
) -> io::Result<()> {
    write_linked(out, name, analysis, model, layout, None)
}

/// The same, with a link (OSC 8) on each sentence's number to its line in the file at this
/// absolute path.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_linked(
    out: &mut impl Write,
    name: &str,
    analysis: &Analysis,
    model: &Model,
    layout: Layout,
    file: Option<&Path>,
) -> io::Result<()> {
    let layout = Layout {
        width: layout.width.max(NARROWEST),
        ..layout
    };
    let mut page = Page {
        text: String::new(),
        layout,
        links: file.map(|file| {
            (
                uri(&file.to_string_lossy()),
                Positions::new(&analysis.document.source),
            )
        }),
    };
    page.header(name, analysis, model);
    out.write_all(page.take().as_bytes())?;
    let mut block = None;
    for sentence in &analysis.sentences {
        if block.replace(sentence.sentence.block) != Some(sentence.sentence.block) {
            page.line("");
        }
        page.sentence(&analysis.document.text, sentence);
        out.write_all(page.take().as_bytes())?;
    }
    page.summary(analysis);
    out.write_all(page.take().as_bytes())
}

struct Page<'a> {
    text: String,
    layout: Layout,
    /// Where the numbers of sentences lead: a file, and the lines of its bytes.
    links: Option<(String, Positions<'a>)>,
}

impl Page<'_> {
    fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// The style, or none where colours are off.
    fn style(&self, style: Style) -> Style {
        if self.layout.colour {
            style
        } else {
            Style::new()
        }
    }

    /// A paragraph in one style, wrapped, indented by `indent` and more after its first
    /// line by `hang`.
    fn paragraph(&mut self, style: Style, indent: usize, hang: usize, text: &str) {
        let style = self.style(style);
        let text = printable(text);
        for (i, line) in wrap(&text, self.layout.width - indent - hang)
            .into_iter()
            .enumerate()
        {
            let pad = " ".repeat(indent + if i == 0 { 0 } else { hang });
            self.line(&format!("{pad}{style}{}{style:#}", line.of(&text)));
        }
    }

    fn header(&mut self, name: &str, analysis: &Analysis, model: &Model) {
        let scored = analysis.scored();
        self.paragraph(BOLD, 0, 2, name);
        let facts = format!(
            "{}, {scored} scored by {} (rhetor {})",
            count(analysis.sentences.len(), "sentence"),
            model.name,
            env!("CARGO_PKG_VERSION"),
        );
        self.paragraph(Style::new(), 0, 2, &facts);
        for note in &analysis.notes {
            self.paragraph(SOURCING, 0, 2, &format!("Note: {note}."));
        }
        self.paragraph(DIM, 0, 0, CAVEAT);
        if !self.layout.colour {
            self.paragraph(DIM, 0, 0, "Marks: ^ framing, ~ sourcing.");
        }
    }

    fn sentence(&mut self, text: &str, analyzed: &AnalyzedSentence) {
        let sentence = &analyzed.sentence;
        let words = sentence.span.of(text);
        if analyzed.scored.is_none() {
            let why = if sentence.role.scored() {
                "no words"
            } else {
                sentence.role.as_str()
            };
            let line = format!("{words} [{why}, not scored]");
            let dim = self.style(DIM);
            let number = self.number(sentence);
            self.numbered(&number, &line, &vec![Mark::None; line.len()], dim);
            return;
        }
        let preview = self.layout.preview;
        let shown: Vec<&Finding> = analyzed
            .findings
            .iter()
            .filter(|f| f.is_shown(preview))
            .collect();
        let mut marks = vec![Mark::None; words.len()];
        for finding in &shown {
            let mark = match finding.label.family {
                Family::Framing | Family::Other => Mark::Framing,
                Family::Sourcing => Mark::Sourcing,
            };
            for evidence in &finding.evidence {
                let from = evidence.start - sentence.span.start;
                for slot in &mut marks[from..from + evidence.len()] {
                    *slot = mark.max(*slot);
                }
            }
        }
        let unclear = analyzed.unclear_device(preview);
        for evidence in unclear.iter().flat_map(|any| &any.evidence) {
            let from = evidence.start - sentence.span.start;
            marks[from..from + evidence.len()].fill(Mark::Framing);
        }
        let style = if sentence.role.bears_sourcing_gaps() {
            Style::new()
        } else {
            BOLD
        };
        let style = self.style(style);
        let number = self.number(sentence);
        self.numbered(&number, words, &marks, style);
        for finding in shown {
            self.finding(text, finding);
        }
        if let Some(any) = unclear {
            self.paragraph(
                DIM,
                GUTTER,
                2,
                &format!(
                    "some framing device {:.2}, of no kind that stands out",
                    any.probability
                ),
            );
        }
    }

    /// The number of a sentence, four columns wide.
    fn number(&self, sentence: &Sentence) -> String {
        let number = (sentence.index + 1).to_string();
        let pad = " ".repeat(4_usize.saturating_sub(number.len()));
        let dim = self.style(DIM);
        match (&self.links, sentence.source) {
            (Some((url, positions)), Some(source)) => {
                let (line, _) = positions.line_column(source.start);
                format!("{pad}{dim}\x1b]8;;{url}#{line}\x1b\\{number}\x1b]8;;\x1b\\{dim:#}")
            }
            _ => format!("{dim}{pad}{number}{dim:#}"),
        }
    }

    /// A sentence behind its number, with its marks.
    fn numbered(&mut self, number: &str, text: &str, marks: &[Mark], style: Style) {
        let width = self.layout.width - GUTTER;
        for (i, line) in wrap(text, width).into_iter().enumerate() {
            if i == 0 {
                let _ = write!(self.text, "{number}  ");
            } else {
                self.text.push_str(&" ".repeat(GUTTER));
            }
            let mut under = " ".repeat(GUTTER);
            for run in runs(text, marks, line) {
                let mark = marks[run.start];
                let words = printable(run.of(text));
                let style = if self.layout.colour {
                    mark.style(style)
                } else {
                    Style::new()
                };
                let _ = write!(self.text, "{style}{words}{style:#}");
                under.extend(std::iter::repeat_n(mark.sign(), words.width()));
            }
            self.text.push('\n');
            if !self.layout.colour && !under.trim().is_empty() {
                self.line(&under);
            }
        }
    }

    fn finding(&mut self, text: &str, finding: &Finding) {
        let mut line = finding.label.id.clone();
        if let Some(probability) = finding.probability {
            let _ = write!(line, " {probability:.2}");
        }
        line.push_str(remark(finding.status, finding.level));
        if finding.detector == Detector::Model {
            let quotes: Vec<String> = finding
                .evidence
                .iter()
                .take(QUOTES)
                .map(|span| format!("“{}”", shorten(span.of(text), QUOTE)))
                .collect();
            let more = finding.evidence.len().saturating_sub(QUOTES);
            let _ = match (quotes.as_slice(), more) {
                ([], _) => write!(line, " in the sentence as a whole"),
                (quotes, 0) => write!(line, " {}", quotes.join(", ")),
                (quotes, more) => write!(line, " {} and {more} more", quotes.join(", ")),
            };
        } else {
            let _ = write!(line, ": {}", finding.message);
        }
        match (finding.voice.kind, &finding.voice.speaker) {
            (VoiceKind::Author, _) => {}
            (kind, None) => {
                let _ = write!(line, " [{}]", kind.as_str());
            }
            (kind, Some(speaker)) => {
                let _ = write!(line, " [{}: {}]", kind.as_str(), shorten(speaker, QUOTE));
            }
        }
        self.paragraph(style(finding.label), GUTTER, 2, &line);
    }
}

fn style(label: &Label) -> Style {
    match label.family {
        Family::Framing | Family::Other => FRAMING,
        Family::Sourcing => SOURCING,
    }
}

/// `1 sentence`, `2 sentences`.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    None,
    Sourcing,
    Framing,
}

impl Mark {
    fn style(self, plain: Style) -> Style {
        match self {
            Self::None => plain,
            Self::Sourcing => SOURCING.underline(),
            Self::Framing => FRAMING.underline(),
        }
    }

    fn sign(self) -> char {
        match self {
            Self::None => ' ',
            Self::Sourcing => '~',
            Self::Framing => '^',
        }
    }
}

/// Stretches of a line that bear the same mark.
fn runs(text: &str, marks: &[Mark], line: Span) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    for (at, c) in line.of(text).char_indices() {
        let (start, end) = (line.start + at, line.start + at + c.len_utf8());
        match runs.last_mut() {
            Some(run) if marks[run.start] == marks[start] => run.end = end,
            _ => runs.push(Span::new(start, end)),
        }
    }
    runs
}
