//! Precision, recall and F1 from sums that add up over documents.
//!
//! Every measure of this folder counts what is right on each side, so one type holds them
//! all, and a document can be drawn twice or left out by adding its sums twice or not
//! (see [`super::bootstrap`]).

use std::iter::Sum;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// What a measure counts in one document, or in several.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// How much of what was predicted is right: sentences, spans, or parts of spans.
    pub right_predicted: f64,
    /// How many were predicted.
    pub predicted: f64,
    /// How much of the gold was found.
    pub right_gold: f64,
    /// How many are in the gold.
    pub gold: f64,
}

impl Tally {
    /// The tally of a yes-or-no decision: one item, predicted and gold.
    #[must_use]
    pub fn decision(predicted: bool, gold: bool) -> Self {
        let one = |yes| if yes { 1.0 } else { 0.0 };
        Self {
            right_predicted: one(predicted && gold),
            predicted: one(predicted),
            right_gold: one(predicted && gold),
            gold: one(gold),
        }
    }

    /// The share of what was predicted that is right; 0 when nothing was predicted.
    #[must_use]
    pub fn precision(self) -> f64 {
        self.right_predicted / self.predicted.max(1.0)
    }

    /// The share of the gold that was found; 0 when there is none.
    #[must_use]
    pub fn recall(self) -> f64 {
        self.right_gold / self.gold.max(1.0)
    }

    /// The harmonic mean of precision and recall; 0 when both are.
    #[must_use]
    pub fn f1(self) -> f64 {
        harmonic(self.precision(), self.recall())
    }
}

/// The harmonic mean, 0 when both are 0.
fn harmonic(a: f64, b: f64) -> f64 {
    if a + b > 0.0 {
        2.0 * a * b / (a + b)
    } else {
        0.0
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.right_predicted += other.right_predicted;
        self.predicted += other.predicted;
        self.right_gold += other.right_gold;
        self.gold += other.gold;
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |mut sum, tally| {
            sum += tally;
            sum
        })
    }
}

/// A figure with its 95 % bootstrap interval over documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure on the documents as they are.
    pub value: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

/// Precision, recall and F1, from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Prf {
    /// The share of what was predicted that is right.
    pub precision: Estimate,
    /// The share of the gold that was found.
    pub recall: Estimate,
    /// Their harmonic mean.
    pub f1: Estimate,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_predicted_and_nothing_to_find_are_zero_not_nan() {
        let nothing = Tally::default();
        assert_eq!(
            (nothing.precision(), nothing.recall(), nothing.f1()),
            (0.0, 0.0, 0.0)
        );
    }

    #[test]
    fn decisions_add_up() {
        let pairs = [(true, true), (true, false), (false, true), (true, true)];
        let sum: Tally = pairs.map(|(p, g)| Tally::decision(p, g)).into_iter().sum();
        assert!((sum.precision() - 2.0 / 3.0).abs() < 1e-12);
        assert!((sum.recall() - 2.0 / 3.0).abs() < 1e-12);
        assert!((sum.f1() - 2.0 / 3.0).abs() < 1e-12);
    }

    /// The sums that the organisers of SemEval-2020 Task 11 print for their sample.
    #[test]
    fn the_organisers_sample_of_span_identification() {
        let sample = Tally {
            right_predicted: 1.929_825,
            predicted: 2.0,
            right_gold: 1.947_458,
            gold: 4.0,
        };
        assert!((sample.precision() - 0.964_912).abs() < 1e-6);
        assert!((sample.recall() - 0.486_864).abs() < 1e-6);
        assert!((sample.f1() - 0.647_181).abs() < 1e-6);
    }
}
