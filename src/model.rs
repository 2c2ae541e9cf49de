//! A model folder: what is in it, and how a sentence is scored with it.
//!
//! `config.json` names the outputs, `tokenizer.json` cuts text into tokens, `model.onnx`
//! holds the weights, `decision.json` says how to read the logits. The default model
//! lies inside the binary.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ndarray::Array2;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::backend::rten::Rten;
use crate::backend::{Backend, BackendError, Device, Engine, Worker};
use crate::calibrate::{Decision, Outputs, Scores};
use crate::span::Span;
use crate::tokenize::Tokenizer;

/// A model that cannot be loaded or run.
#[derive(Debug, Error)]
pub enum ModelError {
    /// A file of the folder cannot be read.
    #[error(
        "{}: {source}; a model folder holds config.json, tokenizer.json, model.onnx and decision.json",
        path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file of the folder does not hold what it should.
    #[error("the model's {file} is not usable: {reason}")]
    Invalid {
        /// The file.
        file: &'static str,
        /// What is wrong in it.
        reason: String,
    },
    /// A file is not the one that the folder was published with.
    #[error(
        "{}: its sha256 is {found}, SHA256SUMS says {expected}; fetch the model again, or, when \
         the file was changed on purpose, write its new sha256 there",
        path.display()
    )]
    Checksum {
        /// The file.
        path: PathBuf,
        /// What it hashes to.
        found: String,
        /// What it should hash to.
        expected: String,
    },
    /// The decision was fitted on the logits of another model.
    #[error(
        "decision.json was fitted on a model.onnx with the sha256 {fitted_on}, this one has \
         {model}; fit it again with `rhetor evaluate --fit`"
    )]
    Unfitted {
        /// The sha256 that `decision.json` names.
        fitted_on: String,
        /// That of the model's weights.
        model: String,
    },
    /// The weights are a pickle.
    #[error(
        "the weights are in pytorch_model.bin, a pickle, which can run any code and is never \
         read; convert it in Python: AutoModelForTokenClassification.from_pretrained(FOLDER)\
         .save_pretrained(FOLDER) writes model.safetensors"
    )]
    Pickle,
    /// A sentence could not be cut into tokens.
    #[error("a sentence cannot be cut into tokens: {reason}")]
    Tokenize {
        /// What the tokenizer says.
        reason: String,
    },
    /// The engine failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// The binary was built without a model.
    #[error(
        "this rhetor was built without its model (feature `embedded-model`); name a model folder with --model DIR"
    )]
    NotEmbedded,
}

/// Weights as Python pickles them.
const PICKLE: &str = "pytorch_model.bin";

/// An encoder with everything that is needed to read its output.
pub struct Model {
    /// The name of its folder.
    pub name: String,
    /// Of `model.onnx`, in hexadecimal.
    pub sha256: String,
    /// What it says and how to read it.
    pub outputs: Outputs,
    tokenizer: Tokenizer,
    backend: Box<dyn Backend>,
}

#[derive(Deserialize)]
struct Config {
    max_position_embeddings: usize,
    id2label: BTreeMap<usize, String>,
    rhetor: Option<Rhetor>,
}

