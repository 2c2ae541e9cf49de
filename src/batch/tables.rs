//! The three tables of a run, column by column, each beside what fills it.
//!
//! `documents` has a row for every record of the input, whatever came of it; `sentences` and
//! `findings` have the rows of the documents that were scored. Which columns there are
//! follows from the model and the labels that were asked for ([`Shape`]): a label that is not
//! looked for has no column, since a zero there would say that it was looked for and not
//! found.

use serde::Serialize;

use super::column::{Cell, Column, Described, Kind, Row};
use super::entry::{Entry, Outcome};
use super::field::{Field, always, column, columns, fill, maybe};
use super::labels::{Looked, looked_for};
use crate::calibrate::Standing;
use crate::label::{Family, Scope, Selection};
use crate::model::Model;
use crate::report::summary::LabelCounts;
use crate::report::wire::{FindingReport, Place, Quote, Report, SentenceReport};
use crate::sourcing::Coverage;

/// Which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// A row for each record.
    Documents,
    /// A row for each sentence.
    Sentences,
    /// A row for each finding.
    Findings,
}

impl Name {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Documents, Self::Sentences, Self::Findings];

    /// As in the run folder.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Sentences => "sentences",
            Self::Findings => "findings",
        }
    }

    /// What a row stands for.
    #[must_use]
    pub fn row(self) -> &'static str {
        match self {
            Self::Documents => "a record of the input, in its order",
            Self::Sentences => "a sentence of a document that was scored",
            Self::Findings => "a finding, in a sentence or about the whole document",
        }
    }
}

/// What the columns follow from.
#[derive(Debug, Clone)]
pub struct Shape {
    /// The sentence outputs of the model.
    pub outputs: Vec<String>,
    /// The labels that are looked for.
    pub labels: Vec<Looked>,
    /// The metadata fields that are carried through.
    pub metadata: Vec<String>,
    /// Whether texts of the documents are in the tables.
    pub text: bool,
}

impl Shape {
    /// What a model finds of the labels that are asked for.
    #[must_use]
    pub fn new(model: &Model, selection: &Selection, metadata: Vec<String>, text: bool) -> Self {
        let outputs = model.outputs.sentence.iter();
        Self {
            outputs: outputs.map(|output| output.name.clone()).collect(),
            labels: looked_for(model, selection),
            metadata,
            text,
        }
    }
}

/// The tables of a run.
pub struct Tables {
    documents: Vec<Field<Entry>>,
    sentences: Vec<Field<SentenceReport>>,
    findings: Vec<Field<FindingReport>>,
}

impl Tables {
    /// Those of a shape.
    #[must_use]
    pub fn new(shape: &Shape) -> Self {
        Self {
            documents: documents(shape),
            sentences: sentences(shape),
            findings: findings(shape.text),
        }
    }

    /// The columns of one table.
    #[must_use]
    pub fn columns(&self, table: Name) -> Vec<Column> {
        let document = || {
            let about = "number of its record in the input, from 0";
            column("document", Kind::Integer, false, "", about)
        };
        let id = || column("id", Kind::Text, true, "", "id of its record");
        match table {
            Name::Documents => columns(&self.documents),
            Name::Sentences => [vec![document(), id()], columns(&self.sentences)].concat(),
            Name::Findings => {
                let about = "index of its sentence, from 0; empty when it is about the document";
                let sentence = column("sentence", Kind::Integer, true, "", about);
                let keys = vec![document(), id(), sentence];
                [keys, columns(&self.findings)].concat()
            }
        }
    }

    /// The columns of one table as the manifest describes them.
    #[must_use]
    pub fn described(&self, table: Name) -> Vec<Described> {
        self.columns(table).iter().map(Described::from).collect()
    }

