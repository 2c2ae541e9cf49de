//! Why a run stops, or does not start.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A run that cannot go on.
#[derive(Debug, Error)]
pub enum BatchError {
    /// The disk has no room left.
    #[error(
        "the disk is full: {} cannot be written ({cause}); every part that was finished is safe: \
         make room and run the same command again with --resume", path.display()
    )]
    DiskFull {
        /// What was being written.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// A file of the run folder cannot be read or written.
    #[error("{}: cannot be {what}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// `read`, `written`, ….
        what: &'static str,
        /// What the system says.
        cause: io::Error,
    },
    /// The folder is another run's.
    #[error(
        "{}: there is a run in it already; --resume continues it, or name another folder",
        folder.display()
    )]
    Exists {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder holds something else.
    #[error(
        "{}: it is not empty and holds no run of rhetor; name a new folder",
        folder.display()
    )]
    Foreign {
        /// The folder.
        folder: PathBuf,
    },
    /// Another process works there.
    #[error(
        "{}: {holder} is working in this folder; wait for it, or name another folder",
        folder.display()
    )]
    Locked {
        /// The folder.
        folder: PathBuf,
        /// `process 123`, or `another process`.
        holder: String,
    },
    /// The run was begun otherwise.
    #[error(
        "{}: the run in it cannot be continued, since its {what} differ: {differences}. Repeat \
         the command it was begun with, or begin a new run in another folder{remedy}",
        folder.display()
    )]
    Differs {
        /// The folder.
        folder: PathBuf,
        /// Of which group the differences are.
        what: &'static str,
        /// `name: then … / now …`.
        differences: String,
        /// What else can be done.
        remedy: &'static str,
    },
    /// The input does not give the records that were scored.
    #[error(
        "{}: the run in it cannot be continued, since the input has changed: records {first} to \
         {last} are no longer those that part {part} was made of. Bring the input back as it \
         was, or begin a new run in another folder", folder.display()
    )]
    InputChanged {
        /// The folder.
        folder: PathBuf,
        /// Number of the part.
        part: u64,
        /// Its first record.
        first: u64,
        /// Its last record.
        last: u64,
    },
    /// A file of a run folder is not what it should be.
    #[error("{}: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, and the remedy.
        reason: String,
    },
    /// Shards that do not make one run.
    #[error("the shards cannot be merged: {0}")]
    Merge(String),
    /// The format needs what this program was built without.
    #[error(
        "this rhetor was built without Parquet; use --format jsonl or csv, or build it with the \
         feature `parquet`"
    )]
    NoParquet,
}

impl BatchError {
    /// A file that could not be written.
    pub(super) fn write(path: &Path, cause: io::Error) -> Self {
        let path = path.to_owned();
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::DiskFull { path, cause }
            }
            _ => Self::File {
                path,
                what: "written",
                cause,
            },
        }
    }

    /// A file that could not be read.
    pub(super) fn read(path: &Path, cause: io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            what: "read",
            cause,
        }
    }
}
