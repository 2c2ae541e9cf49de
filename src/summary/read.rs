//! The documents of a run, by group.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{ALL, Date, Document, Groups, Members, SummaryError, Voice};
use crate::batch::{Cell, Manifest, Row, Status, Table, read_table, underscored};

/// The name of the group of documents whose field is empty.
const NONE: &str = "(none)";

/// What to read of a run.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// What to group by: a metadata field that the run carries, or a column of its table of
    /// documents. Without one, all documents are one group.
    pub by: Option<String>,
    /// The field with the date of a document.
    pub date: Option<String>,
    /// In whose voice findings count.
    pub voice: Voice,
}

/// A complete run.
#[derive(Debug, Clone)]
pub struct Run {
    pub(super) folder: PathBuf,
    pub(super) manifest: Manifest,
}

impl Run {
    /// Opens a run folder.
    ///
    /// # Errors
    /// When it holds no complete run, or cannot be read.
    pub fn open(folder: &Path) -> Result<Self, SummaryError> {
        let manifest = Manifest::read(folder)?
            .filter(|manifest| manifest.status == Status::Complete)
            .ok_or_else(|| {
                SummaryError::NotComplete(format!(
                    "{}: there is no complete run in it; repeat the command of `rhetor score` with \
                     --resume, or name another folder",
                    folder.display()
                ))
            })?;
        Ok(Self {
            folder: folder.to_owned(),
            manifest,
        })
    }

    /// What the run is made of.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The metadata fields that it carries.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        let fields = self.manifest.settings.get("metadata");
        let fields = fields.and_then(|fields| fields.as_array());
        fields.into_iter().flatten().filter_map(|f| f.as_str())
    }

    /// The documents by group.
    ///
    /// # Errors
    /// When there is no such field, or the tables cannot be read.
    pub fn groups(&self, question: &Question) -> Result<Groups, SummaryError> {
        let labels = labels(&self.manifest);
        let of = |kind: &str, label: &String| format!("{kind}_{}", underscored(label));
        let counted = match question.voice {
            Voice::Author => "author",
            Voice::Any => "reported",
        };
        let abstaining: Vec<bool> = labels
            .iter()
            .map(|label| has(&self.manifest, &of("abstained", label)))
            .collect();
        let fields = [&question.by, &question.date].into_iter().flatten();
        let mut columns: Vec<String> = fields
            .map(|field| self.column(field))
            .collect::<Result<_, _>>()?;
        columns.extend(["status", "sentences", "scored_sentences"].map(str::to_owned));
        columns.extend(labels.iter().map(|label| of(counted, label)));
        let abstained = labels.iter().zip(&abstaining).filter(|(_, has)| **has);
        columns.extend(abstained.map(|(label, _)| of("abstained", label)));

        let mut groups = Groups {
            field: question.by.clone(),
            voice: question.voice,
            labels,
            groups: BTreeMap::new(),
        };
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let (run, table) = (&self.folder, Table::Documents);
        read_table(run, &self.manifest, table, &columns, |row| {
            groups.take(row, question, &abstaining);
        })?;
        Ok(groups)
    }

    /// The first records in the order of the input, at most so many.
    ///
    /// # Errors
    /// When the tables cannot be read.
    pub fn records(&self, most: usize) -> Result<Vec<Record>, SummaryError> {
        let columns = [
            "id",
            "file",
            "row",
            "status",
            "scored_sentences",
            "sentences_with_findings",
        ];
        let mut records = Vec::new();
        let (run, table) = (&self.folder, Table::Documents);
        read_table(run, &self.manifest, table, &columns, |row| {
            if records.len() < most {
                records.extend(Record::of(row));
            }
        })?;
        Ok(records)
    }

    /// The column of a field.
    fn column(&self, field: &str) -> Result<String, SummaryError> {
        let metadata = format!("meta_{}", underscored(field));
        let own = ["language", "file", "status"];
        if has(&self.manifest, &metadata) {
            return Ok(metadata);
        }
        if own.contains(&field) {
            return Ok(field.to_owned());
        }
        Err(SummaryError::Field {
            field: field.to_owned(),
            known: self.fields().chain(own).collect::<Vec<_>>().join(", "),
        })
    }
}

/// A record of the input and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its id, or the file and row where it stands.
    pub name: String,
    /// `done`, `failed` or `duplicate`.
    pub status: String,
    /// Sentences that were scored; `None` where nothing was.
    pub scored: Option<i64>,
    /// Sentences with at least one reported finding.
    pub with_findings: Option<i64>,
}

impl Record {
    fn of(row: Row) -> Option<Self> {
        let [id, file, row, status, scored, with_findings] = <[Cell; 6]>::try_from(row).ok()?;
        let number = |cell| match cell {
            Cell::Integer(number) => Some(number),
            _ => None,
        };
        let text = |cell| match cell {
            Cell::Text(text) => Some(text),
            cell => number(cell).map(|number| number.to_string()),
        };
        let file = text(file).unwrap_or_default();
        let place = match number(row) {
            Some(row) => format!("{file}:{row}"),
            None => file,
        };
        Some(Self {
            name: text(id).unwrap_or(place),
            status: text(status).unwrap_or_default(),
            scored: number(scored),
            with_findings: number(with_findings),
        })
    }
}

impl Groups {
    /// Adds a row of the columns above.
    fn take(&mut self, row: Row, question: &Question, abstaining: &[bool]) {
        let mut cells = row.into_iter();
        let mut text = || match cells.next() {
            Some(Cell::Text(text)) => Some(text),
            Some(Cell::Integer(number)) => Some(number.to_string()),
            _ => None,
        };
        let name = match question.by {
            Some(_) => text().unwrap_or_else(|| NONE.to_owned()),
            None => ALL.to_owned(),
        };
        let date = question.date.as_ref().and_then(|_| Date::parse(&text()?));
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
                date,
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
