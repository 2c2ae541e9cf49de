//! Numbers without a source: the attribution window, and what stands in it.
//!
//! A claim's window is its own sentence and the two before it in the same section; a
//! sentence that opens with a year of its own ("In 2015, …") goes on from nobody's words,
//! so the window begins there.

use std::sync::LazyLock;

use regex::Regex;

use super::{Claim, finding, quantity};
use crate::finding::Finding;
use crate::span::Span;

/// Sentences before a claim in which its source may stand.
const WINDOW: usize = 2;

/// A year, or a date with one, at the beginning of a sentence.
static OPENS_WITH_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"^(?:In|By|On|Since|During|Between|From)\s(?:\w+\s){0,2}(?:\w+,\s)?(?:1[5-9]|20)\d\d\b",
    )
});

/// The attribution window of `claims[at]`: its own sentence and those before it.
pub(super) fn window<'a, 'c>(claims: &'a [Claim<'c>], at: usize) -> &'a [Claim<'c>] {
    let opens = |i: usize| {
        let claim = &claims[i];
        OPENS_WITH_YEAR.is_match(claim.sentence.span.of(claim.speech.text))
    };
    let mut from = at;
    while from > at.saturating_sub(WINDOW)
        && claims[from - 1].section == claims[at].section
        && !opens(from)
    {
        from -= 1;
    }
    &claims[from..=at]
}

pub(super) fn unsourced(claims: &[Claim<'_>], at: usize) -> Option<Finding> {
    let claim = &claims[at];
    let window = window(claims, at);
    let asked = |c: &Claim<'_>| c.attributions.iter().any(|a| a.source_kind.can_be_asked());
    let (before, own) = window.split_at(window.len() - 1);
    // A source of something else does not help: one before counts when it gave figures too.
    let gave_figures = |c: &Claim<'_>| asked(c) && !found(c).is_empty();
    let sourced = own
        .iter()
        .any(|c| c.linked || asked(c) || names_document(c))
        || before.iter().any(|c| c.linked || gave_figures(c));
    if sourced {
        return None;
    }
    let nowhere = match window.len() {
        1 => "no source in this sentence",
        2 => "no source here or in the sentence before",
        _ => "no source here or in the two sentences before",
    };
    let text = claim.speech.text;
    let evidence = found(claim);
    let message = match evidence.as_slice() {
        [] => return None,
        [one] => format!("“{}” has {nowhere}", one.of(text)),
        several => format!("{} quantities have {nowhere}", several.len()),
    };
    Some(finding(claim, "unsourced-number", evidence, message))
}

/// The quantities of a sentence, outside direct quotations.
fn found(claim: &Claim<'_>) -> Vec<Span> {
    let sentence = claim.sentence.span;
    quantity::quantities(sentence.of(claim.speech.text))
        .into_iter()
        .map(|words| words.shifted(sentence.start))
        .filter(|&words| !claim.speech.is_quoted(words))
        .collect()
}

/// Whether the sentence says in which document the number stands, with a verb that is no
/// verb of saying: "its accounts for 2023 give a total of 640 million".
pub(super) fn names_document(claim: &Claim<'_>) -> bool {
    static GIVES: LazyLock<Regex> = LazyLock::new(|| {
        super::pattern(
            r"\b(?:report|accounts|bulletin|register|registry|files|logs|census|figures|statistics|survey|study|poll|audit|records|budget|ledger)\b[^.;]{0,50}?\b(?:puts?|gives?|gave|shows?|showed|records?|recorded|lists?|listed|names?|states?|counts?|counted)\b",
        )
    });
    GIVES.is_match(claim.sentence.span.of(claim.speech.text))
}
