//! `brat`: a folder for the annotation tool brat, in its standoff format (brat's manual,
//! "brat standoff format", version 1.3): a `.txt` and a `.ann` a document, and the
//! `annotation.conf` that lists the labels.
//!
//! The text is the clean text; offsets are code points of the `.txt`, the end exclusive.
//! Each stretch of words is a text-bound annotation, with a note of what was found. Words
//! that run over a line end are given line by line, as brat itself does. The colon of labels
//! that are a model's own (`other:…`) becomes `_`. A finding about the whole document cannot
//! be marked in a text and is left out.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::marked::{Marked, findings, marked};
use super::shown::{stem, title};
use super::{Analyzed, Printer, Settings};
use crate::label::{Scope, taxonomy};
use crate::span::{Positions, Span};

/// What brat reads the labels from.
const CONFIGURATION: &str = "annotation.conf";

pub(super) fn start(folder: &Path, _: Settings) -> io::Result<Box<dyn Printer>> {
    let mut brat = Brat {
        folder: folder.to_owned(),
        names: BTreeSet::new(),
        others: BTreeSet::new(),
    };
    brat.configure()?;
    Ok(Box::new(brat))
}

struct Brat {
    folder: PathBuf,
    /// Of the documents so far.
    names: BTreeSet<String>,
    /// Labels beside those of the taxonomy.
    others: BTreeSet<String>,
}

impl Brat {
    fn configure(&mut self) -> io::Result<()> {
        let labels = taxonomy().labels.iter();
        let own = labels.filter(|label| label.scope == Scope::Sentence);
        let mut text = "[entities]\n".to_owned();
        for name in own.map(|label| &label.id).chain(&self.others) {
            let _ = writeln!(text, "{name}");
        }
        // Labels may stand on the same words.
        text.push_str(
            "[relations]\n<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>\n[events]\n\
             [attributes]\n",
        );
        fs::write(self.folder.join(CONFIGURATION), text)
    }

    /// A name of its own for a document, without extension.
    fn name(&mut self, path: &str) -> String {
        let stem = stem(path);
        let mut name = stem.clone().into_owned();
        let mut number = 1;
        while !self.names.insert(name.clone()) {
            number += 1;
            name = format!("{stem}-{number}");
        }
        name
    }
}

impl Printer for Brat {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        let text = &document.analysis.document.text;
        let findings = findings(document);
        let marked = marked(&findings);
        let known = self.others.len();
        let labels = marked.iter().map(|mark| &mark.shown.finding.label);
        self.others.extend(
            labels
                .filter(|label| taxonomy().get(label).is_none())
                .map(|label| kind(label)),
        );
        if self.others.len() > known {
            self.configure()?;
        }
        let name = self.name(title(&document.report.document.name));
        fs::write(self.folder.join(format!("{name}.txt")), text)?;
        let annotations = annotations(text, &marked);
        fs::write(self.folder.join(format!("{name}.ann")), annotations)
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What brat calls a label: it knows letters, digits, `-` and `_`.
fn kind(label: &str) -> String {
    label.replace(':', "_")
}

fn annotations(text: &str, marked: &[Marked<'_>]) -> String {
    let positions = Positions::new(text);
    let mut annotations = String::new();
    for (number, mark) in marked.iter().enumerate() {
        let number = number + 1;
        let finding = mark.shown.finding;
        let lines = lines(text, mark.span);
        let offsets: Vec<String> = lines
            .iter()
            .map(|line| {
                let [start, end] = [line.start, line.end].map(|byte| positions.units(byte).0);
                format!("{start} {end}")
            })
            .collect();
        let words: Vec<&str> = lines.iter().map(|line| line.of(text)).collect();
        let _ = writeln!(
            annotations,
            "T{number}\t{} {}\t{}",
            kind(&finding.label),
            offsets.join(";"),
            words.join(" ")
        );
        let _ = writeln!(
            annotations,
            "#{number}\tAnnotatorNotes T{number}\t{}",
            mark.note()
        );
    }
    annotations
}

/// The parts of a span that have words on them, line by line.
fn lines(text: &str, span: Span) -> Vec<Span> {
    let mut start = span.start;
    let mut lines = Vec::new();
    for line in span.of(text).split('\n') {
        lines.push(Span::new(start, start + line.len()).trimmed(text));
        start += line.len() + 1;
    }
    lines.retain(|line| !line.is_empty());
    lines
}
