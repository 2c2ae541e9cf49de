//! The default engine: ONNX weights on rten, pure Rust, on the processor.
//!
//! Each worker has an engine thread of its own: with more threads inside one pass,
//! engines lose badly when a core is shared.

use std::sync::Arc;

use ndarray::Array2;
use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use super::{Backend, BackendError, Worker};

/// An ONNX model with one input `input_ids` [1, tokens] and one output `logits`
/// [1, tokens, outputs].
pub struct Rten {
    model: Model,
    input: NodeId,
    output: NodeId,
    outputs: usize,
}

impl Rten {
    /// Loads weights that lie in the binary, without copying them.
    ///
    /// # Errors
    /// When they are no ONNX model of this shape.
    pub fn from_static(onnx: &'static [u8], outputs: usize) -> Result<Self, BackendError> {
        Self::new(options().load_static_slice(onnx), outputs)
    }

    /// Loads weights from the contents of a file.
    ///
    /// # Errors
    /// When they are no ONNX model of this shape.
    pub fn from_bytes(onnx: Vec<u8>, outputs: usize) -> Result<Self, BackendError> {
        Self::new(options().load(onnx), outputs)
    }

    fn new(loaded: Result<Model, rten::LoadError>, outputs: usize) -> Result<Self, BackendError> {
        let model = loaded.map_err(|e| BackendError::Load(e.to_string()))?;
        let node = |name: &str| {
            model
                .node_id(name)
                .map_err(|e| BackendError::Load(e.to_string()))
        };
        let (input, output) = (node("input_ids")?, node("logits")?);
        Ok(Self {
            model,
            input,
            output,
            outputs,
        })
    }
}

fn options() -> ModelOptions {
    let mut options = ModelOptions::with_all_ops();
    options.prepack_weights(true);
    options
}

impl Backend for Rten {
    fn name(&self) -> &'static str {
        "rten"
    }

    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(RtenWorker {
            engine: self,
            pool: Arc::new(ThreadPool::with_num_threads(1)),
        })
    }
}

struct RtenWorker<'e> {
    engine: &'e Rten,
    pool: Arc<ThreadPool>,
}

impl Worker for RtenWorker<'_> {
    fn logits(&mut self, ids: &[u32]) -> Result<Array2<f32>, BackendError> {
        let failed = |reason: String| BackendError::Run {
            tokens: ids.len(),
            reason,
        };
        let input: Vec<i32> = ids.iter().map(|&id| id.cast_signed()).collect();
        let input = NdTensor::from_data([1, ids.len()], input);
        let options = RunOptions::default().with_thread_pool(Some(self.pool.clone()));
        let [logits] = self
            .engine
            .model
            .run_n(
                vec![(self.engine.input, input.into())],
                [self.engine.output],
                Some(options),
            )
            .map_err(|e| failed(e.to_string()))?;
        let logits: NdTensor<f32, 3> = logits
            .try_into()
            .map_err(|e| failed(format!("the output is of another kind: {e}")))?;
        let shape = (ids.len(), self.engine.outputs);
        if logits.size(2) != shape.1 {
            return Err(BackendError::Head {
                found: logits.size(2),
                expected: shape.1,
            });
        }
        if logits.shape() != [1, shape.0, shape.1] {
            return Err(failed(format!(
                "the output has the shape {:?} where [1, {}, {}] was expected",
                logits.shape(),
                shape.0,
                shape.1
            )));
        }
        Array2::from_shape_vec(shape, logits.into_data()).map_err(|e| failed(e.to_string()))
    }
}
