//! How well sources and sourcing gaps are found, on annotated articles.
//!
//! Unlike the model's outputs these come from the whole pipeline, so each article is
//! analysed as a user would have it analysed, and what comes out is compared sentence by
//! sentence and span by span.

pub mod gold;
mod relations;
pub mod scores;
pub mod table;

use std::collections::BTreeMap;

use crate::analyze::{Analysis, AnalyzeError, Options, analyze};
use crate::attribution;
use crate::document::Role;
use crate::finding::{Detector, Status};
use crate::ingest::ingest;
use crate::label::{Family, Label, Scope, taxonomy};
use crate::model::Model;
use crate::sourcing::quantities;
use crate::span::Span;

use self::gold::{Article, Sentence};
use super::{Tally, count, spans};

/// What was right, over all articles.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// Articles that were analysed.
    pub articles: usize,
    /// Body sentences that were annotated.
    pub sentences: usize,
    /// By sentence label: whether the sentence bears it.
    pub labels: BTreeMap<&'static str, Tally>,
    /// By document label.
    pub document_labels: BTreeMap<&'static str, Tally>,
    /// By label of either kind: the tally of each article.
    pub by_article: BTreeMap<&'static str, Vec<Tally>>,
    /// For source, cue and content: spans that overlap, and spans that are the same.
    pub parts: BTreeMap<&'static str, [Tally; 2]>,
    /// Attributions whose source, cue and content all overlap, one for one.
    pub triples: Tally,
    /// Of the sources that overlap: those of the right kind.
    pub kinds: Share,
    /// Of the contents that overlap: those rightly direct, indirect or mixed.
    pub quotes: Share,
    /// Of the body sentences: those with the right voice.
    pub voices: Share,
    /// Sentences with a quantity: whether nothing in them is attributed.
    pub numbers: Tally,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Those that are right.
    pub right: usize,
    /// All.
    pub all: usize,
}

impl Share {
    fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.all += 1;
    }
}

impl Score {
    /// All sentence labels together.
    #[must_use]
    pub fn micro(&self) -> Tally {
        self.labels.values().copied().sum()
    }
}

/// Analyses the articles and compares.
///
/// # Errors
/// When an article cannot be analysed.
pub fn score(
    articles: &[Article],
    model: &Model,
    options: &Options,
) -> Result<Score, AnalyzeError> {
    let mut score = Score {
        articles: articles.len(),
        ..Score::default()
    };
    for article in articles {
        // Where sentences are annotated, so are the roles of their blocks.
        let roles = !article.sentences.is_empty();
        let document = ingest(article.source.clone(), article.format, roles);
        let analysis = analyze(document, model, options)?;
        add(&mut score, article, &Found::new(&analysis));
    }
    Ok(score)
}

/// An analysis with its spans in the source.
struct Found<'a> {
    analysis: &'a Analysis,
    sentences: Vec<Span>,
    attributions: Vec<Parts<'a>>,
}

/// The parts of one attribution, in the source.
struct Parts<'a> {
    source: Vec<Span>,
    cue: Vec<Span>,
    content: Vec<Span>,
    attribution: &'a attribution::Attribution,
}

impl<'a> Found<'a> {
    fn new(analysis: &'a Analysis) -> Self {
        let map = |spans: &[Span]| -> Vec<Span> {
            let to_source = |&span| analysis.document.map.to_source(span);
            spans.iter().filter_map(to_source).collect()
        };
        let sentences = analysis.sentences.iter();
        Self {
            analysis,
            sentences: sentences
                .map(|s| s.sentence.source.unwrap_or_default())
                .collect(),
            attributions: analysis
                .attributions
                .iter()
                .map(|attribution| Parts {
                    source: map(&attribution.source),
                    cue: map(&attribution.cue),
                    content: map(&attribution.content),
                    attribution,
                })
                .collect(),
        }
    }

    /// The sourcing labels of the sentences that share words with this one, previews too.
    fn labels(&self, gold: &Sentence) -> Vec<&'static str> {
        let map = &self.analysis.document.map;
        let mut labels = Vec::new();
        for (at, sentence) in self.analysis.sentences.iter().enumerate() {
            let here = self.sentences[at].overlaps(gold.span);
            for finding in sentence.findings.iter().filter(|_| here) {
                let mut evidence = finding.evidence.iter().filter_map(|&e| map.to_source(e));
                let inside = finding.evidence.is_empty()
                    || evidence.any(|evidence| evidence.overlaps(gold.span));
                if finding.detector == Detector::Sourcing
                    && finding.status != Status::Abstained
                    && inside
                {
                    labels.push(finding.label.id.as_str());
                }
            }
        }
        labels
    }
}

