//! How two groups differ, label by label.
//!
//! The difference of the rates with its interval (bootstrap of both groups), an effect size
//! over documents (Cliff, "Dominance statistics", Psychological Bulletin, 1993), and the p of
//! a permutation test, corrected for the number of labels (Holm, "A simple sequentially
//! rejective multiple test procedure", Scandinavian Journal of Statistics, 1979).

use serde::Serialize;

use super::draw::{bootstrap, interval, permuted, sums};
use super::{Document, Estimate, Groups, Members, SummaryError};

/// Shuffles of a test.
const SHUFFLES: u32 = 5_000;

/// What the numbers of a comparison are, as every output says it.
pub const FORMULA: &str = "difference = rate of the first group - rate of the second; delta = \
     Cliff's delta over documents: how much more often a document of the first has the higher \
     rate than one of the second, from -1 to 1; p = permutation test of the difference, 5,000 \
     shuffles of documents, corrected for the number of labels (Holm)";

/// How two groups differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The first group.
    pub first: String,
    /// The second.
    pub second: String,
    /// One for each label.
    pub differences: Vec<Difference>,
}

/// How two groups differ in one label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The label.
    pub label: String,
    /// Of the rates, per 100 scored sentences.
    pub difference: Estimate,
    /// Cliff's delta over documents.
    pub delta: f64,
    /// Of the permutation test.
    pub p: f64,
    /// Corrected for the number of labels.
    pub p_corrected: f64,
}

impl Difference {
    /// Whether either group has a finding.
    #[must_use]
    pub fn is_of_something(&self) -> bool {
        let Estimate { low, high, .. } = self.difference;
        low != 0.0 || high != 0.0
    }
}

/// Compares two groups.
///
/// # Errors
/// When there is no group of a name.
pub fn compare(groups: &Groups, first: &str, second: &str) -> Result<Comparison, SummaryError> {
    let (a, b) = (group(groups, first)?, group(groups, second)?);
    let (a, b) = (&a.documents, &b.documents);
    let labels = groups.labels.len();
    let (left, right) = (sums(a, labels), sums(b, labels));
    let found: Vec<f64> = (0..labels)
        .map(|at| left.rate(at) - right.rate(at))
        .collect();
    let draws: Vec<_> = bootstrap(a, labels, 0)
        .into_iter()
        .zip(bootstrap(b, labels, 1))
        .collect();
    let both: Vec<&Document> = a.iter().chain(b).collect();
    let mut as_far = vec![0_u32; labels];
    permuted(&both, a.len(), labels, SHUFFLES as usize, |left, right| {
        for (at, count) in as_far.iter_mut().enumerate() {
            let shuffled = left.rate(at) - right.rate(at);
            *count += u32::from(shuffled.abs() >= found[at].abs() - 1e-9);
        }
    });
    let p: Vec<f64> = as_far
        .iter()
        .map(|&count| f64::from(count + 1) / f64::from(SHUFFLES + 1))
        .collect();
    let corrected = holm(&p);
    let differences = groups.labels.iter().enumerate().map(|(at, label)| {
        let shuffled = draws.iter().map(|(a, b)| a.rate(at) - b.rate(at));
        Difference {
            label: label.clone(),
            difference: interval(found[at], shuffled),
            delta: delta(&of_documents(a, at), &of_documents(b, at)),
            p: p[at],
            p_corrected: corrected[at],
        }
    });
    Ok(Comparison {
        first: first.to_owned(),
        second: second.to_owned(),
        differences: differences.collect(),
    })
}

fn group<'g>(groups: &'g Groups, name: &str) -> Result<&'g Members, SummaryError> {
    groups.groups.get(name).ok_or_else(|| {
        let known: Vec<&str> = groups.groups.keys().map(String::as_str).collect();
        SummaryError::Group {
            name: name.to_owned(),
            known: known.join(", "),
        }
    })
}

fn of_documents(documents: &[Document], label: usize) -> Vec<f64> {
    let mut rates: Vec<f64> = documents
        .iter()
        .map(|d| f64::from(d.findings[label]) / f64::from(d.sentences))
        .collect();
    rates.sort_by(f64::total_cmp);
    rates
}

/// Cliff's delta of two sorted lists.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of documents are exact in f64"
)]
fn delta(a: &[f64], b: &[f64]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let mut balance = 0.0;
    for value in a {
        let under = b.partition_point(|other| other < value);
        let over = b.len() - b.partition_point(|other| other <= value);
        balance += under as f64 - over as f64;
    }
    balance / (a.len() as f64 * b.len() as f64)
}

/// Holm's correction.
#[expect(clippy::cast_precision_loss, reason = "there are few labels")]
fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut corrected = vec![0.0; p.len()];
    let mut least: f64 = 0.0;
    for (rank, &at) in order.iter().enumerate() {
        least = least.max((p[at] * (p.len() - rank) as f64).min(1.0));
        corrected[at] = least;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: &[f64], b: &[f64]) -> bool {
        a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12)
    }

    #[test]
    fn holm_as_r_computes_it() {
        // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
        let corrected = holm(&[0.01, 0.04, 0.03, 0.005]);
        assert!(near(&corrected, &[0.03, 0.06, 0.06, 0.02]), "{corrected:?}");
        assert!(near(&holm(&[0.6, 0.9]), &[1.0, 1.0]));
    }

    #[test]
    fn delta_counts_who_is_over_whom() {
        assert!(near(&[delta(&[1.0, 2.0], &[0.0, 0.5])], &[1.0]));
        assert!(near(&[delta(&[1.0, 2.0], &[1.0, 2.0])], &[0.0]));
        // Of six pairs the first is over in four, under in one, even in one.
        assert!(near(&[delta(&[1.0, 3.0, 4.0], &[1.0, 2.0])], &[0.5]));
    }
}
