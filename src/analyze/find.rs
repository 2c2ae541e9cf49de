//! From scores to findings: everything after the model, over the whole document in order.

use super::{AnalyzedSentence, Options, ScoredSentence, ignore, marks_sources};
use crate::attribution::{self, Attribution, Marked, Places};
use crate::document::{Document, Role, Sentence};
use crate::finding::{Detector, Finding, Level, Status, Voice};
use crate::label::{self, Family, Label, known, taxonomy};
use crate::ledger::Ledger;
use crate::model::Model;
use crate::quotation;
use crate::repetition;
use crate::sourcing::{self, Claim};
use crate::span::{Span, within};
use crate::voice::Speech;

/// Sentences around one in which the speaker of its quotation is looked for.
const SPEAKER_WINDOW: usize = 5;

/// What the scores of a document come to.
#[derive(Debug)]
pub struct Found {
    /// Every sentence, in order.
    pub sentences: Vec<AnalyzedSentence>,
    /// Every attribution, in order.
    pub attributions: Vec<Attribution>,
    /// Who is given how much of what is said.
    pub ledger: Ledger,
    /// Findings about the whole document.
    pub findings: Vec<Finding>,
    /// What is wrong with the comments in the text that ignore findings.
    pub notes: Vec<String>,
}

/// Finds attributions, voices, framing devices and sourcing gaps. `scored` has an element for
/// each of `sentences`; the time it takes grows with the document's length and no faster.
#[must_use]
pub fn find(
    document: &Document,
    sentences: &[Sentence],
    scored: Vec<Option<ScoredSentence>>,
    model: &Model,
    options: &Options,
) -> Found {
    let sourcing = marks_sources(model);
    let blocks = document.blocks.iter();
    let quoted: Vec<Span> = blocks
        .flat_map(|block| quotation::quotations_in(&document.text, block.span))
        .collect();
    let attributions = if sourcing {
        attribute(document, sentences, &scored, model, &quoted)
    } else {
        Vec::new()
    };
    let mut claims = claims(document, sentences, &attributions, &quoted);
    judge(&mut claims, &scored, model);

    let mut framing_labels = taxonomy()
        .labels
        .iter()
        .filter(|l| l.family == Family::Framing);
    let all_framing = framing_labels.all(|label| options.selection.contains(label));
    let scored = scored.into_iter().enumerate();
    let mut analyzed: Vec<AnalyzedSentence> = scored
        .map(|(at, scored)| AnalyzedSentence {
            sentence: sentences[at].clone(),
            voice: claims[at].voice,
            findings: scored
                .iter()
                .flat_map(|scored| framing(scored, model, &claims[at]))
                .chain(if sourcing {
                    sourcing::findings(&claims, at)
                } else {
                    Vec::new()
                })
                .collect(),
            scored: scored.map(|scored| {
                let mut scored = scored.without_spans();
                if let Some(any) = &mut scored.any_device {
                    let whose = voice(&claims[at], &any.evidence);
                    any.status = any
                        .status
                        .filter(|_| all_framing && options.voices.contains(&whose));
                }
                scored
            }),
        })
        .collect();
    repeat(document, &mut analyzed, &claims);
    let checks = model.outputs.sentence_index("check-worthy").is_some();
    let coverage = (sourcing && checks).then(|| sourcing::coverage(&claims));
    drop(claims);
    let ledger = Ledger {
        coverage,
        ..Ledger::new(&document.text, &attributions)
    };
    let single = sourcing.then(|| sourcing::single_source(&ledger)).flatten();
    let mut findings: Vec<Finding> = single.into_iter().collect();
    let notes = if options.comments {
        ignore::ignore(document, &mut analyzed, &mut findings)
    } else {
        Vec::new()
    };
    let wanted = |finding: &Finding| {
        options.selection.contains(finding.label) && options.voices.contains(&finding.voice)
    };
    findings.retain(wanted);
    for sentence in &mut analyzed {
        sentence.findings.retain(wanted);
        sentence
            .findings
            .sort_by_key(|f| (f.status, f.level, f.evidence.first().copied()));
    }
    Found {
        sentences: analyzed,
        attributions,
        ledger,
        findings,
        notes,
    }
}

/// The attributions of all sentences, linked over the document.
fn attribute(
    document: &Document,
    sentences: &[Sentence],
    scored: &[Option<ScoredSentence>],
    model: &Model,
    quoted: &[Span],
) -> Vec<Attribution> {
    let columns = ["source", "cue", "content"].map(|name| model.outputs.token_index(name));
    let places = Places::of(&document.text);
    let mut all = Vec::new();
    for (sentence, scored) in sentences.iter().zip(scored) {
        if let Some(scored) = scored {
            let [sources, cues, contents] = columns
                .map(|column| column.map_or_else(Vec::new, |column| scored.spans_of(column)));
            all.extend(attribution::join(
                &document.text,
                sentence.index,
                &Marked {
                    sources,
                    cues,
                    contents,
                },
                within(quoted, sentence.span),
                &places,
            ));
        }
    }
    attribution::link(&document.text, sentences, quoted, &places, all)
}

