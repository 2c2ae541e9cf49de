//! Evaluations in the author's voice, stated as fact.
//!
//! A preview: right on clear evaluations, and too often wrong on plain sentences of partisan
//! articles.

use std::sync::LazyLock;

use regex::Regex;

use super::{Claim, finding};
use crate::finding::Finding;
use crate::voice::SentenceVoice;

/// The probability of the output `subjective` from which a sentence is an evaluation. Over
/// the output's own threshold, which was chosen on sentences out of their context.
const SUBJECTIVE: f32 = 0.65;

/// The author says that it is an opinion.
static OWNED: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"(?i)\b(?:I|we)\s(?:think|believe|feel|suspect|doubt|hope|fear|suppose|find|would say)\b|\b(?:in|to) (?:my|our) (?:view|mind|opinion|eyes)\b|\bif you ask me\b|\bit seems to me\b",
    )
});

pub(super) fn opinion(claim: &Claim<'_>) -> Option<Finding> {
    let sentence = claim.sentence.span;
    let words = sentence.of(claim.speech.text);
    let subjective = claim.subjective.filter(|&p| p >= SUBJECTIVE)?;
    if claim.voice != SentenceVoice::Author || OWNED.is_match(words) || words.ends_with('?') {
        return None;
    }
    let message = "an evaluation in the author’s own voice, stated as fact".to_owned();
    let mut finding = finding(claim, "opinion-as-fact", Vec::new(), message);
    finding.probability = Some(subjective);
    Some(finding)
}
