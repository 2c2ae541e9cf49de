//! Why a gold file is refused: the file, the line, the value and the remedy.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;
use thiserror::Error;

/// A gold file that cannot be used; nothing of it is.
#[derive(Debug, Error)]
#[error("{}{}: {reason}", path.display(), line.map(|n| format!(", line {n}")).unwrap_or_default())]
pub struct GoldError {
    /// The file.
    pub path: PathBuf,
    /// From 1; none when it is about the whole file.
    pub line: Option<usize>,
    /// What is wrong.
    pub reason: Box<Reason>,
}

impl GoldError {
    pub(super) fn new(path: &Path, line: Option<usize>, reason: Reason) -> Self {
        Self {
            path: path.to_owned(),
            line,
            reason: Box::new(reason),
        }
    }
}

/// What is wrong in a gold file.
#[derive(Debug, Error)]
pub enum Reason {
    /// The file cannot be opened or read.
    #[error("cannot be read ({0}); name a gold file, or a folder of brat, that you may read")]
    Unreadable(io::Error),
    /// Text in another encoding.
    #[error(
        "not UTF-8: byte 0x{byte:02X}; convert the file first, for example with `iconv -f \
         WINDOWS-1252 -t UTF-8`"
    )]
    NotUtf8 {
        /// The first byte that does not fit.
        byte: u8,
    },
    /// No line that is not blank.
    #[error(
        "holds no document; a gold file has one JSON object a line, an export of Label Studio \
         annotated tasks, a folder of brat .ann files"
    )]
    Empty,
    /// Not JSON.
    #[error("no JSON: {what} at column {column}; a gold file has one JSON object a line")]
    Json {
        /// What the parser says.
        what: String,
        /// In bytes, from 1.
        column: usize,
    },
    /// A field that the format needs is not there.
    #[error("there is no `{field}`; {remedy}")]
    Missing {
        /// The field, with the list it stands in.
        field: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A value of another kind than the field holds.
    #[error("`{field}` is {value}, not {expected}")]
    Type {
        /// The field, with the list it stands in.
        field: String,
        /// The value, shortened.
        value: String,
        /// What should stand there.
        expected: &'static str,
    },
    /// Offsets that enclose nothing or lie outside.
    #[error(
        "`{field}` goes from {start} to {end}, {fault}; offsets are {unit} into `text` (which \
         has {length}), and `end` is one past the last"
    )]
    Offsets {
        /// The span.
        field: String,
        /// Its first unit.
        start: usize,
        /// One past its last unit.
        end: usize,
        /// Units of the text.
        length: usize,
        /// What offsets count.
        unit: &'static str,
        /// What is wrong with them.
        fault: &'static str,
    },
    /// The words that a span quotes do not stand at its offsets.
    #[error(
        "`{field}` says {quoted}, but at its offsets stands {found}; count offsets in code points, \
         not in bytes or UTF-16 units"
    )]
    Quotation {
        /// The span's text.
        field: String,
        /// What it says, shortened.
        quoted: String,
        /// What stands there, shortened.
        found: String,
    },
    /// A value that is none of the names known in its place.
    #[error("`{field}` is {value}, which is not known here{nearest}; known: {known}")]
    Unknown {
        /// The field, with the list it stands in.
        field: String,
        /// The value, shortened.
        value: String,
        /// A suggestion, or nothing.
        nearest: String,
        /// The names, by commas.
        known: String,
    },
    /// Annotations of which nothing says what they are about.
    #[error(
        "no label occurs in the whole file, so nothing says which labels were looked for; say so \
         in every line: `\"token\": [\"doubt\", …]` beside spans, `\"labels\": {{\"doubt\": \
         false, …}}` for a sentence"
    )]
    NothingAnnotated,
}

impl Reason {
    pub(super) fn json(error: &serde_json::Error) -> Self {
        let what = error.to_string();
        let end = what.rfind(" at line ").unwrap_or(what.len());
        Self::Json {
            what: what[..end].to_owned(),
            column: error.column(),
        }
    }

    pub(super) fn wrong_type(field: &str, value: &Value, expected: &'static str) -> Self {
        Self::Type {
            field: field.to_owned(),
            value: short(&value.to_string()),
            expected,
        }
    }

    /// A name that is none of `known`, with the nearest of them.
    pub(super) fn unknown(field: String, name: &str, known: &[&str]) -> Self {
        let nearest = known
            .iter()
            .map(|known| (strsim::jaro_winkler(name, known), known))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|&(similarity, _)| similarity > 0.8)
            .map(|(_, known)| format!(" (did you mean `{known}`?)"))
            .unwrap_or_default();
        Self::Unknown {
            field,
            value: quoted(name),
            nearest,
            known: known.join(", "),
        }
    }
}

/// A text as JSON, shortened.
pub(super) fn quoted(text: &str) -> String {
    short(&Value::from(text).to_string())
}

/// At most 80 characters of a value.
fn short(value: &str) -> String {
    match value.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}
