//! The files of a model folder: which there are, and that they are the ones it was
//! published with.

use std::io::ErrorKind;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::ModelError;
use crate::backend::Engine;

pub(super) const CONFIG: &str = "config.json";
/// What a model folder can have beside its configuration and weights.
#[cfg(feature = "hub")]
pub(super) const BESIDE: &[&str] = &[TOKENIZER, DECISION, crate::mapping::FILE, SUMS];
pub(super) const DECISION: &str = "decision.json";
const TOKENIZER: &str = "tokenizer.json";
const SUMS: &str = "SHA256SUMS";
/// Weights as Python pickles them.
const PICKLE: &str = "pytorch_model.bin";
/// Weights for rust-bert.
pub(super) const SAFETENSORS: &str = "model.safetensors";
/// Weights for rten; exporters write the second.
const ONNX: [&str; 2] = ["model.onnx", "onnx/model.onnx"];
/// Vocabularies of tokenizers written in Python.
const SLOW: [&str; 6] = [
    "vocab.txt",
    "vocab.json",
    "spiece.model",
    "sentencepiece.bpe.model",
    "spm.model",
    "bpe.codes",
];

/// The files that an engine can take its weights from.
pub(super) fn weights(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Rten => &ONNX,
        Engine::RustBert(_) => &[SAFETENSORS],
    }
}

/// A model folder, with the sums that it lists.
pub(super) struct Files<'f> {
    pub(super) folder: &'f Path,
    /// Its `SHA256SUMS`; empty when it has none.
    sums: String,
}

impl<'f> Files<'f> {
    pub(super) fn new(folder: &'f Path) -> Result<Self, ModelError> {
        let mut files = Self {
            folder,
            sums: String::new(),
        };
        let sums = files.optional(SUMS)?.unwrap_or_default();
        files.sums = String::from_utf8_lossy(&sums).into_owned();
        Ok(files)
    }

    /// A file, which is the one that the sums list if they list it.
    pub(super) fn read(&self, file: &str) -> Result<Vec<u8>, ModelError> {
        let path = self.folder.join(file);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(cause) => return Err(ModelError::Unreadable { path, cause }),
        };
        match listed(&self.sums, file) {
            Some(expected) if sha256(&bytes) != expected => Err(ModelError::Checksum {
                path,
                found: sha256(&bytes),
                expected: expected.to_owned(),
            }),
            _ => Ok(bytes),
        }
    }

    /// The same for a file that need not be there.
    pub(super) fn optional(&self, file: &str) -> Result<Option<Vec<u8>>, ModelError> {
        match self.read(file) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(ModelError::Unreadable { cause, .. }) if cause.kind() == ErrorKind::NotFound => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    pub(super) fn tokenizer(&self) -> Result<Vec<u8>, ModelError> {
        let missing = || {
            let found = SLOW.into_iter().find(|file| self.has(file));
            found.map_or_else(
                || self.read(TOKENIZER),
                |found| {
                    Err(ModelError::SlowTokenizer {
                        folder: self.folder.to_owned(),
                        found,
                    })
                },
            )
        };
        self.optional(TOKENIZER)?.map_or_else(missing, Ok)
    }

    /// The weights that make up the model's hash: the ONNX graph, or the tensors where there
    /// is no graph. The engine must find its own.
    pub(super) fn weights(&self, engine: Engine) -> Result<Vec<u8>, ModelError> {
        let onnx = ONNX.into_iter().find(|file| self.has(file));
        let tensors = self.has(SAFETENSORS);
        if onnx.is_none() && !tensors && self.has(PICKLE) {
            return Err(ModelError::Pickle);
        }
        let missing = |wanted, remedy| ModelError::Weights {
            folder: self.folder.to_owned(),
            wanted,
            remedy,
        };
        match engine {
            Engine::Rten if onnx.is_none() && tensors => Err(missing(
                ONNX[0],
                "write one with `optimum-cli export onnx --model FOLDER FOLDER`, or run its \
                 model.safetensors with --backend rust-bert",
            )),
            Engine::RustBert(_) if !tensors && self.has("model.safetensors.index.json") => {
                Err(missing(
                    SAFETENSORS,
                    "the weights are in several files; write them as one in Python with \
                     save_pretrained(FOLDER, max_shard_size=\"100GB\")",
                ))
            }
            Engine::RustBert(_) if !tensors && self.has(PICKLE) => Err(ModelError::Pickle),
            Engine::RustBert(_) if !tensors && onnx.is_some() => Err(missing(
                SAFETENSORS,
                "run its model.onnx without --backend rust-bert",
            )),
            Engine::RustBert(_) => {
                let weights = self.read(SAFETENSORS)?;
                onnx.map_or(Ok(weights), |onnx| self.read(onnx))
            }
            Engine::Rten => self.read(onnx.unwrap_or(ONNX[0])),
        }
    }

    fn has(&self, file: &str) -> bool {
        self.folder.join(file).exists()
    }
}

/// The hash that a `SHA256SUMS` file gives for `name`.
pub(super) fn listed<'s>(sums: &'s str, name: &str) -> Option<&'s str> {
    sums.lines().find_map(|line| {
        // The second sign is a star where sums were taken in binary mode.
        let (hash, file) = line.split_once(' ')?;
        (file.get(1..) == Some(name)).then_some(hash)
    })
}

/// The sha256 of some bytes, in lower-case hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let text = String::with_capacity(2 * bytes.len());
    bytes.iter().fold(text, |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
