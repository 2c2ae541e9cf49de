//! From logits to probabilities and decisions.
//!
//! The only place that knows about sigmoid, temperature and thresholds. A sentence
//! output may weigh the strongest token against `[CLS]`; a temperature per output, and for
//! sentences a bias, make its probabilities mean what they say; a threshold per output turns them into findings.
//! All of them were fitted on the tune part of the training corpora and lie in the model
//! folder's `decision.json` ([`Decision`]).

mod adjust;
mod columns;
mod decision;

use std::collections::BTreeMap;

use ndarray::Array2;

pub use self::adjust::AdjustError;
pub use self::columns::{Activation, Columns};
pub use self::decision::{Decision, FORMAT, SentenceDecision, Standing, TokenDecision};
use crate::label;
use crate::model::ModelError;

/// Sentence outputs that are no labels: they make no findings by themselves.
pub const SENTENCE_EXTRAS: [&str; 6] = [
    "any-device", "attributed", "weasel", "check-worthy", "subjective", "biased",
];

/// Token outputs that are no labels.
pub const TOKEN_EXTRAS: [&str; 5] = ["any-device", "source", "cue", "content", "biased"];

/// One output of the model, at one level.
#[derive(Debug, Clone)]
pub struct Output<D> {
    /// Its name: a label id, or one of [`SENTENCE_EXTRAS`] or [`TOKEN_EXTRAS`].
    pub name: String,
    /// Its column in the logits.
    column: usize,
    /// How its probability is read.
    pub decision: D,
}

/// What a model says and how to read it.
#[derive(Debug, Clone)]
pub struct Outputs {
    /// Read of the sentence.
    pub sentence: Vec<Output<SentenceDecision>>,
    /// Read on the tokens.
    pub token: Vec<Output<TokenDecision>>,
    /// All outputs in the order of the classifier.
    columns: Vec<String>,
    /// For each of `sentence`: the columns of the token outputs that say the same.
    partners: Vec<Vec<usize>>,
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
    /// When an output is listed twice, is neither a label nor known otherwise, or has no
    /// column or no decision; when `strongest` is over 0 without a token output for it.
    pub fn new(
        columns: &[String],
        sentence: &[String],
        token: &[String],
        decision: &Decision,
    ) -> Result<Self, ModelError> {
        let sentence = join(columns, sentence, &SENTENCE_EXTRAS, &decision.sentence)?;
        let token = join(columns, token, &TOKEN_EXTRAS, &decision.token)?;
        let partners: Vec<Vec<usize>> = sentence
            .iter()
            .map(|output| partners(&output.name, &token))
            .collect();
        for (output, partners) in sentence.iter().zip(&partners) {
            if partners.is_empty() && output.decision.strongest > 0.0 {
                return Err(ModelError::Invalid {
                    file: "decision.json",
                    reason: format!(
                        "the sentence output `{}` has strongest {}, but no token output says \
                         the same; it must be 0",
                        output.name, output.decision.strongest
                    ),
                });
            }
        }
        Ok(Self {
            sentence,
            token,
            columns: columns.to_vec(),
            partners,
        })
    }

    /// The same outputs, read by another decision.
    ///
    /// # Errors
    /// As [`Outputs::new`].
    pub fn decided(&self, decision: &Decision) -> Result<Self, ModelError> {
        let sentence: Vec<String> = self.sentence.iter().map(|o| o.name.clone()).collect();
        let token: Vec<String> = self.token.iter().map(|o| o.name.clone()).collect();
        Self::new(&self.columns, &sentence, &token, decision)
    }

    /// Probabilities from the merged logits of one sentence: row 0 is `[CLS]`, one row a
    /// token follows.
    #[must_use]
    pub fn scores(&self, logits: &Array2<f32>) -> Scores {
        let sentence = self
            .sentence
            .iter()
            .enumerate()
            .map(|(i, o)| {
                let SentenceDecision {
                    temperature, bias, ..
                } = o.decision;
                probability(self.sentence_logit(logits, i) / temperature + bias)
            })
            .collect();
        let token = Array2::from_shape_fn((logits.nrows() - 1, self.token.len()), |(row, i)| {
            let output = &self.token[i];
            probability(logits[[row + 1, output.column]] / output.decision.temperature)
        });
        Scores { sentence, token }
    }

