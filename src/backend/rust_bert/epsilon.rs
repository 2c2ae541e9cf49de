//! BERT's layers with another epsilon than rust-bert has fixed.
//!
//! rust-bert normalises with ε = 1e-12 in BERT and RoBERTa, whatever `layer_norm_eps` says
//! (RoBERTa's is 1e-5). A layer norm does not see the scale of its input but for ε:
//! norm(a·x, ε) = norm(x, ε/a²). So the weights are rescaled once, for every hidden state to
//! be a times what it was, with a = √(1e-12/ε): what writes a hidden state is multiplied by
//! a, what reads one is divided by it, and the logits come out as the checkpoint means them.

use std::collections::HashMap;

use tch::Tensor;

/// What rust-bert normalises with.
const FIXED: f64 = 1e-12;

/// Rescales the weights of a BERT, RoBERTa or XLM-RoBERTa with any head.
pub(super) fn rescale(weights: &mut HashMap<String, Tensor>, epsilon: f64) {
    let scale = (FIXED / epsilon).sqrt();
    for (name, tensor) in weights {
        if writes(name) {
            *tensor = &*tensor * scale;
        } else if reads(name) {
            *tensor = &*tensor / scale;
        }
    }
}

/// Whether a tensor adds to a hidden state, or makes one.
fn writes(name: &str) -> bool {
    name.contains(".embeddings.") || name.contains("LayerNorm.") || name.contains(".output.dense.")
}

/// Whether a tensor is multiplied with a hidden state.
fn reads(name: &str) -> bool {
    const READERS: [&str; 7] = [
        ".self.query.weight",
        ".self.key.weight",
        ".self.value.weight",
        ".intermediate.dense.weight",
        // The heads: BERT's of a sentence, RoBERTa's of a sentence, both's of tokens.
        ".pooler.dense.weight",
        "classifier.dense.weight",
        "classifier.weight",
    ];
    READERS.iter().any(|reader| name.ends_with(reader))
}
