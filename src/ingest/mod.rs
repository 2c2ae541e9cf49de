//! Reading: from the bytes of a file to a [`Document`].
//!
//! [`decode`] refuses what is no text; [`ingest`] strips the markup of one format into
//! drafts of blocks (`markdown`, `text`), mends paragraphs that a page break cut in
//! two, gives every block its role (`roles`) and lays the clean text out. It cannot
//! fail: every text is a document.

mod comments;
mod draft;
pub mod language;
mod markdown;
mod roles;
mod text;

use std::path::Path;
use std::str::Utf8Error;

use thiserror::Error;

use crate::document::Document;

/// How a source is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputFormat {
    /// CommonMark with tables, footnotes and strikethrough.
    Markdown,
    /// Plain text.
    Text,
}

impl InputFormat {
    /// The format that the extension of a path stands for.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_lowercase();
        match extension.as_str() {
            "md" | "markdown" | "mdown" | "mkd" => Some(Self::Markdown),
            "txt" | "text" => Some(Self::Text),
            _ => None,
        }
    }

    /// The format that the text looks like: Markdown when it holds a heading, a link,
    /// bold text, a block quotation, a fence or a comment that speaks to rhetor.
    #[must_use]
    pub fn guess(source: &str) -> Self {
        let markup = source.contains("](")
            || source.contains("<!-- rhetor:")
            || source.lines().any(|line| {
                let hashes = line.len() - line.trim_start_matches('#').len();
                (1..=6).contains(&hashes) && line[hashes..].starts_with(' ')
                    || line.starts_with("> ")
                    || line.starts_with("```")
                    || line.split("**").nth(2).is_some()
            });
        if markup { Self::Markdown } else { Self::Text }
    }
}

/// Bytes that are no text. The caller names the file.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum IngestError {
    /// Nothing but white space.
    #[error("empty: there is no text in it")]
    Empty,
    /// Not meant to be read.
    #[error("binary: {what} at byte {position}; give the article as Markdown or plain text")]
    Binary {
        /// What gives it away.
        what: &'static str,
        /// Where it stands.
        position: usize,
    },
    /// Text in UTF-16, told by its byte-order mark.
    #[error(
        "not UTF-8: byte 0x{byte:02X} at byte 0 begins UTF-16; convert it first, for example with \
         `iconv -f UTF-16 -t UTF-8`"
    )]
    Utf16 {
        /// The first byte.
        byte: u8,
    },
    /// Text in another encoding.
    #[error(
        "not UTF-8: byte 0x{byte:02X} at byte {position} (from 0); convert it first, for example \
         with `iconv -f WINDOWS-1252 -t UTF-8`"
    )]
    NotUtf8 {
        /// The first byte that does not fit.
        byte: u8,
        /// Its offset from the start of the file.
        position: usize,
    },
}

impl IngestError {
    /// That some bytes are no UTF-8.
    pub(crate) fn not_utf8(bytes: &[u8], error: Utf8Error) -> Self {
        let position = error.valid_up_to();
        Self::NotUtf8 {
            byte: bytes[position],
            position,
        }
    }
}

/// The text of a file: valid UTF-8, nothing changed.
///
/// # Errors
/// When it is empty, binary, or not UTF-8.
pub fn decode(bytes: Vec<u8>) -> Result<String, IngestError> {
    if let [byte @ 0xff, 0xfe, ..] | [byte @ 0xfe, 0xff, ..] = *bytes {
        return Err(IngestError::Utf16 { byte });
    }
    if let Some(position) = bytes.iter().position(|&byte| byte == 0) {
        return Err(IngestError::Binary {
            what: "a NUL",
            position,
        });
    }
    let source = String::from_utf8(bytes)
        .map_err(|error| IngestError::not_utf8(error.as_bytes(), error.utf8_error()))?;
    let is_control = |c: char| c.is_control() && !c.is_whitespace() && c != '\u{1b}';
    let controls = source.chars().filter(|&c| is_control(c)).count();
    if controls > 2 && controls * 10 > source.len() {
        let position = source.find(is_control).unwrap_or(0);
        return Err(IngestError::Binary {
            what: "many control characters, the first",
            position,
        });
    }
    if without_mark(&source).trim().is_empty() {
        return Err(IngestError::Empty);
    }
    Ok(source)
}

/// The source behind its byte-order mark, if it has one.
fn without_mark(source: &str) -> &str {
    source.strip_prefix('\u{feff}').unwrap_or(source)
}

/// Reads a source. Without `roles`, every block is body.
#[must_use]
pub fn ingest(source: String, format: InputFormat, roles: bool) -> Document {
    let start = source.len() - without_mark(&source).len();
    let (drafts, marks) = match format {
        InputFormat::Markdown => markdown::drafts(&source, start),
        InputFormat::Text => (text::drafts(&source, start), Vec::new()),
    };
    let drafts = draft::cleaned(drafts);
    let given = roles::assign(&drafts);
    let (mended, mut given) = draft::mend(drafts, given);
    if !roles {
        given.fill(crate::document::Role::Body);
    }
    draft::lay_out(source, mended, marks, &given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        let error = |bytes: &[u8]| decode(bytes.to_vec()).unwrap_err();
        assert_eq!(error(b""), IngestError::Empty);
        assert_eq!(error("\u{feff} \n".as_bytes()), IngestError::Empty);
        assert_eq!(
            error(b"ab\0"),
            IngestError::Binary {
                what: "a NUL",
                position: 2
            }
        );
        assert_eq!(
            error(b"caf\xe9 bar"),
            IngestError::NotUtf8 {
                byte: 0xe9,
                position: 3
            }
        );
        assert_eq!(
            error(b"\xff\xfeT\0h\0e\0"),
            IngestError::Utf16 { byte: 0xff }
        );
        assert!(matches!(
            error(b"\x01\x02\x03\x04ab"),
            IngestError::Binary { .. }
        ));
        assert_eq!(decode("é\u{1b}[31m red".into()).unwrap(), "é\u{1b}[31m red");
    }

    #[test]
    fn formats_by_extension_and_by_content() {
        assert_eq!(
            InputFormat::from_path(Path::new("a/b.MD")),
            Some(InputFormat::Markdown)
        );
        assert_eq!(
            InputFormat::from_path(Path::new("a.txt")),
            Some(InputFormat::Text)
        );
        assert_eq!(InputFormat::from_path(Path::new("README")), None);
        for (source, format) in [
            ("# Title\n\nText", InputFormat::Markdown),
            ("See [this](x).", InputFormat::Markdown),
            ("It was **bold** of him.", InputFormat::Markdown),
            (
                "<!-- rhetor: ignore all why -->\n\nText",
                InputFormat::Markdown,
            ),
            ("<!-- a comment -->\n\nText", InputFormat::Text),
            ("#hashtag and 3 * 4 ** 2", InputFormat::Text),
            ("Plain text.\n\nMore.", InputFormat::Text),
        ] {
            assert_eq!(InputFormat::guess(source), format, "{source:?}");
        }
    }
}