    /// Gives `put` every row of an entry; one that another shard scores has none.
    pub(super) fn rows<E>(
        &self,
        entry: &Entry,
        mut put: impl FnMut(Name, Row) -> Result<(), E>,
    ) -> Result<(), E> {
        if matches!(entry.outcome, Outcome::Elsewhere) {
            return Ok(());
        }
        put(Name::Documents, fill(&self.documents, entry))?;
        let Outcome::Done(report) = &entry.outcome else {
            return Ok(());
        };
        let keys = [entry.number.into(), Cell::from(entry.id.clone())];
        for sentence in &report.sentences {
            let cells = fill(&self.sentences, sentence);
            put(Name::Sentences, [keys.to_vec(), cells].concat())?;
            let keys = [keys.to_vec(), vec![sentence.index.into()]].concat();
            for finding in &sentence.findings {
                let cells = fill(&self.findings, finding);
                put(Name::Findings, [keys.clone(), cells].concat())?;
            }
        }
        let keys = [keys.to_vec(), vec![Cell::Null]].concat();
        for finding in &report.findings {
            let cells = fill(&self.findings, finding);
            put(Name::Findings, [keys.clone(), cells].concat())?;
        }
        Ok(())
    }
}

/// A cell that is filled only where the document was scored.
fn scored(
    value: impl Fn(&Report) -> Cell + Send + Sync + 'static,
) -> impl Fn(&Entry) -> Cell + Send + Sync + 'static {
    move |entry| match &entry.outcome {
        Outcome::Done(report) => value(report),
        _ => Cell::Null,
    }
}

/// `loaded-language` as a part of a column's name.
#[must_use]
pub fn underscored(name: &str) -> String {
    name.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
        .to_lowercase()
}

/// The name of an enum's value, as in the wire format.
fn name(value: &impl Serialize) -> Cell {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Cell::Text(name),
        _ => Cell::Null,
    }
}

#[rustfmt::skip]
fn documents(shape: &Shape) -> Vec<Field<Entry>> {
    use Kind::{Integer, Number, Text};
    let mut fields: Vec<Field<Entry>> = vec![
        always("document", Integer, "", "number of the record in the input, from 0", |e: &Entry| e.number.into()),
        maybe("id", Text, "", "id of the record", |e: &Entry| e.id.clone().into()),
        always("file", Text, "", "file in which the record stands, as it was named or found", |e: &Entry| e.file().into()),
        maybe("row", Integer, "", "its line or row in the file, from 1; empty when it is the whole file", |e: &Entry| e.row().into()),
        maybe("sha256", Text, "", "SHA-256 of the text, in hexadecimal; empty when there is none", |e: &Entry| e.sha256().into()),
        always("status", Text, "", "`done`, `failed` or `duplicate`", |e: &Entry| e.outcome.status().into()),
        maybe("duplicate_of", Integer, "", "number of the first document with the same text", |e: &Entry| match e.outcome {
            Outcome::Duplicate(of) => of.into(),
            _ => Cell::Null,
        }),
        maybe("error", Text, "", "class of the error, when it failed; the folder `failed` has the message", |e: &Entry| match &e.outcome {
            Outcome::Failed(failure) => failure.class.as_str().into(),
            _ => Cell::Null,
        }),
        maybe("language", Text, "", "ISO 639-3; `und` when the text is too short to tell", scored(|r| r.document.language.as_str().into())),
        maybe("characters", Integer, "code points", "size of the text", scored(|r| r.document.counts.characters.into())),
        maybe("words", Integer, "words", "words between white space, without markup", scored(|r| r.document.counts.words.into())),
        maybe("sentences", Integer, "sentences", "all sentences", scored(|r| r.document.counts.sentences.into())),
        maybe("scored_sentences", Integer, "sentences", "sentences that the model scored: the base of all rates", scored(|r| r.document.counts.scored.into())),
        maybe("body_sentences", Integer, "sentences", "sentences of running text: only these bear sourcing gaps", scored(|r| {
            r.sentences.iter().filter(|s| s.role.bears_sourcing_gaps()).count().into()
        })),
        maybe("sentences_with_findings", Integer, "sentences", "sentences with at least one reported finding", scored(|r| r.summary.sentences_with_findings.into())),
        maybe("attributions", Integer, "attributions", "passages where the text says who says something", scored(|r| r.attributions.len().into())),
        maybe("attributions_without_source", Integer, "attributions", "of these, of nobody, or of a pronoun that nobody was found for", scored(|r| r.ledger.without_source.into())),
        maybe("sources", Integer, "sources", "different sources in the ledger", scored(|r| r.ledger.sources.len().into())),
        maybe("attributed_words", Integer, "words", "words that are attributed to anybody, or to nobody", scored(|r| r.ledger.words.into())),
        maybe("largest_source_share", Number, "from 0 to 1", "share of the attributed words that the source with the most has; empty without sources", scored(|r| r.ledger.sources.first().map(|s| s.share).into())),
        maybe("checkable_claims", Integer, "sentences", "sentences of running text that are worth checking; empty for a model that does not tell them", scored(|r| r.ledger.coverage.as_ref().map(|c| c.claims).into())),
        maybe("sourced_claims", Integer, "sentences", "of these, with a source in them or in the two sentences before that a reader could ask or look up", scored(|r| r.ledger.coverage.as_ref().map(Coverage::sourced).into())),
    ];
    fields.extend(shape.labels.iter().flat_map(label_fields));
    fields.extend(shape.metadata.iter().enumerate().map(|(at, field)| {
        let about = format!("the field `{field}` of the record; what is no text, as JSON");
        let value = move |e: &Entry| Cell::from(e.metadata.get(at).cloned().flatten());
        maybe(&format!("meta_{}", underscored(field)), Text, "", &about, value)
    }));
    fields.push(maybe("notes", Kind::List(Box::new(Text)), "", "what the reader should know about the document",
        scored(|r| Cell::texts(r.document.notes.iter().cloned()))));
    fields
}

