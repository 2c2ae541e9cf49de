//! Articles with attributions only, in the form of PolNeAR: one JSON object a line, with
//! `text` and `spans` in code points, each a `Source`, `Cue` or `Content` of one `rel`.
//!
//! Kinds of sources are not annotated there: the rules' own reading of the gold source is
//! what the kind of a found one is measured against.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::gold::{Article, ArticleError, Attribution};
use crate::attribution::{Places, quote_type, source_kind};
use crate::ingest::InputFormat;
use crate::quotation::quotations_in;
use crate::span::Span;

#[derive(Deserialize)]
struct Raw {
    doc_id: String,
    text: String,
    spans: Vec<RawSpan>,
}

#[derive(Deserialize)]
struct RawSpan {
    start: usize,
    end: usize,
    label: Part,
    rel: String,
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Source,
    Cue,
    Content,
}

pub(super) fn read(path: &Path) -> Result<Vec<Article>, ArticleError> {
    let lines = std::fs::read_to_string(path).map_err(|cause| ArticleError::Unreadable {
        path: path.to_owned(),
        cause,
    })?;
    lines
        .lines()
        .enumerate()
        .map(|(at, line)| {
            parse(line).map_err(|reason| ArticleError::Invalid {
                path: path.to_owned(),
                reason: format!("line {}: {reason}", at + 1),
            })
        })
        .collect()
}

fn parse(line: &str) -> Result<Article, String> {
    let raw: Raw = serde_json::from_str(line).map_err(|e| e.to_string())?;
    let starts: Vec<usize> = raw
        .text
        .char_indices()
        .map(|(at, _)| at)
        .chain([raw.text.len()])
        .collect();
    let mut relations: BTreeMap<&str, BTreeMap<&Part, Vec<Span>>> = BTreeMap::new();
    for span in &raw.spans {
        let (from, to) = (starts.get(span.start), starts.get(span.end));
        let (Some(&from), Some(&to)) = (from, to) else {
            return Err(format!(
                "the span {}..{} lies outside the text, which has {} code points",
                span.start,
                span.end,
                starts.len() - 1
            ));
        };
        if from >= to {
            return Err(format!("the span {}..{} is empty", span.start, span.end));
        }
        let relation = relations.entry(&span.rel).or_default();
        relation
            .entry(&span.label)
            .or_default()
            .push(Span::new(from, to));
    }
    let quoted = quotations_of_lines(&raw.text);
    let places = Places::of(&raw.text);
    let attributions = relations
        .into_values()
        .map(|mut parts| {
            let mut take = |part| parts.remove(&part).unwrap_or_default();
            let (source, cue, content) = (take(Part::Source), take(Part::Cue), take(Part::Content));
            let words = source.first().map_or("", |s| s.of(&raw.text));
            Attribution {
                kind: source_kind(words, &places),
                quote: quote_type(&raw.text, &content, &quoted),
                source,
                cue,
                content,
            }
        })
        // What has no content says nothing, and a cue is what the rest is joined by.
        .filter(|a| !a.cue.is_empty() && !a.content.is_empty())
        .collect();
    Ok(Article {
        id: raw.doc_id,
        genre: "news".to_owned(),
        format: InputFormat::Text,
        source: raw.text,
        sentences: Vec::new(),
        looked_for: Vec::new(),
        attributions: Some(attributions),
        labels: None,
    })
}

/// A line is a paragraph there.
fn quotations_of_lines(text: &str) -> Vec<Span> {
    let mut end = 0;
    text.split_inclusive('\n')
        .flat_map(|line| {
            end += line.len();
            quotations_in(text, Span::new(end - line.len(), end))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribution::{QuoteType, SourceKind};

    #[test]
    fn spans_of_one_relation_are_one_attribution() {
        let line = r#"{"doc_id": "a", "text": "“Nö,” said Roke.", "spans": [
            {"start": 0, "end": 5, "label": "Content", "rel": "E1"},
            {"start": 6, "end": 10, "label": "Cue", "rel": "E1"},
            {"start": 11, "end": 15, "label": "Source", "rel": "E1"},
            {"start": 11, "end": 15, "label": "Source", "rel": "E2"}]}"#;
        let article = parse(line).unwrap();
        let attributions = article.attributions.unwrap();
        let [one] = attributions.as_slice() else {
            panic!("one relation has a cue and a content");
        };
        assert_eq!(one.source[0].of(&article.source), "Roke");
        assert_eq!(one.content[0].of(&article.source), "“Nö,”");
        assert_eq!(
            (one.kind, one.quote),
            (SourceKind::NamedPerson, QuoteType::Direct)
        );
        let error = parse(&line.replace("15", "99")).err().unwrap();
        assert!(error.contains("11..99 lies outside"), "{error}");
    }
}
