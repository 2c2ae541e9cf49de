//! Hides from the engine what would mislead it, without moving a byte.
//!
//! The engine never cuts inside balanced quotation marks, and reads a line break as a
//! new paragraph. Here a quotation may hold several sentences, and a block is one
//! paragraph. So both become spaces of the same length in bytes: an offset into the
//! masked text is an offset into the text.

use super::words::is_opener;

/// The engine looks back from every terminator to the last white space. A run without any
/// is broken once in so many bytes, so that the looking back stays linear.
const LONGEST_RUN: usize = 1024;

/// The text with quotation marks and line breaks replaced by spaces of equal length.
pub(super) fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut before = ' ';
    let mut run = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        if hides(before, c, after) || breaks_run(run, c) {
            masked.push_str(space_of_length(c));
            run = 0;
        } else {
            masked.push(c);
            run = if c.is_whitespace() {
                0
            } else {
                run + c.len_utf8()
            };
        }
        before = c;
    }
    masked
}

fn hides(before: char, c: char, after: char) -> bool {
    match c {
        '\n' | '\r' | '"' | '“' | '”' | '„' | '«' | '»' | '‹' | '›' | '‘' | '<' | '>' => {
            true
        }
        '’' | '\'' => is_quotation_mark(before, after),
        _ => false,
    }
}

/// Whether an apostrophe-like mark between two characters quotes. Inside a word it is an
/// apostrophe; after a letter it may close a quotation or mark a genitive (`the ministers’
/// plan`), and is left alone.
fn is_quotation_mark(before: char, after: char) -> bool {
    let inside_word = before.is_alphanumeric() && after.is_alphanumeric();
    !inside_word
        && (before.is_whitespace()
            || is_opener(before)
            || matches!(before, '.' | '!' | '?' | ',' | '…' | ')'))
}

/// Whether a run of so many bytes ends with `c`: at a letter or digit where there is one,
/// so that no terminator is lost.
fn breaks_run(run: usize, c: char) -> bool {
    run > LONGEST_RUN && (c.is_alphanumeric() || run > 2 * LONGEST_RUN)
}

/// White space of as many bytes as `c`.
fn space_of_length(c: char) -> &'static str {
    match c.len_utf8() {
        1 => " ",
        2 => "\u{a0}",
        3 => "\u{2003}",
        _ => "\u{a0}\u{a0}",
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_RUN, mask};

    #[test]
    fn quotation_marks_become_spaces_and_apostrophes_stay() {
        let cases = [
            ("“It fell.” He left", "\u{2003}It fell.\u{2003} He left"),
            ("\"Why?\" she\nasked", " Why?  she asked"),
            ("«Ça»", "\u{a0}Ça\u{a0}"),
            ("It’s the ministers’ plan", "It’s the ministers’ plan"),
            ("he said: 'No.' Then", "he said:  No.  Then"),
            ("the ‘new’ port", "the \u{2003}new’ port"),
        ];
        for (text, expected) in cases {
            assert_eq!(mask(text), expected);
            assert_eq!(mask(text).len(), text.len());
        }
    }

    #[test]
    fn an_endless_word_is_broken() {
        for text in ["A!é?", "(!)", "𝐀!", "𝄞?"].map(|unit| unit.repeat(5000)) {
            let masked = mask(&text);
            assert_eq!(masked.len(), text.len());
            assert!(
                masked
                    .split_whitespace()
                    .all(|word| word.len() <= 2 * LONGEST_RUN + 4)
            );
        }
    }
}
