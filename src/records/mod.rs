//! A corpus as records, one document each, whatever files it lies in.
//!
//! [`Records`] walks the inputs in a fixed order (`walk`: as they are named, a folder by the
//! names in it), tells what each file is (`format`), opens it (`source`) and reads it row by
//! row: one file a format. Whatever the format, what becomes of a row is decided in one
//! place (`row`): its text, its id and the metadata that are carried through.
//!
//! Reading holds one document at a time, or one small batch of rows of a table; it never
//! depends on the size of a file. The same inputs give the same records in the same order,
//! so the number of a record, from 0, is a position to come back to.

#[cfg(feature = "parquet")]
mod arrow_ipc;
#[cfg(feature = "parquet")]
mod columns;
mod compression;
mod csv;
mod document;
mod error;
mod format;
mod jsonl;
#[cfg(feature = "parquet")]
mod parquet;
mod row;
mod source;
mod walk;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use crate::ingest::InputFormat;
pub use error::{Fault, RecordError, SetupError};
pub use format::Format;
pub use jsonl::{Lines, read_line};
pub use row::Fields;
pub use walk::{Found, Walk};

/// The path that stands for standard input.
pub const STDIN: &str = "-";

/// Most bytes of a document, where nothing else is asked for.
pub const MAX_BYTES: u64 = 50_000_000;

/// How a corpus is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Which fields of a row are what.
    pub fields: Fields,
    /// What every file is; without it, the name of a file tells, then its first bytes.
    pub format: Option<Format>,
    /// How texts are written; without it, the name of a document's file tells, then the text.
    pub text_format: Option<InputFormat>,
    /// Which files of a folder are read, as ripgrep's `--glob`: `*.jsonl`, or `!drafts/**` for
    /// all but these. Empty is all.
    pub globs: Vec<String>,
    /// Most bytes of a document, and of a row with all its fields.
    pub max_bytes: u64,
}

impl Default for Options {
    /// The fields `text` and `id`, no metadata, every format, at most 50 MB a document.
    fn default() -> Self {
        Self {
            fields: Fields::default(),
            format: None,
            text_format: None,
            globs: Vec::new(),
            max_bytes: MAX_BYTES,
        }
    }
}

/// One document of a corpus.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Where it stands.
    pub place: Place,
    /// Its id, where the row has one; a document with a file of its own has its path.
    pub id: Option<String>,
    /// Its text, as [`crate::ingest::decode`] lets it through: never empty.
    pub source: String,
    /// How the text is written.
    pub format: InputFormat,
    /// The metadata, in the order of [`Fields::meta`]; null where there is none.
    pub meta: Vec<Value>,
}

/// Where a record stands: `news.jsonl, line 5`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as it was named or found; [`STDIN`] for standard input.
    pub file: Arc<PathBuf>,
    /// Where in the file; none for the whole of it.
    pub row: Option<Row>,
}

/// Where a record stands in a file that holds many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// The line on which it begins, from 1.
    Line(u64),
    /// The row of a table that has no lines, from 1.
    Row(u64),
}

impl Row {
    /// The number alone.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Self::Line(number) | Self::Row(number) => number,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.file.as_os_str() == STDIN {
            write!(f, "standard input")?;
        } else {
            write!(f, "{}", self.file.display())?;
        }
        match self.row {
            Some(Row::Line(line)) => write!(f, ", line {line}"),
            Some(Row::Row(row)) => write!(f, ", row {row}"),
            None => Ok(()),
        }
    }
}

/// The records of one file.
type Rows = Box<dyn Iterator<Item = Result<Record, RecordError>> + Send>;

/// The records of a corpus, in order. An error stands for one record, or, when
/// [`RecordError::ends_file`], for all that is left of a file; the next item is then the
/// first of the next file.
pub struct Records {
    files: Walk,
    options: Arc<Options>,
    /// Those of the file that is being read.
    rows: Option<Rows>,
}

impl Records {
    /// The records of files and folders, in the order given; [`STDIN`] is standard input.
    ///
    /// # Errors
    /// When an input is named that is not there, or a glob is none.
    pub fn open(inputs: &[PathBuf], options: Options) -> Result<Self, SetupError> {
        Ok(Self {
            files: Walk::new(inputs, &options.globs)?,
            options: Arc::new(options),
            rows: None,
        })
    }

    /// Files of folders that were passed over so far because their names are of no format,
    /// and the first of them.
    #[must_use]
    pub fn passed_over(&self) -> (u64, Option<&PathBuf>) {
        self.files.passed_over()
    }
}

impl Iterator for Records {
    type Item = Result<Record, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(rows) = &mut self.rows {
                match rows.next() {
                    Some(Err(error)) if error.ends_file() => {
                        self.rows = None;
                        return Some(Err(error));
                    }
                    Some(row) => return Some(row),
                    None => self.rows = None,
                }
            }
            let opened = match self.files.next()? {
                Ok(found) => source::open(&found, &self.options),
                Err(error) => Err(error),
            };
            match opened {
                Ok(rows) => self.rows = Some(rows),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
