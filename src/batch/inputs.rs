//! What the input of a run is, told before it begins: sizes and hashes for the manifest, and
//! how many records there are, where that can be told without reading them.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::hex;
use crate::records::{Format, Options, STDIN, SetupError, Walk};

/// An argument that names input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputFacts {
    /// As it was given.
    pub path: String,
    /// Files in it.
    pub files: u64,
    /// Their size together; null when that is not known beforehand.
    pub bytes: Option<u64>,
    /// Of a file, its SHA-256; of a folder, that of the paths and sizes in it; null when it is
    /// not known beforehand.
    pub sha256: Option<String>,
}

/// The input of a run before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surveyed {
    /// Of each argument.
    pub facts: Vec<InputFacts>,
    /// The records, where their number can be told.
    pub records: Option<u64>,
    /// Files of folders that are passed over because their names are of no format, and the
    /// first of them.
    pub passed_over: (u64, Option<PathBuf>),
}

/// Looks at the inputs. What cannot be read is left for the run to report.
///
/// # Errors
/// As [`Walk::new`].
pub fn survey(inputs: &[PathBuf], options: &Options) -> Result<Surveyed, SetupError> {
    let mut surveyed = Surveyed {
        facts: Vec::new(),
        records: Some(0),
        passed_over: (0, None),
    };
    for input in inputs {
        let mut walk = Walk::new(std::slice::from_ref(input), &options.globs)?;
        let folder = input.is_dir();
        let (mut files, mut bytes, mut hash) = (0, Some(0), Sha256::new());
        for found in &mut walk {
            files += 1;
            let path = match found {
                Ok(found) => found.path,
                Err(error) => error.place.file,
            };
            // By the name alone: what is compressed has another.
            let format = Format::from_path(&path)
                .filter(|format| options.format.is_none_or(|asked| asked == *format));
            let counts = format == Some(Format::Jsonl);
            let known = if folder && !counts {
                path.metadata().map(|metadata| (metadata.len(), 0)).ok()
            } else if path.as_os_str() == STDIN {
                None
            } else {
                read(&path, (!folder).then_some(&mut hash)).ok()
            };
            if folder {
                hash.update(path.as_os_str().as_encoded_bytes());
                hash.update([0]);
                hash.update(known.map_or(0, |(bytes, _)| bytes).to_le_bytes());
            }
            bytes = bytes.zip(known).map(|(sum, (bytes, _))| sum + bytes);
            let records = match (format, known) {
                (Some(Format::Document), _) => Some(1),
                (Some(Format::Jsonl), Some((_, lines))) => Some(lines),
                #[cfg(feature = "parquet")]
                (Some(Format::Parquet), _) => super::parquet::rows(&path),
                _ => None,
            };
            surveyed.records = surveyed.records.zip(records).map(|(a, b)| a + b);
        }
        let (passed_over, first) = walk.passed_over();
        surveyed.passed_over.0 += passed_over;
        if surveyed.passed_over.1.is_none() {
            surveyed.passed_over.1 = first.cloned();
        }
        surveyed.facts.push(InputFacts {
            path: input.to_string_lossy().into_owned(),
            files,
            bytes,
            sha256: bytes.is_some().then(|| hex(&hash.finalize())),
        });
    }
    Ok(surveyed)
}

/// Bytes and lines of a file.
fn read(path: &Path, mut hash: Option<&mut Sha256>) -> io::Result<(u64, u64)> {
    let mut file = File::open(path)?;
    let (mut bytes, mut lines, mut last) = (0, 0, b'\n');
    let mut buffer = vec![0; 1 << 18];
    loop {
        let read = file.read(&mut buffer)?;
        let Some(end) = buffer[..read].last() else {
            // A last line may have no end.
            return Ok((bytes, lines + u64::from(last != b'\n')));
        };
        last = *end;
        bytes += read as u64;
        lines += memchr::memchr_iter(b'\n', &buffer[..read]).count() as u64;
        if let Some(hash) = &mut hash {
            hash.update(&buffer[..read]);
        }
    }
}
