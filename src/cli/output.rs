//! Where a command's answer goes: opened before the work, never over an input.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// Opens the file that `--output` names, or standard output.
///
/// # Errors
/// When the file cannot be written, or is one of the inputs.
pub fn open(path: Option<&Path>, inputs: &[PathBuf]) -> anyhow::Result<BufWriter<Box<dyn Write>>> {
    let out: Box<dyn Write> = match path {
        Some(path) => {
            refuse_input(&format!("--output {}", path.display()), path, inputs)?;
            let file = File::create(path)
                .with_context(|| format!("--output {} cannot be written", path.display()))?;
            Box::new(file)
        }
        None => Box::new(io::stdout().lock()),
    };
    Ok(BufWriter::new(out))
}

/// Refuses a file to write that is also read; `flag` names it, with the path.
///
/// # Errors
/// When it is one of the inputs, under whatever name.
pub fn refuse_input(flag: &str, path: &Path, inputs: &[PathBuf]) -> anyhow::Result<()> {
    let Ok(real) = path.canonicalize() else {
        return Ok(()); // it does not exist yet
    };
    let same = |input: &PathBuf| input.canonicalize().is_ok_and(|input| input == real);
    if inputs.iter().any(same) {
        bail!("{flag} is also an input; it would be overwritten");
    }
    Ok(())
}
