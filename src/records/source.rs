//! From a file to its rows: opens it, tells what it is, and hands it to its format.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use super::error::{Fault, RecordError};
use super::format::Format;
use super::walk::Found;
use super::{Options, Place, Rows, STDIN, document, jsonl};
use crate::ingest::IngestError;

/// A stream of bytes.
pub(super) type Bytes = Box<dyn BufRead + Send>;

/// Bytes that are read at a time.
const BUFFER: usize = 1 << 16;

/// The rows of a file.
pub(super) fn open(found: &Found, options: &Arc<Options>) -> Result<Rows, RecordError> {
    rows(found, options).map_err(|fault| {
        let place = Place {
            file: Arc::clone(&found.path),
            row: None,
        };
        RecordError::new(place, fault)
    })
}

fn rows(found: &Found, options: &Arc<Options>) -> Result<Rows, Fault> {
    let raw: Box<dyn Read + Send> = if found.path.as_os_str() == STDIN {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(found.path.as_path()).map_err(Fault::Unreadable)?)
    };
    let mut bytes: Bytes = Box::new(BufReader::with_capacity(BUFFER, raw));
    let head = bytes.fill_buf().map_err(fault)?;
    if let [byte @ 0xff, 0xfe, ..] | [byte @ 0xfe, 0xff, ..] = *head {
        return Err(Fault::NoTextFile(IngestError::Utf16 { byte }));
    }
    let format = options
        .format
        .or_else(|| Format::from_path(&found.path))
        .unwrap_or_else(|| Format::guess(head));
    if format != Format::Document && head.starts_with(b"\xef\xbb\xbf") {
        bytes.consume(3);
    }
    let file = Arc::clone(&found.path);
    Ok(match format {
        Format::Jsonl => Box::new(jsonl::Jsonl::new(bytes, file, Arc::clone(options))),
        Format::Document => {
            let record = document::read(bytes, &file, &found.path, options);
            Box::new(std::iter::once(record))
        }
    })
}

/// What is wrong when reading fails.
pub(super) fn fault(error: io::Error) -> Fault {
    Fault::Unreadable(error)
}
