//! What came of the records of a part, or of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::entry::{Entry, Outcome};

/// Counts over records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Records of the input.
    pub records: u64,
    /// Of these, scored.
    pub done: u64,
    /// Of these, without a report.
    pub failed: u64,
    /// Of these, with the text of an earlier one.
    pub duplicates: u64,
    /// Of these, for another shard to score.
    pub elsewhere: u64,
    /// Sentences of the scored documents.
    pub sentences: u64,
    /// Rows of the table of findings: those that are previews or abstained too.
    pub findings: u64,
    /// By class of error: records without a report.
    pub failures: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts one record.
    pub(super) fn count(&mut self, entry: &Entry) {
        self.records += 1;
        match &entry.outcome {
            Outcome::Done(report) => {
                self.done += 1;
                self.sentences += report.sentences.len() as u64;
                let sentences = report.sentences.iter().map(|s| s.findings.len());
                let findings = sentences.sum::<usize>() + report.findings.len();
                self.findings += findings as u64;
            }
            Outcome::Failed(failure) => {
                self.failed += 1;
                *self.failures.entry(failure.class.clone()).or_default() += 1;
            }
            Outcome::Duplicate(_) => self.duplicates += 1,
            Outcome::Elsewhere => self.elsewhere += 1,
            Outcome::Written => {}
        }
    }

    /// Adds the counts of other records.
    pub fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.done += other.done;
        self.failed += other.failed;
        self.duplicates += other.duplicates;
        self.elsewhere += other.elsewhere;
        self.sentences += other.sentences;
        self.findings += other.findings;
        for (class, count) in &other.failures {
            *self.failures.entry(class.clone()).or_default() += count;
        }
    }
}
