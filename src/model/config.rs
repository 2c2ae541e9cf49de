//! `config.json`: which network the weights are of, and what its outputs mean.
//!
//! A model of rhetor's own says in a block `rhetor` what it reads of the sentence and what
//! on the tokens. Any other is a plain token or sequence classifier of `transformers`,
//! whose labels a [`LabelMap`] may have to translate. Whatever would have to be guessed is
//! asked for.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::ModelError;
use crate::backend::{Architecture, Head, Network};
use crate::calibrate::{Activation, Columns, SENTENCE_EXTRAS, TOKEN_EXTRAS};
use crate::mapping::{self, LabelMap};

/// What `config.json` says.
pub(super) struct Config {
    pub(super) network: Network,
    pub(super) columns: Columns,
    /// Outputs that are read of the sentence.
    pub(super) sentence: Vec<String>,
    /// Outputs that are read on the tokens.
    pub(super) token: Vec<String>,
    /// Whether it is a model of rhetor's own.
    pub(super) own: bool,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    model_type: String,
    architectures: Option<Vec<String>>,
    max_position_embeddings: usize,
    pad_token_id: Option<usize>,
    id2label: Option<BTreeMap<usize, String>>,
    problem_type: Option<String>,
    auto_map: Option<serde_json::Value>,
    rhetor: Option<Rhetor>,
}

#[derive(Deserialize)]
struct Rhetor {
    format: u32,
    sentence: Vec<String>,
    token: Vec<String>,
}

impl Config {
    pub(super) fn parse(json: &[u8], map: Option<&LabelMap>) -> Result<Self, ModelError> {
        let file: File = serde_json::from_slice(json).map_err(|e| invalid(e.to_string()))?;
        let labels = labels(file.id2label.as_ref())?;
        let network = file.network(labels.len())?;
        if let Some(rhetor) = file.rhetor {
            if rhetor.format != 1 {
                return Err(invalid(format!(
                    "`rhetor.format` is {}; this version reads 1",
                    rhetor.format
                )));
            }
            return Ok(Self {
                network,
                columns: Columns::own(labels),
                sentence: rhetor.sentence,
                token: rhetor.token,
                own: true,
            });
        }
        let scheme = Scheme::of(&labels, network.head);
        let activation = match (&scheme, file.problem_type.as_deref()) {
            (Scheme::Bio, _) | (Scheme::Plain, Some("single_label_classification")) => {
                Activation::Softmax
            }
            (Scheme::Plain, Some("multi_label_classification")) => Activation::Sigmoid,
            (Scheme::Plain, Some(other)) => {
                return Err(invalid(format!(
                    "problem_type is `{other}`; this version reads \
                     single_label_classification and multi_label_classification"
                )));
            }
            (Scheme::Plain, None) => map.and_then(LabelMap::activation).ok_or_else(|| {
                invalid(format!(
                    "it has no problem_type, so it is not known whether its labels exclude one \
                     another; add `\"problem_type\": \"single_label_classification\"` (softmax) \
                     or `\"multi_label_classification\"` (sigmoid) to it, or `problem-type` to \
                     {}",
                    mapping::FILE
                ))
            })?,
        };
        let (names, groups) = scheme.outputs(&labels, map)?;
        if let Some(i) = groups.iter().position(|group| group.len() == labels.len())
            && activation == Activation::Softmax
        {
            return Err(invalid(format!(
                "every label stands for `{}`, so its probability would always be 1; with \
                 one label, or without one for the rest, problem_type is \
                 multi_label_classification",
                names[i]
            )));
        }
        let (sentence, token) = read_at(&names, network.head)?;
        Ok(Self {
            network,
            columns: Columns::grouped(activation, names, groups),
            sentence,
            token,
            own: false,
        })
    }
}

impl File {
    fn network(&self, outputs: usize) -> Result<Network, ModelError> {
        let known = Architecture::ALL
            .into_iter()
            .find(|(_, model_type, _)| *model_type == self.model_type);
        let Some((architecture, _, stem)) = known else {
            return Err(invalid(format!(
                "model_type is `{}`; this version reads {}",
                self.model_type,
                Architecture::ALL.map(|(_, name, _)| name).join(", ")
            )));
        };
        let classes = self.architectures.as_deref().unwrap_or_default();
        let class = |head: &str| format!("{stem}For{head}Classification");
        let head = match classes {
            // Said by the block `rhetor`.
            [] if self.rhetor.is_some() => Head::Token,
            [one] if *one == class("Token") => Head::Token,
            [one] if *one == class("Sequence") => Head::Sequence,
            _ => {
                let found = match classes {
                    [] => "missing".to_owned(),
                    _ => format!("`{}`", classes.join("`, `")),
                };
                return Err(invalid(format!(
                    "architectures is {found}; this version reads the heads {} and {}, and no \
                     head of a checkpoint's own",
                    class("Token"),
                    class("Sequence")
                )));
            }
        };
        if self.auto_map.is_some() {
            return Err(invalid(
                "auto_map names Python code that comes with the checkpoint; this version reads \
                 the networks of `transformers` only"
                    .to_owned(),
            ));
        }
        let unused = if architecture.counts_from_padding() {
            self.pad_token_id.unwrap_or(1) + 1
        } else {
            0
        };
        Ok(Network {
            architecture,
            head,
            outputs,
            positions: self.max_position_embeddings.saturating_sub(unused),
        })
    }
}

