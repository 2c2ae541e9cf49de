//! `sourcing.json`: how well a model's pipeline finds each sourcing label on annotated
//! articles, in one file a model, beside its `scores.json`.
//!
//! Shares go from 0 to 1 and are rounded to four places; intervals are over articles.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::bootstrap;
use super::super::measure::whole;
use super::super::scores::{ScoresError, round};
use super::super::tally::{Prf, Tally};
use super::Score;
use crate::model::Model;

/// The version of the file's layout.
const FORMAT: u32 = 1;

/// The scores of one model on some articles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArticleScores {
    format: u32,
    /// The name of the model's folder.
    pub model: String,
    /// Of its weights, in hexadecimal.
    pub model_sha256: String,
    /// Articles.
    pub articles: usize,
    /// Their body sentences.
    pub sentences: usize,
    /// By sentence label.
    pub labels: BTreeMap<String, LabelScores>,
    /// By label of the whole document.
    pub document_labels: BTreeMap<String, LabelScores>,
}

/// The scores of one label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelScores {
    /// Sentences, or documents, that bear it.
    pub support: usize,
    /// Those on which it was found.
    pub predicted: usize,
    /// Precision, recall and F1.
    #[serde(flatten)]
    pub prf: Prf,
}

impl ArticleScores {
    /// Of a model.
    #[must_use]
    pub fn new(score: &Score, model: &Model) -> Self {
        let of = |labels: &BTreeMap<&'static str, Tally>| {
            let own = |(&label, tally): (&&'static str, &Tally)| {
                let each = score.by_article.get(label).map_or(&[][..], Vec::as_slice);
                let scores = LabelScores {
                    support: whole(tally.gold),
                    predicted: whole(tally.predicted),
                    prf: bootstrap::prf(each),
                };
                (label.to_owned(), scores)
            };
            labels.iter().map(own).collect()
        };
        Self {
            format: FORMAT,
            model: model.name.clone(),
            model_sha256: model.sha256.clone(),
            articles: score.articles,
            sentences: score.sentences,
            labels: of(&score.labels),
            document_labels: of(&score.document_labels),
        }
    }

    /// Reads a file's contents.
    ///
    /// # Errors
    /// When they are not of this format.
    pub fn parse(json: &str) -> Result<Self, ScoresError> {
        let wrong = |e: serde_json::Error| ScoresError::NotScores(e.to_string());
        let read: Self = serde_json::from_str(json).map_err(wrong)?;
        if read.format != FORMAT {
            let reason = format!("its format is {}", read.format);
            return Err(ScoresError::NotScores(reason));
        }
        Ok(read)
    }

    /// The file's contents.
    ///
    /// # Errors
    /// Never in practice: every value has a JSON form.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let mut value = serde_json::to_value(self)?;
        round(&mut value);
        Ok(serde_json::to_string_pretty(&value)? + "\n")
    }
}
