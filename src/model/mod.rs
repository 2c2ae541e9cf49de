//! A model folder: what is in it, and how a sentence is scored with it.
//!
//! `config.json` names the outputs, `tokenizer.json` cuts text into tokens, `model.onnx` (or
//! `model.safetensors`, by engine) holds the weights, `decision.json` says how to read the
//! logits. The default model lies inside the binary. A checkpoint of anybody's, as
//! `transformers` saves it, is a model folder too: its labels may need a [`LabelMap`], and
//! without a decision its probabilities are its own, uncalibrated.

mod config;
mod error;
mod files;
mod hub;

use std::path::Path;

use ndarray::Array2;

use self::config::Config;
pub use self::error::ModelError;
use self::files::Files;
pub(crate) use self::files::hex;
pub use self::files::sha256;
pub use self::hub::Hub;
use crate::backend::rten::Rten;
use crate::backend::{Backend, BackendError, Device, Engine, Network, Worker};
use crate::calibrate::{Columns, Decision, Outputs, Scores};
use crate::mapping::{self, LabelMap};
use crate::span::Span;
use crate::tokenize::Tokenizer;

/// An encoder with everything that is needed to read its output.
pub struct Model {
    /// The name of its folder.
    pub name: String,
    /// Of `model.onnx`, or of `model.safetensors` where there is no graph, in hexadecimal.
    pub sha256: String,
    /// Whether its decision was fitted to data; else every threshold is 0.5 of the model's
    /// own probability.
    pub calibrated: bool,
    /// What it says and how to read it.
    pub outputs: Outputs,
    network: Network,
    columns: Columns,
    tokenizer: Tokenizer,
    backend: Box<dyn Backend>,
}

impl Model {
    /// The model in the binary.
    ///
    /// # Errors
    /// [`ModelError::NotEmbedded`] when built without the feature `embedded-model`.
    #[cfg(not(feature = "embedded-model"))]
    pub fn embedded() -> Result<Self, ModelError> {
        Err(ModelError::NotEmbedded)
    }

    /// The model in the binary.
    ///
    /// # Errors
    /// When its files are damaged; a test loads it.
    #[cfg(feature = "embedded-model")]
    pub fn embedded() -> Result<Self, ModelError> {
        const NAME: &str = "rhetor-minilm-v5";
        macro_rules! file {
            ($name:literal) => {
                include_bytes!(concat!("../../models/rhetor-minilm-v5/", $name))
            };
        }
        let sums = str::from_utf8(file!("SHA256SUMS")).unwrap_or_default();
        let sha256 = files::listed(sums, "model.onnx").unwrap_or_default();
        Self::assemble(
            NAME,
            sha256.to_owned(),
            file!("config.json"),
            file!("tokenizer.json"),
            Some(file!("decision.json")),
            |network| Ok(Box::new(Rten::from_static(file!("model.onnx"), network)?)),
        )
    }

    /// Loads a model folder. Where it holds a `SHA256SUMS`, every file read must be the one
    /// listed there: whoever fits `decision.json` anew lists its new sum. A checkpoint that
    /// is not rhetor's own needs no decision.
    ///
    /// # Errors
    /// When a file is missing, damaged, of another model, or not what this version can
    /// read.
    pub fn load(folder: &Path, engine: Engine, map: Option<&LabelMap>) -> Result<Self, ModelError> {
        Self::open(folder, engine, map, true)
    }

    /// Loads a model folder without its `decision.json`, which may be missing: for fitting
    /// it. Every output is read by [`Decision::unfitted`].
    ///
    /// # Errors
    /// As [`Model::load`].
    pub fn load_unfitted(
        folder: &Path,
        engine: Engine,
        map: Option<&LabelMap>,
    ) -> Result<Self, ModelError> {
        Self::open(folder, engine, map, false)
    }

    fn open(
        folder: &Path,
        engine: Engine,
        map: Option<&LabelMap>,
        fitted: bool,
    ) -> Result<Self, ModelError> {
        let files = Files::new(folder)?;
        let json = files.read(files::CONFIG)?;
        let beside = match files.optional(mapping::FILE)? {
            Some(toml) if map.is_none() => Some(label_map(&toml)?),
            _ => None,
        };
        let config = Config::parse(&json, map.or(beside.as_ref()))?;
        let decision = match fitted {
            true if config.own => Some(files.read(files::DECISION)?),
            true => files.optional(files::DECISION)?,
            false => None,
        };
        let tokenizer = files.tokenizer()?;
        let weights = files.weights(engine)?;
        let name = folder
            .canonicalize()
            .ok()
            .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
            .unwrap_or_else(|| folder.display().to_string());
        let model = Self::of_parts(
            &name,
            sha256(&weights),
            config,
            &tokenizer,
            decision.as_deref(),
            |network| match engine {
                Engine::Rten => Ok(Box::new(Rten::from_bytes(weights, network)?)),
                Engine::RustBert(device) => {
                    rust_bert(&folder.join(files::SAFETENSORS), &json, network, device)
                }
            },
        )?;
        // A pass over the two special tokens shows a head of the wrong size now, not in
        // mid-batch.
        model.scorer().logits("")?;
        Ok(model)
    }

