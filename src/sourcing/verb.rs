//! Verbs of saying that judge the speaker or what is said.

use super::{Claim, finding};
use crate::finding::Finding;
use crate::span::Span;

/// Beginnings of verbs that say more than that somebody said it: of a confession, of vanity,
/// of doubt, of temper, of a truth let out. Each is followed by one of [`ENDINGS`].
const LOADED: &[&str] = &[
    "admit", "admitt", "allege", "alleg", "bark", "blurt", "boast", "brag", "bragg", "claim",
    "concede", "conced", "confess", "crow", "fume", "fum", "gloat", "grumble", "grumbl", "gush",
    "harangue", "insist", "lectur", "lecture", "let slip", "moan", "mock", "parrot", "peddl",
    "peddle", "point out", "pointed out", "points out", "pointing out", "preach", "rage", "rag",
    "rant", "reveal", "scoff", "scold", "sneer", "snap", "snapp", "spout", "sulk", "taunt",
    "thunder", "tout", "trumpet", "whine", "whin", "whinge", "disclose", "disclos", "bluster",
    "fantasise", "gripe", "grip", "jeer", "lash out", "lashed out", "let on", "pontificat",
    "pontificate", "rail", "sniff", "wail",
];
const ENDINGS: &[&str] = &["", "s", "ed", "d", "ing", "es"];

/// Whether a word, in small letters, is such a verb.
fn is_loaded(word: &str) -> bool {
    LOADED.iter().any(|stem| {
        word.strip_prefix(stem)
            .is_some_and(|rest| ENDINGS.contains(&rest))
    })
}

/// The loaded verb among the words of a cue: the first, where it has several.
fn loaded(text: &str, cue: Span) -> Option<Span> {
    let words = cue.of(text);
    // As long as the words, so that places in it are places in them.
    let lower = words.to_ascii_lowercase();
    let phrase = LOADED.iter().filter(|stem| stem.contains(' '));
    for phrase in phrase {
        if let Some(at) = lower.find(phrase) {
            return Some(Span::new(at, at + phrase.len()).shifted(cue.start));
        }
    }
    let mark = |c: char| !c.is_alphanumeric();
    let mut at = 0;
    for piece in lower.split_inclusive(mark) {
        let word = piece.trim_end_matches(mark);
        if is_loaded(word) {
            return Some(Span::new(at, at + word.len()).shifted(cue.start));
        }
        at += piece.len();
    }
    None
}

/// The loaded verbs among the cues of a sentence.
pub(super) fn verbs(claim: &Claim<'_>) -> Option<Finding> {
    let text = claim.speech.text;
    let cues = claim
        .attributions
        .iter()
        .filter(|a| !a.content.is_empty() && !a.source.is_empty());
    let evidence: Vec<Span> = cues
        .flat_map(|a| &a.cue)
        .filter_map(|&cue| loaded(text, cue))
        .filter(|&words| !claim.speech.is_quoted(words))
        .collect();
    let first = evidence.first()?.of(text);
    let message = format!("“{first}” judges what is said; “said” would not");
    Some(finding(claim, "loaded-reporting-verb", evidence, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_that_judge_and_verbs_that_do_not() {
        for (cue, expected) in [
            ("has long insisted", Some("insisted")),
            ("admitting", Some("admitting")),
            ("let slip", Some("let slip")),
            ("pointed out", Some("pointed out")),
            ("claims", Some("claims")),
            ("– well, he’s “insisted”", Some("insisted")),
            ("İ—POINTED OUT", Some("POINTED OUT")),
            ("said", None),
            ("warned", None),
            ("argues", None),
            ("pointed to", None),
            ("railway", None),
        ] {
            let found = loaded(cue, Span::new(0, cue.len()));
            assert_eq!(found.map(|span| span.of(cue)), expected, "{cue}");
        }
    }
}
