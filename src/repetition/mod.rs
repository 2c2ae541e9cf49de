//! Charged content phrases that recur in a document.
//!
//! One sentence cannot show a repetition, so the encoder hardly learns it; this pass
//! counts over the document instead. It finds half of the sentences that annotators of the
//! Propaganda Techniques Corpus marked, but most of what recurs is the subject of the
//! article (on 106 articles of its train and tune parts: precision 0.10, recall 0.48, F1
//! 0.17), so its findings are previews. A phrase counts when the model found some use of it charged (inside the
//! evidence of a framing device) and it comes back: a phrase of two to four words in two
//! sentences, a single word in three, more than half of its uses charged. Names do not
//! count, and no phrase runs over a comma or a quotation mark.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::finding::Status;
use crate::span::Span;

/// Of its findings: an F1 under 0.30 is a preview, as for the outputs of the model.
pub const STATUS: Status = Status::Preview;
/// Longest phrase, in words.
const LONGEST: usize = 4;
/// Sentences in which a single word must stand.
const SINGLE: usize = 3;

/// A sentence that the pass may look at.
#[derive(Debug, Clone)]
pub struct Part {
    /// Index of the sentence.
    pub sentence: usize,
    /// Its place in the clean text.
    pub span: Span,
    /// The evidence of framing devices in it.
    pub charged: Vec<Span>,
}

/// A phrase that recurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The words at its first place.
    pub words: String,
    /// Where it stands: sentence and place in the clean text, in order.
    pub places: Vec<(usize, Span)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Short, or on the stop list.
    Function,
    Content,
    Name,
}

struct Word {
    stem: String,
    span: Span,
    kind: Kind,
    charged: bool,
    /// Whether nothing but white space stands between it and the word before.
    joined: bool,
}

/// The phrases that recur, by first place. Linear in the text.
#[must_use]
pub fn phrases(text: &str, parts: &[Part]) -> Vec<Phrase> {
    let sentences: Vec<(usize, Vec<Word>)> = parts
        .iter()
        .map(|part| (part.sentence, words(text, part)))
        .collect();
    let mut taken: Vec<Vec<bool>> = sentences
        .iter()
        .map(|(_, words)| vec![false; words.len()])
        .collect();
    let mut found = Vec::new();
    // Longer phrases first: their words are spoken for.
    for length in (1..=LONGEST).rev() {
        // The places of every phrase that is charged somewhere: (sentence, first word).
        let charged: HashSet<String> = sentences
            .iter()
            .flat_map(|(_, words)| words.windows(length))
            .filter(|window| is_phrase(window) && window.iter().all(|word| word.charged))
            .map(key)
            .collect();
        let mut places: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for (s, (_, words)) in sentences.iter().enumerate() {
            for (w, window) in words.windows(length).enumerate() {
                if is_phrase(window) && !taken[s][w..w + length].contains(&true) {
                    let key = key(window);
                    if charged.contains(&key) {
                        places.entry(key).or_default().push((s, w));
                    }
                }
            }
        }
        let mut recurring: Vec<_> = places
            .into_values()
            .filter(|places| recurs(places, length, &sentences))
            .collect();
        recurring.sort_unstable();
        for places in recurring {
            // Two phrases of one length may share words; the first to come keeps them.
            let free: Vec<_> = places
                .into_iter()
                .filter(|&(s, w)| !taken[s][w..w + length].contains(&true))
                .collect();
            if !recurs(&free, length, &sentences) {
                continue;
            }
            let places: Vec<(usize, Span)> = free
                .iter()
                .map(|&(s, w)| {
                    taken[s][w..w + length].fill(true);
                    let (sentence, words) = &sentences[s];
                    (
                        *sentence,
                        Span::new(words[w].span.start, words[w + length - 1].span.end),
                    )
                })
                .collect();
            found.push(Phrase {
                words: places[0].1.of(text).to_owned(),
                places,
            });
        }
    }
    found.sort_unstable_by_key(|phrase| phrase.places[0].1);
    found
}

/// Whether the words can be a phrase: content words at both ends, and no name.
fn is_phrase(window: &[Word]) -> bool {
    let content = |word: &Word| word.kind == Kind::Content;
    let [first, .., last] = window else {
        return window.iter().all(content);
    };
    content(first)
        && content(last)
        && !window.iter().any(|word| word.kind == Kind::Name)
        && window[1..].iter().all(|word| word.joined)
}

fn key(window: &[Word]) -> String {
    let stems: Vec<&str> = window.iter().map(|word| word.stem.as_str()).collect();
    stems.join(" ")
}

fn recurs(places: &[(usize, usize)], length: usize, sentences: &[(usize, Vec<Word>)]) -> bool {
    let mut distinct: Vec<usize> = places.iter().map(|&(s, _)| s).collect();
    distinct.dedup();
    let needed = if length > 1 { 2 } else { SINGLE };
    let charged = places
        .iter()
        .filter(|&&(s, w)| {
            sentences[s].1[w..w + length]
                .iter()
                .all(|word| word.charged)
        })
        .count();
    distinct.len() >= needed && charged * 2 > places.len()
}

