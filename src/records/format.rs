//! What a file is: by its name, then by its first bytes.

use std::path::Path;

/// How a file holds documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line, one document each.
    Jsonl,
    /// Rows of fields between commas, under a header.
    Csv,
    /// The same between tabs.
    Tsv,
    /// Parquet.
    Parquet,
    /// Arrow IPC: a file (Feather) or a stream.
    Arrow,
    /// The file is one document, Markdown or plain text.
    Document,
}

/// Every extension of a format, in lower case.
const EXTENSIONS: &[(Format, &[&str])] = &[
    (Format::Jsonl, &["jsonl", "ndjson", "jsonlines"]),
    (Format::Csv, &["csv"]),
    (Format::Tsv, &["tsv", "tab"]),
    (Format::Parquet, &["parquet", "pq"]),
    (Format::Arrow, &["arrow", "arrows", "feather", "ipc"]),
    (
        Format::Document,
        &["md", "markdown", "mdown", "mkd", "txt", "text"],
    ),
];

impl Format {
    /// The format that the extension of a path stands for.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_lowercase();
        EXTENSIONS
            .iter()
            .find(|(_, extensions)| extensions.contains(&extension.as_str()))
            .map(|&(format, _)| format)
    }

    /// The format that the first bytes of a file show; none where they could be several.
    #[must_use]
    pub fn from_head(head: &[u8]) -> Option<Self> {
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        if head.starts_with(PARQUET) {
            Some(Self::Parquet)
        } else if head.starts_with(ARROW_FILE) || head.starts_with(ARROW_STREAM) {
            Some(Self::Arrow)
        } else if text.trim_ascii_start().starts_with(b"{") {
            Some(Self::Jsonl)
        } else {
            None
        }
    }
}

/// What Parquet begins and ends with.
pub(super) const PARQUET: &[u8] = b"PAR1";
/// What a file of Arrow's begins and ends with.
pub(super) const ARROW_FILE: &[u8] = b"ARROW1";
/// What a message in a stream of Arrow's begins with.
const ARROW_STREAM: &[u8] = b"\xff\xff\xff\xff";
