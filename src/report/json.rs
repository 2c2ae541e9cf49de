//! `json` and `jsonl`: the wire format, indented or one document a line.

use std::io::{self, Write};

use serde::Serialize;

use super::wire::Refusal;
use super::{Analyzed, Out, Printer, Settings};

/// Begins `json`.
pub(super) fn start(out: Out, settings: Settings) -> Box<dyn Printer> {
    Box::new(Json {
        out,
        several: settings.several,
        printed: 0,
    })
}

/// Begins `jsonl`.
pub(super) fn start_lines(out: Out, _: Settings) -> Box<dyn Printer> {
    Box::new(Lines(out))
}

struct Json {
    out: Out,
    /// Whether it is an array.
    several: bool,
    printed: usize,
}

impl Json {
    fn entry(&mut self, entry: &impl Serialize) -> io::Result<()> {
        let before = match (self.several, self.printed) {
            (false, _) => "",
            (true, 0) => "[\n",
            (true, _) => ",\n",
        };
        self.printed += 1;
        self.out.write_all(before.as_bytes())?;
        write(&mut self.out, entry)
    }
}

impl Printer for Json {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        self.entry(document.report)
    }

    fn refusal(&mut self, refusal: &Refusal) -> io::Result<()> {
        self.entry(refusal)
    }

    fn finish(&mut self) -> io::Result<()> {
        let end: &[u8] = if self.several { b"\n]\n" } else { b"\n" };
        self.out.write_all(end)?;
        self.out.flush()
    }
}

struct Lines(Out);

impl Printer for Lines {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        write_line(&mut self.0, document.report)?;
        self.0.flush()
    }

    fn refusal(&mut self, refusal: &Refusal) -> io::Result<()> {
        write_line(&mut self.0, refusal)?;
        self.0.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Writes one [`Entry`](super::wire::Entry), or what is in one, indented, without a line end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut impl Write, entry: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(out, entry).map_err(io::Error::from)
}

/// Writes one [`Entry`](super::wire::Entry), or what is in one, on one line.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_line(out: &mut impl Write, entry: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, entry)?;
    out.write_all(b"\n")
}
