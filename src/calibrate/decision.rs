//! `decision.json`, format 2: how the logits of one model are read.
//!
//! `rhetor evaluate --fit` chooses every value on the tune part of the corpora and writes
//! the file; a model folder is loaded with it. Both go through the types here, and a value
//! that cannot be meant is refused by name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::Status;
use crate::model::ModelError;

/// The format that this version reads and writes.
pub const FORMAT: u32 = 2;

/// `decision.json` as it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// [`FORMAT`].
    pub format: u32,
    /// Of the weights whose logits it was fitted on, in lower-case hexadecimal.
    pub model_sha256: String,
    /// Of the data that it was fitted on, in lower-case hexadecimal.
    pub data_sha256: String,
    /// The part of the data that it was fitted on: `tune`.
    pub fitted_on: String,
    /// By output: how it is read of a sentence.
    pub sentence: BTreeMap<String, SentenceDecision>,
    /// By output: how it is read on the tokens.
    pub token: BTreeMap<String, TokenDecision>,
}

/// How far an output is to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Good enough to be shown.
    Stable,
    /// F1 on the tune part under 0.30: computed, but not shown by default.
    Preview,
}

/// How a sentence output is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentenceDecision {
    /// What the pooled logit is divided by before the sigmoid, over 0 (Guo et al., "On
    /// Calibration of Modern Neural Networks", ICML 2017).
    pub temperature: f32,
    /// What is added after the division: the strongest token and `[CLS]` are off by
    /// different constants, which no temperature can mend (Platt, "Probabilistic outputs
    /// for support vector machines", 1999).
    pub bias: f32,
    /// The weight w, from 0 to 1, of the strongest token in the sentence's logit:
    /// (1 - w) · logit on `[CLS]` + w · largest logit on a token. 0 where no token output
    /// says the same (see [`super::Outputs::strongest_token`]).
    pub strongest: f32,
    /// The probability from which the output counts as on; infinite when
    /// [`super::Outputs::require_precision`] has switched it off.
    pub threshold: f32,
    /// The probability from which it is too near the threshold to count as off.
    pub abstain_from: f32,
    /// Whether its findings are shown by default.
    pub status: Standing,
    /// F1 on the tune part at the threshold.
    pub tune_f1: f32,
    /// Pairs of a threshold and the precision on the tune part of the sentences at or above
    /// it, both ascending. Empty when it was not measured.
    pub precision: Vec<(f32, f32)>,
}

/// How the probabilities of a token output become spans.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenDecision {
    /// What a token's logit is divided by before the sigmoid, over 0.
    pub temperature: f32,
    /// The probability from which a token belongs to a span.
    pub threshold: f32,
    /// The probability that the strongest token of a span has at least (two thresholds, as
    /// in Canny, "A Computational Approach to Edge Detection", 1986): the one tells how far
    /// a span goes, the other whether there is one. No other than `threshold` in a file
    /// that lacks it.
    #[serde(default)]
    pub peak: f32,
    /// Runs are joined over gaps of up to this many tokens.
    pub gap: usize,
    /// F1 of the spans on the tune part.
    pub tune_f1: f32,
}

