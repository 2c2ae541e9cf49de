//! How much may be between the reader and the writer: so that a slow document, or a slow
//! disk, makes the reader wait instead of filling the memory.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

#[derive(Default)]
struct Inside {
    records: usize,
    bytes: usize,
    closed: bool,
}

/// Counts the records that were read and are not written yet.
pub struct Window {
    inside: Mutex<Inside>,
    left: Condvar,
    records: usize,
    bytes: usize,
}

impl Window {
    /// Room for so many records, with so many bytes of text between them.
    pub fn new(records: usize, bytes: usize) -> Self {
        Self {
            inside: Mutex::default(),
            left: Condvar::new(),
            records,
            bytes,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for room for a record of so many bytes; one that is larger than the window goes
    /// through alone. `false` when nothing is wanted any more.
    pub fn enter(&self, bytes: usize) -> bool {
        let mut inside = self.lock();
        while !inside.closed
            && inside.records > 0
            && (inside.records >= self.records || inside.bytes + bytes > self.bytes)
        {
            inside = self
                .left
                .wait(inside)
                .unwrap_or_else(PoisonError::into_inner);
        }
        inside.records += 1;
        inside.bytes += bytes;
        !inside.closed
    }

    /// A record of so many bytes is written.
    pub fn leave(&self, bytes: usize) {
        let mut inside = self.lock();
        inside.records -= 1;
        inside.bytes -= bytes;
        self.left.notify_all();
    }

    /// Nothing is wanted any more.
    pub fn close(&self) {
        self.lock().closed = true;
        self.left.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::thread;

    #[test]
    fn what_does_not_fit_waits() {
        let window = Window::new(2, 100);
        assert!(window.enter(500));
        let (sender, entered) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                for bytes in [60, 60, 1] {
                    let wanted = window.enter(bytes);
                    sender.send(wanted).unwrap();
                }
            });
            assert!(entered.try_recv().is_err());
            window.leave(500);
            assert!(entered.recv().unwrap());
            assert!(entered.try_recv().is_err());
            window.leave(60);
            assert!(entered.recv().unwrap());
            assert!(entered.recv().unwrap());
            window.close();
            assert!(!window.enter(1));
        });
    }
}
