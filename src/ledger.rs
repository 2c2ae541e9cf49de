//! The source ledger: who is given how much of what is said in a document, and how much of
//! what could be checked has a source.
//!
//! Attributions are gathered by speaker: a surname is the person who was named in full;
//! pronouns, offices and quotations that go on were given their speaker before. Words are
//! those of the contents; what stands inside what somebody else says is counted there.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::attribution::{Attribution, QuoteType, SourceKind, surname};
use crate::sourcing::Coverage;
use crate::span::Span;

/// One source of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SourceEntry {
    /// The words that name it, the longest that the document has.
    pub name: String,
    /// What kind of source it is.
    pub kind: SourceKind,
    /// How often something is attributed to it.
    pub attributions: usize,
    /// Of these, word for word, wholly or in part.
    pub direct: usize,
    /// Of these, those that call it by a pronoun.
    pub pronouns: usize,
    /// Words that are attributed to it.
    pub words: usize,
    /// Their share of all attributed words.
    pub share: f32,
}

/// The sources of a document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Ledger {
    /// By attributed words, most first.
    pub sources: Vec<SourceEntry>,
    /// Words that are attributed to anybody, or to nobody.
    pub words: usize,
    /// Attributions of a pronoun that nobody could be found for, or of nobody.
    pub without_source: usize,
    /// What its checkable claims rest on; null for a model that does not tell them.
    pub coverage: Option<Coverage>,
}

/// By which a source is known again.
type Key = (SourceKind, String);

/// Fewer attributions say nothing of how a document is sourced.
const FEW: usize = 3;
/// A document has a single source when one has at least this share of the words, and more
/// than everybody else together who could answer. Documents do not answer.
const MOST: f32 = 0.3;

impl Ledger {
    /// Gathers the attributions of a document, which are in order.
    #[must_use]
    pub fn new(text: &str, attributions: &[Attribution]) -> Self {
        let mut ledger = Self::default();
        let mut known = HashMap::new();
        for attribution in attributions {
            let own = |_: &&Span| attribution.inside.is_none();
            let words: usize = attribution
                .content
                .iter()
                .filter(own)
                .map(|span| span.of(text).split_whitespace().count())
                .sum();
            ledger.words += words;
            let Some(speaker) = &attribution.speaker else {
                ledger.without_source += 1;
                continue;
            };
            let at = ledger.entry(&mut known, &speaker.name, speaker.kind);
            let entry = &mut ledger.sources[at];
            entry.attributions += 1;
            entry.direct += usize::from(attribution.quote_type != QuoteType::Indirect);
            entry.pronouns += usize::from(attribution.source_kind == SourceKind::Pronoun);
            entry.words += words;
        }
        let all = ledger.words;
        for entry in &mut ledger.sources {
            entry.share = share(entry.words, all);
        }
        ledger
            .sources
            .sort_by(|a, b| b.words.cmp(&a.words).then_with(|| a.name.cmp(&b.name)));
        ledger
    }

    /// The position of a source, new or known by its key.
    fn entry(&mut self, known: &mut HashMap<Key, usize>, name: &str, kind: SourceKind) -> usize {
        let key = match kind {
            SourceKind::NamedPerson => surname(name).to_owned(),
            _ => plain(name),
        };
        let at = *known.entry((kind, key)).or_insert(self.sources.len());
        match self.sources.get_mut(at) {
            Some(entry) if name.len() > entry.name.len() => name.clone_into(&mut entry.name),
            Some(_) => {}
            None => self.sources.push(SourceEntry {
                name: name.to_owned(),
                kind,
                attributions: 0,
                direct: 0,
                pronouns: 0,
                words: 0,
                share: 0.0,
            }),
        }
        at
    }

    /// The one source that the document rests on, if there is one.
    #[must_use]
    pub fn single(&self) -> Option<&SourceEntry> {
        let first = self.sources.first()?;
        let named = |kind| {
            matches!(
                kind,
                SourceKind::NamedPerson
                    | SourceKind::NamedOrganisation
                    | SourceKind::Role
                    | SourceKind::PlaceAsSource
            )
        };
        let attributions: usize = self.sources.iter().map(|s| s.attributions).sum();
        let others = self.sources[1..].iter().filter(|s| named(s.kind));
        let others: f32 = others.map(|s| s.share).sum();
        (attributions >= FEW && first.share >= MOST && others < first.share).then_some(first)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a document has no 2^24 words")]
fn share(words: usize, all: usize) -> f32 {
    let share = words as f32 / all.max(1) as f32;
    (share * 1e4).round() / 1e4
}

/// A source without its article, in small letters.
fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    let bare = ["the ", "a ", "an "]
        .iter()
        .find_map(|a| lower.strip_prefix(a));
    bare.unwrap_or(&lower).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribution::{Places, Speaker, link};

    /// Attributions of "SOURCE: content" lines.
    fn ledger(lines: &[(&str, SourceKind, &str)]) -> Ledger {
        let mut text = String::new();
        let mut attributions = Vec::new();
        for (source, kind, content) in lines {
            let start = text.len();
            text.push_str(source);
            let source_span = Span::new(start, text.len());
            text.push(' ');
            let start = text.len();
            text.push_str(content);
            let speaker = (*kind != SourceKind::Pronoun).then(|| Speaker {
                name: (*source).to_owned(),
                kind: *kind,
            });
            attributions.push(Attribution {
                sentence: 0,
                source: vec![source_span],
                cue: Vec::new(),
                content: vec![Span::new(start, text.len())],
                source_kind: *kind,
                quote_type: QuoteType::Indirect,
                speaker,
                refers_to: None,
                inside: None,
            });
            text.push('\n');
        }
        let attributions = link(&text, &[], &[], &Places::default(), attributions);
        Ledger::new(&text, &attributions)
    }

    #[test]
    fn a_person_is_one_source_by_surname_and_pronoun() {
        let ledger = ledger(&[
            (
                "Mira Tolland, the harbour master,",
                SourceKind::NamedPerson,
                "one two three",
            ),
            ("a report", SourceKind::Document, "four"),
            ("she", SourceKind::Pronoun, "five six"),
            ("Tolland", SourceKind::NamedPerson, "seven"),
        ]);
        let [tolland, report] = ledger.sources.as_slice() else {
            panic!("{:?}", ledger.sources);
        };
        assert!(tolland.name.starts_with("Mira Tolland"));
        assert_eq!(
            (tolland.attributions, tolland.pronouns, tolland.words),
            (3, 1, 6)
        );
        assert_eq!(
            (report.words, ledger.words, ledger.without_source),
            (1, 7, 0)
        );
    }

    #[test]
    fn a_single_source_has_most_of_the_words_and_no_answer() {
        let person = SourceKind::NamedPerson;
        let alone = [
            ("Roke", person, "one two three four five six"),
            ("critics", SourceKind::VagueGroup, "seven"),
            ("Roke", person, "eight nine"),
        ];
        assert_eq!(ledger(&alone).single().unwrap().name, "Roke");
        let answered = [
            alone[0],
            ("Tolland", person, "one two three four five six seven eight"),
            alone[2],
        ];
        assert!(ledger(&answered).single().is_none());
        assert!(
            ledger(&alone[..2]).single().is_none(),
            "two attributions say nothing"
        );
        let nobody = ledger(&[("it", SourceKind::Pronoun, "one")]);
        assert_eq!((nobody.sources.len(), nobody.without_source), (0, 1));
    }
}
