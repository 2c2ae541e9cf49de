//! Other people's checkpoints: what their outputs mean, and what is asked for or refused.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rhetor::backend::{Device, Engine};
use rhetor::calibrate::Decision;
use rhetor::mapping::LabelMap;
use rhetor::model::Model;
use serde_json::{Value, json};

use crate::{assert_scored_alone_as_among, at_root, read, report};

const ENGINES: &str = "tests/fixtures/engines";

fn load(folder: &Path, map: Option<&str>) -> Result<Model, String> {
    let map = map.map(|name| LabelMap::named(name).unwrap());
    Model::load(folder, Engine::Rten, map.as_ref()).map_err(|e| e.to_string())
}

fn checkpoint(name: &str, map: Option<&str>) -> Model {
    load(&at_root(ENGINES).join(name), map).unwrap()
}

/// A copy of a checkpoint without its weights for rust-bert.
fn copy(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["config.json", "tokenizer.json", "model.onnx"] {
        let from = at_root(ENGINES).join(name).join(file);
        std::fs::copy(from, folder.path().join(file)).unwrap();
    }
    folder
}

fn rename(folder: &Path, file: &str, to: &str) {
    std::fs::rename(folder.join(file), folder.join(to)).unwrap();
}

fn change(folder: &Path, name: &str, key: &str, value: Value) {
    let mut config: Value =
        serde_json::from_str(&read(&format!("{ENGINES}/{name}/config.json"))).unwrap();
    config[key] = value;
    std::fs::write(folder.join("config.json"), config.to_string()).unwrap();
}

fn softmax(row: &[f64]) -> Vec<f64> {
    let sum: f64 = row.iter().map(|x| x.exp()).sum();
    row.iter().map(|x| x.exp() / sum).collect()
}

/// By output: the probability that the logits of `transformers` give a sentence, by the
/// textbook: a softmax or a sigmoid, and of a head for tokens the largest of a token.
fn expected(name: &str, logits: &[Vec<f64>]) -> BTreeMap<&'static str, f64> {
    let sigmoid = |row: &Vec<f64>| row.iter().map(|x| 1.0 / (1.0 + (-x).exp())).collect();
    let largest = |rows: &[Vec<f64>], columns: &[usize]| {
        rows.iter()
            .map(|row| columns.iter().map(|&c| row[c]).sum::<f64>())
            .fold(0.0, f64::max)
    };
    let config: Value =
        serde_json::from_str(&read(&format!("{ENGINES}/{name}/config.json"))).unwrap();
    let rows = if name.ends_with("token") {
        &logits[1..logits.len() - 1]
    } else {
        logits
    };
    let shares: Vec<Vec<f64>> = rows.iter().map(|row| softmax(row)).collect();
    match config["problem_type"].as_str() {
        None => BTreeMap::from([
            ("loaded-language", largest(&shares, &[1, 2])),
            ("doubt", largest(&shares, &[3, 4])),
        ]),
        Some("single_label_classification") => {
            let biased = largest(&shares, &[1]);
            BTreeMap::from([("biased", biased), ("other:biased", biased)])
        }
        _ => {
            let each: Vec<Vec<f64>> = rows.iter().map(sigmoid).collect();
            BTreeMap::from([
                ("loaded-language", largest(&each, &[0])),
                ("doubt", largest(&each, &[1])),
                ("slogan", largest(&each, &[2])),
            ])
        }
    }
}

#[test]
fn every_checkpoint_means_what_its_logits_say() {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(at_root(ENGINES))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir() && !path.ends_with("bert"))
        .collect();
    folders.sort();
    assert_eq!(folders.len(), 18);
    for folder in folders {
        let name = folder.file_name().unwrap().to_str().unwrap();
        let config = read(&format!("{ENGINES}/{name}/config.json"));
        let map = if config.contains("Biased") {
            "babe"
        } else {
            "ptc-14"
        };
        let model = checkpoint(name, Some(map));
        assert!(!model.calibrated);
        let rows: Vec<Value> =
            serde_json::from_str(&read(&format!("{ENGINES}/{name}/reference.json"))).unwrap();
        for row in rows {
            let text = row["text"].as_str().unwrap();
            let logits: Vec<Vec<f64>> = serde_json::from_value(row["logits"].clone()).unwrap();
            let expected = expected(name, &logits);
            let found = model.scorer().score(text).unwrap().scores.sentence;
            assert_eq!(found.len(), expected.len(), "{name}");
            for (output, p) in model.outputs.sentence.iter().zip(found) {
                let expected = expected[output.name.as_str()];
                assert!(
                    (f64::from(p) - expected).abs() < 2e-4,
                    "{name}, {}: {p} for {expected}: {text}",
                    output.name
                );
            }
        }
    }
}