    /// The logit of sentence output `i` before temperature: that on `[CLS]` and that of
    /// the strongest token, weighed by [`SentenceDecision::strongest`].
    #[must_use]
    pub fn sentence_logit(&self, logits: &Array2<f32>, i: usize) -> f32 {
        let output = &self.sentence[i];
        let cls = logits[[0, output.column]];
        let weight = output.decision.strongest;
        if weight == 0.0 {
            return cls;
        }
        self.strongest_token(logits, i)
            .map_or(cls, |token| (1.0 - weight) * cls + weight * token)
    }

    /// The largest logit on a token of the token output that says the same as sentence
    /// output `i`: that of its name, and `cue` or `content` for `attributed`. `None` when
    /// the model has no such output or the sentence no token.
    #[must_use]
    pub fn strongest_token(&self, logits: &Array2<f32>, i: usize) -> Option<f32> {
        self.partners[i]
            .iter()
            .flat_map(|&column| logits.column(column).into_iter().skip(1))
            .copied()
            .max_by(f32::total_cmp)
    }

    /// Whether a token output says the same as sentence output `i`, so that its strongest
    /// token can weigh in.
    #[must_use]
    pub fn has_tokens(&self, i: usize) -> bool {
        !self.partners[i].is_empty()
    }

    /// The logit of token output `i` on a token, counted from 0, before temperature.
    #[must_use]
    pub fn token_logit(&self, logits: &Array2<f32>, token: usize, i: usize) -> f32 {
        logits[[token + 1, self.token[i].column]]
    }

