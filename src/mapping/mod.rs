//! What the labels of somebody else's checkpoint stand for.
//!
//! A mapping goes from the names in a checkpoint's `id2label` to outputs of ours: framing
//! devices of the taxonomy, the outputs that are no labels, names of the checkpoint's own
//! (`other:…`), or nothing. Those of known annotation schemes ship; a folder brings its
//! own as `labels.map.toml`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use thiserror::Error;

use crate::calibrate::{Activation, SENTENCE_EXTRAS, TOKEN_EXTRAS};
use crate::label::{self, Family, OTHER, taxonomy};

/// The file of a model folder that holds its mapping.
pub const FILE: &str = "labels.map.toml";

/// What a label is mapped to that is the absence of the others.
const NONE: &str = "none";

/// The mappings that ship.
const SHIPPED: [(&str, &str); 4] = [
    ("ptc-14", include_str!("ptc-14.toml")),
    ("ptc-18", include_str!("ptc-18.toml")),
    ("semeval-2023", include_str!("semeval-2023.toml")),
    ("babe", include_str!("babe.toml")),
];

/// From a checkpoint's labels to outputs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LabelMap {
    /// Whether the labels exclude one another, where `config.json` does not say it.
    problem_type: Option<ProblemType>,
    labels: BTreeMap<String, Targets>,
}

/// The two kinds of classifiers, as `transformers` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ProblemType {
    SingleLabelClassification,
    MultiLabelClassification,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Targets {
    One(String),
    Several(Vec<String>),
}

/// A mapping that cannot be used.
#[derive(Debug, Error)]
pub enum MappingError {
    /// There is no such mapping.
    #[error(
        "{name}: {cause}; a mapping is a file like labels.map.toml, or one of {}",
        shipped().collect::<Vec<_>>().join(", ")
    )]
    Unreadable {
        /// What was asked for.
        name: String,
        /// Why it cannot be read.
        cause: std::io::Error,
    },
    /// It is no mapping.
    #[error("{name}: {reason}")]
    Invalid {
        /// Where it was read.
        name: String,
        /// What is wrong in it.
        reason: String,
    },
}

/// Names of the mappings that ship.
pub fn shipped() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}

impl LabelMap {
    /// The mapping of that name, or the one in that file.
    ///
    /// # Errors
    /// When there is neither, or the file holds something else.
    pub fn named(name: &str) -> Result<Self, MappingError> {
        if let Some((_, text)) = SHIPPED.iter().find(|(known, _)| *known == name) {
            return Self::from_toml(name, text);
        }
        let text =
            std::fs::read_to_string(Path::new(name)).map_err(|cause| MappingError::Unreadable {
                name: name.to_owned(),
                cause,
            })?;
        Self::from_toml(name, &text)
    }

    /// Reads a mapping; `name` is for errors.
    ///
    /// # Errors
    /// When it is no TOML of this form, or a label stands for something that is no output.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, MappingError> {
        let invalid = |reason: String| MappingError::Invalid {
            name: name.to_owned(),
            reason,
        };
        let map: Self = toml::from_str(text).map_err(|e| invalid(e.to_string()))?;
        for (label, targets) in &map.labels {
            for target in targets.as_slice() {
                if target != NONE && !is_output(target) {
                    let known = outputs().chain([NONE]);
                    return Err(invalid(format!(
                        "`{label}` stands for `{target}`{}; it stands for a framing device \
                         (`rhetor labels`), one of {}, a name of your own as `{OTHER}name`, or \
                         `{NONE}`",
                        label::suggestion(target, known),
                        extras().collect::<Vec<_>>().join(", "),
                    )));
                }
            }
        }
        Ok(map)
    }

    /// The outputs that a label stands for; `None` when the mapping does not have it.
    pub(crate) fn outputs(&self, label: &str) -> Option<impl Iterator<Item = &str>> {
        let targets = self.labels.get(label)?.as_slice();
        Some(targets.iter().map(String::as_str).filter(|t| *t != NONE))
    }

    /// Whether the labels exclude one another, if it says so.
    pub(crate) fn activation(&self) -> Option<Activation> {
        self.problem_type.map(|problem| match problem {
            ProblemType::SingleLabelClassification => Activation::Softmax,
            ProblemType::MultiLabelClassification => Activation::Sigmoid,
        })
    }

    /// The first shipped mapping that has all of these labels.
    pub(crate) fn fitting(labels: &[&str]) -> Option<&'static str> {
        shipped().find(|name| {
            Self::named(name).is_ok_and(|map| labels.iter().all(|l| map.labels.contains_key(*l)))
        })
    }
}

impl Targets {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(target) => std::slice::from_ref(target),
            Self::Several(targets) => targets,
        }
    }
}

/// Whether a name is one that a label can stand for.
pub(crate) fn is_output(name: &str) -> bool {
    outputs().any(|output| output == name)
        || name.strip_prefix(OTHER).is_some_and(|own| !own.is_empty())
}

fn outputs() -> impl Iterator<Item = &'static str> {
    let labels = taxonomy().labels.iter();
    labels
        .filter(|label| label.family == Family::Framing)
        .map(|label| label.id.as_str())
        .chain(extras())
}

/// Outputs that are no labels, each once.
fn extras() -> impl Iterator<Item = &'static str> {
    let tokens = TOKEN_EXTRAS.into_iter();
    SENTENCE_EXTRAS
        .into_iter()
        .chain(tokens.filter(|name| !SENTENCE_EXTRAS.contains(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets<'m>(map: &'m LabelMap, label: &str) -> Vec<&'m str> {
        map.outputs(label).unwrap().collect()
    }

    #[test]
    fn the_shipped_mappings_are_whole() {
        let sizes = [14, 18, 23, 3];
        for (name, size) in shipped().zip(sizes) {
            assert_eq!(LabelMap::named(name).unwrap().labels.len(), size, "{name}");
        }
        let ptc = LabelMap::named("ptc-14").unwrap();
        for label in taxonomy().labels.iter().filter(|l| l.ptc.is_some()) {
            assert_eq!(targets(&ptc, label.ptc.as_ref().unwrap()), [&label.id]);
        }
        let babe = LabelMap::named("babe").unwrap();
        assert_eq!(targets(&babe, "Biased"), ["biased", "other:biased"]);
        assert!(targets(&babe, "Non-biased").is_empty());
    }

    #[test]
    fn the_scheme_of_labels_is_found() {
        assert_eq!(LabelMap::fitting(&["Doubt", "Slogans"]), Some("ptc-14"));
        assert_eq!(LabelMap::fitting(&["Doubt", "Straw_Men"]), Some("ptc-18"));
        assert_eq!(LabelMap::fitting(&["LABEL_0"]), None);
    }

    #[test]
    fn what_is_no_mapping_is_refused() {
        for (text, message) in [
            ("[labels]\nA = 'dout'", "(did you mean `doubt`?)"),
            ("[labels]\nA = 'hearsay'", "`A` stands for `hearsay`"),
            ("[labels]\nA = 'other:'", "`A` stands for `other:`"),
            ("[names]\nA = 'doubt'", "unknown field `names`"),
            ("problem-type = 'regression'\n[labels]", "unknown variant"),
        ] {
            let error = LabelMap::from_toml("mine.toml", text)
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with("mine.toml: ") && error.contains(message),
                "{error}"
            );
        }
        let error = LabelMap::named("ptc-19").unwrap_err().to_string();
        assert!(
            error.contains("ptc-19") && error.contains("semeval-2023"),
            "{error}"
        );
    }
}
