//! `manifest.json`: what a run is made of, enough to repeat it, and to tell whether another
//! run is the same. Nothing in it depends on the clock.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::column::Described;
use super::error::BatchError;
use super::file::replace;
use super::inputs::InputFacts;
use super::rows::Format;
use super::shard::Shard;
use super::tables::{Name, Shape, Tables};
use super::tally::Tally;
use crate::label::taxonomy;
use crate::model::{Model, sha256};
use crate::report::CAVEAT;
use crate::report::wire::{ModelName, processor_features};

/// The manifest's name.
pub const MANIFEST: &str = "manifest.json";
/// The format of run folders that this version reads and writes.
pub const FORMAT: u32 = 1;

/// Whether a run is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It goes on, or was interrupted.
    Running,
    /// Every record of the input is in the tables.
    Complete,
}

/// What a run is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// Whether it is done.
    pub status: Status,
    /// What the labels do not say.
    pub caveat: String,
    /// Version of rhetor.
    pub rhetor_version: String,
    /// Version of the taxonomy.
    pub taxonomy_version: u32,
    /// The model.
    pub model: ModelName,
    /// By sentence output: the probability from which it counts as on.
    pub thresholds: BTreeMap<String, f32>,
    /// Everything else that decides what is in the tables.
    pub settings: BTreeMap<String, Value>,
    /// SHA-256 over the versions, the model, the thresholds and the settings.
    pub settings_sha256: String,
    /// Which part of the records it scores.
    pub shard: Option<Shard>,
    /// Instruction sets that the engine may use; scores may differ in the last places between
    /// processors.
    pub processor_features: Vec<String>,
    /// Other processors on which it was continued, as was asked for.
    pub other_processors: Vec<Vec<String>>,
    /// The input.
    pub inputs: Vec<InputFacts>,
    /// The columns of each table.
    pub tables: BTreeMap<String, Vec<Described>>,
    /// What came of it, when it is complete.
    pub totals: Option<Tally>,
    /// The number of its parts, when it is complete.
    pub parts: Option<u64>,
    /// SHA-256 of `parts.jsonl`, which holds those of all data files, when it is complete.
    pub parts_sha256: Option<String>,
}

impl Manifest {
    /// The manifest of a run that begins.
    #[must_use]
    pub fn new(
        model: &Model,
        shape: &Shape,
        mut settings: BTreeMap<String, Value>,
        shard: Option<Shard>,
        inputs: Vec<InputFacts>,
    ) -> Self {
        let decisions = (&model.outputs.sentence, &model.outputs.token);
        settings.insert(
            "decisions_sha256".to_owned(),
            sha256(format!("{decisions:?}").as_bytes()).into(),
        );
        let labels: Vec<&str> = shape.labels.iter().map(|l| l.label.id.as_str()).collect();
        settings.insert("labels".to_owned(), labels.into());
        settings.insert("text".to_owned(), shape.text.into());
        settings.insert("metadata".to_owned(), shape.metadata.clone().into());
        let tables = Tables::new(shape);
        let mut manifest = Self {
            format: FORMAT,
            status: Status::Running,
            caveat: CAVEAT.to_owned(),
            rhetor_version: env!("CARGO_PKG_VERSION").to_owned(),
            taxonomy_version: taxonomy().version,
            model: ModelName::new(model),
            thresholds: model.outputs.thresholds(),
            settings,
            settings_sha256: String::new(),
            shard,
            processor_features: processor_features(),
            other_processors: Vec::new(),
            inputs,
            tables: Name::ALL
                .into_iter()
                .map(|table| (table.as_str().to_owned(), tables.described(table)))
                .collect(),
            totals: None,
            parts: None,
            parts_sha256: None,
        };
        let settled = [manifest.program(), manifest.settled()];
        manifest.settings_sha256 = sha256(Value::from(settled.to_vec()).to_string().as_bytes());
        manifest
    }

