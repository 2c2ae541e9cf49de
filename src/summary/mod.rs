//! Rates of a run by group: how often each label is found, with intervals, and how two
//! groups differ.
//!
//! Everything follows from the tables of a run. Documents are the unit: sentences of one
//! article share its writer and its subject, so intervals draw whole documents, and tests
//! shuffle them. Beside every rate stand the documents and sentences that it is made of and
//! what the model would not call. There is no score over labels, and groups are in the order
//! of their names: neither is a ranking.

mod compare;
mod draw;
mod page;
mod plot;
mod read;
pub mod table;
mod time;
mod together;

use std::collections::BTreeMap;

use serde::Serialize;
use thiserror::Error;

pub use self::compare::{Comparison, Difference, compare};
use self::draw::Draw;
pub use self::page::Page;
pub use self::read::{Question, Record, Run};
pub use self::time::{Date, OverTime, Point, Series, Unit, over_time};
pub use self::together::Together;
use crate::batch::BatchError;
use crate::label::suggestion;

/// How a rate is made, as every output says it.
pub const FORMULA: &str = "rate = 100 × findings / scored sentences, summed over the documents of \
     the group; findings are reported ones (no previews, none that abstain)";

/// How an interval is made.
pub const INTERVAL: &str = "interval = 95 %, percentile bootstrap: 1,000 draws of whole documents \
     with replacement";

/// The name of the one group where nothing is grouped by.
pub const ALL: &str = "all documents";

/// In whose voice a finding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Voice {
    /// The author's only: what is quoted or reported is somebody else's.
    #[default]
    Author,
    /// Anybody's.
    Any,
}

/// A run that cannot be summed up.
#[derive(Debug, Error)]
pub enum SummaryError {
    /// The run cannot be read.
    #[error(transparent)]
    Run(#[from] BatchError),
    /// It is not there, or not done.
    #[error("{0}")]
    NotComplete(String),
    /// No column of that name.
    #[error("the run has no field `{field}`{}; there are: {known}", suggestion(field, known.split(", ")))]
    Field {
        /// The field.
        field: String,
        /// Those that there are, by commas.
        known: String,
    },
    /// No group of that name.
    #[error("there is no group `{name}`{}; there are: {known}", suggestion(name, known.split(", ")))]
    Group {
        /// The name.
        name: String,
        /// Those that there are, by commas.
        known: String,
    },
}

/// One scored document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Sentences that were scored.
    pub sentences: u32,
    /// Of each label: its findings.
    pub findings: Vec<u32>,
    /// When it was published, where that was asked for and can be read.
    pub date: Option<Date>,
}

/// The documents of one group.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Members {
    /// Those that were scored and have sentences.
    pub documents: Vec<Document>,
    /// Without a report.
    pub failed: u64,
    /// With the text of an earlier one, which counts once.
    pub duplicates: u64,
    /// All sentences, scored or not.
    pub sentences: u64,
    /// Of each label: what the model would not call; `None` where it always does.
    pub abstained: Vec<Option<u64>>,
}

impl Members {
    /// Sentences that rates are made of.
    #[must_use]
    pub fn scored_sentences(&self) -> u64 {
        self.documents.iter().map(|d| u64::from(d.sentences)).sum()
    }
}

/// The documents of a run by group.
#[derive(Debug, Clone, PartialEq)]
pub struct Groups {
    /// What they are grouped by; `None` where all are one group.
    pub field: Option<String>,
    /// In whose voice findings count.
    pub voice: Voice,
    /// The labels that the run can report.
    pub labels: Vec<String>,
    /// By name.
    pub groups: BTreeMap<String, Members>,
}

/// A figure with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The rate of one label in one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rate {
    /// The group.
    pub group: String,
    /// The label.
    pub label: String,
    /// Its findings.
    pub findings: u64,
    /// Per 100 scored sentences.
    pub rate: Estimate,
    /// What the model would not call, per 100 scored sentences; `None` for labels that rules
    /// find.
    pub abstained: Option<f64>,
    /// Documents that it is made of.
    pub documents: usize,
    /// Sentences that it is made of.
    pub scored_sentences: u64,
}

/// The rates of every label in every group, by label.
#[must_use]
pub fn rates(groups: &Groups) -> Vec<Rate> {
    let mut rates = Vec::new();
    for (name, members) in &groups.groups {
        let sums = draw::sums(&members.documents, groups.labels.len());
        let draws = draw::bootstrap(&members.documents, groups.labels.len(), 0);
        for (at, label) in groups.labels.iter().enumerate() {
            let abstained = members.abstained[at];
            rates.push(Rate {
                group: name.clone(),
                label: label.clone(),
                findings: sums.findings[at],
                rate: draw::interval(sums.rate(at), draws.iter().map(|draw| draw.rate(at))),
                abstained: abstained.map(|n| per_hundred(n, sums.sentences)),
                documents: members.documents.len(),
                scored_sentences: sums.sentences,
            });
        }
    }
    // Groups stand side by side under a label.
    let place = |label: &String| groups.labels.iter().position(|l| l == label);
    rates.sort_by_key(|rate| place(&rate.label));
    rates
}

impl Draw {
    fn rate(&self, label: usize) -> f64 {
        per_hundred(self.findings[label], self.sentences)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a corpus are exact in f64"
)]
fn per_hundred(findings: u64, sentences: u64) -> f64 {
    if sentences == 0 {
        return 0.0;
    }
    100.0 * findings as f64 / sentences as f64
}
