//! JSON lines: one object a line, one document each. Blank lines are no records.

use std::io::{self, BufRead};
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::error::{Fault, RecordError};
use super::source::{self, Bytes};
use super::{Options, Place, Record, Row, row};
use crate::ingest::IngestError;

/// The records of a file of JSON lines.
pub(super) struct Jsonl {
    lines: Lines<Bytes>,
    file: Arc<PathBuf>,
    options: Arc<Options>,
}

impl Jsonl {
    pub(super) fn new(bytes: Bytes, file: Arc<PathBuf>, options: Arc<Options>) -> Self {
        Self {
            lines: Lines::new(bytes, options.max_bytes),
            file,
            options,
        }
    }
}

impl Iterator for Jsonl {
    type Item = Result<Record, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let place = Place {
                file: Arc::clone(&self.file),
                row: Some(Row::Line(self.lines.read + 1)),
            };
            return Some(match self.lines.next_line() {
                Ok(None) => return None,
                Ok(Some(line)) if line.trim_ascii().is_empty() => continue,
                Ok(Some(line)) => read_line(line, place, &self.options),
                Err(fault) => Err(RecordError::new(place, fault)),
            });
        }
    }
}

/// The record of one JSON line.
///
/// # Errors
/// When it is no JSON object or its text is none.
pub fn read_line(line: &[u8], place: Place, options: &Options) -> Result<Record, RecordError> {
    match object(line) {
        Ok(object) => row::of_object(place, object, options),
        Err(fault) => Err(RecordError::new(place, fault)),
    }
}

fn object(line: &[u8]) -> Result<Map<String, Value>, Fault> {
    if line.trim_ascii().is_empty() {
        return Err(Fault::BadJson {
            what: "the line is empty".to_owned(),
            column: 1,
        });
    }
    let text = std::str::from_utf8(line)
        .map_err(|error| Fault::NoText(IngestError::not_utf8(line, error)))?;
    serde_json::from_str(text).map_err(|error| {
        let what = error.to_string();
        let end = what.rfind(" at line ").unwrap_or(what.len());
        Fault::BadJson {
            what: what[..end].to_owned(),
            column: error.column(),
        }
    })
}

/// The lines of a stream, none longer than a limit.
pub struct Lines<R> {
    bytes: R,
    max: u64,
    line: Vec<u8>,
    /// So many lines were read.
    read: u64,
}

impl<R: BufRead> Lines<R> {
    /// The lines of a stream, each of at most so many bytes.
    pub fn new(bytes: R, max: u64) -> Self {
        Self {
            bytes,
            max,
            line: Vec::new(),
            read: 0,
        }
    }

    /// The next line without its end; `None` at the end. A line over the limit is read to
    /// its end and not kept.
    ///
    /// # Errors
    /// When the line is over the limit, or the stream cannot be read.
    pub fn next_line(&mut self) -> Result<Option<&[u8]>, Fault> {
        self.line.clear();
        self.read += 1;
        let (mut length, mut ended) = (0, false);
        while !ended {
            let chunk = match self.bytes.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(source::fault(error)),
            };
            if chunk.is_empty() {
                break;
            }
            let end = memchr::memchr(b'\n', chunk);
            let part = &chunk[..end.unwrap_or(chunk.len())];
            ended = end.is_some();
            length += part.len() as u64;
            if length <= self.max {
                self.line.extend_from_slice(part);
            } else {
                self.line = Vec::new();
            }
            let read = part.len() + usize::from(ended);
            self.bytes.consume(read);
        }
        if length > self.max {
            return Err(Fault::TooLarge {
                what: "the line",
                max: self.max,
            });
        }
        if length == 0 && !ended {
            return Ok(None);
        }
        Ok(Some(self.line.strip_suffix(b"\r").unwrap_or(&self.line)))
    }
}