#[test]
fn threads_and_neighbours_change_no_byte() {
    let text = read("corpora/articles/harbour-wire.md");
    for name in ["deberta-token", "albert-sequence"] {
        let model = checkpoint(name, Some("ptc-14"));
        let one = report(&text, 1, &model);
        assert_eq!(one, report(&text, 3, &model), "{name}");
        assert_scored_alone_as_among(&one, 5, &model);
    }
}

#[test]
fn a_report_says_that_nothing_was_calibrated_and_no_source_looked_for() {
    let model = checkpoint("distilbert-sequence", Some("babe"));
    let report = report(
        "Officials lost 5,000 tons of grain. It was shameful.",
        1,
        &model,
    );
    assert!(!report.manifest.model.calibrated);
    let notes = report.document.notes.join("\n");
    assert!(notes.contains("not calibrated"), "{notes}");
    assert!(
        notes.contains("no sourcing gaps were looked for"),
        "{notes}"
    );
    let labels = report.sentences.iter().flat_map(|s| &s.findings);
    let labels: Vec<&str> = labels.map(|f| f.label.as_str()).collect();
    assert!(
        labels.iter().all(|label| *label == "other:biased"),
        "{labels:?}"
    );
    let biased = report
        .sentences
        .iter()
        .map(|s| s.probabilities.as_ref().unwrap().get("biased").unwrap());
    assert_eq!(labels.len(), biased.filter(|p| *p >= 0.5).count());
}

#[test]
fn a_checkpoint_can_be_fitted() {
    let folder = copy("bert-sequence");
    let unfitted = load(folder.path(), Some("ptc-14")).unwrap();
    let outputs: Vec<String> = unfitted
        .outputs
        .sentence
        .iter()
        .map(|o| o.name.clone())
        .collect();
    let mut decision = Decision::unfitted(&unfitted.sha256, &outputs, &[], false);
    let doubt = decision.sentence.get_mut("doubt").unwrap();
    (doubt.threshold, doubt.abstain_from) = (0.25, 0.2);
    let json = serde_json::to_string(&decision).unwrap();
    std::fs::write(folder.path().join("decision.json"), json).unwrap();
    let fitted = load(folder.path(), Some("ptc-14")).unwrap();
    assert!(fitted.calibrated);
    let doubt = &fitted.outputs.sentence[fitted.outputs.sentence_index("doubt").unwrap()];
    assert!((doubt.decision.threshold - 0.25).abs() < f32::EPSILON);
}

#[test]
fn labels_that_nobody_knows_are_asked_for() {
    let folder = copy("distilbert-sequence");
    let folder = folder.path();
    let refused = || load(folder, None).err().unwrap();
    assert!(
        refused().contains("`Non-biased` and 1 more; --label-map babe knows them"),
        "{}",
        refused()
    );
    change(
        folder,
        "distilbert-sequence",
        "id2label",
        json!({"0": "LABEL_0", "1": "LABEL_1"}),
    );
    let error = refused();
    assert!(error.contains("no label `LABEL_0` and 1 more"), "{error}");
    assert!(
        error.contains("`\"LABEL_0\" = \"doubt\"`, `\"other:label-0\"`"),
        "{error}"
    );

    // The folder's own mapping.
    let map = folder.join("labels.map.toml");
    std::fs::write(&map, "[labels]\nLABEL_0 = 'none'\nLABEL_1 = 'any-device'\n").unwrap();
    let model = load(folder, None).unwrap();
    assert!(model.outputs.sentence_index("any-device").is_some());
    std::fs::write(&map, "[labels]\nLABEL_0 = 'doubt'\nLABEL_1 = 'doubt'\n").unwrap();
    assert!(
        refused().contains("every label stands for `doubt`"),
        "{}",
        refused()
    );
    std::fs::write(&map, "[labels]\nLABEL_0 = 'cue'\nLABEL_1 = 'none'\n").unwrap();
    assert!(
        refused().contains("`cue`, which is read of the tokens"),
        "{}",
        refused()
    );
    std::fs::write(&map, "[labels]\nLABEL_0 = 'none'\nLABEL_1 = 'none'\n").unwrap();
    assert!(refused().contains("none of its labels"), "{}", refused());
    std::fs::write(&map, "labels = 3").unwrap();
    assert!(
        refused().contains("labels.map.toml is not usable"),
        "{}",
        refused()
    );
}

