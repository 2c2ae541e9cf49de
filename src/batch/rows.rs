//! Rows into a file, in one of the formats.

use std::io::{self, Write};

use super::column::{Cell, Column, Json, Object, Row};
use super::error::BatchError;
use super::file::{Finished, Partial};
#[cfg(feature = "parquet")]
use super::parquet::ParquetRows;

/// How the tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet, compressed with Zstandard.
    Parquet,
    /// A JSON object a line.
    Jsonl,
    /// RFC 4180 with a header; lists and structs as JSON.
    Csv,
}

impl Format {
    /// The extension of its files, and its name in the manifest.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }

    /// The format of a name in a manifest.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Parquet, Self::Jsonl, Self::Csv]
            .into_iter()
            .find(|format| format.extension() == name)
    }
}

/// Rows on their way into a file.
pub(super) struct Rows {
    columns: Vec<Column>,
    written: u64,
    sink: Sink,
}

enum Sink {
    Jsonl(Partial),
    Csv(Box<csv::Writer<Partial>>),
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetRows>),
}

impl Rows {
    /// Begins a file. `facts` go with it where the format has room for them.
    pub(super) fn new(
        format: Format,
        columns: Vec<Column>,
        file: Partial,
        facts: &[(String, String)],
    ) -> Result<Self, BatchError> {
        let path = file.path();
        let sink = match format {
            Format::Jsonl => Ok(Sink::Jsonl(file)),
            Format::Csv => {
                let mut csv = csv::WriterBuilder::new().from_writer(file);
                let header = columns.iter().map(|column| &column.name);
                csv.write_record(header)
                    .map_err(csv_error)
                    .map(|()| Sink::Csv(Box::new(csv)))
            }
            #[cfg(feature = "parquet")]
            Format::Parquet => {
                ParquetRows::new(&columns, file, facts).map(|rows| Sink::Parquet(Box::new(rows)))
            }
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => {
                let _ = facts;
                return Err(BatchError::NoParquet);
            }
        };
        Ok(Self {
            columns,
            written: 0,
            sink: sink.map_err(|e| BatchError::write(&path, e))?,
        })
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: Row) -> io::Result<()> {
        self.written += 1;
        match &mut self.sink {
            Sink::Jsonl(out) => {
                serde_json::to_writer(&mut *out, &Object(&self.columns, &row))?;
                out.write_all(b"\n")
            }
            Sink::Csv(csv) => {
                for (column, cell) in self.columns.iter().zip(&row) {
                    csv.write_field(field(column, cell)?).map_err(csv_error)?;
                }
                csv.write_record(None::<&[u8]>).map_err(csv_error)
            }
            #[cfg(feature = "parquet")]
            Sink::Parquet(rows) => rows.push(row),
        }
    }

    /// Ends the file.
    pub(super) fn finish(self, path: &std::path::Path) -> Result<Finished, BatchError> {
        let failed = |e| BatchError::write(path, e);
        let file = match self.sink {
            Sink::Jsonl(file) => file,
            Sink::Csv(csv) => csv.into_inner().map_err(|e| failed(e.into_error()))?,
            #[cfg(feature = "parquet")]
            Sink::Parquet(rows) => rows.finish().map_err(failed)?,
        };
        file.finish(self.written)
    }
}

/// A cell as one field of CSV.
fn field(column: &Column, cell: &Cell) -> io::Result<String> {
    Ok(match cell {
        Cell::Null => String::new(),
        Cell::Text(text) => text.clone(),
        _ => serde_json::to_string(&Json(&column.kind, cell))?,
    })
}

/// The error of the system beneath.
fn csv_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
