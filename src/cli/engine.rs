//! Which model a command scores with, and on which engine.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::ValueEnum;
use rhetor::backend::{Device, Engine};
use rhetor::model::Model;

/// The flags that choose it.
#[derive(clap::Args)]
pub struct EngineArgs {
    /// Use this model folder instead of the model in the binary.
    #[arg(long, value_name = "DIR")]
    model: Option<PathBuf>,
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
        let Some(folder) = &self.model else {
            if self.backend == Backend::RustBert {
                bail!(
                    "--backend rust-bert needs --model DIR with a model.safetensors; the model in \
                     the binary is ONNX"
                );
            }
            return Ok(Model::embedded()?);
        };
        let load = if fitted {
            Model::load
        } else {
            Model::load_unfitted
        };
        load(folder, engine)
            .with_context(|| format!("the model {} cannot be used", folder.display()))
    }
}