fn words(text: &str, part: &Part) -> Vec<Word> {
    let sentence = part.span.of(text);
    let mut words = Vec::new();
    let mut start = None;
    let mut charged = part.charged.iter().copied().peekable();
    for (at, c) in sentence.char_indices().chain([(sentence.len(), ' ')]) {
        let inside = c.is_alphanumeric() || (matches!(c, '’' | '\'' | '-') && start.is_some());
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let word = sentence[from..at].trim_end_matches(['’', '\'', '-']);
                let span = Span::new(from, from + word.len()).shifted(part.span.start);
                while charged
                    .next_if(|evidence| evidence.end <= span.start)
                    .is_some()
                {}
                let charged = charged
                    .peek()
                    .is_some_and(|evidence| evidence.overlaps(span));
                let joined = words.last().is_some_and(|before: &Word| {
                    text[before.span.end..span.start].trim().is_empty()
                });
                words.push(Word {
                    charged,
                    joined,
                    ..read(word, span, words.is_empty())
                });
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn read(word: &str, span: Span, first: bool) -> Word {
    let lower = word.to_lowercase().replace('’', "'");
    let stem = lower.strip_suffix("'s").unwrap_or(&lower);
    let stem = match stem.strip_suffix('s') {
        Some(singular) if singular.len() > 3 && !singular.ends_with('s') => singular,
        _ => stem,
    };
    let content = stem.chars().filter(|c| c.is_alphabetic()).count() >= 4
        && ![lower.as_str(), stem]
            .iter()
            .any(|word| STOP.contains(word))
        && !["'d", "'ll", "'ve", "'re", "n't"]
            .iter()
            .any(|clitic| lower.ends_with(clitic));
    let kind = if !content {
        Kind::Function
    } else if !first && word.starts_with(char::is_uppercase) {
        Kind::Name
    } else {
        Kind::Content
    };
    Word {
        stem: stem.to_owned(),
        span,
        kind,
        charged: false,
        joined: false,
    }
}

/// Words of four letters and more that carry no charge of their own, one a line.
static STOP: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("stop.txt").lines().collect());

#[cfg(test)]
mod tests {
    use super::*;

    /// Sentences with their charged words in square brackets.
    fn found(marked: &[&str]) -> Vec<(String, Vec<usize>)> {
        let mut text = String::new();
        let mut parts = Vec::new();
        for (sentence, source) in marked.iter().enumerate() {
            let start = text.len();
            let mut charged = Vec::new();
            for (i, piece) in source.split(['[', ']']).enumerate() {
                let from = text.len();
                text.push_str(piece);
                if i % 2 == 1 {
                    charged.push(Span::new(from, text.len()));
                }
            }
            parts.push(Part {
                sentence,
                span: Span::new(start, text.len()),
                charged,
            });
            text.push(' ');
        }
        phrases(&text, &parts)
            .into_iter()
            .map(|phrase| (phrase.words, phrase.places.iter().map(|p| p.0).collect()))
            .collect()
    }

    #[test]
    fn a_charged_phrase_in_two_sentences_recurs() {
        assert_eq!(
            found(&[
                "The [iron grip] of Karsa.",
                "Nothing of note.",
                "[Iron grips] do not last."
            ]),
            [("iron grip".to_owned(), vec![0, 2])]
        );
        assert!(found(&["The [iron grip] of Karsa.", "An iron grip opens."]).is_empty());
        assert_eq!(
            found(&["A [clear “iron wall”] now.", "A [clear “iron wall”] again."]),
            [("iron wall".to_owned(), vec![0, 1])]
        );
    }

    #[test]
    fn words_inside_a_longer_phrase_do_not_count_again() {
        assert_eq!(
            found(&[
                "They [sold our harbour] cheaply.",
                "Who [sold our harbour]?",
                "The harbour is cold.",
            ]),
            [("sold our harbour".to_owned(), vec![0, 1])]
        );
    }

    #[test]
    fn a_single_word_needs_three_sentences_and_charge() {
        let thrice = [
            "A [betrayal].",
            "Their [betrayal] hurt.",
            "It was betrayal.",
        ];
        assert_eq!(found(&thrice), [("betrayal".to_owned(), vec![0, 1, 2])]);
        assert!(found(&thrice[..2]).is_empty());
        assert!(found(&["A [betrayal].", "The betrayal.", "The betrayal."]).is_empty());
        assert!(found(&["[There’s] one.", "[There’s] two.", "[There’s] more."]).is_empty());
    }

    #[test]
    fn names_uncharged_and_common_words_do_not_recur() {
        assert!(found(&["The [Karsa Treaty] failed.", "The [Karsa Treaty] is bad."]).is_empty());
        assert!(found(&["The grain price rose.", "The grain price fell."]).is_empty());
        assert!(found(&["[Other people] came.", "[Other people] left."]).is_empty());
    }
}