/// One of the counts of a label.
type Count = fn(&LabelCounts) -> usize;

/// What is counted of one label.
fn label_fields(looked: &Looked) -> Vec<Field<Entry>> {
    let id = &looked.label.id;
    let count = |of: &str, about: &str, count: Count| {
        let label = id.clone();
        let value = scored(move |r| r.summary.labels.get(&label).map_or(0, count).into());
        let about = format!("`{id}`: {about}");
        let name = format!("{of}_{}", underscored(id));
        maybe(&name, Kind::Integer, "findings", &about, value)
    };
    let rate = |of: &str, about: &str, count: Count| {
        let label = id.clone();
        let value = scored(move |r| {
            let findings = r.summary.labels.get(&label).map_or(0, count);
            per_hundred(findings, r.document.counts.scored).into()
        });
        let about = format!("`{id}`: 100 × {about} / scored_sentences; empty without sentences");
        let name = format!("{of}_{}", underscored(id));
        maybe(&name, Kind::Number, "per 100 sentences", &about, value)
    };
    if looked.standing == Standing::Preview {
        return vec![count(
            "preview",
            "findings; the label is a preview: too weak to be reported",
            |c| c.preview,
        )];
    }
    let mut fields = vec![
        count("reported", "findings, in whosever voice", |c| c.reported),
        count("author", "of these, in the author's voice", |c| c.author),
    ];
    match looked.label.family {
        Family::Sourcing => fields.push(count("info", "proper where they stand", |c| c.info)),
        Family::Framing | Family::Other => fields.push(count(
            "abstained",
            "too near the threshold to be called",
            |c| c.abstained,
        )),
    }
    if looked.label.scope == Scope::Sentence {
        fields.push(rate("rate", "reported", |c| c.reported));
        fields.push(rate("author_rate", "author", |c| c.author));
    }
    fields
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of one document are exact in f32"
)]
fn per_hundred(findings: usize, sentences: usize) -> Option<f32> {
    (sentences > 0).then(|| 100.0 * findings as f32 / sentences as f32)
}

