//! What the readers of annotation tools share: a text, and labels on stretches of it.

use super::error::quoted;
use super::own::Draft;
use super::{GoldSpan, Reason, outputs, own};
use crate::span::Span;

/// What a tool's offsets count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    CodePoint,
    Utf16,
}

impl Unit {
    fn as_str(self) -> &'static str {
        match self {
            Self::CodePoint => "code points",
            Self::Utf16 => "UTF-16 units",
        }
    }
}

/// A text whose offsets are counted in one unit.
pub(super) struct Text<'t> {
    whole: &'t str,
    unit: Unit,
    /// The byte at which each unit starts, and where the last one ends; none inside a
    /// character.
    starts: Vec<Option<usize>>,
}

/// A label as it stands in a file.
pub(super) struct Mark<'m> {
    pub start: usize,
    pub end: usize,
    pub label: &'m str,
    /// For messages: where in the file it stands.
    pub field: &'m str,
    /// The words that it says it stands on, where it does.
    pub words: Option<&'m str>,
}

impl<'t> Text<'t> {
    pub(super) fn new(text: &'t str, unit: Unit) -> Result<Self, Reason> {
        if text.trim().is_empty() {
            return Err(Reason::Type {
                field: "the text".to_owned(),
                value: quoted(text),
                expected: "a text with words in it; leave the document out",
            });
        }
        let mut starts = Vec::with_capacity(text.len() + 1);
        for (at, c) in text.char_indices() {
            starts.push(Some(at));
            if unit == Unit::Utf16 && c.len_utf16() == 2 {
                starts.push(None);
            }
        }
        starts.push(Some(text.len()));
        Ok(Self {
            whole: text,
            unit,
            starts,
        })
    }

    /// The place of a mark, and the token output that its label stands for.
    pub(super) fn span(&self, mark: &Mark<'_>) -> Result<GoldSpan, Reason> {
        let fault = |fault| Reason::Offsets {
            field: mark.field.to_owned(),
            start: mark.start,
            end: mark.end,
            length: self.starts.len() - 1,
            unit: self.unit.as_str(),
            fault,
        };
        if mark.start >= mark.end {
            return Err(fault("which holds nothing"));
        }
        let (Some(start), Some(end)) = (self.starts.get(mark.start), self.starts.get(mark.end))
        else {
            return Err(fault("which is outside the text"));
        };
        let (&Some(start), &Some(end)) = (start, end) else {
            return Err(fault("which cuts a character in two"));
        };
        let span = Span::new(start, end);
        if let Some(words) = mark.words
            && words != span.of(self.whole)
        {
            return Err(Reason::Quotation {
                field: mark.field.to_owned(),
                quoted: quoted(words),
                found: quoted(span.of(self.whole)),
            });
        }
        let known = outputs::token_outputs();
        let output = outputs::of_span(mark.label, &known)
            .ok_or_else(|| Reason::unknown(mark.field.to_owned(), mark.label, &known))?;
        Ok(GoldSpan {
            span,
            output: output.to_owned(),
        })
    }

    /// The document of this text. What was looked for in it follows from the marks of the
    /// whole file, as in simple files of users.
    pub(super) fn draft(&self, corpus: &str, id: String, spans: Vec<GoldSpan>) -> Draft {
        own::marked(corpus, id, self.whole, spans)
    }
}
