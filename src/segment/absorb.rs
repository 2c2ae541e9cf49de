//! Moves a cut over what still belongs to the sentence before it.
//!
//! The engine saw spaces where the quotation marks are ([`mask`](super::mask)), so its
//! cut stands right after the full stop. Closing marks and citations that follow go to
//! the sentence they close; what opens the next one stays with the next.

use super::passage::Passage;
use super::place::without_closers;
use super::words::{CITATIONS, is_closer, tail};

/// A square bracket longer than this is text, not a citation.
const LONGEST_CITATION: usize = 64;

/// The end of the sentence that begins at `start` and was cut at `at`.
pub(super) fn absorb(passage: &Passage, start: usize, mut at: usize) -> usize {
    while let Some(length) = mark(passage, start, at).or_else(|| citation(&passage.text[at..])) {
        at += length;
    }
    at
}

/// The bytes of the closing mark or further terminator at `at`, with white space before
/// it where the mark is spaced.
fn mark(passage: &Passage, start: usize, at: usize) -> Option<usize> {
    let rest = &passage.text[at..];
    let c = rest.chars().next()?;
    let length = c.len_utf8();
    if c.is_whitespace() {
        spaced_quote(passage, start, at)
    } else if is_closer(c) || matches!(c, '.' | '!' | '?' | '…') {
        let opens_word = rest[length..].starts_with(char::is_alphanumeric);
        let ambiguous = matches!(c, '"' | '\'' | '*' | '_' | '’');
        (!(ambiguous && opens_word) || closes_glued(passage, start, at)).then_some(length)
    } else {
        None
    }
}

/// Whether the mark at `at`, though a word is glued to it, is a straight quotation mark
/// that closes: one is open and the mark follows without a space.
fn closes_glued(passage: &Passage, start: usize, at: usize) -> bool {
    passage.text[at..].starts_with('"')
        && passage.leaves_quote_open(start, at)
        && !passage.text[..at].ends_with(char::is_whitespace)
}

/// A closing quotation mark set apart by spaces: `It fell. " Then`.
fn spaced_quote(passage: &Passage, start: usize, at: usize) -> Option<usize> {
    let rest = &passage.text[at..];
    let mark = rest.trim_start();
    let after = mark.strip_prefix(['"', '”'])?;
    let stands_alone = after.is_empty() || after.starts_with(char::is_whitespace);
    let closes = mark.starts_with('”') || passage.leaves_quote_open(start, at);
    (stands_alone && closes).then_some(rest.len() - after.len())
}

/// The bytes of the citation that `rest` begins with: `[3]`, ` [citation needed]`.
fn citation(rest: &str) -> Option<usize> {
    let bracket = rest.trim_start().strip_prefix('[')?;
    let inner = bracket
        .bytes()
        .take(LONGEST_CITATION)
        .position(|b| b == b']')?;
    is_citation(&bracket[..inner]).then_some(rest.len() - bracket.len() + inner + 1)
}

/// The text without the closers, white space and citations at its end.
pub(super) fn without_citations(text: &str) -> &str {
    let core = without_closers(text);
    let Some(bracket) = text[core.len()..].find(']') else {
        return core;
    };
    let Some(open) = tail(core, LONGEST_CITATION).rfind('[') else {
        return core;
    };
    let open = core.len() - tail(core, LONGEST_CITATION).len() + open;
    if is_citation(&text[open + 1..core.len() + bracket]) {
        without_citations(&text[..open])
    } else {
        core
    }
}

/// Whether what stands in square brackets is a citation or an editor's note: a number of
/// up to three digits, a small letter, a word with a number (`note 3`) or a known note.
fn is_citation(inner: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let small = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase());
    CITATIONS.contains(&inner)
        || inner.starts_with("dubious")
        || (digits(inner) && inner.len() <= 3)
        || (small(inner) && inner.len() == 1)
        || inner
            .split_once(' ')
            .is_some_and(|(word, number)| small(word) && digits(number))
}

#[cfg(test)]
mod tests {
    use super::super::{cases::assert_cut, segment};
    use super::*;

    const CLOSERS: &[&str] = &[
        "“It fell.”| Then it rose.",
        "(It fell.)| Then it rose.",
        "He said “it fell.”| They left.",
        "\"It fell!\"| Nobody came.",
        "*It fell.*| Then it rose.",
        "It fell....| Then it rose.",
        "It fell.| “Then it rose.”",
        "It fell.| (Then it rose.)",
        "It fell.| *Then* it rose.",
    ];

    const SPACED_QUOTES: &[&str] = &[
        "He said \" it fell. \"| Then it rose.",
        "It fell. ”| Then it rose.",
        "It fell.| \" Then it rose. \"",
    ];

    const GLUED_QUOTES: &[&str] = &[
        "He said \"it fell.\"|Then it rose.",
        "It fell.| \"Then\" it rose.",
    ];

    const CITED: &[&str] = &[
        "It fell.[3]| Then it rose.",
        "It fell. [3][4]| Then it rose.",
        "It fell.[citation needed]| Then it rose.",
        "It fell.” [note 2]| Then it rose.",
        "It fell.| [Then] it rose.",
        "It fell.| [Applause all over the hall.]",
    ];

    #[test]
    fn cuts_move_over_what_closes_the_sentence() {
        for (rule, cases) in [
            ("closers", CLOSERS),
            ("spaced quotes", SPACED_QUOTES),
            ("glued quotes", GLUED_QUOTES),
            ("citations", CITED),
        ] {
            for case in cases {
                assert_cut(rule, case, segment);
            }
        }
    }

    #[test]
    fn citations_are_told_from_text_in_brackets() {
        for inner in ["3", "217", "b", "note 4", "sic", "…", "dubious – discuss"] {
            assert!(is_citation(inner), "{inner}");
        }
        for inner in ["", "1984", "he", "Then", "the minister", "note"] {
            assert!(!is_citation(inner), "{inner}");
        }
    }

    #[test]
    fn citations_are_taken_off_the_end_only() {
        let cases = [
            ("It fell.[3]", "It fell."),
            ("It fell.” [3][4]", "It fell."),
            ("It [sic] fell.”", "It [sic] fell."),
            ("It fell [today]", "It fell [today"),
            ("[1]", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(without_citations(text), expected);
        }
    }
}
