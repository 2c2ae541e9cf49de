//! Quotations whose speaker is nowhere near.

use std::sync::LazyLock;

use regex::Regex;

use super::{Claim, finding};
use crate::attribution::QuoteType;
use crate::finding::Finding;
use crate::quotation;
use crate::span::Span;
use crate::voice::SentenceVoice;

/// Sentences on each side of a quotation in which its speaker is looked for.
const NEAR: usize = 6;

/// The quotations that begin in `claims[at]` and that nobody near is said to speak.
pub(super) fn unattributed(claims: &[Claim<'_>], at: usize) -> Option<Finding> {
    let claim = &claims[at];
    let text = claim.speech.text;
    let sentence = claim.sentence.span;
    let evidence: Vec<Span> = claim
        .speech
        .quoted
        .iter()
        .copied()
        .filter(|stretch| sentence.contains(Span::new(stretch.start, stretch.start)))
        .filter(|&stretch| quotation::is_speech(text, stretch))
        // Words quoted inside a sentence of the author's are part of what it says.
        .filter(|stretch| stretch.of(text).starts_with(char::is_uppercase))
        .filter(|&stretch| !is_title(text, stretch))
        // A quotation may go on in the next sentence; evidence stays in its own.
        .map(|stretch| Span::new(stretch.start, stretch.end.min(sentence.end)))
        .collect();
    if evidence.is_empty() || has_speaker(claims, at) {
        return None;
    }
    let first = evidence[0].of(text);
    let message = format!("nobody near is said to speak “{first}”");
    Some(finding(claim, "unattributed-quotation", evidence, message))
}

/// A work, a programme, a headline: all its longer words have capitals, or the words before
/// say so.
fn is_title(text: &str, stretch: Span) -> bool {
    static CALLED: LazyLock<Regex> = LazyLock::new(|| {
        super::pattern(
            r"(?i)\b(?:called|titled|entitled|headlined?|subtitled?(?:\sis)?|author\sof|the\s(?:book|song|film|series|slogan|phrase|motto|words?|sign|banner|headline|chapter|hymn)|reads?|thinking|painted\swith|search\sfor),?:?\s?[“‘\x22']$",
        )
    });
    static READS: LazyLock<Regex> = LazyLock::new(|| {
        super::pattern(
            r"^\W{0,3}\s?(?:reads?|ran|says?|said)\s(?:the|a|one)\s(?:sign|banner|plaque|poster|headline|graffiti|notice|placard)",
        )
    });
    let before = &text[..stretch.start];
    let from = before.char_indices().rev().nth(40).map_or(0, |(at, _)| at);
    let long = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() > 3;
    let mut words = stretch.of(text).split_whitespace().filter(long).peekable();
    let capitals = words.peek().is_some() && words.all(|word| word.contains(char::is_uppercase));
    capitals || CALLED.is_match(&before[from..]) || READS.is_match(&text[stretch.end..])
}

/// Whether somebody speaks in the paragraph of `claims[at]`, or the nearest sentence of the
/// paragraph before or after it quotes somebody or leads in.
fn has_speaker(claims: &[Claim<'_>], at: usize) -> bool {
    let block = claims[at].sentence.block;
    let speaks =
        |claim: &Claim<'_>| claim.attributions.iter().any(|a| !a.source.is_empty()) || says(claim);
    let quotes = |claim: &Claim<'_>| {
        let mut attributions = claim.attributions.iter();
        attributions.any(|a| !a.source.is_empty() && a.quote_type != QuoteType::Indirect)
    };
    let same = |i: &usize| claims[*i].sentence.block == block;
    let from = (0..at)
        .rev()
        .take(NEAR)
        .take_while(same)
        .last()
        .unwrap_or(at);
    let to = (at..claims.len())
        .take(NEAR)
        .take_while(same)
        .last()
        .unwrap_or(at);
    if claims[from..=to].iter().any(speaks) {
        return true;
    }
    // Whoever speaks in a paragraph that only quotes, speaks in the next.
    for claim in claims[..from].iter().rev().take(NEAR) {
        let text = claim.sentence.span.of(claim.speech.text).trim_end();
        if quotation::leads_in(text) || quotes(claim) {
            return true;
        }
        if claim.voice != SentenceVoice::Quoted {
            break;
        }
    }
    claims.get(to + 1).is_some_and(quotes)
}

/// Whether a verb of saying stands right behind or before a quotation, whatever the model
/// marked.
fn says(claim: &Claim<'_>) -> bool {
    static SAYS: LazyLock<Regex> = LazyLock::new(|| {
        super::pattern(
            r#"(?x)[”"’]\s(?:[\w.’'-]+\s){0,4}?(?:said|says|added|adds|asked|told|wrote|writes|replied|shouted|explained|recalled|continued|insisted|warned)\b
            | \b(?:said|says|added|adds|asked|told\s\w+|wrote|writes|replied|recalled)[,:]\s[“"‘]"#,
        )
    });
    SAYS.is_match(claim.sentence.span.of(claim.speech.text))
}