    /// Puts a model together from the contents of its files. Without a `decision` every
    /// output is read by [`Decision::unfitted`].
    ///
    /// # Errors
    /// When a file is not what this version can read, or the decision is another model's.
    pub fn assemble(
        name: &str,
        sha256: String,
        config: &[u8],
        tokenizer: &[u8],
        decision: Option<&[u8]>,
        backend: impl FnOnce(Network) -> Result<Box<dyn Backend>, BackendError>,
    ) -> Result<Self, ModelError> {
        let config = Config::parse(config, None)?;
        Self::of_parts(name, sha256, config, tokenizer, decision, backend)
    }

    fn of_parts(
        name: &str,
        sha256: String,
        config: Config,
        tokenizer: &[u8],
        decision: Option<&[u8]>,
        backend: impl FnOnce(Network) -> Result<Box<dyn Backend>, BackendError>,
    ) -> Result<Self, ModelError> {
        let Config {
            network,
            columns,
            sentence,
            token,
            own,
        } = config;
        let calibrated = decision.is_some();
        let decision = match decision {
            Some(json) => Decision::from_json(json)?,
            // Only rhetor's own models say anything of the sentence on `[CLS]` when they
            // have a head for tokens.
            None => Decision::unfitted(&sha256, &sentence, &token, !own),
        };
        if decision.model_sha256 != sha256 {
            return Err(ModelError::Unfitted {
                fitted_on: decision.model_sha256,
                model: sha256,
            });
        }
        let outputs = Outputs::new(columns.names(), &sentence, &token, &decision)?;
        let tokenizer = Tokenizer::from_json(tokenizer, network.positions)?;
        Ok(Self {
            name: name.to_owned(),
            sha256,
            calibrated,
            outputs,
            network,
            columns,
            tokenizer,
            backend: backend(network)?,
        })
    }

    /// The engine that it runs on.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        self.backend.name()
    }

    /// What one thread needs to score sentences.
    #[must_use]
    pub fn scorer(&self) -> Scorer<'_> {
        Scorer {
            model: self,
            worker: self.backend.worker(),
        }
    }
}

/// Scores sentences on one thread.
pub struct Scorer<'m> {
    model: &'m Model,
    worker: Box<dyn Worker + 'm>,
}

/// A sentence as the encoder leaves it.
#[derive(Debug, Clone, PartialEq)]
pub struct Raw {
    /// Byte range in the sentence of each token.
    pub offsets: Vec<Span>,
    /// Row 0 is `[CLS]`, one row a token follows where the head is one for tokens; one column
    /// an output (see [`Columns::logits`]). The maximum where windows overlap.
    pub logits: Array2<f32>,
    /// Whether the sentence was longer than the model's positions and was read in parts.
    pub split: bool,
}

/// A scored sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Byte range in the sentence of each token.
    pub offsets: Vec<Span>,
    /// Its probabilities.
    pub scores: Scores,
    /// Whether it was longer than the model's positions and was scored in parts.
    pub split: bool,
}

impl<'m> Scorer<'m> {
    /// The model that it scores with.
    #[must_use]
    pub fn model(&self) -> &'m Model {
        self.model
    }

    /// Scores one sentence.
    ///
    /// # Errors
    /// When the tokenizer or the engine fails.
    pub fn score(&mut self, sentence: &str) -> Result<Scored, ModelError> {
        let raw = self.logits(sentence)?;
        Ok(Scored {
            scores: self.model.outputs.scores(&raw.logits),
            offsets: raw.offsets,
            split: raw.split,
        })
    }

    /// The logits of one sentence: what [`Outputs::scores`] reads.
    ///
    /// # Errors
    /// When the tokenizer or the engine fails.
    pub fn logits(&mut self, sentence: &str) -> Result<Raw, ModelError> {
        let encoding = self.model.tokenizer.encode(sentence)?;
        let rows = self.model.network.rows(encoding.offsets.len() + 1);
        let mut merged: Option<Array2<f32>> = None;
        for window in &encoding.windows {
            let part = self.model.columns.logits(self.worker.logits(&window.ids)?);
            let merged = merged
                .get_or_insert_with(|| Array2::from_elem((rows, part.ncols()), f32::NEG_INFINITY));
            // The last row of a window is `[SEP]`.
            let tokens = (1..part.nrows().max(2) - 1).map(|row| (window.first + row, row));
            for (to, from) in std::iter::once((0, 0)).chain(tokens) {
                merged
                    .row_mut(to)
                    .zip_mut_with(&part.row(from), |a, &b| *a = a.max(b));
            }
        }
        Ok(Raw {
            split: encoding.is_split(),
            offsets: encoding.offsets,
            logits: merged.unwrap_or_default(),
        })
    }
}

fn label_map(toml: &[u8]) -> Result<LabelMap, ModelError> {
    let invalid = |reason: String| ModelError::Invalid {
        file: mapping::FILE,
        reason,
    };
    let text = str::from_utf8(toml).map_err(|e| invalid(e.to_string()))?;
    LabelMap::from_toml(mapping::FILE, text).map_err(|e| invalid(e.to_string()))
}

#[cfg(feature = "rust-bert")]
fn rust_bert(
    weights: &Path,
    config: &[u8],
    network: Network,
    device: Device,
) -> Result<Box<dyn Backend>, BackendError> {
    use crate::backend::rust_bert::RustBert;
    Ok(Box::new(RustBert::load(weights, config, network, device)?))
}

#[cfg(not(feature = "rust-bert"))]
fn rust_bert(_: &Path, _: &[u8], _: Network, _: Device) -> Result<Box<dyn Backend>, BackendError> {
    Err(BackendError::NotBuilt)
}
