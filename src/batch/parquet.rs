//! Rows into Parquet.
//!
//! Rows are gathered into batches of a fixed size, so that the bytes of a file follow from
//! its rows alone: a merged run has the files of an unsharded one.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::mem;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray, Float32Array, Int64Array, ListArray, StringArray, StructArray,
    UInt64Array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::{DataType, Field, Fields, Float32Type, Int64Type, Schema};
use arrow::record_batch::{RecordBatch, RecordBatchReader as _};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader as _, SerializedFileReader};

use super::column::{Cell, Column, Kind, Row};
use super::file::Partial;

/// Rows that are encoded together.
const BATCH: usize = 1024;
/// Rows of a row group: what a reader has to hold, and the writer before it.
const GROUP: usize = 64 * BATCH;

/// A Parquet file that is being written.
pub(super) struct ParquetRows {
    columns: Vec<Column>,
    schema: Arc<Schema>,
    writer: ArrowWriter<Partial>,
    batch: Vec<Row>,
}

impl ParquetRows {
    pub(super) fn new(
        columns: &[Column],
        file: Partial,
        facts: &[(String, String)],
    ) -> io::Result<Self> {
        let schema = Arc::new(schema(columns));
        Ok(Self {
            columns: columns.to_vec(),
            writer: writer(schema.clone(), file, facts)?,
            schema,
            batch: Vec::with_capacity(BATCH),
        })
    }

    pub(super) fn push(&mut self, row: Row) -> io::Result<()> {
        self.batch.push(row);
        if self.batch.len() == BATCH {
            self.encode()?;
        }
        Ok(())
    }

    fn encode(&mut self) -> io::Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let rows = mem::take(&mut self.batch);
        let arrays = arrays(&self.columns, rows);
        let batch = RecordBatch::try_new(self.schema.clone(), arrays).map_err(io::Error::other)?;
        self.writer.write(&batch).map_err(io_error)
    }

    pub(super) fn finish(mut self) -> io::Result<Partial> {
        self.encode()?;
        self.writer.into_inner().map_err(io_error)
    }
}

fn writer(
    schema: Arc<Schema>,
    file: Partial,
    facts: &[(String, String)],
) -> io::Result<ArrowWriter<Partial>> {
    let facts = facts
        .iter()
        .map(|(key, value)| KeyValue::new(format!("rhetor.{key}"), value.clone()))
        .collect();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP))
        .set_key_value_metadata(Some(facts))
        .build();
    ArrowWriter::try_new(file, schema, Some(properties)).map_err(io_error)
}

/// Files of one table as one, by the number of the record, which is the first column; and
/// its rows.
pub(super) fn merge(
    contents: Vec<Vec<u8>>,
    out: Partial,
    facts: &[(String, String)],
) -> io::Result<(Partial, u64)> {
    let mut batches = Vec::new();
    let mut schema = None;
    for contents in contents {
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(contents))
            .and_then(ParquetRecordBatchReaderBuilder::build)
            .map_err(io_error)?;
        // Without the facts, which the writer adds.
        schema.get_or_insert(Arc::new(Schema::new(reader.schema().fields().clone())));
        for batch in reader {
            batches.push(batch.map_err(io::Error::other)?);
        }
    }
    let schema = schema.ok_or(io::ErrorKind::InvalidInput)?;
    let mut writer = writer(schema.clone(), out, facts)?;
    let batches = batches
        .iter()
        .map(|batch| RecordBatch::try_new(schema.clone(), batch.columns().to_vec()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(io::Error::other)?;
    let all = concat_batches(&schema, &batches).map_err(io::Error::other)?;
    let numbers = all.column(0).as_primitive::<Int64Type>().values();
    let mut order: Vec<u64> = (0..all.num_rows() as u64).collect();
    order.sort_by_key(|&at| usize::try_from(at).map(|at| numbers[at]).ok());
    let sorted = take_record_batch(&all, &UInt64Array::from(order)).map_err(io::Error::other)?;
    for from in (0..sorted.num_rows()).step_by(BATCH) {
        let rows = BATCH.min(sorted.num_rows() - from);
        writer.write(&sorted.slice(from, rows)).map_err(io_error)?;
    }
    let file = writer.into_inner().map_err(io_error)?;
    Ok((file, sorted.num_rows() as u64))
}

/// The Arrow schema of a table; the description and the unit of a column are its metadata.
fn schema(columns: &[Column]) -> Schema {
    Schema::new(columns.iter().map(field).collect::<Vec<_>>())
}

fn field(column: &Column) -> Field {
    let about = [
        ("description", column.about.as_str()),
        ("unit", column.unit),
    ];
    let about: HashMap<String, String> = about
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(key, text)| (key.to_owned(), text.to_owned()))
        .collect();
    Field::new(&column.name, data_type(&column.kind), column.nullable).with_metadata(about)
}

