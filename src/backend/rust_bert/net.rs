//! The networks that rust-bert has, each behind the same function from ids to logits.

use rust_bert::RustBertError;
use rust_bert::albert::{
    AlbertConfig, AlbertForSequenceClassification, AlbertForTokenClassification,
};
use rust_bert::bert::{BertConfig, BertForSequenceClassification, BertForTokenClassification};
use rust_bert::distilbert::{
    DistilBertConfig, DistilBertForTokenClassification, DistilBertModelClassifier,
};
use rust_bert::electra::{ElectraConfig, ElectraForTokenClassification};
use rust_bert::roberta::{RobertaForSequenceClassification, RobertaForTokenClassification};
use serde_json::Value;
use tch::Tensor;
use tch::nn::Path;

use super::load;
use crate::backend::{Architecture, BackendError, Head, Network};

/// Ids [1, tokens] to logits, [1, tokens, outputs] or [1, outputs].
pub(super) type Forward = Box<dyn Fn(&Tensor) -> Result<Tensor, RustBertError>>;

/// A network with fresh variables under `root`.
pub(super) fn build(
    root: &Path<'_>,
    network: &Network,
    config: &Value,
) -> Result<Forward, BackendError> {
    use {Architecture as A, Head as H};
    macro_rules! forward {
        ($net:ty, $config:ty, |$bound:ident, $ids:ident| $output:expr) => {{
            let config: $config = serde_json::from_value(config.clone())
                .map_err(|e| load(format!("config.json: {e}")))?;
            let $bound = <$net>::new(root, &config).map_err(|e| load(e.to_string()))?;
            Ok(Box::new(move |$ids: &Tensor| $output))
        }};
    }
    // Most give their output, DistilBERT a result of it.
    macro_rules! plain {
        ($net:ty, $config:ty) => {
            forward!($net, $config, |net, ids| Ok(net
                .forward_t(Some(ids), None, None, None, None, false)
                .logits))
        };
    }
    macro_rules! distilbert {
        ($net:ty) => {
            forward!($net, DistilBertConfig, |net, ids| Ok(net
                .forward_t(Some(ids), None, None, false)?
                .logits))
        };
    }
    match (network.architecture, network.head) {
        (A::Bert, H::Token) => plain!(BertForTokenClassification, BertConfig),
        (A::Bert, H::Sequence) => plain!(BertForSequenceClassification, BertConfig),
        (A::Roberta | A::XlmRoberta, H::Token) => {
            plain!(RobertaForTokenClassification, BertConfig)
        }
        (A::Roberta | A::XlmRoberta, H::Sequence) => {
            plain!(RobertaForSequenceClassification, BertConfig)
        }
        (A::DistilBert, H::Token) => distilbert!(DistilBertForTokenClassification),
        (A::DistilBert, H::Sequence) => distilbert!(DistilBertModelClassifier),
        (A::Electra, H::Token) => plain!(ElectraForTokenClassification, ElectraConfig),
        (A::Albert, H::Token) => plain!(AlbertForTokenClassification, AlbertConfig),
        (A::Albert, H::Sequence) => plain!(AlbertForSequenceClassification, AlbertConfig),
        (A::Electra, H::Sequence) => Err(missing("ELECTRA for sequence classification")),
        (A::Mpnet, _) => Err(missing("MPNet")),
        // Version 0.23 has both, and gives other logits than `transformers` (by more than 1 in
        // the conformance checkpoints): v1 takes the number of heads for the length of the
        // sentence when it clamps relative positions; v2 does not shift them, and scales them
        // by a size instead of its root.
        (A::Deberta | A::DebertaV2, _) => Err(missing("DeBERTa that reads positions rightly")),
    }
}

fn missing(what: &str) -> BackendError {
    load(format!(
        "rust-bert has no {what}; write an ONNX file with `optimum-cli export onnx` and run it \
         on rten, without --backend rust-bert"
    ))
}
