//! `label-studio`: tasks with predictions for the annotation tool Label Studio, as its guide
//! ("Import pre-annotated data", "Label Studio JSON format") has them, and the labelling
//! configuration that they need ([`configuration`], `rhetor schema --label-studio`).
//!
//! The text is the clean text. Offsets are code points of it, the end exclusive, as the
//! editor has counted since 1.5. A task's `score` is the mean probability of its
//! findings, to sort tasks by. A finding about the whole document is left out.

use std::fmt::Write as _;
use std::io;

use serde_json::{Value, json};

use super::marked::{Marked, findings, marked};
use super::shown::{number, title};
use super::{Analyzed, Out, Printer, Settings};
use crate::label::{Family, Scope, taxonomy};
use crate::span::Positions;

/// What the configuration calls the labels and the text.
const FROM: &str = "label";
const TO: &str = "text";

pub(super) fn start(out: Out, _: Settings) -> Box<dyn Printer> {
    Box::new(LabelStudio { out, printed: 0 })
}

struct LabelStudio {
    out: Out,
    printed: usize,
}

impl Printer for LabelStudio {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        let before: &[u8] = if self.printed == 0 { b"[\n" } else { b",\n" };
        self.printed += 1;
        self.out.write_all(before)?;
        serde_json::to_writer_pretty(&mut self.out, &task(document))?;
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let end: &[u8] = if self.printed == 0 { b"[]\n" } else { b"\n]\n" };
        self.out.write_all(end)?;
        self.out.flush()
    }
}

fn task(document: &Analyzed<'_>) -> Value {
    let text = &document.analysis.document.text;
    let positions = Positions::new(text);
    let findings = findings(document);
    let manifest = &document.report.manifest;
    let result: Vec<Value> = marked(&findings)
        .iter()
        .enumerate()
        .map(|(i, mark)| region(i + 1, mark, text, &positions))
        .collect();
    let probabilities = findings
        .iter()
        .filter_map(|shown| shown.finding.probability);
    let (count, sum) = probabilities.fold((0.0, 0.0), |(count, sum), p| (count + 1.0, sum + p));
    let mut prediction = json!({
        "model_version": format!("rhetor {} {}", manifest.rhetor_version, manifest.model.name),
        "result": result,
    });
    if count > 0.0 {
        prediction["score"] = number(sum / count);
    }
    json!({
        "data": {
            "text": text,
            "document": title(&document.report.document.name),
            "input_sha256": manifest.input_sha256,
        },
        "predictions": [prediction],
    })
}

fn region(nth: usize, mark: &Marked<'_>, text: &str, positions: &Positions<'_>) -> Value {
    let finding = mark.shown.finding;
    let mut region = json!({
        "id": format!("r{nth}"),
        "from_name": FROM,
        "to_name": TO,
        "type": "labels",
        "value": {
            "start": positions.units(mark.span.start).0,
            "end": positions.units(mark.span.end).0,
            "text": mark.span.of(text),
            "labels": [finding.label],
        },
        "meta": { "text": [mark.note()] },
    });
    if let Some(probability) = finding.probability {
        region["score"] = number(probability);
    }
    region
}

/// The labelling configuration of a project that takes these tasks: XML, every label of the
/// taxonomy that can be marked in a text, warm colours for framing, cool ones for sourcing.
#[must_use]
pub fn configuration() -> String {
    let mut xml = format!("<View>\n  <Labels name=\"{FROM}\" toName=\"{TO}\">\n");
    let labels = taxonomy().labels.iter();
    for label in labels.filter(|label| label.scope == Scope::Sentence) {
        let colour = match label.family {
            Family::Framing | Family::Other => "#c0392b",
            Family::Sourcing => "#1f6f8b",
        };
        let _ = writeln!(
            xml,
            "    <Label value=\"{}\" background=\"{colour}\" hint=\"{}\"/>",
            label.id,
            escaped(&label.definition)
        );
    }
    let _ = write!(
        xml,
        "  </Labels>\n  <Text name=\"{TO}\" value=\"$text\"/>\n</View>\n"
    );
    xml
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
