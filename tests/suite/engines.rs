//! Engines against one another and against `transformers`: the same weights, the same
//! numbers.

use std::path::PathBuf;

use rhetor::backend::rten::Rten;
use rhetor::backend::{Architecture, Backend, Engine, Head, Network};
use rhetor::model::Model;
use rhetor::tokenize::Tokenizer;
use serde::Deserialize;
use serde_json::Value;

use crate::{at_root, read};

/// Of f32 logits, from one implementation to another.
const CLOSE: f32 = 1e-4;
const ENGINES: &str = "tests/fixtures/engines";
const TINY: &str = "tests/fixtures/engines/bert";

/// What `tests/fixtures/engines/make.py` writes.
#[derive(Deserialize)]
struct Row {
    text: String,
    ids: Vec<u32>,
    logits: Vec<Vec<f32>>,
}

fn tiny() -> PathBuf {
    at_root(TINY)
}

/// A tiny checkpoint of random weights, as `transformers` saves it.
struct Checkpoint {
    name: String,
    network: Network,
}

impl Checkpoint {
    /// Every architecture with either head.
    fn all() -> Vec<Self> {
        let heads = [(Head::Token, "token"), (Head::Sequence, "sequence")];
        Architecture::ALL
            .into_iter()
            .flat_map(|(architecture, model_type, _)| {
                heads.map(|(head, suffix)| {
                    let name = format!("{model_type}-{suffix}");
                    let config: Value =
                        serde_json::from_str(&read(&format!("{ENGINES}/{name}/config.json")))
                            .unwrap();
                    Self {
                        name,
                        network: Network {
                            architecture,
                            head,
                            outputs: config["id2label"].as_object().unwrap().len(),
                            positions: 320,
                        },
                    }
                })
            })
            .collect()
    }

    fn file(&self, file: &str) -> PathBuf {
        at_root(ENGINES).join(&self.name).join(file)
    }

    fn rows(&self) -> Vec<Row> {
        serde_json::from_slice(&std::fs::read(self.file("reference.json")).unwrap()).unwrap()
    }

    /// The largest difference between the logits of an engine and those of `transformers`.
    fn worst(&self, backend: &dyn Backend) -> f32 {
        let mut worker = backend.worker();
        let mut worst = 0.0_f32;
        for row in self.rows() {
            let logits = worker.logits(&row.ids).unwrap();
            assert_eq!(
                logits.dim(),
                (row.logits.len(), self.network.outputs),
                "{}",
                self.name
            );
            for (a, b) in logits.iter().zip(row.logits.iter().flatten()) {
                worst = worst.max((a - b).abs());
            }
        }
        worst
    }
}

/// The largest difference between the logits of an engine and those of `transformers`, on a
/// model folder of rhetor's own.
fn worst(engine: Engine) -> f32 {
    let rows: Vec<Row> = serde_json::from_str(&read(&format!("{TINY}/reference.json"))).unwrap();
    let model = Model::load_unfitted(&tiny(), engine, None).unwrap();
    let mut scorer = model.scorer();
    let mut worst = 0.0_f32;
    for row in rows {
        let raw = scorer.logits(&row.text).unwrap();
        assert_eq!(raw.offsets.len() + 2, row.ids.len(), "{}", row.text);
        // The last row of the reference is [SEP], which no output is read from.
        for (own, expected) in raw.logits.rows().into_iter().zip(&row.logits) {
            for (a, b) in own.iter().zip(expected) {
                worst = worst.max((a - b).abs());
            }
        }
    }
    worst
}

#[test]
fn rten_says_what_transformers_says() {
    let worst = worst(Engine::Rten);
    assert!(worst < CLOSE, "{worst}");
}

#[test]
fn rten_runs_every_architecture_as_transformers_does() {
    for checkpoint in Checkpoint::all() {
        let onnx = std::fs::read(checkpoint.file("model.onnx")).unwrap();
        let engine = Rten::from_bytes(onnx, checkpoint.network).unwrap();
        let worst = checkpoint.worst(&engine);
        assert!(worst < CLOSE, "{}: {worst}", checkpoint.name);
    }
}

#[test]
fn every_tokenizer_gives_the_ids_of_transformers() {
    for checkpoint in Checkpoint::all() {
        let json = std::fs::read(checkpoint.file("tokenizer.json")).unwrap();
        let tokenizer = Tokenizer::from_json(&json, 320).unwrap();
        for row in checkpoint.rows() {
            let encoding = tokenizer.encode(&row.text).unwrap();
            assert_eq!(encoding.windows[0].ids, row.ids, "{}", checkpoint.name);
            // No span begins or ends with the space before a word.
            for span in &encoding.offsets {
                let words = span.of(&row.text);
                assert_eq!(words.trim(), words, "{}", checkpoint.name);
            }
        }
    }
}

#[cfg(not(feature = "rust-bert"))]
#[test]
fn an_engine_that_is_not_built_in_is_refused_with_the_way_to_build_it() {
    use rhetor::backend::Device;
    let error = Model::load_unfitted(&tiny(), Engine::RustBert(Device::Cpu), None);
    let error = error.err().unwrap().to_string();
    assert!(error.contains("--features rust-bert"), "{error}");
}

#[cfg(feature = "rust-bert")]
mod rust_bert {
    use std::collections::HashSet;

    use crate::report;
    use rhetor::backend::Device;
    use rhetor::backend::rust_bert::RustBert;
    use rhetor::mapping::LabelMap;
    use rhetor::report::wire::Probabilities;

