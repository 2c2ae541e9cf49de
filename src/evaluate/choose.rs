//! The choices that a decision is made of, each on (logit, truth) or (probability, truth)
//! pairs of one output.

use super::tally::Tally;

/// Between which temperatures the best is looked for.
const TEMPERATURES: (f64, f64) = (0.4, 4.0);
/// Thresholds of sentence outputs, in hundredths. A finding that has less than one chance
/// in five by the model's own count is not worth showing.
const THRESHOLDS: std::ops::RangeInclusive<u8> = 20..=96;
/// A threshold with less precision is taken only when no other reaches it.
const PRECISION_FLOOR: f64 = 0.30;
/// Fewer sentences than this say nothing of a precision.
const ENOUGH: usize = 10;

/// Between which a bias is looked for.
const BIASES: (f64, f64) = (-4.0, 4.0);

/// A calibration and the cross-entropy it gives, in nats a decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cooled {
    pub temperature: f64,
    pub bias: f64,
    pub loss: f64,
}

/// The temperature T that minimises the cross-entropy of sigmoid(logit / T) (Guo et al.,
/// "On Calibration of Modern Neural Networks", ICML 2017).
pub(super) fn temperature(pairs: &[(f32, bool)]) -> Cooled {
    cooled(pairs, |_| 0.0)
}

/// The temperature T and the bias b that minimise the cross-entropy of
/// sigmoid(logit / T + b) (Platt, "Probabilistic outputs for support vector machines",
/// 1999). Under the best bias the probabilities have the share of the positives as their
/// mean, which is how it is found.
pub(super) fn temperature_and_bias(pairs: &[(f32, bool)]) -> Cooled {
    let positives = super::count(pairs.iter().filter(|(_, positive)| *positive).count());
    cooled(pairs, |temperature| {
        let (mut low, mut high) = BIASES;
        while high - low > 1e-4 {
            let bias = f64::midpoint(low, high);
            let expected: f64 = pairs
                .iter()
                .map(|&(logit, _)| 1.0 / (1.0 + (-f64::from(logit) / temperature - bias).exp()))
                .sum();
            if expected < positives {
                low = bias;
            } else {
                high = bias;
            }
        }
        f64::midpoint(low, high)
    })
}

