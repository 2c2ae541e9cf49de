//! Blocks on their way into a document.
//!
//! A format reader fills [`Draft`]s; [`mend`] joins paragraphs that a page break cut in
//! two; [`lay_out`] puts them one after the other.

use super::comments::{self, Mark};
use crate::document::{Block, Document, Link, Role, SourceMap};
use crate::span::Span;

/// What the markup says of a block; its role is decided later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Heading,
    Paragraph,
    Quote,
    ListItem,
    Caption,
    /// Code, front matter: not prose.
    Data,
}

/// A block: its clean text with, for every piece, the source it came from.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub kind: Kind,
    pub text: String,
    /// Clean and source range of each piece, in order.
    pieces: Vec<(Span, Span)>,
    pub breaks: Vec<usize>,
    pub links: Vec<Link>,
}

impl Draft {
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            text: String::new(),
            pieces: Vec::new(),
            breaks: Vec::new(),
            links: Vec::new(),
        }
    }

    /// Adds text that stands for `source`: byte for byte where both have one length.
    pub fn push(&mut self, text: &str, source: Span) {
        let start = self.text.len();
        self.text.push_str(text);
        if !text.is_empty() {
            self.pieces
                .push((Span::new(start, self.text.len()), source));
        }
    }

    /// Ends the line: no sentence runs on from here.
    pub fn hard_break(&mut self, source: Span) {
        self.push("\n", source);
        self.breaks.push(self.text.len());
    }

    /// Adds a space that stands for nothing in the source.
    fn push_joint(&mut self) {
        self.text.push(' ');
    }

    /// From the first byte of the source that it came from to the last.
    pub fn source(&self) -> Span {
        let starts = self.pieces.iter().map(|(_, source)| source.start);
        let ends = self.pieces.iter().map(|(_, source)| source.end);
        Span::new(starts.min().unwrap_or(0), ends.max().unwrap_or(0))
    }

    fn append(&mut self, other: Self) {
        let by = self.text.len();
        self.text.push_str(&other.text);
        self.pieces.extend(
            other
                .pieces
                .iter()
                .map(|&(clean, source)| (clean.shifted(by), source)),
        );
        self.breaks.extend(other.breaks.iter().map(|&at| at + by));
        self.links.extend(other.links.into_iter().map(|link| Link {
            span: link.span.shifted(by),
            ..link
        }));
    }

    /// The same block without white space at its ends.
    fn trimmed(mut self) -> Self {
        let kept = Span::new(0, self.text.len()).trimmed(&self.text);
        if kept.len() == self.text.len() {
            return self;
        }
        let cut = |span: Span| {
            let start = span.start.clamp(kept.start, kept.end);
            Span::new(start, span.end.clamp(start, kept.end))
        };
        self.pieces.retain(|(clean, _)| clean.overlaps(kept));
        for (clean, source) in &mut self.pieces {
            let inside = cut(*clean);
            if clean.len() == source.len() {
                let start = source.start + (inside.start - clean.start);
                *source = Span::new(start, start + inside.len());
            }
            *clean = Span::new(inside.start - kept.start, inside.end - kept.start);
        }
        self.breaks
            .retain(|at| (kept.start + 1..kept.end).contains(at));
        for at in &mut self.breaks {
            *at -= kept.start;
        }
        for link in &mut self.links {
            let inside = cut(link.span);
            link.span = Span::new(inside.start - kept.start, inside.end - kept.start);
        }
        self.text = kept.of(&self.text).to_owned();
        self
    }
}

/// The drafts that hold more than white space, without white space at their ends.
pub(super) fn cleaned(drafts: Vec<Draft>) -> Vec<Draft> {
    drafts
        .into_iter()
        .map(Draft::trimmed)
        .filter(|draft| !draft.text.is_empty())
        .collect()
}

/// Joins body paragraphs that were one before a page broke them: the first ends in a
/// letter, digit, comma or hyphen, and the next goes on in lower case.
pub(super) fn mend(drafts: Vec<Draft>, roles: Vec<Role>) -> (Vec<Draft>, Vec<Role>) {
    let mut mended: Vec<Draft> = Vec::with_capacity(drafts.len());
    let mut kept: Vec<Role> = Vec::with_capacity(roles.len());
    for (draft, role) in drafts.into_iter().zip(roles) {
        let prose = |kind: Kind, role: Role| kind == Kind::Paragraph && role == Role::Body;
        if let (Some(last), Some(&last_role)) = (mended.last_mut(), kept.last())
            && prose(last.kind, last_role)
            && prose(draft.kind, role)
            && goes_on(&last.text, &draft.text)
        {
            last.push_joint();
            last.append(draft);
        } else {
            mended.push(draft);
            kept.push(role);
        }
    }
    (mended, kept)
}

fn goes_on(left: &str, right: &str) -> bool {
    let open = left
        .chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || matches!(c, ',' | '-'));
    let right = right.trim_start_matches(['"', '“', '‘', '\'']);
    open && right.starts_with(char::is_lowercase)
}

/// The document of these blocks, with the comments that speak of them.
pub(super) fn lay_out(
    source: String,
    drafts: Vec<Draft>,
    marks: Vec<Mark>,
    roles: &[Role],
) -> Document {
    let comments = comments::aimed(marks, &drafts);
    let mut text = String::with_capacity(source.len());
    let mut map = SourceMap::default();
    let mut blocks = Vec::with_capacity(drafts.len());
    let mut links = Vec::new();
    for (draft, &role) in drafts.into_iter().zip(roles) {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(&draft.text);
        for (clean, source) in draft.pieces {
            map.push(clean.shifted(start), source);
        }
        links.extend(
            draft
                .links
                .into_iter()
                .filter(|link| !link.span.is_empty())
                .map(|link| Link {
                    span: link.span.shifted(start),
                    ..link
                }),
        );
        blocks.push(Block {
            role,
            span: Span::new(start, text.len()),
            breaks: draft.breaks.iter().map(|at| at + start).collect(),
        });
    }
    Document {
        source,
        text,
        blocks,
        links,
        comments,
        map,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_break_is_mended_only_in_mid_sentence() {
        for (left, right, joined) in [
            ("he is on the wanted", "list for crimes", true),
            ("the problem, saying", "\"we would like it\"", true),
            ("in 2009,", "and again", true),
            ("It ended.", "and again", false),
            ("He said:", "we stay", false),
            ("the wanted", "List of names", false),
        ] {
            assert_eq!(goes_on(left, right), joined, "{left:?} {right:?}");
        }
    }

    #[test]
    fn trimming_moves_everything_along() {
        let mut draft = Draft::new(Kind::Paragraph);
        draft.push("  a", Span::new(10, 13));
        draft.hard_break(Span::new(13, 16));
        draft.push("b  ", Span::new(16, 19));
        let draft = draft.trimmed();
        assert_eq!(draft.text, "a\nb");
        assert_eq!(draft.breaks, [2]);
        let document = lay_out("x".repeat(20), vec![draft], Vec::new(), &[Role::Body]);
        assert_eq!(
            document.map.to_source(Span::new(0, 1)),
            Some(Span::new(12, 13))
        );
        assert_eq!(
            document.map.to_source(Span::new(0, 3)),
            Some(Span::new(12, 17))
        );
    }
}
