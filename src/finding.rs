//! What a report says of a sentence or a document.

use serde::{Deserialize, Serialize};

use crate::label::Label;
use crate::span::Span;

/// One label on one sentence or document, with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The label.
    pub label: &'static Label,
    /// The model's calibrated probability; `None` when a rule made the finding.
    pub probability: Option<f32>,
    /// How much weight it has.
    pub level: Level,
    /// Whether it is shown by default.
    pub status: Status,
    /// Whose words they are.
    pub voice: Voice,
    /// What found it.
    pub detector: Detector,
    /// The words in question, as spans of the clean text. Empty when the model is sure of
    /// the sentence but of no words in it.
    pub evidence: Vec<Span>,
    /// One sentence for people.
    pub message: String,
    /// Why a comment in the text ignores it; `None` when none does.
    pub reason: Option<String>,
}

impl Finding {
    /// Whether a report for people shows it; `preview` asks for the weak and the unsure too.
    #[must_use]
    pub fn is_shown(&self, preview: bool) -> bool {
        match self.status {
            Status::Reported => true,
            Status::Preview | Status::Abstained => preview && self.reason.is_none(),
            Status::Ignored | Status::Baseline => false,
        }
    }
}

/// How much weight a finding has.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A finding.
    Finding,
    /// Worth knowing, but proper where it stands.
    Info,
}

/// Whether a finding is shown by default.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It is.
    Reported,
    /// The label is too weak to be shown by default.
    Preview,
    /// The probability is too near the threshold to call.
    Abstained,
    /// It would be, but a comment in the text ignores it.
    Ignored,
    /// It would be, but it is in the baseline, so it is not new.
    Baseline,
}

/// Whose words the evidence is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum VoiceKind {
    /// The author of the text.
    Author,
    /// Somebody else, word for word.
    Quoted,
    /// Somebody else, in the author's words.
    Reported,
}

impl VoiceKind {
    /// The name used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Quoted => "quoted",
            Self::Reported => "reported",
        }
    }
}

/// Whose words the evidence is, with the speaker where one is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Voice {
    /// Author, quoted or reported.
    pub kind: VoiceKind,
    /// The words that name the speaker, as they stand in the text; null when not known.
    pub speaker: Option<String>,
}

impl Voice {
    /// The author's own voice.
    pub const AUTHOR: Self = Self {
        kind: VoiceKind::Author,
        speaker: None,
    };
}

/// The voices whose findings are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Voices {
    /// Those of everybody.
    #[default]
    All,
    /// The author's own words only.
    Author,
    /// Only what is charged to somebody else, quoted or reported.
    Quoted,
}

impl Voices {
    /// Whether findings of this voice are among them.
    #[must_use]
    pub fn contains(self, voice: &Voice) -> bool {
        match self {
            Self::All => true,
            Self::Author => voice.kind == VoiceKind::Author,
            Self::Quoted => voice.kind != VoiceKind::Author,
        }
    }
}

/// What found a finding.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Detector {
    /// The encoder.
    Model,
    /// The sourcing rules.
    Sourcing,
    /// The repetition pass over the document.
    Repetition,
}
