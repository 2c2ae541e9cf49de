//! Which model a command scores with, and on which engine.

use anyhow::{Context, bail};
use clap::ValueEnum;
use rhetor::backend::{Device, Engine};
use rhetor::mapping::LabelMap;
use rhetor::model::{Hub, Model};

/// The flags that choose it.
#[derive(clap::Args)]
pub struct EngineArgs {
    /// Use this model folder instead of the model in the binary: one of rhetor's, or a
    /// token or sequence classifier as `transformers` saves it.
    ///
    /// `hf:owner/name` takes it from the Hugging Face cache.
    #[arg(long, value_name = "DIR|hf:NAME")]
    model: Option<String>,
    /// What the labels of somebody else's model stand for: a file like labels.map.toml, or
    /// one of ptc-14, ptc-18, semeval-2023, babe.
    ///
    /// The default is the model folder's own labels.map.toml.
    #[arg(long, value_name = "NAME|FILE")]
    label_map: Option<String>,
    /// The engine: `rten` runs the folder's model.onnx; `rust-bert` its model.safetensors on
    /// libtorch, and needs --model and a rhetor built with the feature rust-bert.
    #[arg(long, value_enum, default_value_t = Backend::Rten)]
    backend: Backend,
    /// Where rust-bert computes: `cpu`, or `cuda:0` and so on with a libtorch for CUDA (which
    /// its authors have not run).
    #[arg(long, value_name = "DEVICE")]
    device: Option<Device>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Backend {
    Rten,
    RustBert,
}

impl EngineArgs {
    /// The model; with `fitted` false without its decision.
    pub fn load(&self, fitted: bool) -> anyhow::Result<Model> {
        let engine = match (self.backend, self.device) {
            (Backend::Rten, None | Some(Device::Cpu)) => Engine::Rten,
            (Backend::Rten, Some(Device::Cuda(_))) => {
                bail!("--device cuda:N needs --backend rust-bert; rten computes on the processor")
            }
            (Backend::RustBert, device) => Engine::RustBert(device.unwrap_or_default()),
        };
        let map = self.label_map.as_deref().map(LabelMap::named).transpose()?;
        let Some(given) = &self.model else {
            if self.backend == Backend::RustBert {
                bail!(
                    "--backend rust-bert needs --model DIR with a model.safetensors; the model in \
                     the binary is ONNX"
                );
            }
            if map.is_some() {
                bail!(
                    "--label-map is for the model of --model; the model in the binary needs none"
                );
            }
            return Ok(Model::embedded()?);
        };
        let load = if fitted {
            Model::load
        } else {
            Model::load_unfitted
        };
        let unusable = || format!("the model {given} cannot be used");
        match given.strip_prefix("hf:") {
            Some(name) => {
                let hub = Hub::new(name)?;
                let folder = hub.folder(engine)?;
                let mut model = load(&folder, engine, map.as_ref()).with_context(unusable)?;
                model.name = hub.name;
                Ok(model)
            }
            None => load(given.as_ref(), engine, map.as_ref()).with_context(unusable),
        }
    }
}
