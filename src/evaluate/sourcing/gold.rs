//! Annotated articles: one JSON file each, as `corpora/sourcing/README.md` describes them; or
//! texts with marked sourcing gaps, such as people correct in an annotation tool.
//!
//! In the first, annotators copy words, they count no offsets: every source, cue, content and evidence is
//! a string that stands in its sentence, the first time where it stands there twice. Reading
//! them makes the article's source text and byte spans in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

use super::relations;
use crate::attribution::{QuoteType, SourceKind};
use crate::corpus::{self, GoldDocument, GoldError, GoldSpan, gaps};
use crate::document::Role;
use crate::ingest::InputFormat;
use crate::label::{Family, Scope, taxonomy};
use crate::sourcing;
use crate::span::Span;
use crate::voice::SentenceVoice;

/// An article with what people marked in it.
#[derive(Debug, Clone)]
pub struct Article {
    /// Its name.
    pub id: String,
    /// What kind of text it is: wire, opinion, ….
    pub genre: String,
    /// How it is read.
    pub format: InputFormat,
    /// What is analysed.
    pub source: String,
    /// Its sentences, in order; none where only attributions are annotated.
    pub sentences: Vec<Sentence>,
    /// The labels of sentences that were looked for.
    pub looked_for: Vec<&'static str>,
    /// Who says what in it; `None` where that is not annotated.
    pub attributions: Option<Vec<Attribution>>,
    /// Labels of the whole document; `None` where they are not annotated.
    pub labels: Option<Vec<String>>,
}

/// A sentence of an article. Spans are bytes of [`Article::source`].
#[derive(Debug, Clone)]
pub struct Sentence {
    /// Where it stands.
    pub span: Span,
    /// What its block is.
    pub role: Role,
    /// Whose words it is; `None` outside body text.
    pub voice: Option<SentenceVoice>,
    /// Its labels, with their evidence.
    pub labels: BTreeMap<String, Vec<Span>>,
}

/// An attribution as it was marked.
#[derive(Debug, Clone)]
pub struct Attribution {
    /// Who speaks.
    pub source: Vec<Span>,
    /// The words that show it.
    pub cue: Vec<Span>,
    /// What is said.
    pub content: Vec<Span>,
    /// What kind of source it is.
    pub kind: SourceKind,
    /// Whether the content is word for word.
    pub quote: QuoteType,
}

