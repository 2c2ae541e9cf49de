//! What the formats that people annotate with share: labels on stretches of the clean text.

use std::fmt::Write as _;

use super::Analyzed;
use super::shown::{Shown, shown};
use crate::finding::Detector;
use crate::span::Span;

/// A label on a stretch of the clean text, not empty. A finding whose words stand in several
/// places is one of these for each place.
pub(super) struct Marked<'a> {
    pub span: Span,
    pub shown: &'a Shown<'a>,
}

impl Marked<'_> {
    /// What whoever corrects it should know: whose words it is, how sure the model is, and
    /// what a rule says.
    pub fn note(&self) -> String {
        let finding = self.shown.finding;
        let mut note = finding.voice.kind.as_str().to_owned();
        if let Some(speaker) = &finding.voice.speaker {
            let _ = write!(note, " ({speaker})");
        }
        if let Some(probability) = finding.probability {
            let _ = write!(note, ", probability {probability:.2}");
        }
        if finding.detector != Detector::Model {
            let _ = write!(note, ": {}", finding.message);
        }
        note.replace(char::is_control, " ")
    }
}

/// The findings of a document that can be marked in its text: all that are shown, but for
/// those about the whole document.
pub(super) fn findings<'a>(document: &Analyzed<'a>) -> Vec<Shown<'a>> {
    let mut findings = shown(document);
    findings.retain(|shown| !shown.clean.is_empty());
    findings
}

/// The findings as marks in the order of the text. Where the same words bear the same label
/// twice, the first stands for both: these tools refuse or hide the second.
pub(super) fn marked<'a>(findings: &'a [Shown<'a>]) -> Vec<Marked<'a>> {
    let mut marked: Vec<Marked<'a>> = Vec::new();
    for shown in findings {
        for &span in &shown.clean {
            let known = marked.iter().any(|other| {
                other.span == span && other.shown.finding.label == shown.finding.label
            });
            if !known {
                marked.push(Marked { span, shown });
            }
        }
    }
    marked.sort_by_key(|mark| mark.span);
    marked
}
