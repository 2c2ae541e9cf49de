//! Parquet: the columns that are wanted, a few rows at a time.

use std::error::Error;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::columns::{Batches, Chosen, plain};
use super::error::Fault;
use super::format::PARQUET;
use super::{Options, Rows, source};

/// Rows that are held at a time.
const ROWS: usize = 64;

/// The records of a file.
pub(super) fn read(file: File, path: Arc<PathBuf>, options: Arc<Options>) -> Result<Rows, Fault> {
    let file = source::whole(file, PARQUET)?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(fault)?;
    let chosen = Chosen::find(builder.schema(), &options)?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), chosen.projection.clone());
    let batches = builder
        .with_projection(mask)
        .with_batch_size(ROWS)
        .build()
        .map_err(fault)?;
    let batches = batches.map(|batch| batch.and_then(|batch| plain(&batch)).map_err(fault));
    Ok(Box::new(Batches::new(batches, chosen, path, options)))
}

fn fault(error: impl Error) -> Fault {
    Fault::Corrupt {
        what: "Parquet",
        detail: error.to_string(),
    }
}
