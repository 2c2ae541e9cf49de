//! What the attributions of a document have to do with each other.
//!
//! A quotation that goes on in a sentence of its own belongs to whoever spoke before it, was
//! announced ("saying:") or is named right after; a pronoun or an office ("the minister")
//! stands for the last source that fits, and the chain to it is kept; and what somebody says
//! that somebody else said stands inside what the first one says.

use std::collections::HashMap;

use super::office::Offices;
use super::{Attribution, Places, QuoteType, SourceKind, Speaker, transcript};
use crate::document::Sentence;
use crate::quotation;
use crate::span::{Span, within};

/// Sentences on each side of a quotation in which its speaker is looked for.
const NEAR: usize = 40;
/// Attributions before a pronoun or an office among which its own is looked for.
const BEFORE: usize = 200;
/// Sentences before "they" or "it" in which its own is looked for: with no gender to tell it
/// apart, it is most often a word of the sentence before (Hobbs, Resolving Pronoun References,
/// Lingua 44, 1978).
const NEAR_THEY: usize = 5;

/// Adds the quotations that go on, and says of each attribution who speaks and what it is
/// part of. `attributions` are those of single sentences, in order; so is the result.
#[must_use]
pub fn link(
    text: &str,
    sentences: &[Sentence],
    quoted: &[Span],
    places: &Places,
    attributions: Vec<Attribution>,
) -> Vec<Attribution> {
    let named: Vec<Speaker> = attributions
        .iter()
        .filter_map(|a| a.speaker.clone())
        .collect();
    let mut all = transcript::turns(text, sentences, places, &named);
    all.extend(attributions);
    // Stable: a turn before what is said in it.
    all.sort_by_key(|a| a.sentence);
    let mut all = with_continued(text, sentences, quoted, all);
    nest(&mut all);
    name_speakers(text, &mut all);
    let linked = Continued {
        text,
        sentences,
        quoted,
        first: first_of(sentences.len(), &all),
    };
    for at in 0..all.len() {
        if !all[at].has_speaker() && all[at].cue.is_empty() {
            all[at].refers_to = linked.speaks_for(&all, at);
        }
    }
    follow(&mut all);
    all
}

/// For each sentence the index of its first attribution, and one entry more, the end.
#[must_use]
pub(crate) fn first_of(sentences: usize, attributions: &[Attribution]) -> Vec<usize> {
    (0..=sentences)
        .map(|s| attributions.partition_point(|a| a.sentence < s))
        .collect()
}

/// The attributions with one more for each sentence that is a quotation and that no
/// attribution of its own claims.
fn with_continued(
    text: &str,
    sentences: &[Sentence],
    quoted: &[Span],
    attributions: Vec<Attribution>,
) -> Vec<Attribution> {
    let first = first_of(sentences.len(), &attributions);
    let mut own = attributions.into_iter();
    let mut all = Vec::new();
    for (at, sentence) in sentences.iter().enumerate() {
        let from = all.len();
        all.extend(own.by_ref().take(first[at + 1] - first[at]));
        if !sentence.role.bears_sourcing_gaps() {
            continue;
        }
        let claimed = |words: Span| {
            let mut contents = all[from..].iter().flat_map(|a: &Attribution| &a.content);
            contents.any(|content| content.overlaps(words))
        };
        let content: Vec<Span> = within(quoted, sentence.span)
            .iter()
            .filter(|&&stretch| quotation::is_speech(text, stretch))
            .map(|q| {
                Span::new(
                    q.start.max(sentence.span.start),
                    q.end.min(sentence.span.end),
                )
            })
            .collect();
        let alone = content.iter().map(|c| c.len()).sum::<usize>() * 5 >= sentence.span.len() * 4;
        if alone && !content.iter().any(|&words| claimed(words)) {
            all.push(Attribution {
                sentence: at,
                source: Vec::new(),
                cue: Vec::new(),
                content,
                source_kind: SourceKind::None,
                quote_type: QuoteType::Direct,
                speaker: None,
                refers_to: None,
                inside: None,
            });
        }
    }
    all.extend(own);
    all
}

/// Marks what stands inside what another attribution of its sentence says.
fn nest(all: &mut [Attribution]) {
    for at in 0..all.len() {
        let Some(&cue) = all[at].cue.first() else {
            continue;
        };
        let sentence = all[at].sentence;
        let same = |i: &usize| all[*i].sentence == sentence;
        let around = (0..at)
            .rev()
            .take_while(same)
            .chain((at + 1..all.len()).take_while(same));
        // The innermost of several.
        all[at].inside = around
            .filter(|&i| all[i].content.iter().any(|content| content.contains(cue)))
            .min_by_key(|&i| all[i].content.iter().map(|c| c.len()).sum::<usize>());
    }
}

