//! Reads a folder of the annotation tool brat: its standoff format (brat's manual, "brat
//! standoff format", version 1.3), a `.ann` beside a `.txt`.
//!
//! Text-bound annotations are labels. One in several fragments is as many spans, but for
//! fragments that only white space divides: brat cuts at line ends. Notes, attributes,
//! relations and events say nothing that gold holds. Folders inside are read too; a `.txt`
//! without a `.ann` is not annotated.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::quoted;
use super::marked::{Mark, Text, Unit};
use super::own::Draft;
use super::{GoldError, GoldSpan, Reason, utf8};
use crate::span::Span;

/// The documents of a folder, in the order of their names.
pub(super) fn drafts(folder: &Path) -> Result<Vec<Draft>, GoldError> {
    let mut files = Vec::new();
    annotations(folder, &mut files)
        .map_err(|error| GoldError::new(folder, None, Reason::Unreadable(error)))?;
    files.sort_by_key(|file| file.with_extension(""));
    files.iter().map(|file| document(folder, file)).collect()
}

/// The `.ann` files in a folder and those in it.
fn annotations(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            annotations(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "ann") {
            files.push(path);
        }
    }
    Ok(())
}

fn document(folder: &Path, path: &Path) -> Result<Draft, GoldError> {
    let read = |path: &Path| {
        let bytes = fs::read(path)
            .map_err(|error| GoldError::new(path, None, Reason::Unreadable(error)))?;
        utf8(path, bytes)
    };
    let (source, annotations) = (read(&path.with_extension("txt"))?, read(path)?);
    let text = Text::new(&source, Unit::CodePoint)
        .map_err(|reason| GoldError::new(&path.with_extension("txt"), None, reason))?;
    let mut spans = Vec::new();
    for (number, line) in annotations.lines().enumerate() {
        spans.extend(
            marked(&text, &source, line)
                .map_err(|reason| GoldError::new(path, Some(number + 1), reason))?,
        );
    }
    let id = path.strip_prefix(folder).unwrap_or(path).with_extension("");
    Ok(text.draft("brat", id.to_string_lossy().into_owned(), spans))
}

/// The spans of one line.
fn marked(text: &Text<'_>, source: &str, line: &str) -> Result<Vec<GoldSpan>, Reason> {
    match line.chars().next() {
        None | Some('#' | 'A' | 'M' | 'R' | 'E' | 'N' | '*') => return Ok(Vec::new()),
        _ => {}
    }
    let no_line = || Reason::Type {
        field: "the line".to_owned(),
        value: quoted(line),
        expected: "an annotation such as `T1<TAB>doubt 0 9<TAB>so we are`",
    };
    let mut columns = line.splitn(3, '\t');
    let (Some(id), Some(place), Some(words)) = (columns.next(), columns.next(), columns.next())
    else {
        return Err(no_line());
    };
    let (label, offsets) = place.split_once(' ').ok_or_else(no_line)?;
    if !id.starts_with('T') {
        return Err(no_line());
    }
    let mut spans: Vec<GoldSpan> = Vec::new();
    let mut found = Vec::new();
    for fragment in offsets.split(';') {
        let (start, end) = fragment.split_once(' ').ok_or_else(no_line)?;
        let offset = |text: &str| text.parse().map_err(|_| no_line());
        let span = text.span(&Mark {
            start: offset(start)?,
            end: offset(end)?,
            label,
            field: id,
            words: None,
        })?;
        found.push(span.span.of(source));
        match spans.last_mut() {
            Some(last) if only_space(source, last.span, span.span) => last.span.end = span.span.end,
            _ => spans.push(span),
        }
    }
    // A note may follow the words.
    if !words.starts_with(&found.join(" ")) {
        return Err(Reason::Quotation {
            field: id.to_owned(),
            quoted: quoted(words),
            found: quoted(&found.join(" ")),
        });
    }
    Ok(spans)
}

/// Whether a span follows another, and nothing but white space stands between.
fn only_space(source: &str, before: Span, after: Span) -> bool {
    before.end <= after.start
        && Span::new(before.end, after.start)
            .of(source)
            .trim()
            .is_empty()
}
