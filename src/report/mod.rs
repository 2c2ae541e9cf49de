//! Reports: one file a format.
//!
//! [`FORMATS`] lists every format that `rhetor analyze` writes; a format is one file here
//! and one line in that list. [`wire`] is the stable report that `json` and `jsonl` print
//! and `rhetor schema` describes; the other formats are made of it, and of the text.
//!
//! Tools that read the file a report is about (`sarif`, `github`, `rdjson`, `ptc`, `slc`,
//! `web-annotation`) get places in the source as it was read. Tools that people annotate
//! with (`brat`, `doccano`, `label-studio`) get the clean text and places in it: it is what
//! the model reads, without markup in the way, and `rhetor corpus` reads it back as gold.
//! Each format counts in what its tool counts in; its file says which, and by what source.

mod brat;
mod csv;
mod doccano;
mod fit;
mod github;
pub mod html;
pub mod json;
pub mod label_studio;
mod markdown;
mod marked;
mod place;
mod probabilities;
mod ptc;
mod rdjson;
mod resolve;
mod sarif;
mod shown;
mod slc;
pub mod summary;
pub mod svg;
pub mod terminal;
mod web_annotation;
pub mod wire;

use std::io::{self, Write};
use std::path::Path;

use thiserror::Error;

use crate::analyze::Analysis;
use crate::label::suggestion;
use crate::model::Model;
use wire::{Refusal, Report};

/// Goes with every output.
pub const CAVEAT: &str = "Labels describe rhetoric and sourcing: how a text works on its reader \
     and what it says about where its claims come from. They say nothing of truth, of intent, or \
     of a person, and each can be wrong: see the model card for how often.";

/// Every format, in the order of `--help`.
#[rustfmt::skip]
pub const FORMATS: &[Format] = &[
    Format { name: "terminal", about: "For people, at a terminal", start: Start::File(terminal::start) },
    Format { name: "json", about: "The wire format, indented: one object, or an array when several paths are given", start: Start::File(json::start) },
    Format { name: "jsonl", about: "The wire format, one document a line", start: Start::File(json::start_lines) },
    Format { name: "csv", about: "A row a finding, for spreadsheets and data frames", start: Start::File(csv::start) },
    Format { name: "markdown", about: "A report to paste into an issue or a note", start: Start::File(markdown::start) },
    Format { name: "html", about: "A page of one document for a browser, in one file", start: Start::Page(html::start) },
    Format { name: "svg", about: "A picture of the report at a terminal", start: Start::File(svg::start) },
    Format { name: "sarif", about: "SARIF 2.1.0, for code hosts and editors", start: Start::File(sarif::start) },
    Format { name: "github", about: "Annotations of GitHub Actions", start: Start::File(github::start) },
    Format { name: "rdjson", about: "Reviewdog Diagnostic Format", start: Start::File(rdjson::start) },
    Format { name: "ptc", about: "Spans as in the Propaganda Techniques Corpus, framing only", start: Start::File(ptc::start) },
    Format { name: "slc", about: "Sentence labels of the same corpus, a line of the file being a sentence", start: Start::File(slc::start) },
    Format { name: "web-annotation", about: "W3C Web Annotation, JSON-LD", start: Start::File(web_annotation::start) },
    Format { name: "brat", about: "A folder for brat: .txt, .ann and annotation.conf", start: Start::Folder(brat::start) },
    Format { name: "doccano", about: "JSON lines for doccano", start: Start::File(doccano::start) },
    Format { name: "label-studio", about: "Tasks with predictions for Label Studio", start: Start::File(label_studio::start) },
];

/// A format that reports are written in.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// As on the command line.
    pub name: &'static str,
    /// For people, without a full stop.
    pub about: &'static str,
    /// What begins it.
    pub start: Start,
}

/// Begins a format.
#[derive(Debug, Clone, Copy)]
pub enum Start {
    /// It is one file.
    File(fn(Out, Settings) -> Box<dyn Printer>),
    /// It is one file, of one document.
    Page(fn(Out, Settings) -> Box<dyn Printer>),
    /// It is a folder of files: one that is there and empty.
    Folder(fn(&Path, Settings) -> io::Result<Box<dyn Printer>>),
}

/// What a format is written to.
pub type Out = Box<dyn Write>;

/// How a format is written.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Whether more than one document was named.
    pub several: bool,
    /// Columns, where there are such.
    pub width: usize,
    /// Whether escape sequences for colours may be used.
    pub colour: bool,
    /// Whether the terminal has hyperlinks.
    pub links: bool,
}

/// Writes the documents of a run in one format.
pub trait Printer {
    /// Takes the next document.
    ///
    /// # Errors
    /// When the output cannot be written to.
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()>;

    /// Takes the next document, which has no report. Whoever calls this has told people.
    ///
    /// # Errors
    /// When the output cannot be written to.
    fn refusal(&mut self, _: &Refusal) -> io::Result<()> {
        Ok(())
    }

    /// Writes what is left: there is no other document.
    ///
    /// # Errors
    /// When the output cannot be written to.
    fn finish(&mut self) -> io::Result<()>;
}

/// A document and its report.
#[derive(Clone, Copy)]
pub struct Analyzed<'a> {
    /// Its report, of which every format is made where it can be.
    pub report: &'a Report,
    /// What the report was made of: spans in the clean text.
    pub analysis: &'a Analysis,
    /// What scored it.
    pub model: &'a Model,
    /// Whether findings of preview labels and abstained findings are shown; `json` and
    /// `jsonl` hold all in any case.
    pub preview: bool,
}

/// A name that is no format.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("there is no format `{name}`{suggestion}; known: {known}")]
pub struct UnknownFormat {
    name: String,
    suggestion: String,
    known: String,
}

impl Format {
    /// The format of this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn find(name: &str) -> Result<&'static Self, UnknownFormat> {
        let names = || FORMATS.iter().map(|format| format.name);
        FORMATS
            .iter()
            .find(|format| format.name == name)
            .ok_or_else(|| UnknownFormat {
                name: name.to_owned(),
                suggestion: suggestion(name, names()),
                known: names().collect::<Vec<_>>().join(", "),
            })
    }
}