#[rustfmt::skip]
fn sentences(shape: &Shape) -> Vec<Field<SentenceReport>> {
    use Kind::{Integer, Number, Text};
    let mut fields: Vec<Field<SentenceReport>> = vec![
        always("sentence", Integer, "", "index in the document, from 0", |s: &SentenceReport| s.index.into()),
        always("role", Text, "", "what its block is in the article: `title`, `body`, …", |s: &SentenceReport| name(&s.role)),
        always("voice", Text, "", "whose words it is: `author`, `quoted`, `reported` or `mixed`", |s: &SentenceReport| name(&s.voice)),
        maybe("start", Integer, "code points", "where it begins in the text of the record; empty when that cannot be told", |s: &SentenceReport| place(s.span.as_ref(), |p| p.char[0])),
        maybe("end", Integer, "code points", "where it ends", |s: &SentenceReport| place(s.span.as_ref(), |p| p.char[1])),
        maybe("byte_start", Integer, "bytes", "where it begins", |s: &SentenceReport| place(s.span.as_ref(), |p| p.byte[0])),
        maybe("byte_end", Integer, "bytes", "where it ends", |s: &SentenceReport| place(s.span.as_ref(), |p| p.byte[1])),
    ];
    if shape.text {
        fields.push(always("text", Text, "", "the sentence, without markup", |s: &SentenceReport| s.text.as_str().into()));
    }
    fields.extend(shape.outputs.iter().map(|output| {
        let about = format!("calibrated probability of `{output}`; empty when the sentence was not scored");
        let output = output.clone();
        maybe(&format!("p_{}", underscored(&output)), Number, "from 0 to 1", &about, move |s: &SentenceReport| {
            s.probabilities.as_ref().and_then(|p| p.get(&output)).into()
        })
    }));
    let nested = findings(shape.text);
    fields.push(always("findings", Kind::structs(columns(&nested)), "", "as in the table of that name", move |s: &SentenceReport| {
        Cell::List(s.findings.iter().map(|f| Cell::Struct(fill(&nested, f))).collect())
    }));
    fields
}

#[rustfmt::skip]
fn findings(text: bool) -> Vec<Field<FindingReport>> {
    use Kind::{Number, Text};
    let quotes = quotes(text);
    let mut fields: Vec<Field<FindingReport>> = vec![
        always("label", Text, "", "its id: `rhetor labels`", |f: &FindingReport| f.label.as_str().into()),
        always("family", Text, "", "`framing`, `sourcing` or `other`", |f: &FindingReport| name(&f.family)),
        always("status", Text, "", "`reported`, `preview` (of a label that is too weak) or `abstained` (too near the threshold)", |f: &FindingReport| name(&f.status)),
        always("level", Text, "", "`finding`, or `info`: worth knowing, but proper where it stands", |f: &FindingReport| name(&f.level)),
        always("voice", Text, "", "whose words they are: `author`, `quoted` or `reported`", |f: &FindingReport| name(&f.voice.kind)),
        maybe("speaker", Text, "", "who speaks, as the text names them; empty when not known", |f: &FindingReport| f.voice.speaker.clone().into()),
        maybe("probability", Number, "from 0 to 1", "calibrated; empty when a rule made the finding", |f: &FindingReport| f.probability.into()),
        always("detector", Text, "", "what found it: `model`, `sourcing` or `repetition`", |f: &FindingReport| name(&f.detector)),
        always("evidence", Kind::structs(columns(&quotes)), "", "the words in question; none when the model is sure of the sentence only", move |f: &FindingReport| {
            Cell::List(f.evidence.iter().map(|quote| Cell::Struct(fill(&quotes, quote))).collect())
        }),
    ];
    if text {
        fields.push(always("message", Text, "", "for people", |f: &FindingReport| f.message.as_str().into()));
    }
    fields
}

#[rustfmt::skip]
fn quotes(text: bool) -> Vec<Field<Quote>> {
    use Kind::{Integer, Text};
    let mut fields: Vec<Field<Quote>> = vec![
        maybe("start", Integer, "code points", "where they begin in the text of the record", |q: &Quote| place(q.span.as_ref(), |p| p.char[0])),
        maybe("end", Integer, "code points", "where they end", |q: &Quote| place(q.span.as_ref(), |p| p.char[1])),
        maybe("byte_start", Integer, "bytes", "where they begin", |q: &Quote| place(q.span.as_ref(), |p| p.byte[0])),
        maybe("byte_end", Integer, "bytes", "where they end", |q: &Quote| place(q.span.as_ref(), |p| p.byte[1])),
    ];
    if text {
        fields.push(always("text", Text, "", "the words, without markup", |q: &Quote| q.text.as_str().into()));
    }
    fields
}

fn place(span: Option<&Place>, value: impl Fn(&Place) -> usize) -> Cell {
    span.map(value).into()
}
