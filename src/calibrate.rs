//! From logits to probabilities and decisions.
//!
//! The only place that knows about sigmoid, temperature and thresholds. A temperature
//! per output makes its probabilities mean what they say (Guo et al., "On Calibration
//! of Modern Neural Networks", ICML 2017); a threshold per output turns them into
//! findings. Both were fitted on the tune part of the training corpora and lie in the
//! model folder's `decision.json`.

use std::collections::BTreeMap;

use ndarray::Array2;
use serde::Deserialize;

use crate::finding::Status;
use crate::model::ModelError;

/// `decision.json` as it is written.
#[derive(Debug, Clone, Deserialize)]
pub struct Decision {
    format: u32,
    /// By output: how its probability on `[CLS]` is read.
    sentence: BTreeMap<String, SentenceDecision>,
    /// By output: how its probabilities on the tokens are read.
    token: BTreeMap<String, TokenDecision>,
}

/// How far an output is to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Good enough to be shown.
    Stable,
    /// F1 on the tune part under 0.30: computed, but not shown by default.
    Preview,
}

/// How the probability of a sentence output is read.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct SentenceDecision {
    temperature: f32,
    /// The probability from which the output counts as on.
    pub threshold: f32,
    /// The probability from which it is too near the threshold to count as off.
    pub abstain_from: f32,
    /// Whether its findings are shown by default.
    pub status: Standing,
}

impl SentenceDecision {
    /// What to make of a probability: `None` when the output is off. A weak output has
    /// no band of abstention, since its threshold means little.
    #[must_use]
    pub fn verdict(self, probability: f32) -> Option<Status> {
        match self.status {
            Standing::Stable if probability >= self.threshold => Some(Status::Reported),
            Standing::Stable if probability >= self.abstain_from => Some(Status::Abstained),
            Standing::Preview if probability >= self.threshold => Some(Status::Preview),
            _ => None,
        }
    }
}

/// How the probabilities of a token output become spans.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct TokenDecision {
    temperature: f32,
    /// The probability from which a token belongs to a span.
    pub threshold: f32,
    /// Runs are joined over gaps of up to this many tokens.
    pub gap: usize,
}

/// One output of the model, at one level.
#[derive(Debug, Clone)]
pub struct Output<D> {
    /// Its name: a label id, `any-device`, `attributed`, `source`, `cue` or `content`.
    pub name: String,
    /// Its column in the logits.
    column: usize,
    /// How its probability is read.
    pub decision: D,
}

/// What a model says and how to read it.
#[derive(Debug, Clone)]
pub struct Outputs {
    /// Read on `[CLS]`.
    pub sentence: Vec<Output<SentenceDecision>>,
    /// Read on the tokens.
    pub token: Vec<Output<TokenDecision>>,
}

/// Calibrated probabilities of one sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// One for each of [`Outputs::sentence`].
    pub sentence: Vec<f32>,
    /// Tokens × [`Outputs::token`].
    pub token: Array2<f32>,
}

impl Outputs {
    /// Joins the outputs that `config.json` lists with their decisions. `columns` are all
    /// outputs in the order of the classifier.
    ///
    /// # Errors
    /// When an output has no column or no decision, or a decision holds an impossible
    /// value.
    pub fn new(
        columns: &[String],
        sentence: &[String],
        token: &[String],
        decision: &Decision,
    ) -> Result<Self, ModelError> {
        if decision.format != 1 {
            return Err(ModelError::Invalid {
                file: "decision.json",
                reason: format!(
                    "format {} is not known; this version reads 1",
                    decision.format
                ),
            });
        }
        let outputs = Self {
            sentence: join(columns, sentence, &decision.sentence)?,
            token: join(columns, token, &decision.token)?,
        };
        let sentence = outputs
            .sentence
            .iter()
            .map(|o| (&o.name, o.decision.temperature, o.decision.threshold));
        let token = outputs
            .token
            .iter()
            .map(|o| (&o.name, o.decision.temperature, o.decision.threshold));
        for (name, temperature, threshold) in sentence.chain(token) {
            if !(temperature > 0.0 && (0.0..=1.0).contains(&threshold)) {
                return Err(ModelError::Invalid {
                    file: "decision.json",
                    reason: format!(
                        "`{name}` has temperature {temperature} and threshold {threshold}; \
                         a temperature is over 0, a threshold from 0 to 1"
                    ),
                });
            }
        }
        Ok(outputs)
    }

