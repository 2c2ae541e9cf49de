//! Probabilities by name, the names kept once a document: a sentence has some twenty, and a
//! book many thousand sentences.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Probabilities from 0 to 1 by the name of their output, in the order of the names.
#[derive(Debug, Clone, PartialEq)]
pub struct Probabilities {
    /// Ascending.
    names: Arc<[String]>,
    values: Vec<f32>,
}

impl Probabilities {
    /// That of one output.
    #[must_use]
    pub fn get(&self, output: &str) -> Option<f32> {
        let at = self
            .names
            .binary_search_by(|name| name.as_str().cmp(output));
        at.ok().map(|at| self.values[at])
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f32)> {
        let names = self.names.iter().map(String::as_str);
        names.zip(self.values.iter().copied())
    }
}

impl Serialize for Probabilities {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Probabilities {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = BTreeMap::<String, f32>::deserialize(deserializer)?;
        let (names, values): (Vec<String>, Vec<f32>) = map.into_iter().unzip();
        Ok(Self {
            names: names.into(),
            values,
        })
    }
}

impl JsonSchema for Probabilities {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        BTreeMap::<String, f32>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, f32>::json_schema(generator)
    }
}

/// The names of a model's outputs, sorted, with the place of each among the outputs.
pub(super) struct Names {
    names: Arc<[String]>,
    order: Vec<usize>,
}

impl Names {
    pub fn new<'a>(outputs: impl Iterator<Item = &'a String>) -> Self {
        let mut outputs: Vec<(&String, usize)> = outputs.zip(0..).collect();
        outputs.sort_unstable();
        let names: Vec<String> = outputs.iter().map(|(name, _)| (*name).clone()).collect();
        Self {
            names: names.into(),
            order: outputs.into_iter().map(|(_, at)| at).collect(),
        }
    }

    /// With the probabilities of one sentence, in the order of the outputs.
    pub fn with(&self, probabilities: &[f32]) -> Probabilities {
        Probabilities {
            names: self.names.clone(),
            values: self.order.iter().map(|&at| probabilities[at]).collect(),
        }
    }
}
