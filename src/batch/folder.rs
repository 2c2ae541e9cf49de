//! The folder of a run.
//!
//! ```text
//! RUN/manifest.json       what the run is made of; `complete` when all is there
//! RUN/parts.jsonl         one line for each finished part: its counts, files and hashes
//! RUN/documents/part-00000.parquet, …     the tables
//! RUN/sentences/part-00000.parquet, …
//! RUN/findings/part-00000.parquet, …
//! RUN/failed/part-00000.jsonl, …          the records without a report, and why
//! RUN/lock                held by the process that works there, until it ends, however
//! ```
//!
//! A part is finished when its line is in `parts.jsonl`: its files are written under hidden
//! names, synced and renamed before. What has no line is thrown away by whoever continues
//! the run.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::BatchError;
use super::file::{Finished, PARTIAL, sync_folder};
use super::manifest::{MANIFEST, Manifest, Status};
use super::tables;
use super::tally::Tally;
use crate::model::sha256;

const PARTS: &str = "parts.jsonl";
const LOCK: &str = "lock";
/// Scratch: see `seen`.
const SEEN: &str = "seen.idx";
/// The folder of the dead letters.
pub(super) const FAILED: &str = "failed";

/// A finished part: its line in `parts.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// From 0.
    pub part: u64,
    /// Number of its first record.
    pub first: u64,
    /// What came of its records.
    #[serde(flatten)]
    pub tally: Tally,
    /// SHA-256 over all its records as they were read, scored here or not.
    pub input_sha256: String,
    /// Its files.
    pub files: Vec<Finished>,
}

/// What to do with a run that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Leave it alone.
    Refuse,
    /// Continue it.
    Resume {
        /// Also on another kind of processor, where scores may differ in the last places.
        any_processor: bool,
    },
}

/// A folder that this process holds.
pub struct RunFolder {
    path: PathBuf,
    manifest: Manifest,
    parts: Vec<Part>,
    log: File,
    _lock: File,
}

impl RunFolder {
    /// Takes a folder for a run: a new one, or the same one that was interrupted.
    ///
    /// # Errors
    /// When another process works there, it holds something else or a run that may not be
    /// continued, or it cannot be written.
    pub fn open(path: &Path, manifest: Manifest, existing: Existing) -> Result<Self, BatchError> {
        refuse_foreign(path)?;
        fs::create_dir_all(path).map_err(|e| BatchError::write(path, e))?;
        let lock = lock(path)?;
        let found = Manifest::read(path)?;
        let manifest = match (found, existing) {
            (None, _) => manifest,
            (Some(_), Existing::Refuse) => {
                return Err(BatchError::Exists {
                    folder: path.to_owned(),
                });
            }
            (Some(then), Existing::Resume { any_processor }) => {
                then.check_same(path, &manifest, any_processor)?;
                let mut then = then;
                let now = manifest.processor_features;
                if then.processor_features != now && !then.other_processors.contains(&now) {
                    then.other_processors.push(now);
                    then.write(path)?;
                }
                then
            }
        };
        let tables = tables::Name::ALL.map(tables::Name::as_str);
        for folder in tables.into_iter().chain([FAILED]) {
            let folder = path.join(folder);
            fs::create_dir_all(&folder).map_err(|e| BatchError::write(&folder, e))?;
        }
        let (parts, log) = open_log(path)?;
        throw_away(path, parts.len() as u64)?;
        for file in parts.iter().flat_map(|part| &part.files) {
            check_size(path, file)?;
        }
        let run = Self {
            path: path.to_owned(),
            manifest,
            parts,
            log,
            _lock: lock,
        };
        if run.manifest.status == Status::Running {
            run.manifest.write(path)?;
        }
        Ok(run)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the run is made of.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The parts that are finished, in order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Records of the input that the finished parts are made of.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.parts.iter().map(|part| part.tally.records).sum()
    }

    pub(super) fn seen(&self) -> PathBuf {
        self.path.join(SEEN)
    }

    /// Takes a part whose files are all there.
    pub(super) fn commit(&mut self, part: Part) -> Result<(), BatchError> {
        for file in &part.files {
            if let Some(folder) = self.path.join(&file.path).parent() {
                sync_folder(folder)?;
            }
        }
        let path = self.path.join(PARTS);
        let mut write = || {
            let mut line = serde_json::to_string(&part)?;
            line.push('\n');
            self.log.write_all(line.as_bytes())?;
            self.log.sync_data()
        };
        write().map_err(|e: io::Error| BatchError::write(&path, e))?;
        self.parts.push(part);
        Ok(())
    }

    /// Says that every record of the input is in the tables.
    pub(super) fn complete(&mut self) -> Result<Tally, BatchError> {
        let mut totals = Tally::default();
        for part in &self.parts {
            totals.add(&part.tally);
        }
        let log = self.path.join(PARTS);
        let log = fs::read(&log).map_err(|e| BatchError::read(&log, e))?;
        self.manifest.status = Status::Complete;
        self.manifest.totals = Some(totals.clone());
        self.manifest.parts = Some(self.parts.len() as u64);
        self.manifest.parts_sha256 = Some(sha256(&log));
        self.manifest.write(&self.path)?;
        let _ = fs::remove_file(self.seen());
        Ok(totals)
    }
}

