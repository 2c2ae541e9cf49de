//! Whose words a finding is about.
//!
//! Rhetoric in quotation marks is charged to the speaker, and so is rhetoric in reported
//! speech; only the rest is the author's. Short quoted words that no attribution claims
//! (scare quotes, titles) stay with the author, who chose them.

use crate::attribution::Attribution;
use crate::document::Role;
use crate::finding::{Voice, VoiceKind};
use crate::quotation;
use crate::span::Span;

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
                kind: VoiceKind::Reported,
                speaker: a.speaker(self.text),
            },
            None => Voice::AUTHOR,
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
        self.claimants(stretch).find_map(|a| a.speaker(self.text))
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
    let shared: usize = words
        .iter()
        .map(|w| {
            w.end
                .min(inside.end)
                .saturating_sub(w.start.max(inside.start))
        })
        .sum();
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

    fn voice(text: &str, parts: Option<[&str; 3]>, words: &str) -> (VoiceKind, Option<String>) {
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
        let voice = speech.voice(&[at(text, words)]);
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
