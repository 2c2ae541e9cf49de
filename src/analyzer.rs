//! The front of the library: a model and what is asked of it, ready for texts.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::analyze::{Analysis, AnalyzeError, Options, analyze};
use crate::calibrate::AdjustError;
use crate::finding::Voices;
use crate::ingest::{self, IngestError, InputFormat};
use crate::label::{Selection, UnknownLabel};
use crate::model::{Model, ModelError};
use crate::report::wire::{Name, Report};

/// Analyses texts with one model and one set of options. Loading a model takes a moment, so
/// one analyzer is made for many texts; it can be shared between threads.
///
/// The stages behind it are public too: [`ingest`](mod@crate::ingest), [`analyze`](mod@crate::analyze),
/// [`report`](mod@crate::report).
pub struct Analyzer {
    /// The model; its [`outputs`](Model::outputs) hold the thresholds.
    pub model: Model,
    /// What is asked for.
    pub options: Options,
    /// Whether titles, bylines, boilerplate and the like are told from running text.
    pub roles: bool,
}

/// Why a text has no analysis.
#[derive(Debug, Error)]
pub enum AnalyzerError {
    /// The file cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The bytes are no text.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The text is in another language than the model's, or the model failed.
    #[error(transparent)]
    Analyze(#[from] AnalyzeError),
}

impl Analyzer {
    /// With the model in the binary, every label, and one thread a core.
    ///
    /// # Errors
    /// [`ModelError::NotEmbedded`] when built without the feature `embedded-model`.
    pub fn new() -> Result<Self, ModelError> {
        Ok(Self::with_model(Model::embedded()?))
    }

    /// With a model of your own: see [`Model::load`].
    #[must_use]
    pub fn with_model(model: Model) -> Self {
        Self {
            model,
            options: Options::default(),
            roles: true,
        }
    }

    /// Only these labels or families; all when there are none.
    ///
    /// # Errors
    /// When a name is neither.
    pub fn select<S: ToString>(mut self, names: &[S]) -> Result<Self, UnknownLabel> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        self.options.selection = Selection::new(&names, &[])?;
        Ok(self)
    }

    /// Only findings in these voices.
    #[must_use]
    pub fn voices(mut self, voices: Voices) -> Self {
        self.options.voices = voices;
        self
    }

    /// Threads that score one text.
    #[must_use]
    pub fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.options.threads = threads;
        self
    }

    /// From which probability on, from 0 to 1, a sentence output counts as on.
    ///
    /// # Errors
    /// When the model has no such output, or `p` is out of range.
    pub fn threshold(mut self, output: &str, p: f32) -> Result<Self, AdjustError> {
        self.model.outputs.set_threshold(output, p)?;
        Ok(self)
    }

    /// Analyses a text, Markdown or plain as it looks.
    ///
    /// # Errors
    /// When it holds no text, is in another language than English, or the model fails.
    pub fn analyze(&self, text: &str) -> Result<Analysis, AnalyzerError> {
        self.analyze_bytes(text.as_bytes().to_vec(), None)
    }

    /// Analyses a file; its format goes by the extension, then by the content.
    ///
    /// # Errors
    /// When it cannot be read, and as [`Analyzer::analyze`].
    pub fn analyze_file(&self, path: impl AsRef<Path>) -> Result<Analysis, AnalyzerError> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|source| AnalyzerError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        self.analyze_bytes(bytes, InputFormat::from_path(path))
    }

    /// Analyses the bytes of a text; without a format as it looks.
    ///
    /// # Errors
    /// When they are no UTF-8 text, and as [`Analyzer::analyze`].
    pub fn analyze_bytes(
        &self,
        bytes: Vec<u8>,
        format: Option<InputFormat>,
    ) -> Result<Analysis, AnalyzerError> {
        let source = ingest::decode(bytes)?;
        let format = format.unwrap_or_else(|| InputFormat::guess(&source));
        let document = ingest::ingest(source, format, self.roles);
        Ok(analyze(document, &self.model, &self.options)?)
    }

    /// The report of an analysis, in the wire format.
    #[must_use]
    pub fn report(&self, name: Name, analysis: &Analysis) -> Report {
        Report::new(name, analysis, &self.model)
    }
}
