//! Why there is no document: the place, what is wrong there, and the remedy.

use std::io;
use std::path::PathBuf;

use serde_json::Value;
use thiserror::Error;

use super::Place;
use crate::ingest::IngestError;
use crate::label::suggestion;

/// An input that makes no corpus.
#[derive(Debug, Error)]
pub enum SetupError {
    /// A path that leads nowhere.
    #[error("{}: cannot be read ({error}); check the path and the permissions", path.display())]
    Input {
        /// The path.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Standard input is named more than once.
    #[error("`-` is given more than once; standard input can be read once")]
    TwiceStdin,
    /// A glob that is none.
    #[error("`{glob}` is no glob: {error}; globs are such as `*.jsonl` or `!drafts/**`")]
    Glob {
        /// The glob.
        glob: String,
        /// What is wrong with it.
        error: ignore::Error,
    },
}

/// A record, or the rest of a file, of which there is no document.
#[derive(Debug, Error)]
#[error("{place}: {fault}")]
pub struct RecordError {
    /// Where it stands.
    pub place: Place,
    /// The id of the row, where it can be told.
    pub id: Option<String>,
    /// The metadata of the row, in the order of [`super::Fields::meta`]; empty where they
    /// cannot be told.
    pub meta: Vec<Value>,
    /// What is wrong.
    pub fault: Box<Fault>,
}

impl RecordError {
    pub(super) fn new(place: Place, fault: Fault) -> Self {
        Self {
            place,
            id: None,
            meta: Vec::new(),
            fault: Box::new(fault),
        }
    }

    /// The kind of fault, for counting: `bad-json` and so on.
    #[must_use]
    pub fn class(&self) -> &'static str {
        self.fault.class()
    }

    /// Whether the rest of the file cannot be read, so that the error stands for every
    /// record that is left in it; else it stands for one.
    #[must_use]
    pub fn ends_file(&self) -> bool {
        self.fault.ends_file()
    }
}

/// What is wrong with a record or a file.
#[derive(Debug, Error)]
pub enum Fault {
    /// A line that is no JSON.
    #[error("no JSON: {what} at column {column}; a file of JSON lines has one object a line")]
    BadJson {
        /// What the parser says.
        what: String,
        /// In bytes, from 1.
        column: usize,
    },
    /// A field that is not there.
    #[error(
        "there is no {role} field `{field}`{}; there are: {known}. Name it with --{role}-field",
        suggestion(field, known.split(", "))
    )]
    MissingField {
        /// What the field is for: `text`, `id` or `meta`.
        role: &'static str,
        /// The field.
        field: String,
        /// The fields that are there, by commas.
        known: String,
    },
    /// The same, where a table has no such column.
    #[error(
        "there is no {role} column `{field}`{}; there are: {known}. Name it with --{role}-field",
        suggestion(field, known.split(", "))
    )]
    MissingColumn {
        /// What the column is for: `text`, `id` or `meta`.
        role: &'static str,
        /// The column.
        field: String,
        /// The columns that are there, by commas.
        known: String,
    },
    /// A column of another kind than the field holds.
    #[error("the column `{field}` holds {kind}, not text; name another with --text-field")]
    WrongColumn {
        /// The column.
        field: String,
        /// Its type.
        kind: String,
    },
    /// A row with more or fewer fields than the header.
    #[error(
        "the row has {found} fields and the header {expected}; look for a quote or a separator \
         that is missing or too many, here or in the row before"
    )]
    WrongWidth {
        /// Fields of the row.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// A text that is null.
    #[error("`{field}` is null, so there is no text to score; leave the row out or fill it in")]
    NullText {
        /// The field.
        field: String,
    },
    /// A text of nothing but white space.
    #[error("`{field}` is empty, so there is no text to score; leave the row out or fill it in")]
    EmptyText {
        /// The field.
        field: String,
    },
    /// A file without text.
    #[error("the file is empty; leave it out")]
    EmptyFile,
    /// A value that is no text.
    #[error("`{field}` is {value}, not {expected}; name another field with --{role}-field")]
    WrongType {
        /// What the field is for.
        role: &'static str,
        /// The field.
        field: String,
        /// The value, shortened, or the type of the column.
        value: String,
        /// What should stand there.
        expected: &'static str,
    },
    /// A document or row over the limit.
    #[error("{what} is larger than {max} bytes; raise --max-bytes to read it")]
    TooLarge {
        /// What is.
        what: &'static str,
        /// The limit.
        max: u64,
    },
    /// Bytes that are no text.
    #[error(transparent)]
    NoText(IngestError),
    /// The whole file is in another encoding, such as UTF-16.
    #[error(transparent)]
    NoTextFile(IngestError),
    /// A file that cannot be opened or read.
    #[error("cannot be read ({0}); check the path and the permissions")]
    Unreadable(io::Error),
    /// A file that ends too early.
    #[error("{what}; if the file was cut off, fetch or write it again")]
    Truncated {
        /// What is not there.
        what: &'static str,
    },
    /// A file that breaks the rules of its format.
    #[error("no valid {what} ({detail}); fetch or write the file again")]
    Corrupt {
        /// The format.
        what: &'static str,
        /// What the reader says.
        detail: String,
    },
    /// A file of which neither the name nor the content says what it is.
    #[error(
        "neither the name nor the content says what this is; say it with --input-format (a JSON \
         array becomes JSON lines with `jq -c '.[]'`)"
    )]
    UnknownFormat,
    /// A format that this rhetor was built without.
    #[cfg(not(feature = "parquet"))]
    #[error("this rhetor was built without Parquet and Arrow; build it with --features parquet")]
    NotBuilt,
    /// A compressed file that must be unpacked to be read, and cannot be.
    #[error("cannot be unpacked to {}: {error}; make room there, or set TMPDIR", folder.display())]
    NoRoom {
        /// The folder of temporary files.
        folder: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A link of a folder that leads back to where it lies.
    #[error(
        "the link leads back to {}, which holds it, so following it would never end; remove the \
         link, or leave it out with --glob or a file .ignore", ancestor.display()
    )]
    Loop {
        /// The folder that it leads to.
        ancestor: PathBuf,
    },
}