/// What a pronoun can stand for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gender {
    He,
    She,
}

/// Finds whom pronouns and offices stand for, in the order of the text.
fn name_speakers(text: &str, all: &mut [Attribution]) {
    let offices = Offices::of(text);
    let mut genders: HashMap<String, Gender> = HashMap::new();
    for at in 0..all.len() {
        let Some(&span) = all[at].source.first() else {
            continue;
        };
        let words = span.of(text).trim();
        match all[at].source_kind {
            SourceKind::Pronoun => {
                let found = antecedent(all, at, &words.to_lowercase(), &mut genders);
                all[at].refers_to = found;
                all[at].speaker = found.and_then(|i| all[i].speaker.clone());
            }
            SourceKind::Role => {
                let Some(name) = offices.holder(words, span.start) else {
                    continue;
                };
                let family = surname(name).to_owned();
                all[at].refers_to = (0..at)
                    .rev()
                    .take(BEFORE)
                    .find(|&i| is_person(&all[i], &family));
                all[at].speaker = Some(Speaker {
                    name: name.to_owned(),
                    kind: SourceKind::NamedPerson,
                });
            }
            SourceKind::NamedPerson => {
                let title = words.split_whitespace().next().unwrap_or_default();
                let gender = match title.trim_end_matches('.') {
                    "Mr" | "Sir" | "Lord" | "King" | "Prince" => Some(Gender::He),
                    "Mrs" | "Ms" | "Miss" | "Lady" | "Dame" | "Queen" => Some(Gender::She),
                    _ => None,
                };
                if let (Some(gender), Some(speaker)) = (gender, &all[at].speaker) {
                    genders.insert(surname(&speaker.name).to_owned(), gender);
                }
            }
            _ => {}
        }
    }
}

fn is_person(attribution: &Attribution, family: &str) -> bool {
    let speaker = attribution.speaker.as_ref();
    speaker.is_some_and(|s| s.kind == SourceKind::NamedPerson && surname(&s.name) == family)
}

/// The attribution before `at` whose speaker a pronoun stands for.
fn antecedent(
    all: &[Attribution],
    at: usize,
    pronoun: &str,
    genders: &mut HashMap<String, Gender>,
) -> Option<usize> {
    use SourceKind::{
        Anonymous, Document, NamedOrganisation, NamedPerson, PlaceAsSource, Role, VagueGroup,
    };
    let gender = match pronoun {
        "he" | "his" => Some(Gender::He),
        "she" | "her" => Some(Gender::She),
        _ => None,
    };
    let fits = |speaker: &Speaker| {
        let plural = is_plural(&speaker.name);
        match (speaker.kind, gender, pronoun) {
            (NamedPerson, Some(gender), _) => genders
                .get(surname(&speaker.name))
                .is_none_or(|&known| known == gender),
            (NamedOrganisation | PlaceAsSource | VagueGroup, None, "they" | "their" | "both") => {
                true
            }
            (Role | Anonymous, None, "they" | "their" | "both") => plural,
            (Role | Anonymous, Some(_), _)
            | (NamedOrganisation | Document | PlaceAsSource, None, "it" | "this") => !plural,
            _ => false,
        }
    };
    let near = |i: &usize| gender.is_some() || all[*i].sentence + NEAR_THEY >= all[at].sentence;
    let found = (0..at)
        .rev()
        .take(BEFORE)
        .take_while(near)
        .find(|&i| all[i].speaker.as_ref().is_some_and(fits))?;
    if let (Some(gender), Some(speaker)) = (gender, &all[found].speaker)
        && speaker.kind == NamedPerson
    {
        genders.insert(surname(&speaker.name).to_owned(), gender);
    }
    Some(found)
}

/// "prosecutors", "two of the officials", "Roke and Tolland".
fn is_plural(name: &str) -> bool {
    let head = super::kind::head(name);
    head == "police" || head.ends_with('s') && !head.ends_with("ss") || name.contains(" and ")
}

/// Attributions without a source of their own take their speaker from what they refer to.
fn follow(all: &mut [Attribution]) {
    for at in 0..all.len() {
        let mut end = at;
        for _ in 0..NEAR {
            if all[end].has_speaker() {
                break;
            }
            match all[end].refers_to {
                Some(next) => end = next,
                None => break,
            }
        }
        if end != at {
            let speaker = all[end].speaker.clone();
            all[at].speaker = speaker;
        }
    }
}

/// Where the speaker of a quotation without a source is looked for.
struct Continued<'a> {
    text: &'a str,
    sentences: &'a [Sentence],
    quoted: &'a [Span],
    first: Vec<usize>,
}

