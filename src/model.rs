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
use crate::backend::{Backend, BackendError, Worker};
use crate::calibrate::{Decision, Outputs, Scores};
use crate::span::Span;
use crate::tokenize::{Encoding, Tokenizer};

/// A model that cannot be loaded or run.
#[derive(Debug, Error)]
pub enum ModelError {
    /// A file of the folder cannot be read.
    #[error("{}: {source}; a model folder holds config.json, tokenizer.json, model.onnx and decision.json", path.display())]
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
    /// The weights are not those that the folder was published with.
    #[error(
        "{}: its sha256 is {found}, SHA256SUMS says {expected}; fetch the model again",
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
        const NAME: &str = "rhetor-minilm-v1";
        macro_rules! file {
            ($name:literal) => {
                include_bytes!(concat!("../models/rhetor-minilm-v1/", $name))
            };
        }
        let sums = str::from_utf8(file!("SHA256SUMS")).unwrap_or_default();
        let sha256 = listed(sums, "model.onnx").unwrap_or_default().to_owned();
        Self::assemble(
            NAME,
            sha256,
            file!("config.json"),
            file!("tokenizer.json"),
            file!("decision.json"),
            |outputs| Ok(Box::new(Rten::from_static(file!("model.onnx"), outputs)?)),
        )
    }

    /// Loads a model folder.
    ///
    /// # Errors
    /// When a file is missing, damaged, or not what this version can read.
    pub fn load(folder: &Path) -> Result<Self, ModelError> {
        let read = |file: &str| {
            let path = folder.join(file);
            std::fs::read(&path).map_err(|source| ModelError::Unreadable { path, source })
        };
        let (config, tokenizer, decision) = (
            read("config.json")?,
            read("tokenizer.json")?,
            read("decision.json")?,
        );
        let onnx = folder.join("model.onnx");
        let found = sha256(&read("model.onnx")?);
        if let Ok(sums) = std::fs::read_to_string(folder.join("SHA256SUMS"))
            && let Some(expected) = listed(&sums, "model.onnx")
            && expected != found
        {
            return Err(ModelError::Checksum {
                path: onnx,
                found,
                expected: expected.to_owned(),
            });
        }
        let name = folder
            .canonicalize()
            .ok()
            .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
            .unwrap_or_else(|| folder.display().to_string());
        Self::assemble(&name, found, &config, &tokenizer, &decision, |outputs| {
            Ok(Box::new(Rten::from_file(&onnx, outputs)?))
        })
    }

    /// Puts a model together from the contents of its files. `backend` gets the number of
    /// outputs.
    ///
    /// # Errors
    /// When a file is not what this version can read.
    pub fn assemble(
        name: &str,
        sha256: String,
        config: &[u8],
        tokenizer: &[u8],
        decision: &[u8],
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
        let decision: Decision = parse("decision.json", decision)?;
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
        let encoding = self.model.tokenizer.encode(sentence)?;
        let logits = self.logits(&encoding)?;
        let split = encoding.is_split();
        Ok(Scored {
            scores: self.model.outputs.scores(&logits),
            offsets: encoding.offsets,
            split,
        })
    }

    /// Logits of `[CLS]` and of every token; the maximum where windows overlap.
    fn logits(&mut self, encoding: &Encoding) -> Result<Array2<f32>, ModelError> {
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
        Ok(merged.unwrap_or_default())
    }
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
        let (hash, file) = line.split_once("  ")?;
        (file == name).then_some(hash)
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
