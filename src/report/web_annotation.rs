//! `web-annotation`: JSON-LD after the W3C Web Annotation Data Model (Recommendation of 23
//! February 2017): one `AnnotationCollection`, an annotation a finding.
//!
//! The body is the label, with the purpose `tagging`, and what was found, with
//! `commenting`. The target is the source, at the first words in question and the others: a
//! `TextQuoteSelector` with 32 characters on either side, and a `TextPositionSelector`, which
//! counts code points from 0, the end exclusive, as the model says. Both speak of the file
//! as it was read, markup included, since that is what the target's IRI names. A finding
//! about the whole document has the document as its target.

use std::io;

use serde_json::{Value, json};

use super::place::uri;
use super::shown::{Shown, shown, title};
use super::wire::Place;
use super::{Analyzed, CAVEAT, Out, Printer, Settings};
use crate::model::sha256;

/// Characters of the source before and after the words.
const CONTEXT: usize = 32;

pub(super) fn start(out: Out, _: Settings) -> Box<dyn Printer> {
    Box::new(WebAnnotation {
        out,
        items: Vec::new(),
    })
}

struct WebAnnotation {
    out: Out,
    items: Vec<Value>,
}

impl Printer for WebAnnotation {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        for shown in shown(document) {
            let annotation = annotation(document, &shown, self.items.len());
            self.items.push(annotation);
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let ids: Vec<&str> = self
            .items
            .iter()
            .filter_map(|item| item["id"].as_str())
            .collect();
        let collection = iri(&ids.join("\n"));
        let page = iri(&collection);
        let log = json!({
            "@context": "http://www.w3.org/ns/anno.jsonld",
            "id": collection,
            "type": "AnnotationCollection",
            "label": CAVEAT,
            "total": self.items.len(),
            "first": {
                "id": page,
                "type": "AnnotationPage",
                "partOf": collection,
                "startIndex": 0,
                "items": self.items,
            },
        });
        serde_json::to_writer_pretty(&mut self.out, &log)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

fn annotation(document: &Analyzed<'_>, shown: &Shown<'_>, number: usize) -> Value {
    let finding = shown.finding;
    let report = document.report;
    let source = &document.analysis.document.source;
    let name = uri(title(&report.document.name));
    let targets: Vec<Value> = shown
        .places()
        .into_iter()
        .map(|place| json!({ "source": name, "selector": selectors(source, place) }))
        .collect();
    let target = match targets.as_slice() {
        [] => json!(name),
        [one] => one.clone(),
        _ => targets.into(),
    };
    let manifest = &report.manifest;
    json!({
        "id": iri(&format!("{}\n{number}\n{}", manifest.input_sha256, shown.fingerprint())),
        "type": "Annotation",
        "motivation": "tagging",
        "generator": {
            "id": iri(&format!("rhetor {} {}", manifest.rhetor_version, manifest.model.sha256)),
            "type": "Software",
            "name": format!("rhetor {}, {}", manifest.rhetor_version, manifest.model.name),
        },
        "body": [
            { "type": "TextualBody", "value": finding.label, "purpose": "tagging" },
            {
                "type": "TextualBody",
                "value": shown.comment(),
                "format": "text/plain",
                "language": "en",
                "purpose": "commenting",
            },
        ],
        "target": target,
    })
}

fn selectors(source: &str, place: &Place) -> Value {
    let [start, end] = place.byte;
    let before = source[..start].char_indices().rev().take(CONTEXT).last();
    let before = before.map_or(start, |(at, _)| at);
    let after = source[end..].char_indices().nth(CONTEXT);
    let after = after.map_or(source.len(), |(at, _)| end + at);
    json!([
        {
            "type": "TextQuoteSelector",
            "exact": source[start..end],
            "prefix": source[before..start],
            "suffix": source[end..after],
        },
        { "type": "TextPositionSelector", "start": place.char[0], "end": place.char[1] },
    ])
}

/// An IRI that is the same for the same text: a UUID of version 8 (RFC 9562), made of its
/// SHA-256.
fn iri(text: &str) -> String {
    let hash = sha256(text.as_bytes());
    let variant = ["8", "9", "a", "b"][usize::from(hash.as_bytes()[16] % 4)];
    format!(
        "urn:uuid:{}-{}-8{}-{variant}{}-{}",
        &hash[..8],
        &hash[8..12],
        &hash[13..16],
        &hash[17..20],
        &hash[20..32]
    )
}
