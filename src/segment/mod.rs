//! Cuts a block of text into sentences.
//!
//! The boundaries come from the `sentencex` engine, which knows abbreviations, initials
//! and numbers, and are then corrected by rules of our own, because the engine never
//! splits inside quotation marks and news does. The steps, in the order they run:
//!
//! 1. `mask`: hide what would mislead the engine, byte for byte;
//! 2. `engine`: the engine proposes cuts;
//! 3. `add`: our `ADDITIONS` propose the cuts it misses;
//! 4. `absorb`: each cut moves right over the quotation marks, brackets and citations
//!    that belong to the sentence before it;
//! 5. `veto`: a cut that one of our `VETOES` speaks against is dropped.
//!
//! A rule is one small function with the texts that show what it does beside it. Word
//! lists are in `words`.
//!
//! Sentences are the stretches between accepted cuts without the white space around
//! them, so sentences and gaps tile the text by construction. Every step reads the text
//! a fixed number of times: what a rule looks at is bounded, or found once and kept in
//! `Passage`, so a pathological line costs no more than prose of its length.

mod absorb;
mod add;
#[cfg(test)]
mod cases;
mod engine;
mod glue;
mod list;
mod mask;
mod passage;
mod place;
mod veto;
mod words;

use crate::document::{Document, Sentence};
use crate::span::Span;
use add::{ADDITIONS, Addition, Cut};
use passage::Passage;
use place::Place;
use veto::{VETOES, Veto};

/// The rules in force. Tests leave one out to show that its cases need it.
#[derive(Clone, Copy)]
struct Rules<'r> {
    additions: &'r [Addition],
    vetoes: &'r [Veto],
}

const RULES: Rules<'static> = Rules {
    additions: ADDITIONS,
    vetoes: VETOES,
};

/// The sentences of one block (a paragraph, a heading, …): byte ranges without white
/// space at their ends, ascending, with nothing but white space between them. A text of
/// white space has none.
#[must_use]
pub fn segment(text: &str) -> Vec<Span> {
    segment_with(text, RULES)
}

/// The sentences of every block of a document, in order. A sentence never runs over a
/// block's end or over a hard line break inside a block.
#[must_use]
pub fn sentences(document: &Document) -> Vec<Sentence> {
    let mut found = Vec::new();
    for (number, block) in document.blocks.iter().enumerate() {
        let mut start = block.span.start;
        for &end in block.breaks.iter().chain([&block.span.end]) {
            let piece = Span::new(start, end);
            for span in segment(piece.of(&document.text)) {
                let span = span.shifted(piece.start);
                found.push(Sentence {
                    index: found.len(),
                    role: block.role,
                    block: number,
                    span,
                    source: document.map.to_source(span),
                });
            }
            start = end;
        }
    }
    found
}

fn segment_with(text: &str, rules: Rules) -> Vec<Span> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for end in boundaries(text, rules).into_iter().chain([text.len()]) {
        let sentence = Span::new(start, end).trimmed(text);
        if !sentence.is_empty() {
            sentences.push(sentence);
        }
        start = end;
    }
    sentences
}

/// Where one sentence ends and another follows: offsets into `text`, ascending.
fn boundaries(text: &str, rules: Rules) -> Vec<usize> {
    let passage = Passage::new(text);
    let word_at = |at: usize| text.len() - text[at..].trim_start().len();
    let mut accepted = Vec::new();
    let mut start = word_at(0);
    // Cuts up to here were absorbed into one that was vetoed: they would end at the same
    // place and be vetoed again.
    let mut tried = 0;
    for cut in cuts(text, rules.additions) {
        if cut.at <= start || (cut.at <= tried && !cut.sure) {
            continue;
        }
        let at = absorb::absorb(&passage, start, cut.at);
        if at >= passage.end() {
            break;
        }
        let place = Place::new(&passage, start, at);
        let vetoed = || {
            rules
                .vetoes
                .iter()
                .any(|veto| (veto.speaks_against)(&place))
        };
        if !place.left.is_empty() && (cut.sure || !vetoed()) {
            accepted.push(at);
            start = word_at(at);
        }
        tried = at;
    }
    accepted
}

