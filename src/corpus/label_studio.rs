//! Reads tasks of the annotation tool Label Studio, exported as JSON: a list of tasks with
//! `data.text` and `annotations[].result[]`.
//!
//! Offsets are code points, as the editor has counted since 1.5; the words that a region
//! repeats must stand there. Each annotation of a task is a reading of its own, a document
//! whose id ends in the annotation's where there are several; one that was skipped, a task
//! without any and predictions are no gold. Results that mark no words (choices, ratings,
//! relations) say nothing that gold holds.

use serde_json::Value;

use super::Reason;
use super::line::Fields;
use super::marked::{Mark, Text, Unit};
use super::own::Draft;

/// The documents of a whole file.
pub(super) fn drafts(tasks: &[Value]) -> Result<Vec<Draft>, Reason> {
    let mut drafts = Vec::new();
    for (number, task) in tasks.iter().enumerate() {
        let task = Fields::new(task, format!("[{number}]"))?;
        let data = task.object("data")?;
        let source = data.need_string("text")?;
        let text = Text::new(source, Unit::CodePoint)?;
        let mut annotations = Vec::new();
        for annotation in task.need_objects(
            "annotations",
            "export the project as JSON (not JSON-MIN), with its annotations",
        )? {
            if annotation.get("was_cancelled") != Some(&Value::Bool(true)) {
                annotations.push(annotation);
            }
        }
        let several = annotations.len() > 1;
        let id = data.id("document")?.or(task.id("id")?);
        let id = id.unwrap_or_else(|| (number + 1).to_string());
        for (i, annotation) in annotations.iter().enumerate() {
            let id = if several {
                let own = annotation.id("id")?;
                format!("{id}/{}", own.unwrap_or_else(|| (i + 1).to_string()))
            } else {
                id.clone()
            };
            let mut spans = Vec::new();
            for result in annotation.objects("result")? {
                spans.extend(marked(&text, &result)?);
            }
            drafts.push(text.draft("label-studio", id, spans));
        }
    }
    Ok(drafts)
}

/// The spans of one region: one for each of its labels.
fn marked(text: &Text<'_>, result: &Fields<'_>) -> Result<Vec<super::GoldSpan>, Reason> {
    match result.need_string("type")? {
        "labels" => {}
        kind if kind.ends_with("labels") => {
            return Err(Reason::unknown(result.name("type"), kind, &["labels"]));
        }
        _ => return Ok(Vec::new()),
    }
    let value = result.object("value")?;
    let labels = value.list("labels")?.unwrap_or_default();
    if labels.is_empty() {
        return Err(Reason::Missing {
            field: value.name("labels"),
            remedy: "give the region a label, or delete it, and export again",
        });
    }
    labels
        .iter()
        .map(|label| {
            let field = value.name("labels");
            let expected = "a list of names of labels";
            text.span(&Mark {
                start: value.offset("start")?,
                end: value.offset("end")?,
                label: label
                    .as_str()
                    .ok_or_else(|| Reason::wrong_type(&field, label, expected))?,
                field: value.place(),
                words: value.string("text")?,
            })
        })
        .collect()
}
