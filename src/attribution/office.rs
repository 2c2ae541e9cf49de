//! Who holds an office, as the document itself says: "President Ansel Roke", "Mira Tolland,
//! the harbour master". So that "the president" is somebody.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::kind;

/// The holders of offices that a text names.
#[derive(Debug, Default)]
pub(super) struct Offices<'t> {
    /// By the word that says what the office is, in the order of the text.
    holders: HashMap<String, Vec<Holder<'t>>>,
}

#[derive(Debug, Clone)]
struct Holder<'t> {
    /// Where the text says so.
    at: usize,
    name: &'t str,
    /// What else has a capital beside the office: "Velda", "Estavian".
    of: Vec<&'t str>,
}

/// Words that "leader" may stand for.
const LEADERS: &[&str] = &[
    "leader", "president", "premier", "chancellor", "king", "queen", "emir", "sultan", "chief",
    "head", "general", "dictator", "ruler",
];

/// Titles that stand with a capital before a name.
const TITLES: &[&str] = &[
    "president", "minister", "premier", "chancellor", "king", "queen", "emir", "sultan",
    "governor", "mayor", "general", "colonel", "captain", "ambassador", "secretary", "chairman",
    "chairwoman", "director", "judge", "senator", "professor", "commissioner", "spokesman",
    "spokeswoman", "leader", "chief", "bishop",
];
/// Bytes behind a name in which its office is looked for.
const APPOSITION: usize = 80;

/// Words with capitals in a row.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    let word = r"(?:al-)?\p{Lu}[\p{L}-]*";
    Regex::new(&format!(
        r"{word}(?:\s(?:(?:al|el|de|van|von|bin|ibn|da|di)[\s-])?{word}){{0,4}}"
    ))
    .expect("a constant pattern")
});

impl<'t> Offices<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut offices = Self::default();
        for found in NAME.find_iter(text) {
            offices.titled(found.start(), found.as_str());
            let before = text[..found.start()].trim_end();
            if before.len() < found.start() {
                let before = before.strip_suffix(',').unwrap_or(before);
                let office = before.rsplit(|c: char| !c.is_alphabetic()).next();
                if let Some(office) = office.filter(|word| word.starts_with(char::is_lowercase)) {
                    offices.add(office, found.start(), found.as_str(), &[]);
                }
            }
            let behind = &text[found.end()..];
            if let Some(words) = behind.strip_prefix(", ") {
                let end = words.char_indices().find_map(|(at, c)| {
                    (at >= APPOSITION || ",.;:—“”\n".contains(c)).then_some(at)
                });
                let words = &words[..end.unwrap_or(words.len())];
                let of: Vec<&str> = words
                    .split_whitespace()
                    .filter(|word| kind::is_capital(word))
                    .collect();
                offices.add(&kind::head(words), found.start(), found.as_str(), &of);
            }
        }
        offices
    }

    /// "Estavian President Ansel Roke".
    fn titled(&mut self, at: usize, words: &'t str) {
        let title = words
            .rmatch_indices(|c: char| c.is_whitespace())
            .map(|(end, _)| {
                let before = words[..end].rsplit(char::is_whitespace).next();
                (end, before.unwrap_or_default())
            })
            .find(|(_, word)| TITLES.contains(&word.to_lowercase().as_str()));
        if let Some((end, office)) = title {
            let of: Vec<&str> = words[..end - office.len()].split_whitespace().collect();
            self.add(&office.to_lowercase(), at, words[end..].trim(), &of);
        }
    }

    fn add(&mut self, office: &str, at: usize, name: &'t str, of: &[&'t str]) {
        let person = name.split_whitespace().all(|word| {
            !TITLES.contains(&word.to_lowercase().as_str()) && word.chars().any(char::is_lowercase)
        });
        if person && !office.is_empty() {
            let holder = Holder {
                at,
                name: name.trim_end_matches(['’', '\'']),
                of: of.to_vec(),
            };
            self.holders
                .entry(office.to_owned())
                .or_default()
                .push(holder);
        }
    }

    /// Who the office in `source`, which stands at `at`, was last said to be held by.
    pub(super) fn holder(&self, source: &str, at: usize) -> Option<&'t str> {
        let definite = ["the ", "The "].iter().any(|the| source.starts_with(the));
        if !definite || source.contains(',') {
            return None;
        }
        let head = kind::head(source);
        let of: Vec<&str> = source[4..]
            .split_whitespace()
            .filter(|word| kind::is_capital(word))
            .collect();
        let heads: &[&str] = match head.as_str() {
            "leader" | "ruler" => LEADERS,
            other => &[other],
        };
        let before = heads.iter().flat_map(|office| {
            let holders = self.holders.get(*office).map_or(&[][..], Vec::as_slice);
            &holders[..holders.partition_point(|holder| holder.at < at)]
        });
        let found = before
            .filter_map(|holder| Some((agreement(&of, &holder.of)?, holder.at, holder.name)))
            .max()?;
        Some(found.2)
    }
}

/// Whether two offices are of the same: "the Estavian leader" is the president of Estavia
/// and not of Velda; a president of nothing in particular may be either (`false`).
fn agreement(one: &[&str], other: &[&str]) -> Option<bool> {
    let stem = |word: &str| word.chars().take(4).collect::<String>();
    if one.is_empty() || other.is_empty() {
        return Some(false);
    }
    let same = |a: &&str| other.iter().any(|b| stem(a) == stem(b));
    one.iter().any(same).then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offices_are_held_by_whom_the_text_names() {
        let text = "Estavian President Ansel Roke met Mira Tolland, the harbour master of Karsa. \
                    Velda’s president, Sten Korvald, and general Ivo Brandt left.";
        let offices = Offices::of(text);
        for (source, holder) in [
            ("The Estavian leader", Some("Ansel Roke")),
            ("the president", Some("Sten Korvald")),
            ("The harbour master", Some("Mira Tolland")),
            ("the general", Some("Ivo Brandt")),
            ("the minister", None),
            ("a general", None),
        ] {
            assert_eq!(offices.holder(source, text.len()), holder, "{source}");
        }
        assert_eq!(offices.holder("the president", 60), Some("Ansel Roke"));
        assert_eq!(offices.holder("the general", 5), None);
    }
}