impl Decision {
    /// Reads a `decision.json`.
    ///
    /// # Errors
    /// When it is of another format, has an unknown field or lacks one, or holds a value
    /// that cannot be meant.
    pub fn from_json(json: &[u8]) -> Result<Self, ModelError> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let unreadable = |e: serde_json::Error| invalid(e.to_string());
        let Head { format } = serde_json::from_slice(json).map_err(unreadable)?;
        if format != FORMAT {
            return Err(invalid(format!(
                "its format is {format}, this version reads {FORMAT}; fit it again with \
                 `rhetor evaluate --fit`"
            )));
        }
        let decision: Self = serde_json::from_slice(json).map_err(unreadable)?;
        decision.check()?;
        Ok(decision)
    }

    /// The decision before anything is fitted: every output at temperature 1, threshold
    /// 0.5, without abstention; of a sentence on `[CLS]` alone, or, `by_tokens`, on the
    /// strongest token alone where an output has tokens.
    #[must_use]
    pub fn unfitted(
        model_sha256: &str,
        sentence: &[String],
        token: &[String],
        by_tokens: bool,
    ) -> Self {
        let of_sentence = |name: &String| SentenceDecision {
            strongest: if by_tokens && token.contains(name) {
                1.0
            } else {
                0.0
            },
            ..SentenceDecision::UNFITTED
        };
        Self {
            format: FORMAT,
            model_sha256: model_sha256.to_owned(),
            data_sha256: String::new(),
            fitted_on: String::new(),
            sentence: sentence
                .iter()
                .map(|name| (name.clone(), of_sentence(name)))
                .collect(),
            token: token
                .iter()
                .map(|name| (name.clone(), TokenDecision::UNFITTED))
                .collect(),
        }
    }

    fn check(&self) -> Result<(), ModelError> {
        for (name, d) in &self.sentence {
            d.fault().map_or(Ok(()), |fault| {
                Err(invalid(format!("the sentence output `{name}` has {fault}")))
            })?;
        }
        for (name, d) in &self.token {
            d.fault().map_or(Ok(()), |fault| {
                Err(invalid(format!("the token output `{name}` has {fault}")))
            })?;
        }
        Ok(())
    }
}

impl SentenceDecision {
    const UNFITTED: Self = Self {
        temperature: 1.0,
        bias: 0.0,
        strongest: 0.0,
        threshold: 0.5,
        abstain_from: 0.5,
        status: Standing::Stable,
        tune_f1: 0.0,
        precision: Vec::new(),
    };

    /// What to make of a probability: `None` when the output is off. A weak output has
    /// no band of abstention, since its threshold means little.
    #[must_use]
    pub fn verdict(&self, probability: f32) -> Option<Status> {
        match self.status {
            Standing::Stable if probability >= self.threshold => Some(Status::Reported),
            Standing::Stable if probability >= self.abstain_from => Some(Status::Abstained),
            Standing::Preview if probability >= self.threshold => Some(Status::Preview),
            _ => None,
        }
    }

    /// The first value that cannot be meant, and why.
    fn fault(&self) -> Option<String> {
        positive("temperature", self.temperature)
            .or_else(|| unit("strongest", self.strongest))
            .or_else(|| unit("threshold", self.threshold))
            .or_else(|| unit("abstain_from", self.abstain_from))
            .or_else(|| unit("tune_f1", self.tune_f1))
            .or_else(|| {
                (self.abstain_from > self.threshold).then(|| {
                    format!(
                        "abstain_from {} over its threshold {}",
                        self.abstain_from, self.threshold
                    )
                })
            })
            .or_else(|| {
                self.precision
                    .iter()
                    .find_map(|&(t, p)| unit("precision threshold", t).or(unit("precision", p)))
            })
            .or_else(|| {
                let pair = self
                    .precision
                    .windows(2)
                    .find(|pair| pair[1].0 <= pair[0].0 || pair[1].1 < pair[0].1)?;
                Some(format!(
                    "precision {:?} before {:?}; both numbers ascend",
                    pair[0], pair[1]
                ))
            })
    }
}

impl TokenDecision {
    const UNFITTED: Self = Self {
        temperature: 1.0,
        threshold: 0.5,
        peak: 0.5,
        gap: 0,
        tune_f1: 0.0,
    };

    fn fault(&self) -> Option<String> {
        positive("temperature", self.temperature)
            .or_else(|| unit("threshold", self.threshold))
            .or_else(|| unit("peak", self.peak))
            .or_else(|| unit("tune_f1", self.tune_f1))
    }
}

fn positive(field: &str, value: f32) -> Option<String> {
    (value <= 0.0).then(|| format!("{field} {value}; it is over 0"))
}

fn unit(field: &str, value: f32) -> Option<String> {
    (!(0.0..=1.0).contains(&value)).then(|| format!("{field} {value}; it is from 0 to 1"))
}

