//! CSV and TSV: a header, then one document a row, quoted as RFC 4180 has it.
//!
//! The rows are cut by the parser of the crate `csv`, without its reader: that one holds
//! whatever a row is long, and a quote that is never closed makes the rest of a file one row.

use std::io::{self, BufRead};
use std::path::PathBuf;
use std::sync::Arc;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use serde_json::Value;

use super::error::{Fault, RecordError};
use super::row::{Columns, Draft};
use super::source::{self, Bytes};
use super::{Options, Place, Record, Row};
use crate::ingest::IngestError;

/// The records of a file of rows.
pub(super) struct Csv {
    rows: Rows,
    file: Arc<PathBuf>,
    options: Arc<Options>,
    /// Which columns hold what, and how many there are.
    columns: Columns,
    width: usize,
    ended: bool,
}

impl Csv {
    /// Reads the header.
    pub(super) fn new(
        bytes: Bytes,
        delimiter: u8,
        file: Arc<PathBuf>,
        options: Arc<Options>,
    ) -> Result<Self, Fault> {
        let mut rows = Rows::new(bytes, delimiter, options.max_bytes);
        let mut header = Vec::new();
        if rows.read()? {
            for at in 0..rows.width {
                header.push(text(rows.field(at)).map_err(Fault::NoTextFile)?);
            }
        }
        Ok(Self {
            columns: Columns::find(&header, &options.fields)?,
            width: header.len(),
            rows,
            file,
            options,
            ended: false,
        })
    }

    fn record(&self, place: Place) -> Result<Record, RecordError> {
        let rows = &self.rows;
        if rows.width != self.width {
            let fault = Fault::WrongWidth {
                found: rows.width,
                expected: self.width,
            };
            return Err(RecordError::new(place, fault));
        }
        let optional = |at: usize| match rows.field(at) {
            [] => Ok(None),
            field => text(field).map(Some),
        };
        let id = self.columns.id.map_or(Ok(None), optional);
        let meta: Result<Vec<Value>, _> = self
            .columns
            .meta
            .iter()
            .map(|&at| optional(at).map(|field| field.map_or(Value::Null, Value::from)))
            .collect();
        let (id, meta, text) = match (id, meta) {
            (Ok(id), Ok(meta)) => (id, meta, Ok(rows.field(self.columns.text).to_vec())),
            (Err(error), _) | (_, Err(error)) => (None, Vec::new(), Err(Fault::NoText(error))),
        };
        Draft {
            place,
            id,
            meta,
            text,
        }
        .judge(&self.options)
    }
}

impl Iterator for Csv {
    type Item = Result<Record, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = self.rows.read();
        let place = Place {
            file: Arc::clone(&self.file),
            row: Some(Row::Line(self.rows.line)),
        };
        match read {
            Ok(true) => Some(self.record(place)),
            Ok(false) => None,
            Err(fault) => {
                self.ended = fault.ends_file();
                Some(Err(RecordError::new(place, fault)))
            }
        }
    }
}

fn text(field: &[u8]) -> Result<String, IngestError> {
    let text = std::str::from_utf8(field);
    text.map(str::to_owned)
        .map_err(|error| IngestError::not_utf8(field, error))
}

/// The rows of a stream, none longer than a limit.
struct Rows {
    bytes: Bytes,
    parser: Reader,
    max: usize,
    /// The fields of the row, one behind the other.
    fields: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<usize>,
    /// Fields of the row.
    width: usize,
    /// The line on which the row begins, from 1.
    line: u64,
}

impl Rows {
    fn new(bytes: Bytes, delimiter: u8, max: u64) -> Self {
        Self {
            bytes,
            parser: ReaderBuilder::new().delimiter(delimiter).build(),
            max: usize::try_from(max).unwrap_or(usize::MAX),
            fields: vec![0; 1 << 12],
            ends: vec![0; 1 << 5],
            width: 0,
            line: 1,
        }
    }

    fn field(&self, at: usize) -> &[u8] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.fields[start..self.ends[at]]
    }

    /// Reads the next row; false at the end. A row over the limit is read to its end and
    /// not kept.
    fn read(&mut self) -> Result<bool, Fault> {
        if !self.skip_blank()? {
            return Ok(false);
        }
        self.line = self.parser.line();
        let (mut length, mut too_large) = (0, false);
        self.width = 0;
        loop {
            let chunk = fill(&mut self.bytes)?;
            let at_end = chunk.is_empty();
            // The last line need not have an end; behind an open quote this one is none.
            let input = if at_end { b"\n" } else { chunk };
            let (result, read, wrote, ended) = self.parser.read_record(
                input,
                &mut self.fields[length..],
                &mut self.ends[self.width..],
            );
            if !at_end {
                self.bytes.consume(read);
            }
            length += wrote;
            self.width += ended;
            match result {
                ReadRecordResult::InputEmpty if at_end => {
                    return Err(Fault::Truncated {
                        what: "a quote is opened in this row and never closed",
                    });
                }
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if length >= self.max => {
                    too_large = true;
                    length = 0;
                }
                ReadRecordResult::OutputFull => {
                    let larger = (self.fields.len() * 2).min(self.max.saturating_add(1));
                    self.fields.resize(larger, 0);
                }
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(false),
            }
        }
        if too_large || length > self.max {
            return Err(Fault::TooLarge {
                what: "the row (or what a quote that is not closed makes of it)",
                max: self.max as u64,
            });
        }
        Ok(true)
    }

    /// Passes over empty lines, so that the parser's line is that of the row; false at the
    /// end.
    fn skip_blank(&mut self) -> Result<bool, Fault> {
        loop {
            match fill(&mut self.bytes)?.first() {
                None => return Ok(false),
                Some(b'\n') => self.parser.set_line(self.parser.line() + 1),
                Some(b'\r') => {}
                Some(_) => return Ok(true),
            }
            self.bytes.consume(1);
        }
    }
}

/// What is there to read; nothing at the end.
fn fill(bytes: &mut Bytes) -> Result<&[u8], Fault> {
    while let Err(error) = bytes.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(source::fault(error));
        }
    }
    bytes.fill_buf().map_err(source::fault)
}
