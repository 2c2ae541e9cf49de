//! From logits and a decision to every figure of an [`Evaluation`].
//!
//! The model is measured as the engine uses it: each sentence alone, its outputs on from
//! their thresholds, a device's spans only in sentences where the device is on. What the
//! passes over the document add afterwards (repetition, sourcing) is not part of it.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use super::bootstrap::{macro_f1, prf};
use super::calibration::calibration;
use super::run::Read;
use super::scores::{
    Counts, Evaluation, SentenceFigures, SentenceScores, SpanFigures, TokenFigures, TokenScores,
};
use super::tally::Tally;
use super::{count, data_sha256, gated, is_device, spans};
use crate::calibrate::{Outputs, Scores, Standing};
use crate::corpus::Part;
use crate::decode;
use crate::parallel;
use crate::span::Span;

/// What the model says of one document under a decision.
struct Said {
    /// Of each sentence.
    scores: Vec<Scores>,
    /// Predicted and gold spans of each token output, in code points; none where the
    /// document does not annotate it.
    spans: Vec<Option<[Vec<Span>; 2]>>,
}

/// Measures everything that the gold annotates and the model says. `part` is what the
/// documents were chosen by.
#[must_use]
pub fn evaluate(
    read: &[Read<'_>],
    outputs: &Outputs,
    part: Option<Part>,
    threads: NonZeroUsize,
) -> Evaluation {
    let said = parallel::map(read.len(), threads, || (), |(), at| say(&read[at], outputs));
    let sentence = parallel::map(
        outputs.sentence.len(),
        threads,
        || (),
        |(), i| sentence_scores(read, &said, outputs, i),
    );
    let token = parallel::map(
        outputs.token.len(),
        threads,
        || (),
        |(), i| token_scores(read, &said, outputs, i),
    );
    let sentence: Vec<SentenceScores> = sentence.into_iter().flatten().collect();
    let devices = devices(read, &said, outputs);
    let stable: Vec<f64> = sentence
        .iter()
        .filter(|own| own.status == Standing::Stable)
        .map(|own| own.pooled.calibration.ece)
        .collect();
    Evaluation {
        part,
        data_sha256: data_sha256(read.iter().map(|read| read.gold)),
        documents: counts(read),
        not_scored: not_scored(read, outputs),
        sentence,
        token: token.into_iter().flatten().collect(),
        device_micro_f1: (!devices.is_empty()).then(|| {
            let sums: Vec<Tally> = devices
                .iter()
                .map(|tallies| tallies.iter().copied().sum())
                .collect();
            prf(&sums).f1
        }),
        device_macro_f1: (!devices.is_empty()).then(|| macro_f1(&devices)),
        mean_ece_stable: (!stable.is_empty())
            .then(|| stable.iter().sum::<f64>() / count(stable.len())),
    }
}

fn say(read: &Read<'_>, outputs: &Outputs) -> Said {
    let scores: Vec<Scores> = read
        .raw
        .iter()
        .map(|raw| outputs.scores(&raw.logits))
        .collect();
    let spans = outputs
        .token
        .iter()
        .enumerate()
        .map(|(column, output)| {
            let gate = gate(outputs, &output.name);
            read.annotates(&output.name).then(|| {
                let predicted = read.spans(|at, sentence| {
                    if gate.is_some_and(|i| !is_on(&scores[at], outputs, i)) {
                        return Vec::new();
                    }
                    decode::spans(sentence, &read.raw[at].offsets, &scores[at], column, output)
                });
                [predicted, read.gold_spans(&output.name)]
            })
        })
        .collect();
    Said { scores, spans }
}

/// The sentence output that must be on for a token output to have spans.
pub(super) fn gate(outputs: &Outputs, token: &str) -> Option<usize> {
    gated(token)
        .then(|| outputs.sentence_index(token))
        .flatten()
}

/// Whether a sentence output is on.
pub(super) fn is_on(scores: &Scores, outputs: &Outputs, sentence: usize) -> bool {
    scores.sentence[sentence] >= outputs.sentence[sentence].decision.threshold
}

/// One decision of the gold and the model on one sentence.
struct Judged {
    document: usize,
    probability: f32,
    gold: bool,
}

fn sentence_scores(
    read: &[Read<'_>],
    said: &[Said],
    outputs: &Outputs,
    i: usize,
) -> Option<SentenceScores> {
    let output = &outputs.sentence[i];
    let mut all = Vec::new();
    let mut corpora: BTreeMap<&str, Vec<Judged>> = BTreeMap::new();
    for (document, (read, said)) in read.iter().zip(said).enumerate() {
        for (sentence, scores) in read.gold.sentences.iter().zip(&said.scores) {
            if let Some(&gold) = sentence.labels.get(&output.name) {
                let judged = || Judged {
                    document,
                    probability: scores.sentence[i],
                    gold,
                };
                all.push(judged());
                corpora.entry(&read.gold.corpus).or_default().push(judged());
            }
        }
    }
    let threshold = output.decision.threshold;
    (!all.is_empty()).then(|| SentenceScores {
        output: output.name.clone(),
        status: output.decision.status,
        threshold,
        corpora: corpora.keys().map(ToString::to_string).collect(),
        pooled: sentence_figures(&all, threshold),
        by_corpus: several(&corpora)
            .map(|(corpus, judged)| (corpus.to_string(), sentence_figures(judged, threshold)))
            .collect(),
    })
}

/// The entries of a map that has more than one.
fn several<'m, V>(map: &'m BTreeMap<&str, V>) -> impl Iterator<Item = (&'m &'m str, &'m V)> {
    map.iter().filter(|_| map.len() > 1)
}

fn sentence_figures(judged: &[Judged], threshold: f32) -> SentenceFigures {
    let on = |own: &Judged| own.probability >= threshold;
    let documents: Vec<Vec<Tally>> = judged
        .chunk_by(|a, b| a.document == b.document)
        .map(|sentences| {
            let class = |class: bool| {
                sentences
                    .iter()
                    .map(|own| Tally::decision(on(own) == class, own.gold == class))
                    .sum()
            };
            vec![class(true), class(false)]
        })
        .collect();
    let yes: Vec<Tally> = documents.iter().map(|classes| classes[0]).collect();
    let pairs: Vec<(f32, bool)> = judged
        .iter()
        .map(|own| (own.probability, own.gold))
        .collect();
    SentenceFigures {
        documents: documents.len(),
        sentences: judged.len(),
        support: judged.iter().filter(|own| own.gold).count(),
        predicted: judged.iter().filter(|own| on(own)).count(),
        prf: prf(&yes),
        both_classes_f1: macro_f1(&documents),
        calibration: calibration(&pairs),
    }
}

fn token_scores(
    read: &[Read<'_>],
    said: &[Said],
    outputs: &Outputs,
    i: usize,
) -> Option<TokenScores> {
    let mut all: Vec<&[Vec<Span>; 2]> = Vec::new();
    let mut corpora: BTreeMap<&str, Vec<&[Vec<Span>; 2]>> = BTreeMap::new();
    for (read, said) in read.iter().zip(said) {
        if let Some(pair) = &said.spans[i] {
            all.push(pair);
            corpora.entry(&read.gold.corpus).or_default().push(pair);
        }
    }
    (!all.is_empty()).then(|| TokenScores {
        output: outputs.token[i].name.clone(),
        corpora: corpora.keys().map(ToString::to_string).collect(),
        pooled: token_figures(&all),
        by_corpus: several(&corpora)
            .map(|(corpus, pairs)| (corpus.to_string(), token_figures(pairs)))
            .collect(),
    })
}

fn token_figures(documents: &[&[Vec<Span>; 2]]) -> TokenFigures {
    let figures = |measure: fn(&[Span], &[Span]) -> Tally| {
        let tallies: Vec<Tally> = documents
            .iter()
            .map(|[predicted, gold]| measure(predicted, gold))
            .collect();
        let sum: Tally = tallies.iter().copied().sum();
        SpanFigures {
            support: whole(sum.gold),
            predicted: whole(sum.predicted),
            prf: prf(&tallies),
        }
    };
    TokenFigures {
        documents: documents.len(),
        partial: figures(spans::partial),
        overlap: figures(spans::overlap),
        exact: figures(spans::exact),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number of spans of a tally is whole and not negative"
)]
pub(super) fn whole(number: f64) -> usize {
    number as usize
}

/// For each document that annotates framing devices, one tally a device of the model.
fn devices(read: &[Read<'_>], said: &[Said], outputs: &Outputs) -> Vec<Vec<Tally>> {
    let devices: Vec<usize> = (0..outputs.sentence.len())
        .filter(|&i| is_device(&outputs.sentence[i].name))
        .collect();
    let annotated = |read: &Read<'_>| {
        let sentences = &read.gold.sentences;
        sentences
            .iter()
            .any(|own| own.labels.keys().any(|label| is_device(label)))
    };
    read.iter()
        .zip(said)
        .filter(|(read, _)| !devices.is_empty() && annotated(read))
        .map(|(read, said)| {
            devices
                .iter()
                .map(|&i| {
                    let sentences = read.gold.sentences.iter().zip(&said.scores);
                    sentences
                        .filter_map(|(sentence, scores)| {
                            let gold = *sentence.labels.get(&outputs.sentence[i].name)?;
                            Some(Tally::decision(is_on(scores, outputs, i), gold))
                        })
                        .sum()
                })
                .collect()
        })
        .collect()
}

fn counts(read: &[Read<'_>]) -> Vec<Counts> {
    let mut counts: BTreeMap<(&str, Part), (usize, usize)> = BTreeMap::new();
    for read in read {
        let (documents, sentences) = counts
            .entry((&read.gold.corpus, read.gold.part))
            .or_default();
        *documents += 1;
        *sentences += read.gold.sentences.len();
    }
    counts
        .into_iter()
        .map(|((corpus, part), (documents, sentences))| Counts {
            corpus: corpus.to_owned(),
            part,
            documents,
            sentences,
        })
        .collect()
}

/// What the gold annotates and the model does not say.
fn not_scored(read: &[Read<'_>], outputs: &Outputs) -> Vec<String> {
    let mut names: BTreeSet<&String> = BTreeSet::new();
    for read in read {
        let token = read.gold.token.iter();
        names.extend(token.filter(|name| outputs.token_index(name).is_none()));
        for sentence in &read.gold.sentences {
            let labels = sentence.labels.keys();
            names.extend(labels.filter(|name| outputs.sentence_index(name).is_none()));
        }
    }
    names.into_iter().cloned().collect()
}