/// How labels stand for outputs.
enum Scheme {
    /// `B-Doubt`, `I-Doubt`, …, `O`: spans, one label a token.
    Bio,
    /// Each label by its name.
    Plain,
}

impl Scheme {
    fn of(labels: &[String], head: Head) -> Self {
        let bio = |label: &String| label == "O" || bare(label) != label;
        if head == Head::Token && labels.iter().all(bio) {
            Self::Bio
        } else {
            Self::Plain
        }
    }

    /// The outputs, in the order in which labels first stand for them, and the columns of
    /// each.
    fn outputs(
        &self,
        labels: &[String],
        map: Option<&LabelMap>,
    ) -> Result<(Vec<String>, Vec<Vec<usize>>), ModelError> {
        let bare = |label| match self {
            Self::Bio => bare(label),
            Self::Plain => label,
        };
        let mut names: Vec<String> = Vec::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut unknown = Vec::new();
        for (column, label) in labels.iter().map(|label| bare(label)).enumerate() {
            let mapped = map.and_then(|map| map.outputs(label));
            let targets: Vec<&str> = match mapped {
                Some(targets) => targets.collect(),
                // The absence of a label, in the two words for it that mean nothing else.
                None if matches!(label, "O" | "none") => Vec::new(),
                None if mapping::is_output(label) => vec![label],
                None => {
                    unknown.push(label);
                    continue;
                }
            };
            for target in targets {
                let known = names.iter().position(|name| name == target);
                let at = known.unwrap_or_else(|| {
                    names.push(target.to_owned());
                    groups.push(Vec::new());
                    names.len() - 1
                });
                groups[at].push(column);
            }
        }
        if let Some(first) = unknown.first() {
            let remedy = match LabelMap::fitting(&unknown) {
                Some(shipped) => format!("--label-map {shipped} knows them"),
                None => format!(
                    "say in a {} what each stands for (`[labels]`, then lines like \
                     `\"{first}\" = \"doubt\"`, `\"other:{}\"` or `\"none\"`), beside the model or \
                     with --label-map FILE",
                    mapping::FILE,
                    first.to_lowercase().replace([' ', '_'], "-")
                ),
            };
            let more = match unknown.len() - 1 {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            return Err(invalid(format!(
                "the taxonomy has no label `{first}`{more}; {remedy}"
            )));
        }
        if names.is_empty() {
            return Err(invalid(
                "none of its labels stands for an output".to_owned(),
            ));
        }
        Ok((names, groups))
    }
}

/// The label without `B-`, `I-` and the like.
fn bare(label: &str) -> &str {
    let tagged = |tag: &str| label.strip_prefix(tag);
    ["B-", "I-", "E-", "S-", "L-", "U-"]
        .into_iter()
        .find_map(tagged)
        .unwrap_or(label)
}

/// Which outputs are read of the sentence, and which on the tokens. A label on the tokens
/// is one of the sentence too.
fn read_at(names: &[String], head: Head) -> Result<(Vec<String>, Vec<String>), ModelError> {
    let extra = |name: &str, extras: &[&str]| extras.contains(&name);
    let of = |extras: &[&str]| -> Vec<String> {
        let others = |name: &&String| {
            let no_extra = !extra(name, &SENTENCE_EXTRAS) && !extra(name, &TOKEN_EXTRAS);
            no_extra || extra(name, extras)
        };
        names.iter().filter(others).cloned().collect()
    };
    let (sentence, token) = match head {
        Head::Sequence => (of(&SENTENCE_EXTRAS), Vec::new()),
        Head::Token => (of(&SENTENCE_EXTRAS), of(&TOKEN_EXTRAS)),
    };
    let (here, there) = match head {
        Head::Sequence => (
            &sentence,
            "the tokens; this checkpoint has a head for sentences",
        ),
        Head::Token => (&token, "a sentence; this checkpoint has a head for tokens"),
    };
    match names.iter().find(|name| !here.contains(name)) {
        Some(name) => Err(invalid(format!(
            "a label stands for `{name}`, which is read of {there}"
        ))),
        None => Ok((sentence, token)),
    }
}

fn labels(id2label: Option<&BTreeMap<usize, String>>) -> Result<Vec<String>, ModelError> {
    let id2label = id2label.ok_or_else(|| {
        invalid("it has no id2label, which names the labels by their numbers from 0".to_owned())
    })?;
    if !id2label.keys().copied().eq(0..id2label.len()) {
        return Err(invalid(
            "id2label does not count from 0 without gaps".to_owned(),
        ));
    }
    Ok(id2label.values().cloned().collect())
}

fn invalid(reason: String) -> ModelError {
    ModelError::Invalid {
        file: "config.json",
        reason,
    }
}
