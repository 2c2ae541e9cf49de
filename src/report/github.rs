//! `github`: workflow commands, which a runner of GitHub Actions turns into annotations
//! beside the lines of a pull request. After GitHub's documentation, "Workflow commands for
//! GitHub Actions", and the escapes of its toolkit: `%`, CR and LF everywhere, `:` and `,`
//! in properties too. GitHub shows ten warnings and ten notices a step.
//!
//! A finding is a `warning`, one of level `info`, a preview and one too near to call a
//! `notice`; a document that was refused is an `error`. Places are those of the source, of
//! the first words in question. Columns are UTF-16 units, and only there when the words stand
//! on one line: annotations of several lines have none. A document that has no path has no
//! place.

use std::io;

use super::place::{Unit, range};
use super::shown::{Shown, shown, title};
use super::wire::Refusal;
use super::{Analyzed, Out, Printer, Settings};
use crate::finding::{Level, Status};

pub(super) fn start(out: Out, _: Settings) -> Box<dyn Printer> {
    Box::new(Github { out })
}

struct Github {
    out: Out,
}

impl Printer for Github {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        for shown in shown(document) {
            writeln!(self.out, "{}", command(document, &shown))?;
        }
        self.out.flush()
    }

    fn refusal(&mut self, refusal: &Refusal) -> io::Result<()> {
        let file = escaped(title(&refusal.document), true);
        let message = escaped(&refusal.error.message, false);
        writeln!(self.out, "::error file={file},title=no report::{message}")?;
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn command(document: &Analyzed<'_>, shown: &Shown<'_>) -> String {
    let finding = shown.finding;
    let name = match (finding.level, finding.status) {
        (Level::Finding, Status::Reported) => "warning",
        _ => "notice",
    };
    let mut properties = Vec::new();
    if let Some(path) = &document.report.document.name.path {
        properties.push(("file", path.clone()));
        if let Some(place) = shown.places().first() {
            let source = &document.analysis.document.source;
            let [start, end] = range(source, place, Unit::Utf16);
            properties.push(("line", start.line.to_string()));
            properties.push(("endLine", end.line.to_string()));
            if start.line == end.line {
                properties.push(("col", start.column.to_string()));
                properties.push(("endColumn", end.column.to_string()));
            }
        }
    }
    let heading = match finding.probability {
        Some(probability) => format!("{} {probability:.2}", finding.label),
        None => finding.label.clone(),
    };
    properties.push(("title", heading));
    let properties: Vec<String> = properties
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value, true)))
        .collect();
    let message = escaped(&finding.message, false);
    format!("::{name} {}::{message}", properties.join(","))
}

fn escaped(text: &str, property: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => escaped.push_str("%25"),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            ':' if property => escaped.push_str("%3A"),
            ',' if property => escaped.push_str("%2C"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        let text = "100 %: a,\r\nb::c";
        assert_eq!(escaped(text, false), "100 %25: a,%0D%0Ab::c");
        assert_eq!(escaped(text, true), "100 %25%3A a%2C%0D%0Ab%3A%3Ac");
    }
}