fn claims<'a>(
    document: &'a Document,
    sentences: &'a [Sentence],
    attributions: &'a [Attribution],
    quoted: &'a [Span],
) -> Vec<Claim<'a>> {
    let first = attribution::first_of(sentences.len(), attributions);
    let links: Vec<Span> = document
        .links
        .iter()
        .filter(|link| !link.target.starts_with(['#']) && !link.target.starts_with("mailto:"))
        .map(|link| link.span)
        .collect();
    let mut section = 0;
    let mut block = usize::MAX;
    let mut block_start = 0;
    sentences
        .iter()
        .enumerate()
        .map(|(at, sentence)| {
            if sentence.block != block {
                block = sentence.block;
                block_start = at;
                section += usize::from(matches!(sentence.role, Role::Title | Role::Heading));
            }
            let from = block_start.max(at.saturating_sub(SPEAKER_WINDOW));
            let to = sentences[at..]
                .iter()
                .take(SPEAKER_WINDOW + 1)
                .take_while(|other| other.block == block)
                .count()
                + at;
            let speech = Speech {
                text: &document.text,
                role: sentence.role,
                quoted: within(quoted, sentence.span),
                attributions: &attributions[first[from]..first[to]],
            };
            Claim {
                sentence,
                section,
                attributions: &attributions[first[at]..first[at + 1]],
                linked: !within(&links, sentence.span).is_empty(),
                checkable: false,
                subjective: None,
                speech,
                voice: speech.sentence(sentence.span),
            }
        })
        .collect()
}

/// What the model says of each sentence that the sourcing rules ask for.
fn judge(claims: &mut [Claim<'_>], scored: &[Option<ScoredSentence>], model: &Model) {
    let outputs = &model.outputs;
    let subjective = outputs.sentence_index("subjective");
    let check_worthy = outputs.sentence_index("check-worthy");
    for (claim, scored) in claims.iter_mut().zip(scored) {
        if let Some(scored) = scored {
            claim.subjective = subjective.map(|output| scored.probabilities[output]);
            claim.checkable = check_worthy.is_some_and(|output| {
                let verdict = outputs.sentence[output]
                    .decision
                    .verdict(scored.probabilities[output]);
                verdict == Some(Status::Reported)
            });
        }
    }
}

/// The framing devices that the model finds in one sentence.
fn framing(scored: &ScoredSentence, model: &Model, claim: &Claim<'_>) -> Vec<Finding> {
    let outputs = &model.outputs;
    outputs
        .sentence
        .iter()
        .zip(&scored.probabilities)
        .filter_map(|(output, &probability)| {
            let label = label::of_output(&output.name)?;
            let status = output.decision.verdict(probability)?;
            let evidence = outputs
                .token_index(&output.name)
                .map_or_else(Vec::new, |column| scored.spans_of(column));
            Some(Finding {
                label,
                probability: Some(probability),
                level: Level::Finding,
                status,
                voice: voice(claim, &evidence),
                detector: Detector::Model,
                message: message(label, &evidence, claim.speech.text),
                reason: None,
                evidence,
            })
        })
        .collect()
}

/// Whose words the evidence is; without any, the sentence.
fn voice(claim: &Claim<'_>, evidence: &[Span]) -> Voice {
    match evidence {
        [] => claim.speech.voice(&[claim.sentence.span]),
        evidence => claim.speech.voice(evidence),
    }
}

fn message(label: &Label, evidence: &[Span], text: &str) -> String {
    match evidence {
        [] => format!("{}, in the sentence as a whole", label.name),
        [one] => format!("{} in “{}”", label.name, one.of(text)),
        [one, rest @ ..] => format!(
            "{} in “{}” and {} more place{}",
            label.name,
            one.of(text),
            rest.len(),
            if rest.len() == 1 { "" } else { "s" }
        ),
    }
}

/// Adds the findings of the repetition pass; they replace the model's own in the same
/// sentence.
fn repeat(document: &Document, analyzed: &mut [AnalyzedSentence], claims: &[Claim<'_>]) {
    let label = known("repetition");
    let parts: Vec<repetition::Part> = analyzed
        .iter()
        .filter_map(|a| {
            let any_device = a.scored.as_ref()?.any_device.as_ref();
            let mut charged = any_device.map_or_else(Vec::new, |any| any.evidence.clone());
            charged.extend(
                a.findings
                    .iter()
                    .filter(|f| f.detector == Detector::Model && f.status == Status::Reported)
                    .flat_map(|f| f.evidence.iter().copied()),
            );
            charged.sort_unstable();
            Some(repetition::Part {
                sentence: a.sentence.index,
                span: a.sentence.span,
                charged,
            })
        })
        .collect();
    let mut found: Vec<(usize, Finding)> = Vec::new();
    for phrase in repetition::phrases(&document.text, &parts) {
        let count = phrase.places.len();
        for places in phrase.places.chunk_by(|a, b| a.0 == b.0) {
            let evidence: Vec<Span> = places.iter().map(|place| place.1).collect();
            let at = places[0].0;
            let finding = Finding {
                label,
                probability: None,
                level: Level::Finding,
                status: repetition::STATUS,
                voice: claims[at].speech.voice(&evidence),
                detector: Detector::Repetition,
                message: format!("“{}” stands {count} times in the text", phrase.words),
                reason: None,
                evidence,
            };
            found.push((at, finding));
        }
    }
    for (at, _) in &found {
        analyzed[*at]
            .findings
            .retain(|f| f.label.id != label.id || f.detector == Detector::Repetition);
    }
    for (at, finding) in found {
        analyzed[at].findings.push(finding);
    }
}
