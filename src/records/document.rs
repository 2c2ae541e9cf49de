//! A file that is one document.

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use super::error::{Fault, RecordError};
use super::source::{self, Bytes};
use super::{Options, Place, Record};
use crate::ingest::{self, IngestError, InputFormat};

/// The one record of a file. It has no id of its own and no metadata.
pub(super) fn read(
    bytes: Bytes,
    file: &Arc<PathBuf>,
    name: &std::path::Path,
    options: &Options,
) -> Result<Record, RecordError> {
    let place = Place {
        file: Arc::clone(file),
        row: None,
    };
    let source =
        text(bytes, options.max_bytes).map_err(|fault| RecordError::new(place.clone(), fault))?;
    Ok(Record {
        place,
        id: None,
        format: options
            .text_format
            .or_else(|| InputFormat::from_path(name))
            .unwrap_or_else(|| InputFormat::guess(&source)),
        source,
        meta: vec![Value::Null; options.fields.meta.len()],
    })
}

fn text(bytes: Bytes, max: u64) -> Result<String, Fault> {
    let mut text = Vec::new();
    bytes
        .take(max.saturating_add(1))
        .read_to_end(&mut text)
        .map_err(source::fault)?;
    if text.len() as u64 > max {
        return Err(Fault::TooLarge {
            what: "the document",
            max,
        });
    }
    ingest::decode(text).map_err(|error| match error {
        IngestError::Empty => Fault::EmptyFile,
        error => Fault::NoText(error),
    })
}