/// An article that cannot be read.
#[derive(Debug, Error)]
pub enum ArticleError {
    /// The folder or a file of it.
    #[error("{}: {cause}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// It is gold of another kind.
    #[error("{}: no sourcing gap is marked in it; without --articles, what the model marks is scored", .0.display())]
    NoGaps(PathBuf),
    /// It is no gold.
    #[error(transparent)]
    Gold(#[from] GoldError),
    /// A file is no annotated article.
    #[error("{}: {reason}", path.display())]
    Invalid {
        /// Which.
        path: PathBuf,
        /// What is wrong, and where.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawArticle {
    id: String,
    genre: String,
    blocks: Vec<RawBlock>,
    document_labels: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBlock {
    role: Role,
    sentences: Vec<RawSentence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSentence {
    text: String,
    voice: Option<SentenceVoice>,
    #[serde(default, rename = "speaker")]
    _speaker: Option<String>,
    #[serde(default)]
    attributions: Vec<RawAttribution>,
    #[serde(default)]
    labels: Vec<RawLabel>,
    #[serde(default, rename = "hard_negative")]
    _hard_negative: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAttribution {
    source: Option<String>,
    cue: Option<String>,
    content: Vec<String>,
    kind: SourceKind,
    quote: QuoteType,
    #[serde(default, rename = "continues")]
    _continues: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLabel {
    label: String,
    evidence: Vec<String>,
    #[serde(default, rename = "level")]
    _level: Option<String>,
}

/// Reads every article of a folder, in the order of their names; of anything else that
/// [`corpus::read`] reads, the sourcing gaps, or, where none are marked, of a file the
/// attributions of one article a line (see `relations`).
///
/// # Errors
/// When the folder or a file cannot be read, holds no article, or marks words that are not
/// in their sentence.
pub fn read(path: &Path) -> Result<Vec<Article>, ArticleError> {
    if path.is_dir() {
        let articles = folder(path)?;
        if !articles.is_empty() {
            return Ok(articles);
        }
    }
    let documents = corpus::read(path)?;
    let marks_gaps = |document: &GoldDocument| document.token.iter().any(|token| is_gap(token));
    match documents.iter().any(marks_gaps) {
        true => Ok(marked(documents.into_iter().filter(marks_gaps).collect())),
        false if path.is_file() => relations::read(path),
        false => Err(ArticleError::NoGaps(path.to_owned())),
    }
}

/// Whether a label is one of the sourcing gaps.
pub(in crate::evaluate) fn is_gap(output: &str) -> bool {
    taxonomy()
        .get(output)
        .is_some_and(|label| label.family == Family::Sourcing)
}

/// Texts with marked gaps: a sentence bears those whose words stand in it. A preview that is
/// marked nowhere was not looked for: annotation tools are given no previews by default.
fn marked(documents: Vec<GoldDocument>) -> Vec<Article> {
    let spans = documents.iter().flat_map(|document| &document.spans);
    let marked: BTreeSet<String> = spans.map(|gold| gold.output.clone()).collect();
    let looked_for = |id: &str| marked.contains(id) || !sourcing::PREVIEWS.contains(&id);
    let looked_for: Vec<&'static str> = gaps().filter(|id| looked_for(id)).collect();
    let article = |document: GoldDocument| {
        let sentences = document.sentences.iter().map(|sentence| {
            let mut labels: BTreeMap<String, Vec<Span>> = BTreeMap::new();
            let here = |gold: &&GoldSpan| gold.span.overlaps(sentence.span);
            for gold in document.spans.iter().filter(here) {
                if is_gap(&gold.output) {
                    labels
                        .entry(gold.output.clone())
                        .or_default()
                        .push(gold.span);
                }
            }
            Sentence {
                span: sentence.span,
                role: Role::Body,
                voice: None,
                labels,
            }
        });
        Article {
            sentences: sentences.collect(),
            id: document.id,
            genre: document.corpus,
            format: InputFormat::Text,
            source: document.text,
            looked_for: looked_for.clone(),
            attributions: None,
            labels: None,
        }
    };
    documents.into_iter().map(article).collect()
}

/// Every article of a folder of ours.
fn folder(folder: &Path) -> Result<Vec<Article>, ArticleError> {
    let unreadable = |path: &Path, cause| ArticleError::Unreadable {
        path: path.to_owned(),
        cause,
    };
    let entries = std::fs::read_dir(folder).map_err(|e| unreadable(folder, e))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| unreadable(folder, e))?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            paths.push(path);
        }
    }
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let json = std::fs::read_to_string(&path).map_err(|e| unreadable(&path, e))?;
            parse(&json).map_err(|reason| ArticleError::Invalid { path, reason })
        })
        .collect()
}

fn parse(json: &str) -> Result<Article, String> {
    let raw: RawArticle = serde_json::from_str(json).map_err(|e| e.to_string())?;
    for label in &raw.document_labels {
        known(label, Scope::Document)?;
    }
    let mut article = Article {
        id: raw.id,
        genre: raw.genre,
        format: InputFormat::Markdown,
        source: String::new(),
        sentences: Vec::new(),
        looked_for: gaps().collect(),
        attributions: None,
        labels: Some(raw.document_labels),
    };
    let mut attributions = Vec::new();
    for block in raw.blocks {
        article.source.push_str(match block.role {
            Role::Title => "# ",
            Role::Heading => "## ",
            Role::Quote => "> ",
            Role::ListItem => "- ",
            _ => "",
        });
        for (i, sentence) in block.sentences.into_iter().enumerate() {
            if i > 0 {
                article.source.push(' ');
            }
            let start = article.source.len();
            article.source.push_str(&sentence.text);
            let span = Span::new(start, article.source.len());
            let (sentence, own) = place(sentence, span, block.role)?;
            article.sentences.push(sentence);
            attributions.extend(own);
        }
        article.source.push_str("\n\n");
    }
    article.attributions = Some(attributions);
    Ok(article)
}

/// A sentence whose words became spans.
fn place(raw: RawSentence, span: Span, role: Role) -> Result<(Sentence, Vec<Attribution>), String> {
    let text = raw.text;
    let find = |words: &String| -> Result<Span, String> {
        let inside = |at: usize| {
            let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            letter(text[..at].chars().next_back()) && letter(text[at..].chars().next())
        };
        // As whole words before parts of words: "he" not in "they".
        let whole = text
            .match_indices(words.as_str())
            .map(|(at, _)| at)
            .find(|&at| !inside(at) && !inside(at + words.len()));
        let at = whole
            .or_else(|| text.find(words.as_str()))
            .ok_or_else(|| format!("“{words}” does not stand in the sentence “{text}”"))?;
        Ok(Span::new(at, at + words.len()).shifted(span.start))
    };
    let marked = |words: Option<&String>| -> Result<Vec<Span>, String> {
        words
            .filter(|w| !w.is_empty())
            .map(find)
            .into_iter()
            .collect()
    };
    let all = |words: &[String]| words.iter().map(find).collect::<Result<Vec<_>, _>>();
    let mut labels = BTreeMap::new();
    for label in &raw.labels {
        known(&label.label, Scope::Sentence)?;
        labels.insert(label.label.clone(), all(&label.evidence)?);
    }
    let attributions = raw
        .attributions
        .iter()
        .map(|a| {
            Ok(Attribution {
                source: marked(a.source.as_ref())?,
                cue: marked(a.cue.as_ref())?,
                content: all(&a.content)?,
                kind: a.kind,
                quote: a.quote,
            })
        })
        .collect::<Result<Vec<_>, String>>()?;
    let sentence = Sentence {
        span,
        role,
        voice: raw.voice,
        labels,
    };
    Ok((sentence, attributions))
}

fn known(id: &str, scope: Scope) -> Result<(), String> {
    let label = taxonomy().find(id).map_err(|e| e.to_string())?;
    if label.family == Family::Sourcing && label.scope == scope {
        Ok(())
    } else {
        Err(format!(
            "`{id}` is no sourcing label of a {}",
            match scope {
                Scope::Sentence => "sentence",
                Scope::Document => "document",
            }
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARTICLE: &str = r#"{"id": "a", "genre": "wire", "blocks": [
        {"role": "title", "sentences": [{"text": "Karsa port to close"}]},
        {"role": "body", "sentences": [
            {"text": "It will close, Mira Tolland said.", "voice": "reported", "speaker": "Mira Tolland",
             "attributions": [{"source": "Mira Tolland", "cue": "said", "content": ["It will close"],
                               "kind": "named-person", "quote": "indirect"}],
             "labels": []},
            {"text": "Some 4,000 would lose their pay.", "voice": "author", "speaker": null,
             "attributions": [],
             "labels": [{"label": "attribution-drift", "evidence": ["would lose their pay"]}]}]}],
        "document_labels": ["single-source"]}"#;

    #[test]
    fn words_become_spans_of_the_source() {
        let article = parse(ARTICLE).unwrap();
        assert_eq!(
            article.source,
            "# Karsa port to close\n\nIt will close, Mira Tolland said. Some 4,000 would lose \
             their pay.\n\n"
        );
        let [title, _, drift] = article.sentences.as_slice() else {
            panic!("three sentences");
        };
        assert_eq!(title.role, Role::Title);
        let attribution = &article.attributions.unwrap()[0];
        assert_eq!(attribution.source[0].of(&article.source), "Mira Tolland");
        assert_eq!(attribution.content[0].of(&article.source), "It will close");
        let evidence = drift.labels["attribution-drift"][0];
        assert_eq!(evidence.of(&article.source), "would lose their pay");
    }

    #[test]
    fn what_cannot_be_meant_is_named() {
        for (from, to, message) in [
            (
                "\"cue\": \"said\"",
                "\"cue\": \"says\"",
                "“says” does not stand in",
            ),
            (
                "attribution-drift",
                "attribution-drif",
                "did you mean `attribution-drift`",
            ),
            (
                "\"attribution-drift\"",
                "\"single-source\"",
                "no sourcing label of a sentence",
            ),
            (
                "[\"single-source\"]",
                "[\"hearsay\"]",
                "no sourcing label of a document",
            ),
            ("named-person", "person", "unknown variant"),
        ] {
            let error = parse(&ARTICLE.replace(from, to)).unwrap_err();
            assert!(error.contains(message), "{error}");
        }
    }
}
