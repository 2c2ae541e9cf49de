//! What becomes of a row, whatever the format: its text, its id and its metadata.

use serde_json::{Map, Value};

use super::error::{Fault, RecordError};
use super::{Options, Place, Record};
use crate::ingest::{self, IngestError, InputFormat};

/// Which fields of a row are what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// The text.
    pub text: String,
    /// The id; `None` is `id` in the rows that have one.
    pub id: Option<String>,
    /// What is carried through and never shown to the model.
    pub meta: Vec<String>,
}

impl Fields {
    /// The field of the id when none was asked for.
    pub(super) const ID: &str = "id";
}

impl Default for Fields {
    /// The fields `text` and `id`, no metadata.
    fn default() -> Self {
        Self {
            text: "text".to_owned(),
            id: None,
            meta: Vec::new(),
        }
    }
}

/// Which columns of a table are what, by their positions.
pub(super) struct Columns {
    pub text: usize,
    pub id: Option<usize>,
    pub meta: Vec<usize>,
}

impl Columns {
    /// Finds the fields among the names of the columns.
    pub(super) fn find(names: &[impl AsRef<str>], fields: &Fields) -> Result<Self, Fault> {
        let position = |field: &str| names.iter().position(|name| name.as_ref() == field);
        let need = |role: &'static str, field: &String| {
            position(field).ok_or_else(|| Fault::MissingColumn {
                role,
                field: field.clone(),
                known: listed(&names.iter().map(AsRef::as_ref).collect::<Vec<_>>()),
            })
        };
        Ok(Self {
            text: need("text", &fields.text)?,
            id: match &fields.id {
                Some(field) => Some(need("id", field)?),
                None => position(Fields::ID),
            },
            meta: fields
                .meta
                .iter()
                .map(|field| need("meta", field))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// A row, read and not yet judged.
pub(super) struct Draft {
    pub place: Place,
    pub id: Option<String>,
    pub meta: Vec<Value>,
    /// The bytes of the text, or why there are none.
    pub text: Result<Vec<u8>, Fault>,
}

impl Draft {
    /// The record, when its text is one.
    pub(super) fn judge(self, options: &Options) -> Result<Record, RecordError> {
        let text = self.text.and_then(|text| {
            if text.len() as u64 > options.max_bytes {
                return Err(Fault::TooLarge {
                    what: "the text",
                    max: options.max_bytes,
                });
            }
            ingest::decode(text).map_err(|error| match error {
                IngestError::Empty => Fault::EmptyText {
                    field: options.fields.text.clone(),
                },
                error => Fault::NoText(error),
            })
        });
        match text {
            Ok(source) => Ok(Record {
                format: options
                    .text_format
                    .unwrap_or_else(|| InputFormat::guess(&source)),
                place: self.place,
                id: self.id,
                source,
                meta: self.meta,
            }),
            Err(fault) => Err(RecordError {
                place: self.place,
                id: self.id,
                meta: self.meta,
                fault: Box::new(fault),
            }),
        }
    }
}

/// The record of a JSON object. A metadata field that it lacks is null.
pub(super) fn of_object(
    place: Place,
    mut object: Map<String, Value>,
    options: &Options,
) -> Result<Record, RecordError> {
    let fields = &options.fields;
    let meta = fields
        .meta
        .iter()
        .map(|field| object.get(field).cloned().unwrap_or_default())
        .collect();
    let id = id(&object, fields);
    let text = match object.get_mut(&fields.text).map(Value::take) {
        Some(Value::String(text)) => Ok(text.into_bytes()),
        Some(Value::Null) => Err(Fault::NullText {
            field: fields.text.clone(),
        }),
        Some(other) => Err(wrong_type("text", &fields.text, &other, "a string")),
        None => Err(missing("text", &fields.text, &object)),
    };
    let (id, text) = match (id, text) {
        (Ok(id), text) => (id, text),
        (Err(fault), _) => (None, Err(fault)),
    };
    Draft {
        place,
        id,
        meta,
        text,
    }
    .judge(options)
}

/// The id of an object: a string or a number.
fn id(object: &Map<String, Value>, fields: &Fields) -> Result<Option<String>, Fault> {
    let field = fields.id.as_deref().unwrap_or(Fields::ID);
    match object.get(field) {
        Some(Value::String(id)) => Ok(Some(id.clone())),
        Some(Value::Number(id)) => Ok(Some(id.to_string())),
        Some(Value::Null) => Ok(None),
        // Nobody said that this field is the id.
        _ if fields.id.is_none() => Ok(None),
        None => Err(missing("id", field, object)),
        Some(other) => Err(wrong_type("id", field, other, "a string or a number")),
    }
}

fn missing(role: &'static str, field: &str, object: &Map<String, Value>) -> Fault {
    let known: Vec<&str> = object.keys().map(String::as_str).collect();
    Fault::MissingField {
        role,
        field: field.to_owned(),
        known: listed(&known),
    }
}

fn wrong_type(role: &'static str, field: &str, value: &Value, expected: &'static str) -> Fault {
    Fault::WrongType {
        role,
        field: field.to_owned(),
        value: short(&value.to_string()),
        expected,
    }
}

/// Names by commas; the first twenty.
pub(super) fn listed(names: &[&str]) -> String {
    const MOST: usize = 20;
    match names.len() {
        0 => "none".to_owned(),
        count if count > MOST => {
            format!("{} and {} more", names[..MOST].join(", "), count - MOST)
        }
        _ => names.join(", "),
    }
}

/// At most 80 characters of a value.
pub(super) fn short(value: &str) -> String {
    match value.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}
