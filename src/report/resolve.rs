//! From an analysis, whose spans are of the clean text, to its report, whose are of the source.

use super::CAVEAT;
use super::probabilities::Names;
use super::summary::{Counts, Summary};
use super::wire::{
    AnyDeviceReport, AttributionReport, DocumentFacts, FindingReport, Manifest, ModelName, Name,
    Place, Quote, Report, SentenceReport, processor_features,
};
use crate::analyze::{Analysis, AnalyzedSentence};
use crate::attribution::Attribution;
use crate::document::Document;
use crate::finding::Finding;
use crate::label::taxonomy;
use crate::model::{Model, sha256};
use crate::span::{Positions, Span};

impl Report {
    /// The report of an analysis.
    #[must_use]
    pub fn new(name: Name, analysis: &Analysis, model: &Model) -> Self {
        let resolve = Resolver {
            document: &analysis.document,
            positions: Positions::new(&analysis.document.source),
            names: Names::new(model.outputs.sentence.iter().map(|output| &output.name)),
        };
        Self {
            manifest: Manifest {
                rhetor_version: env!("CARGO_PKG_VERSION").to_owned(),
                model: ModelName::new(model),
                taxonomy_version: taxonomy().version,
                thresholds: model.outputs.thresholds(),
                processor_features: processor_features(),
                input_sha256: sha256(analysis.document.source.as_bytes()),
                caveat: CAVEAT.to_owned(),
            },
            document: DocumentFacts {
                name,
                language: analysis.language.code().to_owned(),
                counts: Counts::new(analysis),
                notes: analysis.notes.clone(),
            },
            sentences: analysis
                .sentences
                .iter()
                .map(|s| resolve.sentence(s))
                .collect(),
            attributions: analysis
                .attributions
                .iter()
                .map(|a| resolve.attribution(a))
                .collect(),
            findings: analysis
                .findings
                .iter()
                .map(|f| resolve.finding(f))
                .collect(),
            ledger: analysis.ledger.clone(),
            summary: Summary::new(analysis),
        }
    }
}

/// From spans of the clean text to places in the source.
struct Resolver<'a> {
    document: &'a Document,
    positions: Positions<'a>,
    names: Names,
}

impl Resolver<'_> {
    fn place(&self, source: Span) -> Place {
        let (start, end) = (
            self.positions.units(source.start),
            self.positions.units(source.end),
        );
        let (line, column) = self.positions.line_column(source.start);
        Place {
            byte: [source.start, source.end],
            char: [start.0, end.0],
            utf16: [start.1, end.1],
            line,
            column,
        }
    }

    fn quotes(&self, spans: &[Span]) -> Vec<Quote> {
        spans
            .iter()
            .map(|&span| Quote {
                span: self
                    .document
                    .map
                    .to_source(span)
                    .map(|source| self.place(source)),
                text: span.of(&self.document.text).to_owned(),
            })
            .collect()
    }

    fn sentence(&self, analyzed: &AnalyzedSentence) -> SentenceReport {
        let sentence = &analyzed.sentence;
        let scored = analyzed.scored.as_ref();
        SentenceReport {
            index: sentence.index,
            role: sentence.role,
            text: sentence.span.of(&self.document.text).to_owned(),
            span: sentence.source.map(|source| self.place(source)),
            voice: analyzed.voice,
            split: scored.is_some_and(|s| s.split),
            probabilities: scored.map(|s| self.names.with(&s.probabilities)),
            any_device: scored
                .and_then(|s| s.any_device.as_ref())
                .map(|any| AnyDeviceReport {
                    probability: any.probability,
                    evidence: self.quotes(&any.evidence),
                }),
            findings: analyzed.findings.iter().map(|f| self.finding(f)).collect(),
        }
    }

    fn finding(&self, finding: &Finding) -> FindingReport {
        FindingReport {
            label: finding.label.id.clone(),
            family: finding.label.family,
            probability: finding.probability,
            level: finding.level,
            status: finding.status,
            voice: finding.voice.clone(),
            detector: finding.detector,
            evidence: self.quotes(&finding.evidence),
            message: finding.message.clone(),
            reason: finding.reason.clone(),
        }
    }

    fn attribution(&self, attribution: &Attribution) -> AttributionReport {
        AttributionReport {
            sentence: attribution.sentence,
            source: self.quotes(&attribution.source),
            cue: self.quotes(&attribution.cue),
            content: self.quotes(&attribution.content),
            source_kind: attribution.source_kind,
            quote_type: attribution.quote_type,
            speaker: attribution.speaker.clone(),
            refers_to: attribution.refers_to,
            inside: attribution.inside,
        }
    }
}
