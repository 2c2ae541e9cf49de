//! From a file to its rows: opens it, tells what it is, unpacks it, and hands it to its
//! format.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;

use super::compression::Compression;
use super::csv::Csv;
use super::error::{Fault, RecordError};
use super::format::Format;
use super::jsonl::Jsonl;
use super::walk::Found;
use super::{Options, Place, Rows, STDIN, document};
use crate::ingest::IngestError;

/// A stream of bytes.
pub(super) type Bytes = Box<dyn BufRead + Send>;

/// Bytes that are read at a time.
const BUFFER: usize = 1 << 16;
/// Bytes that tell what a file is.
const HEAD: u64 = 64;

/// The rows of a file.
pub(super) fn open(found: &Found, options: &Arc<Options>) -> Result<Rows, RecordError> {
    rows(found, options).map_err(|fault| {
        let place = Place {
            file: Arc::clone(&found.path),
            row: None,
        };
        RecordError::new(place, fault)
    })
}

fn rows(found: &Found, options: &Arc<Options>) -> Result<Rows, Fault> {
    let path = found.path.as_path();
    let raw: Box<dyn Read + Send> = if path.as_os_str() == STDIN {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(Fault::Unreadable)?)
    };
    let (head, mut bytes) = peek(raw)?;
    let compression = Compression::from_head(&head);
    let (head, name) = match (compression, Compression::from_path(path)) {
        (Some(compression), _) => {
            let (head, unpacked) = peek(compression.unpack(bytes).map_err(fault)?)?;
            bytes = unpacked;
            (head, Compression::without_extension(path))
        }
        (None, None) => (head, path),
        (None, Some(_)) if head.is_empty() => {
            return Err(Fault::Truncated {
                what: "there is nothing in it",
            });
        }
        (None, Some(named)) => {
            return Err(Fault::Corrupt {
                what: named.name(),
                detail: "it does not begin as one".to_owned(),
            });
        }
    };
    let format = options
        .format
        .or_else(|| Format::from_path(name))
        .or_else(|| Format::from_head(&head))
        .ok_or(Fault::UnknownFormat)?;
    if matches!(format, Format::Jsonl | Format::Csv | Format::Tsv) {
        if let [byte @ 0xff, 0xfe, ..] | [byte @ 0xfe, 0xff, ..] = *head {
            return Err(Fault::NoTextFile(IngestError::Utf16 { byte }));
        }
        if head.starts_with(b"\xef\xbb\xbf") {
            bytes.read_exact(&mut [0; 3]).map_err(fault)?;
        }
    }
    let file = Arc::clone(&found.path);
    let options = Arc::clone(options);
    Ok(match format {
        Format::Jsonl => Box::new(Jsonl::new(bytes, file, options)),
        Format::Csv => Box::new(Csv::new(bytes, b',', file, options)?),
        Format::Tsv => Box::new(Csv::new(bytes, b'\t', file, options)?),
        Format::Document => Box::new(std::iter::once(document::read(
            bytes, &file, name, &options,
        ))),
        #[cfg(feature = "parquet")]
        Format::Parquet => {
            super::parquet::read(seekable(found, compression, bytes)?, file, options)?
        }
        #[cfg(feature = "parquet")]
        Format::Arrow if head.starts_with(super::format::ARROW_FILE) => {
            super::arrow_ipc::read_file(seekable(found, compression, bytes)?, file, options)?
        }
        #[cfg(feature = "parquet")]
        Format::Arrow => super::arrow_ipc::read_stream(bytes, file, options)?,
        #[cfg(not(feature = "parquet"))]
        Format::Parquet | Format::Arrow => return Err(Fault::NotBuilt),
    })
}

/// The first bytes of a stream, and all of it.
fn peek(mut raw: Box<dyn Read + Send>) -> Result<(Vec<u8>, Bytes), Fault> {
    let mut head = Vec::new();
    raw.by_ref()
        .take(HEAD)
        .read_to_end(&mut head)
        .map_err(fault)?;
    let all = Cursor::new(head.clone()).chain(BufReader::with_capacity(BUFFER, raw));
    Ok((head, Box::new(all)))
}

/// A file that can be read from anywhere: itself, or an unpacked copy that goes when it is
/// closed.
#[cfg(feature = "parquet")]
fn seekable(
    found: &Found,
    compression: Option<Compression>,
    mut bytes: Bytes,
) -> Result<File, Fault> {
    use std::io::{Seek, Write};

    let path: &std::path::Path = &found.path;
    if compression.is_none() && path.is_file() {
        return File::open(path).map_err(Fault::Unreadable);
    }
    let no_room = |error| Fault::NoRoom {
        folder: std::env::temp_dir(),
        error,
    };
    let mut copy = tempfile::tempfile().map_err(no_room)?;
    loop {
        let chunk = bytes.fill_buf().map_err(fault)?;
        if chunk.is_empty() {
            break;
        }
        copy.write_all(chunk).map_err(no_room)?;
        let read = chunk.len();
        bytes.consume(read);
    }
    copy.rewind().map_err(no_room)?;
    Ok(copy)
}

/// The file, when it ends as it must.
#[cfg(feature = "parquet")]
pub(super) fn whole(mut file: File, end: &[u8]) -> Result<File, Fault> {
    use std::io::{Seek, SeekFrom};

    let truncated = Fault::Truncated {
        what: "the end of the table is missing",
    };
    let length = file.metadata().map_err(Fault::Unreadable)?.len();
    if length < 2 * end.len() as u64 {
        return Err(truncated);
    }
    let mut found = vec![0; end.len()];
    file.seek(SeekFrom::Start(length - end.len() as u64))
        .and_then(|_| file.read_exact(&mut found))
        .and_then(|()| file.rewind())
        .map_err(Fault::Unreadable)?;
    if found == end {
        Ok(file)
    } else {
        Err(truncated)
    }
}

/// What is wrong when reading fails.
pub(super) fn fault(error: io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Fault::Truncated {
            what: "the end is missing",
        },
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
            Fault::Corrupt {
                what: "stream",
                detail: error.to_string(),
            }
        }
        _ => Fault::Unreadable(error),
    }
}