    use super::*;

    const ENGINE: Engine = Engine::RustBert(Device::Cpu);
    const SHIPPED: &str = "models/rhetor-minilm-v5";

    #[test]
    fn says_what_transformers_says() {
        let worst = worst(ENGINE);
        assert!(worst < CLOSE, "{worst}");
    }

    #[test]
    fn runs_every_architecture_that_it_has_as_transformers_does() {
        let mut refused = Vec::new();
        for checkpoint in Checkpoint::all() {
            let config = std::fs::read(checkpoint.file("config.json")).unwrap();
            let weights = checkpoint.file("model.safetensors");
            match RustBert::load(&weights, &config, checkpoint.network, Device::Cpu) {
                Ok(engine) => {
                    let worst = checkpoint.worst(&engine);
                    assert!(worst < CLOSE, "{}: {worst}", checkpoint.name);
                }
                Err(error) => {
                    let error = error.to_string();
                    assert!(
                        error.contains("rust-bert has no"),
                        "{}: {error}",
                        checkpoint.name
                    );
                    assert!(error.contains("optimum-cli export onnx"), "{error}");
                    refused.push(checkpoint.name);
                }
            }
        }
        assert_eq!(
            refused,
            [
                "electra-sequence",
                "mpnet-token",
                "mpnet-sequence",
                "deberta-token",
                "deberta-sequence",
                "deberta-v2-token",
                "deberta-v2-sequence"
            ]
        );
    }

    #[test]
    fn threads_change_no_byte() {
        let model = Model::load(&at_root(SHIPPED), ENGINE, None).unwrap();
        let article = read("corpora/articles/grain-opinion.md");
        assert_eq!(report(&article, 1, &model), report(&article, 3, &model));
    }

    /// f32 on libtorch and int8 on rten, by the sentence outputs that come out on.
    #[test]
    fn finds_what_the_shipped_int8_model_finds() {
        let int8 = Model::load(&at_root(SHIPPED), Engine::Rten, None).unwrap();
        let full = Model::load(&at_root(SHIPPED), ENGINE, None).unwrap();
        let (mut both, mut either) = (0, 0);
        for article in [
            "grain-opinion.md",
            "harbour-wire.md",
            "port-of-velda.md",
            "festival.txt",
        ] {
            let article = format!("corpora/articles/{article}");
            let text = read(&article);
            let reports = [report(&text, 2, &int8), report(&text, 2, &full)];
            let on = reports.each_ref().map(|report| {
                let mut on = HashSet::new();
                for (i, sentence) in report.sentences.iter().enumerate() {
                    for (output, p) in sentence.probabilities.iter().flat_map(Probabilities::iter) {
                        if report
                            .manifest
                            .thresholds
                            .get(output)
                            .is_some_and(|t| p >= *t)
                        {
                            on.insert((i, output.to_owned()));
                        }
                    }
                }
                on
            });
            both += on[0].intersection(&on[1]).count();
            either += on[0].len() + on[1].len();
            for (i, output) in on[0].symmetric_difference(&on[1]) {
                let [a, b] = reports.each_ref().map(|r| {
                    r.sentences[*i]
                        .probabilities
                        .as_ref()
                        .unwrap()
                        .get(output)
                        .unwrap()
                });
                let threshold = reports[0].manifest.thresholds[output];
                println!(
                    "{article} sentence {i} {output}: int8 {a}, f32 {b}, threshold {threshold}"
                );
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        let f1 = 2.0 * both as f64 / either as f64;
        println!("F1 of f32 against int8: {f1:.4} ({both} in both)");
        assert!(f1 >= 0.97, "{f1}");
    }

    #[test]
    fn folders_without_usable_weights_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["config.json", "tokenizer.json", "model.onnx"] {
            std::fs::copy(tiny().join(file), folder.path().join(file)).unwrap();
        }
        let refused = || {
            let loaded = Model::load_unfitted(folder.path(), ENGINE, None);
            loaded.err().unwrap().to_string()
        };
        assert!(refused().contains("model.safetensors"), "{}", refused());
        std::fs::write(folder.path().join("pytorch_model.bin"), "").unwrap();
        assert!(refused().contains("save_pretrained"), "{}", refused());
        std::fs::write(folder.path().join("model.safetensors"), "no tensors").unwrap();
        assert!(refused().contains("cannot be loaded"), "{}", refused());

        let weights = at_root(SHIPPED).join("model.safetensors");
        std::fs::copy(weights, folder.path().join("model.safetensors")).unwrap();
        assert!(
            refused().contains("the head of the weights has"),
            "{}",
            refused()
        );

        // Weights of another network.
        for (file, from) in [
            ("config.json", "distilbert-token"),
            ("model.safetensors", "albert-token"),
        ] {
            let from = at_root(ENGINES).join(from).join(file);
            std::fs::copy(from, folder.path().join(file)).unwrap();
        }
        let map = LabelMap::named("ptc-14").unwrap();
        let error = Model::load(folder.path(), ENGINE, Some(&map))
            .err()
            .unwrap();
        let error = error.to_string();
        assert!(error.contains("tensor `albert."), "{error}");
        assert!(error.contains("cannot be run"), "{error}");
    }

    #[test]
    fn a_device_that_is_not_there_is_refused() {
        let error = Model::load_unfitted(&tiny(), Engine::RustBert(Device::Cuda(97)), None);
        let error = error.err().unwrap().to_string();
        assert!(error.contains("cuda:97"), "{error}");
    }
}
