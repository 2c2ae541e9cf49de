//! A backend without weights, for tests of everything behind the encoder.
//!
//! It lights up chosen outputs on chosen tokens and on `[CLS]`, by the same rule on
//! every machine, so that snapshots of reports can be compared to the byte.

use std::collections::HashMap;

use ndarray::Array2;

use super::{Backend, BackendError, Worker};

/// Logits by token id.
#[derive(Debug, Clone)]
pub struct Fake {
    outputs: usize,
    lit: HashMap<u32, Vec<(usize, f32)>>,
}

impl Fake {
    /// The logit of every output that no token lights up.
    pub const DARK: f32 = -4.0;

    /// Every output of every token is dark.
    #[must_use]
    pub fn new(outputs: usize) -> Self {
        Self {
            outputs,
            lit: HashMap::new(),
        }
    }

    /// Gives an output (a column of the logits) this logit wherever `token` stands, and
    /// on `[CLS]` of its sentence.
    pub fn light(&mut self, token: u32, output: usize, logit: f32) {
        self.lit.entry(token).or_default().push((output, logit));
    }
}

impl Backend for Fake {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(FakeWorker(self))
    }
}

struct FakeWorker<'f>(&'f Fake);

impl Worker for FakeWorker<'_> {
    fn logits(&mut self, ids: &[u32]) -> Result<Array2<f32>, BackendError> {
        let mut logits = Array2::from_elem((ids.len(), self.0.outputs), Fake::DARK);
        for (row, id) in ids.iter().enumerate() {
            for &(output, logit) in self.0.lit.get(id).into_iter().flatten() {
                logits[[row, output]] = logit;
                logits[[0, output]] = logits[[0, output]].max(logit);
            }
        }
        Ok(logits)
    }
}
