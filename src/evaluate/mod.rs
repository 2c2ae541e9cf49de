//! How often the model is right, measured on gold annotations: the measures.
//!
//! [`tally`] (precision, recall, F1), [`spans`] (how far spans agree), [`calibration`]
//! (whether probabilities mean what they say) and [`bootstrap`] (how far a figure can be
//! trusted).

pub mod bootstrap;
pub mod calibration;
pub mod spans;
pub mod tally;

pub use tally::Tally;

/// A number of things, as a number to calculate with.
#[expect(
    clippy::cast_precision_loss,
    reason = "nothing is counted up to 2^52 here"
)]
fn count(n: usize) -> f64 {
    n as f64
}
