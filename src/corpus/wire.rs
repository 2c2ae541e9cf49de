//! Writes our own format: one JSON object a line, offsets in code points.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{GoldDocument, Part};
use crate::span::{Positions, Span};

#[derive(Serialize)]
struct Document<'d> {
    corpus: &'d str,
    id: &'d str,
    part: Part,
    text: &'d str,
    token: &'d [String],
    sentences: Vec<Sentence<'d>>,
    spans: Vec<Marked<'d>>,
}

#[derive(Serialize)]
struct Sentence<'d> {
    start: usize,
    end: usize,
    labels: &'d BTreeMap<String, bool>,
}

#[derive(Serialize)]
struct Marked<'d> {
    start: usize,
    end: usize,
    label: &'d str,
}

/// Writes a document as one line, which [`super::read`] reads back as it was.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut impl Write, document: &GoldDocument) -> io::Result<()> {
    let positions = Positions::new(&document.text);
    let chars = |span: Span| (positions.units(span.start).0, positions.units(span.end).0);
    let sentences = document.sentences.iter().map(|sentence| {
        let (start, end) = chars(sentence.span);
        Sentence {
            start,
            end,
            labels: &sentence.labels,
        }
    });
    let spans = document.spans.iter().map(|marked| {
        let (start, end) = chars(marked.span);
        Marked {
            start,
            end,
            label: &marked.output,
        }
    });
    let line = Document {
        corpus: &document.corpus,
        id: &document.id,
        part: document.part,
        text: &document.text,
        token: &document.token,
        sentences: sentences.collect(),
        spans: spans.collect(),
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}
