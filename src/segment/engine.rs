//! The `sentencex` engine, fed in pieces of bounded length.
//!
//! The engine compares quotation marks and brackets of a paragraph with each other, which
//! takes the square of their number. Blocks of prose are short; a block of megabytes is
//! read in windows, each beginning where the engine last saw a sentence begin.

use super::words::head;

/// The longest text the engine is given at once, in bytes. Longer than nearly every
/// paragraph: 50 of 145,000 lines of news pass it.
const WINDOW: usize = 4096;

/// How far the engine looks past a terminator, with room to spare. Boundaries nearer to
/// the end of a window are left to the next.
const LOOKAHEAD: usize = 64;

/// Where sentences of the masked text end, white space after them left out, ascending.
/// The end of the text is among them.
pub(super) fn ends(masked: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut from = 0;
    loop {
        let window = head(&masked[from..], WINDOW);
        let sentences = sentencex::get_sentence_boundaries("en", window);
        let complete = from + window.len() == masked.len();
        let known = if complete {
            window.len()
        } else {
            window.len() - LOOKAHEAD
        };
        let mut begins = 0;
        for sentence in &sentences {
            if sentence.end_byte <= known {
                ends.push(from + sentence.start_byte + sentence.text.trim_end().len());
                begins = sentence.end_byte;
            }
        }
        if complete {
            return ends;
        }
        from += resume(window, begins);
    }
}

/// Where the next window begins, when the last sentence of this one begins at `begins`:
/// one word before it, since the engine takes the beginning of a text for that of a line
/// and looks for list items there. In a sentence without end, at its last white space.
fn resume(window: &str, begins: usize) -> usize {
    let before = |at: usize| {
        window[..at]
            .trim_end()
            .rfind(char::is_whitespace)
            .filter(|&at| at >= WINDOW / 2)
    };
    before(begins)
        .or_else(|| before(window.len()))
        .unwrap_or(window.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_do_not_show() {
        let sentence = "The port of Tal, which Dr. A. Mirov opened in Nov. 1998, is closed. ";
        let text = sentence.repeat(400);
        let expected: Vec<usize> = (1..=400).map(|n| n * sentence.len() - 1).collect();
        let mut found = ends(&text);
        found.dedup();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_sentence_without_end_is_read_through() {
        for unit in ["port ", "port", "é"] {
            let text = unit.repeat(10_000);
            assert!(ends(&text).contains(&text.trim_end().len()));
        }
    }
}
