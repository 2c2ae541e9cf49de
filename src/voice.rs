//! Whose words a finding is about.
//!
//! Rhetoric in quotation marks is charged to the speaker, and so is rhetoric in reported
//! speech; only the rest is the author's. Short quoted words that no attribution claims
//! (scare quotes, titles) stay with the author, who chose them.

use serde::{Deserialize, Serialize};

use crate::attribution::{Attribution, QuoteType};
use crate::document::Role;
use crate::finding::{Voice, VoiceKind};
use crate::quotation;
use crate::span::Span;

/// Whose words a sentence is, all in all.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SentenceVoice {
    /// The author's.
    Author,
    /// Somebody else's, word for word; who speaks stands beside it.
    Quoted,
    /// Somebody else's, in the author's words.
    Reported,
    /// More than one of these.
    Mixed,
}

/// A voice is heard in a sentence when it has at least this share of its letters, the
/// words that name a source and say that it speaks left out: less is when and where it spoke.
const HEARD: f64 = 0.3;

/// What a sentence's voice is read from.
#[derive(Debug, Clone, Copy)]
pub struct Speech<'a> {
    /// The clean text.
    pub text: &'a str,
    /// The role of the sentence's block.
    pub role: Role,
    /// The quoted stretches of the block, in the clean text.
    pub quoted: &'a [Span],
    /// The attributions of the block's sentences.
    pub attributions: &'a [Attribution],
}

impl Speech<'_> {
    /// The voice of some words of a sentence: that of more than half of their bytes.
    #[must_use]
    pub fn voice(&self, words: &[Span]) -> Voice {
        let quoted = self
            .quoted
            .iter()
            .find(|&&stretch| mostly(words, stretch) && self.is_spoken(stretch));
        if let Some(&stretch) = quoted {
            return Voice {
                kind: VoiceKind::Quoted,
                speaker: self.speaker_of(stretch),
            };
        }
        if self.role == Role::Quote {
            return Voice {
                kind: VoiceKind::Quoted,
                speaker: None,
            };
        }
        let reporter = self
            .attributions
            .iter()
            .find(|a| a.content.iter().any(|&content| mostly(words, content)));
        match reporter {
            Some(a) => Voice {
                // What a transcript says is word for word without quotation marks.
                kind: match a.quote_type {
                    QuoteType::Direct => VoiceKind::Quoted,
                    QuoteType::Indirect | QuoteType::Mixed => VoiceKind::Reported,
                },
                speaker: a.speaker_name(),
            },
            None => Voice::AUTHOR,
        }
    }

    /// The voice of a whole sentence.
    #[must_use]
    pub fn sentence(&self, sentence: Span) -> SentenceVoice {
        let spans = |spans: &mut dyn Iterator<Item = Span>| -> Vec<Span> {
            spans.filter(|span| span.overlaps(sentence)).collect()
        };
        let alone = |q: Span| q.shared(sentence) * 5 >= sentence.len() * 4;
        let spoken = |&q: &Span| alone(q) || self.is_spoken(q);
        let mut spoken = spans(&mut self.quoted.iter().copied().filter(spoken));
        let direct = |a: &&Attribution| a.quote_type == QuoteType::Direct;
        let direct = self.attributions.iter().filter(direct);
        spoken.extend(spans(&mut direct.flat_map(|a| a.content.clone())));
        let contents = spans(&mut self.attributions.iter().flat_map(|a| a.content.clone()));
        let said = |a: &Attribution| [a.source.clone(), a.cue.clone()].concat();
        let saying = spans(&mut self.attributions.iter().flat_map(said));
        // Of each byte; what is written later wins.
        let mut of = vec![Some(VoiceKind::Author); sentence.len()];
        for (spans, kind) in [
            (&saying, None),
            (&contents, Some(VoiceKind::Reported)),
            (&spoken, Some(VoiceKind::Quoted)),
        ] {
            for span in spans {
                let from = span.start.max(sentence.start) - sentence.start;
                let to = span.end.min(sentence.end) - sentence.start;
                of[from..to].fill(kind);
            }
        }
        let (mut quoted, mut reported, mut author) = (0_u32, 0_u32, 0_u32);
        for (at, c) in sentence.of(self.text).char_indices() {
            match of[at] {
                _ if !c.is_alphanumeric() => {}
                _ if self.role == Role::Quote => quoted += 1,
                Some(VoiceKind::Quoted) => quoted += 1,
                Some(VoiceKind::Reported) => reported += 1,
                Some(VoiceKind::Author) => author += 1,
                None => {}
            }
        }
        let all = f64::from(quoted + reported + author);
        let heard = |letters: u32| f64::from(letters) >= HEARD * all && letters > 0;
        match (heard(quoted), heard(reported), heard(author)) {
            (true, false, false) => SentenceVoice::Quoted,
            (false, true, false) => SentenceVoice::Reported,
            (false, false, _) => SentenceVoice::Author,
            _ => SentenceVoice::Mixed,
        }
    }

    /// Whether the words are direct speech rather than a term in quotation marks.
    #[must_use]
    pub fn is_quoted(&self, words: Span) -> bool {
        self.voice(&[words]).kind == VoiceKind::Quoted
    }

    fn is_spoken(&self, stretch: Span) -> bool {
        quotation::is_speech(self.text, stretch) || self.claimants(stretch).next().is_some()
    }

    fn speaker_of(&self, stretch: Span) -> Option<String> {
        self.claimants(stretch).find_map(Attribution::speaker_name)
    }

    /// The attributions that give a quoted stretch as their content.
    fn claimants(&self, stretch: Span) -> impl Iterator<Item = &Attribution> {
        self.attributions
            .iter()
            .filter(move |a| a.content.iter().any(|content| content.overlaps(stretch)))
    }
}

