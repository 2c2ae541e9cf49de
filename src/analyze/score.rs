//! The sentences of a document through the model: probabilities and the spans of the token
//! outputs, each sentence alone, over threads.

use std::num::NonZeroUsize;

use crate::decode;
use crate::document::{Document, Sentence};
use crate::finding::Status;
use crate::model::{Model, ModelError, Scored, Scorer};
use crate::parallel;
use crate::span::Span;

/// What the model says of a sentence.
#[derive(Debug, Clone)]
pub struct ScoredSentence {
    /// One for each sentence output of the model.
    pub probabilities: Vec<f32>,
    /// Whether it was scored in parts because it is longer than the model's positions.
    pub split: bool,
    /// That there is some framing device, whichever; `None` when the model has no output
    /// for it.
    pub any_device: Option<AnyDevice>,
    /// The spans of the token outputs, each with the index of its output, in the clean text.
    spans: Vec<(usize, Span)>,
}

impl ScoredSentence {
    /// The spans of one token output.
    pub(super) fn spans_of(&self, output: usize) -> Vec<Span> {
        let own = self.spans.iter().filter(|(of, _)| *of == output);
        own.map(|(_, span)| *span).collect()
    }

    /// Without the spans: what a report needs.
    pub(super) fn without_spans(mut self) -> Self {
        self.spans = Vec::new();
        self
    }
}

/// The output `any-device`.
#[derive(Debug, Clone, PartialEq)]
pub struct AnyDevice {
    /// Its probability.
    pub probability: f32,
    /// Where; empty under the threshold.
    pub evidence: Vec<Span>,
    /// What to make of it; `None` when it is off, and where it was not asked for: without some
    /// of the framing labels nothing can be said of framing as a whole.
    pub status: Option<Status>,
}

/// Scores every sentence whose role asks for it and that holds a word; `None` for the others.
///
/// # Errors
/// When the model fails.
pub fn score(
    document: &Document,
    sentences: &[Sentence],
    model: &Model,
    threads: NonZeroUsize,
) -> Result<Vec<Option<ScoredSentence>>, ModelError> {
    parallel::map(
        sentences.len(),
        threads,
        || model.scorer(),
        |scorer, at| score_one(document, &sentences[at], scorer),
    )
    .into_iter()
    .collect()
}

/// The same on this thread.
pub(super) fn score_on(
    document: &Document,
    sentences: &[Sentence],
    scorer: &mut Scorer<'_>,
) -> Result<Vec<Option<ScoredSentence>>, ModelError> {
    sentences
        .iter()
        .map(|sentence| score_one(document, sentence, scorer))
        .collect()
}

fn score_one(
    document: &Document,
    sentence: &Sentence,
    scorer: &mut Scorer<'_>,
) -> Result<Option<ScoredSentence>, ModelError> {
    let text = sentence.span.of(&document.text);
    if !sentence.role.scored() || !text.contains(char::is_alphanumeric) {
        return Ok(None);
    }
    let Scored {
        offsets,
        scores,
        split,
    } = scorer.score(text)?;
    let outputs = &scorer.model().outputs;
    let spans = outputs
        .token
        .iter()
        .enumerate()
        .flat_map(|(column, output)| {
            let spans = decode::spans(text, &offsets, &scores, column, output).into_iter();
            spans.map(move |span| (column, span.shifted(sentence.span.start)))
        });
    let mut said = ScoredSentence {
        spans: spans.collect(),
        any_device: None,
        probabilities: scores.sentence,
        split,
    };
    said.any_device = outputs.sentence_index("any-device").map(|i| {
        let probability = said.probabilities[i];
        let status = outputs.sentence[i].decision.verdict(probability);
        let evidence = match (status, outputs.token_index("any-device")) {
            (Some(Status::Reported | Status::Preview), Some(column)) => said.spans_of(column),
            _ => Vec::new(),
        };
        AnyDevice {
            probability,
            evidence,
            status,
        }
    });
    Ok(Some(said))
}
