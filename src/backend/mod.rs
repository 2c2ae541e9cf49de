//! The encoder's engine: token ids in, logits out.
//!
//! A backend knows nothing of labels, probabilities or text. It is asked for one
//! [`Worker`] a thread; a worker runs one window at a time, so that a score depends on
//! the sentence and the model alone, whatever the threads and the neighbours.

pub mod fake;
pub mod rten;

use ndarray::Array2;
use thiserror::Error;

/// Loaded weights, shared by all workers.
pub trait Backend: Send + Sync {
    /// A worker for one thread.
    fn worker(&self) -> Box<dyn Worker + '_>;
}

/// Runs the encoder on one thread.
pub trait Worker {
    /// Logits of one window: one row a token (`[CLS]` first), one column an output.
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
    /// The model ran and failed.
    #[error("the encoder failed on a window of {tokens} tokens: {reason}")]
    Run {
        /// Length of the window.
        tokens: usize,
        /// What the engine says.
        reason: String,
    },
}