fn add(score: &mut Score, article: &Article, found: &Found<'_>) {
    let mut tallies: BTreeMap<&'static str, Tally> = BTreeMap::new();
    for gold in article.sentences.iter().filter(|s| s.role == Role::Body) {
        score.sentences += 1;
        let own = found.labels(gold);
        for &id in &article.looked_for {
            let tally = Tally::decision(own.contains(&id), gold.labels.contains_key(id));
            *tallies.entry(id).or_default() += tally;
        }
        if let Some(voice) = gold.voice {
            // Of several sentences the one that shares most with it.
            let at =
                (0..found.sentences.len()).max_by_key(|&at| found.sentences[at].shared(gold.span));
            let own = at.map(|at| found.analysis.sentences[at].voice);
            score.voices.add(own == Some(voice));
        }
    }
    for (id, tally) in tallies {
        *score.labels.entry(id).or_default() += tally;
        score.by_article.entry(id).or_default().push(tally);
    }
    if let Some(gold) = &article.labels {
        let labels = taxonomy().labels.iter();
        let own = |l: &&Label| l.family == Family::Sourcing && l.scope == Scope::Document;
        for label in labels.filter(own) {
            let id = label.id.as_str();
            let own = found.analysis.findings.iter().any(|f| f.label.id == id);
            let tally = Tally::decision(own, gold.iter().any(|l| l == id));
            *score.document_labels.entry(id).or_default() += tally;
            score.by_article.entry(id).or_default().push(tally);
        }
    }
    if let Some(gold) = &article.attributions {
        // Where only attributions are annotated, those with a cue and a content are.
        attributions(score, gold, !article.sentences.is_empty(), found);
        numbers(score, gold, found);
    }
}

/// A part of an attribution: its name, and its spans as found and as marked.
type Part = (
    &'static str,
    fn(&Parts<'_>) -> Vec<Span>,
    fn(&gold::Attribution) -> Vec<Span>,
);

/// `incomplete` says whether those without a cue or a content are marked too.
fn attributions(
    score: &mut Score,
    gold: &[gold::Attribution],
    incomplete: bool,
    found: &Found<'_>,
) {
    let parts: [Part; 3] = [
        ("source", |p| p.source.clone(), |a| a.source.clone()),
        ("cue", |p| p.cue.clone(), |a| a.cue.clone()),
        ("content", |p| p.content.clone(), |a| a.content.clone()),
    ];
    for (name, own, marked) in parts {
        let own: Vec<Span> = found.attributions.iter().flat_map(own).collect();
        let marked: Vec<Span> = gold.iter().flat_map(marked).collect();
        let sum = score.parts.entry(name).or_default();
        for (sum, tally) in sum
            .iter_mut()
            .zip([spans::overlap(&own, &marked), spans::exact(&own, &marked)])
        {
            *sum += tally;
        }
    }

    let overlap = |own: &[Span], gold: &[Span]| {
        own.iter().any(|a| gold.iter().any(|b| a.overlaps(*b))) || own.is_empty() && gold.is_empty()
    };
    let whole = |own: &Parts<'_>| incomplete || !own.cue.is_empty() && !own.content.is_empty();
    let mut taken: Vec<bool> = found.attributions.iter().map(|own| !whole(own)).collect();
    let predicted = taken.iter().filter(|&&out| !out).count();
    let mut right = 0;
    for a in gold {
        let same = |own: &Parts<'_>| {
            overlap(&own.source, &a.source)
                && overlap(&own.cue, &a.cue)
                && overlap(&own.content, &a.content)
        };
        let at = (0..taken.len()).find(|&at| !taken[at] && same(&found.attributions[at]));
        if let Some(at) = at {
            taken[at] = true;
            right += 1;
        }
        let of_source = |own: &&Parts<'_>| !a.source.is_empty() && overlap(&own.source, &a.source);
        if let Some(own) = found.attributions.iter().find(of_source) {
            score.kinds.add(own.attribution.source_kind == a.kind);
        }
        let of_content = |own: &&Parts<'_>| overlap(&own.content, &a.content);
        if let Some(own) = found.attributions.iter().find(of_content) {
            score.quotes.add(own.attribution.quote_type == a.quote);
        }
    }
    let tally = Tally {
        right_predicted: count(right),
        predicted: count(predicted),
        right_gold: count(right),
        gold: count(gold.len()),
    };
    score.triples += tally;
}

/// Which sentences with a quantity attribute nothing.
fn numbers(score: &mut Score, gold: &[gold::Attribution], found: &Found<'_>) {
    for (at, analyzed) in found.analysis.sentences.iter().enumerate() {
        let sentence = &analyzed.sentence;
        let words = sentence.span.of(&found.analysis.document.text);
        if !sentence.role.bears_sourcing_gaps() || quantities(words).is_empty() {
            continue;
        }
        let here = |parts: [&Vec<Span>; 3]| {
            let mut spans = parts.into_iter().flatten();
            spans.any(|span| span.overlaps(found.sentences[at]))
        };
        let mut own = found.attributions.iter();
        let own = own.any(|a| here([&a.source, &a.cue, &a.content]));
        let attributed = gold.iter().any(|a| here([&a.source, &a.cue, &a.content]));
        score.numbers += Tally::decision(!own, !attributed);
    }
}
