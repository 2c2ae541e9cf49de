//! One line of a gold file: its fields, checked, and its offsets as bytes.

use serde_json::{Map, Value};

use super::error::quoted;
use super::{GoldSpan, Reason, outputs};
use crate::span::Span;

/// A JSON object with a text in it.
pub(super) struct Line<'l> {
    fields: Fields<'l>,
    /// The field `text`, with more than white space in it.
    pub text: &'l str,
    /// Where each code point of the text starts, and where the last one ends.
    starts: Vec<usize>,
}

/// The fields of an object, which may stand in a list of the line.
pub(super) struct Fields<'l> {
    object: &'l Map<String, Value>,
    /// `spans[3]` and the like; empty for the line itself.
    place: String,
}

impl<'l> Fields<'l> {
    /// The object that stands in this place.
    pub(super) fn new(value: &'l Value, place: String) -> Result<Self, Reason> {
        match value.as_object() {
            Some(object) => Ok(Self { object, place }),
            None if place.is_empty() => Err(Reason::wrong_type(
                "the line",
                value,
                "an object with a `text`",
            )),
            None => Err(Reason::wrong_type(&place, value, "an object")),
        }
    }

    /// Where it stands, in messages.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// What a field is called in messages.
    pub(super) fn name(&self, field: &str) -> String {
        match self.place.as_str() {
            "" => field.to_owned(),
            place => format!("{place}.{field}"),
        }
    }

    /// What a field holds; none where it is missing or null.
    pub(super) fn get(&self, field: &str) -> Option<&'l Value> {
        self.object.get(field).filter(|value| !value.is_null())
    }

    fn need(&self, field: &str, remedy: &'static str) -> Result<&'l Value, Reason> {
        self.get(field).ok_or_else(|| Reason::Missing {
            field: self.name(field),
            remedy,
        })
    }

    /// A text that may be missing.
    pub(super) fn string(&self, field: &str) -> Result<Option<&'l str>, Reason> {
        let text = |value: &'l Value| {
            value
                .as_str()
                .ok_or_else(|| Reason::wrong_type(&self.name(field), value, "a string"))
        };
        self.get(field).map(text).transpose()
    }

    /// A text that must be there.
    pub(super) fn need_string(&self, field: &str) -> Result<&'l str, Reason> {
        self.need(field, "add it, as a string")?;
        Ok(self.string(field)?.unwrap_or_default())
    }

    /// The elements of a list that may be missing.
    pub(super) fn list(&self, field: &str) -> Result<Option<&'l [Value]>, Reason> {
        let list = |value: &'l Value| {
            let list = value.as_array().map(Vec::as_slice);
            list.ok_or_else(|| Reason::wrong_type(&self.name(field), value, "a list"))
        };
        self.get(field).map(list).transpose()
    }

    /// The objects of a list; none where it is missing.
    pub(super) fn objects(&self, field: &str) -> Result<Vec<Self>, Reason> {
        self.list(field)?
            .unwrap_or_default()
            .iter()
            .enumerate()
            .map(|(i, value)| Self::new(value, format!("{}[{i}]", self.name(field))))
            .collect()
    }

    /// The objects of a list that must be there.
    pub(super) fn need_objects(
        &self,
        field: &str,
        remedy: &'static str,
    ) -> Result<Vec<Self>, Reason> {
        self.need(field, remedy)?;
        self.objects(field)
    }

    /// An object that must be there.
    pub(super) fn object(&self, field: &str) -> Result<Self, Reason> {
        let value = self.need(field, "add it, as an object")?;
        Self::new(value, self.name(field))
    }

    /// An id: a string or a number; none where there is none.
    pub(super) fn id(&self, field: &str) -> Result<Option<String>, Reason> {
        match self.get(field) {
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            _ => Ok(self.string(field)?.map(str::to_owned)),
        }
    }

    /// A whole number from 0 up, which must be there.
    pub(super) fn offset(&self, field: &str) -> Result<usize, Reason> {
        let value = self.need(field, "a span needs `start` and `end`, in code points")?;
        value
            .as_u64()
            .and_then(|offset| usize::try_from(offset).ok())
            .ok_or_else(|| Reason::wrong_type(&self.name(field), value, "a whole number from 0 up"))
    }
}

impl<'l> Line<'l> {
    pub(super) fn new(value: &'l Value) -> Result<Self, Reason> {
        let fields = Fields::new(value, String::new())?;
        let text = fields.need_string("text")?;
        if text.trim().is_empty() {
            return Err(Reason::wrong_type(
                "text",
                &Value::from(text),
                "a text with words in it; leave the line out",
            ));
        }
        let starts = text.char_indices().map(|(at, _)| at);
        Ok(Self {
            fields,
            text,
            starts: starts.chain([text.len()]).collect(),
        })
    }

    pub(super) fn fields(&self) -> &Fields<'l> {
        &self.fields
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.get(field).is_some()
    }

    /// Whether a field is there, if only as null.
    pub(super) fn mentions(&self, field: &str) -> bool {
        self.fields.object.contains_key(field)
    }

    /// The id of the document: a string or a number; none where it has none.
    pub(super) fn id(&self, field: &str) -> Result<Option<String>, Reason> {
        self.fields.id(field)
    }

    /// `start` and `end` of an object, as a span of the text that is not empty.
    pub(super) fn span(&self, fields: &Fields) -> Result<Span, Reason> {
        let (start, end) = (fields.offset("start")?, fields.offset("end")?);
        if start >= end {
            return Err(self.wrong_offsets(fields, "which holds nothing"));
        }
        if end >= self.starts.len() {
            return Err(self.wrong_offsets(fields, "which is outside the text"));
        }
        Ok(Span::new(self.starts[start], self.starts[end]))
    }

    /// What is said of `start` and `end` of an object that has both.
    pub(super) fn wrong_offsets(&self, fields: &Fields, fault: &'static str) -> Reason {
        Reason::Offsets {
            field: fields.place.clone(),
            start: fields.offset("start").unwrap_or_default(),
            end: fields.offset("end").unwrap_or_default(),
            length: self.starts.len() - 1,
            unit: "code points",
            fault,
        }
    }

    /// The field `spans`, each a span of one of these token outputs; empty where the
    /// field is missing.
    pub(super) fn spans(
        &self,
        outputs: &[&'static str],
        passed_over: &[&str],
    ) -> Result<Vec<GoldSpan>, Reason> {
        let mut spans = Vec::new();
        for fields in self.fields.objects("spans")? {
            let span = self.span(&fields)?;
            if let Some(text) = fields.string("text")?
                && text != span.of(self.text)
            {
                return Err(Reason::Quotation {
                    field: fields.name("text"),
                    quoted: quoted(text),
                    found: quoted(span.of(self.text)),
                });
            }
            let label = fields.need_string("label")?;
            if passed_over.contains(&label) {
                continue;
            }
            let output = outputs::of_span(label, outputs)
                .ok_or_else(|| Reason::unknown(fields.name("label"), label, outputs))?;
            spans.push(GoldSpan {
                span,
                output: output.to_owned(),
            });
        }
        Ok(spans)
    }
}