    /// How its tables are written.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        Format::named(self.settings.get("format")?.as_str()?)
    }

    /// Which program and model it is scored with.
    pub(super) fn program(&self) -> Value {
        json!({
            "rhetor_version": self.rhetor_version,
            "taxonomy_version": self.taxonomy_version,
            "model": self.model,
        })
    }

    /// How it is scored and written.
    pub(super) fn settled(&self) -> Value {
        let mut settings = serde_json::Map::new();
        for (name, value) in &self.settings {
            settings.insert(name.clone(), value.clone());
        }
        settings.insert("thresholds".to_owned(), json!(self.thresholds));
        Value::Object(settings)
    }

    /// What goes with the data in formats that have room for it.
    pub(super) fn facts(&self) -> Vec<(String, String)> {
        [
            ("caveat", self.caveat.clone()),
            ("version", self.rhetor_version.clone()),
            ("taxonomy_version", self.taxonomy_version.to_string()),
            ("model", self.model.name.clone()),
            ("model_sha256", self.model.sha256.clone()),
            ("settings_sha256", self.settings_sha256.clone()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .to_vec()
    }

    /// The manifest of a run folder, if it has one.
    ///
    /// # Errors
    /// When it cannot be read, or is of another version.
    pub fn read(folder: &Path) -> Result<Option<Self>, BatchError> {
        let path = folder.join(MANIFEST);
        let json = match fs::read(&path) {
            Ok(json) => json,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(BatchError::read(&path, e)),
        };
        let damaged = |reason: String| BatchError::Damaged {
            path: path.clone(),
            reason,
        };
        let value: Value = serde_json::from_slice(&json)
            .map_err(|e| damaged(format!("it is no JSON: {e}; begin a new run")))?;
        if value["format"] != FORMAT {
            return Err(damaged(format!(
                "its format is {}, this version reads {FORMAT}; use the rhetor that wrote it",
                value["format"]
            )));
        }
        let manifest = serde_json::from_value(value).map_err(|e| damaged(e.to_string()))?;
        Ok(Some(manifest))
    }

    pub(super) fn write(&self, folder: &Path) -> Result<(), BatchError> {
        let mut json = serde_json::to_vec_pretty(self)
            .map_err(|e| BatchError::write(&folder.join(MANIFEST), e.into()))?;
        json.push(b'\n');
        replace(folder, MANIFEST, &json).map(|_| ())
    }

    /// Refuses to continue a run as another one.
    pub(super) fn check_same(
        &self,
        folder: &Path,
        now: &Self,
        any_processor: bool,
    ) -> Result<(), BatchError> {
        let then = self;
        let inputs = |inputs: &[InputFacts]| {
            let facts = inputs.iter().map(|input| json!(input));
            Value::from(facts.collect::<Vec<_>>())
        };
        let groups = [
            ("version or model", then.program(), now.program(), ""),
            ("settings", then.settled(), now.settled(), ""),
            ("shard", json!(then.shard), json!(now.shard), ""),
            ("inputs", inputs(&then.inputs), inputs(&now.inputs), ""),
            (
                "processor features",
                json!({ "processor": then.processor_features }),
                json!({ "processor": now.processor_features }),
                "; --any-processor continues it all the same, with scores that may differ in the \
                 last places",
            ),
        ];
        for (what, then, now, remedy) in groups {
            if what == "processor features" && any_processor {
                continue;
            }
            let differences = match (what, &then, &now) {
                ("inputs", Value::Array(a), Value::Array(b)) if a.len() != b.len() => {
                    format!("there were {}, there are {}", a.len(), b.len())
                }
                _ => differences(&then, &now),
            };
            if !differences.is_empty() {
                return Err(BatchError::Differs {
                    folder: folder.to_owned(),
                    what,
                    differences,
                    remedy,
                });
            }
        }
        Ok(())
    }
}

/// Where two JSON values differ, for people; empty when they are the same.
pub(super) fn differences(then: &Value, now: &Value) -> String {
    let mut found = Vec::new();
    compare("", then, now, &mut found);
    found.join("; ")
}

fn compare(at: &str, then: &Value, now: &Value, found: &mut Vec<String>) {
    /// More would hide the first.
    const MOST: usize = 5;
    if then == now || found.len() >= MOST {
        return;
    }
    let inside = |name: &str| match at {
        "" => name.to_owned(),
        _ => format!("{at}.{name}"),
    };
    match (then, now) {
        (Value::Object(a), Value::Object(b)) => {
            let mut names: Vec<&String> = a.keys().chain(b.keys()).collect();
            names.sort_unstable();
            names.dedup();
            for name in names {
                let of = |object: &serde_json::Map<String, Value>| {
                    object.get(name).cloned().unwrap_or(Value::Null)
                };
                compare(&inside(name), &of(a), &of(b), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&inside(&index.to_string()), a, b, found);
            }
        }
        _ => found.push(format!("{at} was {then}, is {now}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_named() {
        let then = json!({"a": 1, "b": {"c": [1, 2], "d": "x"}});
        assert_eq!(differences(&then, &then), "");
        let now = json!({"a": 1, "b": {"c": [1, 3], "e": true}});
        assert_eq!(
            differences(&then, &now),
            "b.c.1 was 2, is 3; b.d was \"x\", is null; b.e was null, is true"
        );
    }
}
