//! Which texts a run has seen: a hash table in a file, 16 bytes a text, so that memory does
//! not grow with the corpus.
//!
//! A slot holds the first 10 bytes of the text's SHA-256 and the number of the record, plus
//! one, in 6; an empty slot is all zeros. With ten million texts, two different ones share
//! those 80 bits with a probability under 1 in 10¹⁰. The file is scratch: whoever continues
//! a run reads the input again and fills it anew, so it can be neither stale nor torn.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const SLOT: usize = 16;
const HASH: usize = 10;
/// Slots of a new table.
const FIRST: u64 = 1 << 10;

/// The texts that were seen.
pub(super) struct Seen {
    path: PathBuf,
    file: File,
    slots: u64,
    used: u64,
}

impl Seen {
    /// An empty table in a new file, over whatever was there.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        Self::with_slots(path, FIRST)
    }

    fn with_slots(path: &Path, slots: u64) -> io::Result<Self> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)?;
        file.set_len(slots * SLOT as u64)?;
        Ok(Self {
            path: path.to_owned(),
            file,
            slots,
            used: 0,
        })
    }

    /// The number of the first record with this text; when there is none, this one is it.
    pub(super) fn first(&mut self, content: &[u8; 32], number: u64) -> io::Result<Option<u64>> {
        let mut slot = [0; SLOT];
        slot[..HASH].copy_from_slice(&content[..HASH]);
        slot[HASH..].copy_from_slice(&(number + 1).to_le_bytes()[..SLOT - HASH]);
        let first = self.insert(slot)?;
        if first.is_none() && 2 * self.used > self.slots {
            self.grow()?;
        }
        Ok(first)
    }

    fn insert(&mut self, slot: [u8; SLOT]) -> io::Result<Option<u64>> {
        let mut at = u64::from_le_bytes(slot[..8].try_into().unwrap_or_default()) % self.slots;
        loop {
            let mut found = [0; SLOT];
            self.file.seek(SeekFrom::Start(at * SLOT as u64))?;
            self.file.read_exact(&mut found)?;
            if found == [0; SLOT] {
                self.file.seek(SeekFrom::Start(at * SLOT as u64))?;
                self.file.write_all(&slot)?;
                self.used += 1;
                return Ok(None);
            }
            if found[..HASH] == slot[..HASH] {
                let mut number = [0; 8];
                number[..SLOT - HASH].copy_from_slice(&found[HASH..]);
                return Ok(Some(u64::from_le_bytes(number) - 1));
            }
            at = (at + 1) % self.slots;
        }
    }

    /// Twice the slots, in a new file.
    fn grow(&mut self) -> io::Result<()> {
        let beside = self.path.with_extension("growing");
        let mut larger = Self::with_slots(&beside, 2 * self.slots)?;
        self.file.seek(SeekFrom::Start(0))?;
        let mut slots = io::BufReader::with_capacity(1 << 16, &self.file);
        let mut slot = [0; SLOT];
        for _ in 0..self.slots {
            slots.read_exact(&mut slot)?;
            if slot != [0; SLOT] {
                larger.insert(slot)?;
            }
        }
        std::fs::rename(&beside, &self.path)?;
        self.file = larger.file;
        self.slots = larger.slots;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn the_first_of_each_text_is_found_again_while_the_table_grows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seen.idx");
        let mut seen = Seen::create(&path).unwrap();
        let content = |n: u64| -> [u8; 32] { Sha256::digest(n.to_le_bytes()).into() };
        for n in 0..3000 {
            assert_eq!(seen.first(&content(n), n).unwrap(), None);
            assert_eq!(seen.first(&content(n / 2), 9999).unwrap(), Some(n / 2));
        }
        assert_eq!(seen.used, 3000);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), seen.slots * 16);
        assert_eq!(seen.slots, 8192);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let mut seen = Seen::create(&path).unwrap();
        assert_eq!(seen.first(&content(1), 7).unwrap(), None);
    }
}
