//! The default engine: ONNX weights on rten, pure Rust, on the processor.
//!
//! Each worker has an engine thread of its own: with more threads inside one pass,
//! engines lose badly when a core is shared.

use std::sync::Arc;

use ndarray::Array2;
use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};

use super::{Backend, BackendError, Head, Network, Worker};

/// An ONNX model with the input `input_ids` [1, tokens], if need be `attention_mask` and
/// `token_type_ids` of that shape, and the output `logits`, [1, tokens, outputs] or
/// [1, outputs] by the network's head.
pub struct Rten {
    model: Model,
    input: NodeId,
    /// Further inputs, and what each holds for every token.
    constant: Vec<(NodeId, i32)>,
    output: NodeId,
    network: Network,
}

impl Rten {
    /// Loads weights that lie in the binary, without copying them.
    ///
    /// # Errors
    /// When they are no ONNX model of this shape.
    pub fn from_static(onnx: &'static [u8], network: Network) -> Result<Self, BackendError> {
        Self::new(options().load_static_slice(onnx), network)
    }

    /// Loads weights from the contents of a file.
    ///
    /// # Errors
    /// When they are no ONNX model of this shape.
    pub fn from_bytes(onnx: Vec<u8>, network: Network) -> Result<Self, BackendError> {
        Self::new(options().load(onnx), network)
    }

    fn new(loaded: Result<Model, rten::LoadError>, network: Network) -> Result<Self, BackendError> {
        let model = loaded.map_err(|e| BackendError::Load(e.to_string()))?;
        let node = |name: &str| {
            model
                .node_id(name)
                .map_err(|e| BackendError::Load(e.to_string()))
        };
        let (input, output) = (node("input_ids")?, node("logits")?);
        let mut constant = Vec::new();
        for &id in model.input_ids().iter().filter(|id| **id != input) {
            let name = model.node_info(id).and_then(|info| info.name());
            constant.push(match name {
                Some("attention_mask") => (id, 1),
                Some("token_type_ids") => (id, 0),
                other => {
                    return Err(BackendError::Load(format!(
                        "the graph has the input `{}`; this version gives input_ids, \
                         attention_mask and token_type_ids",
                        other.unwrap_or_default()
                    )));
                }
            });
        }
        Ok(Self {
            model,
            input,
            constant,
            output,
            network,
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
        let Rten {
            model,
            input,
            constant,
            output,
            network,
        } = self.engine;
        let shape = [1, ids.len()];
        let ids_signed: Vec<i32> = ids.iter().map(|&id| id.cast_signed()).collect();
        let mut inputs = vec![(*input, NdTensor::from_data(shape, ids_signed).into())];
        inputs.extend(
            constant
                .iter()
                .map(|&(node, value)| (node, NdTensor::full(shape, value).into())),
        );
        let options = RunOptions::default().with_thread_pool(Some(self.pool.clone()));
        let [logits] = model
            .run_n(inputs, [*output], Some(options))
            .map_err(|e| failed(e.to_string()))?;
        let logits: Tensor<f32> = logits
            .try_into()
            .map_err(|e| failed(format!("the output is of another kind: {e}")))?;
        let found = logits.shape().last().copied().unwrap_or_default();
        if found != network.outputs {
            return Err(BackendError::Head {
                found,
                expected: network.outputs,
            });
        }
        let expected = match network.head {
            Head::Token => vec![1, ids.len(), found],
            Head::Sequence => vec![1, found],
        };
        if logits.shape() != expected {
            return Err(failed(format!(
                "the output has the shape {:?} where {expected:?} was expected",
                logits.shape()
            )));
        }
        let shape = (network.rows(ids.len()), found);
        Array2::from_shape_vec(shape, logits.into_data()).map_err(|e| failed(e.to_string()))
    }
}
