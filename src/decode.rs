//! Token probabilities to spans.
//!
//! Runs of tokens at or above the output's threshold, joined over short gaps, widened to
//! whole words; what holds no word is dropped. The same as `decode` in
//! `models/training/reference.py`; `rhetor evaluate --fit` chooses threshold and gap.

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
    let TokenDecision { threshold, gap, .. } = output.decision;
    let runs = runs(&scores.token.column(column), offsets, threshold, gap);
    let mut spans: Vec<Span> = Vec::with_capacity(runs.len());
    for run in runs {
        let run = widen(sentence, run);
        match spans.last_mut() {
            Some(last) if run.start <= last.end => last.end = last.end.max(run.end),
            _ => spans.push(run),
        }
    }
    spans.retain(|span| has_word(span.of(sentence)));
    spans
}

/// Whether there is more in it than marks and the word "a".
fn has_word(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphanumeric());
    match (letters.next(), letters.next()) {
        (None, _) => false,
        (Some(only), None) => !only.eq_ignore_ascii_case(&'a'),
        _ => true,
    }
}

fn runs(
    probabilities: &ArrayView1<'_, f32>,
    offsets: &[Span],
    threshold: f32,
    gap: usize,
) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    let mut last = None;
    for (i, (&p, &token)) in probabilities.iter().zip(offsets).enumerate() {
        if p < threshold {
            continue;
        }
        match (last, runs.last_mut()) {
            (Some(last), Some(run)) if i - last - 1 <= gap => run.end = run.end.max(token.end),
            _ => runs.push(token),
        }
        last = Some(i);
    }
    runs.retain(|run| !run.is_empty());
    runs
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
    use ndarray::array;

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
        runs(
            &array![p[0], p[1], p[2], p[3], p[4], p[5], p[6]].view(),
            &offsets(),
            0.5,
            gap,
        )
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
    fn marks_and_articles_are_no_words() {
        for (text, word) in [(",", false), ("“A ", false), ("I", true), ("a b", true)] {
            assert_eq!(has_word(text), word, "{text:?}");
        }
    }

    #[test]
    fn gaps_join_only_when_short_enough() {
        let p = [0.0, 0.9, 0.0, 0.0, 0.9, 0.0, 0.0];
        assert_eq!(words(p, 1), ["Vögte", "unbowed"]);
        assert_eq!(words(p, 2), ["Vögte’s unbowed"]);
    }
}
