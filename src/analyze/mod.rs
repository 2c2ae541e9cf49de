//! The order of the stages: document → sentences → scores → findings.
//!
//! Only this module knows it. Scoring ([`ScoredSentence`]) is spread over threads, one
//! sentence at a time; everything after it works on the whole document in order, so the
//! result does not depend on the threads.

mod find;
mod ignore;
mod score;

use std::num::NonZeroUsize;

use thiserror::Error;

use crate::attribution::Attribution;
use crate::document::{Document, Sentence};
use crate::finding::{Finding, Status, Voices};
use crate::ingest::language::{self, Language};
use crate::label::{Family, Selection};
use crate::ledger::Ledger;
use crate::model::{Model, ModelError, Scorer};
use crate::segment;
use crate::voice::SentenceVoice;
pub use find::{Found, find};
pub use score::{AnyDevice, ScoredSentence, score};

/// What a run was asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The labels that are wanted.
    pub selection: Selection,
    /// The voices whose findings are wanted.
    pub voices: Voices,
    /// Score text in any language with the English model.
    pub any_language: bool,
    /// Whether comments in the text may ignore findings: `<!-- rhetor: ignore … -->`.
    pub comments: bool,
    /// Threads that score.
    pub threads: NonZeroUsize,
}

impl Default for Options {
    /// All labels, English only, comments in the text honoured, one thread a core.
    fn default() -> Self {
        Self {
            selection: Selection::default(),
            voices: Voices::All,
            any_language: false,
            comments: true,
            threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
        }
    }
}

/// Why a document has no report.
#[derive(Debug, Error)]
pub enum AnalyzeError {
    /// The model reads English.
    #[error(
        "the text looks like {0}, and the model was trained on English; --any-language scores it all the same"
    )]
    Language(String),
    /// The model failed.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// A document with everything that was found in it.
#[derive(Debug)]
pub struct Analysis {
    /// The document.
    pub document: Document,
    /// Its language.
    pub language: Language,
    /// What the reader of the report should know about the input.
    pub notes: Vec<String>,
    /// Every sentence, in order.
    pub sentences: Vec<AnalyzedSentence>,
    /// Every attribution, in order.
    pub attributions: Vec<Attribution>,
    /// Who is given how much of what is said.
    pub ledger: Ledger,
    /// Findings about the whole document.
    pub findings: Vec<Finding>,
}

impl Analysis {
    /// Sentences that the model scored.
    pub(crate) fn scored(&self) -> usize {
        self.sentences.iter().filter(|s| s.scored.is_some()).count()
    }
}

/// A sentence with everything that was found in it.
#[derive(Debug, Clone)]
pub struct AnalyzedSentence {
    /// The sentence.
    pub sentence: Sentence,
    /// Whose words it is.
    pub voice: SentenceVoice,
    /// What the model says; `None` when its role is not scored or it holds no word.
    pub scored: Option<ScoredSentence>,
    /// Its findings: by evidence, then by label.
    pub findings: Vec<Finding>,
}

impl AnalyzedSentence {
    /// The output any-device where it is on but no finding that is shown, and none that is
    /// known and left out, says of what kind. `preview` as in [`Finding::is_shown`].
    pub(crate) fn unclear_device(&self, preview: bool) -> Option<&AnyDevice> {
        let any = self.scored.as_ref()?.any_device.as_ref()?;
        let says =
            |f: &Finding| f.is_shown(preview) || f.reason.is_some() || f.status == Status::Baseline;
        let mut findings = self.findings.iter();
        let named = findings.any(|f| f.label.family != Family::Sourcing && says(f));
        (any.status == Some(Status::Reported) && !named).then_some(any)
    }
}

/// Analyses one document.
///
/// # Errors
/// When its language is not the model's, or the model fails.
pub fn analyze(
    document: Document,
    model: &Model,
    options: &Options,
) -> Result<Analysis, AnalyzeError> {
    analyze_with(document, model, options, |document, sentences| {
        score::score(document, sentences, model, options.threads)
    })
}

/// Analyses one document on this thread, whatever the options say of threads: for many
/// documents at a time, one on each thread.
///
/// # Errors
/// As [`analyze`].
pub fn analyze_on(
    document: Document,
    scorer: &mut Scorer<'_>,
    options: &Options,
) -> Result<Analysis, AnalyzeError> {
    analyze_with(document, scorer.model(), options, |document, sentences| {
        score::score_on(document, sentences, scorer)
    })
}

fn analyze_with(
    document: Document,
    model: &Model,
    options: &Options,
    score: impl FnOnce(&Document, &[Sentence]) -> Result<Vec<Option<ScoredSentence>>, ModelError>,
) -> Result<Analysis, AnalyzeError> {
    let language = language::detect(&document.text);
    let mut notes = Vec::new();
    match language {
        Language::Other { name, .. } if !options.any_language => {
            return Err(AnalyzeError::Language(name.to_string()));
        }
        Language::Other { name, .. } => {
            notes.push(format!(
                "the text looks like {name}; the model was trained on English"
            ));
        }
        Language::Undetermined => {
            notes.push("the text is too short to tell its language; it was read as English".into());
        }
        Language::English => {}
    }
    let sentences = segment::sentences(&document);
    if sentences.is_empty() {
        notes.push("the text holds no sentence".into());
    }
    notes.extend(notes_on(model));
    let scored = score(&document, &sentences)?;
    if !sentences.is_empty() && scored.iter().all(Option::is_none) {
        notes.push("nothing was scored: no sentence that could be holds a word".into());
    }
    let found = find(&document, &sentences, scored, model, options);
    notes.extend(found.notes);
    Ok(Analysis {
        document,
        language,
        notes,
        sentences: found.sentences,
        attributions: found.attributions,
        ledger: found.ledger,
        findings: found.findings,
    })
}

/// What the reader of a report should know about the model.
fn notes_on(model: &Model) -> Vec<String> {
    let mut notes = Vec::new();
    if !model.calibrated {
        notes.push(
            "the model has no decision.json: its probabilities are its own, not calibrated, and \
             every threshold is 0.5 (`rhetor evaluate --fit` fits them)"
                .into(),
        );
    }
    if !marks_sources(model) {
        notes.push("the model marks no sources, so no sourcing gaps were looked for".into());
    }
    let off = model.outputs.switched_off();
    if !off.is_empty() {
        notes.push(format!(
            "no threshold reaches the precision that was asked for, so these outputs are off: {}",
            off.join(", ")
        ));
    }
    notes
}

/// Whether a model says who says what: without that, every claim would look unsourced.
pub(crate) fn marks_sources(model: &Model) -> bool {
    ["source", "cue", "content"]
        .iter()
        .all(|name| model.outputs.token_index(name).is_some())
}
