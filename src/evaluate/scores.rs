//! `scores.json`: what a model scored, on which gold, in one file a model.
//!
//! The file may hold several evaluations of one model (its report part, a development set,
//! the part its thresholds were fitted on), each under a name. Shares and scores go from
//! 0 to 1 and are rounded to four places.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::calibration::Calibration;
use super::tally::{Estimate, Prf};
use crate::calibrate::Standing;
use crate::corpus::Part;

/// The version of the file's layout.
const FORMAT: u32 = 2;

/// A `scores.json` that cannot be used.
#[derive(Debug, Error)]
pub enum ScoresError {
    /// It is no file of this kind.
    #[error("it is no scores.json of format {FORMAT} ({0}); name another file or remove this one")]
    NotScores(String),
    /// It belongs to another model.
    #[error(
        "it holds scores of the model {held} (sha256 {held_sha256}), not of {asked} \
         (sha256 {asked_sha256}); name another file or remove this one"
    )]
    OtherModel {
        /// The name in the file.
        held: String,
        /// The hash in the file.
        held_sha256: String,
        /// The name of the model that is scored.
        asked: String,
        /// Its hash.
        asked_sha256: String,
    },
}

/// The scores of one model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    format: u32,
    /// The name of the model's folder.
    pub model: String,
    /// Of its `model.onnx`, in hexadecimal.
    pub model_sha256: String,
    /// Each evaluation by its name.
    pub evaluations: BTreeMap<String, Evaluation>,
}

impl Scores {
    /// Of a model, none yet.
    #[must_use]
    pub fn new(model: &str, model_sha256: &str) -> Self {
        Self {
            format: FORMAT,
            model: model.to_owned(),
            model_sha256: model_sha256.to_owned(),
            evaluations: BTreeMap::new(),
        }
    }

    /// Reads a file's contents.
    ///
    /// # Errors
    /// When they are not of this format.
    pub fn parse(json: &str) -> Result<Self, ScoresError> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let wrong = |e: serde_json::Error| ScoresError::NotScores(e.to_string());
        let head: Head = serde_json::from_str(json).map_err(wrong)?;
        if head.format != FORMAT {
            return Err(ScoresError::NotScores(format!(
                "its format is {}",
                head.format
            )));
        }
        serde_json::from_str(json).map_err(wrong)
    }

    /// Refuses the scores of another model than this one.
    ///
    /// # Errors
    /// [`ScoresError::OtherModel`].
    pub fn of_model(&self, name: &str, sha256: &str) -> Result<(), ScoresError> {
        if self.model_sha256 == sha256 {
            return Ok(());
        }
        Err(ScoresError::OtherModel {
            held: self.model.clone(),
            held_sha256: self.model_sha256.clone(),
            asked: name.to_owned(),
            asked_sha256: sha256.to_owned(),
        })
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

/// Every number with a fraction, to four places.
pub(super) fn round(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Number(number) if number.is_f64() => {
            if let Some(x) = number.as_f64() {
                *value = ((x * 1e4).round() / 1e4).into();
            }
        }
        serde_json::Value::Array(values) => values.iter_mut().for_each(round),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(round),
        _ => {}
    }
}

/// The scores of one model on one gold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The part that was asked for; none when all documents of the files were.
    pub part: Option<Part>,
    /// Of the gold (see [`super::data_sha256`]).
    pub data_sha256: String,
    /// What was scored, by corpus and part.
    pub documents: Vec<Counts>,
    /// Outputs that the gold annotates and this model does not have.
    pub not_scored: Vec<String>,
    /// The sentence outputs that the gold annotates, in the model's order.
    pub sentence: Vec<SentenceScores>,
    /// The token outputs that the gold annotates, in the model's order.
    pub token: Vec<TokenScores>,
    /// F1 over the decisions of all framing devices on all sentences; none where the gold
    /// annotates no device.
    pub device_micro_f1: Option<Estimate>,
    /// The mean of the devices' F1.
    pub device_macro_f1: Option<Estimate>,
    /// The mean expected calibration error of the stable sentence outputs.
    pub mean_ece_stable: Option<f64>,
}

impl Evaluation {
    /// The scores of a sentence output.
    #[must_use]
    pub fn sentence(&self, output: &str) -> Option<&SentenceScores> {
        self.sentence.iter().find(|own| own.output == output)
    }

    /// The scores of a token output.
    #[must_use]
    pub fn token(&self, output: &str) -> Option<&TokenScores> {
        self.token.iter().find(|own| own.output == output)
    }
}

/// How much of a corpus was scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The corpus.
    pub corpus: String,
    /// Its part.
    pub part: Part,
    /// Documents.
    pub documents: usize,
    /// Sentences.
    pub sentences: usize,
}

/// The scores of one sentence output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SentenceScores {
    /// Its name; `any-device` is the sentence-level task of the PTC (SLC).
    pub output: String,
    /// Whether it is shown by default.
    pub status: Standing,
    /// The probability from which it counts as on.
    pub threshold: f32,
    /// The corpora that annotate it.
    pub corpora: Vec<String>,
    /// Over all of them.
    #[serde(flatten)]
    pub pooled: SentenceFigures,
    /// Over each of them, where there are several.
    pub by_corpus: BTreeMap<String, SentenceFigures>,
}

/// The figures of one sentence output on some sentences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SentenceFigures {
    /// Documents with such sentences; the intervals are over them.
    pub documents: usize,
    /// Sentences for which the gold says yes or no.
    pub sentences: usize,
    /// Those for which it says yes.
    pub support: usize,
    /// Those for which the model does, at the threshold.
    pub predicted: usize,
    /// At the threshold.
    #[serde(flatten)]
    pub prf: Prf,
    /// The mean of the F1 of yes and of no (how the task on
    /// subjectivity of `CheckThat!` is scored).
    pub both_classes_f1: Estimate,
    /// Of the probabilities.
    #[serde(flatten)]
    pub calibration: Calibration,
}

/// The scores of one token output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TokenScores {
    /// Its name.
    pub output: String,
    /// The corpora that annotate it.
    pub corpora: Vec<String>,
    /// Over all of them.
    #[serde(flatten)]
    pub pooled: TokenFigures,
    /// Over each of them, where there are several.
    pub by_corpus: BTreeMap<String, TokenFigures>,
}

/// The figures of one token output on some documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TokenFigures {
    /// Documents that annotate it; the intervals are over them.
    pub documents: usize,
    /// By partial overlap ([`super::spans::partial`]), the measure for framing devices.
    pub partial: SpanFigures,
    /// By shared characters ([`super::spans::overlap`]), the measure for attribution.
    pub overlap: SpanFigures,
    /// By equality ([`super::spans::exact`]).
    pub exact: SpanFigures,
}

/// The figures of one measure of spans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpanFigures {
    /// Gold spans as the measure counts them: merged where they overlap for `partial`,
    /// each once for the others.
    pub support: usize,
    /// Predicted spans, counted in the same way.
    pub predicted: usize,
    /// What the measure says.
    #[serde(flatten)]
    pub prf: Prf,
}
