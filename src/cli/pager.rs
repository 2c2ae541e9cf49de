//! A pager for a report that is longer than the terminal.
//!
//! Output is held back until it fills the terminal; only then a pager is started, and what
//! fits is printed as it is. Without a pager that can be started everything is.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::{Child, Command, Stdio};

/// When no variable names another.
const DEFAULT: &str = "less -FRX";

/// Standard output, through a pager where it is long.
pub struct Pager {
    /// The program and its arguments.
    command: Vec<String>,
    /// Lines of the terminal.
    height: usize,
    state: State,
}

enum State {
    /// What was written, and its lines.
    Held(Vec<u8>, usize),
    Paged(Child),
    Plain,
}

impl Pager {
    /// When standard output is a terminal and `RHETOR_PAGER` or `PAGER` does not turn it off
    /// (empty, or `cat`).
    pub fn new() -> Option<Self> {
        if !io::stdout().is_terminal() {
            return None;
        }
        let (_, height) = terminal_size::terminal_size()?;
        let named = env::var("RHETOR_PAGER").or_else(|_| env::var("PAGER"));
        let named = named.unwrap_or_else(|_| DEFAULT.to_owned());
        let command: Vec<String> = named.split_whitespace().map(str::to_owned).collect();
        let wanted = command.first().is_some_and(|program| program != "cat");
        wanted.then(|| Self {
            command,
            height: usize::from(height.0),
            state: State::Held(Vec::new(), 0),
        })
    }

    /// Starts the pager, and gives it or standard output what was held back.
    fn begin(&mut self) -> io::Result<()> {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).stdin(Stdio::piped());
        // As git does: leave when it fits after all, keep colours, leave the screen alone.
        if env::var_os("LESS").is_none() {
            command.env("LESS", "FRX");
        }
        let state = command.spawn().map_or(State::Plain, State::Paged);
        if matches!(state, State::Paged(_)) {
            // An interrupt is for the pager, which goes on showing what it has.
            let _ = ctrlc::set_handler(|| {});
        }
        match std::mem::replace(&mut self.state, state) {
            State::Held(held, _) => self.write_all(&held),
            _ => Ok(()),
        }
    }
}

impl Write for Pager {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.state {
            State::Held(held, lines) => {
                held.extend_from_slice(bytes);
                *lines += memchr::memchr_iter(b'\n', bytes).count();
                if *lines >= self.height {
                    self.begin()?;
                }
                Ok(bytes.len())
            }
            State::Paged(child) => match &mut child.stdin {
                Some(stdin) => stdin.write(bytes),
                None => Err(io::ErrorKind::BrokenPipe.into()),
            },
            State::Plain => io::stdout().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.state {
            State::Held(..) => Ok(()), // until it is known whether it fits
            State::Paged(child) => child.stdin.as_mut().map_or(Ok(()), Write::flush),
            State::Plain => io::stdout().flush(),
        }
    }
}

impl Drop for Pager {
    /// Prints what fits, or waits until the reader has seen enough.
    fn drop(&mut self) {
        match &mut self.state {
            State::Held(held, _) => {
                let mut out = io::stdout().lock();
                let _ = out.write_all(held).and_then(|()| out.flush());
            }
            State::Paged(child) => {
                drop(child.stdin.take());
                let _ = child.wait();
            }
            State::Plain => {}
        }
    }
}
