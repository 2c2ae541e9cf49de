//! What follows from a text and its spans: the sentences, and which labels they bear.

use std::collections::BTreeMap;

use super::outputs::{ANY_DEVICE, ATTRIBUTED, CONTENT, CUE, is_device, labels_sentences};
use super::scheme::Cut;
use super::{GoldSentence, GoldSpan};
use crate::segment::segment;
use crate::span::Span;

/// The sentences of a text, not labelled yet.
pub(super) fn sentences(text: &str, cut: Cut) -> Vec<GoldSentence> {
    let mut spans = Vec::new();
    match cut {
        Cut::Whole => spans.push(Span::new(0, text.len()).trimmed(text)),
        Cut::Lines => spans.extend(lines(text).map(|line| line.trimmed(text))),
        Cut::Paragraphs => {
            for line in lines(text) {
                let cuts = segment(line.of(text));
                spans.extend(cuts.into_iter().map(|cut| cut.shifted(line.start)));
            }
        }
    }
    spans.retain(|span| !span.is_empty());
    let unlabelled = |span| GoldSentence {
        span,
        labels: BTreeMap::new(),
    };
    spans.into_iter().map(unlabelled).collect()
}

fn lines(text: &str) -> impl Iterator<Item = Span> {
    let mut start = 0;
    text.split('\n').map(move |line| {
        let span = Span::new(start, start + line.len());
        start = span.end + 1;
        span
    })
}

/// Adds the labels that follow from the spans to those that the sentence has.
///
/// A sentence bears the output of every span that shares a character with it which is
/// not white space; `any-device` with any device; `attributed` with a cue or content. An
/// output that the sentence has a label for already keeps it.
pub(super) fn label(sentence: &mut GoldSentence, text: &str, token: &[String], spans: &[GoldSpan]) {
    let place = sentence.span;
    let shares_words = |span: Span| {
        place.overlaps(span) && {
            let shared = Span::new(place.start.max(span.start), place.end.min(span.end));
            !shared.of(text).trim().is_empty()
        }
    };
    let borne: Vec<&str> = spans
        .iter()
        .filter(|marked| shares_words(marked.span))
        .map(|marked| marked.output.as_str())
        .collect();
    let annotated = |output: &str| token.iter().any(|known| known == output);
    let mut add = |output: &str, borne: bool| {
        let label = sentence.labels.entry(output.to_owned());
        label.or_insert(borne);
    };
    for output in token {
        match output.as_str() {
            ANY_DEVICE => add(ANY_DEVICE, borne.iter().any(|output| is_device(output))),
            output if labels_sentences(output) => {
                add(output, borne.contains(&output));
            }
            _ => {}
        }
    }
    if annotated(CUE) && annotated(CONTENT) {
        add(ATTRIBUTED, borne.contains(&CUE) || borne.contains(&CONTENT));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str, token: &[&str], spans: &[(&str, &str)]) -> Vec<Vec<String>> {
        let token: Vec<String> = token.iter().map(ToString::to_string).collect();
        let spans: Vec<GoldSpan> = spans
            .iter()
            .map(|&(words, output)| {
                let start = text.find(words).unwrap();
                GoldSpan {
                    span: Span::new(start, start + words.len()),
                    output: output.to_owned(),
                }
            })
            .collect();
        let mut sentences = sentences(text, Cut::Lines);
        for sentence in &mut sentences {
            label(sentence, text, &token, &spans);
        }
        let on = |sentence: GoldSentence| {
            let on = sentence.labels.into_iter().filter(|(_, on)| *on);
            on.map(|(output, _)| output).collect()
        };
        sentences.into_iter().map(on).collect()
    }

    #[test]
    fn white_space_alone_is_no_share_in_a_span() {
        let text = "They lie.\n  Norland waits.\n\n What a disgrace.";
        let found = labels(
            text,
            &["doubt", "loaded-language", ANY_DEVICE],
            &[("lie.\n  ", "doubt"), ("\n\n What", "loaded-language")],
        );
        let device = |id: &str| vec![ANY_DEVICE.to_owned(), id.to_owned()];
        assert_eq!(found, [device("doubt"), vec![], device("loaded-language")]);
    }

    #[test]
    fn a_source_alone_attributes_nothing() {
        let text = "The mayor of Velda\nsaid the port\nwould close.";
        let found = labels(
            text,
            &["source", CUE, CONTENT],
            &[("mayor", "source"), ("said", CUE), ("would close", CONTENT)],
        );
        assert_eq!(found, [vec![], vec![ATTRIBUTED], vec![ATTRIBUTED]]);
        let partly = labels(text, &["source", CUE], &[("said", CUE)]);
        assert!(partly.iter().all(Vec::is_empty), "{partly:?}");
    }
}
