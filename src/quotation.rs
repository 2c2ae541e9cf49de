//! Where a block of text is in quotation marks.
//!
//! Direct speech belongs to its speaker, so findings need to know it. Typographic marks
//! say by themselves whether they open or close; a straight `"` opens after a space or a
//! bracket and closes after anything else. Single marks are left alone: in English they
//! are mostly apostrophes.

use crate::span::Span;

/// Fewer words than this in quotation marks are a term or a scare quote, unless an
/// attribution claims them.
pub const SPEECH_WORDS: usize = 4;

/// The quoted stretches of one block, marks left out, as byte ranges of `text`.
///
/// A quotation that opens the block and never closes runs to its end: the next paragraph
/// goes on quoting. Any other unclosed mark is ignored.
#[must_use]
pub fn quotations(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let after = at + c.len_utf8();
        let opens = match c {
            '“' | '„' | '«' => Some(true),
            '”' | '»' => Some(false),
            '"' => Some(before.is_whitespace() || "([{—–-‘'".contains(before)),
            _ => None,
        };
        match (opens, open) {
            // Inside straight marks a mark after a space is a spaced closing one.
            (Some(true), None) => open = Some((at, after)),
            (Some(true), Some(_)) if c == '"' && closes_spaced(text, after) => {
                close(&mut found, &mut open, at, text);
            }
            (Some(false), Some(_)) => close(&mut found, &mut open, at, text),
            _ => {}
        }
        before = c;
    }
    if let Some((mark, start)) = open
        && text[..mark].trim().is_empty()
    {
        found.push(Span::new(start, text.len()).trimmed(text));
    }
    found.retain(|span| !span.is_empty());
    found
}

fn close(found: &mut Vec<Span>, open: &mut Option<(usize, usize)>, at: usize, text: &str) {
    if let Some((_, start)) = open.take() {
        found.push(Span::new(start, at).trimmed(text));
    }
}

fn closes_spaced(text: &str, after: usize) -> bool {
    text[after..]
        .chars()
        .next()
        .is_none_or(|c| c.is_whitespace() || ".,;:!?)".contains(c))
}

/// Whether a quoted stretch is long enough to be speech.
#[must_use]
pub fn is_speech(text: &str, quotation: Span) -> bool {
    quotation
        .of(text)
        .split_whitespace()
        .take(SPEECH_WORDS)
        .count()
        == SPEECH_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_stretches() {
        for (text, expected) in [
            (
                r#""We are thankful," he said. "We will stay.""#,
                vec!["We are thankful,", "We will stay."],
            ),
            ("He called it a “triumph” of will.", vec!["triumph"]),
            (r#"A 6" pipe and a 9" pipe."#, vec![]),
            (
                r#"the inability "to... become independent"."#,
                vec!["to... become independent"],
            ),
            (r#"It was " spaced out " badly."#, vec!["spaced out"]),
            (
                r#""We go on and the paragraph ends"#,
                vec!["We go on and the paragraph ends"],
            ),
            ("They said “we never close", vec![]),
            ("«Nous» and «vous» differ", vec!["Nous", "vous"]),
            ("", vec![]),
        ] {
            let found: Vec<_> = quotations(text).iter().map(|s| s.of(text)).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
