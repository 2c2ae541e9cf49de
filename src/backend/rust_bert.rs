//! Weights of `PyTorch` on rust-bert: `model.safetensors` as Hugging Face writes it, in f32.
//!
//! rust-bert's models hold tensors that must not be shared between threads, so each worker
//! has a model of its own; their weights lie in memory once. libtorch runs on one thread in
//! each, as rten does.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ndarray::Array2;
use rust_bert::bert::{BertConfig, BertForTokenClassification};
use serde::Deserialize;
use tch::nn::VarStore;
use tch::{Kind, Tensor};

use super::{Backend, BackendError, Device, Worker};

/// A `BertForTokenClassification`.
pub struct RustBert {
    config: BertConfig,
    weights: Mutex<HashMap<String, Tensor>>,
    device: tch::Device,
    outputs: usize,
}

/// What rust-bert's BERT has fixed, whatever `config.json` says.
#[derive(Deserialize)]
struct Fixed {
    #[serde(default)]
    model_type: String,
    #[serde(default = "epsilon")]
    layer_norm_eps: f64,
    #[serde(default = "absolute")]
    position_embedding_type: String,
}

fn epsilon() -> f64 {
    1e-12
}

fn absolute() -> String {
    "absolute".to_owned()
}

impl RustBert {
    /// Loads `model.safetensors` of a folder for the architecture that its `config.json`
    /// (given as bytes) describes. Weights in f16 are widened to f32.
    ///
    /// # Errors
    /// When the architecture is another, the weights are missing or do not fit it, or there
    /// is no such device.
    pub fn load(
        folder: &Path,
        config: &[u8],
        outputs: usize,
        device: Device,
    ) -> Result<Self, BackendError> {
        let device = found(device)?;
        tch::set_num_threads(1);
        let config = bert(config)?;
        let path = folder.join("model.safetensors");
        let read = Tensor::read_safetensors(&path).map_err(|e| load(first_line(&e)))?;
        let weights: HashMap<String, Tensor> = read
            .into_iter()
            .map(|(name, tensor)| (name, tensor.to_kind(Kind::Float).to_device(device)))
            .collect();
        if let Some(head) = weights.get("classifier.weight") {
            let found = head.size().first().copied().unwrap_or_default();
            if usize::try_from(found) != Ok(outputs) {
                return Err(BackendError::Head {
                    found: usize::try_from(found).unwrap_or_default(),
                    expected: outputs,
                });
            }
        }
        let engine = Self {
            config,
            weights: Mutex::new(weights),
            device,
            outputs,
        };
        // Shows a weight that is missing or of another shape now, not in a worker.
        engine.build()?;
        Ok(engine)
    }

    /// The model over the shared weights.
    fn build(&self) -> Result<BertForTokenClassification, BackendError> {
        let store = VarStore::new(self.device);
        let model = BertForTokenClassification::new(store.root(), &self.config)
            .map_err(|e| load(e.to_string()))?;
        let weights = self.weights.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, mut variable) in store.variables() {
            let own = weights.get(&name).ok_or_else(|| {
                load(format!(
                    "model.safetensors has no tensor `{name}`, which a \
                     BertForTokenClassification needs"
                ))
            })?;
            if own.size() != variable.size() {
                return Err(load(format!(
                    "the tensor `{name}` of model.safetensors has the shape {:?}, config.json \
                     asks for {:?}",
                    own.size(),
                    variable.size()
                )));
            }
            // Takes the tensor's place without copying it.
            variable
                .f_set_data(own)
                .map_err(|e| load(format!("`{name}`: {}", first_line(&e))))?;
        }
        Ok(model)
    }
}

/// The device, if libtorch has it.
fn found(device: Device) -> Result<tch::Device, BackendError> {
    let Device::Cuda(index) = device else {
        return Ok(tch::Device::Cpu);
    };
    if !tch::utils::has_cuda() {
        return Err(BackendError::Device(format!(
            "cuda:{index}: this libtorch is for the processor only; build with a libtorch 2.4.0 \
             for CUDA in LIBTORCH, or take --device cpu"
        )));
    }
    let count = tch::Cuda::device_count();
    if i64::try_from(index).is_ok_and(|index| index < count) {
        return Ok(tch::Device::Cuda(index));
    }
    Err(BackendError::Device(format!(
        "cuda:{index}: there are {count} CUDA devices, counted from 0; take another or --device cpu"
    )))
}

