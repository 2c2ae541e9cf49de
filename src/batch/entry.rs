//! What became of one record of the input.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::model::hex;
use crate::records::{Place, Row};
use crate::report::wire::Report;

/// A record of the input and what became of it.
#[derive(Debug)]
pub struct Entry {
    /// Its number in the input, from 0.
    pub number: u64,
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Where it stands in the input.
    pub place: Place,
    /// SHA-256 of its text; `None` when there is no text.
    pub content: Option<[u8; 32]>,
    /// The metadata fields that are carried through, in the order that they were asked for.
    pub metadata: Vec<Option<String>>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a record.
#[derive(Debug)]
pub enum Outcome {
    /// It was scored.
    Done(Box<Report>),
    /// Its text is that of the record of this number, which stands before it.
    Duplicate(u64),
    /// It has no report.
    Failed(Failure),
    /// Another shard scores it.
    Elsewhere,
    /// It is in a part that an earlier run has written.
    Written,
}

impl Outcome {
    /// The name in the table of documents.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Duplicate(_) => "duplicate",
            Self::Failed(_) => "failed",
            Self::Elsewhere => "elsewhere",
            Self::Written => "written",
        }
    }
}

/// Why a record has no report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The kind of error, for counting: `language`, `empty`, ….
    pub class: String,
    /// For people: the value, the place and the remedy.
    pub message: String,
}

/// A line of a dead-letter file.
#[derive(Serialize)]
struct DeadLetter<'a> {
    document: u64,
    id: Option<&'a str>,
    place: String,
    file: String,
    row: Option<u64>,
    error: &'a Failure,
}

impl Entry {
    /// The hash of its text in hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> Option<String> {
        self.content.map(|content| hex(&content))
    }

    /// The file in which it stands.
    #[must_use]
    pub fn file(&self) -> String {
        self.place.file.to_string_lossy().into_owned()
    }

    /// Its line or row there, from 1; `None` where it is the whole file.
    #[must_use]
    pub fn row(&self) -> Option<u64> {
        self.place.row.map(Row::number)
    }

    /// Its line in the dead-letter file, if it failed.
    pub(super) fn dead_letter(&self) -> Option<String> {
        let Outcome::Failed(error) = &self.outcome else {
            return None;
        };
        let letter = DeadLetter {
            document: self.number,
            id: self.id.as_deref(),
            place: self.place.to_string(),
            file: self.file(),
            row: self.row(),
            error,
        };
        // Texts and numbers are always JSON.
        serde_json::to_string(&letter).ok()
    }

    /// Adds what was read to the hash of a part: everything of the record that does not
    /// depend on whether, where and by which shard it is scored.
    pub(super) fn seal(&self, hash: &mut Sha256) {
        let mut field = |bytes: Option<&[u8]>| match bytes {
            Some(bytes) => {
                hash.update((bytes.len() as u64 + 1).to_le_bytes());
                hash.update(bytes);
            }
            None => hash.update(0u64.to_le_bytes()),
        };
        field(Some(&self.number.to_le_bytes()));
        field(Some(self.place.to_string().as_bytes()));
        field(self.id.as_deref().map(str::as_bytes));
        field(self.content.as_ref().map(<[u8; 32]>::as_slice));
        for value in &self.metadata {
            field(value.as_deref().map(str::as_bytes));
        }
    }
}
