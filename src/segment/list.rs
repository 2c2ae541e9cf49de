//! Lists inside a paragraph: `1. Close the port. 2. Sell the ships.`
//!
//! One number before a capital may be anything; two that count up are a list, and every
//! item is a sentence of its own.

use super::add::{Addition, Cut, Find};

/// Cuts before the items of a list that counts up from 1 or a, or that begins the text.
pub(super) const INLINE_LIST: Addition = Addition {
    name: "inline-list",
    find: Find::InText(find),
    cases: &[
        "The plan:| 1. Close the port| 2. Sell the ships",
        "a) Close the port| b) Sell the ships",
        "• 7. Close the port| • 8. Sell the ships",
        "They want (1) Closure of the port, or less",
    ],
};

/// A number or letter before a capitalised word.
struct Marker {
    /// Where the text before it ends.
    before: usize,
    /// The number, or the place of the letter in the alphabet.
    value: u32,
    /// Whether it is a number.
    numeric: bool,
}

impl Marker {
    fn is_followed_by(&self, next: &Self) -> bool {
        next.value == self.value + 1 && next.numeric == self.numeric
    }
}

fn find(text: &str) -> Vec<Cut> {
    let markers = markers(text);
    markers
        .chunk_by(Marker::is_followed_by)
        .filter(|list| list.len() > 1 && (list[0].value == 1 || list[0].before == 0))
        .flatten()
        .filter(|marker| marker.before > 0)
        .map(|marker| Cut {
            at: marker.before,
            sure: true,
        })
        .collect()
}

fn markers(text: &str) -> Vec<Marker> {
    let mut markers = Vec::new();
    let mut rest = text;
    let mut before = 0;
    loop {
        rest = rest.trim_start();
        if let Some((value, numeric, after)) = marker(rest) {
            markers.push(Marker {
                before,
                value,
                numeric,
            });
            rest = after;
        }
        let Some(word) = rest.find(char::is_whitespace) else {
            return markers;
        };
        rest = &rest[word..];
        before = text.len() - rest.len();
    }
}

/// The value of the marker that `text` begins with, whether it is a number, and the word
/// after it.
fn marker(text: &str) -> Option<(u32, bool, &str)> {
    let bullet = text
        .strip_prefix(['•', '⁃', '●', '▪', '◦', '*', '–', '-'])
        .unwrap_or(text);
    let spaced = bullet.strip_prefix(char::is_whitespace).unwrap_or(bullet);
    let label = spaced.strip_prefix('(').unwrap_or(spaced);
    let (value, numeric, closer) = match label.as_bytes() {
        [a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit() => {
            (digit(*a) * 10 + digit(*b), true, &label[2..])
        }
        [a, ..] if a.is_ascii_digit() => (digit(*a), true, &label[1..]),
        [a, ..] if a.is_ascii_lowercase() => (u32::from(a - b'a') + 1, false, &label[1..]),
        _ => return None,
    };
    let after = closer
        .strip_prefix(".)")
        .or_else(|| closer.strip_prefix(['.', ')']))?;
    let word = after.trim_start();
    let begins = word.trim_start_matches(['"', '“', '‘', '(']);
    (word.len() < after.len() && begins.starts_with(|c: char| c.is_ascii_uppercase()))
        .then_some((value, numeric, word))
}

fn digit(byte: u8) -> u32 {
    u32::from(byte - b'0')
}