impl Continued<'_> {
    fn of_sentence(&self, sentence: usize) -> std::ops::Range<usize> {
        self.first[sentence]..self.first[sentence + 1]
    }

    /// The attribution whose speaker also speaks `all[at]`.
    fn speaks_for(&self, all: &[Attribution], at: usize) -> Option<usize> {
        let sentence = all[at].sentence;
        self.same_stretch(all, at)
            .or_else(|| self.led_in(all, sentence))
            .or_else(|| self.before(all, sentence))
            .or_else(|| self.after(all, sentence))
            .or_else(|| self.paragraph_before(all, sentence))
    }

    /// Another sentence of the same quotation names the speaker.
    fn same_stretch(&self, all: &[Attribution], at: usize) -> Option<usize> {
        let stretch = *within(self.quoted, *all[at].content.first()?).first()?;
        let from = self
            .sentences
            .partition_point(|s| s.span.end <= stretch.start)
            .max(all[at].sentence.saturating_sub(NEAR));
        let to = self
            .sentences
            .partition_point(|s| s.span.start < stretch.end)
            .min(all[at].sentence + NEAR);
        (self.first[from]..self.first[to]).find(|&i| {
            i != at
                && all[i].has_speaker()
                && all[i]
                    .content
                    .iter()
                    .any(|content| content.overlaps(stretch))
        })
    }

    /// The sentence before announces it: "She went on, saying:".
    fn led_in(&self, all: &[Attribution], sentence: usize) -> Option<usize> {
        let before = sentence.checked_sub(1)?;
        let words = self.sentences[before].span.of(self.text);
        let found = self
            .of_sentence(before)
            .rev()
            .find(|&i| all[i].has_speaker());
        found.filter(|_| quotation::leads_in(words))
    }

    /// Whoever was quoted last in this paragraph.
    fn before(&self, all: &[Attribution], sentence: usize) -> Option<usize> {
        let block = self.sentences[sentence].block;
        (0..sentence)
            .rev()
            .take(NEAR)
            .take_while(|&s| self.sentences[s].block == block)
            .find_map(|s| self.of_sentence(s).rev().find(|&i| speaks(all, i)))
    }

    /// Whoever is quoted next in this paragraph.
    fn after(&self, all: &[Attribution], sentence: usize) -> Option<usize> {
        let block = self.sentences[sentence].block;
        (sentence + 1..self.sentences.len())
            .take(NEAR)
            .take_while(|&s| self.sentences[s].block == block)
            .find_map(|s| {
                self.of_sentence(s)
                    .find(|&i| all[i].has_speaker() && all[i].quote_type != QuoteType::Indirect)
            })
    }

    /// Whoever's quotation ended the paragraph before.
    fn paragraph_before(&self, all: &[Attribution], sentence: usize) -> Option<usize> {
        let block = self.sentences[sentence].block;
        let last = (0..sentence)
            .rev()
            .take(NEAR)
            .find(|&s| self.sentences[s].block != block)?;
        let prose = self.sentences[last].role.bears_sourcing_gaps();
        let found = self.of_sentence(last).rev().find(|&i| speaks(all, i));
        found.filter(|_| prose)
    }
}

/// Whether an attribution quotes somebody, itself or as one that goes on.
fn speaks(all: &[Attribution], at: usize) -> bool {
    let quotes = all[at].quote_type != QuoteType::Indirect;
    quotes && (all[at].has_speaker() || all[at].refers_to.is_some())
}

