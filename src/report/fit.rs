//! Text made to fit a terminal: broken into lines, cut short, and freed of what would
//! steer it. Widths are columns, as a terminal counts them.

use textwrap::{Options as Wrap, WordSeparator, WordSplitter, WrapAlgorithm};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::span::Span;

/// The lines of a text that is broken at spaces to fit `width` columns, as spans of it.
pub(super) fn wrap(text: &str, width: usize) -> Vec<Span> {
    let options = Wrap::new(width)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    let mut from = 0;
    textwrap::wrap(text, options)
        .iter()
        .map(|line| {
            // Lines are pieces of the text in order, with white space left out between.
            let start = from + text[from..].find(line.as_ref()).unwrap_or(0);
            from = start + line.len();
            Span::new(start, from)
        })
        .collect()
}

/// At most `width` columns of a text, with an ellipsis in the middle, between words where
/// that costs little.
pub(super) fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = (width - 3) / 2;
    let fitting = |chars: &mut dyn Iterator<Item = char>| {
        let mut used = 0;
        chars
            .take_while(|c| {
                used += c.width().unwrap_or(0);
                used <= room
            })
            .map(char::len_utf8)
            .sum::<usize>()
    };
    let head = &text[..fitting(&mut text.chars())];
    let tail = &text[text.len() - fitting(&mut text.chars().rev())..];
    let head = match head.rfind(' ') {
        Some(space) if space * 3 > head.len() => &head[..space],
        _ => head,
    };
    let tail = match tail.find(' ') {
        Some(space) if space * 2 < tail.len() => &tail[space..],
        _ => tail,
    };
    format!("{} … {}", head.trim_end(), tail.trim_start())
}

/// The text without characters that could steer the terminal: escapes, other controls,
/// and those that turn the direction of writing.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            '\t' => ' ',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_are_pieces_of_the_text() {
        let text = "the the  the harbour, thethethethe and “quoted” the";
        for width in 1..30 {
            let lines = wrap(text, width);
            let mut from = 0;
            for line in lines {
                assert!(text[from..line.start].trim().is_empty(), "width {width}");
                from = line.end;
            }
            assert!(text[from..].trim().is_empty(), "width {width}");
        }
    }

    #[test]
    fn long_evidence_is_cut_in_the_middle() {
        assert_eq!(shorten("short", 10), "short");
        assert_eq!(
            shorten("the traitors of the harbour board", 29),
            "the traitors … harbour board"
        );
    }

    #[test]
    fn nothing_in_the_text_can_steer_the_terminal() {
        assert_eq!(
            printable("a\u{1b}[31mb\u{202e}c\td"),
            "a\u{fffd}[31mb\u{fffd}c d"
        );
    }
}
