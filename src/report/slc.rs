//! `slc`: sentence labels as in the Propaganda Techniques Corpus and the NLP4IF-2019 shared
//! task, sentence-level classification: `article_id TAB sentence_id TAB label`, where the
//! label is `propaganda` or `non-propaganda`.
//!
//! A sentence of that corpus is a line of the article's file, counted from 1, empty lines
//! too; so a row is a line of the source, whatever rhetor takes for a sentence. It is
//! `propaganda` (the task's word, not ours) where it shares characters with a framing device
//! that is shown, or with the evidence that there is some device, whichever.

use std::io;

use super::ptc::article_id;
use super::shown::{shown, title};
use super::wire::Place;
use super::{Analyzed, Out, Printer, Settings};
use crate::label::Family;

pub(super) fn start(out: Out, _: Settings) -> Box<dyn Printer> {
    Box::new(Slc { out })
}

struct Slc {
    out: Out,
}

impl Printer for Slc {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        let id = article_id(title(&document.report.document.name));
        let source = &document.analysis.document.source;
        let mut marked: Vec<[usize; 2]> = Vec::new();
        for shown in shown(document) {
            if shown.finding.family == Family::Framing {
                marked.extend(shown.places().into_iter().map(bytes));
            }
        }
        let sentences = document.report.sentences.iter();
        let any = sentences.filter_map(|sentence| sentence.any_device.as_ref());
        let evidence = any.flat_map(|any| &any.evidence);
        marked.extend(evidence.filter_map(|quote| quote.span.as_ref().map(bytes)));

        let mut start = 0;
        for (number, line) in source.split_inclusive('\n').enumerate() {
            let end = start + line.len();
            let is_marked = marked.iter().any(|span| span[0] < end && start < span[1]);
            let label = if is_marked {
                "propaganda"
            } else {
                "non-propaganda"
            };
            writeln!(self.out, "{id}\t{}\t{label}", number + 1)?;
            start = end;
        }
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn bytes(place: &Place) -> [usize; 2] {
    place.byte
}
