//! Arrow's own files (Feather) and streams. A batch is held as a whole, as its writer made
//! it.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::error::ArrowError;
use arrow::ipc::reader::{FileReader, StreamReader};

use super::columns::{Batches, Chosen, plain};
use super::error::Fault;
use super::format::ARROW_FILE;
use super::source::{self, Bytes};
use super::{Options, Rows};

/// The records of a file.
pub(super) fn read_file(
    file: File,
    path: Arc<PathBuf>,
    options: Arc<Options>,
) -> Result<Rows, Fault> {
    let file = source::whole(file, ARROW_FILE)?;
    // Which columns are wanted is known when the schema is.
    let whole = FileReader::try_new(file.try_clone().map_err(Fault::Unreadable)?, None);
    let schema = whole.map_err(fault)?.schema();
    let chosen = Chosen::find(&schema, &options)?;
    let projection = Some(chosen.projection.clone());
    let batches = FileReader::try_new(BufReader::new(file), projection).map_err(fault)?;
    let batches = batches.map(|batch| batch.and_then(|batch| plain(&batch)).map_err(fault));
    Ok(Box::new(Batches::new(batches, chosen, path, options)))
}

/// The records of a stream.
pub(super) fn read_stream(
    bytes: Bytes,
    path: Arc<PathBuf>,
    options: Arc<Options>,
) -> Result<Rows, Fault> {
    let batches = StreamReader::try_new(bytes, None).map_err(fault)?;
    let chosen = Chosen::find(&batches.schema(), &options)?;
    let projection = chosen.projection.clone();
    let batches = batches.map(move |batch| {
        let batch = batch.and_then(|batch| batch.project(&projection));
        batch.and_then(|batch| plain(&batch)).map_err(fault)
    });
    Ok(Box::new(Batches::new(batches, chosen, path, options)))
}

fn fault(error: ArrowError) -> Fault {
    match error {
        ArrowError::IoError(_, error) => source::fault(error),
        other => Fault::Corrupt {
            what: "Arrow",
            detail: other.to_string(),
        },
    }
}
