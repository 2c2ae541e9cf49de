//! `sarif`: the Static Analysis Results Interchange Format, version 2.1.0 (OASIS Standard,
//! with errata 01), for code hosts and editors. One run, whatever the number of documents.
//!
//! Regions are of the source; columns are UTF-16 units (`columnKind`), which is what the
//! viewers in editors and browsers count. A finding is a `warning`; one of level `info`, a
//! preview and one too near to call are a `note`. `partialFingerprints` holds what a finding
//! is and not where it stands, so that it is known again when the text around it changes.
//! What a comment in the text ignores, or a baseline knows, is listed as suppressed. A
//! document that was refused is a notification of the run.

use std::fmt::Write as _;
use std::io;

use serde_json::{Value, json};

use super::place::{Unit, range, uri};
use super::shown::{Shown, number, select, title};
use super::wire::{Place, Refusal};
use super::{Analyzed, CAVEAT, Out, Printer, Settings};
use crate::finding::{Finding, Level, Status};
use crate::label::{self, Label, taxonomy};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What the fingerprints are called; a new number says that they are made otherwise.
const FINGERPRINT: &str = "rhetor/v1";

pub(super) fn start(out: Out, _: Settings) -> Box<dyn Printer> {
    Box::new(Sarif {
        out,
        rules: taxonomy().labels.iter().collect(),
        artifacts: Vec::new(),
        results: Vec::new(),
        notifications: Vec::new(),
    })
}

struct Sarif {
    out: Out,
    /// Those of the taxonomy, then those of the model's own that occurred.
    rules: Vec<&'static Label>,
    artifacts: Vec<Value>,
    results: Vec<Value>,
    notifications: Vec<Value>,
}

impl Sarif {
    fn rule(&mut self, id: &str) -> Option<usize> {
        let known = self.rules.iter().position(|rule| rule.id == id);
        known.or_else(|| {
            self.rules.push(label::of_output(id)?);
            Some(self.rules.len() - 1)
        })
    }

    fn result(&mut self, document: &Analyzed<'_>, shown: &Shown<'_>) -> Value {
        let finding = shown.finding;
        let source = &document.analysis.document.source;
        let artifact = json!({
            "uri": uri(title(&document.report.document.name)),
            "index": self.artifacts.len() - 1,
        });
        let sentence = shown.sentence.and_then(|sentence| sentence.span.as_ref());
        let mut locations = shown.places().into_iter().map(|place| {
            let mut location = json!({
                "artifactLocation": artifact,
                "region": region(source, place),
            });
            if let Some(sentence) = sentence.filter(|&sentence| contains(sentence, place)) {
                location["contextRegion"] = region(source, sentence);
            }
            json!({ "physicalLocation": location })
        });
        let whole = json!({ "physicalLocation": { "artifactLocation": artifact } });
        let mut result = json!({
            "ruleId": finding.label,
            "level": level(finding.level, finding.status),
            "message": { "text": finding.message },
            "locations": [locations.next().unwrap_or(whole)],
            "partialFingerprints": { FINGERPRINT: shown.fingerprint() },
            "properties": {
                "family": finding.family,
                "status": finding.status,
                "voice": finding.voice.kind,
                "detector": finding.detector,
            },
        });
        if let Some(rule) = self.rule(&finding.label) {
            result["ruleIndex"] = rule.into();
        }
        let related: Vec<Value> = locations.collect();
        if !related.is_empty() {
            result["relatedLocations"] = related.into();
        }
        if let Some(probability) = finding.probability {
            // From 0 to 100, as the format has it.
            result["rank"] = ((f64::from(probability) * 1000.0).round() / 10.0).into();
            result["properties"]["probability"] = number(probability);
        }
        if let Some((kind, justification)) = suppression(finding.status) {
            let justification = finding.reason.as_deref().unwrap_or(justification);
            let suppression = json!({ "kind": kind, "justification": justification });
            result["suppressions"] = json!([suppression]);
        }
        if let Some(speaker) = &finding.voice.speaker {
            result["properties"]["speaker"] = speaker.as_str().into();
        }
        result
    }
}

impl Printer for Sarif {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        let report = document.report;
        self.artifacts.push(json!({
            "location": { "uri": uri(title(&report.document.name)) },
            "length": report.document.counts.bytes,
            "hashes": { "sha-256": report.manifest.input_sha256 },
            "roles": ["analysisTarget"],
            "properties": { "notes": report.document.notes, "model": report.manifest.model },
        }));
        let listed = |finding: &Finding| {
            suppression(finding.status).is_some() || finding.is_shown(document.preview)
        };
        for shown in select(document, listed) {
            let result = self.result(document, &shown);
            self.results.push(result);
        }
        Ok(())
    }

    fn refusal(&mut self, refusal: &Refusal) -> io::Result<()> {
        let uri = uri(title(&refusal.document));
        self.notifications.push(json!({
            "level": "error",
            "message": { "text": refusal.error.message },
            "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri } } }],
        }));
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let rules: Vec<Value> = self.rules.iter().map(|label| rule(label)).collect();
        let log = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "rhetor",
                    "version": env!("CARGO_PKG_VERSION"),
                    "shortDescription": { "text": env!("CARGO_PKG_DESCRIPTION") },
                    "fullDescription": { "text": CAVEAT },
                    "rules": rules,
                } },
                "columnKind": "utf16CodeUnits",
                "invocations": [{
                    "executionSuccessful": self.notifications.is_empty(),
                    "toolExecutionNotifications": self.notifications,
                }],
                "artifacts": self.artifacts,
                "results": self.results,
            }],
        });
        serde_json::to_writer_pretty(&mut self.out, &log)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

fn level(level: Level, status: Status) -> &'static str {
    match (level, status) {
        (Level::Info, _) | (_, Status::Preview | Status::Abstained) => "note",
        (Level::Finding, Status::Reported | Status::Ignored | Status::Baseline) => "warning",
    }
}

/// The kind of the suppression that a status is, and why, where nothing more is known.
fn suppression(status: Status) -> Option<(&'static str, &'static str)> {
    match status {
        Status::Reported | Status::Preview | Status::Abstained => None,
        Status::Ignored => Some(("inSource", "ignored by a comment in the text")),
        Status::Baseline => Some(("external", "known from the baseline")),
    }
}

fn rule(label: &Label) -> Value {
    let paragraphs = [
        ("Why it matters", &label.why),
        ("Boundary", &label.boundary),
    ];
    let mut text = label.definition.clone();
    let mut markdown = label.definition.clone();
    for (title, body) in paragraphs.iter().filter(|(_, body)| !body.is_empty()) {
        let _ = write!(text, "\n{title}: {body}");
        let _ = write!(markdown, "\n\n**{title}.** {body}");
    }
    let _ = write!(text, "\nMore: rhetor explain {}", label.id);
    let _ = write!(markdown, "\n\nMore: `rhetor explain {}`", label.id);
    json!({
        "id": label.id,
        "name": label.name,
        "shortDescription": { "text": label.name },
        "fullDescription": { "text": label.definition },
        "help": { "text": text, "markdown": markdown },
        "defaultConfiguration": { "level": "warning" },
        "properties": { "tags": [label.family.as_str()] },
    })
}

fn region(source: &str, place: &Place) -> Value {
    let [start, end] = range(source, place, Unit::Utf16);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "snippet": { "text": source[place.byte[0]..place.byte[1]] },
    })
}

fn contains(outer: &Place, inner: &Place) -> bool {
    outer.byte[0] <= inner.byte[0] && inner.byte[1] <= outer.byte[1] && outer != inner
}
