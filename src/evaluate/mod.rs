//! How often the model is right, measured on gold annotations.
//!
//! [`run`] has the model read every gold sentence alone and keeps the logits; [`fit`]
//! chooses a decision on them, [`measure`] applies one and counts. The measures are
//! [`tally`] (precision, recall, F1), [`spans`] (how far spans agree), [`calibration`]
//! (whether probabilities mean what they say) and [`bootstrap`] (how far a figure can be
//! trusted). An [`scores::Evaluation`] holds the figures; [`table`] prints them, [`plot`]
//! draws them, [`card`] puts them into a model card, and `scores.json` keeps them.
//!
//! A score is a score against what annotators marked. They disagree with each other, most
//! on the devices that need inference, so no score here is a distance from the truth.

pub mod bootstrap;
pub mod calibration;
pub mod card;
mod choose;
pub mod fit;
pub mod measure;
pub mod measured;
pub mod plot;
pub mod run;
pub mod scores;
pub mod sourcing;
pub mod spans;
pub mod table;
pub mod tally;

use sha2::{Digest, Sha256};

pub use tally::Tally;

use crate::corpus::GoldDocument;
use crate::label::{Family, taxonomy};

const ANY_DEVICE: &str = "any-device";

/// A number of things, as a number to calculate with.
#[expect(
    clippy::cast_precision_loss,
    reason = "nothing is counted up to 2^52 here"
)]
pub(crate) fn count(n: usize) -> f64 {
    n as f64
}

/// Whether an output is one of the framing devices.
fn is_device(output: &str) -> bool {
    taxonomy()
        .get(output)
        .is_some_and(|label| label.family == Family::Framing)
}

/// Whether the spans of a token output are read only in sentences where the sentence
/// output of the same name is on.
fn gated(output: &str) -> bool {
    output == ANY_DEVICE || is_device(output)
}

/// The SHA-256, in hexadecimal, of gold documents: corpus, name, text and every label of
/// each; their order does not matter.
pub fn data_sha256<'g>(documents: impl Iterator<Item = &'g GoldDocument>) -> String {
    let mut each: Vec<[u8; 32]> = documents.map(digest).collect();
    each.sort_unstable();
    crate::model::sha256(&each.concat())
}

fn digest(document: &GoldDocument) -> [u8; 32] {
    let mut state = Sha256::new();
    // A length before each string keeps neighbours apart.
    let mut add = |text: &str| {
        state.update((text.len() as u64).to_le_bytes());
        state.update(text);
    };
    for text in [&document.corpus, &document.id, &document.text] {
        add(text);
    }
    for name in &document.token {
        add(name);
    }
    for sentence in &document.sentences {
        add(&format!("{}..{}", sentence.span.start, sentence.span.end));
        for (label, on) in &sentence.labels {
            add(&format!("{label}={on}"));
        }
    }
    for span in &document.spans {
        add(&format!(
            "{} {}..{}",
            span.output, span.span.start, span.span.end
        ));
    }
    state.finalize().into()
}