/// The best temperature, with the bias that goes with each.
///
/// The loss is convex in 1/T (and in both together), so it has one valley: a
/// golden-section search over log T finds it.
fn cooled(pairs: &[(f32, bool)], bias: impl Fn(f64) -> f64) -> Cooled {
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let at = |log: f64| {
        let temperature = log.exp();
        let bias = bias(temperature);
        Cooled {
            temperature,
            bias,
            loss: cross_entropy(pairs, temperature, bias),
        }
    };
    let (mut low, mut high) = (TEMPERATURES.0.ln(), TEMPERATURES.1.ln());
    let (mut a, mut b) = (high - ratio * (high - low), low + ratio * (high - low));
    let (mut at_a, mut at_b) = (at(a), at(b));
    while high - low > 1e-4 {
        if at_a.loss <= at_b.loss {
            (high, b, at_b) = (b, a, at_a);
            a = high - ratio * (high - low);
            at_a = at(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + ratio * (high - low);
            at_b = at(b);
        }
    }
    at(f64::midpoint(low, high))
}

/// The mean of ln(1 + exp(∓(logit / T + b))), without overflow.
fn cross_entropy(pairs: &[(f32, bool)], temperature: f64, bias: f64) -> f64 {
    let sum: f64 = pairs
        .iter()
        .map(|&(logit, positive)| {
            let x = f64::from(logit) / temperature + bias;
            let wrong = if positive { -x } else { x };
            wrong.max(0.0) + (-wrong.abs()).exp().ln_1p()
        })
        .sum();
    sum / super::count(pairs.len()).max(1.0)
}

/// The threshold with the best F1 that the probabilities let one expect (Lipton et al.,
/// "Optimal Thresholding of Classifiers to Maximize F1 Measure", 2014) among those with
/// enough precision, and the F1 that it has; when none has, the best of all. Of equals the
/// highest.
///
/// The F1 that the pairs themselves give is the same where there are many of them, and
/// jumps about where a label is rare.
pub(super) fn threshold(pairs: &[(f32, bool)]) -> (f32, f64) {
    let mut best = (false, -1.0, 0.0, 0.0);
    for threshold in THRESHOLDS.map(hundredths) {
        let tally = tally(pairs, threshold);
        let precise = tally.precision() >= PRECISION_FLOOR;
        let expected = expected_f1(pairs, threshold);
        if (precise, expected) >= (best.0, best.1) {
            best = (precise, expected, threshold, tally.f1());
        }
    }
    (best.2, best.3)
}

/// F1 when every sentence is right as often as its probability says.
fn expected_f1(pairs: &[(f32, bool)], threshold: f32) -> f64 {
    let (mut predicted, mut right, mut all) = (0.0, 0.0, 0.0);
    for &(probability, _) in pairs {
        all += f64::from(probability);
        if probability >= threshold {
            predicted += 1.0;
            right += f64::from(probability);
        }
    }
    2.0 * right / f64::max(predicted + all, f64::MIN_POSITIVE)
}

fn tally(pairs: &[(f32, bool)], threshold: f32) -> Tally {
    pairs
        .iter()
        .map(|&(probability, gold)| Tally::decision(probability >= threshold, gold))
        .sum()
}

/// (threshold, precision at and above it) for thresholds from 0.02 to 0.98, where at least
/// ten sentences are above; made to never fall by a running maximum, since a precision
/// that was reached lower down is not lost by asking for more.
pub(super) fn precisions(pairs: &[(f32, bool)]) -> Vec<(f32, f32)> {
    let mut best = 0.0_f64;
    (1..=49)
        .map(|n| hundredths(2 * n))
        .map(|threshold| (threshold, tally(pairs, threshold)))
        .filter(|(_, tally)| tally.predicted >= super::count(ENOUGH))
        .map(|(threshold, tally)| {
            best = best.max(tally.precision());
            (threshold, rounded(best))
        })
        .collect()
}

/// A whole number of hundredths.
pub(super) fn hundredths(n: u8) -> f32 {
    f32::from(n) / 100.0
}

/// To four places, as it is written in decision.json.
#[expect(
    clippy::cast_possible_truncation,
    reason = "shares and temperatures lie well within f32, and four places are kept"
)]
pub(super) fn rounded(x: f64) -> f32 {
    ((x * 1e4).round() / 1e4) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Logits z with as many positives as sigmoid(z / 2) says: overconfident by two.
    fn overconfident() -> Vec<(f32, bool)> {
        let mut pairs = Vec::new();
        for z in [-4.0_f32, -2.0, 0.0, 2.0, 4.0] {
            let share = 1.0 / (1.0 + (-f64::from(z) / 2.0).exp());
            pairs.extend((0..1000).map(|i| (z, f64::from(i) < 1000.0 * share)));
        }
        pairs
    }

    #[test]
    fn the_temperature_that_made_the_data_is_found() {
        let found = temperature(&overconfident());
        assert!((found.temperature - 2.0).abs() < 0.01, "{found:?}");
        for other in [1.5, 2.6] {
            assert!(cross_entropy(&overconfident(), other, 0.0) > found.loss);
        }
    }

    #[test]
    fn the_bias_that_made_the_data_is_found() {
        let moved: Vec<(f32, bool)> = overconfident()
            .into_iter()
            .map(|(logit, positive)| (logit + 3.0, positive))
            .collect();
        let found = temperature_and_bias(&moved);
        assert!((found.temperature - 2.0).abs() < 0.02, "{found:?}");
        assert!((found.bias + 1.5).abs() < 0.02, "{found:?}");
        assert!(found.loss < temperature(&moved).loss);
    }

    #[test]
    fn temperatures_stay_within_their_bounds() {
        let certain = temperature(&[(2.0, true), (-2.0, false)]);
        assert!((certain.temperature - 0.4).abs() < 1e-3);
        let wrong = temperature(&[(900.0, false), (-900.0, true)]);
        assert!((wrong.temperature - 4.0).abs() < 1e-2);
        assert!(wrong.loss.is_finite());
    }

    #[test]
    fn the_best_expected_f1_with_enough_precision_wins() {
        // Expected: 0.55 at 0.9, 0.71 at 0.6, 0.78 at 0.55, 0.62 for all five. Of thresholds
        // with the same sentences above them the highest is taken.
        let mut pairs = vec![(0.9, true), (0.6, true), (0.55, false)];
        pairs.extend([(0.1, false); 2]);
        let (limit, f1) = threshold(&pairs);
        assert!(
            (limit - 0.55).abs() < 1e-6 && (f1 - 0.8).abs() < 1e-9,
            "{limit} {f1}"
        );
        // One sentence more or less does not move it, as it moves the best measured F1.
        pairs[1].1 = false;
        assert!((threshold(&pairs).0 - 0.55).abs() < 1e-6);
        // Expected F1 is best at 0.4 with precision 0.26 only: one with less is taken that has
        // more precision.
        let mut noisy = vec![(0.4, false); 60];
        noisy.extend(vec![(0.4, true); 20]);
        noisy.extend([(0.9, true), (0.9, false)]);
        let (limit, f1) = threshold(&noisy);
        assert!((limit - 0.9).abs() < 1e-6, "{limit}");
        assert!((f1 - 2.0 * 0.5 * (1.0 / 21.0) / (0.5 + 1.0 / 21.0)).abs() < 1e-9);
        // Nothing is precise: the best of all is taken.
        let (limit, f1) = threshold(&noisy[..80]);
        assert!(
            (limit - 0.4).abs() < 1e-6 && (f1 - 0.4).abs() < 1e-9,
            "{limit} {f1}"
        );
    }

    #[test]
    fn expected_f1_is_what_the_probabilities_say() {
        let pairs = [(0.5, true), (0.5, false), (0.25, false)];
        assert!((expected_f1(&pairs, 0.5) - 2.0 * 1.0 / (2.0 + 1.25)).abs() < 1e-9);
        assert!(expected_f1(&pairs, 0.9).abs() < 1e-9 && expected_f1(&[], 0.5).abs() < 1e-9);
    }

    #[test]
    fn precisions_rise_and_rest_on_ten_sentences() {
        let mut pairs: Vec<(f32, bool)> = (0..100).map(|i| (hundredths(i), i >= 50)).collect();
        pairs[95].1 = false;
        let found = precisions(&pairs);
        assert!((found[0].0 - 0.02).abs() < 1e-6);
        assert!((found[0].1 - rounded(49.0 / 98.0)).abs() < 1e-6);
        assert!((found.last().unwrap().0 - 0.90).abs() < 1e-6, "{found:?}");
        assert!(
            found
                .windows(2)
                .all(|w| w[0].0 < w[1].0 && w[0].1 <= w[1].1)
        );
        assert!((found.last().unwrap().1 - 0.98).abs() < 1e-6);
    }
}
