//! The findings that a format shows, and where they stand: what the formats share.

use std::borrow::Cow;
use std::path::Path;

use serde_json::Value;

use super::Analyzed;
use super::wire::{FindingReport, Name, Place, Quote, SentenceReport};
use crate::finding::{Finding, Level, Status};
use crate::model::sha256;
use crate::span::Span;

/// A finding that is shown.
pub(super) struct Shown<'a> {
    pub finding: &'a FindingReport,
    /// None for a finding about the whole document.
    pub sentence: Option<&'a SentenceReport>,
    /// Where it stands in the clean text: its evidence, or the whole sentence where it has
    /// none; empty for a finding about the whole document.
    pub clean: Vec<Span>,
}

/// The findings of a document that are shown.
pub(super) fn shown<'a>(document: &Analyzed<'a>) -> Vec<Shown<'a>> {
    select(document, |finding| finding.is_shown(document.preview))
}

/// The findings of a document that pass, in the order of the sentences; those about the
/// whole document come last.
pub(super) fn select<'a>(
    document: &Analyzed<'a>,
    pass: impl Fn(&Finding) -> bool,
) -> Vec<Shown<'a>> {
    let mut selected = Vec::new();
    let sentences = document.report.sentences.iter();
    for (report, analyzed) in sentences.zip(&document.analysis.sentences) {
        let findings = report.findings.iter().zip(&analyzed.findings);
        for (finding, found) in findings.filter(|(_, found)| pass(found)) {
            selected.push(Shown {
                finding,
                sentence: Some(report),
                clean: evidence(found).unwrap_or_else(|| vec![analyzed.sentence.span]),
            });
        }
    }
    let findings = document.report.findings.iter();
    for (finding, found) in findings.zip(&document.analysis.findings) {
        if pass(found) {
            selected.push(Shown {
                finding,
                sentence: None,
                clean: evidence(found).unwrap_or_default(),
            });
        }
    }
    selected
}

fn evidence(finding: &Finding) -> Option<Vec<Span>> {
    (!finding.evidence.is_empty()).then(|| finding.evidence.clone())
}

impl<'a> Shown<'a> {
    /// Where its evidence, or the whole sentence, stands in the source. A place that cannot
    /// be told is that of the sentence; empty when that cannot be told either, and for a
    /// finding about the whole document.
    pub fn places(&self) -> Vec<&'a Place> {
        let sentence = self.sentence.and_then(|sentence| sentence.span.as_ref());
        let place = |quote: &'a Quote| quote.span.as_ref().or(sentence);
        let mut places: Vec<&Place> = match self.finding.evidence.as_slice() {
            [] => sentence.into_iter().collect(),
            evidence => evidence.iter().filter_map(place).collect(),
        };
        places.dedup();
        places
    }

    /// Its message, with how sure the model is.
    pub fn comment(&self) -> String {
        match self.finding.probability {
            Some(probability) => format!("{} ({probability:.2})", self.finding.message),
            None => self.finding.message.clone(),
        }
    }

    /// SHA-256 of what the finding is: the label, the words and their sentence, without
    /// regard to white space. Where it stands in the file has no part in it.
    pub fn fingerprint(&self) -> String {
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let sentence = self.sentence.map_or("", |sentence| &sentence.text);
        let mut parts = vec![plain(&self.finding.label), plain(sentence)];
        parts.extend(self.finding.evidence.iter().map(|quote| plain(&quote.text)));
        sha256(parts.join("\n").as_bytes())
    }
}

/// What a shown finding is called that is not simply reported.
pub(super) fn remark(status: Status, level: Level) -> &'static str {
    match (status, level) {
        (Status::Preview, _) => " (preview)",
        (Status::Abstained, _) => " (too near to call)",
        (Status::Reported, Level::Info) => " (info)",
        // Those of a comment or the baseline are not shown.
        (Status::Reported, Level::Finding) | (Status::Ignored | Status::Baseline, _) => "",
    }
}

/// A probability as a JSON number with the digits that it has in `json`.
pub(super) fn number(probability: f32) -> Value {
    let digits = probability.to_string().parse::<f64>();
    digits.unwrap_or_else(|_| probability.into()).into()
}

/// The name of a document's file, without folder and extension.
pub(super) fn stem(path: &str) -> Cow<'_, str> {
    let stem = Path::new(path).file_stem();
    stem.map_or_else(|| path.into(), |stem| stem.to_string_lossy())
}

/// What a document is called.
pub(super) fn title(name: &Name) -> &str {
    let name = name.path.as_deref().or(name.id.as_deref());
    name.unwrap_or_default()
}