#[derive(Deserialize)]
struct Rhetor {
    format: u32,
    sentence: Vec<String>,
    token: Vec<String>,
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
        const NAME: &str = "rhetor-minilm-v2";
        macro_rules! file {
            ($name:literal) => {
                include_bytes!(concat!("../models/rhetor-minilm-v2/", $name))
            };
        }
        let sums = str::from_utf8(file!("SHA256SUMS")).unwrap_or_default();
        let sha256 = listed(sums, "model.onnx").unwrap_or_default().to_owned();
        Self::assemble(
            NAME,
            sha256,
            file!("config.json"),
            file!("tokenizer.json"),
            Some(file!("decision.json")),
            |outputs| Ok(Box::new(Rten::from_static(file!("model.onnx"), outputs)?)),
        )
    }

    /// Loads a model folder. Where it holds a `SHA256SUMS`, every file read must be the one
    /// listed there: whoever fits `decision.json` anew lists its new sum.
    ///
    /// # Errors
    /// When a file is missing, damaged, of another model, or not what this version can
    /// read.
    pub fn load(folder: &Path, engine: Engine) -> Result<Self, ModelError> {
        let sums = sums(folder)?;
        let decision = read(folder, &sums, "decision.json")?;
        Self::load_with(folder, engine, &sums, Some(&decision))
    }

    /// Loads a model folder without its `decision.json`, which may be missing: for fitting
    /// it. Every output is read by [`Decision::unfitted`].
    ///
    /// # Errors
    /// As [`Model::load`].
    pub fn load_unfitted(folder: &Path, engine: Engine) -> Result<Self, ModelError> {
        Self::load_with(folder, engine, &sums(folder)?, None)
    }

    fn load_with(
        folder: &Path,
        engine: Engine,
        sums: &str,
        decision: Option<&[u8]>,
    ) -> Result<Self, ModelError> {
        let config = read(folder, sums, "config.json")?;
        let tokenizer = read(folder, sums, "tokenizer.json")?;
        let onnx = read(folder, sums, "model.onnx")?;
        if let Engine::RustBert(_) = engine {
            if !folder.join("model.safetensors").exists() && folder.join(PICKLE).exists() {
                return Err(ModelError::Pickle);
            }
            read(folder, sums, "model.safetensors")?;
        }
        let name = folder
            .canonicalize()
            .ok()
            .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
            .unwrap_or_else(|| folder.display().to_string());
        let model = Self::assemble(
            &name,
            sha256(&onnx),
            &config,
            &tokenizer,
            decision,
            |outputs| match engine {
                Engine::Rten => Ok(Box::new(Rten::from_bytes(onnx, outputs)?)),
                Engine::RustBert(device) => rust_bert(folder, &config, outputs, device),
            },
        )?;
        // A pass over `[CLS] [SEP]` shows a head of the wrong size now, not in mid-batch.
        model.scorer().logits("")?;
        Ok(model)
    }

    /// Puts a model together from the contents of its files. Without a `decision` every
    /// output is read by [`Decision::unfitted`]. `backend` gets the number of outputs.
    ///
    /// # Errors
    /// When a file is not what this version can read, or the decision is another model's.
    pub fn assemble(
        name: &str,
        sha256: String,
        config: &[u8],
        tokenizer: &[u8],
        decision: Option<&[u8]>,
        backend: impl FnOnce(usize) -> Result<Box<dyn Backend>, BackendError>,
    ) -> Result<Self, ModelError> {
        let config: Config = parse("config.json", config)?;
        let invalid = |reason: String| ModelError::Invalid {
            file: "config.json",
            reason,
        };
        let rhetor = config.rhetor.ok_or_else(|| {
            invalid("it has no block `rhetor`, so it is no rhetor model".to_owned())
        })?;
        if rhetor.format != 1 {
            return Err(invalid(format!(
                "`rhetor.format` is {}; this version reads 1",
                rhetor.format
            )));
        }
        if !config.id2label.keys().copied().eq(0..config.id2label.len()) {
            return Err(invalid(
                "id2label does not count from 0 without gaps".to_owned(),
            ));
        }
        let columns: Vec<String> = config.id2label.into_values().collect();
        let decision = match decision {
            Some(json) => Decision::from_json(json)?,
            None => Decision::unfitted(&sha256, &rhetor.sentence, &rhetor.token),
        };
        if decision.model_sha256 != sha256 {
            return Err(ModelError::Unfitted {
                fitted_on: decision.model_sha256,
                model: sha256,
            });
        }
        let outputs = Outputs::new(&columns, &rhetor.sentence, &rhetor.token, &decision)?;
        let tokenizer = Tokenizer::from_json(tokenizer, config.max_position_embeddings)?;
        let backend = backend(columns.len())?;
        Ok(Self {
            name: name.to_owned(),
            sha256,
            outputs,
            tokenizer,
            backend,
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
    /// Row 0 is `[CLS]`, one row a token follows; one column an output, as in `id2label`.
    /// The maximum where windows overlap.
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

impl Scorer<'_> {
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
        let mut merged: Option<Array2<f32>> = None;
        for window in &encoding.windows {
            let part = self.worker.logits(&window.ids)?;
            let merged = merged.get_or_insert_with(|| {
                Array2::from_elem(
                    (encoding.offsets.len() + 1, part.ncols()),
                    f32::NEG_INFINITY,
                )
            });
            let tokens = window.ids.len() - 2;
            let rows = (1..=tokens).map(|row| (window.first + row, row));
            for (to, from) in std::iter::once((0, 0)).chain(rows) {
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

#[cfg(feature = "rust-bert")]
fn rust_bert(
    folder: &Path,
    config: &[u8],
    outputs: usize,
    device: Device,
) -> Result<Box<dyn Backend>, BackendError> {
    use crate::backend::rust_bert::RustBert;
    Ok(Box::new(RustBert::load(folder, config, outputs, device)?))
}

#[cfg(not(feature = "rust-bert"))]
fn rust_bert(_: &Path, _: &[u8], _: usize, _: Device) -> Result<Box<dyn Backend>, BackendError> {
    Err(BackendError::NotBuilt)
}

/// A folder's `SHA256SUMS`; empty when it has none.
fn sums(folder: &Path) -> Result<String, ModelError> {
    let path = folder.join("SHA256SUMS");
    match std::fs::read_to_string(&path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(ModelError::Unreadable { path, source })
        }
        read => Ok(read.unwrap_or_default()),
    }
}

/// A file of a folder, which is the one that `sums` lists if it lists it.
fn read(folder: &Path, sums: &str, file: &str) -> Result<Vec<u8>, ModelError> {
    let path = folder.join(file);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(source) => return Err(ModelError::Unreadable { path, source }),
    };
    if let Some(expected) = listed(sums, file) {
        let found = sha256(&bytes);
        if found != expected {
            return Err(ModelError::Checksum {
                path,
                found,
                expected: expected.to_owned(),
            });
        }
    }
    Ok(bytes)
}

fn parse<T: for<'d> Deserialize<'d>>(file: &'static str, json: &[u8]) -> Result<T, ModelError> {
    serde_json::from_slice(json).map_err(|e| ModelError::Invalid {
        file,
        reason: e.to_string(),
    })
}

/// The hash that a `SHA256SUMS` file gives for `name`.
fn listed<'s>(sums: &'s str, name: &str) -> Option<&'s str> {
    sums.lines().find_map(|line| {
        // The second sign is a star where sums were taken in binary mode.
        let (hash, file) = line.split_once(' ')?;
        (file.get(1..) == Some(name)).then_some(hash)
    })
}

/// The sha256 of some bytes, in lower-case hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::digest(bytes);
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
