//! Fits a model's decision on gold: temperatures, thresholds, gaps.
//!
//! Meant for the tune part; the caller chooses the documents. For a sentence output the
//! temperature and the bias are those with the least cross-entropy and the threshold the
//! best for the F1 that is to be expected, with a floor on precision; how much the
//! strongest token counts beside `[CLS]` is what then gives the best F1, and of equals the
//! least cross-entropy. For a token output, thresholds and gap give about the best F1 of
//! its spans (`span_f1`). Nothing else of the decision is free.

use std::num::NonZeroUsize;

use ndarray::Array2;
use thiserror::Error;

use super::choose::{
    Cooled, hundredths, precisions, rounded, temperature, temperature_and_bias, threshold,
};
use super::measure::{gate, is_on};
use super::run::Read;
use super::tally::Tally;
use super::{gated, spans};
use crate::calibrate::{
    Decision, FORMAT, Output, Outputs, Scores, SentenceDecision, Standing, TokenDecision,
    probability,
};
use crate::decode;
use crate::parallel;
use crate::span::Span;

/// Shares of the strongest token that are tried.
const STRONGEST: [f32; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
/// Thresholds of token outputs that are tried, in hundredths: 0.06 to 0.74.
const THRESHOLDS: std::ops::RangeInclusive<u8> = 6..=74;
const THRESHOLD_STEP: usize = 4;
/// The most that a peak lies over its threshold, in hundredths, and the steps between.
const PEAK_OVER: u8 = 48;
const PEAK_STEP: usize = 8;
const HIGHEST_PEAK: u8 = 96;
/// Gaps that are tried, in tokens.
const GAPS: std::ops::RangeInclusive<usize> = 0..=3;
/// How much exact F1 counts beside overlap.
const EXACT: f64 = 0.25;
/// Spans with so much less F1 are as good: between decisions that differ by less the tune
/// part cannot tell, and a higher peak marks less that is wrong on other texts.
const AS_GOOD: f64 = 0.001;
/// An output with less F1 than this is a preview.
const STABLE_F1: f64 = 0.30;
/// Where abstention begins, as a share of the threshold.
const ABSTAIN: f64 = 0.9;

/// A decision that cannot be fitted.
#[derive(Debug, Error)]
#[error(
    "the gold annotates nothing for {}, so no decision can be fitted; name gold of every \
     corpus that the model learns from",
    outputs.join(", ")
)]
pub struct FitError {
    /// The outputs of the model that have no gold.
    pub outputs: Vec<String>,
}

