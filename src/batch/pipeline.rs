//! From records to a run: a thread reads, a thread for each core scores one document at a
//! time, and this one writes, in the order of the input. What lies between them is bounded
//! (`window`), so memory does not grow with the corpus, and each is kept busy.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::entry::{Entry, Failure, Outcome};
use super::error::BatchError;
use super::folder::RunFolder;
use super::part::Writer;
use super::rows::Format;
use super::seen::Seen;
use super::shard::Shard;
use super::tables::{Shape, Tables};
use super::tally::Tally;
use crate::analyze::{AnalyzeError, Options, analyze_on};
use crate::ingest::{InputFormat, ingest};
use crate::model::{Model, Scorer};
use crate::records::{Record, RecordError};
use crate::report::wire::{Name, Report};
use crate::window::Window;

/// Records between the reader and the writer, for each thread.
const RECORDS: usize = 64;
/// Bytes of their texts, for each thread; a report takes some twenty times its text.
const BYTES: usize = 1 << 20;

/// How a run is made.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How the tables are written.
    pub format: Format,
    /// Records of a part.
    pub part_size: u64,
    /// What the columns follow from.
    pub shape: Shape,
    /// Whether a text is scored again when it comes again.
    pub keep_duplicates: bool,
    /// Whether titles, bylines, boilerplate and the like are told from running text.
    pub roles: bool,
    /// What is asked of each document, and on how many threads they are scored.
    pub options: Options,
}

/// A document to score.
struct Job {
    entry: Entry,
    text: String,
    format: InputFormat,
}

enum Message {
    /// A record, and the bytes that it holds of the window.
    Entry(Box<Entry>, usize),
    /// The end of the input: how many records there were.
    End(Result<u64, BatchError>),
}

/// Scores the records into the folder. `observe` sees the counts after each record; those of
/// parts that were there are added when they have been compared with the input.
///
/// On an error the threads end with what they have in hand, which nobody waits for: the
/// reader may be waiting for a pipe.
///
/// # Errors
/// When the folder cannot be written, or its parts are not of these records.
pub fn run(
    records: impl Iterator<Item = Result<Record, RecordError>> + Send + 'static,
    model: &Arc<Model>,
    plan: &Plan,
    mut folder: RunFolder,
    mut observe: impl FnMut(&Tally),
) -> Result<Tally, BatchError> {
    let threads = plan.options.threads.get();
    let window = Arc::new(Window::new(RECORDS * threads, BYTES * threads));
    let (messages, inbox) = mpsc::channel();
    let (jobs, queue) = mpsc::sync_channel(threads);
    let queue = Arc::new(Mutex::new(queue));
    let reader = Reader {
        window: window.clone(),
        messages: messages.clone(),
        jobs,
        written: folder.written(),
        shard: folder.manifest().shard,
        metadata: plan.shape.metadata.len(),
        seen: (!plan.keep_duplicates).then(|| folder.seen()),
    };
    let reader = thread::spawn(move || reader.run(records));
    for _ in 0..threads {
        let (model, queue, messages) = (model.clone(), queue.clone(), messages.clone());
        let (options, roles) = (plan.options.clone(), plan.roles);
        thread::spawn(move || work(&model, &options, roles, &queue, &messages));
    }
    drop(messages);

    let mut observed = Tally::default();
    let tables = Tables::new(&plan.shape);
    let mut writer = Writer::new(&mut folder, tables, plan.format, plan.part_size);
    let written = write(&inbox, &window, &mut writer, |entry| {
        observed.count(entry);
        observe(&observed);
    });
    match written {
        Ok(true) => writer.finish(),
        // A panic is all that ends the reader without a word.
        Ok(false) => match reader.join() {
            Err(panic) => resume_unwind(panic),
            Ok(()) => writer.finish(),
        },
        Err(error) => {
            window.close();
            Err(error)
        }
    }
}

/// Hands entries to the writer in order. Whether the end of the input was seen.
fn write(
    inbox: &Receiver<Message>,
    window: &Window,
    writer: &mut Writer<'_>,
    mut observe: impl FnMut(&Entry),
) -> Result<bool, BatchError> {
    let mut early: BTreeMap<u64, (Box<Entry>, usize)> = BTreeMap::new();
    let (mut next, mut end) = (0, None);
    while end != Some(next) {
        match inbox.recv() {
            Ok(Message::Entry(entry, bytes)) => {
                early.insert(entry.number, (entry, bytes));
            }
            Ok(Message::End(records)) => end = Some(records?),
            Err(_) => return Ok(false),
        }
        while let Some((entry, bytes)) = early.remove(&next) {
            writer.put(&entry)?;
            observe(&entry);
            drop(entry);
            window.leave(bytes);
            next += 1;
        }
    }
    Ok(true)
}

/// What the reading thread has.
struct Reader {
    window: Arc<Window>,
    messages: Sender<Message>,
    jobs: SyncSender<(Job, usize)>,
    /// Records that finished parts are made of.
    written: u64,
    shard: Option<Shard>,
    /// How many metadata fields each record has.
    metadata: usize,
    seen: Option<PathBuf>,
}

