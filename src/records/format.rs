//! What a file is: by its name, then by its first bytes.

use std::path::Path;

/// How a file holds documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line, one document each.
    Jsonl,
    /// The file is one document, Markdown or plain text.
    Document,
}

/// Every extension of a format, in lower case.
const EXTENSIONS: &[(Format, &[&str])] = &[
    (Format::Jsonl, &["jsonl", "ndjson", "jsonlines"]),
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

    /// The format that the first bytes of a file look like; a document where nothing tells.
    #[must_use]
    pub fn guess(head: &[u8]) -> Self {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        if head.trim_ascii_start().starts_with(b"{") {
            Self::Jsonl
        } else {
            Self::Document
        }
    }
}