fn invalid(reason: String) -> ModelError {
    ModelError::Invalid {
        file: "decision.json",
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn file() -> Value {
        json!({
            "format": 2, "model_sha256": "ab", "data_sha256": "cd", "fitted_on": "tune",
            "sentence": {"doubt": {
                "temperature": 2.0, "bias": 0.0, "strongest": 0.25, "threshold": 0.5, "abstain_from": 0.45,
                "status": "stable", "tune_f1": 0.6, "precision": [[0.2, 0.4], [0.22, 0.4], [0.5, 0.7]]
            }},
            "token": {"cue": {"temperature": 1.0, "threshold": 0.4, "peak": 0.6, "gap": 1, "tune_f1": 0.8}},
        })
    }

    fn read(file: &Value) -> Result<Decision, String> {
        Decision::from_json(file.to_string().as_bytes()).map_err(|e| e.to_string())
    }

    #[test]
    fn what_is_written_is_what_was_read() {
        let decision = read(&file()).unwrap();
        let again = |decision: &Decision| {
            let text = serde_json::to_string(decision).unwrap();
            (Decision::from_json(text.as_bytes()).unwrap(), text)
        };
        let (same, text) = again(&decision);
        assert_eq!(same, decision);
        assert!(text.contains("[[0.2,0.4],[0.22,0.4],[0.5,0.7]]"), "{text}");
        let names = ["doubt".to_owned()];
        let unfitted = Decision::unfitted("ab", &names, &names, false);
        assert_eq!(again(&unfitted).0, unfitted);
    }

    #[test]
    fn a_file_without_peaks_is_read() {
        let mut file = file();
        file["token"]["cue"].as_object_mut().unwrap().remove("peak");
        assert!(read(&file).unwrap().token["cue"].peak.abs() < f32::EPSILON);
    }

    #[test]
    fn near_the_threshold_a_stable_output_abstains_and_a_weak_one_is_off() {
        let stable = read(&file()).unwrap().sentence["doubt"].clone();
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
    fn what_cannot_be_meant_is_named() {
        for (at, value, message) in [
            (
                "/format",
                json!(1),
                "its format is 1, this version reads 2; fit it again",
            ),
            (
                "/sentence/doubt/temperature",
                json!(0.0),
                "`doubt` has temperature 0; it is over 0",
            ),
            (
                "/sentence/doubt/strongest",
                json!(1.5),
                "strongest 1.5; it is from 0 to 1",
            ),
            ("/sentence/doubt/threshold", json!(-0.1), "threshold -0.1"),
            (
                "/sentence/doubt/abstain_from",
                json!(0.6),
                "abstain_from 0.6 over its threshold 0.5",
            ),
            ("/sentence/doubt/tune_f1", json!(54.0), "tune_f1 54"),
            (
                "/sentence/doubt/status",
                json!("good"),
                "unknown variant `good`",
            ),
            (
                "/sentence/doubt/precision/1/0",
                json!(0.2),
                "precision (0.2, 0.4) before (0.2, 0.4)",
            ),
            (
                "/sentence/doubt/precision/2/1",
                json!(0.3),
                "before (0.5, 0.3); both numbers ascend",
            ),
            ("/sentence/doubt/precision/2/1", json!(1.3), "precision 1.3"),
            (
                "/token/cue/temperature",
                json!(-1),
                "`cue` has temperature -1; it is over 0",
            ),
            ("/token/cue/threshold", json!(2), "`cue` has threshold 2"),
            ("/token/cue/peak", json!(1.2), "`cue` has peak 1.2"),
            (
                "/token/cue/gap",
                json!(-1),
                "integer `-1`, expected usize at line 1",
            ),
        ] {
            let mut file = file();
            *file.pointer_mut(at).unwrap() = value;
            let error = read(&file).unwrap_err();
            assert!(error.contains("decision.json"), "{error}");
            assert!(error.contains(message), "{at}: {error}");
        }
        let mut file = file();
        file["sentence"]["doubt"]
            .as_object_mut()
            .unwrap()
            .remove("strongest");
        assert!(
            read(&file)
                .unwrap_err()
                .contains("missing field `strongest`")
        );
        file["sentence"]["doubt"]["strong"] = json!(0.5);
        assert!(read(&file).unwrap_err().contains("unknown field `strong`"));
    }
}