fn mostly(words: &[Span], inside: Span) -> bool {
    let total: usize = words.iter().map(|w| w.len()).sum();
    let shared: usize = words.iter().map(|w| w.shared(inside)).sum();
    shared * 2 > total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribution::{self, Marked, Places};

    fn at(text: &str, words: &str) -> Span {
        let start = text.find(words).unwrap();
        Span::new(start, start + words.len())
    }

    /// What `read` hears in a text of one attribution: its source, cue and content.
    fn heard<T>(text: &str, parts: Option<[&str; 3]>, read: impl Fn(&Speech<'_>) -> T) -> T {
        let quoted = quotation::quotations(text);
        let attributions = parts.map_or_else(Vec::new, |[source, cue, content]| {
            let marked = Marked {
                sources: vec![at(text, source)],
                cues: vec![at(text, cue)],
                contents: vec![at(text, content)],
            };
            attribution::join(text, 0, &marked, &quoted, &Places::default())
        });
        let speech = Speech {
            text,
            role: Role::Body,
            quoted: &quoted,
            attributions: &attributions,
        };
        read(&speech)
    }

    fn voice(text: &str, parts: Option<[&str; 3]>, words: &str) -> (VoiceKind, Option<String>) {
        let voice = heard(text, parts, |speech| speech.voice(&[at(text, words)]));
        (voice.kind, voice.speaker)
    }

    #[test]
    fn whose_words() {
        let said = "“The traitors sold our port,” said Mira Tolland, a stooge of Karsa.";
        let parts = Some(["Mira Tolland", "said", "The traitors sold our port"]);
        assert_eq!(
            voice(said, parts, "traitors"),
            (VoiceKind::Quoted, Some("Mira Tolland".to_owned()))
        );
        assert_eq!(voice(said, parts, "stooge").0, VoiceKind::Author);
        assert_eq!(voice(said, None, "traitors"), (VoiceKind::Quoted, None));

        let reported = "Roke believes that the traitors sold the port.";
        let parts = Some(["Roke", "believes", "that the traitors sold the port"]);
        assert_eq!(
            voice(reported, parts, "traitors"),
            (VoiceKind::Reported, Some("Roke".to_owned()))
        );

        let scare = "The “free” press cheered.";
        assert_eq!(voice(scare, None, "free").0, VoiceKind::Author);
    }

    #[test]
    fn the_voice_of_a_whole_sentence() {
        for (text, parts, expected) in [
            ("The port closed on Monday.", None, SentenceVoice::Author),
            (
                "“We will not be moved again,” said Mira Tolland.",
                Some(["Mira Tolland", "said", "We will not be moved again"]),
                SentenceVoice::Quoted,
            ),
            (
                "Roke believes that the port will close.",
                Some(["Roke", "believes", "that the port will close"]),
                SentenceVoice::Reported,
            ),
            (
                "The port of Karsa closed on Monday after Roke said that its sea wall would fall.",
                Some(["Roke", "said", "that its sea wall would fall"]),
                SentenceVoice::Mixed,
            ),
            ("The “free” press cheered.", None, SentenceVoice::Author),
        ] {
            let whole = Span::new(0, text.len());
            let found = heard(text, parts, |speech| speech.sentence(whole));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_block_quotation_is_quoted() {
        let text = "The traitors sold our port.";
        let speech = Speech {
            text,
            role: Role::Quote,
            quoted: &[],
            attributions: &[],
        };
        assert_eq!(speech.voice(&[Span::new(4, 12)]).kind, VoiceKind::Quoted);
    }
}
