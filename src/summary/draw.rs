//! Draws of documents: for intervals with replacement, for tests without.

use super::{Document, Estimate};
use crate::evaluate::bootstrap::SplitMix;

/// How often documents are drawn anew.
const DRAWS: usize = 1_000;
/// The ends of the interval among the sorted draws: the 25th and the 975th of 1,000.
const LOW: usize = 24;
const HIGH: usize = 974;
/// The same draws every time.
const SEED: u64 = 0x5eed;

/// Sums over drawn documents.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draw {
    pub findings: Vec<u64>,
    pub sentences: u64,
}

impl Draw {
    fn add(&mut self, document: &Document) {
        self.sentences += u64::from(document.sentences);
        for (sum, &findings) in self.findings.iter_mut().zip(&document.findings) {
            *sum += u64::from(findings);
        }
    }
}

fn empty(labels: usize) -> Draw {
    Draw {
        findings: vec![0; labels],
        sentences: 0,
    }
}

/// The sums over all documents.
pub(super) fn sums<'d>(documents: impl IntoIterator<Item = &'d Document>, labels: usize) -> Draw {
    let mut sums = empty(labels);
    for document in documents {
        sums.add(document);
    }
    sums
}

/// Sums over as many documents as there are, drawn with replacement, a thousand times.
/// Draws of another `stream` have nothing to do with each other.
pub(super) fn bootstrap(documents: &[Document], labels: usize, stream: u64) -> Vec<Draw> {
    let mut generator = SplitMix::new(SEED + stream);
    let mut draw = || {
        let drawn = (0..documents.len()).map(|_| &documents[generator.below(documents.len())]);
        sums(drawn, labels)
    };
    (0..DRAWS).map(|_| draw()).collect()
}

/// Sums over the first of two groups and over the second after the documents of both were
/// shuffled, so many times.
pub(super) fn permuted(
    documents: &[&Document],
    first: usize,
    labels: usize,
    times: usize,
    mut each: impl FnMut(&Draw, &Draw),
) {
    let mut generator = SplitMix::new(SEED);
    let mut order = documents.to_vec();
    let all = sums(order.iter().copied(), labels);
    for _ in 0..times {
        // The beginning of a Fisher-Yates shuffle: the rest need not be in any order.
        for at in 0..first {
            let other = at + generator.below(order.len() - at);
            order.swap(at, other);
        }
        let left = sums(order[..first].iter().copied(), labels);
        let mut right = all.clone();
        right.sentences -= left.sentences;
        for (sum, findings) in right.findings.iter_mut().zip(&left.findings) {
            *sum -= findings;
        }
        each(&left, &right);
    }
}

/// A figure with the ends of its interval among the figures of a thousand draws.
pub(super) fn interval(value: f64, draws: impl Iterator<Item = f64>) -> Estimate {
    let mut draws: Vec<f64> = draws.collect();
    draws.sort_by(f64::total_cmp);
    Estimate {
        value,
        low: draws[LOW],
        high: draws[HIGH],
    }
}
