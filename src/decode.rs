//! Token probabilities to spans.
//!
//! Runs of tokens at or above the output's threshold, joined over short gaps, those that
//! reach its peak; widened to whole words; dropped where nothing is in them but marks and
//! words that join others, which are also cut off the end of sources and of evidence. The
//! same as `decode` in `models/training/reference.py`; `rhetor evaluate --fit` chooses
//! thresholds and gap.

use ndarray::ArrayView1;

use crate::calibrate::{Output, Scores, TokenDecision};
use crate::span::Span;

/// The spans of one token output in a sentence, as byte ranges of the sentence:
/// ascending, apart, each starting and ending between words.
///
/// `column` is the output's position in [`Scores::token`]; `offsets` has one entry a token.
#[must_use]
pub fn spans(
    sentence: &str,
    offsets: &[Span],
    scores: &Scores,
    column: usize,
    output: &Output<TokenDecision>,
) -> Vec<Span> {
    let runs = runs(&scores.token.column(column), offsets, &output.decision);
    let mut spans: Vec<Span> = Vec::with_capacity(runs.len());
    for run in runs {
        let run = widen(sentence, run);
        match spans.last_mut() {
            Some(last) if run.start <= last.end => last.end = last.end.max(run.end),
            _ => spans.push(run),
        }
    }
    spans.retain_mut(|span| {
        let kept = without_joining_end(span.of(sentence)).len();
        // Cues ("according to") and what is attributed do end in such words.
        if kept > 0 && !["cue", "content"].contains(&output.name.as_str()) {
            span.end = span.start + kept;
        }
        kept > 0
    });
    spans
}

/// Words that join others and say nothing alone.
const JOINING: [&str; 15] = [
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "that", "the", "to",
];

/// The text without the words that join at its end, and the spaces and marks before these.
fn without_joining_end(text: &str) -> &str {
    let is_mark = |c: char| !c.is_alphanumeric();
    let mut left = text;
    loop {
        let words = left.trim_end_matches(is_mark);
        let last = words.rsplit(is_mark).next().unwrap_or_default();
        if !JOINING.contains(&last.to_lowercase().as_str()) {
            // Marks at the end stay where no word was taken off.
            let whole = left.len() == text.len() && !last.is_empty();
            return if whole { text } else { words };
        }
        left = &words[..words.len() - last.len()];
    }
}

fn runs(
    probabilities: &ArrayView1<'_, f32>,
    offsets: &[Span],
    decision: &TokenDecision,
) -> Vec<Span> {
    // Each with its largest probability.
    let mut runs: Vec<(Span, f32)> = Vec::new();
    let mut last = None;
    for (i, (&p, &token)) in probabilities.iter().zip(offsets).enumerate() {
        if p < decision.threshold {
            continue;
        }
        match (last, runs.last_mut()) {
            (Some(last), Some((run, peak))) if i - last - 1 <= decision.gap => {
                run.end = run.end.max(token.end);
                *peak = peak.max(p);
            }
            _ => runs.push((token, p)),
        }
        last = Some(i);
    }
    runs.retain(|(run, peak)| !run.is_empty() && *peak >= decision.peak);
    runs.into_iter().map(|(run, _)| run).collect()
}

/// A run of word pieces, made to start and end where words do.
fn widen(sentence: &str, run: Span) -> Span {
    let inside = |at: usize| {
        let before = sentence[..at].chars().next_back();
        let after = sentence[at..].chars().next();
        before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
    };
    let (mut start, mut end) = (run.start, run.end);
    while inside(start) {
        start = sentence.floor_char_boundary(start - 1);
    }
    while inside(end) {
        end = sentence.ceil_char_boundary(end + 1);
    }
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Vögte’s unbowed harbour";

    /// The tokens of [`TEXT`]: Vö ##gte ’ s un ##bowed harbour.
    fn offsets() -> Vec<Span> {
        [
            (0, 3),
            (3, 6),
            (6, 9),
            (9, 10),
            (11, 13),
            (13, 18),
            (19, 26),
        ]
        .map(|(a, b)| Span::new(a, b))
        .to_vec()
    }

    fn words(p: [f32; 7], gap: usize) -> Vec<&'static str> {
        peaked(p, gap, 0.5)
    }

    fn peaked(p: [f32; 7], gap: usize, peak: f32) -> Vec<&'static str> {
        let decision = TokenDecision {
            temperature: 1.0,
            threshold: 0.5,
            peak,
            gap,
            tune_f1: 0.0,
        };
        runs(&ndarray::aview1(&p), &offsets(), &decision)
            .into_iter()
            .map(|run| widen(TEXT, run).of(TEXT))
            .collect()
    }

    #[test]
    fn runs_widen_to_words() {
        assert_eq!(words([0.0, 0.9, 0.0, 0.0, 0.0, 0.0, 0.0], 0), ["Vögte"]);
        assert_eq!(words([0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0], 0), ["unbowed"]);
        assert!(words([0.4; 7], 0).is_empty());
    }

    #[test]
    fn marks_and_joining_words_say_nothing() {
        for (text, left) in [
            (",", ""),
            ("“A ", ""),
            ("from the", ""),
            ("I", "I"),
            ("The Hague", "The Hague"),
            ("the “aggressive” acts of", "the “aggressive” acts"),
            ("puppets in the", "puppets"),
            ("“puppets”, of the ", "“puppets"),
            ("puppets!”", "puppets!”"),
            ("vögte’s à la", "vögte’s à la"),
        ] {
            assert_eq!(without_joining_end(text), left, "{text:?}");
        }
    }

    #[test]
    fn gaps_join_only_when_short_enough() {
        let p = [0.0, 0.9, 0.0, 0.0, 0.9, 0.0, 0.0];
        assert_eq!(words(p, 1), ["Vögte", "unbowed"]);
        assert_eq!(words(p, 2), ["Vögte’s unbowed"]);
    }

    #[test]
    fn a_span_needs_one_token_at_its_peak() {
        let p = [0.5, 0.8, 0.0, 0.0, 0.6, 0.7, 0.0];
        assert_eq!(peaked(p, 0, 0.8), ["Vögte"]);
        assert_eq!(peaked(p, 0, 0.7), ["Vögte", "unbowed"]);
        assert!(peaked(p, 0, 0.9).is_empty());
    }
}
