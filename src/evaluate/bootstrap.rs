//! Confidence intervals by the percentile bootstrap over documents.
//!
//! Sentences of one article share its writer and its subject, so whole documents are drawn
//! with replacement, as many as there are (Efron and Tibshirani, "An Introduction to the
//! Bootstrap", 1993, chapter 13; documents as the unit: Berg-Kirkpatrick et al., "An
//! Empirical Investigation of Statistical Significance in NLP", EMNLP 2012). The draws come
//! from a generator with a fixed seed, so the same gold gives the same interval everywhere.

use super::count;
use super::tally::{Estimate, Prf, Tally};

/// How often the documents are drawn anew.
const RESAMPLES: usize = 1_000;
/// The ends of the interval among the sorted resamples: the 25th and the 975th of 1,000.
const LOW: usize = 24;
const HIGH: usize = 974;
const SEED: u64 = 0x5eed;

/// Figures with their intervals. `documents` holds the tallies of each document, equally
/// many a document; `figures` gets their sums over the documents of one draw.
#[must_use]
pub fn estimates<const F: usize>(
    documents: &[Vec<Tally>],
    figures: impl Fn(&[Tally]) -> [f64; F],
) -> [Estimate; F] {
    let width = documents.first().map_or(1, Vec::len);
    let sums = |chosen: &mut dyn Iterator<Item = usize>| {
        let mut sums = vec![Tally::default(); width];
        for document in chosen {
            for (sum, &tally) in sums.iter_mut().zip(&documents[document]) {
                *sum = [*sum, tally].into_iter().sum();
            }
        }
        figures(&sums)
    };
    let values = sums(&mut (0..documents.len()));
    let mut generator = SplitMix(SEED);
    let draws: Vec<[f64; F]> = (0..RESAMPLES)
        .map(|_| sums(&mut (0..documents.len()).map(|_| generator.below(documents.len()))))
        .collect();
    std::array::from_fn(|i| {
        let mut column: Vec<f64> = draws.iter().map(|draw| draw[i]).collect();
        column.sort_by(f64::total_cmp);
        Estimate {
            value: values[i],
            low: column[LOW],
            high: column[HIGH],
        }
    })
}

/// Precision, recall and F1 with their intervals, from one tally a document.
#[must_use]
pub fn prf(documents: &[Tally]) -> Prf {
    let documents: Vec<Vec<Tally>> = documents.iter().map(|&tally| vec![tally]).collect();
    let [precision, recall, f1] = estimates(&documents, |sums| {
        [sums[0].precision(), sums[0].recall(), sums[0].f1()]
    });
    Prf {
        precision,
        recall,
        f1,
    }
}

/// The mean F1 over several classes with its interval.
#[must_use]
pub fn macro_f1(documents: &[Vec<Tally>]) -> Estimate {
    let [mean] = estimates(documents, |sums| {
        [sums.iter().map(|sum| sum.f1()).sum::<f64>() / count(sums.len())]
    });
    mean
}

/// `SplitMix64` (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators",
/// OOPSLA 2014): eleven lines that give the same draws on every machine.
pub(crate) struct SplitMix(u64);

impl SplitMix {
    /// The draws of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number under `limit`, each as likely as the others but for one part in 2^64.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let wide = u128::from(self.next()) * limit as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_gives_the_published_numbers() {
        // The reference implementation, seeded with 1234567.
        let mut generator = SplitMix(1_234_567);
        assert_eq!(generator.next(), 6_457_827_717_110_365_317);
        assert_eq!(generator.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn draws_are_even_and_in_range() {
        let mut generator = SplitMix(7);
        let mut seen = [0; 5];
        for _ in 0..50_000 {
            seen[generator.below(5)] += 1;
        }
        assert!(seen.iter().all(|n| (9_600..10_400).contains(n)), "{seen:?}");
    }

    #[test]
    fn an_interval_has_the_width_that_statistics_expects() {
        // 400 documents of one sentence each, 100 of them right: the standard error of
        // the share is sqrt(0.25 · 0.75 / 400) = 0.0217, the interval 0.25 ± 0.042.
        let documents: Vec<Tally> = (0..400)
            .map(|i| Tally::decision(true, i % 4 == 0))
            .collect();
        let precision = prf(&documents).precision;
        assert!((precision.value - 0.25).abs() < 1e-12);
        assert!((precision.low - 0.208).abs() < 0.01, "{precision:?}");
        assert!((precision.high - 0.292).abs() < 0.01, "{precision:?}");
    }

    #[test]
    fn one_document_has_no_spread_and_none_gives_zero() {
        let one = prf(&[Tally::decision(true, true)]);
        assert_eq!((one.f1.low, one.f1.value, one.f1.high), (1.0, 1.0, 1.0));
        assert_eq!(prf(&[]).f1, Estimate::default());
    }
}
