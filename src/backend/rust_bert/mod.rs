//! PyTorch weights on rust-bert: `model.safetensors` as Hugging Face writes it, in f32.
//!
//! rust-bert's models hold tensors that must not be shared between threads, so each worker
//! has a model of its own; their weights lie in memory once. libtorch runs on one thread in
//! each, as rten does. Where rust-bert has something fixed that `config.json` says otherwise,
//! the checkpoint is refused, but for the epsilon of BERT's layers.

mod epsilon;
mod net;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ndarray::Array2;
use serde_json::{Map, Value};
use tch::nn::VarStore;
use tch::{Kind, Tensor};

use self::net::Forward;
use super::{Architecture, Backend, BackendError, Device, Head, Network, Worker};

/// A checkpoint of any architecture that rust-bert has.
pub struct RustBert {
    network: Network,
    config: Value,
    weights: Mutex<HashMap<String, Tensor>>,
    device: tch::Device,
}

impl RustBert {
    /// Loads a `model.safetensors` of the network that its `config.json` (given as bytes)
    /// describes. Weights in f16 are widened to f32.
    ///
    /// # Errors
    /// When rust-bert has no such network, the weights are missing or do not fit it, or
    /// there is no such device.
    pub fn load(
        weights: &Path,
        config: &[u8],
        network: Network,
        device: Device,
    ) -> Result<Self, BackendError> {
        let device = found(device)?;
        tch::set_num_threads(1);
        let config = config_for(&network, config)?;
        let read = Tensor::read_safetensors(weights).map_err(|e| load(first_line(&e)))?;
        let mut weights: HashMap<String, Tensor> = read
            .into_iter()
            .filter(|(_, tensor)| tensor.is_floating_point())
            .map(|(name, tensor)| (name, tensor.to_kind(Kind::Float).to_device(device)))
            .collect();
        let head = ["classifier.weight", "classifier.out_proj.weight"];
        if let Some(head) = head.iter().find_map(|name| weights.get(*name)) {
            let found = head.size().first().copied().unwrap_or_default();
            let found = usize::try_from(found).unwrap_or_default();
            if found != network.outputs {
                return Err(BackendError::Head {
                    found,
                    expected: network.outputs,
                });
            }
        }
        if let (true, Some(epsilon)) = (fixes_epsilon(&network), config["layer_norm_eps"].as_f64())
        {
            tch::no_grad(|| epsilon::rescale(&mut weights, epsilon));
        }
        let engine = Self {
            network,
            config,
            weights: Mutex::new(weights),
            device,
        };
        // Shows a weight that is missing or of another shape now, not in a worker.
        let _: Forward = engine.build(true)?;
        Ok(engine)
    }

