//! The wire format: what `--format json` and `jsonl` print and `rhetor schema` describes.
//!
//! Stable: fields are added, never renamed or removed. Every span is resolved to the
//! source file; one that cannot be is null.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, schema_for};
use serde::{Deserialize, Serialize};

pub use super::probabilities::Probabilities;
use super::summary::{Counts, Summary};
use crate::attribution::{QuoteType, SourceKind, Speaker};
use crate::document::Role;
use crate::finding::{Detector, Level, Status, Voice};
use crate::label::Family;
use crate::ledger::Ledger;
use crate::model::Model;
use crate::voice::SentenceVoice;

/// Everything that `--format json` may print: the entry of one document, or the entries
/// of several in the order of the arguments. `jsonl` prints one entry a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Output {
    /// One path was given.
    One(Box<Entry>),
    /// Several paths were given.
    Several(Vec<Entry>),
}

/// What stands for one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Entry {
    /// Its report.
    Report(Box<Report>),
    /// It could not be read or was refused.
    Refusal(Refusal),
}

/// A document without a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// Which document.
    pub document: Name,
    /// Why.
    pub error: ErrorReport,
}

/// Why a document has no report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorReport {
    /// For people: the value, the place and the remedy.
    pub message: String,
}

/// What a document is called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Name {
    /// The path as it was given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<String>,
    /// A name where there is no path: `stdin`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<String>,
}

/// The report of one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// What made the report.
    pub manifest: Manifest,
    /// What the document is.
    pub document: DocumentFacts,
    /// Every sentence, in order.
    pub sentences: Vec<SentenceReport>,
    /// Every attribution, in order.
    pub attributions: Vec<AttributionReport>,
    /// Findings about the whole document.
    pub findings: Vec<FindingReport>,
    /// The source ledger: who is given how much of what is said.
    pub ledger: Ledger,
    /// Counts.
    pub summary: Summary,
}

/// What made the report: enough to repeat it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// Version of rhetor.
    pub rhetor_version: String,
    /// The model.
    pub model: ModelName,
    /// Version of the taxonomy.
    pub taxonomy_version: u32,
    /// By sentence output: the probability from which it counts as on. An output that is
    /// off, since it never reaches the precision that was asked for, has none; a note
    /// names it.
    pub thresholds: BTreeMap<String, f32>,
    /// Instruction sets that the engine may use; scores may differ in the last places
    /// between processors.
    pub processor_features: Vec<String>,
    /// Of the bytes that were read.
    pub input_sha256: String,
    /// What the labels do not say.
    pub caveat: String,
}

/// Which model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelName {
    /// Its name.
    pub name: String,
    /// Of its weights.
    pub sha256: String,
    /// Whether its probabilities were calibrated on data; else they are the model's own.
    pub calibrated: bool,
    /// The engine that ran it; engines differ in the last places, int8 from f32 in the second.
    pub engine: String,
}

impl ModelName {
    /// How reports name a model.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        Self {
            name: model.name.clone(),
            sha256: model.sha256.clone(),
            calibrated: model.calibrated,
            engine: model.engine().to_owned(),
        }
    }
}

/// What the document is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentFacts {
    /// Path or id.
    #[serde(flatten)]
    pub name: Name,
    /// ISO 639-3 code; `und` when the text is too short to tell.
    pub language: String,
    /// Sizes.
    pub counts: Counts,
    /// What the reader of the report should know about the input.
    pub notes: Vec<String>,
}

/// A place in the source. Ranges are half-open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// Bytes.
    pub byte: [usize; 2],
    /// Code points; a byte-order mark counts.
    pub char: [usize; 2],
    /// UTF-16 units.
    pub utf16: [usize; 2],
    /// Line of the first character, from 1.
    pub line: usize,
    /// Column of the first character, from 1, in code points.
    pub column: usize,
}

