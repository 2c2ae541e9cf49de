//! A share of the records, by content, so that many processes can split a corpus and each
//! text is scored once.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Shard `index` of `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// From 1.
    pub index: u64,
    /// How many there are.
    pub of: u64,
}

impl Shard {
    /// Whether this shard has a record: by its text, so that texts that are the same are in
    /// one shard; by its place when there is no text.
    #[must_use]
    pub fn has(self, content: Option<&[u8; 32]>, place: &str) -> bool {
        let hash = content.map_or_else(|| Sha256::digest(place).into(), |content| *content);
        let start = hash.first_chunk().copied().unwrap_or_default();
        u64::from_be_bytes(start) % self.of == self.index - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(index, of)| {
            let (index, of) = (index.parse().ok()?, of.parse().ok()?);
            (1..=of).contains(&index).then_some(Self { index, of })
        });
        parts.ok_or_else(|| {
            format!("`{text}` is no shard; it is I/N with I from 1 to N, such as 1/4")
        })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_has_one_shard() {
        for text in ["1/3", "3/3", "1/1"] {
            assert_eq!(text.parse::<Shard>().unwrap().to_string(), text);
        }
        for text in ["0/3", "4/3", "1/0", "1", "a/b", "1/"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
        for number in 0..50u64 {
            let content: [u8; 32] = Sha256::digest(number.to_le_bytes()).into();
            for content in [Some(&content), None] {
                let place = format!("a.jsonl:{number}");
                let count = (1..=3)
                    .filter(|&index| Shard { index, of: 3 }.has(content, &place))
                    .count();
                assert_eq!(count, 1);
            }
        }
    }
}