    /// The network over the shared weights; `whole` also looks for weights that it has no
    /// place for.
    fn build(&self, whole: bool) -> Result<Forward, BackendError> {
        let store = VarStore::new(self.device);
        let forward =
            caught(|| net::build(&store.root(), &self.network, &self.config)).map_err(load)??;
        let weights = self.weights.lock().unwrap_or_else(PoisonError::into_inner);
        let variables = store.variables();
        let left_over = |name: &&String| !variables.contains_key(*name) && !spare(name);
        if let Some(name) = weights.keys().filter(left_over).min().filter(|_| whole) {
            return Err(load(format!(
                "model.safetensors holds the tensor `{name}`, for which the network of \
                 config.json has no place; a head or layers of a checkpoint's own cannot be run"
            )));
        }
        // rust-bert's ALBERT has a pooler even where no head reads it.
        let read = |name: &str| self.network.head == Head::Sequence || !name.contains("pooler.");
        for (name, mut variable) in variables.into_iter().filter(|(name, _)| read(name)) {
            let own = weights.get(&name).ok_or_else(|| {
                load(format!(
                    "model.safetensors has no tensor `{name}`, which the network of config.json \
                     needs"
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
        Ok(forward)
    }
}

/// Whether a tensor may be left over: of a head that the checkpoint was trained with before,
/// or a pooler that a head for tokens does not read.
fn spare(name: &str) -> bool {
    let starts = [
        "cls.",
        "lm_head.",
        "lm_predictions.",
        "discriminator_predictions.",
    ];
    name.contains("pooler.") || starts.iter().any(|start| name.starts_with(start))
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

/// Whether rust-bert normalises with 1e-12 in all layers, whatever the configuration says.
fn fixes_epsilon(network: &Network) -> bool {
    matches!(
        network.architecture,
        Architecture::Bert | Architecture::Roberta | Architecture::XlmRoberta
    )
}

/// A `config.json` that rust-bert can follow to the letter.
fn config_for(network: &Network, json: &[u8]) -> Result<Value, BackendError> {
    use Architecture as A;
    let mut config: Map<String, Value> =
        serde_json::from_slice(json).map_err(|e| load(format!("config.json: {e}")))?;
    // What only training uses: rust-bert asks for all of it, a trained model need not say it.
    let training = [
        "attention_dropout",
        "attention_probs_dropout_prob",
        "dropout",
        "hidden_dropout_prob",
        "initializer_range",
        "qa_dropout",
        "seq_classif_dropout",
    ];
    for name in training {
        config.entry(name).or_insert_with(|| 0.0.into());
    }
    for name in ["sinusoidal_pos_embds", "tie_weights_"] {
        config.entry(name).or_insert(false.into());
    }
    // What is fixed in rust-bert, by architecture.
    let roberta = matches!(network.architecture, A::Roberta | A::XlmRoberta);
    let fixed: &[(&str, Value, bool)] = &[
        ("position_embedding_type", "absolute".into(), true),
        (
            "layer_norm_eps",
            1e-12.into(),
            network.architecture == A::Electra,
        ),
        ("pad_token_id", 1.into(), roberta),
        (
            "num_hidden_groups",
            1.into(),
            network.architecture == A::Albert,
        ),
        (
            "inner_group_num",
            1.into(),
            network.architecture == A::Albert,
        ),
        ("is_decoder", false.into(), true),
        ("add_cross_attention", false.into(), true),
    ];
    for (name, value, here) in fixed {
        match config.get(*name) {
            Some(found) if *here && !found.is_null() && found != value => {
                return Err(load(format!(
                    "config.json: {name} is {found}; rust-bert always takes {value}"
                )));
            }
            _ => {}
        }
    }
    let size = |names: [&str; 2]| {
        let found = names.iter().find_map(|name| config.get(*name)?.as_u64());
        found.ok_or_else(|| load(format!("config.json: {} is missing or no number", names[0])))
    };
    let (hidden, heads) = (
        size(["hidden_size", "dim"])?,
        size(["num_attention_heads", "n_heads"])?,
    );
    if heads == 0 || hidden % heads != 0 {
        return Err(load(format!(
            "config.json: hidden_size {hidden} is no multiple of {heads} attention heads"
        )));
    }
    Ok(Value::Object(config))
}

fn load(reason: String) -> BackendError {
    BackendError::Load(reason)
}

/// Errors of libtorch carry a C++ stack trace; the first line says what is wrong.
fn first_line(error: &tch::TchError) -> String {
    explained(&error.to_string())
}

/// rust-bert and tch panic where libtorch fails, as when memory runs out.
fn caught<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run))
        .map_err(|panic| explained(panic.downcast_ref::<String>().map_or("", String::as_str)))
}

fn explained(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    // In a panic the lines are escaped.
    let first = first.split("\\n").next().unwrap_or_default();
    if first.contains("allocate memory") {
        format!("{first}; take fewer --threads, or the engine rten, which needs less memory")
    } else {
        first.to_owned()
    }
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
            forward: self.build(false),
        })
    }
}

struct RustBertWorker<'e> {
    engine: &'e RustBert,
    forward: Result<Forward, BackendError>,
}

impl Worker for RustBertWorker<'_> {
    fn logits(&mut self, ids: &[u32]) -> Result<Array2<f32>, BackendError> {
        let failed = |reason: String| BackendError::Run {
            tokens: ids.len(),
            reason,
        };
        let forward = match &self.forward {
            Ok(forward) => forward,
            Err(error) => return Err(load(error.to_string())),
        };
        let ids_long: Vec<i64> = ids.iter().map(|&id| i64::from(id)).collect();
        let run = || -> Result<Vec<f32>, BackendError> {
            let input = Tensor::from_slice(&ids_long)
                .unsqueeze(0)
                .to_device(self.engine.device);
            let logits = tch::no_grad(|| forward(&input)).map_err(|e| failed(e.to_string()))?;
            Vec::try_from(logits.to_device(tch::Device::Cpu).flatten(0, -1))
                .map_err(|e| failed(first_line(&e)))
        };
        let logits = caught(run).map_err(failed)??;
        let network = &self.engine.network;
        Array2::from_shape_vec((network.rows(ids.len()), network.outputs), logits)
            .map_err(|e| failed(e.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rust_bert_would_read_otherwise_is_refused() {
        use Architecture as A;
        for (architecture, config, message) in [
            (
                A::Bert,
                r#"{"position_embedding_type": "relative_key"}"#,
                "position_embedding_type",
            ),
            (
                A::Electra,
                r#"{"layer_norm_eps": 1e-5}"#,
                "layer_norm_eps is 0.00001",
            ),
            (
                A::Roberta,
                r#"{"pad_token_id": 0}"#,
                "pad_token_id is 0; rust-bert always takes 1",
            ),
            (
                A::Albert,
                r#"{"num_hidden_groups": 2}"#,
                "num_hidden_groups is 2",
            ),
            (
                A::Bert,
                r#"{"hidden_size": 24}"#,
                "num_attention_heads is missing",
            ),
            (
                A::Bert,
                r#"{"hidden_size": 24, "num_attention_heads": 5}"#,
                "24 is no multiple of 5",
            ),
        ] {
            let network = Network {
                architecture,
                head: Head::Token,
                outputs: 2,
                positions: 512,
            };
            let error = config_for(&network, config.as_bytes())
                .unwrap_err()
                .to_string();
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
