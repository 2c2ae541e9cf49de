//! Transcripts and interviews: paragraphs that begin with who speaks ("Mira Tolland: …",
//! "Q: …").
//!
//! A line of that form may be anything ("Note: …"), so a document is read as a transcript
//! only when several paragraphs begin so, with two speakers at least, one of them twice.
//! A paragraph between two turns goes on with the first.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::{Attribution, Places, QuoteType, SourceKind, Speaker, source_kind, speaker};
use crate::document::Sentence;
use crate::span::Span;

/// Paragraphs with a speaker that make a transcript.
const TURNS: usize = 3;

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?<label>\p{Lu}[\p{L}.’'-]*(?:\s(?:of\s|the\s)?[\p{Lu}\d][\p{L}.’'-]*){0,4})(?:\s\([^)]{1,40}\))?\s?:\s",
    )
    .expect("a constant pattern")
});

/// Labels that are no speakers, however often they come.
const NOTES: &[&str] = &[
    "note",
    "update",
    "photo",
    "source",
    "sources",
    "correction",
    "image",
    "read more",
    "see also",
    "editor’s note",
    "editor's note",
    "warning",
    "example",
    "related",
    "video",
    "figure",
    "table",
];
/// Those who ask, and those who answer.
const ASKS: &[&str] = &["q", "question", "interviewer"];
const ANSWERS: &[&str] = &["a", "answer"];

/// One paragraph of a speaker: the block, and the label at its beginning.
struct Turn {
    block: usize,
    label: Span,
}

/// What is said in the turns of a transcript, one attribution a sentence; nothing when the
/// document is none. `named` are the speakers that its prose names, in order.
pub(super) fn turns(
    text: &str,
    sentences: &[Sentence],
    places: &Places,
    named: &[Speaker],
) -> Vec<Attribution> {
    let turns = labelled(text, sentences);
    // "MIRA TOLLAND" first, then "TOLLAND".
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for turn in &turns {
        let label = turn.label.of(text);
        let last = label.rsplit(' ').next().unwrap_or(label);
        *counts.entry(last).or_default() += 1;
    }
    if turns.len() < TURNS || counts.len() < 2 || counts.values().all(|&count| count < 2) {
        return Vec::new();
    }
    let last = turns[turns.len() - 1].block;
    let answers = named
        .iter()
        .find(|speaker| speaker.kind == SourceKind::NamedPerson);
    sentences
        .iter()
        .enumerate()
        .filter(|(_, sentence)| sentence.role.bears_sourcing_gaps() && sentence.block <= last)
        .filter_map(|(at, sentence)| {
            let next = turns.partition_point(|turn| turn.block <= sentence.block);
            let turn = &turns[next.checked_sub(1)?];
            let words = turn.label.of(text);
            let lower = words.to_lowercase();
            let (kind, speaker) = if ASKS.contains(&lower.as_str()) {
                (SourceKind::Role, None)
            } else if ANSWERS.contains(&lower.as_str()) {
                (SourceKind::Role, answers.cloned())
            } else {
                let kind = source_kind(&without_capitals(words), places);
                (kind, speaker(words, kind))
            };
            let opens = sentence.span.contains(turn.label);
            let said = if opens {
                let rest = &text[turn.label.end..sentence.span.end];
                let colon = rest.find(':').map_or(0, |colon| colon + 1);
                Span::new(turn.label.end + colon, sentence.span.end).trimmed(text)
            } else {
                sentence.span
            };
            (!said.is_empty()).then(|| Attribution {
                sentence: at,
                source: if opens { vec![turn.label] } else { Vec::new() },
                cue: Vec::new(),
                content: vec![said],
                source_kind: if opens { kind } else { SourceKind::None },
                quote_type: QuoteType::Direct,
                speaker,
                refers_to: None,
                inside: None,
            })
        })
        .collect()
}

/// "MIRA TOLLAND" as "Mira Tolland": in a transcript capitals are no acronym.
fn without_capitals(label: &str) -> String {
    if label.contains(char::is_lowercase) {
        return label.to_owned();
    }
    let words = label.split(' ').map(|word| {
        let first = word.chars().next().map_or(0, char::len_utf8);
        word[..first].to_owned() + &word[first..].to_lowercase()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The paragraphs that begin with a label.
fn labelled(text: &str, sentences: &[Sentence]) -> Vec<Turn> {
    let mut block = None;
    let mut turns = Vec::new();
    for sentence in sentences {
        let first = block.replace(sentence.block) != Some(sentence.block);
        if !first || !sentence.role.bears_sourcing_gaps() {
            continue;
        }
        let label = LABEL
            .captures(&text[sentence.span.start..])
            .and_then(|found| found.name("label"));
        if let Some(label) = label
            && !NOTES.contains(&label.as_str().to_lowercase().as_str())
        {
            turns.push(Turn {
                block: sentence.block,
                label: Span::new(label.start(), label.end()).shifted(sentence.span.start),
            });
        }
    }
    turns
}
