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
    /// The spans of each token output, in the clean text.
    pub(super) spans: Vec<Vec<Span>>,
}

/// The output `any-device`.
#[derive(Debug, Clone, PartialEq)]
pub struct AnyDevice {
    /// Its probability.
    pub probability: f32,
    /// Where; empty under the threshold.
    pub evidence: Vec<Span>,
    /// What to make of it; `None` when it is off.
    pub status: Option<Status>,
}

/// Scores every sentence whose role asks for it and that holds a word.
pub(super) fn score(
    document: &Document,
    sentences: &[Sentence],
    model: &Model,
    threads: NonZeroUsize,
) -> Result<Vec<Option<ScoredSentence>>, ModelError> {
    parallel::map(
        sentences.len(),
        threads,
        || model.scorer(),
        |scorer, at| {
            let sentence = &sentences[at];
            let text = sentence.span.of(&document.text);
            (sentence.role.scored() && text.contains(char::is_alphanumeric))
                .then(|| score_one(text, sentence, model, scorer))
                .transpose()
        },
    )
    .into_iter()
    .collect()
}

fn score_one(
    text: &str,
    sentence: &Sentence,
    model: &Model,
    scorer: &mut Scorer<'_>,
) -> Result<ScoredSentence, ModelError> {
    let Scored {
        offsets,
        scores,
        split,
    } = scorer.score(text)?;
    let outputs = &model.outputs;
    let spans: Vec<Vec<Span>> = outputs
        .token
        .iter()
        .enumerate()
        .map(|(column, output)| {
            decode::spans(text, &offsets, &scores, column, output)
                .into_iter()
                .map(|span| span.shifted(sentence.span.start))
                .collect()
        })
        .collect();
    let any_device = outputs.sentence_index("any-device").map(|i| {
        let probability = scores.sentence[i];
        let status = outputs.sentence[i].decision.verdict(probability);
        let evidence = match (status, outputs.token_index("any-device")) {
            (Some(Status::Reported | Status::Preview), Some(column)) => spans[column].clone(),
            _ => Vec::new(),
        };
        AnyDevice {
            probability,
            evidence,
            status,
        }
    });
    Ok(ScoredSentence {
        probabilities: scores.sentence,
        split,
        any_device,
        spans,
    })
}
