//! The names of what is annotated: the model's outputs, what corpora call them, and
//! which of them are annotated together.

use crate::label::{Family, Label, Scope, taxonomy};

pub(super) const ANY_DEVICE: &str = "any-device";
pub(super) const ATTRIBUTED: &str = "attributed";
pub(super) const CUE: &str = "cue";
pub(super) const CONTENT: &str = "content";

/// Names of spans in public corpora, beside those of PTC, which labels.toml holds.
const SPAN_NAMES: &[(&str, &str)] = &[
    // PolNeAR (Newell, Margolin and Ruths, LREC 2018).
    ("Source", "source"),
    ("Cue", CUE),
    ("Content", CONTENT),
    // BABE (Spinde et al., Findings of EMNLP 2021).
    ("biased_word", "biased"),
];

/// Outputs that one annotator marks in one pass: where one of them was looked for, all
/// were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// The framing devices.
    Framing,
    /// Who says what.
    Attribution,
    /// A vague or unnamed source.
    Weasel,
    /// A claim worth checking.
    CheckWorthy,
    /// The author's opinion.
    Subjective,
    /// Biased wording.
    Biased,
    /// The sourcing gaps of a sentence, which rules find: no outputs of the model, so nothing
    /// of them is trained or scored.
    Sourcing,
}

impl Group {
    /// In the order of the model's outputs, and then what the model does not say.
    const ALL: [Self; 7] = [
        Self::Framing,
        Self::Attribution,
        Self::Weasel,
        Self::CheckWorthy,
        Self::Subjective,
        Self::Biased,
        Self::Sourcing,
    ];

    /// Its token outputs.
    pub(super) fn token(self) -> Vec<&'static str> {
        match self {
            Self::Framing => devices().chain([ANY_DEVICE]).collect(),
            Self::Attribution => vec!["source", CUE, CONTENT],
            Self::Biased => vec!["biased"],
            Self::Sourcing => gaps().collect(),
            Self::Weasel | Self::CheckWorthy | Self::Subjective => Vec::new(),
        }
    }

    /// Its sentence outputs.
    pub(super) fn sentence(self) -> Vec<&'static str> {
        match self {
            Self::Framing => devices().chain([ANY_DEVICE]).collect(),
            Self::Attribution => vec![ATTRIBUTED],
            Self::Weasel => vec!["weasel"],
            Self::CheckWorthy => vec!["check-worthy"],
            Self::Subjective => vec!["subjective"],
            Self::Biased => vec!["biased"],
            Self::Sourcing => gaps().collect(),
        }
    }
}

fn framing() -> impl Iterator<Item = &'static Label> {
    let labels = taxonomy().labels.iter();
    labels.filter(|label| label.family == Family::Framing)
}

fn devices() -> impl Iterator<Item = &'static str> {
    framing().map(|label| label.id.as_str())
}

/// Whether an output is one of the framing devices.
pub(super) fn is_device(output: &str) -> bool {
    devices().any(|id| id == output)
}

/// The sourcing gaps of a sentence.
pub(crate) fn gaps() -> impl Iterator<Item = &'static str> {
    let labels = taxonomy().labels.iter();
    labels
        .filter(|label| label.family == Family::Sourcing && label.scope == Scope::Sentence)
        .map(|label| label.id.as_str())
}

/// Whether a sentence that words marked so stand in bears a label of that name.
pub(super) fn labels_sentences(output: &str) -> bool {
    is_device(output) || output == "biased" || gaps().any(|id| id == output)
}

/// Every token output, in the order of the model's outputs.
pub(super) fn token_outputs() -> Vec<&'static str> {
    Group::ALL.into_iter().flat_map(Group::token).collect()
}

/// Every sentence output, in the order of the model's outputs.
pub(super) fn sentence_outputs() -> Vec<&'static str> {
    Group::ALL.into_iter().flat_map(Group::sentence).collect()
}

/// The output that a name stands for in any corpus; its own name stands for it too.
fn output(name: &str, outputs: &[&'static str]) -> Option<&'static str> {
    let named = framing()
        .find(|label| label.ptc.as_deref() == Some(name))
        .map(|label| label.id.as_str())
        .or_else(|| {
            let known = SPAN_NAMES.iter().find(|(known, _)| *known == name)?;
            Some(known.1)
        });
    outputs
        .iter()
        .find(|&&known| known == named.unwrap_or(name))
        .copied()
}

/// The one of these token outputs whose spans bear this label.
pub(super) fn of_span(label: &str, outputs: &[&'static str]) -> Option<&'static str> {
    output(label, outputs).filter(|&output| output != ANY_DEVICE)
}

/// The sentence output that this label of a sentence stands for.
pub(super) fn of_sentence(label: &str) -> Option<&'static str> {
    output(label, &sentence_outputs())
}

/// The token outputs that were looked for where spans of these are marked.
pub(super) fn tokens_with<'o>(marked: impl Iterator<Item = &'o str>) -> Vec<&'static str> {
    with(marked, Group::token)
}

/// The sentence outputs that were looked for where sentences bear these. `any-device`
/// alone says nothing of the single devices.
pub(super) fn sentences_with<'o>(marked: impl Iterator<Item = &'o str>) -> Vec<&'static str> {
    let marked: Vec<&str> = marked.collect();
    let devices = marked.iter().any(|output| is_device(output));
    let found = with(marked.iter().copied(), Group::sentence);
    found
        .into_iter()
        .filter(|&output| devices || !is_device(output))
        .collect()
}

fn with<'o>(
    marked: impl Iterator<Item = &'o str>,
    outputs: fn(Group) -> Vec<&'static str>,
) -> Vec<&'static str> {
    let marked: Vec<&str> = marked.collect();
    Group::ALL
        .into_iter()
        .map(outputs)
        .filter(|group| group.iter().any(|output| marked.contains(output)))
        .flatten()
        .collect()
}