    /// Probabilities from the merged logits of one sentence: row 0 is `[CLS]`, one row a
    /// token follows.
    #[must_use]
    pub fn scores(&self, logits: &Array2<f32>) -> Scores {
        let sentence = self
            .sentence
            .iter()
            .map(|o| sigmoid(logits[[0, o.column]] / o.decision.temperature))
            .collect();
        let token = Array2::from_shape_fn((logits.nrows() - 1, self.token.len()), |(row, i)| {
            let output = &self.token[i];
            sigmoid(logits[[row + 1, output.column]] / output.decision.temperature)
        });
        Scores { sentence, token }
    }

    /// Position of a token output in [`Outputs::token`].
    #[must_use]
    pub fn token_index(&self, name: &str) -> Option<usize> {
        self.token.iter().position(|output| output.name == name)
    }

    /// Position of a sentence output in [`Outputs::sentence`].
    #[must_use]
    pub fn sentence_index(&self, name: &str) -> Option<usize> {
        self.sentence.iter().position(|output| output.name == name)
    }
}

fn join<D: Copy>(
    columns: &[String],
    names: &[String],
    decisions: &BTreeMap<String, D>,
) -> Result<Vec<Output<D>>, ModelError> {
    names
        .iter()
        .map(|name| {
            let column =
                columns
                    .iter()
                    .position(|c| c == name)
                    .ok_or_else(|| ModelError::Invalid {
                        file: "config.json",
                        reason: format!("`rhetor` lists the output `{name}`, id2label does not"),
                    })?;
            let decision = *decisions.get(name).ok_or_else(|| ModelError::Invalid {
                file: "decision.json",
                reason: format!("it has no entry for the output `{name}`"),
            })?;
            Ok(Output {
                name: name.clone(),
                column,
                decision,
            })
        })
        .collect()
}

/// Rounded to four places, so that the number in a report is the number that was decided
/// upon.
fn sigmoid(x: f32) -> f32 {
    (1e4 / (1.0 + (-x).exp())).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn decision(threshold: f32) -> Decision {
        serde_json::from_value(serde_json::json!({
            "format": 1,
            "sentence": {"doubt": {
                "temperature": 2.0, "threshold": threshold, "abstain_from": 0.45, "status": "stable"
            }},
            "token": {"cue": {"temperature": 1.0, "threshold": 0.4, "gap": 1}},
        }))
        .unwrap()
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn logits_become_probabilities_by_column_and_temperature() {
        let columns = names(&["cue", "doubt"]);
        let outputs = Outputs::new(
            &columns,
            &names(&["doubt"]),
            &names(&["cue"]),
            &decision(0.5),
        )
        .unwrap();
        let scores = outputs.scores(&array![[9.0, 2.0], [0.0, 9.0], [-1.0, 9.0]]);
        // sigmoid(1) and sigmoid(-1) from a table.
        assert!((scores.sentence[0] - 0.7311).abs() < 1e-6);
        assert_eq!(scores.token.dim(), (2, 1));
        assert!((scores.token[[0, 0]] - 0.5).abs() < 1e-6);
        assert!((scores.token[[1, 0]] - 0.2689).abs() < 1e-6);
    }

    #[test]
    fn near_the_threshold_a_stable_output_abstains_and_a_weak_one_is_off() {
        let stable = decision(0.5).sentence["doubt"];
        assert_eq!(stable.verdict(0.5), Some(Status::Reported));
        assert_eq!(stable.verdict(0.46), Some(Status::Abstained));
        assert_eq!(stable.verdict(0.44), None);
        let weak = SentenceDecision {
            status: Standing::Preview,
            ..stable
        };
        assert_eq!(weak.verdict(0.5), Some(Status::Preview));
        assert_eq!(weak.verdict(0.46), None);
    }

    #[test]
    fn what_is_missing_or_impossible_is_named() {
        let columns = names(&["cue", "doubt"]);
        let error = |sentence: &[&str], decision: &Decision| {
            Outputs::new(&columns, &names(sentence), &[], decision)
                .unwrap_err()
                .to_string()
        };
        assert!(error(&["slogan"], &decision(0.5)).contains("`slogan`, id2label does not"));
        assert!(error(&["cue"], &decision(0.5)).contains("no entry for the output `cue`"));
        assert!(error(&["doubt"], &decision(1.5)).contains("threshold 1.5"));
    }
}
