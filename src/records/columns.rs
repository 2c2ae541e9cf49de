//! Rows of Arrow's columns, from whatever file they come: batch by batch.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use serde_json::{Number, Value};

use super::error::{Fault, RecordError};
use super::row::{Columns, Draft};
use super::{Options, Place, Record, Row};

/// The columns of a schema that are read: which hold what, and which they are among all.
pub(super) struct Chosen {
    columns: Columns,
    /// Positions in the schema, in its order, without repetition.
    pub projection: Vec<usize>,
}

impl Chosen {
    /// Finds the columns by name.
    pub(super) fn find(schema: &Schema, options: &Options) -> Result<Self, Fault> {
        let names: Vec<&String> = schema.fields().iter().map(|field| field.name()).collect();
        let mut columns = Columns::find(&names, &options.fields)?;
        let kind = schema.field(columns.text).data_type();
        if !is_text(kind) {
            return Err(Fault::WrongColumn {
                field: options.fields.text.clone(),
                kind: kind.to_string(),
            });
        }
        let mut projection = columns.meta.clone();
        projection.push(columns.text);
        projection.extend(columns.id);
        projection.sort_unstable();
        projection.dedup();
        // A batch holds only these.
        let place = |at: &mut usize| *at = projection.partition_point(|known| known < at);
        place(&mut columns.text);
        columns.id.iter_mut().for_each(place);
        columns.meta.iter_mut().for_each(place);
        Ok(Self {
            columns,
            projection,
        })
    }
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, kind) => is_text(kind),
        kind => kind.is_string() || kind.is_binary(),
    }
}

/// The records of a table.
pub(super) struct Batches<B> {
    source: B,
    chosen: Chosen,
    batch: Option<RecordBatch>,
    /// The next row of the batch.
    at: usize,
    /// Rows that were read before.
    read: u64,
    file: Arc<PathBuf>,
    options: Arc<Options>,
    ended: bool,
}

impl<B> Batches<B> {
    /// The rows of batches that hold the columns that were chosen.
    pub(super) fn new(
        batches: B,
        chosen: Chosen,
        file: Arc<PathBuf>,
        options: Arc<Options>,
    ) -> Self {
        Self {
            source: batches,
            chosen,
            batch: None,
            at: 0,
            read: 0,
            file,
            options,
            ended: false,
        }
    }

    fn place(&self) -> Place {
        Place {
            file: Arc::clone(&self.file),
            row: Some(Row::Row(self.read + 1)),
        }
    }

    fn record(&self, batch: &RecordBatch) -> Result<Record, RecordError> {
        let columns = &self.chosen.columns;
        let text = match bytes(batch.column(columns.text), self.at) {
            Some(text) => Ok(text.to_vec()),
            None => Err(Fault::NullText {
                field: self.options.fields.text.clone(),
            }),
        };
        let id = columns.id.map(|id| value(batch.column(id), self.at));
        let meta = columns.meta.iter();
        Draft {
            place: self.place(),
            id: match id {
                None | Some(Value::Null) => None,
                Some(Value::String(id)) => Some(id),
                Some(id) => Some(id.to_string()),
            },
            meta: meta.map(|&at| value(batch.column(at), self.at)).collect(),
            text,
        }
        .judge(&self.options)
    }
}

impl<B: Iterator<Item = Result<RecordBatch, Fault>>> Iterator for Batches<B> {
    type Item = Result<Record, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.ended {
                return None;
            }
            if let Some(batch) = &self.batch
                && self.at < batch.num_rows()
            {
                let record = self.record(batch);
                self.at += 1;
                self.read += 1;
                return Some(record);
            }
            self.at = 0;
            self.batch = None;
            match self.source.next() {
                None => self.ended = true,
                Some(Ok(batch)) => self.batch = Some(batch),
                Some(Err(fault)) => {
                    self.ended = true;
                    return Some(Err(RecordError::new(self.place(), fault)));
                }
            }
        }
    }
}

/// The batch with its dictionaries written out.
pub(super) fn plain(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let (mut fields, mut columns): (Vec<FieldRef>, Vec<ArrayRef>) = Default::default();
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        if let DataType::Dictionary(_, kind) = column.data_type() {
            columns.push(cast(column, kind)?);
            fields.push(Arc::new(Field::new(field.name(), (**kind).clone(), true)));
        } else {
            columns.push(Arc::clone(column));
            fields.push(Arc::clone(field));
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

/// The bytes of a text; `None` where it is null.
fn bytes(column: &ArrayRef, at: usize) -> Option<&[u8]> {
    if column.is_null(at) {
        return None;
    }
    Some(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(at).as_bytes(),
        DataType::LargeUtf8 => column.as_string::<i64>().value(at).as_bytes(),
        DataType::Utf8View => column.as_string_view().value(at).as_bytes(),
        DataType::Binary => column.as_binary::<i32>().value(at),
        DataType::LargeBinary => column.as_binary::<i64>().value(at),
        DataType::BinaryView => column.as_binary_view().value(at),
        DataType::FixedSizeBinary(_) => column.as_fixed_size_binary().value(at),
        _ => return None,
    })
}

/// A value as JSON: numbers and truth values as they are, all else as Arrow writes it.
fn value(column: &ArrayRef, at: usize) -> Value {
    if column.is_null(at) {
        return Value::Null;
    }
    if let Some(text) = bytes(column, at)
        && let Ok(text) = std::str::from_utf8(text)
    {
        return text.into();
    }
    let options = FormatOptions::default();
    let Ok(formatter) = ArrayFormatter::try_new(column, &options) else {
        return Value::Null;
    };
    let shown = formatter.value(at).to_string();
    let kind = column.data_type();
    if kind.is_integer() || kind.is_floating() || *kind == DataType::Boolean {
        return serde_json::from_str(&shown).unwrap_or_else(|_| float(&shown));
    }
    shown.into()
}

/// A number that is written otherwise in JSON; null where JSON has none, such as infinity.
fn float(shown: &str) -> Value {
    let number = shown.parse().ok().and_then(Number::from_f64);
    number.map_or(Value::Null, Value::Number)
}
