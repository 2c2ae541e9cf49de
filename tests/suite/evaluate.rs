//! Scores on gold: the measures against another implementation.

use rhetor::evaluate::{Tally, spans};
use rhetor::span::Span;

use crate::read;

/// Against a definition written in Python with sets of characters.
#[test]
fn partial_overlap_agrees_with_python_on_a_thousand_span_sets() {
    type Case = (Vec<Vec<[usize; 2]>>, Vec<Vec<[usize; 2]>>, f64, f64, f64);
    let cases: Vec<Case> = serde_json::from_str(&read("tests/fixtures/span_f1.json")).unwrap();
    assert_eq!(cases.len(), 1000);
    let to_spans = |pairs: &[[usize; 2]]| -> Vec<Span> {
        pairs.iter().map(|&[a, b]| Span::new(a, b)).collect()
    };
    for (i, (gold, predicted, p, r, f1)) in cases.iter().enumerate() {
        let tally: Tally = gold
            .iter()
            .zip(predicted)
            .map(|(gold, predicted)| spans::partial(&to_spans(predicted), &to_spans(gold)))
            .sum();
        for (found, expected) in [
            (tally.precision(), p),
            (tally.recall(), r),
            (tally.f1(), f1),
        ] {
            assert!(
                (found - expected).abs() < 1e-8,
                "case {i}: {found}, not {expected}"
            );
        }
    }
}