#[test]
fn what_would_have_to_be_guessed_is_asked_for() {
    let name = "bert-sequence";
    let folder = copy(name);
    let folder = folder.path();
    for (key, value, message) in [
        (
            "problem_type",
            json!(null),
            "add `\"problem_type\": \"single_label_classification\"`",
        ),
        (
            "problem_type",
            json!("regression"),
            "problem_type is `regression`",
        ),
        (
            "architectures",
            json!(["BertForPropaganda"]),
            "architectures is `BertForPropaganda`",
        ),
        ("architectures", json!(null), "architectures is missing"),
        (
            "architectures",
            json!(["RobertaForSequenceClassification"]),
            "BertForTokenClassification and BertForSequenceClassification",
        ),
        (
            "model_type",
            json!("gpt2"),
            "model_type is `gpt2`; this version reads bert, distilbert",
        ),
        ("auto_map", json!({"AutoModel": "own.py"}), "Python code"),
        ("id2label", json!(null), "it has no id2label"),
        (
            "id2label",
            json!({"0": "Doubt"}),
            "id2label in config.json lists 1",
        ),
        (
            "max_position_embeddings",
            json!(128),
            "max_position_embeddings is 128",
        ),
    ] {
        change(folder, name, key, value);
        let error = load(folder, Some("ptc-14")).err().expect(key);
        assert!(error.contains(message), "{error}");
    }
    // What config.json leaves open, the mapping may say.
    change(folder, name, "problem_type", json!(null));
    let map = "problem-type = 'multi_label_classification'\n[labels]\nLoaded_Language = 'doubt'\nDoubt = 'doubt'\nSlogans = 'other:chant'\n";
    std::fs::write(folder.join("labels.map.toml"), map).unwrap();
    let model = load(folder, None).unwrap();
    let names: Vec<&str> = model
        .outputs
        .sentence
        .iter()
        .map(|o| o.name.as_str())
        .collect();
    assert_eq!(names, ["doubt", "other:chant"]);
}

#[test]
fn files_in_another_form_are_refused_with_the_way_to_convert_them() {
    let name = "roberta-token";
    let folder = copy(name);
    let folder = folder.path();
    let refused = || load(folder, Some("ptc-14")).err().unwrap();

    rename(folder, "tokenizer.json", "vocab.json");
    assert!(
        refused().contains("only vocab.json, which a tokenizer written in Python"),
        "{}",
        refused()
    );
    rename(folder, "vocab.json", "tokenizer.json");

    let json = std::fs::read_to_string(folder.join("tokenizer.json")).unwrap();
    let mut other: Value = serde_json::from_str(&json).unwrap();
    other["post_processor"] = json!(null);
    std::fs::write(folder.join("tokenizer.json"), other.to_string()).unwrap();
    assert!(refused().contains("special tokens"), "{}", refused());
    std::fs::write(folder.join("tokenizer.json"), json).unwrap();

    // Exporters put the graph into a folder of its own.
    std::fs::create_dir(folder.join("onnx")).unwrap();
    rename(folder, "model.onnx", "onnx/model.onnx");
    load(folder, Some("ptc-14")).unwrap();
    rename(folder, "onnx/model.onnx", "model.safetensors");
    assert!(
        refused().contains("optimum-cli export onnx"),
        "{}",
        refused()
    );
    rename(folder, "model.safetensors", "pytorch_model.bin");
    assert!(
        refused().contains("never read; convert it in Python"),
        "{}",
        refused()
    );
    rename(folder, "pytorch_model.bin", "weights.bin");
    assert!(refused().contains("model.onnx: "), "{}", refused());

    // For rust-bert, whether or not it is built in: the files are looked at first.
    let refused = || {
        let map = LabelMap::named("ptc-14").unwrap();
        let model = Model::load(folder, Engine::RustBert(Device::Cpu), Some(&map));
        model.err().unwrap().to_string()
    };
    rename(folder, "weights.bin", "model.onnx");
    assert!(
        refused().contains("without --backend rust-bert"),
        "{}",
        refused()
    );
    std::fs::write(folder.join("model.safetensors.index.json"), "{}").unwrap();
    assert!(refused().contains("max_shard_size"), "{}", refused());
}
