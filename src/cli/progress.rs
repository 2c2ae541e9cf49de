//! How far a long run is: a bar on a terminal, a line every half minute elsewhere, on
//! standard error.

use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rhetor::batch::Tally;

/// Between two lines.
const EVERY: Duration = Duration::from_secs(30);

/// Shows how far a run is, until it is dropped.
pub struct Progress {
    begun: Instant,
    total: Option<u64>,
    shown: Shown,
}

enum Shown {
    Nothing,
    Bar(ProgressBar),
    Lines {
        tally: Arc<Mutex<Tally>>,
        stop: Option<Sender<()>>,
        ticker: Option<JoinHandle<()>>,
    },
}

impl Progress {
    /// Begins; `total` are the records of the input, where that is known.
    pub fn new(total: Option<u64>, quiet: bool) -> Self {
        let begun = Instant::now();
        let shown = if quiet {
            Shown::Nothing
        } else if io::stderr().is_terminal() {
            Shown::Bar(bar(total))
        } else {
            lines(begun, total)
        };
        Self {
            begun,
            total,
            shown,
        }
    }

    /// Shows these counts.
    pub fn show(&self, tally: &Tally) {
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => {
                bar.set_position(tally.records);
                bar.set_message(rates(tally, self.begun.elapsed(), self.total));
            }
            Shown::Lines { tally: shared, .. } => {
                let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                shared.clone_from(tally);
            }
        }
    }

    /// How long it has gone on.
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        match &mut self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => bar.finish_and_clear(),
            Shown::Lines { stop, ticker, .. } => {
                drop(stop.take());
                if let Some(ticker) = ticker.take() {
                    let _ = ticker.join();
                }
            }
        }
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    let template = match total {
        Some(_) => "{bar:10} {human_pos}/{human_len} {wide_msg}",
        None => "{spinner} {human_pos} {wide_msg}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn lines(begun: Instant, total: Option<u64>) -> Shown {
    let (stop, stopped) = mpsc::channel::<()>();
    let tally = Arc::new(Mutex::new(Tally::default()));
    let shared = tally.clone();
    let ticker = thread::spawn(move || {
        while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
            let tally = shared
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            let of = total.map_or_else(String::new, |total| format!(" of {total}"));
            let rates = rates(&tally, begun.elapsed(), total);
            anstream::eprintln!("{}{of} documents, {rates}", tally.records);
        }
    });
    Shown::Lines {
        tally,
        stop: Some(stop),
        ticker: Some(ticker),
    }
}

/// `12.3 documents/s, 456 sentences/s, 2 failed, 5 min left`.
fn rates(tally: &Tally, elapsed: Duration, total: Option<u64>) -> String {
    let (documents, sentences) = per_second(tally, elapsed);
    let mut text = format!(
        "{documents:.1} documents/s, {sentences:.0} sentences/s, {} failed",
        tally.failed
    );
    let left = total.map(|total| total.saturating_sub(tally.records));
    if let Some(left) = left.filter(|_| documents > 0.0) {
        let seconds = count(left) / documents;
        let (left, unit) = match seconds {
            s if s < 90.0 => (s, "s"),
            s if s < 5400.0 => (s / 60.0, "min"),
            s => (s / 3600.0, "h"),
        };
        let _ = write!(text, ", {left:.0} {unit} left");
    }
    text
}

/// Scored documents and sentences a second.
pub fn per_second(tally: &Tally, elapsed: Duration) -> (f64, f64) {
    let seconds = elapsed.as_secs_f64().max(1e-3);
    (
        count(tally.done) / seconds,
        count(tally.sentences) / seconds,
    )
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
fn count(number: u64) -> f64 {
    number as f64
}
