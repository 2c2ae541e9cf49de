//! Who says what: sources, cues and contents joined into attributions.
//!
//! The model marks the three parts on the tokens, as PolNeAR defines them (Newell,
//! Margolin and Ruths, "An Attribution Relations Corpus for Political News", LREC 2018).
//! Each cue takes the nearest source and the nearest content of its sentence; contents
//! left over go to the nearest cue, since speech is often cut in two by "she said". A cue
//! inside a content ("A said that B had claimed it") has what follows it there. What
//! crosses sentences is joined afterwards, over the whole document (`link`).

mod kind;
mod link;
mod office;
mod transcript;

use serde::{Deserialize, Serialize};

pub(crate) use kind::is_capital;
pub use kind::{Places, SourceKind, source_kind};
pub use link::link;
pub(crate) use link::{first_of, surname};

use crate::span::Span;

/// A source, the words that show it speaking, and what it says; spans of the clean text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// Index of its sentence.
    pub sentence: usize,
    /// Who speaks; empty when nobody is named.
    pub source: Vec<Span>,
    /// "said", "according to".
    pub cue: Vec<Span>,
    /// What is said.
    pub content: Vec<Span>,
    /// What kind of source it is.
    pub source_kind: SourceKind,
    /// Whether the content is word for word.
    pub quote_type: QuoteType,
    /// Who speaks, as the document names them: the words of the source, or of whom a
    /// pronoun, an office or a quotation that goes on stands for. `None` when the document
    /// does not tell.
    pub speaker: Option<Speaker>,
    /// The earlier or later attribution that tells who a pronoun, an office or a quotation
    /// without a source of its own stands for; an index into the document's attributions.
    pub refers_to: Option<usize>,
    /// The attribution that this one is part of what is said in; an index likewise.
    pub inside: Option<usize>,
}

/// Somebody who speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Speaker {
    /// The words that name it.
    pub name: String,
    /// What kind of source it is.
    pub kind: SourceKind,
}

/// Whether the content of an attribution is word for word.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum QuoteType {
    /// All of it stands in quotation marks.
    Direct,
    /// None of it does.
    Indirect,
    /// Part of it does.
    Mixed,
}

impl Attribution {
    /// Whether the words are somebody's whom the document names or describes.
    #[must_use]
    pub fn has_speaker(&self) -> bool {
        self.speaker.is_some() || !self.source.is_empty()
    }

    /// The words that name the speaker.
    #[must_use]
    pub fn speaker_name(&self) -> Option<String> {
        self.speaker.as_ref().map(|speaker| speaker.name.clone())
    }
}

/// Who speaks by these words alone: a pronoun names nobody.
fn speaker(source: &str, kind: SourceKind) -> Option<Speaker> {
    (!matches!(kind, SourceKind::Pronoun | SourceKind::None)).then(|| Speaker {
        name: name(source).to_owned(),
        kind,
    })
}

/// A source without what joins it to its sentence or tells more of it: "Mira Tolland,
/// who", "Mira Tolland, whose port it is", "Mira Tolland as she", "(NPA)".
fn name(source: &str) -> &str {
    let marks = |c: char| c.is_whitespace() || ",;:—–-".contains(c);
    let source = source.trim_matches(marks);
    let source = source
        .strip_prefix('(')
        .and_then(|inside| inside.strip_suffix(')'))
        .filter(|inside| !inside.contains(['(', ')']))
        .unwrap_or(source);
    let relative = [
        " who", " whose", " which", " as he", " as she", " as it", " as they",
    ];
    let relative = relative
        .iter()
        .filter_map(|word| {
            let at = source.find(word)?;
            let after = &source[at + word.len()..];
            (at > 0 && !after.starts_with(char::is_alphanumeric)).then_some(at)
        })
        .min();
    source[..relative.unwrap_or(source.len())].trim_end_matches(marks)
}

/// The spans that the model marked in one sentence, in the clean text.
#[derive(Debug, Clone, Default)]
pub struct Marked {
    /// Who speaks.
    pub sources: Vec<Span>,
    /// The words that show it.
    pub cues: Vec<Span>,
    /// What is said.
    pub contents: Vec<Span>,
}

