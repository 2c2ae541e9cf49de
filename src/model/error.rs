//! Why a model cannot be loaded or run.

use std::path::PathBuf;

use thiserror::Error;

use crate::backend::BackendError;

/// A model that cannot be loaded or run.
#[derive(Debug, Error)]
pub enum ModelError {
    /// A file of the folder cannot be read.
    #[error(
        "{}: {cause}; a model folder holds config.json, tokenizer.json, model.onnx or \
         model.safetensors, and decision.json when it is one of rhetor's",
        path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The weights are not there for the engine that was asked for.
    #[error("{}: there is no {wanted}; {remedy}", folder.display())]
    Weights {
        /// The folder.
        folder: PathBuf,
        /// The file that the engine reads.
        wanted: &'static str,
        /// How to get it, or which engine to take.
        remedy: &'static str,
    },
    /// The folder has the vocabulary of a tokenizer written in Python only.
    #[error(
        "{}: there is no tokenizer.json, only {found}, which a tokenizer written in Python \
         reads; convert it in Python: AutoTokenizer.from_pretrained(FOLDER)\
         .save_pretrained(FOLDER) writes tokenizer.json",
        folder.display()
    )]
    SlowTokenizer {
        /// The folder.
        folder: PathBuf,
        /// The vocabulary that is there.
        found: &'static str,
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
        "decision.json was fitted on weights with the sha256 {fitted_on}, these have {model}; \
         fit it again with `rhetor evaluate --fit`"
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
         .save_pretrained(FOLDER), or AutoModelForSequenceClassification, writes \
         model.safetensors"
    )]
    Pickle,
    /// A model of the hub is not there.
    #[error("hf:{name}: {reason}")]
    Hub {
        /// Owner and name.
        name: String,
        /// What was looked for, where, and what to do.
        reason: String,
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
