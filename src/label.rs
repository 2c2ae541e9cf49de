//! The taxonomy: every label that a finding can bear, read from `labels.toml`.
//!
//! The file is the one place where a label is described; `rhetor labels`, `rhetor
//! explain`, reports, the JSON Schema and tests read it from here. [`Selection`] is
//! the set of labels that a run was asked for.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The two families of labels, and those that are not ours.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Framing devices: how the words work on the reader.
    Framing,
    /// Sourcing gaps: what the reader is not told about where a claim comes from.
    Sourcing,
    /// Labels of somebody else's model that the taxonomy does not define: `other:…`.
    Other,
}

impl Family {
    /// Those of the taxonomy, in its order.
    pub const ALL: [Self; 2] = [Self::Framing, Self::Sourcing];

    /// The name used in reports and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Framing => "framing",
            Self::Sourcing => "sourcing",
            Self::Other => "other",
        }
    }

    /// What its labels are about.
    #[must_use]
    pub fn subject(self) -> &'static str {
        match self {
            Self::Framing => "how the words work on the reader",
            Self::Sourcing => "what the reader is not told about where a claim comes from",
            Self::Other => "what a model of somebody else's looks for",
        }
    }
}

/// What a label is said of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// A sentence.
    Sentence,
    /// A whole document.
    Document,
}

/// A sentence that shows what a label is, or what it is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The sentence, invented.
    pub text: String,
    /// Whether the label applies.
    pub fires: bool,
    /// The words that make it apply, each found in `text`; empty when it does not.
    pub evidence: Vec<String>,
    /// Why it does not apply, or empty.
    pub note: String,
}

/// One entry of the taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Stable, lower-case, hyphenated.
    pub id: String,
    /// Its family.
    pub family: Family,
    /// For people.
    pub name: String,
    /// What a sentence with this label does.
    pub definition: String,
    /// Why a reader should care.
    pub why: String,
    /// Where it ends and its neighbours begin.
    pub boundary: String,
    /// What finds it.
    pub found_by: String,
    /// What it is said of.
    pub scope: Scope,
    /// The name in the Propaganda Techniques Corpus, for framing devices.
    pub ptc: Option<String>,
    /// Where the idea comes from.
    pub references: Vec<String>,
    /// Sentences that show it.
    #[serde(rename = "example")]
    pub examples: Vec<Example>,
}

/// All labels, in order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taxonomy {
    /// Raised when a label is added, removed or redefined.
    pub version: u32,
    /// The labels.
    #[serde(rename = "label")]
    pub labels: Vec<Label>,
}

static TAXONOMY: LazyLock<Taxonomy> = LazyLock::new(|| {
    toml::from_str(include_str!("labels.toml")).expect("labels.toml is tested to be readable")
});

/// The taxonomy that this version of rhetor was built with.
#[must_use]
pub fn taxonomy() -> &'static Taxonomy {
    &TAXONOMY
}

/// The label with this id, which is known to exist.
///
/// # Panics
/// When the taxonomy has no such label; for ids written in this crate's own code.
#[must_use]
pub(crate) fn known(id: &str) -> &'static Label {
    taxonomy()
        .get(id)
        .unwrap_or_else(|| panic!("labels.toml has no label `{id}`"))
}

/// What the names of labels begin with that somebody else's model brings.
pub const OTHER: &str = "other:";

/// The label that a model's output of this name stands for: one of the taxonomy, or one
/// of the model's own (`other:…`). `None` for an output that is no label.
#[must_use]
pub fn of_output(name: &str) -> Option<&'static Label> {
    /// One for each name that was ever asked for, for as long as the program runs.
    static OTHERS: Mutex<BTreeMap<String, &'static Label>> = Mutex::new(BTreeMap::new());
    let own = name.strip_prefix(OTHER).filter(|own| !own.is_empty());
    let Some(own) = own else {
        return taxonomy().get(name);
    };
    let mut others = OTHERS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(label) = others.get(name) {
        return Some(label);
    }
    let label: &'static Label = Box::leak(Box::new(Label::other(name, own)));
    others.insert(name.to_owned(), label);
    Some(label)
}