fn data_type(kind: &Kind) -> DataType {
    match kind {
        Kind::Integer => DataType::Int64,
        Kind::Number => DataType::Float32,
        Kind::Text => DataType::Utf8,
        Kind::List(of) => DataType::List(Arc::new(Field::new_list_field(data_type(of), false))),
        Kind::Struct(columns) => DataType::Struct(fields(columns)),
    }
}

fn fields(columns: &[Column]) -> Fields {
    columns.iter().map(field).collect()
}

/// Rows as columns.
fn arrays(columns: &[Column], rows: Vec<Row>) -> Vec<ArrayRef> {
    let mut cells: Vec<Vec<Cell>> = columns.iter().map(|_| Vec::new()).collect();
    for row in rows {
        for (cells, cell) in cells.iter_mut().zip(row) {
            cells.push(cell);
        }
    }
    let arrays = columns.iter().zip(cells);
    arrays
        .map(|(column, cells)| array(&column.kind, cells))
        .collect()
}

/// Cells of one kind as an array.
fn array(kind: &Kind, cells: Vec<Cell>) -> ArrayRef {
    match kind {
        Kind::Integer => {
            let integers = cells.iter().map(|cell| match cell {
                Cell::Integer(number) => Some(*number),
                _ => None,
            });
            Arc::new(integers.collect::<Int64Array>())
        }
        Kind::Number => {
            let numbers = cells.iter().map(|cell| match cell {
                Cell::Number(number) => Some(*number),
                _ => None,
            });
            Arc::new(numbers.collect::<Float32Array>())
        }
        Kind::Text => {
            let texts = cells.iter().map(|cell| match cell {
                Cell::Text(text) => Some(text.as_str()),
                _ => None,
            });
            Arc::new(texts.collect::<StringArray>())
        }
        Kind::List(of) => {
            let nulls = nulls(&cells);
            let lists: Vec<Vec<Cell>> = cells
                .into_iter()
                .map(|cell| match cell {
                    Cell::List(cells) => cells,
                    _ => Vec::new(),
                })
                .collect();
            let offsets = OffsetBuffer::from_lengths(lists.iter().map(Vec::len));
            let values = array(of, lists.into_iter().flatten().collect());
            let item = Arc::new(Field::new_list_field(data_type(of), false));
            Arc::new(ListArray::new(item, offsets, values, nulls))
        }
        Kind::Struct(columns) => {
            let (nulls, length) = (nulls(&cells), cells.len());
            let rows = cells
                .into_iter()
                .map(|cell| match cell {
                    Cell::Struct(cells) => cells,
                    _ => vec![Cell::Null; columns.len()],
                })
                .collect();
            let arrays = arrays(columns, rows);
            Arc::new(
                StructArray::try_new_with_length(fields(columns), arrays, nulls, length)
                    .expect("the arrays are made of the same columns"),
            )
        }
    }
}

fn nulls(cells: &[Cell]) -> Option<NullBuffer> {
    let nulls: NullBuffer = cells.iter().map(|cell| *cell != Cell::Null).collect();
    (nulls.null_count() > 0).then_some(nulls)
}

/// The error of the system beneath.
fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        other => io::Error::other(other),
    }
}

/// The rows of somebody's file, if it can be read.
pub(super) fn rows(path: &Path) -> Option<u64> {
    let file = SerializedFileReader::new(File::open(path).ok()?).ok()?;
    file.metadata().file_metadata().num_rows().try_into().ok()
}

/// Reads some columns of a file, in the order of `columns`.
pub(super) fn read(
    contents: Vec<u8>,
    columns: &[&str],
    each: &mut impl FnMut(Row),
) -> io::Result<()> {
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(contents)).map_err(io_error)?;
    let roots = builder.parquet_schema().root_schema().get_fields();
    let wanted = roots
        .iter()
        .enumerate()
        .filter(|(_, root)| columns.contains(&root.name()))
        .map(|(at, _)| at);
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted.collect::<Vec<_>>());
    let reader = builder.with_projection(mask).build().map_err(io_error)?;
    for batch in reader {
        let batch = batch.map_err(io::Error::other)?;
        let arrays: Vec<&ArrayRef> = columns
            .iter()
            .map(|name| batch.column_by_name(name))
            .collect::<Option<_>>()
            .ok_or(io::ErrorKind::InvalidData)?;
        for row in 0..batch.num_rows() {
            each(arrays.iter().map(|array| cell(array, row)).collect());
        }
    }
    Ok(())
}

fn cell(array: &ArrayRef, row: usize) -> Cell {
    if array.is_null(row) {
        return Cell::Null;
    }
    match array.data_type() {
        DataType::Int64 => Cell::Integer(array.as_primitive::<Int64Type>().value(row)),
        DataType::Float32 => Cell::Number(array.as_primitive::<Float32Type>().value(row)),
        DataType::Utf8 => Cell::from(array.as_string::<i32>().value(row)),
        // Nothing reads lists and structs back.
        _ => Cell::Null,
    }
}