/// The finished parts of a folder that somebody else may hold.
pub(super) fn read_parts(folder: &Path) -> Result<Vec<Part>, BatchError> {
    let path = folder.join(PARTS);
    let log = fs::read_to_string(&path).map_err(|e| BatchError::read(&path, e))?;
    Ok(parts(&path, &log)?.0)
}

/// The parts in a log, and the length of their lines. The last line may be torn.
fn parts(path: &Path, log: &str) -> Result<(Vec<Part>, usize), BatchError> {
    let mut parts: Vec<Part> = Vec::new();
    let mut length = 0;
    for line in log.split_inclusive('\n').filter(|l| l.ends_with('\n')) {
        let number = parts.len() as u64;
        let part = serde_json::from_str(line).ok();
        let Some(part) = part.filter(|part: &Part| part.part == number) else {
            return Err(BatchError::Damaged {
                path: path.to_owned(),
                reason: format!(
                    "line {} is not that of part {number}; begin a new run",
                    number + 1
                ),
            });
        };
        parts.push(part);
        length += line.len();
    }
    Ok((parts, length))
}

/// The log, open at its end, without a torn line.
fn open_log(folder: &Path) -> Result<(Vec<Part>, File), BatchError> {
    let path = folder.join(PARTS);
    let failed = |e| BatchError::write(&path, e);
    let log = OpenOptions::new()
        .append(true)
        .create(true)
        .open(&path)
        .map_err(failed)?;
    let bytes = fs::read(&path).map_err(|e| BatchError::read(&path, e))?;
    // A torn line may end inside a character.
    let (parts, length) = parts(&path, &String::from_utf8_lossy(&bytes))?;
    log.set_len(length as u64).map_err(failed)?;
    Ok((parts, log))
}

/// Removes what belongs to no finished part.
fn throw_away(run: &Path, finished: u64) -> Result<(), BatchError> {
    let tables = tables::Name::ALL.map(tables::Name::as_str);
    let folders = tables
        .into_iter()
        .chain([FAILED])
        .map(|name| run.join(name));
    for folder in folders.chain([run.to_owned()]) {
        let entries = fs::read_dir(&folder).map_err(|e| BatchError::read(&folder, e))?;
        for entry in entries {
            let entry = entry.map_err(|e| BatchError::read(&folder, e))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let unfinished = part_number(&name).is_some_and(|number| number >= finished);
            if name.ends_with(PARTIAL) || unfinished || name.starts_with("seen.") {
                let path = entry.path();
                fs::remove_file(&path).map_err(|cause| BatchError::File {
                    path,
                    what: "removed",
                    cause,
                })?;
            }
        }
    }
    Ok(())
}

/// The file of a part in one of the folders.
pub(super) fn part_file(folder: &str, number: u64, extension: &str) -> String {
    format!("{folder}/part-{number:05}.{extension}")
}

fn part_number(file: &str) -> Option<u64> {
    let (number, _) = file.strip_prefix("part-")?.split_once('.')?;
    number.parse().ok()
}

fn check_size(run: &Path, file: &Finished) -> Result<(), BatchError> {
    let path = run.join(&file.path);
    let size = fs::metadata(&path)
        .map_err(|e| BatchError::read(&path, e))?
        .len();
    if size == file.bytes {
        return Ok(());
    }
    Err(BatchError::Damaged {
        path,
        reason: format!(
            "it has {size} bytes, {} were written; begin a new run",
            file.bytes
        ),
    })
}

/// Refuses a folder that holds something other than a run.
fn refuse_foreign(path: &Path) -> Result<(), BatchError> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(BatchError::read(path, e)),
    };
    if path.join(MANIFEST).exists() {
        return Ok(());
    }
    for entry in entries {
        let name = entry.map_err(|e| BatchError::read(path, e))?.file_name();
        let name = name.to_string_lossy();
        // What there is before the first manifest.
        let tables = tables::Name::ALL.map(tables::Name::as_str);
        let ours = [LOCK, PARTS, FAILED].contains(&&*name) || tables.contains(&&*name);
        if !ours && !name.ends_with(PARTIAL) && name != "lost+found" {
            return Err(BatchError::Foreign {
                folder: path.to_owned(),
            });
        }
    }
    Ok(())
}

/// Holds a folder until the process ends.
pub(super) fn lock(folder: &Path) -> Result<File, BatchError> {
    let path = folder.join(LOCK);
    let failed = |e| BatchError::write(&path, e);
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let holder = fs::read_to_string(&path).unwrap_or_default();
            let holder = match holder.trim() {
                "" => "another process".to_owned(),
                pid => format!("process {pid}"),
            };
            return Err(BatchError::Locked {
                folder: folder.to_owned(),
                holder,
            });
        }
        Err(TryLockError::Error(e)) => return Err(failed(e)),
    }
    file.set_len(0).map_err(failed)?;
    writeln!(file, "{}", std::process::id()).map_err(failed)?;
    Ok(file)
}