/// The cuts that the engine and our additions propose, ascending, each offset once.
fn cuts(text: &str, additions: &[Addition]) -> Vec<Cut> {
    let mut cuts: Vec<Cut> = engine::ends(&mask::mask(text))
        .into_iter()
        .filter(|&at| at > 0)
        .map(Cut::proposed)
        .collect();
    add::add(text, additions, &mut cuts);
    // Of two equal offsets the sure one comes first and stays.
    cuts.sort_unstable_by_key(|cut| (cut.at, !cut.sure));
    cuts.dedup_by_key(|cut| cut.at);
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Block, Role, SourceMap};
    use std::collections::BTreeSet;

    /// What is wrong with a rule's cases: one that is cut elsewhere, or none that would be
    /// cut elsewhere without the rule.
    fn faults(name: &str, examples: &[&str], without: Rules) -> Vec<String> {
        let differs =
            |case: &str, rules| cases::cut(case, |text| segment_with(text, rules)) != case;
        let mut faults: Vec<String> = examples
            .iter()
            .filter(|case| differs(case, RULES))
            .map(|case| format!("{name}: {:?}", cases::cut(case, segment)))
            .collect();
        if !examples.iter().any(|case| differs(case, without)) {
            faults.push(format!("{name}: no case needs it"));
        }
        faults
    }

    #[test]
    fn every_addition_does_what_its_cases_say_and_is_needed_for_it() {
        let faults = ADDITIONS.iter().flat_map(|addition| {
            let others: Vec<Addition> = ADDITIONS
                .iter()
                .filter(|a| a.name != addition.name)
                .copied()
                .collect();
            let without = Rules {
                additions: &others,
                ..RULES
            };
            faults(addition.name, addition.cases, without)
        });
        assert_eq!(faults.collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn every_veto_does_what_its_cases_say_and_is_needed_for_it() {
        let faults = VETOES.iter().flat_map(|veto| {
            let others: Vec<Veto> = VETOES
                .iter()
                .filter(|v| v.name != veto.name)
                .copied()
                .collect();
            let without = Rules {
                vetoes: &others,
                ..RULES
            };
            faults(veto.name, veto.cases, without)
        });
        assert_eq!(faults.collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn rule_names_are_unique() {
        let names = ADDITIONS
            .iter()
            .map(|a| a.name)
            .chain(VETOES.iter().map(|v| v.name));
        let unique: BTreeSet<_> = names.clone().collect();
        assert_eq!(unique.len(), names.count());
    }

    #[test]
    fn white_space_holds_no_sentence() {
        for text in ["", " ", "\n\n", "\u{a0}\t\u{2003}"] {
            assert_eq!(segment(text), []);
        }
    }

    #[test]
    fn sentences_stop_at_hard_breaks_and_know_their_block() {
        let text = "Harbour news\n\nBy Ana Mirov\nof the Estavia Post. It rained.";
        let at = |part: &str| text.find(part).unwrap_or_default();
        let body = at("By Ana");
        let mut map = SourceMap::default();
        map.push(Span::new(0, text.len()), Span::new(2, text.len() + 2));
        let document = Document {
            source: format!("# {text}"),
            text: text.to_owned(),
            blocks: vec![
                Block {
                    role: Role::Title,
                    span: Span::new(0, 12),
                    breaks: vec![],
                },
                Block {
                    role: Role::Body,
                    span: Span::new(body, text.len()),
                    breaks: vec![at("\nof the")],
                },
            ],
            links: vec![],
            comments: vec![],
            map,
        };
        let found = sentences(&document);
        let texts: Vec<&str> = found.iter().map(|s| s.span.of(text)).collect();
        assert_eq!(
            texts,
            [
                "Harbour news",
                "By Ana Mirov",
                "of the Estavia Post.",
                "It rained."
            ]
        );
        assert_eq!(
            found.iter().map(|s| s.index).collect::<Vec<_>>(),
            [0, 1, 2, 3]
        );
        assert_eq!(
            found.iter().map(|s| s.block).collect::<Vec<_>>(),
            [0, 1, 1, 1]
        );
        assert_eq!(found[0].role, Role::Title);
        assert_eq!(found[3].role, Role::Body);
        for sentence in &found {
            let source = sentence.source.expect("the whole text is mapped");
            assert_eq!(source.of(&document.source), sentence.span.of(text));
        }
    }
}
