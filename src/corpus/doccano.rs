//! Reads lines of a sequence labelling project of the annotation tool doccano, as it exports
//! them: `{"id": 1, "text": …, "label": [[start, end, label], …]}`; with relations,
//! `entities` holds the labels.
//!
//! Offsets are UTF-16 units, which is what doccano's editor counts (unless the project counts
//! grapheme clusters: that differs at emoji and the like only). The id is `document` where
//! `rhetor analyze --format doccano` wrote it, else doccano's.

use serde_json::Value;

use super::Reason;
use super::line::Line;
use super::marked::{Mark, Text, Unit};
use super::own::Draft;

/// Whether a file with this first line is one of doccano's.
pub(super) fn recognise(line: &Line<'_>) -> bool {
    let list = |field: &str| line.fields().get(field).and_then(Value::as_array);
    list("label").is_some_and(|list| list.first().is_none_or(Value::is_array))
        || list("labels").is_some_and(|list| list.first().is_some_and(Value::is_array))
        || list("entities").is_some()
}

/// Reads one line; `number`, from 1, names a document without an id.
pub(super) fn draft(line: &Line<'_>, number: usize) -> Result<Draft, Reason> {
    let fields = line.fields();
    let text = Text::new(line.text, Unit::Utf16)?;
    let mut spans = Vec::new();
    let held = ["label", "labels", "entities"].map(|field| line.has(field));
    if held == [false; 3] {
        return Err(Reason::Missing {
            field: "label".to_owned(),
            remedy: "the file's first line has it; a file holds lines of one format",
        });
    }
    for field in ["label", "labels"] {
        for (i, value) in fields.list(field)?.unwrap_or_default().iter().enumerate() {
            let place = format!("{field}[{i}]");
            let (start, end, label) = triple(value).ok_or_else(|| {
                Reason::wrong_type(&place, value, "a list such as [0, 9, \"doubt\"]")
            })?;
            spans.push(text.span(&Mark {
                start,
                end,
                label,
                field: &place,
                words: None,
            })?);
        }
    }
    for entity in fields.objects("entities")? {
        spans.push(text.span(&Mark {
            start: entity.offset("start_offset")?,
            end: entity.offset("end_offset")?,
            label: entity.need_string("label")?,
            field: entity.place(),
            words: None,
        })?);
    }
    let id = line.id("document")?.or(line.id("id")?);
    Ok(text.draft("doccano", id.unwrap_or_else(|| number.to_string()), spans))
}

fn triple(value: &Value) -> Option<(usize, usize, &str)> {
    let [start, end, label] = value.as_array()?.as_slice() else {
        return None;
    };
    let offset = |value: &Value| usize::try_from(value.as_u64()?).ok();
    Some((offset(start)?, offset(end)?, label.as_str()?))
}
