//! Gold annotations: what people marked in texts, read from every format we train and
//! score on into one.
//!
//! [`read`] takes a file of JSON lines and knows its format by the fields of its first
//! line, never by its name. Public corpora are entries of `scheme`, one a corpus; our
//! own format and the simple files of users are read by `own`. What people corrected in
//! brat (a folder), doccano (JSON lines) and Label Studio (a JSON list) is read by the files
//! of these names. Whatever the source, a
//! [`GoldDocument`] says for each output of the model whether the corpus annotates it:
//! an output that is absent is unknown there, neither trained nor scored.
//!
//! Documents lie in one of three parts ([`Part`]), chosen by a hash of the document, so
//! that no text is trained on and reported on.

mod brat;
mod derive;
mod doccano;
mod error;
mod label_studio;
mod line;
mod marked;
mod outputs;
mod own;
mod public;
mod scheme;
mod wire;

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::span::Span;
pub use error::{GoldError, Reason};
use line::Line;
pub(crate) use outputs::gaps;
use scheme::Scheme;
pub use wire::write;

/// What a document may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Fitting the weights.
    Train,
    /// Early stopping, temperatures, thresholds and every other choice.
    Tune,
    /// The scores that are published.
    Report,
}

impl Part {
    /// Its name in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Tune => "tune",
            Self::Report => "report",
        }
    }

    /// The part of the documents with this key: 75 of 100 keys train, 10 tune, 15 report,
    /// by their SHA-256 as one big number.
    #[must_use]
    pub fn of(key: &str) -> Self {
        let bucket = Sha256::digest(key.as_bytes())
            .iter()
            .fold(0, |rest, &byte| (rest * 256 + u32::from(byte)) % 100);
        match bucket {
            0..75 => Self::Train,
            75..85 => Self::Tune,
            _ => Self::Report,
        }
    }
}

/// A text, its sentences and what people marked in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoldDocument {
    /// The corpus; a test split has a name of its own, such as `polnear-dev`.
    pub corpus: String,
    /// The document within the corpus; where several people annotated the text, with
    /// their name.
    pub id: String,
    /// What the document may be used for.
    pub part: Part,
    /// The whole text.
    pub text: String,
    /// The token outputs that the spans annotate, in the order of the model's outputs:
    /// where no span of theirs lies, they are off. Other token outputs are unknown.
    pub token: Vec<String>,
    /// In the order of the text.
    pub sentences: Vec<GoldSentence>,
    /// In the order of the file; they may overlap. Spans of `any-device` are not listed:
    /// they are the union of the devices' spans.
    pub spans: Vec<GoldSpan>,
}

/// A sentence of a [`GoldDocument`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoldSentence {
    /// In the document's text, without white space at its ends.
    pub span: Span,
    /// Every sentence output that is annotated here, on or off.
    pub labels: BTreeMap<String, bool>,
}

/// A marked stretch of a [`GoldDocument`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoldSpan {
    /// In the document's text, as it was marked; never empty.
    pub span: Span,
    /// The token output it belongs to.
    pub output: String,
}

/// Reads a whole file of gold annotations, or a folder of brat.
///
/// Lines of white space are skipped. Offsets in files are code points, in doccano's UTF-16
/// units; here they are bytes.
///
/// # Errors
/// When the file cannot be read, holds no document, or a line is not what its format
/// asks for: the error names the file, the line, the value and the remedy. Nothing of
/// such a file is returned.
pub fn read(path: &Path) -> Result<Vec<GoldDocument>, GoldError> {
    let at = |line, reason| GoldError::new(path, line, reason);
    let mut documents = Vec::new();
    let drafts = if path.is_dir() {
        brat::drafts(path)?
    } else {
        let bytes = std::fs::read(path).map_err(|source| at(None, Reason::Unreadable(source)))?;
        let file = utf8(path, bytes)?;
        if file.trim_start().starts_with('[') {
            let tasks: Vec<Value> = serde_json::from_str(&file)
                .map_err(|error| at(Some(error.line()), Reason::json(&error)))?;
            label_studio::drafts(&tasks).map_err(|reason| at(None, reason))?
        } else {
            lines(path, &file, &mut documents)?
        }
    };
    documents.extend(own::finish(drafts).map_err(|reason| at(None, reason))?);
    if documents.is_empty() {
        return Err(at(None, Reason::Empty));
    }
    Ok(documents)
}

/// The text of a file, without a byte-order mark.
fn utf8(path: &Path, bytes: Vec<u8>) -> Result<String, GoldError> {
    let file = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..valid];
        let line = before.split(|&byte| byte == b'\n').count();
        let byte = error.as_bytes()[valid];
        GoldError::new(path, Some(line), Reason::NotUtf8 { byte })
    })?;
    match file.strip_prefix('\u{feff}') {
        Some(rest) => Ok(rest.to_owned()),
        None => Ok(file),
    }
}

/// What the lines of a file hold.
#[derive(Clone, Copy)]
enum Kind {
    Public(&'static Scheme),
    Doccano,
    Own,
}

/// Reads JSON lines. Documents that need no other line go to `documents`.
fn lines(
    path: &Path,
    file: &str,
    documents: &mut Vec<GoldDocument>,
) -> Result<Vec<own::Draft>, GoldError> {
    let lines = file
        .split('\n')
        .enumerate()
        .map(|(number, line)| (number + 1, line))
        .filter(|(_, line)| !line.trim().is_empty());
    let mut kind = None;
    let mut drafts = Vec::new();
    for (number, line) in lines {
        let mut add = || -> Result<(), Reason> {
            let object: Value = serde_json::from_str(line).map_err(|error| Reason::json(&error))?;
            let line = Line::new(&object)?;
            match *kind.get_or_insert_with(|| recognise(&line)) {
                Kind::Public(scheme) => documents.push(public::document(&line, number, scheme)?),
                Kind::Doccano => drafts.push(doccano::draft(&line, number)?),
                Kind::Own => drafts.push(own::draft(&line, number)?),
            }
            Ok(())
        };
        add().map_err(|reason| GoldError::new(path, Some(number), reason))?;
    }
    Ok(drafts)
}

/// The kind of a file with this first line.
fn recognise(line: &Line<'_>) -> Kind {
    match scheme::recognise(line) {
        Some(scheme) => Kind::Public(scheme),
        None if doccano::recognise(line) => Kind::Doccano,
        None => Kind::Own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At the edges of the parts; the numbers in the comments are what Python says,
    /// `int(sha256(key).hexdigest(), 16) % 100`.
    #[test]
    fn parts_are_those_of_the_number_that_the_hash_is() {
        for (key, part) in [
            ("velda-6", Part::Train),   // 0
            ("velda-220", Part::Train), // 74
            ("velda-447", Part::Tune),  // 75
            ("velda-33", Part::Tune),   // 84
            ("velda-36", Part::Report), // 85
            ("velda-26", Part::Report), // 99
        ] {
            assert_eq!(Part::of(key), part, "{key}");
        }
    }
}