impl Fault {
    /// The kind of fault, for counting.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::BadJson { .. } => "bad-json",
            Self::MissingField { .. } | Self::MissingColumn { .. } => "missing-field",
            Self::NullText { .. } => "null-text",
            Self::EmptyText { .. } | Self::EmptyFile => "empty-text",
            Self::WrongType { .. } | Self::WrongColumn { .. } => "wrong-type",
            Self::WrongWidth { .. } => "wrong-width",
            Self::TooLarge { .. } => "too-large",
            Self::NoText(IngestError::Binary { .. })
            | Self::NoTextFile(IngestError::Binary { .. }) => "binary",
            Self::NoText(_) | Self::NoTextFile(_) => "bad-encoding",
            Self::Truncated { .. } => "truncated",
            Self::Corrupt { .. } => "corrupt",
            Self::UnknownFormat => "unknown-format",
            #[cfg(not(feature = "parquet"))]
            Self::NotBuilt => "unknown-format",
            Self::Unreadable(_) | Self::NoRoom { .. } => "unreadable",
            Self::Loop { .. } => "loop",
        }
    }

    /// Whether nothing more of the file can be read.
    #[must_use]
    pub fn ends_file(&self) -> bool {
        match self {
            Self::BadJson { .. }
            | Self::MissingField { .. }
            | Self::NullText { .. }
            | Self::EmptyText { .. }
            | Self::WrongType { .. }
            | Self::WrongWidth { .. }
            | Self::TooLarge { .. }
            | Self::NoText(_) => false,
            Self::MissingColumn { .. }
            | Self::WrongColumn { .. }
            | Self::EmptyFile
            | Self::NoTextFile(_)
            | Self::Truncated { .. }
            | Self::Corrupt { .. }
            | Self::UnknownFormat
            | Self::Unreadable(_)
            | Self::NoRoom { .. }
            | Self::Loop { .. } => true,
            #[cfg(not(feature = "parquet"))]
            Self::NotBuilt => true,
        }
    }
}
