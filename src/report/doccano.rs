//! `doccano`: JSON lines for a sequence labelling project of the annotation tool doccano,
//! `{"text": …, "label": [[start, end, label], …]}`, as doccano 1.8 imports and exports them.
//!
//! The text is the clean text. Offsets are UTF-16 units, the end exclusive, which is what
//! doccano's editor counts; they differ from code points only behind characters outside the
//! basic plane, such as emoji. `document` says where the text is from, and comes back
//! in doccano's export, which has ids of its own. Labels on the same words need the project's
//! "Allow overlapping spans". A finding about the whole document is left out.

use std::io;

use serde::Serialize;

use super::marked::{findings, marked};
use super::shown::title;
use super::{Analyzed, Out, Printer, Settings};
use crate::span::Positions;

pub(super) fn start(out: Out, _: Settings) -> Box<dyn Printer> {
    Box::new(Doccano { out })
}

struct Doccano {
    out: Out,
}

#[derive(Serialize)]
struct Line<'a> {
    text: &'a str,
    label: Vec<(usize, usize, &'a str)>,
    document: &'a str,
    rhetor: &'a str,
    model: &'a str,
}

impl Printer for Doccano {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        let text = &document.analysis.document.text;
        let positions = Positions::new(text);
        let findings = findings(document);
        let line = Line {
            text,
            label: marked(&findings)
                .iter()
                .map(|mark| {
                    let [start, end] =
                        [mark.span.start, mark.span.end].map(|byte| positions.units(byte).1);
                    (start, end, mark.shown.finding.label.as_str())
                })
                .collect(),
            document: title(&document.report.document.name),
            rhetor: &document.report.manifest.rhetor_version,
            model: &document.report.manifest.model.name,
        };
        serde_json::to_writer(&mut self.out, &line)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
