//! `json` and `jsonl`: the wire format, indented or one document a line.

use std::io::{self, Write};

use super::wire::Entry;

/// Writes one entry, indented, without a line end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut impl Write, entry: &Entry) -> io::Result<()> {
    serde_json::to_writer_pretty(out, entry).map_err(io::Error::from)
}

/// Writes one entry on one line.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_line(out: &mut impl Write, entry: &Entry) -> io::Result<()> {
    serde_json::to_writer(&mut *out, entry)?;
    out.write_all(b"\n")
}