    /// By sentence output: the probability from which it counts as on. An output that is
    /// off has none.
    #[must_use]
    pub fn thresholds(&self) -> BTreeMap<String, f32> {
        self.sentence
            .iter()
            .filter(|output| !output.decision.is_off())
            .map(|output| (output.name.clone(), output.decision.threshold))
            .collect()
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

/// The columns of the token outputs that say of a token what this one says of a sentence.
fn partners(name: &str, token: &[Output<TokenDecision>]) -> Vec<usize> {
    let names: &[&str] = match name {
        "attributed" => &["cue", "content"],
        _ => &[name],
    };
    token
        .iter()
        .filter(|output| names.contains(&output.name.as_str()))
        .map(|output| output.column)
        .collect()
}

fn join<D: Clone>(
    columns: &[String],
    names: &[String],
    extras: &[&str],
    decisions: &BTreeMap<String, D>,
) -> Result<Vec<Output<D>>, ModelError> {
    let config = |reason: String| ModelError::Invalid {
        file: "config.json",
        reason,
    };
    names
        .iter()
        .enumerate()
        .map(|(i, name)| {
            if names[..i].contains(name) {
                return Err(config(format!("`rhetor` lists the output `{name}` twice")));
            }
            if label::of_output(name).is_none() && !extras.contains(&name.as_str()) {
                return Err(config(format!(
                    "`rhetor` lists the output `{name}`, which is neither a label \
                     (`rhetor labels`) nor one of {}",
                    extras.join(", ")
                )));
            }
            let column = columns.iter().position(|c| c == name).ok_or_else(|| {
                config(format!(
                    "`rhetor` lists the output `{name}`, id2label does not"
                ))
            })?;
            let decision = decisions.get(name).ok_or_else(|| ModelError::Invalid {
                file: "decision.json",
                reason: format!("it has no entry for the output `{name}`"),
            })?;
            Ok(Output {
                name: name.clone(),
                column,
                decision: decision.clone(),
            })
        })
        .collect()
}

/// The sigmoid of a calibrated logit, rounded to four places, so that the number in a
/// report is the number that was decided upon.
#[must_use]
pub fn probability(logit: f32) -> f32 {
    (1e4 / (1.0 + (-logit).exp())).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    fn decision(sentence: &[&str], token: &[&str]) -> Decision {
        Decision::unfitted("", &names(sentence), &names(token), false)
    }

    fn outputs(
        columns: &[&str],
        sentence: &[&str],
        token: &[&str],
        decision: &Decision,
    ) -> Result<Outputs, String> {
        Outputs::new(&names(columns), &names(sentence), &names(token), decision)
            .map_err(|e| e.to_string())
    }

    #[test]
    fn logits_become_probabilities_by_column_and_temperature() {
        let mut decision = decision(&["doubt"], &["cue"]);
        let doubt = decision.sentence.get_mut("doubt").unwrap();
        (doubt.temperature, doubt.bias) = (2.0, -0.5);
        let outputs = outputs(&["cue", "doubt"], &["doubt"], &["cue"], &decision).unwrap();
        let scores = outputs.scores(&array![[9.0, 3.0], [0.0, 9.0], [-1.0, 9.0]]);
        // sigmoid(1) and sigmoid(-1) from a table.
        assert!((scores.sentence[0] - 0.7311).abs() < 1e-6);
        assert_eq!(scores.token.dim(), (2, 1));
        assert!((scores.token[[0, 0]] - 0.5).abs() < 1e-6);
        assert!((scores.token[[1, 0]] - 0.2689).abs() < 1e-6);
    }

    #[test]
    fn the_strongest_token_weighs_in() {
        let (sentence, token) = (
            ["doubt", "attributed", "weasel"],
            ["doubt", "source", "cue", "content"],
        );
        let columns = ["doubt", "attributed", "weasel", "source", "cue", "content"];
        let logits = array![
            [1.0, -2.0, 0.5, 7.0, 7.0, 7.0], // [CLS]
            [5.0, 9.0, 9.0, 9.0, -1.0, 2.0],
            [3.0, 9.0, 9.0, 9.0, 0.0, 1.0],
        ];
        let mut decision = decision(&sentence, &token);
        let at = |decision: &Decision, logits: &Array2<f32>| {
            let outputs = outputs(&columns, &sentence, &token, decision).unwrap();
            [0, 1, 2].map(|i| {
                (
                    outputs.sentence_logit(logits, i),
                    outputs.strongest_token(logits, i),
                )
            })
        };
        // Without a weight, `[CLS]` alone; `weasel` has no token output.
        assert_eq!(
            at(&decision, &logits),
            [(1.0, Some(5.0)), (-2.0, Some(2.0)), (0.5, None)]
        );
        decision.sentence.get_mut("doubt").unwrap().strongest = 0.25;
        decision.sentence.get_mut("attributed").unwrap().strongest = 1.0;
        assert_eq!(
            at(&decision, &logits),
            [(2.0, Some(5.0)), (2.0, Some(2.0)), (0.5, None)]
        );
        // A sentence without tokens.
        let cls = array![[1.0, -2.0, 0.5, 7.0, 7.0, 7.0]];
        assert_eq!(
            at(&decision, &cls),
            [(1.0, None), (-2.0, None), (0.5, None)]
        );

        decision.sentence.get_mut("weasel").unwrap().strongest = 0.1;
        let error = outputs(&columns, &sentence, &token, &decision).unwrap_err();
        assert!(error.contains("`weasel` has strongest 0.1"), "{error}");
    }

    #[test]
    fn another_decision_keeps_the_columns() {
        let columns = ["cue", "doubt"];
        let mut decision = decision(&["doubt"], &["cue"]);
        let first = outputs(&columns, &["doubt"], &["cue"], &decision).unwrap();
        decision.sentence.get_mut("doubt").unwrap().temperature = 2.0;
        let second = first.decided(&decision).unwrap();
        let logits = array![[9.0, 2.0], [0.0, 9.0]];
        assert!((first.scores(&logits).sentence[0] - 0.8808).abs() < 1e-6);
        assert!((second.scores(&logits).sentence[0] - 0.7311).abs() < 1e-6);
        decision.token.clear();
        assert!(first.decided(&decision).is_err());
    }

    #[test]
    fn outputs_that_do_not_fit_are_named() {
        let columns = ["cue", "doubt", "irony", "slogan"];
        let decision = decision(&["doubt", "cue", "irony"], &["weasel"]);
        for (sentence, token, message) in [
            (vec!["doubt", "doubt"], vec![], "`doubt` twice"),
            (vec!["biased"], vec![], "`biased`, id2label does not"),
            (vec!["slogan"], vec![], "no entry for the output `slogan`"),
            (vec!["irony"], vec![], "`irony`, which is neither a label"),
            (vec!["cue"], vec![], "`cue`, which is neither a label"),
            (vec![], vec!["weasel"], "`weasel`, which is neither a label"),
        ] {
            let error = outputs(&columns, &sentence, &token, &decision).unwrap_err();
            assert!(error.contains(message), "{error}");
        }
    }
}
