//! `csv`: a row a finding, for spreadsheets and data frames.
//!
//! As RFC 4180 says, but for lines that end in a line feed alone; the first row names the
//! columns. Places are those of the source: `line` and `column` from 1, of the first word
//! in question; `start` and `end` in code points, from the first to the last. Where a
//! finding has no words of its own, they are those of its sentence; one about the whole
//! document has none. Cells that may be empty: line, column, start, end, sentence,
//! probability, speaker.

use std::io;

use serde::Serialize;

use super::shown::{Shown, shown, title};
use super::{Analyzed, Out, Printer, Settings};
use crate::document::Role;
use crate::finding::{Detector, Level, Status};
use crate::label::Family;

/// What stands between the words of a finding that has them in several places.
const BETWEEN: &str = " … ";

pub(super) fn start(out: Out, _: Settings) -> Box<dyn Printer> {
    let builder = &mut csv::WriterBuilder::new();
    Box::new(Csv {
        out: builder.has_headers(false).from_writer(out),
        begun: false,
    })
}

struct Csv {
    out: csv::Writer<Out>,
    /// Whether the names of the columns are written: they are without any finding too.
    begun: bool,
}

#[derive(Serialize)]
struct Row<'a> {
    document: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    /// From 0.
    sentence: Option<usize>,
    role: Option<Role>,
    label: &'a str,
    family: Family,
    probability: Option<f32>,
    level: Level,
    status: Status,
    voice: &'a str,
    speaker: Option<&'a str>,
    detector: Detector,
    message: &'a str,
    evidence: String,
    text: &'a str,
}

const COLUMNS: [&str; 18] = [
    "document", "line", "column", "start", "end", "sentence", "role", "label", "family",
    "probability", "level", "status", "voice", "speaker", "detector", "message", "evidence",
    "text",
];

impl<'a> Row<'a> {
    fn new(document: &'a str, shown: &Shown<'a>) -> Self {
        let finding = shown.finding;
        let places = shown.places();
        let evidence = finding.evidence.iter().map(|quote| quote.text.as_str());
        Self {
            document,
            line: places.first().map(|place| place.line),
            column: places.first().map(|place| place.column),
            start: places.first().map(|place| place.char[0]),
            end: places.last().map(|place| place.char[1]),
            sentence: shown.sentence.map(|sentence| sentence.index),
            role: shown.sentence.map(|sentence| sentence.role),
            label: &finding.label,
            family: finding.family,
            probability: finding.probability,
            level: finding.level,
            status: finding.status,
            voice: finding.voice.kind.as_str(),
            speaker: finding.voice.speaker.as_deref(),
            detector: finding.detector,
            message: &finding.message,
            evidence: evidence.collect::<Vec<_>>().join(BETWEEN),
            text: shown.sentence.map_or("", |sentence| &sentence.text),
        }
    }
}

impl Csv {
    fn begin(&mut self) -> csv::Result<()> {
        if !self.begun {
            self.out.write_record(COLUMNS)?;
            self.begun = true;
        }
        Ok(())
    }
}

impl Printer for Csv {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        self.begin()?;
        let name = title(&document.report.document.name);
        for shown in shown(document) {
            self.out.serialize(Row::new(name, &shown))?;
        }
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.begin()?;
        self.out.flush()
    }
}
