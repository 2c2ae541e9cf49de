//! The documents of a run, by group.

use std::path::Path;

use super::{Document, Groups, Members, SummaryError, Voice};
use crate::batch::{Cell, Manifest, Row, Status, Table, read_table, underscored};

/// The name of the group of documents whose field is empty.
const NONE: &str = "(none)";

/// Reads a complete run: `field` is a metadata field that it carries, or a column of its
/// table of documents.
///
/// # Errors
/// When there is no complete run, it has no such field, or it cannot be read.
pub fn read(run: &Path, field: &str, voice: Voice) -> Result<Groups, SummaryError> {
    let manifest = Manifest::read(run)?
        .filter(|manifest| manifest.status == Status::Complete)
        .ok_or_else(|| {
            SummaryError::NotComplete(format!(
                "{}: there is no complete run in it; repeat the command of `rhetor score` with \
                 --resume, or name another folder",
                run.display()
            ))
        })?;
    let by = column(&manifest, field)?;
    let labels = labels(&manifest);
    let of = |kind: &str, label: &String| format!("{kind}_{}", underscored(label));
    let counted = match voice {
        Voice::Author => "author",
        Voice::Any => "reported",
    };
    let mut columns = vec![
        by,
        "status".to_owned(),
        "sentences".to_owned(),
        "scored_sentences".to_owned(),
    ];
    columns.extend(labels.iter().map(|label| of(counted, label)));
    let abstaining: Vec<bool> = labels
        .iter()
        .map(|label| has(&manifest, &of("abstained", label)))
        .collect();
    let abstained = labels.iter().zip(&abstaining).filter(|(_, has)| **has);
    columns.extend(abstained.map(|(label, _)| of("abstained", label)));

    let mut groups = Groups {
        field: field.to_owned(),
        voice,
        labels,
        groups: std::collections::BTreeMap::new(),
    };
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    read_table(run, &manifest, Table::Documents, &columns, |row| {
        groups.take(row, &abstaining);
    })?;
    Ok(groups)
}

impl Groups {
    /// Adds a row of the columns above.
    fn take(&mut self, row: Row, abstaining: &[bool]) {
        let mut cells = row.into_iter();
        let name = match cells.next() {
            Some(Cell::Text(name)) => name,
            Some(Cell::Integer(number)) => number.to_string(),
            _ => NONE.to_owned(),
        };
        let members = self.groups.entry(name).or_insert_with(|| Members {
            abstained: abstaining.iter().map(|has| has.then_some(0)).collect(),
            ..Members::default()
        });
        match cells.next() {
            Some(Cell::Text(status)) if status == "done" => {}
            Some(Cell::Text(status)) if status == "duplicate" => {
                members.duplicates += 1;
                return;
            }
            _ => {
                members.failed += 1;
                return;
            }
        }
        let mut number = || match cells.next() {
            Some(Cell::Integer(number)) => number,
            _ => 0,
        };
        members.sentences += u64::try_from(number()).unwrap_or_default();
        let sentences = u32::try_from(number()).unwrap_or_default();
        let findings = (0..self.labels.len())
            .map(|_| u32::try_from(number()).unwrap_or_default())
            .collect();
        for abstained in members.abstained.iter_mut().flatten() {
            *abstained += u64::try_from(number()).unwrap_or_default();
        }
        if sentences > 0 {
            members.documents.push(Document {
                sentences,
                findings,
            });
        }
    }
}

/// The labels that have a rate.
fn labels(manifest: &Manifest) -> Vec<String> {
    let labels = manifest.settings.get("labels").and_then(|l| l.as_array());
    let labels = labels.into_iter().flatten().filter_map(|l| l.as_str());
    labels
        .filter(|label| has(manifest, &format!("rate_{}", underscored(label))))
        .map(str::to_owned)
        .collect()
}

fn has(manifest: &Manifest, column: &str) -> bool {
    manifest.tables[Table::Documents.as_str()]
        .iter()
        .any(|described| described.name == column)
}

/// The column of a field.
fn column(manifest: &Manifest, field: &str) -> Result<String, SummaryError> {
    let metadata = format!("meta_{}", underscored(field));
    let own = ["language", "file", "status"];
    if has(manifest, &metadata) {
        return Ok(metadata);
    }
    if own.contains(&field) {
        return Ok(field.to_owned());
    }
    let known = manifest.settings.get("metadata").and_then(|m| m.as_array());
    let known = known.into_iter().flatten().filter_map(|m| m.as_str());
    Err(SummaryError::Field {
        field: field.to_owned(),
        known: known.chain(own).collect::<Vec<_>>().join(", "),
    })
}
