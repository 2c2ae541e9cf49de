//! Whether probabilities mean what they say.
//!
//! The reliability table compares, in ten bins of equal width, the mean probability with
//! the share of sentences that are positive; the expected calibration error is the mean
//! gap, each bin by its size (Naeini et al., AAAI 2015; Guo et al., ICML 2017). The Brier
//! score is the mean squared distance of probability and truth (Brier, 1950). Both are
//! better when smaller.

use serde::{Deserialize, Serialize};

use super::count;

/// Where one bin ends and the next begins; a probability on an edge is in the upper bin.
const EDGES: [f32; 9] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const BINS: usize = EDGES.len() + 1;

/// One bin of the reliability table. Bin i of ten is for probabilities from i/10 to
/// (i+1)/10.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Sentences in it.
    pub count: usize,
    /// The mean of their probabilities; none in an empty bin.
    pub mean_probability: Option<f64>,
    /// The share of them that are positive; none in an empty bin.
    pub share_positive: Option<f64>,
}

/// How well the probabilities of one output are calibrated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Expected calibration error over ten bins of equal width.
    pub ece: f64,
    /// Mean squared distance of probability and truth.
    pub brier: f64,
    /// The ten bins.
    pub reliability: Vec<Bin>,
}

/// Measures (probability, truth) pairs.
#[must_use]
pub fn calibration(pairs: &[(f32, bool)]) -> Calibration {
    let mut sums = [(0_usize, 0.0_f64, 0_usize); BINS];
    let mut squares = 0.0;
    for &(probability, positive) in pairs {
        let (seen, mass, positives) = &mut sums[EDGES.partition_point(|&e| probability >= e)];
        let p = f64::from(probability);
        *seen += 1;
        *mass += p;
        *positives += usize::from(positive);
        squares += (p - f64::from(u8::from(positive))).powi(2);
    }
    let all = count(pairs.len()).max(1.0);
    let gaps = sums
        .iter()
        .map(|&(_, mass, positives)| (mass - count(positives)).abs());
    Calibration {
        ece: gaps.sum::<f64>() / all,
        brier: squares / all,
        reliability: sums
            .map(|(seen, mass, positives)| Bin {
                count: seen,
                mean_probability: (seen > 0).then(|| mass / count(seen)),
                share_positive: (seen > 0).then(|| count(positives) / count(seen)),
            })
            .to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measures_by_hand() {
        // Bin 2: 0.2 and 0.25, one positive: gap |0.225 - 0.5|. Bin 9: 1.0, positive: no gap.
        let found = calibration(&[(0.2, true), (0.25, false), (1.0, true)]);
        assert!(
            (found.ece - 2.0 / 3.0 * 0.275).abs() < 1e-6,
            "{}",
            found.ece
        );
        assert!((found.brier - (0.64 + 0.0625) / 3.0).abs() < 1e-6);
        assert_eq!(
            found
                .reliability
                .iter()
                .map(|b| b.count)
                .collect::<Vec<_>>(),
            [0, 0, 2, 0, 0, 0, 0, 0, 0, 1]
        );
        assert_eq!(found.reliability[0].mean_probability, None);
        assert_eq!(found.reliability[2].share_positive, Some(0.5));
    }

    #[test]
    fn edges_belong_to_the_upper_bin() {
        for (bin, edge) in [0.0_f32, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
            .into_iter()
            .enumerate()
        {
            let found = calibration(&[(edge, false)]);
            assert_eq!(found.reliability[bin].count, 1, "{edge}");
        }
    }

    #[test]
    fn chances_that_come_true_as_often_as_they_say_have_no_error() {
        let pairs: Vec<(f32, bool)> = (0..100).map(|i| (0.25, i % 4 == 0)).collect();
        assert!(calibration(&pairs).ece < 1e-9);
    }
}