impl Reader {
    fn run(self, records: impl Iterator<Item = Result<Record, RecordError>>) {
        let end = self.read(records);
        // Nobody listens when the run has failed.
        let _ = self.messages.send(Message::End(end));
    }

    fn read(
        &self,
        records: impl Iterator<Item = Result<Record, RecordError>>,
    ) -> Result<u64, BatchError> {
        let path = self.seen.as_ref();
        let failed = |e| BatchError::write(&self.seen.clone().unwrap_or_default(), e);
        let mut seen = path
            .map(|path| Seen::create(path))
            .transpose()
            .map_err(failed)?;
        let mut number = 0;
        for record in records {
            let (mut entry, text) = self.entry(number, record);
            let here = self
                .shard
                .is_none_or(|shard| shard.has(entry.content.as_ref(), &entry.place.to_string()));
            let first = match (&mut seen, &entry.content) {
                (Some(seen), Some(content)) if here => {
                    seen.first(content, number).map_err(failed)?
                }
                _ => None,
            };
            let text = if !here {
                entry.outcome = Outcome::Elsewhere;
                None
            } else if number < self.written {
                entry.outcome = Outcome::Written;
                None
            } else if let Some(first) = first {
                entry.outcome = Outcome::Duplicate(first);
                None
            } else {
                text
            };
            let bytes = text.as_ref().map_or(0, |(source, _)| source.len());
            if !self.window.enter(bytes) {
                break;
            }
            let sent = match text {
                None => {
                    let message = Message::Entry(Box::new(entry), bytes);
                    self.messages.send(message).is_ok()
                }
                Some((text, format)) => {
                    let job = Job {
                        entry,
                        text,
                        format,
                    };
                    self.jobs.send((job, bytes)).is_ok()
                }
            };
            if !sent {
                break;
            }
            number += 1;
        }
        Ok(number)
    }

    /// A record before it is known what becomes of it, and its text.
    fn entry(
        &self,
        number: u64,
        record: Result<Record, RecordError>,
    ) -> (Entry, Option<(String, InputFormat)>) {
        let (place, id, metadata, text) = match record {
            Ok(record) => {
                let text = Ok((record.source, record.format));
                (record.place, record.id, record.meta, text)
            }
            Err(error) => {
                let failure = Failure {
                    class: error.class().to_owned(),
                    message: error.fault.to_string(),
                };
                (error.place, error.id, error.meta, Err(failure))
            }
        };
        let mut metadata: Vec<Option<String>> = metadata.into_iter().map(plain).collect();
        metadata.resize(self.metadata, None);
        let content = text.as_ref().ok();
        let entry = Entry {
            number,
            id,
            place,
            content: content.map(|(source, _)| Sha256::digest(source).into()),
            metadata,
            outcome: match &text {
                Ok(_) => Outcome::Written,
                Err(failure) => Outcome::Failed(failure.clone()),
            },
        };
        (entry, text.ok())
    }
}

/// A metadata field as text; what is no text as JSON.
fn plain(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// Scores documents until there are no more.
fn work(
    model: &Model,
    options: &Options,
    roles: bool,
    queue: &Mutex<Receiver<(Job, usize)>>,
    messages: &Sender<Message>,
) {
    let mut scorer = model.scorer();
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((job, bytes)) = job else { return };
        let Job {
            mut entry,
            text,
            format,
        } = job;
        let id = entry.id.as_deref();
        let report = catch_unwind(AssertUnwindSafe(|| {
            score(id, text, format, roles, options, &mut scorer)
        }));
        entry.outcome = match report {
            Ok(Ok(report)) => Outcome::Done(Box::new(report)),
            Ok(Err(error)) => Outcome::Failed(failure(&error)),
            Err(panic) => {
                scorer = model.scorer();
                Outcome::Failed(fault(&*panic))
            }
        };
        if messages
            .send(Message::Entry(Box::new(entry), bytes))
            .is_err()
        {
            return;
        }
    }
}

fn score(
    id: Option<&str>,
    text: String,
    format: InputFormat,
    roles: bool,
    options: &Options,
    scorer: &mut Scorer<'_>,
) -> Result<Report, AnalyzeError> {
    let document = ingest(text, format, roles);
    let analysis = analyze_on(document, scorer, options)?;
    let name = Name {
        path: None,
        id: id.map(str::to_owned),
    };
    Ok(Report::new(name, &analysis, scorer.model()))
}

fn failure(error: &AnalyzeError) -> Failure {
    let class = match error {
        AnalyzeError::Language(_) => "language",
        AnalyzeError::Model(_) => "model",
    };
    Failure {
        class: class.to_owned(),
        message: error.to_string(),
    }
}

/// A document that this program cannot take, which is its own fault.
fn fault(panic: &(dyn std::any::Any + Send)) -> Failure {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    Failure {
        class: "internal".to_owned(),
        message: format!(
            "rhetor has a fault that this text shows ({}); please report it with the text",
            text.unwrap_or("unknown")
        ),
    }
}
