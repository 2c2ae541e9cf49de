//! A file that is there whole or not at all: written under another name, synced, then
//! renamed. Its size and hash are known when it is finished.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::BatchError;
use crate::model::hex;

/// A finished file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// Its path in the run folder.
    pub path: String,
    /// Its rows or lines.
    pub rows: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Counts and hashes what is written.
struct Measured {
    file: File,
    bytes: u64,
    hash: Sha256,
}

impl Write for Measured {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.file.write(buffer)?;
        self.bytes += written as u64;
        self.hash.update(&buffer[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A file that is being written.
pub(super) struct Partial {
    folder: PathBuf,
    name: String,
    out: Option<BufWriter<Measured>>,
}

impl Partial {
    /// Begins the file `name`, with `/` in it, of a folder.
    pub(super) fn create(folder: &Path, name: &str) -> Result<Self, BatchError> {
        let mut partial = Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
            out: None,
        };
        let path = partial.hidden();
        let measured = Measured {
            file: File::create(&path).map_err(|e| BatchError::write(&path, e))?,
            bytes: 0,
            hash: Sha256::new(),
        };
        partial.out = Some(BufWriter::with_capacity(1 << 16, measured));
        Ok(partial)
    }

    /// Where it will be.
    pub(super) fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// Where it is until then: hidden, and without the extension that readers look for.
    fn hidden(&self) -> PathBuf {
        let path = self.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        path.with_file_name(format!(".{name}{PARTIAL}"))
    }

    /// Syncs it and gives it its name. The caller syncs the folder.
    pub(super) fn finish(mut self, rows: u64) -> Result<Finished, BatchError> {
        let (hidden, path) = (self.hidden(), self.path());
        let out = self.out.take();
        let written = out.map(|out| {
            let measured = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            measured.file.sync_all()?;
            Ok((measured.bytes, measured.hash))
        });
        let renamed = written
            .unwrap_or_else(|| Err(io::Error::other("it is finished already")))
            .and_then(|measured| std::fs::rename(&hidden, &path).map(|()| measured));
        let (bytes, hash) = renamed.map_err(|e| {
            let _ = std::fs::remove_file(&hidden);
            BatchError::write(&path, e)
        })?;
        Ok(Finished {
            path: self.name.clone(),
            rows,
            bytes,
            sha256: hex(&hash.finalize()),
        })
    }
}

impl Write for Partial {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match &mut self.out {
            Some(out) => out.write(buffer),
            None => Err(io::ErrorKind::WriteZero.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.as_mut().map_or(Ok(()), Write::flush)
    }
}

/// What was not finished gives its room back.
impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(out) = self.out.take() {
            drop(out.into_parts());
            let _ = std::fs::remove_file(self.hidden());
        }
    }
}

/// What the names of unfinished files end with.
pub(super) const PARTIAL: &str = ".partial";

/// Makes the names in a folder last.
pub(super) fn sync_folder(folder: &Path) -> Result<(), BatchError> {
    // Windows has no such thing and needs none.
    if cfg!(unix) {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|e| BatchError::write(folder, e))?;
    }
    Ok(())
}

/// Writes a small file whole, over an older one.
pub(super) fn replace(folder: &Path, name: &str, contents: &[u8]) -> Result<Finished, BatchError> {
    let mut file = Partial::create(folder, name)?;
    let path = file.path();
    file.write_all(contents)
        .map_err(|e| BatchError::write(&path, e))?;
    let finished = file.finish(1)?;
    sync_folder(folder)?;
    Ok(finished)
}
