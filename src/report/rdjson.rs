//! `rdjson`: the Reviewdog Diagnostic Format, a JSON object of the message
//! `reviewdog.rdf.DiagnosticResult` (reviewdog's `reviewdog.proto`), for review comments:
//! `reviewdog -f=rdjson`.
//!
//! Places are those of the source; columns are UTF-8 bytes from 1, and the end is one past
//! the last, as the proto says. A diagnostic has one place: the first words in question.
//! What is about the whole document has no range. A finding is a `WARNING`, one of level
//! `info`, a preview and one too near to call an `INFO`.

use std::io;

use serde_json::{Value, json};

use super::place::{Position, Unit, range};
use super::shown::{Shown, shown, title};
use super::{Analyzed, Out, Printer, Settings};
use crate::finding::{Level, Status};

pub(super) fn start(out: Out, _: Settings) -> Box<dyn Printer> {
    Box::new(Rdjson {
        out,
        diagnostics: Vec::new(),
    })
}

struct Rdjson {
    out: Out,
    diagnostics: Vec<Value>,
}

impl Printer for Rdjson {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        let shown = shown(document);
        let diagnostics = shown.iter().map(|shown| diagnostic(document, shown));
        self.diagnostics.extend(diagnostics);
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let result = json!({
            "source": { "name": "rhetor" },
            "diagnostics": self.diagnostics,
        });
        serde_json::to_writer_pretty(&mut self.out, &result)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

fn diagnostic(document: &Analyzed<'_>, shown: &Shown<'_>) -> Value {
    let finding = shown.finding;
    let severity = match (finding.level, finding.status) {
        (Level::Finding, Status::Reported) => "WARNING",
        _ => "INFO",
    };
    let mut location = json!({ "path": title(&document.report.document.name) });
    if let Some(place) = shown.places().first() {
        let [start, end] = range(&document.analysis.document.source, place, Unit::Byte);
        location["range"] = json!({ "start": position(start), "end": position(end) });
    }
    json!({
        "message": shown.comment(),
        "location": location,
        "severity": severity,
        "code": { "value": finding.label },
    })
}

fn position(position: Position) -> Value {
    json!({ "line": position.line, "column": position.column })
}
