//! What the rules ask about a block as a whole, each answer found once.
//!
//! A rule that counted quotation marks or looked for a letter from every cut would read
//! the text as often as it has cuts.

use std::cell::OnceCell;

use super::words::CARELESS;

/// A block of text and the facts about it.
pub(super) struct Passage<'t> {
    /// The text as it was given.
    pub(super) text: &'t str,
    /// Its length without white space at the end.
    end: usize,
    /// Where its last letter or digit begins.
    last_alphanumeric: Option<usize>,
    /// Where its straight double quotation marks are.
    straight_quotes: Vec<usize>,
    informal: OnceCell<bool>,
}

impl<'t> Passage<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            end: text.trim_end().len(),
            last_alphanumeric: text.rfind(char::is_alphanumeric),
            straight_quotes: text.match_indices('"').map(|(at, _)| at).collect(),
            informal: OnceCell::new(),
        }
    }

    /// The length of the text without white space at its end.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Whether a letter or digit follows `at`.
    pub(super) fn has_words_after(&self, at: usize) -> bool {
        self.last_alphanumeric.is_some_and(|last| last >= at)
    }

    /// Whether `start..end` opens a straight double quotation mark that it does not close.
    pub(super) fn leaves_quote_open(&self, start: usize, end: usize) -> bool {
        let before = |at: usize| self.straight_quotes.partition_point(|&quote| quote < at);
        (before(end) - before(start)) % 2 == 1
    }

    /// Whether the writer does not care for capitals, so that a small letter may begin a
    /// sentence.
    pub(super) fn is_informal(&self) -> bool {
        *self.informal.get_or_init(|| {
            self.text.trim_start().starts_with(char::is_lowercase)
                || self
                    .text
                    .split_whitespace()
                    .any(|word| CARELESS.contains(&word))
                || begins_small_twice(self.text)
        })
    }
}

/// Whether two full stops in a row are followed by a small letter: `it fell. then it
/// rose. then`. One may be an abbreviation that nobody lists.
fn begins_small_twice(text: &str) -> bool {
    let small = |c: char| c.is_ascii_lowercase();
    let mut first = false;
    for (at, _) in text.match_indices('.') {
        let rest = &text[at + 1..];
        let next = rest.trim_start();
        let spaced = next.len() < rest.len();
        if first && spaced && next.starts_with(small) {
            return true;
        }
        first = spaced
            && text[..at]
                .chars()
                .rev()
                .take(2)
                .filter(|&c| small(c))
                .count()
                == 2
            && next.chars().take(2).filter(|&c| small(c)).count() == 2;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn informal_text_is_told_by_its_spelling() {
        for text in [
            "the port closed. Then it rained.",
            "Well lol it closed.",
            "It closed early. then it rained hard. nobody came.",
        ] {
            assert!(Passage::new(text).is_informal(), "{text}");
        }
        for text in [
            "The port closed. Then it rained.",
            "Tal Corp. sold it. They left.",
            "At 9 a.m. on May 3, approx. two ships left.",
        ] {
            assert!(!Passage::new(text).is_informal(), "{text}");
        }
    }

    #[test]
    fn quotation_marks_are_counted_within_the_range() {
        let passage = Passage::new("\"a\" \"b");
        assert!(passage.leaves_quote_open(0, 2));
        assert!(!passage.leaves_quote_open(0, 3));
        assert!(passage.leaves_quote_open(3, 6));
    }
}
