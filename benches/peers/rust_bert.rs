//! rust-bert as its users call it: batches sorted by length, padded and masked, on all cores.
//! A contender of `peers.py`, which builds and runs it: MODEL BATCH SENTENCES.json.

use rust_bert::bert::{BertConfig, BertForTokenClassification};
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor};
use tokenizers::{PaddingParams, Tokenizer};

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let [folder, batch, sentences] = arguments.as_slice() else {
        // Among all benches, without its arguments.
        eprintln!("peers.py runs this: MODEL BATCH SENTENCES.json");
        return;
    };
    let text = std::fs::read_to_string(sentences).expect("the sentences are there");
    let mut sentences: Vec<String> = serde_json::from_str(&text).expect("they are a list");
    sentences.sort_by_key(String::len);

    let mut tokenizer =
        Tokenizer::from_file(format!("{folder}/tokenizer.json")).expect("a tokenizer");
    tokenizer
        .with_truncation(None)
        .expect("it truncates nothing");
    tokenizer.with_padding(Some(PaddingParams::default()));
    let mut config: serde_json::Value = serde_json::from_str(
        &std::fs::read_to_string(format!("{folder}/config.json")).expect("a configuration"),
    )
    .expect("it is JSON");
    config["initializer_range"] = 0.02.into();
    let config: BertConfig = serde_json::from_value(config).expect("it is a BERT");
    let mut store = VarStore::new(Device::Cpu);
    let model = BertForTokenClassification::new(store.root(), &config).expect("it has labels");
    store
        .load(format!("{folder}/model.safetensors"))
        .expect("the weights fit");
    store.float();

    for group in sentences.chunks(batch.parse().expect("a number")) {
        let encodings = tokenizer
            .encode_batch(group.to_vec(), true)
            .expect("they are text");
        let stack = |read: fn(&tokenizers::Encoding) -> &[u32]| {
            let rows: Vec<Tensor> = encodings
                .iter()
                .map(|e| read(e).iter().map(|&x| i64::from(x)).collect::<Vec<_>>())
                .map(|row| Tensor::from_slice(&row))
                .collect();
            Tensor::stack(&rows, 0)
        };
        let (ids, mask) = (
            stack(tokenizers::Encoding::get_ids),
            stack(tokenizers::Encoding::get_attention_mask),
        );
        let output =
            tch::no_grad(|| model.forward_t(Some(&ids), Some(&mask), None, None, None, false));
        let probabilities = output.logits.sigmoid().to_kind(Kind::Float);
        Vec::<f32>::try_from(probabilities.flatten(0, -1)).expect("they are numbers");
    }
}
