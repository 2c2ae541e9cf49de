//! Half-open byte ranges, and what they are called elsewhere.
//!
//! Inside the library a place in a text is a [`Span`] of bytes. Reports need the
//! same place as code points (Python, brat), UTF-16 units (JavaScript, Java) and
//! line and column (editors); [`Positions`] resolves them, once per document and
//! only when a report is written.

use serde::{Deserialize, Serialize};

/// A half-open range of bytes, `start <= end`, both on character boundaries of the
/// text it belongs to.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default,
)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "a span ends before it starts: {start}..{end}");
        Self { start, end }
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The text that the span covers.
    ///
    /// # Panics
    /// When the span lies outside `text` or cuts a character.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// Whether the two spans share at least one byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The span moved right by `bytes`.
    #[must_use]
    pub fn shifted(self, bytes: usize) -> Self {
        Self::new(self.start + bytes, self.end + bytes)
    }

    /// The span without the white space at both ends of the text it covers.
    #[must_use]
    pub fn trimmed(self, text: &str) -> Self {
        let inner = self.of(text);
        let start = self.start + (inner.len() - inner.trim_start().len());
        Self::new(start, start + inner.trim().len())
    }
}
