//! Which labels stand in one sentence.
//!
//! Two labels are compared by lift: how many times as many sentences bear both as would if
//! they had nothing to do with each other (Brin et al., "Dynamic Itemset Counting and
//! Implication Rules for Market Basket Data", SIGMOD, 1997, there called interest).

use super::{Run, SummaryError, Voice};
use crate::batch::{Cell, Row, Table, read_table};

/// What the numbers are, as every output says it.
pub const FORMULA: &str = "lift = sentences with both × scored sentences / (sentences with the one × \
     sentences with the other); 1 where two labels have nothing to do with each other";

/// Fewer sentences with both than this say little.
pub const FEW: u64 = 5;

/// How many sentences bear two labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    /// The labels.
    pub labels: Vec<String>,
    /// Scored sentences.
    pub sentences: u64,
    /// Of each label and each: sentences that bear both; with itself, that bear it.
    pub both: Vec<Vec<u64>>,
}

impl Together {
    /// How many times as many sentences bear both as would by chance; `None` when there are
    /// none with the one or the other.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of a corpus are exact in f64"
    )]
    pub fn lift(&self, a: usize, b: usize) -> Option<f64> {
        let by_chance = self.both[a][a] as f64 * self.both[b][b] as f64 / self.sentences as f64;
        (by_chance > 0.0).then(|| self.both[a][b] as f64 / by_chance)
    }

    /// Without the labels that no sentence bears.
    #[must_use]
    pub fn found(&self) -> Self {
        let kept: Vec<usize> = (0..self.labels.len())
            .filter(|&at| self.both[at][at] > 0)
            .collect();
        let of = |row: &Vec<u64>| kept.iter().map(|&at| row[at]).collect();
        Self {
            labels: kept.iter().map(|&at| self.labels[at].clone()).collect(),
            sentences: self.sentences,
            both: kept.iter().map(|&at| of(&self.both[at])).collect(),
        }
    }

    /// Adds a sentence with these labels.
    fn add(&mut self, labels: &[usize]) {
        for &a in labels {
            for &b in labels {
                self.both[a][b] += 1;
            }
        }
    }
}

impl Run {
    /// Counts the labels of each sentence, of all documents together. `sentences` were scored.
    ///
    /// # Errors
    /// When the tables cannot be read.
    pub fn together(
        &self,
        labels: &[String],
        sentences: u64,
        voice: Voice,
    ) -> Result<Together, SummaryError> {
        let mut together = Together {
            labels: labels.to_vec(),
            sentences,
            both: vec![vec![0; labels.len()]; labels.len()],
        };
        let columns = ["document", "sentence", "label", "status", "level", "voice"];
        let mut sentence = (Cell::Null, Cell::Null);
        let mut found: Vec<usize> = Vec::new();
        read_table(
            &self.folder,
            &self.manifest,
            Table::Findings,
            &columns,
            |row| {
                let Some((of, label)) = counted(row, labels, voice) else {
                    return;
                };
                if of != sentence {
                    together.add(&found);
                    found.clear();
                    sentence = of;
                }
                if !found.contains(&label) {
                    found.push(label);
                }
            },
        )?;
        together.add(&found);
        Ok(together)
    }
}

/// The sentence and the label of a finding that counts.
fn counted(row: Row, labels: &[String], voice: Voice) -> Option<((Cell, Cell), usize)> {
    let [document, sentence, label, status, level, whose] = <[Cell; 6]>::try_from(row).ok()?;
    let is = |cell: &Cell, text: &str| matches!(cell, Cell::Text(own) if own == text);
    let counts = sentence != Cell::Null
        && is(&status, "reported")
        && is(&level, "finding")
        && (voice == Voice::Any || is(&whose, "author"));
    let label = labels.iter().position(|own| is(&label, own))?;
    counts.then_some(((document, sentence), label))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(sentence: Cell, label: &str, status: &str, voice: &str) -> Row {
        let [label, status, level, voice] = [label, status, "finding", voice].map(Cell::from);
        vec![Cell::Integer(0), sentence, label, status, level, voice]
    }

    #[test]
    fn what_counts_in_a_sentence() {
        let labels = ["doubt".to_owned(), "slogan".to_owned()];
        let of = |row: Row, voice| counted(row, &labels, voice).map(|(_, label)| label);
        let first = || Cell::Integer(0);
        let slogan = || row(first(), "slogan", "reported", "quoted");
        assert_eq!(of(slogan(), Voice::Any), Some(1));
        assert_eq!(of(slogan(), Voice::Author), None);
        let author = |label, status| row(first(), label, status, "author");
        assert_eq!(of(author("doubt", "reported"), Voice::Author), Some(0));
        assert_eq!(of(author("doubt", "abstained"), Voice::Any), None);
        assert_eq!(of(author("hearsay", "reported"), Voice::Any), None);
        let document = row(Cell::Null, "doubt", "reported", "author");
        assert_eq!(of(document, Voice::Any), None);
    }

    #[test]
    fn lift_is_one_by_chance() {
        let mut together = Together {
            labels: ["a", "b", "c"].map(str::to_owned).to_vec(),
            sentences: 8,
            both: vec![vec![0; 3]; 3],
        };
        for labels in [&[0, 1][..], &[0], &[1], &[0], &[1], &[0], &[1]] {
            together.add(labels);
        }
        assert_eq!(together.both[0], [4, 1, 0]);
        assert_eq!(together.lift(0, 1), Some(0.5));
        assert_eq!(together.lift(0, 2), None);
        assert_eq!(together.found().labels, ["a", "b"]);
        assert_eq!(together.found().both, [[4, 1], [1, 4]]);
    }
}
