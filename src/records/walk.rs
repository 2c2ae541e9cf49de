//! The files of the inputs, in a fixed order: the inputs as they are named, a folder by the
//! names in it, whatever the file system says.
//!
//! A folder is walked as ripgrep walks one: hidden files and what a file `.ignore` names are
//! passed over. The ignore files of git are not read, nor those of the folders around it:
//! corpora are too large for git and for searches, and so are named there more often than
//! not. Links are followed, and one that leads back to
//! where it lies is an error.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, WalkBuilder};

use super::compression::Compression;
use super::error::{Fault, RecordError, SetupError};
use super::format::Format;
use super::{Place, STDIN};

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The path, as it was named or found; [`STDIN`] for standard input.
    pub path: Arc<PathBuf>,
}

/// The files of the inputs, in order.
pub struct Walk {
    inputs: VecDeque<PathBuf>,
    globs: Vec<String>,
    folder: Option<ignore::Walk>,
    passed_over: u64,
    first_passed_over: Option<PathBuf>,
}

impl Walk {
    /// The files of files and folders; in folders only what the globs say.
    ///
    /// # Errors
    /// When an input is named that is not there, or a glob is none.
    pub fn new(inputs: &[PathBuf], globs: &[String]) -> Result<Self, SetupError> {
        if inputs
            .iter()
            .filter(|path| path.as_os_str() == STDIN)
            .count()
            > 1
        {
            return Err(SetupError::TwiceStdin);
        }
        for path in inputs.iter().filter(|path| path.as_os_str() != STDIN) {
            path.metadata().map_err(|error| SetupError::Input {
                path: path.clone(),
                error,
            })?;
        }
        overrides(Path::new("."), globs)?;
        Ok(Self {
            inputs: inputs.iter().cloned().collect(),
            globs: globs.to_vec(),
            folder: None,
            passed_over: 0,
            first_passed_over: None,
        })
    }

    /// Files of folders that were passed over so far because their names are of no format,
    /// and the first of them.
    #[must_use]
    pub fn passed_over(&self) -> (u64, Option<&PathBuf>) {
        (self.passed_over, self.first_passed_over.as_ref())
    }

    /// A file of a folder, if it is one to read.
    fn entry(&mut self, entry: DirEntry) -> Option<Found> {
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            return None;
        }
        if Format::from_path(Compression::without_extension(entry.path())).is_none() {
            self.passed_over += 1;
            self.first_passed_over
                .get_or_insert_with(|| entry.path().to_owned());
            return None;
        }
        Some(Found {
            path: Arc::new(entry.into_path()),
        })
    }
}

impl Iterator for Walk {
    type Item = Result<Found, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            while let Some(entry) = self.folder.as_mut().and_then(Iterator::next) {
                match entry {
                    Ok(entry) => {
                        if let Some(found) = self.entry(entry) {
                            return Some(Ok(found));
                        }
                    }
                    Err(error) => return Some(Err(refusal(error))),
                }
            }
            let input = self.inputs.pop_front()?;
            self.folder = None;
            if input.as_os_str() != STDIN && input.is_dir() {
                // Checked before.
                self.folder = overrides(&input, &self.globs)
                    .ok()
                    .map(|globs| walk(&input, globs));
                continue;
            }
            return Some(Ok(Found {
                path: Arc::new(input),
            }));
        }
    }
}

fn overrides(folder: &Path, globs: &[String]) -> Result<Override, SetupError> {
    let mut builder = OverrideBuilder::new(folder);
    for glob in globs {
        builder.add(glob).map_err(|error| SetupError::Glob {
            glob: glob.clone(),
            error,
        })?;
    }
    builder.build().map_err(|error| SetupError::Glob {
        glob: globs.join(" "),
        error,
    })
}

fn walk(folder: &Path, globs: Override) -> ignore::Walk {
    WalkBuilder::new(folder)
        .git_ignore(false)
        .git_global(false)
        .git_exclude(false)
        .parents(false)
        .follow_links(true)
        // As a filter, since an override also brings back what is hidden or ignored.
        .filter_entry(move |entry| {
            let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            !globs.matched(entry.path(), folder).is_ignore()
        })
        .sort_by_file_path(Path::cmp)
        .build()
}

/// What stands in the place of the files that cannot be walked to.
fn refusal(error: ignore::Error) -> RecordError {
    let (path, fault) = explain(error);
    let place = Place {
        file: Arc::new(path.unwrap_or_default()),
        row: None,
    };
    RecordError::new(place, fault)
}

fn explain(error: ignore::Error) -> (Option<PathBuf>, Fault) {
    match error {
        ignore::Error::WithPath { path, err } => {
            let (inner, fault) = explain(*err);
            (inner.or(Some(path)), fault)
        }
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            explain(*err)
        }
        ignore::Error::Loop { ancestor, child } => (Some(child), Fault::Loop { ancestor }),
        ignore::Error::Io(error) => (None, Fault::Unreadable(error)),
        other => (None, Fault::Unreadable(std::io::Error::other(other))),
    }
}