/// The outputs of the model with decisions that are fitted on the documents, and the names of
/// those that are annotated nowhere in them: these keep the decisions of `own`, the outputs
/// of the same model as it was fitted before.
///
/// # Errors
/// When there are such and the model was never fitted.
pub fn fit(
    read: &[Read<'_>],
    outputs: &Outputs,
    own: Option<&Outputs>,
    threads: NonZeroUsize,
) -> Result<(Outputs, Vec<String>), FitError> {
    let mut fitted = outputs.clone();
    let mut missing = Vec::new();
    let sentence = parallel::map(
        outputs.sentence.len(),
        threads,
        || (),
        |(), i| fit_sentence(read, outputs, i),
    );
    for (i, (output, decision)) in fitted.sentence.iter_mut().zip(sentence).enumerate() {
        if decision.is_none() {
            missing.push(output.name.clone());
        }
        if let Some(decision) = decision.or(own.map(|own| own.sentence[i].decision.clone())) {
            output.decision = decision;
        }
    }
    // The spans of a device depend on whether the device is on.
    let scores = parallel::map(
        read.len(),
        threads,
        || (),
        |(), at| -> Vec<Scores> {
            let raw = read[at].raw.iter();
            raw.map(|raw| fitted.scores(&raw.logits)).collect()
        },
    );
    let token = parallel::map(
        outputs.token.len(),
        threads,
        || (),
        |(), i| fit_token(read, &scores, &fitted, i),
    );
    for (i, (output, decision)) in fitted.token.iter_mut().zip(token).enumerate() {
        if decision.is_none() && !missing.contains(&output.name) {
            missing.push(output.name.clone());
        }
        if let Some(decision) = decision.or(own.map(|own| own.token[i].decision)) {
            output.decision = decision;
        }
    }
    if own.is_some() || missing.is_empty() {
        Ok((fitted, missing))
    } else {
        Err(FitError { outputs: missing })
    }
}

/// The decisions of a model's outputs as `decision.json` holds them. `model_sha256` is of
/// the `model.onnx` and `data_sha256` of the gold they were fitted on, the part `fitted_on`.
#[must_use]
pub fn decision(
    outputs: &Outputs,
    model_sha256: &str,
    data_sha256: &str,
    fitted_on: &str,
) -> Decision {
    let sentence = outputs.sentence.iter();
    let token = outputs.token.iter();
    Decision {
        format: FORMAT,
        model_sha256: model_sha256.to_owned(),
        data_sha256: data_sha256.to_owned(),
        fitted_on: fitted_on.to_owned(),
        sentence: sentence
            .map(|own| (own.name.clone(), own.decision.clone()))
            .collect(),
        token: token.map(|own| (own.name.clone(), own.decision)).collect(),
    }
}

fn fit_sentence(read: &[Read<'_>], outputs: &Outputs, i: usize) -> Option<SentenceDecision> {
    let name = &outputs.sentence[i].name;
    let shares = if outputs.has_tokens(i) {
        &STRONGEST[..]
    } else {
        &STRONGEST[..1]
    };

    let logits = |strongest: f32| -> Vec<(f32, bool)> {
        let mut outputs = outputs.clone();
        outputs.sentence[i].decision.strongest = strongest;
        let sentences = read
            .iter()
            .flat_map(|read| read.gold.sentences.iter().zip(&read.raw));
        sentences
            .filter_map(|(gold, raw)| {
                let label = *gold.labels.get(name)?;
                Some((outputs.sentence_logit(&raw.logits, i), label))
            })
            .collect()
    };
    shares
        .iter()
        .map(|&strongest| read_as(&logits(strongest), strongest))
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .max_by(|(a, loss_a), (b, loss_b)| {
            let f1 = a.tune_f1.total_cmp(&b.tune_f1);
            f1.then(loss_b.total_cmp(loss_a))
        })
        .map(|(decision, _)| decision)
}

/// The decision for logits that weigh the strongest token so, and its cross-entropy; none
/// without a sentence.
fn read_as(pairs: &[(f32, bool)], strongest: f32) -> Option<(SentenceDecision, f64)> {
    if pairs.is_empty() {
        return None;
    }
    let Cooled {
        temperature,
        bias,
        loss,
    } = temperature_and_bias(pairs);
    let (temperature, bias) = (rounded(temperature), rounded(bias));
    let pairs: Vec<(f32, bool)> = pairs
        .iter()
        .map(|&(logit, gold)| (probability(logit / temperature + bias), gold))
        .collect();
    let (threshold, f1) = threshold(&pairs);
    let status = if f1 >= STABLE_F1 {
        Standing::Stable
    } else {
        Standing::Preview
    };
    let decision = SentenceDecision {
        temperature,
        bias,
        strongest,
        threshold,
        abstain_from: rounded(ABSTAIN * f64::from(threshold)),
        status,
        tune_f1: rounded(f1),
        precision: precisions(&pairs),
    };
    Some((decision, loss))
}

/// A document that annotates the token output that is fitted.
struct Marked<'r, 'g> {
    read: &'r Read<'g>,
    scores: &'r [Scores],
    /// In code points.
    gold: Vec<Span>,
    /// Of each sentence, tokens × 1: the probabilities of the output.
    probabilities: Vec<Scores>,
}

fn fit_token(
    read: &[Read<'_>],
    scores: &[Vec<Scores>],
    outputs: &Outputs,
    i: usize,
) -> Option<TokenDecision> {
    let name = &outputs.token[i].name;
    let documents = || {
        read.iter()
            .zip(scores)
            .filter(|(read, _)| read.annotates(name))
    };
    let pairs: Vec<(f32, bool)> = documents()
        .flat_map(|(read, _)| token_pairs(read, outputs, i))
        .collect();
    if pairs.is_empty() {
        return None;
    }
    let temperature = rounded(temperature(&pairs).temperature);
    let documents: Vec<Marked<'_, '_>> = documents()
        .map(|(read, scores)| Marked {
            read,
            scores,
            gold: read.gold_spans(name),
            probabilities: read
                .raw
                .iter()
                .map(|raw| Scores {
                    sentence: Vec::new(),
                    token: Array2::from_shape_fn((raw.offsets.len(), 1), |(token, _)| {
                        probability(outputs.token_logit(&raw.logits, token, i) / temperature)
                    }),
                })
                .collect(),
        })
        .collect();

    let mut output = outputs.token[i].clone();
    let mut tried = Vec::new();
    for limit in THRESHOLDS.step_by(THRESHOLD_STEP) {
        for peak in (limit..=limit + PEAK_OVER).step_by(PEAK_STEP) {
            for gap in GAPS {
                output.decision = TokenDecision {
                    temperature,
                    threshold: hundredths(limit),
                    peak: hundredths(peak.min(HIGHEST_PEAK)),
                    gap,
                    tune_f1: 0.0,
                };
                let (f1, merit) = span_f1(&documents, outputs, &output);
                output.decision.tune_f1 = rounded(f1);
                tried.push((merit, output.decision));
            }
        }
    }
    Some(highest_as_good(&tried))
}

/// Of decisions with their merits, those that are about as good as the best; of these those
/// with the highest peak; of these the best, with the highest threshold and the shortest
/// gap.
fn highest_as_good(tried: &[(f64, TokenDecision)]) -> TokenDecision {
    let best = tried.iter().map(|(merit, _)| *merit).fold(0.0, f64::max);
    let good = tried.iter().filter(|(merit, _)| *merit >= best - AS_GOOD);
    good.max_by(|(a_merit, a), (b_merit, b)| {
        let peak = a.peak.total_cmp(&b.peak);
        let threshold = a.threshold.total_cmp(&b.threshold);
        let gap = b.gap.cmp(&a.gap);
        peak.then(a_merit.total_cmp(b_merit))
            .then(threshold)
            .then(gap)
    })
    .expect("the best is as good as itself")
    .1
}

/// The logit of every token of a document and whether it shares a character with a gold
/// span.
fn token_pairs(read: &Read<'_>, outputs: &Outputs, i: usize) -> Vec<(f32, bool)> {
    let gold = read.gold_bytes(&outputs.token[i].name);
    let mut pairs = Vec::new();
    for (sentence, raw) in read.gold.sentences.iter().zip(&read.raw) {
        let here: Vec<Span> = gold
            .iter()
            .copied()
            .filter(|span| span.overlaps(sentence.span))
            .collect();
        for (token, offset) in raw.offsets.iter().enumerate() {
            let place = offset.shifted(sentence.span.start);
            let inside = here.iter().any(|span| span.overlaps(place));
            pairs.push((outputs.token_logit(&raw.logits, token, i), inside));
        }
    }
    pairs
}

/// The F1 of a token output's spans under one decision, and what the decision is chosen by.
/// For framing devices both are partial overlap. For the others F1 is by overlap, and the
/// merit counts exact F1 too: by overlap alone the longest spans would win, which join what
/// two people said.
fn span_f1(
    documents: &[Marked<'_, '_>],
    outputs: &Outputs,
    output: &Output<TokenDecision>,
) -> (f64, f64) {
    let gate = gate(outputs, &output.name);
    let predicted = |document: &Marked<'_, '_>| {
        document.read.spans(|at, sentence| {
            if gate.is_some_and(|i| !is_on(&document.scores[at], outputs, i)) {
                return Vec::new();
            }
            let raw = &document.read.raw[at];
            decode::spans(
                sentence,
                &raw.offsets,
                &document.probabilities[at],
                0,
                output,
            )
        })
    };
    let (mut f1, mut exact) = (Tally::default(), Tally::default());
    for document in documents {
        let predicted = predicted(document);
        if gated(&output.name) {
            f1 += spans::partial(&predicted, &document.gold);
        } else {
            f1 += spans::overlap(&predicted, &document.gold);
            exact += spans::exact(&predicted, &document.gold);
        }
    }
    let (f1, exact) = (f1.f1(), exact.f1());
    if gated(&output.name) {
        (f1, f1)
    } else {
        (f1, (1.0 - EXACT) * f1 + EXACT * exact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_spans_as_good_those_with_the_highest_peak_win() {
        let decision = |threshold, peak, gap, merit| {
            let temperature = 1.0;
            let decision = TokenDecision {
                temperature,
                threshold,
                peak,
                gap,
                tune_f1: 0.0,
            };
            (merit, decision)
        };
        let tried = [
            decision(0.3, 0.3, 1, 0.832),
            decision(0.5, 0.5, 1, 0.8312),
            decision(0.3, 0.5, 1, 0.8315),
            decision(0.3, 0.5, 2, 0.8315),
            decision(0.3, 0.6, 1, 0.829),
        ];
        assert_eq!(highest_as_good(&tried), tried[2].1);
    }
}
