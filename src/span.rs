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

    /// How many bytes the two spans share.
    #[must_use]
    pub fn shared(self, other: Self) -> usize {
        let end = self.end.min(other.end);
        end.saturating_sub(self.start.max(other.start))
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

/// The part of an ordered list of spans that shares bytes with `span`.
#[must_use]
pub(crate) fn within(spans: &[Span], span: Span) -> &[Span] {
    let from = spans.partition_point(|s| s.end <= span.start);
    let to = spans.partition_point(|s| s.start < span.end);
    &spans[from..to.max(from)]
}

/// Resolves byte offsets of one text to code points, UTF-16 units, lines and columns.
///
/// Built in one pass; each lookup reads at most 256 bytes.
#[derive(Debug)]
pub struct Positions<'t> {
    text: &'t str,
    /// (code points, UTF-16 units) before the first character at or after each multiple
    /// of `STEP`.
    counts: Vec<(usize, usize)>,
    /// First byte of each line; a line ends with `\n`.
    lines: Vec<usize>,
}

impl<'t> Positions<'t> {
    const STEP: usize = 256;

    /// Reads the text once.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let mut counts = Vec::with_capacity(text.len() / Self::STEP + 1);
        let mut lines = vec![0];
        let (mut chars, mut utf16) = (0, 0);
        for (at, c) in text.char_indices() {
            while counts.len() * Self::STEP <= at {
                counts.push((chars, utf16));
            }
            chars += 1;
            utf16 += c.len_utf16();
            if c == '\n' {
                lines.push(at + 1);
            }
        }
        while counts.len() * Self::STEP <= text.len() {
            counts.push((chars, utf16));
        }
        Self {
            text,
            counts,
            lines,
        }
    }

    /// (code points, UTF-16 units) before the byte offset, which lies on a character
    /// boundary.
    #[must_use]
    pub fn units(&self, byte: usize) -> (usize, usize) {
        let block = byte / Self::STEP;
        let (mut chars, mut utf16) = self.counts[block];
        let from = self.text.ceil_char_boundary(block * Self::STEP);
        for c in self.text[from..byte.max(from)].chars() {
            chars += 1;
            utf16 += c.len_utf16();
        }
        (chars, utf16)
    }

    /// Line and column of a byte offset, both from 1, the column in code points.
    #[must_use]
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|&start| start <= byte);
        let column = self.units(byte).0 - self.units(self.lines[line - 1]).0;
        (line, column + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_agree_with_counting_from_the_start() {
        let line = "é𝄞 harbour, “quoted”\r\n";
        let text = format!("\u{feff}{}", line.repeat(60));
        let positions = Positions::new(&text);
        for (byte, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let before = &text[..byte];
            assert_eq!(
                positions.units(byte),
                (before.chars().count(), before.encode_utf16().count()),
                "at byte {byte}"
            );
            let start = before.rfind('\n').map_or(0, |i| i + 1);
            assert_eq!(
                positions.line_column(byte),
                (
                    before.matches('\n').count() + 1,
                    before[start..].chars().count() + 1
                ),
                "at byte {byte}"
            );
        }
    }

    #[test]
    fn trimming_keeps_the_span_inside() {
        let text = "  a b \n";
        assert_eq!(Span::new(0, text.len()).trimmed(text), Span::new(2, 5));
        assert!(Span::new(0, 2).trimmed(text).is_empty());
    }
}
