//! Comments of a Markdown source that speak to rhetor: `<!-- rhetor: … -->`.
//!
//! They leave no trace in the clean text. A comment speaks of the block that begins after it;
//! what it says is read elsewhere (`analyze`).

use super::draft::Draft;
use crate::document::{Comment, Target};
use crate::span::Span;

const OPEN: &str = "<!--";
const CLOSE: &str = "-->";
const NAME: &str = "rhetor:";

/// A comment before it is known what it speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    source: Span,
    text: String,
}

/// The comments to rhetor in a piece of HTML at `at` of the source.
pub(super) fn marks(source: &str, at: Span) -> Vec<Mark> {
    let html = at.of(source);
    let mut marks = Vec::new();
    let mut from = 0;
    while let Some(start) = html[from..].find(OPEN).map(|start| from + start) {
        let inner = start + OPEN.len();
        let Some(length) = html[inner..].find(CLOSE) else {
            break;
        };
        from = inner + length + CLOSE.len();
        if let Some(text) = html[inner..inner + length].trim().strip_prefix(NAME) {
            marks.push(Mark {
                source: Span::new(start, from).shifted(at.start),
                text: text.trim().to_owned(),
            });
        }
    }
    marks
}

/// The comments with what they speak of.
pub(super) fn aimed(marks: Vec<Mark>, drafts: &[Draft]) -> Vec<Comment> {
    if marks.is_empty() {
        return Vec::new();
    }
    let places: Vec<Span> = drafts.iter().map(Draft::source).collect();
    let aim = |mark: &Mark| {
        if places.iter().any(|place| place.contains(mark.source)) {
            return Target::Inside;
        }
        let after = places.iter().enumerate();
        let after = after.filter(|(_, place)| place.start >= mark.source.end);
        after
            .min_by_key(|(_, place)| place.start)
            .map_or(Target::Nothing, |(block, _)| Target::Block(block))
    };
    marks
        .into_iter()
        .map(|mark| Comment {
            target: aim(&mark),
            source: mark.source,
            text: mark.text,
        })
        .collect()
}