impl Label {
    /// Whether `name` is its id or its family's.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.id == name || self.family.as_str() == name
    }

    fn other(id: &str, own: &str) -> Self {
        Self {
            id: id.to_owned(),
            family: Family::Other,
            name: own.replace(['-', '_'], " "),
            definition: "A label of the model that was used; its authors say what it means.".into(),
            why: String::new(),
            boundary: String::new(),
            found_by: "model".into(),
            scope: Scope::Sentence,
            ptc: None,
            references: Vec::new(),
            examples: Vec::new(),
        }
    }
}

/// A name that is neither a label nor a family.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("there is no label or family `{name}`{suggestion}; `rhetor labels` lists them")]
pub struct UnknownLabel {
    name: String,
    suggestion: String,
}

impl Taxonomy {
    /// The label with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Label> {
        self.labels.iter().find(|label| label.id == id)
    }

    /// The label with this id, or an error that names the nearest one.
    ///
    /// # Errors
    /// When there is none.
    pub fn find(&self, id: &str) -> Result<&Label, UnknownLabel> {
        self.get(id).ok_or_else(|| self.unknown(id))
    }

    /// Refuses what is the name of no label and no family; a label of somebody else's model
    /// (`other:…`) passes.
    ///
    /// # Errors
    /// When it is, with the nearest name.
    pub fn check(&self, name: &str) -> Result<(), UnknownLabel> {
        let other = name.strip_prefix(OTHER).is_some_and(|own| !own.is_empty());
        if other
            || name == Family::Other.as_str()
            || self.labels.iter().any(|label| label.is_named(name))
        {
            Ok(())
        } else {
            Err(self.unknown(name))
        }
    }

    fn unknown(&self, name: &str) -> UnknownLabel {
        let names = self
            .labels
            .iter()
            .map(|label| label.id.as_str())
            .chain(Family::ALL.map(Family::as_str))
            .chain([Family::Other.as_str()]);
        UnknownLabel {
            name: name.to_owned(),
            suggestion: suggestion(name, names),
        }
    }
}

/// ` (did you mean …?)` with the known name that is nearest to a wrong one; nothing when
/// none is near.
#[must_use]
pub fn suggestion<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    let name = name.to_lowercase();
    known
        .map(|known| (strsim::jaro_winkler(&name, known), known))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|&(similarity, _)| similarity > 0.8)
        .map(|(_, known)| format!(" (did you mean `{known}`?)"))
        .unwrap_or_default()
}

/// The labels that a report shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// By position in the taxonomy.
    chosen: Vec<bool>,
    /// The labels of the family `other`, but those of `own`.
    others: bool,
    /// Labels of that family that were named, by id.
    own: BTreeMap<String, bool>,
}

impl Default for Selection {
    /// Every label.
    fn default() -> Self {
        Self {
            chosen: vec![true; taxonomy().labels.len()],
            others: true,
            own: BTreeMap::new(),
        }
    }
}

impl Selection {
    /// The labels named by `select` (all when empty) without those named by `ignore`.
    /// A name is the id of a label or of a family.
    ///
    /// # Errors
    /// When a name is neither.
    pub fn new(select: &[String], ignore: &[String]) -> Result<Self, UnknownLabel> {
        let mut selection = Self::default();
        if !select.is_empty() {
            selection.chosen.fill(false);
            selection.others = false;
        }
        for (names, wanted) in [(select, true), (ignore, false)] {
            for name in names {
                selection.set(name, wanted)?;
            }
        }
        Ok(selection)
    }

