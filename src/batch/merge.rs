//! The run folders of all shards into one, as if the corpus had not been split.
//!
//! Shards are cut into parts at the same records of the input, so each part of the result
//! is made of one part of each shard, by the numbers of the records. Rows are taken as they
//! are, and written as a run writes them: the files are those of an unsharded run to the byte.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::BatchError;
use super::file::{Finished, Partial};
use super::folder::{Existing, FAILED, Part, RunFolder, lock, part_file, read_parts};
use super::manifest::{Manifest, Status, differences};
#[cfg(feature = "parquet")]
use super::parquet;
use super::rows::Format;
use super::shard::Shard;
use super::tables::Name;
use super::tally::Tally;
use crate::model::sha256;

/// A shard's folder.
struct Source {
    path: PathBuf,
    manifest: Manifest,
    shard: Shard,
    parts: Vec<Part>,
}

/// Joins shards into a new run folder, which is there whole or not at all. `observe` sees the
/// counts after each part.
///
/// # Errors
/// When they are not all the shards of one run, one of them is not complete or damaged, or
/// the folder cannot be written.
pub fn merge(
    shards: &[PathBuf],
    output: &Path,
    mut observe: impl FnMut(&Tally),
) -> Result<Tally, BatchError> {
    let sources = sources(shards)?;
    check(&sources)?;
    if output.exists() {
        return Err(BatchError::Merge(format!(
            "{} is there already; name a new folder",
            output.display()
        )));
    }
    let first = &sources[0];
    let format = first.manifest.format().ok_or_else(|| {
        BatchError::Merge(format!(
            "{} does not say in which format its tables are",
            first.path.display()
        ))
    })?;
    let mut manifest = first.manifest.clone();
    for source in &sources {
        let others = source.manifest.other_processors.iter();
        for processor in others.chain([&source.manifest.processor_features]) {
            if *processor != manifest.processor_features
                && !manifest.other_processors.contains(processor)
            {
                manifest.other_processors.push(processor.clone());
            }
        }
    }
    manifest.shard = None;
    manifest.status = Status::Running;
    (manifest.totals, manifest.parts, manifest.parts_sha256) = (None, None, None);

    let beside = beside(output)?;
    let mut run = RunFolder::open(&beside, manifest, Existing::Refuse)?;
    let mut observed = Tally::default();
    for number in 0..first.parts.len() {
        let part = merge_part(&sources, number, format, &run)?;
        observed.add(&part.tally);
        run.commit(part)?;
        observe(&observed);
    }
    let totals = run.complete()?;
    drop(run);
    fs::rename(&beside, output).map_err(|e| BatchError::write(output, e))?;
    Ok(totals)
}

/// The folder that becomes the output; what an interrupted merge has left there is removed.
fn beside(output: &Path) -> Result<PathBuf, BatchError> {
    let name = output.file_name().unwrap_or_default().to_string_lossy();
    let beside = output.with_file_name(format!(".{name}.merging"));
    if beside.exists() {
        let _held = lock(&beside)?;
        fs::remove_dir_all(&beside).map_err(|e| BatchError::write(&beside, e))?;
    }
    Ok(beside)
}

fn sources(shards: &[PathBuf]) -> Result<Vec<Source>, BatchError> {
    let mut sources = Vec::new();
    for path in shards {
        let shown = path.display();
        let manifest = Manifest::read(path)?.ok_or_else(|| {
            BatchError::Merge(format!("{shown} is no run folder: it has no manifest.json"))
        })?;
        if manifest.status != Status::Complete {
            return Err(BatchError::Merge(format!(
                "{shown} is not complete; repeat its command with --resume first"
            )));
        }
        let shard = manifest.shard.ok_or_else(|| {
            BatchError::Merge(format!(
                "{shown} is no shard: it was scored without --shard"
            ))
        })?;
        sources.push(Source {
            path: path.clone(),
            manifest,
            shard,
            parts: read_parts(path)?,
        });
    }
    sources.sort_by_key(|source| source.shard.index);
    Ok(sources)
}

/// Refuses what is not all shards of one run.
fn check(sources: &[Source]) -> Result<(), BatchError> {
    let refused = |reason: String| Err(BatchError::Merge(reason));
    let Some(first) = sources.first() else {
        return refused("none is named".to_owned());
    };
    let of = first.shard.of;
    for (source, index) in sources.iter().zip(1..) {
        let shown = source.path.display();
        if source.shard.of != of {
            return refused(format!(
                "{shown} is shard {}, {} is shard {}",
                source.shard,
                first.path.display(),
                first.shard
            ));
        }
        if source.shard.index != index {
            return refused(if source.shard.index < index {
                format!(
                    "shard {} is named twice, the second time {shown}",
                    source.shard
                )
            } else {
                format!("shard {index}/{of} is missing")
            });
        }
        for (then, now) in [
            (first.manifest.program(), source.manifest.program()),
            (first.manifest.settled(), source.manifest.settled()),
        ] {
            let differences = differences(&then, &now);
            if !differences.is_empty() {
                return refused(format!(
                    "{shown} was scored otherwise than {}: {differences}",
                    first.path.display()
                ));
            }
        }
        if source.parts.len() != first.parts.len() {
            return refused(format!(
                "{shown} has {} parts, {} has {}: they are not of the same input",
                source.parts.len(),
                first.path.display(),
                first.parts.len()
            ));
        }
    }
    match sources.len() as u64 {
        found if found < of => refused(format!("shard {}/{of} is missing", found + 1)),
        _ => Ok(()),
    }
}

