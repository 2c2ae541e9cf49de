//! From the columns of a classifier to one logit an output.
//!
//! Rhetor's own models have a column an output, each with a sigmoid of its own. Other
//! checkpoints may share one softmax among their labels, split a label into `B-` and `I-`,
//! or have several labels where the taxonomy has one. Here they all become log-odds, so
//! that everything behind reads every model in the same way: the sigmoid of an output's
//! logit is the checkpoint's own probability of it.

use ndarray::{Array2, ArrayView1};

/// What makes probabilities of a classifier's logits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// One of the labels applies.
    Softmax,
    /// Each label applies or not.
    Sigmoid,
}

/// How the columns of a classifier become outputs.
#[derive(Debug, Clone)]
pub struct Columns {
    /// The outputs.
    names: Vec<String>,
    /// For each output, the columns that stand for it; `None` when it is its own.
    groups: Option<(Activation, Vec<Vec<usize>>)>,
}

impl Columns {
    /// A column an output, with a sigmoid each.
    #[must_use]
    pub fn own(names: Vec<String>) -> Self {
        Self {
            names,
            groups: None,
        }
    }

    /// Outputs that several columns, or a softmax, stand for. `groups` has the columns of
    /// each name: at least one, and under a softmax not all.
    #[must_use]
    pub fn grouped(activation: Activation, names: Vec<String>, groups: Vec<Vec<usize>>) -> Self {
        Self {
            names,
            groups: Some((activation, groups)),
        }
    }

    /// The outputs, in order.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Rows of the classifier's logits to rows with a logit an output.
    ///
    /// Under a softmax that is the log-odds of "one of its columns"; of several columns with
    /// a sigmoid each, the largest logit counts.
    #[must_use]
    pub fn logits(&self, raw: Array2<f32>) -> Array2<f32> {
        let Some((activation, groups)) = &self.groups else {
            return raw;
        };
        Array2::from_shape_fn((raw.nrows(), groups.len()), |(row, output)| {
            let (row, group) = (raw.row(row), &groups[output]);
            match activation {
                Activation::Sigmoid => max(&row, |column| group.contains(&column)),
                Activation::Softmax => {
                    log_sum(&row, |column| group.contains(&column))
                        - log_sum(&row, |column| !group.contains(&column))
                }
            }
        })
    }
}

fn max(row: &ArrayView1<'_, f32>, counts: impl Fn(usize) -> bool) -> f32 {
    let chosen = row.iter().enumerate().filter(|(column, _)| counts(*column));
    chosen.map(|(_, &x)| x).fold(f32::NEG_INFINITY, f32::max)
}

/// The logarithm of the sum of exponentials.
fn log_sum(row: &ArrayView1<'_, f32>, counts: impl Fn(usize) -> bool) -> f32 {
    let most = max(row, &counts);
    let chosen = row.iter().enumerate().filter(|(column, _)| counts(*column));
    most + chosen.map(|(_, &x)| (x - most).exp()).sum::<f32>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn grouped(activation: Activation) -> Columns {
        let names = ["slogan", "diversion"].map(str::to_owned).to_vec();
        Columns::grouped(activation, names, vec![vec![1], vec![0, 3]])
    }

    #[test]
    fn a_softmax_becomes_log_odds_of_its_own_probability() {
        // exp of the logits: 1, 2, 3, 4, so the shares are 2/10 and 5/10.
        let raw = array![[0.0, 2.0_f32.ln(), 3.0_f32.ln(), 4.0_f32.ln()]];
        let logits = grouped(Activation::Softmax).logits(raw);
        assert!((logits[[0, 0]] - (0.2_f32 / 0.8).ln()).abs() < 1e-6);
        assert!(logits[[0, 1]].abs() < 1e-6);
    }

    #[test]
    fn a_sure_softmax_stays_finite() {
        let logits = grouped(Activation::Softmax).logits(array![[500.0, -500.0, 0.0, 0.0]]);
        assert!((logits[[0, 0]] + 1000.0).abs() < 1e-3 && (logits[[0, 1]] - 500.0).abs() < 1e-3);
    }

    #[test]
    fn the_largest_of_several_sigmoids_counts() {
        let logits = grouped(Activation::Sigmoid).logits(array![[0.5, -1.0, 9.0, 0.25]]);
        assert_eq!(logits, array![[-1.0, 0.5]]);
    }

    #[test]
    fn own_columns_stay_as_they_are() {
        let raw = array![[1.0, 2.0], [3.0, 4.0]];
        assert_eq!(
            Columns::own(vec!["a".into(), "b".into()]).logits(raw.clone()),
            raw
        );
    }
}