/// Joins the marked spans of one sentence, one attribution a cue. A cue with neither
/// source nor content is dropped. `quoted` are the quoted stretches of the block, `places`
/// those of the document.
#[must_use]
pub fn join(
    text: &str,
    sentence: usize,
    marked: &Marked,
    quoted: &[Span],
    places: &Places,
) -> Vec<Attribution> {
    let mut contents: Vec<Vec<Span>> = vec![Vec::new(); marked.cues.len()];
    let mut taken = vec![false; marked.contents.len()];
    for (&cue, own) in marked.cues.iter().zip(&mut contents) {
        if let Some(rest) = nested(text, marked, cue) {
            own.push(rest);
        } else if let Some(i) = nearest(&marked.contents, cue) {
            own.push(marked.contents[i]);
            taken[i] = true;
        }
    }
    for (&content, _) in marked
        .contents
        .iter()
        .zip(&taken)
        .filter(|&(_, &taken)| !taken)
    {
        if let Some(i) = nearest(&marked.cues, content) {
            contents[i].push(content);
        }
    }
    marked
        .cues
        .iter()
        .zip(contents)
        .filter_map(|(&cue, mut content)| {
            content.sort_unstable();
            let source: Vec<Span> = nearest(&marked.sources, cue)
                .map(|i| marked.sources[i])
                .into_iter()
                .collect();
            if source.is_empty() && content.is_empty() {
                return None;
            }
            let quote_type = quote_type(text, &content, quoted);
            let words = source.first().map_or("", |s| s.of(text));
            let own = name(words);
            let named = own.contains(' ') && !own.starts_with("One ");
            let own_end = words.find(own).unwrap_or(0) + own.len();
            let unnamed = |s: &Span| kind::stays_unnamed(after(text, s.start + own_end));
            let source_kind = match source_kind(words, places) {
                SourceKind::NamedPerson if named => SourceKind::NamedPerson,
                SourceKind::Role | SourceKind::VagueGroup | SourceKind::NamedPerson
                    if source.first().is_some_and(unnamed) =>
                {
                    SourceKind::Anonymous
                }
                kind => kind,
            };
            Some(Attribution {
                sentence,
                speaker: speaker(words, source_kind),
                source,
                cue: vec![cue],
                content,
                source_kind,
                quote_type,
                refers_to: None,
                inside: None,
            })
        })
        .collect()
}

/// What follows a source, as far as an apposition goes.
fn after(text: &str, end: usize) -> &str {
    const LONGEST: usize = 140;
    &text[end..text.floor_char_boundary(end + LONGEST)]
}

/// What is said by a cue that stands inside what another one says: the rest of that, or,
/// when the cue comes last, what stands before it.
fn nested(text: &str, marked: &Marked, cue: Span) -> Option<Span> {
    let outer = |content: &&Span| content.contains(cue);
    let content = *marked.contents.iter().find(outer)?;
    // Without a cue outside, the model has marked one thing too long.
    if marked.cues.iter().all(|other| content.contains(*other)) {
        return None;
    }
    let has_words = |span: &Span| span.of(text).contains(char::is_alphanumeric);
    [
        Span::new(cue.end, content.end),
        Span::new(content.start, cue.start),
    ]
    .map(|rest| rest.trimmed(text))
    .into_iter()
    .find(has_words)
}

/// The span with the fewest bytes between it and `to`; the first of equals.
fn nearest(spans: &[Span], to: Span) -> Option<usize> {
    let distance = |span: &Span| {
        span.start
            .saturating_sub(to.end)
            .max(to.start.saturating_sub(span.end))
    };
    (0..spans.len()).min_by_key(|&i| distance(&spans[i]))
}