fn merge_part(
    sources: &[Source],
    number: usize,
    format: Format,
    run: &RunFolder,
) -> Result<Part, BatchError> {
    let first = &sources[0].parts[number];
    let mut tally = Tally::default();
    for source in sources {
        let part = &source.parts[number];
        if part.input_sha256 != first.input_sha256 || part.tally.records != first.tally.records {
            return Err(BatchError::Merge(format!(
                "part {number} of {} is of other records than that of {}: the input has changed \
                 between them; score one of them again",
                source.path.display(),
                sources[0].path.display()
            )));
        }
        tally.add(&part.tally);
    }
    tally.records = first.tally.records;
    tally.elsewhere = 0;
    if tally.done + tally.failed + tally.duplicates != tally.records {
        return Err(BatchError::Merge(format!(
            "the shards have {} of the {} records of part {number}",
            tally.done + tally.failed + tally.duplicates,
            tally.records
        )));
    }
    let mut files = Vec::new();
    for table in Name::ALL {
        files.push(merge_files(sources, number, table.as_str(), format, run)?);
    }
    files.push(merge_files(sources, number, FAILED, Format::Jsonl, run)?);
    let expected = [tally.records, tally.sentences, tally.findings, tally.failed];
    for (file, rows) in files.iter().zip(expected) {
        if file.rows != rows {
            return Err(BatchError::Merge(format!(
                "{} would have {} rows in place of {rows}; score the shards again",
                file.path, file.rows
            )));
        }
    }
    Ok(Part {
        part: first.part,
        first: first.first,
        tally,
        input_sha256: first.input_sha256.clone(),
        files,
    })
}

/// The files of one table in all shards as one.
fn merge_files(
    sources: &[Source],
    number: usize,
    table: &str,
    format: Format,
    run: &RunFolder,
) -> Result<Finished, BatchError> {
    let part = number as u64;
    let name = part_file(table, part, format.extension());
    let mut contents = Vec::new();
    for source in sources {
        let listed = source.parts[number].files.iter();
        let listed = listed.clone().find(|file| file.path == name);
        let path = source.path.join(&name);
        let bytes = fs::read(&path).map_err(|e| BatchError::read(&path, e))?;
        if listed.is_none_or(|listed| listed.sha256 != sha256(&bytes)) {
            return Err(BatchError::Damaged {
                path,
                reason: "it is not the file that parts.jsonl lists; score this shard again"
                    .to_owned(),
            });
        }
        contents.push(bytes);
    }
    let out = Partial::create(run.path(), &name)?;
    let path = out.path();
    let merged = match format {
        Format::Jsonl => lines(&contents, out),
        Format::Csv => records(&contents, out),
        #[cfg(feature = "parquet")]
        Format::Parquet => parquet::merge(contents, out, &run.manifest().facts()),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => return Err(BatchError::NoParquet),
    };
    let (out, rows) = merged.map_err(|e| BatchError::write(&path, e))?;
    out.finish(rows)
}

/// JSON lines by the number that each begins with.
fn lines(contents: &[Vec<u8>], mut out: Partial) -> io::Result<(Partial, u64)> {
    let mut lines: Vec<(u64, &[u8])> = Vec::new();
    for contents in contents {
        for line in contents.split_inclusive(|&byte| byte == b'\n') {
            let number = line
                .strip_prefix(br#"{"document":"#)
                .map(|rest| rest.iter().take_while(|b| b.is_ascii_digit()));
            let number: String = number
                .into_iter()
                .flatten()
                .map(|&b| char::from(b))
                .collect();
            let number = number.parse().map_err(|_| io::ErrorKind::InvalidData)?;
            lines.push((number, line));
        }
    }
    lines.sort_by_key(|(number, _)| *number);
    for (_, line) in &lines {
        out.write_all(line)?;
    }
    Ok((out, lines.len() as u64))
}

/// Records of CSV by their first field.
fn records(contents: &[Vec<u8>], out: Partial) -> io::Result<(Partial, u64)> {
    let mut writer = csv::WriterBuilder::new().from_writer(out);
    let mut records: Vec<(u64, csv::ByteRecord)> = Vec::new();
    let mut header = None;
    for contents in contents {
        let mut reader = csv::ReaderBuilder::new().from_reader(contents.as_slice());
        header.get_or_insert(reader.byte_headers()?.clone());
        for record in reader.byte_records() {
            let record = record?;
            let number = record
                .get(0)
                .and_then(|n| str::from_utf8(n).ok()?.parse().ok());
            records.push((number.ok_or(io::ErrorKind::InvalidData)?, record));
        }
    }
    records.sort_by_key(|(number, _)| *number);
    if let Some(header) = header {
        writer.write_byte_record(&header)?;
    }
    for (_, record) in &records {
        writer.write_byte_record(record)?;
    }
    let out = writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?;
    Ok((out, records.len() as u64))
}