/// Words of the text and their place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quote {
    /// Where they stand in the source; null when that cannot be told.
    pub span: Option<Place>,
    /// The words, without markup.
    pub text: String,
}

/// One sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SentenceReport {
    /// From 0.
    pub index: usize,
    /// What its block is in the article.
    pub role: Role,
    /// The sentence without markup.
    pub text: String,
    /// Where it stands in the source; null when that cannot be told.
    pub span: Option<Place>,
    /// Whose words it is: the author's, somebody's word for word, somebody's in the author's
    /// words, or more than one of these.
    pub voice: SentenceVoice,
    /// Whether it was scored in parts, being longer than the model's positions.
    pub split: bool,
    /// Every sentence output of the model by name: labels, and what is no label and makes
    /// no finding by itself (`any-device`, `attributed`, `weasel`, `check-worthy`,
    /// `subjective`, `biased`). Null when the role is not scored or the sentence holds no
    /// word.
    pub probabilities: Option<Probabilities>,
    /// That there is some framing device, whichever; null when not scored, or by a model
    /// without this output.
    pub any_device: Option<AnyDeviceReport>,
    /// The findings.
    pub findings: Vec<FindingReport>,
}

/// The output `any-device` alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnyDeviceReport {
    /// Calibrated.
    pub probability: f32,
    /// Where; empty under the threshold.
    pub evidence: Vec<Quote>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingReport {
    /// Id of the label.
    pub label: String,
    /// Its family.
    pub family: Family,
    /// Null when a rule made the finding.
    pub probability: Option<f32>,
    /// How much weight it has.
    pub level: Level,
    /// Whether it is shown by default.
    pub status: Status,
    /// Whose words they are.
    pub voice: Voice,
    /// What found it.
    pub detector: Detector,
    /// The words in question; empty when the model is sure of the sentence only.
    pub evidence: Vec<Quote>,
    /// For people.
    pub message: String,
    /// Why a comment in the text ignores it; left out when none does.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// Who says what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AttributionReport {
    /// Index of its sentence.
    pub sentence: usize,
    /// Who speaks.
    pub source: Vec<Quote>,
    /// The words that show it.
    pub cue: Vec<Quote>,
    /// What is said.
    pub content: Vec<Quote>,
    /// What kind of source it is.
    pub source_kind: SourceKind,
    /// Whether the content is word for word.
    pub quote_type: QuoteType,
    /// Who speaks, by the name that the document gives; null when it gives none.
    pub speaker: Option<Speaker>,
    /// The attribution that tells who a pronoun, an office or a quotation without a source
    /// of its own stands for: a position in this list, from 0.
    pub refers_to: Option<usize>,
    /// The attribution that this one is part of what is said in: a position in this list.
    pub inside: Option<usize>,
}

/// The JSON Schema of [`Output`].
#[must_use]
pub fn schema() -> Schema {
    schema_for!(Output)
}

/// The instruction sets of this processor that the engine has code for.
pub(crate) fn processor_features() -> Vec<String> {
    let mut features = vec![std::env::consts::ARCH];
    #[cfg(target_arch = "x86_64")]
    {
        let detected = [
            ("avx2", std::arch::is_x86_feature_detected!("avx2")),
            ("fma", std::arch::is_x86_feature_detected!("fma")),
            ("avx512f", std::arch::is_x86_feature_detected!("avx512f")),
            (
                "avx512vnni",
                std::arch::is_x86_feature_detected!("avx512vnni"),
            ),
        ];
        features.extend(detected.iter().filter(|f| f.1).map(|f| f.0));
    }
    #[cfg(target_arch = "aarch64")]
    {
        let detected = [
            (
                "dotprod",
                std::arch::is_aarch64_feature_detected!("dotprod"),
            ),
            ("i8mm", std::arch::is_aarch64_feature_detected!("i8mm")),
        ];
        features.extend(detected.iter().filter(|f| f.1).map(|f| f.0));
    }
    features.into_iter().map(str::to_owned).collect()
}