/// Reads a `config.json` that rust-bert's BERT can follow to the letter.
fn bert(config: &[u8]) -> Result<BertConfig, BackendError> {
    let refuse = |what: String| Err(load(format!("config.json: {what}")));
    let fixed: Fixed = serde_json::from_slice(config).map_err(|e| load(e.to_string()))?;
    if fixed.model_type != "bert" {
        return refuse(format!(
            "model_type is `{}`; this engine reads `bert`",
            fixed.model_type
        ));
    }
    if (fixed.layer_norm_eps - epsilon()).abs() > 1e-15 {
        return refuse(format!(
            "layer_norm_eps is {}; rust-bert always uses 1e-12",
            fixed.layer_norm_eps
        ));
    }
    if fixed.position_embedding_type != "absolute" {
        return refuse(format!(
            "position_embedding_type is `{}`; rust-bert knows `absolute`",
            fixed.position_embedding_type
        ));
    }
    // How weights begin before training: rust-bert asks for it, a trained model need not say.
    let mut config: serde_json::Value =
        serde_json::from_slice(config).map_err(|e| load(format!("config.json: {e}")))?;
    if config.get("initializer_range").is_none() {
        config["initializer_range"] = 0.02.into();
    }
    serde_json::from_value(config).map_err(|e| load(format!("config.json: {e}")))
}

fn load(reason: String) -> BackendError {
    BackendError::Load(reason)
}

/// Errors of libtorch carry a C++ stack trace; the first line says what is wrong.
fn first_line(error: &tch::TchError) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().to_owned()
}

impl Backend for RustBert {
    fn name(&self) -> &'static str {
        match self.device {
            tch::Device::Cpu => "rust-bert",
            _ => "rust-bert cuda",
        }
    }

    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(RustBertWorker {
            engine: self,
            model: self.build(),
        })
    }
}

struct RustBertWorker<'e> {
    engine: &'e RustBert,
    model: Result<BertForTokenClassification, BackendError>,
}

impl Worker for RustBertWorker<'_> {
    fn logits(&mut self, ids: &[u32]) -> Result<Array2<f32>, BackendError> {
        let failed = |reason: String| BackendError::Run {
            tokens: ids.len(),
            reason,
        };
        let model = match &self.model {
            Ok(model) => model,
            Err(error) => return Err(load(error.to_string())),
        };
        let ids_long: Vec<i64> = ids.iter().map(|&id| i64::from(id)).collect();
        // rust-bert panics where libtorch fails, as when memory runs out.
        let run = || -> Result<Vec<f32>, tch::TchError> {
            let input = Tensor::from_slice(&ids_long)
                .unsqueeze(0)
                .to_device(self.engine.device);
            let output =
                tch::no_grad(|| model.forward_t(Some(&input), None, None, None, None, false));
            Vec::try_from(output.logits.to_device(tch::Device::Cpu).flatten(0, -1))
        };
        let logits = catch_unwind(AssertUnwindSafe(run))
            .map_err(|panic| {
                let text = panic.downcast_ref::<String>().map_or("", String::as_str);
                failed(text.lines().next().unwrap_or_default().to_owned())
            })?
            .map_err(|e| failed(first_line(&e)))?;
        Array2::from_shape_vec((ids.len(), self.engine.outputs), logits)
            .map_err(|e| failed(e.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rust_bert_would_read_otherwise_is_refused() {
        for (config, message) in [
            (r#"{"model_type": "roberta"}"#, "model_type is `roberta`"),
            (
                r#"{"model_type": "bert", "layer_norm_eps": 1e-5}"#,
                "layer_norm_eps is 0.00001",
            ),
            (
                r#"{"model_type": "bert", "position_embedding_type": "relative_key"}"#,
                "position_embedding_type is `relative_key`",
            ),
            (
                r#"{"model_type": "bert", "hidden_act": "sine"}"#,
                "unknown variant `sine`",
            ),
        ] {
            let error = bert(config.as_bytes()).err().unwrap().to_string();
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn a_device_that_is_not_there_is_refused() {
        assert!(found(Device::Cpu).is_ok());
        let error = found(Device::Cuda(97)).err().unwrap().to_string();
        assert!(error.contains("cuda:97"), "{error}");
    }
}