/// The last word with a capital: "Mira Tolland, the harbour master" is known as Tolland.
pub(crate) fn surname(name: &str) -> &str {
    let name = name.split(',').next().unwrap_or(name);
    let words = name.split_whitespace().rev();
    words
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .find(|word| super::is_capital(word))
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribution::{Marked, join};
    use crate::document::Role;
    use crate::quotation::quotations_in;

    /// Who speaks, sentence by sentence. Paragraphs are separated by ` || `, sentences by
    /// ` | `; of each sentence `[source]`, `{cue}` and `<content>` are what the model marks.
    fn speakers(marked_up: &str) -> Vec<(usize, Option<String>)> {
        let mut text = String::new();
        let (mut sentences, mut attributions, mut quoted) = (Vec::new(), Vec::new(), Vec::new());
        let mut marks = Vec::new();
        for (block, paragraph) in marked_up.split(" || ").enumerate() {
            let paragraph_start = text.len();
            for words in paragraph.split(" | ") {
                let start = text.len();
                let mut marked = Marked::default();
                let mut open = Vec::new();
                for c in words.chars() {
                    match c {
                        '[' | '{' | '<' => open.push(text.len()),
                        ']' | '}' | '>' => {
                            let span = Span::new(open.pop().unwrap(), text.len());
                            match c {
                                ']' => marked.sources.push(span),
                                '}' => marked.cues.push(span),
                                _ => marked.contents.push(span),
                            }
                        }
                        c => text.push(c),
                    }
                }
                sentences.push(Sentence {
                    index: sentences.len(),
                    role: Role::Body,
                    block,
                    span: Span::new(start, text.len()),
                    source: None,
                });
                marks.push(marked);
                text.push(' ');
            }
            quoted.extend(quotations_in(&text, Span::new(paragraph_start, text.len())));
        }
        let places = Places::default();
        for (at, marked) in marks.iter().enumerate() {
            attributions.extend(join(&text, at, marked, &quoted, &places));
        }
        link(&text, &sentences, &quoted, &places, attributions)
            .iter()
            .map(|a| (a.sentence, a.speaker_name()))
            .collect()
    }

    fn check(marked_up: &str, expected: &[(usize, Option<&str>)]) {
        let found = speakers(marked_up);
        let found: Vec<_> = found
            .iter()
            .map(|(s, name)| (*s, name.as_deref()))
            .collect();
        assert_eq!(found, expected, "{marked_up}");
    }

    #[test]
    fn a_quotation_that_goes_on_has_its_speaker() {
        let tolland = Some("Mira Tolland");
        for text in [
            "“<We will stay>,” {said} [Mira Tolland]. | “We will not be moved again.”",
            "[Mira Tolland] {went further, saying}: || “We will not be moved again.”",
            "“We will not be moved again. | <We stay>,” {said} [Mira Tolland].",
        ] {
            check(text, &[(0, tolland), (1, tolland)]);
        }
        check(
            "“<We will stay>,” {said} [Mira Tolland]. || “We will not be moved again. || “We have the law with us.”",
            &[(0, tolland), (1, tolland), (2, tolland)],
        );
        check(
            "The wall fell. | “We will not be moved again.”",
            &[(1, None)],
        );
    }

    #[test]
    fn pronouns_and_offices_are_the_last_that_fits() {
        check(
            "[Mr. Roke] {said} <it leaks>. | [Ms. Tolland] {said} <it holds>. | [He] {warned} <of a flood>. | [She] {denied} <it>. | [They] {agreed} <to meet>.",
            &[
                (0, Some("Mr. Roke")),
                (1, Some("Ms. Tolland")),
                (2, Some("Mr. Roke")),
                (3, Some("Ms. Tolland")),
                (4, None),
            ],
        );
        check(
            "Estavian President Ansel Roke left. | [Mira Tolland] {said} <it holds>. | [The Estavian leader] {believes} <it leaks>. | [He] {said} <so>.",
            &[
                (1, Some("Mira Tolland")),
                (2, Some("Ansel Roke")),
                (3, Some("Ansel Roke")),
            ],
        );
    }

    #[test]
    fn they_are_somebody_near() {
        let board = Some("the board and the union");
        let between = " | It rained".repeat(NEAR_THEY - 1);
        let near = format!(
            "[the board and the union] {{said}} <so>{between} | [They] {{agreed}} <to meet>"
        );
        check(&near, &[(0, board), (NEAR_THEY, board)]);
        let far = format!(
            "[the board and the union] {{said}} <so>{between} | It rained | [They] {{agreed}} <to meet>"
        );
        check(&far, &[(0, board), (NEAR_THEY + 1, None)]);
    }

    #[test]
    fn what_is_said_to_be_said_is_inside() {
        let text = "Roke said that the board had claimed it was safe";
        let at = |words: &str| {
            let start = text.find(words).unwrap();
            Span::new(start, start + words.len())
        };
        let marked = Marked {
            sources: vec![at("Roke"), at("the board")],
            cues: vec![at("said"), at("had claimed")],
            contents: vec![at("the board had claimed it was safe")],
        };
        let all = join(text, 0, &marked, &[], &Places::default());
        let all = link(text, &[], &[], &Places::default(), all);
        assert_eq!((all[0].inside, all[1].inside), (None, Some(0)));
    }

    #[test]
    fn a_transcript_speaks_by_its_labels() {
        let interview = "[Mira Tolland] {runs} <the port>. || Q: Will it close? || A: It will not. | We have the law. || Q: And the wall? || A: It holds. || The port opened.";
        let tolland = Some("Mira Tolland");
        check(
            interview,
            &[
                (0, tolland),
                (1, None),
                (2, tolland),
                (3, tolland),
                (4, None),
                (5, tolland),
            ],
        );
        let transcript = "TOLLAND: It holds. || ROKE: It leaks. || TOLLAND: It does not.";
        check(
            transcript,
            &[
                (0, Some("TOLLAND")),
                (1, Some("ROKE")),
                (2, Some("TOLLAND")),
            ],
        );
        check(
            "Note: it leaks. || Update: it holds. || Note: it fell.",
            &[],
        );
    }
}