/// Half of a content decides: marks at its ends are often left out of the span.
pub(crate) fn quote_type(text: &str, content: &[Span], quoted: &[Span]) -> QuoteType {
    let letters = |span: Span| {
        span.of(text)
            .chars()
            .filter(|c| c.is_alphanumeric())
            .count()
    };
    let total: usize = content.iter().map(|&span| letters(span)).sum();
    let inside: usize = content
        .iter()
        .flat_map(|span| {
            quoted
                .iter()
                .filter(|q| q.overlaps(*span))
                .map(|q| letters(Span::new(q.start.max(span.start), q.end.min(span.end))))
        })
        .sum();
    match inside {
        0 => QuoteType::Indirect,
        _ if inside * 10 >= total * 9 => QuoteType::Direct,
        _ => QuoteType::Mixed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, words: &str) -> Span {
        let start = text.find(words).unwrap();
        Span::new(start, start + words.len())
    }

    #[test]
    fn speech_cut_in_two_is_one_attribution() {
        let text = "“We will stay,” said Mira Tolland. “We will build the wall.”";
        let marked = Marked {
            sources: vec![at(text, "Mira Tolland")],
            cues: vec![at(text, "said")],
            contents: vec![at(text, "We will stay"), at(text, "We will build the wall")],
        };
        let joined = join(
            text,
            7,
            &marked,
            &crate::quotation::quotations(text),
            &Places::default(),
        );
        assert_eq!(joined.len(), 1);
        assert_eq!(joined[0].content, marked.contents);
        assert_eq!(joined[0].quote_type, QuoteType::Direct);
        assert_eq!(joined[0].speaker_name().as_deref(), Some("Mira Tolland"));
        assert_eq!(joined[0].sentence, 7);
    }

    #[test]
    fn each_cue_takes_what_is_nearest() {
        let text = "Roke said the port would close, but Tolland denied that it was planned";
        let marked = Marked {
            sources: vec![at(text, "Roke"), at(text, "Tolland")],
            cues: vec![at(text, "said"), at(text, "denied")],
            contents: vec![at(text, "the port would close"), at(text, "it was planned")],
        };
        let joined = join(text, 0, &marked, &[], &Places::default());
        assert_eq!(joined.len(), 2);
        assert_eq!(joined[1].source, [at(text, "Tolland")]);
        assert_eq!(joined[1].content, [at(text, "it was planned")]);
        assert_eq!(joined[1].quote_type, QuoteType::Indirect);
    }

    #[test]
    fn marks_before_a_source_are_not_its_name() {
        let text = "—Réal, who asked not to be named, said the mill would close";
        let marked = Marked {
            sources: vec![at(text, "—Réal")],
            cues: vec![at(text, "said")],
            contents: vec![at(text, "the mill would close")],
        };
        let joined = join(text, 0, &marked, &[], &Places::default());
        assert_eq!(joined[0].source_kind, SourceKind::Anonymous);
    }

    #[test]
    fn what_is_said_to_be_said_stands_inside() {
        let text = "Roke said that the board had claimed it was safe";
        let marked = Marked {
            sources: vec![at(text, "Roke"), at(text, "the board")],
            cues: vec![at(text, "said"), at(text, "had claimed")],
            contents: vec![at(text, "the board had claimed it was safe")],
        };
        let joined = join(text, 0, &marked, &[], &Places::default());
        assert_eq!(joined[0].content, marked.contents);
        assert_eq!(joined[1].source, [at(text, "the board")]);
        assert_eq!(joined[1].content, [at(text, "it was safe")]);
    }

    #[test]
    fn speakers_are_named_without_what_joins_them() {
        for source in [
            "Mira Tolland, who",
            "Mira Tolland,",
            "— Mira Tolland",
            "Mira Tolland, whose port it is",
            "Mira Tolland who, in May, left",
            "Mira Tolland as she",
            "(Mira Tolland)",
        ] {
            assert_eq!(name(source), "Mira Tolland");
        }
    }

    #[test]
    fn a_cue_alone_is_no_attribution() {
        let marked = Marked {
            cues: vec![Span::new(0, 4)],
            ..Marked::default()
        };
        assert!(join("said", 0, &marked, &[], &Places::default()).is_empty());
    }
}
