//! How well predicted spans agree with gold spans: three measures over one document.
//!
//! Spans of this module are ranges of code points of the document, not bytes, since the
//! partial measure is defined over characters. The tallies of documents add up.

use super::{Tally, count};
use crate::span::Span;

/// Partial overlap, the measure of span identification in `SemEval-2020` Task 11 (Da San
/// Martino et al., 2020): on each side overlapping spans are merged first (those that
/// merely touch stay apart); a predicted span s is right by the share |s∩t|/|s| of its
/// characters that lie in gold spans t, a gold span is found by the share |s∩t|/|t|. The
/// paper prints the two denominators the other way round; this is what its scorer does.
#[must_use]
pub fn partial(predicted: &[Span], gold: &[Span]) -> Tally {
    let (predicted, gold) = (merged(predicted), merged(gold));
    let shares = |of: &[Span], among: &[Span]| -> f64 {
        of.iter()
            .map(|&span| count(shared(span, among)) / count(span.len()))
            .sum()
    };
    Tally {
        right_predicted: shares(&predicted, &gold),
        predicted: count(predicted.len()),
        right_gold: shares(&gold, &predicted),
        gold: count(gold.len()),
    }
}

/// Exact match: a span is right when the other side has the same. A span that stands
/// twice on one side counts once.
#[must_use]
pub fn exact(predicted: &[Span], gold: &[Span]) -> Tally {
    let (predicted, gold) = (distinct(predicted), distinct(gold));
    let right = predicted
        .iter()
        .filter(|span| gold.binary_search(span).is_ok())
        .count();
    Tally {
        right_predicted: count(right),
        predicted: count(predicted.len()),
        right_gold: count(right),
        gold: count(gold.len()),
    }
}

/// Overlap: a span is right when it shares at least one character with a span of the
/// other side. A span that stands twice on one side counts once; nested spans count each.
#[must_use]
pub fn overlap(predicted: &[Span], gold: &[Span]) -> Tally {
    let right = |of: &[Span], among: &[Span]| {
        let among = merged(among);
        count(of.iter().filter(|&&span| shared(span, &among) > 0).count())
    };
    let (predicted, gold) = (distinct(predicted), distinct(gold));
    Tally {
        right_predicted: right(&predicted, &gold),
        predicted: count(predicted.len()),
        right_gold: right(&gold, &predicted),
        gold: count(gold.len()),
    }
}

/// The spans in order, joined where they share a character; empty ones are dropped.
fn merged(spans: &[Span]) -> Vec<Span> {
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in distinct(spans) {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// The spans in order, each once; empty ones are dropped.
fn distinct(spans: &[Span]) -> Vec<Span> {
    let mut spans: Vec<Span> = spans.iter().copied().filter(|s| !s.is_empty()).collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// How many characters of `span` lie in spans that are in order and apart.
fn shared(span: Span, among: &[Span]) -> usize {
    let from = among.partition_point(|other| other.end <= span.start);
    among[from..]
        .iter()
        .take_while(|other| other.start < span.end)
        .map(|other| span.shared(*other))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(pairs: &[(usize, usize)]) -> Vec<Span> {
        pairs.iter().map(|&(a, b)| Span::new(a, b)).collect()
    }

    #[test]
    fn overlapping_spans_merge_and_touching_ones_do_not() {
        assert_eq!(
            merged(&spans(&[(4, 9), (0, 4), (8, 12), (20, 20)])),
            spans(&[(0, 4), (4, 12)])
        );
    }

    #[test]
    fn partial_overlap_by_hand() {
        // s1 = 0..10 shares 5 with t1 = 5..25 and s2 = 30..40 lies outside.
        let tally = partial(&spans(&[(0, 10), (30, 40)]), &spans(&[(5, 25)]));
        assert!((tally.precision() - 0.25).abs() < 1e-12);
        assert!((tally.recall() - 0.25).abs() < 1e-12);
        // One wide span over two gold ones.
        let tally = partial(&spans(&[(0, 20)]), &spans(&[(0, 5), (10, 20)]));
        assert!((tally.precision() - 0.75).abs() < 1e-12);
        assert!((tally.recall() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn exact_and_overlap_by_hand() {
        let predicted = spans(&[(0, 4), (6, 9), (20, 22)]);
        // The first gold span stands twice; one that touches does not overlap.
        let gold = spans(&[(0, 4), (0, 4), (5, 8), (22, 30)]);
        let exact = exact(&predicted, &gold);
        assert!((exact.precision() - 1.0 / 3.0).abs() < 1e-12);
        assert!((exact.recall() - 1.0 / 3.0).abs() < 1e-12);
        let overlap = overlap(&predicted, &gold);
        assert!((overlap.precision() - 2.0 / 3.0).abs() < 1e-12);
        assert!((overlap.recall() - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn nested_gold_spans_are_each_found() {
        let tally = overlap(&spans(&[(2, 3)]), &spans(&[(0, 30), (0, 4), (10, 12)]));
        assert!((tally.recall() - 2.0 / 3.0).abs() < 1e-12);
    }
}