    fn set(&mut self, name: &str, wanted: bool) -> Result<(), UnknownLabel> {
        taxonomy().check(name)?;
        if name == Family::Other.as_str() {
            self.others = wanted;
            self.own.clear();
        }
        if name.starts_with(OTHER) {
            self.own.insert(name.to_owned(), wanted);
        }
        for (label, chosen) in taxonomy().labels.iter().zip(&mut self.chosen) {
            if label.is_named(name) {
                *chosen = wanted;
            }
        }
        Ok(())
    }

    /// Whether the label is shown.
    #[must_use]
    pub fn contains(&self, label: &Label) -> bool {
        if label.family == Family::Other {
            return self.own.get(&label.id).copied().unwrap_or(self.others);
        }
        taxonomy()
            .labels
            .iter()
            .zip(&self.chosen)
            .any(|(known, &chosen)| chosen && known.id == label.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_quotes_its_own_text() {
        assert_eq!(taxonomy().labels.len(), 26);
        for label in &taxonomy().labels {
            let fires = label.examples.iter().filter(|e| e.fires).count();
            assert!(
                fires >= 3 && label.examples.len() >= fires + 2,
                "{}: few examples",
                label.id
            );
            for example in &label.examples {
                assert_eq!(
                    example.fires,
                    !example.evidence.is_empty(),
                    "{}: {:?}",
                    label.id,
                    example.text
                );
                for words in &example.evidence {
                    assert!(
                        example.text.contains(words.as_str()),
                        "{}: {words:?}",
                        label.id
                    );
                }
            }
        }
    }

    #[test]
    fn ids_are_unique_and_grouped_by_family() {
        let labels = &taxonomy().labels;
        for (i, label) in labels.iter().enumerate() {
            assert!(
                labels[..i].iter().all(|other| other.id != label.id),
                "{} twice",
                label.id
            );
        }
        assert!(labels.is_sorted_by_key(|label| label.family));
    }

    #[test]
    fn a_selection_takes_labels_and_families() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let selection = Selection::new(&names(&["framing"]), &names(&["doubt"])).unwrap();
        assert!(selection.contains(known("slogan")));
        assert!(!selection.contains(known("doubt")));
        assert!(!selection.contains(known("hearsay")));
        assert!(Selection::new(&[], &[]).unwrap().contains(known("hearsay")));
        let other = of_output("other:biased").unwrap();
        assert!(!selection.contains(other) && Selection::default().contains(other));
        let others = Selection::new(&names(&["other"]), &[]).unwrap();
        assert!(others.contains(other) && !others.contains(known("slogan")));
        let irony = of_output("other:irony").unwrap();
        let one = Selection::new(&names(&["doubt", "other:irony"]), &[]).unwrap();
        assert!(one.contains(irony) && one.contains(known("doubt")) && !one.contains(other));
        let but_one = Selection::new(&[], &names(&["other:irony"])).unwrap();
        assert!(!but_one.contains(irony) && but_one.contains(other));
        let none = Selection::new(&names(&["other:irony"]), &names(&["other"])).unwrap();
        assert!(!none.contains(irony));
    }

    #[test]
    fn a_label_of_somebody_elses_is_one_label() {
        let label = of_output("other:appeal-to-time").unwrap();
        assert_eq!(
            (label.name.as_str(), label.family),
            ("appeal to time", Family::Other)
        );
        assert!(std::ptr::eq(label, of_output(&label.id).unwrap()));
        assert!(std::ptr::eq(known("doubt"), of_output("doubt").unwrap()));
        assert!(of_output("other:").is_none() && of_output("cue").is_none());
    }

    #[test]
    fn a_wrong_name_gets_the_nearest_one() {
        let error = Selection::new(&["loaded-langage".into()], &[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no label or family `loaded-langage` (did you mean `loaded-language`?); \
             `rhetor labels` lists them"
        );
        assert!(
            taxonomy()
                .find("zzz")
                .unwrap_err()
                .to_string()
                .contains("`zzz`; `rhetor")
        );
    }
}
