//! The contract for engines that bring their own cluster: documents in as JSON lines, reports
//! out as JSON lines, one line for one line, in order.
//!
//! Several documents are scored at a time, one on each thread, and what lies between the
//! reader and the writer is bounded, so memory does not grow with the input. What is answered
//! is handed on as soon as the next answer has to be waited for: whoever sends one line and
//! waits gets its answer.

use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, SyncSender, TryRecvError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::analyze::{self, analyze_on};
use crate::ingest;
use crate::model::{Model, Scorer};
use crate::records::{self, Fault, Lines, Place, STDIN};
use crate::report::json;
use crate::report::wire::{Entry, ErrorReport, Name, Refusal, Report};
use crate::window::Window;

/// Lines between the reader and the writer, for each thread.
const LINES: usize = 4;
/// Bytes of them, for each thread; a report takes some twenty times its text.
const BYTES: usize = 1 << 20;

/// What is asked of each document.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which fields of a line are what, and how large it may be.
    pub records: records::Options,
    /// Make every block body, whatever it looks like.
    pub without_roles: bool,
    /// What the analysis is asked for, and on how many threads documents are scored.
    pub analysis: analyze::Options,
}

/// A line to answer.
struct Job {
    line: Result<Vec<u8>, Fault>,
    answer: SyncSender<Vec<u8>>,
}

/// An answer to wait for, and the bytes that it holds of the window.
type Pending = (Receiver<Vec<u8>>, usize);

/// Answers every line of `input` with a line on `out`: a report, or a refusal that says what
/// is wrong with the line, an empty one too. Returns how many there were.
///
/// # Errors
/// When `input` cannot be read or `out` cannot be written to; every line before is answered.
/// A thread that waits for more of `input` is then left to the end of the process.
pub fn run(
    input: impl BufRead + Send + 'static,
    out: &mut impl Write,
    model: &Arc<Model>,
    options: &Arc<Options>,
) -> io::Result<u64> {
    let threads = options.analysis.threads.get();
    let window = Arc::new(Window::new(threads * LINES, threads * BYTES));
    let (jobs, queue) = mpsc::sync_channel(threads);
    let (order, pending) = mpsc::channel();
    let queue = Arc::new(Mutex::new(queue));
    for _ in 0..threads {
        let (queue, model, options) = (queue.clone(), model.clone(), options.clone());
        thread::spawn(move || work(&queue, &model, &options));
    }
    let lines = Lines::new(input, options.records.max_bytes);
    let entered = window.clone();
    thread::spawn(move || read(lines, &entered, &order, &jobs));
    let written = write(&pending, &window, out);
    window.close();
    written
}

/// Reads lines until there are no more, or nobody wants them.
fn read(
    mut lines: Lines<impl BufRead>,
    window: &Window,
    order: &mpsc::Sender<io::Result<Pending>>,
    jobs: &SyncSender<Job>,
) {
    let mut first = true;
    loop {
        let line = match lines.next_line() {
            Ok(None) => return,
            Ok(Some(line)) if first => {
                Ok(line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).to_vec())
            }
            Ok(Some(line)) => Ok(line.to_vec()),
            Err(fault) if fault.ends_file() => {
                // Nobody listens when the output is closed.
                let _ = order.send(Err(io::Error::other(fault)));
                return;
            }
            Err(fault) => Err(fault),
        };
        first = false;
        let bytes = line.as_ref().map_or(0, Vec::len);
        let (answer, answered) = mpsc::sync_channel(1);
        let job = Job { line, answer };
        let wanted = window.enter(bytes)
            && order.send(Ok((answered, bytes))).is_ok()
            && jobs.send(job).is_ok();
        if !wanted {
            return;
        }
    }
}

/// Answers lines until there are no more.
fn work(queue: &Mutex<Receiver<Job>>, model: &Model, options: &Options) {
    let mut scorer = model.scorer();
    let place = Place {
        file: Arc::new(STDIN.into()),
        row: None,
    };
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        let answered = catch_unwind(AssertUnwindSafe(|| {
            answer(job.line, &place, &mut scorer, options)
        }));
        let entry = answered.unwrap_or_else(|_| {
            scorer = model.scorer();
            let message = "rhetor failed on this document, which is a fault of its own; please \
                           report it, with the document";
            refusal(None, message.to_owned())
        });
        let mut line = Vec::new();
        // Writing to memory does not fail.
        let _ = json::write_line(&mut line, &entry);
        // Nobody listens when the output is closed.
        let _ = job.answer.send(line);
    }
}

fn answer(
    line: Result<Vec<u8>, Fault>,
    place: &Place,
    scorer: &mut Scorer<'_>,
    options: &Options,
) -> Entry {
    let line = match line {
        Ok(line) => line,
        Err(fault) => return refusal(None, fault.to_string()),
    };
    let record = match records::read_line(&line, place.clone(), &options.records) {
        Ok(record) => record,
        // Without the place: which line it is, its own place among the answers says, and so
        // an answer does not depend on how an engine cut the input into parts.
        Err(error) => return refusal(error.id, error.fault.to_string()),
    };
    drop(line);
    let document = ingest::ingest(record.source, record.format, !options.without_roles);
    match analyze_on(document, scorer, &options.analysis) {
        Ok(analysis) => {
            let name = Name {
                path: None,
                id: record.id,
            };
            let report = Report::new(name, &analysis, scorer.model());
            Entry::Report(Box::new(report))
        }
        Err(error) => refusal(record.id, error.to_string()),
    }
}

fn refusal(id: Option<String>, message: String) -> Entry {
    Entry::Refusal(Refusal {
        document: Name { path: None, id },
        error: ErrorReport { message },
    })
}

/// Writes the answers in the order of the lines.
fn write(
    pending: &Receiver<io::Result<Pending>>,
    window: &Window,
    out: &mut impl Write,
) -> io::Result<u64> {
    let mut written = 0;
    while let Some(next) = ready(pending, out)? {
        let (answer, bytes) = next?;
        let line = ready(&answer, out)?
            .ok_or_else(|| io::Error::other("a thread ended without an answer"))?;
        out.write_all(&line)?;
        window.leave(bytes);
        written += 1;
    }
    out.flush()?;
    Ok(written)
}

/// The next of a channel, handing on what was written when it has to be waited for; `None`
/// at its end.
fn ready<T>(channel: &Receiver<T>, out: &mut impl Write) -> io::Result<Option<T>> {
    match channel.try_recv() {
        Ok(next) => Ok(Some(next)),
        Err(TryRecvError::Disconnected) => Ok(None),
        Err(TryRecvError::Empty) => {
            out.flush()?;
            Ok(channel.recv().ok())
        }
    }
}
