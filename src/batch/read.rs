//! Columns of a table of a run, read back, whatever its format.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::column::{Cell, Described, Row};
use super::error::BatchError;
use super::folder::read_parts;
use super::manifest::Manifest;
#[cfg(feature = "parquet")]
use super::parquet;
use super::rows::Format;
use super::tables::Name;

/// Reads some columns of a table, part by part in order. `each` gets the cells in the order
/// of `columns`: numbers and texts; lists and structs as their JSON.
///
/// # Errors
/// When the folder holds no run, its table has no such column, or a file cannot be read.
pub fn read_table(
    run: &Path,
    manifest: &Manifest,
    table: Name,
    columns: &[&str],
    mut each: impl FnMut(Row),
) -> Result<(), BatchError> {
    let described = &manifest.tables[table.as_str()];
    let wanted: Vec<&Described> = columns
        .iter()
        .map(|name| {
            let known = described.iter().find(|column| column.name == *name);
            known.ok_or_else(|| BatchError::Damaged {
                path: run.to_owned(),
                reason: format!("its table {} has no column `{name}`", table.as_str()),
            })
        })
        .collect::<Result<_, _>>()?;
    let format = manifest.format().ok_or_else(|| BatchError::Damaged {
        path: run.to_owned(),
        reason: "its manifest names no format".to_owned(),
    })?;
    for part in read_parts(run)? {
        let file = part.files.into_iter().find(|file| {
            let folder = Path::new(&file.path).parent();
            folder == Some(Path::new(table.as_str()))
        });
        let Some(file) = file else { continue };
        let path = run.join(file.path);
        let bytes = fs::read(&path).map_err(|e| BatchError::read(&path, e))?;
        let damaged = |reason: String| BatchError::Damaged {
            path: path.clone(),
            reason,
        };
        match format {
            Format::Jsonl => lines(&bytes, columns, &mut each).map_err(damaged)?,
            Format::Csv => records(&bytes, &wanted, &mut each).map_err(damaged)?,
            #[cfg(feature = "parquet")]
            Format::Parquet => {
                parquet::read(bytes, columns, &mut each).map_err(|e| damaged(e.to_string()))?;
            }
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => return Err(BatchError::NoParquet),
        }
    }
    Ok(())
}

fn lines(bytes: &[u8], columns: &[&str], each: &mut impl FnMut(Row)) -> Result<(), String> {
    for line in bytes.split(|&byte| byte == b'\n').filter(|l| !l.is_empty()) {
        let value: Value = serde_json::from_slice(line).map_err(|e| e.to_string())?;
        each(columns.iter().map(|name| cell(&value[name])).collect());
    }
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "it was written from 32 bits"
)]
fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::String(text) => Cell::Text(text.clone()),
        Value::Number(number) => match number.as_i64() {
            Some(integer) => Cell::Integer(integer),
            None => number.as_f64().map(|n| n as f32).into(),
        },
        other => Cell::Text(other.to_string()),
    }
}

fn records(bytes: &[u8], columns: &[&Described], each: &mut impl FnMut(Row)) -> Result<(), String> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().map_err(|e| e.to_string())?;
    let places: Vec<usize> = columns
        .iter()
        .map(|column| header.iter().position(|name| name == column.name))
        .collect::<Option<_>>()
        .ok_or("it lacks a column that the manifest lists")?;
    for record in reader.records() {
        let record = record.map_err(|e| e.to_string())?;
        let fields = columns.iter().zip(&places);
        let row = fields.map(|(column, &at)| {
            let text = record.get(at).unwrap_or_default();
            match (text, column.r#type.as_str()) {
                ("", _) => Cell::Null,
                (_, "int64") => text.parse().map_or(Cell::Null, Cell::Integer),
                (_, "float32") => text.parse().map_or(Cell::Null, Cell::Number),
                _ => Cell::Text(text.to_owned()),
            }
        });
        each(row.collect());
    }
    Ok(())
}
