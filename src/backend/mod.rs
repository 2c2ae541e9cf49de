//! The encoder's engine: token ids in, logits out.
//!
//! A backend knows nothing of labels, probabilities or text. It is asked for one
//! [`Worker`] a thread; a worker runs one window at a time, so that a score depends on
//! the sentence and the model alone, whatever the threads and the neighbours.

pub mod fake;
mod network;
pub mod rten;
#[cfg(feature = "rust-bert")]
pub mod rust_bert;

use std::str::FromStr;

use ndarray::Array2;
use thiserror::Error;

pub use self::network::{Architecture, Head, Network};

/// Loaded weights, shared by all workers.
pub trait Backend: Send + Sync {
    /// The engine, as a report names it.
    fn name(&self) -> &'static str;

    /// A worker for one thread.
    fn worker(&self) -> Box<dyn Worker + '_>;
}

/// Which engine runs a model folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    /// `model.onnx` on rten.
    #[default]
    Rten,
    /// `model.safetensors` on rust-bert; needs the cargo feature of that name.
    RustBert(Device),
}

/// Where an engine computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Device {
    /// The processor.
    #[default]
    Cpu,
    /// A graphics card, counted from 0.
    Cuda(usize),
}

impl FromStr for Device {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let cuda = |text: &str| text.strip_prefix("cuda:")?.parse().ok();
        match text {
            "cpu" => Ok(Self::Cpu),
            _ => cuda(text)
                .map(Self::Cuda)
                .ok_or_else(|| format!("`{text}` is no device; it is cpu, or cuda:0, cuda:1 …")),
        }
    }
}

/// Runs the encoder on one thread.
pub trait Worker {
    /// Logits of one window: one row a token (`[CLS]` first), or one row in all where the head
    /// is one for sequences; one column an output.
    ///
    /// # Errors
    /// When the engine fails or gives an array of another shape.
    fn logits(&mut self, ids: &[u32]) -> Result<Array2<f32>, BackendError>;
}

/// An engine that could not load or run a model.
#[derive(Debug, Error)]
pub enum BackendError {
    /// The weights could not be loaded.
    #[error("the weights cannot be loaded: {0}")]
    Load(String),
    /// The weights are of another set of outputs.
    #[error(
        "the head of the weights has {found} outputs, id2label in config.json lists {expected}; \
         both must be of one model"
    )]
    Head {
        /// What the weights give.
        found: usize,
        /// What `config.json` lists.
        expected: usize,
    },
    /// The engine cannot compute there.
    #[error("no such device: {0}")]
    Device(String),
    /// The engine is not part of this program.
    #[error(
        "this rhetor was built without the engine rust-bert; build it with \
         `.ci/setup-libtorch`, then `. .libtorch/env && cargo build --release --features rust-bert`"
    )]
    NotBuilt,
    /// The model ran and failed.
    #[error("the encoder failed on a window of {tokens} tokens: {reason}")]
    Run {
        /// Length of the window.
        tokens: usize,
        /// What the engine says.
        reason: String,
    },
}
