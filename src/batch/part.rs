//! Records into parts, in the order of the input.
//!
//! A part is a fixed number of records of the input, so its rows follow from the input's
//! order alone, whatever the threads, the interruptions and the shard.

use std::io::Write;

use sha2::{Digest, Sha256};

use super::entry::Entry;
use super::error::BatchError;
use super::file::Partial;
use super::folder::{FAILED, Part, RunFolder, part_file};
use super::rows::{Format, Rows};
use super::tables::{Name, Tables};
use super::tally::Tally;
use crate::model::hex;

/// The files of a part that is being written.
struct Open {
    tables: [Rows; 3],
    failed: Partial,
}

/// Writes the parts of a run.
pub(super) struct Writer<'r> {
    run: &'r mut RunFolder,
    tables: Tables,
    format: Format,
    size: u64,
    /// The number of the next record.
    next: u64,
    /// Of the part that the next record belongs to.
    tally: Tally,
    seal: Sha256,
    /// `None` between parts, and in one that is there already.
    open: Option<Open>,
}

impl<'r> Writer<'r> {
    /// Begins with the first record of the input, also when parts are there already: their
    /// records are compared.
    pub(super) fn new(run: &'r mut RunFolder, tables: Tables, format: Format, size: u64) -> Self {
        Self {
            run,
            tables,
            format,
            size,
            next: 0,
            tally: Tally::default(),
            seal: Sha256::new(),
            open: None,
        }
    }

    /// Takes the next record.
    pub(super) fn put(&mut self, entry: &Entry) -> Result<(), BatchError> {
        debug_assert_eq!(entry.number, self.next);
        let part = self.next / self.size;
        self.next += 1;
        self.tally.count(entry);
        entry.seal(&mut self.seal);
        if let Some(there) = self.there(part) {
            if self.tally.records > there.tally.records {
                return Err(self.changed(part));
            }
        } else {
            self.write(part, entry)?;
        }
        if self.next.is_multiple_of(self.size) {
            self.end(part)?;
        }
        Ok(())
    }

    /// The input is at its end.
    pub(super) fn finish(mut self) -> Result<Tally, BatchError> {
        if self.tally.records > 0 {
            self.end(self.next / self.size)?;
        }
        if self.next < self.run.written() {
            return Err(self.changed(self.next / self.size));
        }
        self.run.complete()
    }

    fn there(&self, part: u64) -> Option<&Part> {
        self.run.parts().get(usize::try_from(part).ok()?)
    }

    fn write(&mut self, part: u64, entry: &Entry) -> Result<(), BatchError> {
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.begin(part)?,
        };
        let run = self.run.path();
        let extension = self.format.extension();
        self.tables.rows(entry, |table, row| {
            let path = || run.join(part_file(table.as_str(), part, extension));
            open.tables[table as usize]
                .push(row)
                .map_err(|e| BatchError::write(&path(), e))
        })?;
        if let Some(letter) = entry.dead_letter() {
            let path = open.failed.path();
            writeln!(open.failed, "{letter}").map_err(|e| BatchError::write(&path, e))?;
        }
        self.open = Some(open);
        Ok(())
    }

    fn begin(&self, part: u64) -> Result<Open, BatchError> {
        let run = self.run.path();
        let facts = self.run.manifest().facts();
        let rows = |table: Name| {
            let file = part_file(table.as_str(), part, self.format.extension());
            let file = Partial::create(run, &file)?;
            Rows::new(self.format, self.tables.columns(table), file, &facts)
        };
        Ok(Open {
            tables: [
                rows(Name::Documents)?,
                rows(Name::Sentences)?,
                rows(Name::Findings)?,
            ],
            failed: Partial::create(run, &part_file(FAILED, part, "jsonl"))?,
        })
    }

    /// Commits a part, or compares one that is there.
    fn end(&mut self, part: u64) -> Result<(), BatchError> {
        let tally = std::mem::take(&mut self.tally);
        let seal = std::mem::replace(&mut self.seal, Sha256::new());
        let input_sha256 = hex(&seal.finalize());
        if let Some(there) = self.there(part) {
            if there.input_sha256 != input_sha256 || there.tally.records != tally.records {
                return Err(self.changed(part));
            }
            return Ok(());
        }
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        let mut files = Vec::new();
        for (table, rows) in Name::ALL.into_iter().zip(open.tables) {
            let file = part_file(table.as_str(), part, self.format.extension());
            files.push(rows.finish(&self.run.path().join(file))?);
        }
        files.push(open.failed.finish(tally.failed)?);
        self.run.commit(Part {
            part,
            first: self.next - tally.records,
            tally,
            input_sha256,
            files,
        })
    }

    fn changed(&self, part: u64) -> BatchError {
        let there = self.there(part);
        let records = there.map_or(self.size, |there| there.tally.records);
        let first = part * self.size;
        BatchError::InputChanged {
            folder: self.run.path().to_owned(),
            part,
            first,
            last: first + records.saturating_sub(1),
        }
    }
}
