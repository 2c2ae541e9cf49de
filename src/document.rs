//! A document after ingestion: clean text, its blocks, and the way back to the source.
//!
//! Ingestion strips markup and keeps, for every byte of the clean text, the byte of
//! the source it came from ([`SourceMap`]). Everything after ingestion speaks of the
//! clean text; only reports go back to the source.

use serde::{Deserialize, Serialize};

use crate::span::Span;

/// What a block of text is in its article. Decides which findings it can bear:
/// see [`Role::scored`] and [`Role::bears_sourcing_gaps`].
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The headline of the article.
    Title,
    /// A section heading.
    Heading,
    /// Running prose in the author's article.
    Body,
    /// A block quotation.
    Quote,
    /// An entry of a list.
    ListItem,
    /// The text under or about a picture.
    Caption,
    /// Who wrote the article.
    Byline,
    /// Where and when it was published.
    Dateline,
    /// Tags, regions, themes and other facts about the article.
    Metadata,
    /// Disclaimers, copyright, membership and comment lines.
    Boilerplate,
}

impl Role {
    /// Whether the encoder scores sentences of this role at all.
    #[must_use]
    pub fn scored(self) -> bool {
        !matches!(
            self,
            Self::Byline | Self::Dateline | Self::Metadata | Self::Boilerplate
        )
    }

    /// Whether sentences of this role can bear sourcing gaps: only running prose can.
    #[must_use]
    pub fn bears_sourcing_gaps(self) -> bool {
        self == Self::Body
    }

    /// The name used in reports, as in the wire format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Heading => "heading",
            Self::Body => "body",
            Self::Quote => "quote",
            Self::ListItem => "list-item",
            Self::Caption => "caption",
            Self::Byline => "byline",
            Self::Dateline => "dateline",
            Self::Metadata => "metadata",
            Self::Boilerplate => "boilerplate",
        }
    }
}

/// A paragraph, heading, list item, …: the unit that is cut into sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What the block is in its article.
    pub role: Role,
    /// Its bytes in the clean text, without surrounding white space.
    pub span: Span,
    /// Hard line breaks inside the block, as byte offsets into the clean text: a
    /// sentence never runs over one. Ascending, strictly inside `span`.
    pub breaks: Vec<usize>,
}

/// A link in the clean text. A link is evidence that a claim has a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The linked words in the clean text.
    pub span: Span,
    /// Where the link points, as written in the source.
    pub target: String,
}

/// A comment of the source that speaks to rhetor, `<!-- rhetor: … -->`. It is no part of the
/// clean text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Where it stands in the source.
    pub source: Span,
    /// What it says after `rhetor:`, trimmed.
    pub text: String,
    /// What it speaks of.
    pub target: Target,
}

/// What a comment speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The next block of the source: an index into [`Document::blocks`].
    Block(usize),
    /// Nothing, since it stands in the middle of a block.
    Inside,
    /// Nothing, since no block comes after it.
    Nothing,
}

/// One sentence of a document: the unit that is scored and reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Position in the document, from 0, boilerplate included.
    pub index: usize,
    /// The role of its block.
    pub role: Role,
    /// Index of its block in [`Document::blocks`].
    pub block: usize,
    /// Its bytes in the clean text.
    pub span: Span,
    /// Its bytes in the source; `None` where the map cannot tell.
    pub source: Option<Span>,
}

/// A text that has been read, cleaned and cut into blocks.
#[derive(Debug, Clone)]
pub struct Document {
    /// The source as it was read: valid UTF-8, a byte-order mark included.
    pub source: String,
    /// The clean text: blocks in source order, separated by `"\n\n"`.
    pub text: String,
    /// The blocks, in order, not overlapping.
    pub blocks: Vec<Block>,
    /// The links, in order.
    pub links: Vec<Link>,
    /// The comments that speak to rhetor, in order.
    pub comments: Vec<Comment>,
    /// From clean text to source.
    pub map: SourceMap,
}

/// One stretch of clean text and the source bytes it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    clean: Span,
    source: Span,
}

impl Run {
    /// Copied byte for byte, so that offsets inside can be translated. Otherwise the
    /// run stands for its source as a whole (an entity, a line break read as a space).
    fn is_verbatim(self) -> bool {
        self.clean.len() == self.source.len()
    }
}

/// The way from clean text back to the source: runs in clean order that came from
/// the source byte for byte, and single characters that stand for a longer or
/// shorter piece of source. Clean text that no run covers (separators that ingestion
/// put in) has no place in the source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap {
    runs: Vec<Run>,
}

impl SourceMap {
    /// Records that `clean` came from `source`. With equal lengths byte stands for byte;
    /// otherwise the whole of `clean` stands for the whole of `source`. Runs are pushed in clean order; neighbours are merged.
    ///
    /// # Panics
    /// When `clean` starts before the end of the last run.
    pub fn push(&mut self, clean: Span, source: Span) {
        if clean.is_empty() {
            return;
        }
        if let Some(last) = self.runs.last_mut() {
            assert!(
                last.clean.end <= clean.start,
                "runs are pushed in clean order"
            );
            let run = Run { clean, source };
            if last.is_verbatim()
                && run.is_verbatim()
                && last.clean.end == clean.start
                && last.source.end == source.start
            {
                last.clean.end = clean.end;
                last.source.end = source.end;
                return;
            }
        }
        self.runs.push(Run { clean, source });
    }

    /// The source bytes from the first to the last character of `clean`, or `None`
    /// when either has no place in the source or the two come from places out of
    /// order. Never guessed.
    #[must_use]
    pub fn to_source(&self, clean: Span) -> Option<Span> {
        if clean.is_empty() {
            return None;
        }
        let first = self.run_at(clean.start)?;
        let last = self.run_at(clean.end - 1)?;
        let start = if first.is_verbatim() {
            first.source.start + (clean.start - first.clean.start)
        } else {
            first.source.start
        };
        let end = if last.is_verbatim() {
            last.source.start + (clean.end - last.clean.start)
        } else {
            last.source.end
        };
        (start <= end).then(|| Span::new(start, end))
    }

    fn run_at(&self, clean: usize) -> Option<Run> {
        let after = self.runs.partition_point(|run| run.clean.start <= clean);
        let run = *self.runs.get(after.checked_sub(1)?)?;
        (clean < run.clean.end).then_some(run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_map_through_markup_and_entities_and_not_through_separators() {
        // source: a **b** &amp; c   clean: a b & c
        let mut map = SourceMap::default();
        map.push(Span::new(0, 2), Span::new(0, 2));
        map.push(Span::new(2, 3), Span::new(4, 5));
        map.push(Span::new(3, 4), Span::new(7, 8));
        map.push(Span::new(4, 5), Span::new(8, 13));
        map.push(Span::new(5, 7), Span::new(13, 15));
        assert_eq!(map.to_source(Span::new(0, 3)), Some(Span::new(0, 5)));
        assert_eq!(map.to_source(Span::new(4, 5)), Some(Span::new(8, 13)));
        assert_eq!(map.to_source(Span::new(2, 7)), Some(Span::new(4, 15)));
        assert_eq!(map.to_source(Span::new(7, 8)), None);
        assert_eq!(map.to_source(Span::new(3, 3)), None);
    }
}
