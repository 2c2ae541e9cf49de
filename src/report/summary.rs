//! Counts over a document: its sizes, and what was found in it by label, voice and kind of
//! source. Part of the wire format, and the summary that people see.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::analyze::Analysis;
use crate::attribution::SourceKind;
use crate::finding::{Finding, Level, Status, VoiceKind};
use crate::label::{self, Label, OTHER, taxonomy};

/// Sizes of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Bytes of the source.
    pub bytes: usize,
    /// Code points of the source.
    pub characters: usize,
    /// Words of the clean text, between white space.
    pub words: usize,
    /// Paragraphs, headings, list items, ….
    pub blocks: usize,
    /// Sentences.
    pub sentences: usize,
    /// Sentences that the model scored.
    pub scored: usize,
}

impl Counts {
    /// Measures the document of an analysis.
    #[must_use]
    pub fn new(analysis: &Analysis) -> Self {
        let document = &analysis.document;
        Self {
            bytes: document.source.len(),
            characters: document.source.chars().count(),
            words: document.text.split_whitespace().count(),
            blocks: document.blocks.len(),
            sentences: analysis.sentences.len(),
            scored: analysis.scored(),
        }
    }
}

/// Counts over a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Sentences with at least one reported finding.
    pub sentences_with_findings: usize,
    /// By label id: findings of the sentences and of the document.
    pub labels: BTreeMap<String, LabelCounts>,
    /// By kind of source: attributions.
    pub attributions: BTreeMap<SourceKind, usize>,
}

impl Summary {
    /// Counts the findings of an analysis.
    #[must_use]
    pub fn new(analysis: &Analysis) -> Self {
        let mut labels: BTreeMap<String, LabelCounts> = BTreeMap::new();
        let sentences = analysis.sentences.iter().flat_map(|s| &s.findings);
        for finding in sentences.chain(&analysis.findings) {
            labels
                .entry(finding.label.id.clone())
                .or_default()
                .count(finding);
        }
        let mut attributions = BTreeMap::new();
        for attribution in &analysis.attributions {
            *attributions.entry(attribution.source_kind).or_default() += 1;
        }
        let shown = |f: &Finding| f.status == Status::Reported && f.level == Level::Finding;
        Self {
            sentences_with_findings: analysis
                .sentences
                .iter()
                .filter(|s| s.findings.iter().any(shown))
                .count(),
            labels,
            attributions,
        }
    }

    /// The labels with something that is shown by default, those of the taxonomy in its order,
    /// then the model's own.
    pub(super) fn shown(&self) -> Vec<(&'static Label, &LabelCounts)> {
        let own = taxonomy().labels.iter();
        let others = self.labels.keys().filter(|id| id.starts_with(OTHER));
        own.chain(others.filter_map(|id| label::of_output(id)))
            .filter_map(|label| Some((label, self.labels.get(&label.id)?)))
            .filter(|(_, counts)| counts.shown() > 0)
            .collect()
    }
}

/// Findings of one label. A finding is counted once, by status.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LabelCounts {
    /// Shown by default, of level `finding`.
    pub reported: usize,
    /// Shown by default, of level `info`.
    pub info: usize,
    /// Of a label that is not shown by default.
    pub preview: usize,
    /// Too near the threshold.
    pub abstained: usize,
    /// Ignored by a comment in the text.
    #[serde(default)]
    pub ignored: usize,
    /// In the baseline, so not new.
    #[serde(default)]
    pub baseline: usize,
    /// Of `reported`: in the author's voice.
    pub author: usize,
    /// Of `reported`: in direct speech.
    pub quoted: usize,
    /// Of `reported`: in indirect speech.
    pub indirect: usize,
}

impl LabelCounts {
    /// What is shown by default.
    pub(super) fn shown(&self) -> usize {
        self.reported + self.info
    }

    /// `author 9, quoted 3`.
    pub(super) fn voices(&self) -> String {
        let parts = [
            ("author", self.author),
            ("quoted", self.quoted),
            ("reported", self.indirect),
            ("info", self.info),
        ];
        let parts: Vec<String> = parts
            .iter()
            .filter(|part| part.1 > 0)
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        parts.join(", ")
    }

    fn count(&mut self, finding: &Finding) {
        let counter = match (finding.status, finding.level) {
            (Status::Preview, _) => &mut self.preview,
            (Status::Abstained, _) => &mut self.abstained,
            (Status::Ignored, _) => &mut self.ignored,
            (Status::Baseline, _) => &mut self.baseline,
            (Status::Reported, Level::Info) => &mut self.info,
            (Status::Reported, Level::Finding) => {
                match finding.voice.kind {
                    VoiceKind::Author => self.author += 1,
                    VoiceKind::Quoted => self.quoted += 1,
                    VoiceKind::Reported => self.indirect += 1,
                }
                &mut self.reported
            }
        };
        *counter += 1;
    }
}
