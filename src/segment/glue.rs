//! Sentences with no space between them: `It fell.Then it rose.`
//!
//! Common where paragraphs were run together, and the engine does not always see it. A
//! word must end before the full stop and another begin after it, and the whole must not
//! look like an address.

use super::add::{Addition, Cut, Find};
use super::words::{is_abbreviation, last_run};

/// Cuts a full stop that two words are glued to.
pub(super) const GLUED: Addition = Addition {
    name: "glued",
    find: Find::InText(find),
    cases: &[
        "The port closed in 1998.|In 2004 it was sold.",
        "“It fell.”|Then it rose.",
        "The port fell (again).|Then it rose.",
        "Trade fell by 4%.|Ships left.",
        "See www.Port.Tal for that.",
        "Write to ana@port.Tal for that.",
        "It met on Nov.Then it left.",
    ],
};

fn find(text: &str) -> Vec<Cut> {
    let bytes = text.as_bytes();
    let mut cuts = Vec::new();
    let mut from = 0;
    while let Some(found) = bytes[from..].iter().position(|&b| is_terminator(b)) {
        let at = from + found;
        let marks = bytes[at..]
            .iter()
            .take_while(|&&b| is_terminator(b))
            .count();
        from = at + marks;
        let rest = &text[from..];
        let next = rest.trim_start_matches(['"', '”', '’', ')']);
        if ends_word(&text[..at]) && begins_word(next) {
            let end = text.len() - next.len();
            if !is_address_or_abbreviation(last_run(&text[..end])) {
                cuts.push(Cut::proposed(end));
            }
        }
    }
    cuts
}

fn is_terminator(byte: u8) -> bool {
    matches!(byte, b'.' | b'!' | b'?')
}

/// Two small letters, a year, a bracket after a small letter, a per cent sign.
fn ends_word(left: &str) -> bool {
    match left.as_bytes() {
        [.., b'%'] => true,
        [.., letter, b')'] => letter.is_ascii_lowercase(),
        [.., a, b] if a.is_ascii_lowercase() && b.is_ascii_lowercase() => true,
        [.., a, b, c, d] => [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

/// A capitalised word and the end, white space, a comma or an apostrophe.
fn begins_word(right: &str) -> bool {
    let Some(rest) = right.strip_prefix(|c: char| c.is_ascii_uppercase()) else {
        return false;
    };
    let after = rest.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let ended = |c: char| c.is_whitespace() || matches!(c, ',' | '\'' | '’');
    after.len() < rest.len() && (after.is_empty() || after.starts_with(ended))
}

fn is_address_or_abbreviation(run: &str) -> bool {
    let word = run
        .trim_end_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    run.contains("://")
        || run.contains('@')
        || run.contains("www")
        || word.contains('.')
        || word.len() < 3
        || is_abbreviation(&word)
}
