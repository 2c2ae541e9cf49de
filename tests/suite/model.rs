//! The model that ships: it loads, its scores have the right shape, and they depend on
//! the sentence alone.

use std::collections::BTreeMap;
use std::path::Path;

use rhetor::backend::Engine;
use rhetor::decode;
use rhetor::model::{Model, ModelError, sha256};
use rhetor::tokenize::Tokenizer;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{assert_scored_alone_as_among, at_root, read, report};

const FOLDER: &str = "models/rhetor-minilm-v5";

fn model() -> Model {
    Model::load(&at_root(FOLDER), Engine::Rten, None).unwrap()
}

#[test]
fn the_sums_of_the_folder_hold() {
    for line in read(&format!("{FOLDER}/SHA256SUMS")).lines() {
        let (sum, file) = line.split_once("  ").unwrap();
        let bytes = std::fs::read(at_root(FOLDER).join(file)).unwrap();
        assert_eq!(sha256(&bytes), sum, "{file}");
    }
}

#[cfg(feature = "embedded-model")]
#[test]
fn the_model_in_the_binary_is_the_folder() {
    let (embedded, loaded) = (Model::embedded().unwrap(), model());
    assert_eq!(embedded.name, loaded.name);
    assert_eq!(embedded.sha256, loaded.sha256);
    let sentence = "The shameful betrayal of our harbour must end.";
    assert_eq!(
        embedded.scorer().score(sentence).unwrap(),
        loaded.scorer().score(sentence).unwrap()
    );
}

#[test]
fn rhetoric_scores_higher_than_plain_report() {
    let model = model();
    let any = model.outputs.sentence_index("any-device").unwrap();
    let attributed = model.outputs.sentence_index("attributed").unwrap();
    let mut scorer = model.scorer();
    let mut score = |sentence: &str| scorer.score(sentence).unwrap().scores.sentence;
    let rhetoric = score("These cowardly traitors have sold our great nation to the enemy!");
    let plain = score("The committee meets on Tuesday at the town hall.");
    let speech = score("The ferry will run again in March, said harbour master Mira Tolland.");
    assert!(
        rhetoric[any] > 0.6 && plain[any] < 0.3,
        "{} {}",
        rhetoric[any],
        plain[any]
    );
    assert!(
        speech[attributed] > 0.8 && plain[attributed] < 0.3,
        "{} {}",
        speech[attributed],
        plain[attributed]
    );
}

#[test]
fn threads_and_neighbours_change_no_byte() {
    let model = model();
    let text = read("corpora/articles/grain-opinion.md");
    let one = report(&text, 1, &model);
    assert_eq!(one, report(&text, 3, &model));
    assert_scored_alone_as_among(&one, 8, &model);
}

#[test]
fn three_hundred_tokens_are_not_cut() {
    let tokenizer =
        Tokenizer::from_json(read(&format!("{FOLDER}/tokenizer.json")).as_bytes(), 512).unwrap();
    let sentence = format!("{}end", "the port ".repeat(150));
    let encoding = tokenizer.encode(&sentence).unwrap();
    assert_eq!(encoding.offsets.len(), 301);
    assert_eq!(encoding.windows.len(), 1);
    assert_eq!(encoding.windows[0].ids.len(), 303);
    assert_eq!(encoding.offsets[300].of(&sentence), "end");
}

#[test]
fn longer_sentences_are_split_and_merged() {
    let model = model();
    let mut scorer = model.scorer();
    let short = scorer.score("The traitors sold our port.").unwrap();
    assert!(!short.split);
    let long = format!("{}The traitors sold our port.", "and then ".repeat(600));
    let parts = scorer.score(&long).unwrap();
    assert!(parts.split);
    assert_eq!(parts.scores.token.nrows(), parts.offsets.len());
    assert_eq!(parts.offsets.len(), 1200 + short.offsets.len());
    assert!(parts.scores.token.iter().all(|p| (0.0..=1.0).contains(p)));
}

/// The four files that a model is loaded from.
const FILES: [&str; 4] = [
    "config.json", "tokenizer.json", "model.onnx", "decision.json",
];

/// A copy of the model folder without its `SHA256SUMS`.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in FILES {
        std::fs::copy(at_root(FOLDER).join(file), folder.path().join(file)).unwrap();
    }
    folder
}

/// The error of loading the folder after `change` to a file, which is then put back.
fn refusal(folder: &Path, file: &str, change: impl FnOnce(&mut Value)) -> String {
    let path = folder.join(file);
    let before = std::fs::read_to_string(&path).unwrap();
    let mut json: Value = serde_json::from_str(&before).unwrap();
    change(&mut json);
    std::fs::write(&path, json.to_string()).unwrap();
    let error = Model::load(folder, Engine::Rten, None)
        .err()
        .expect(file)
        .to_string();
    std::fs::write(&path, before).unwrap();
    error
}

#[test]
fn a_missing_file_is_named() {
    let folder = copy();
    for file in FILES {
        let kept = std::fs::read(folder.path().join(file)).unwrap();
        std::fs::remove_file(folder.path().join(file)).unwrap();
        let error = Model::load(folder.path(), Engine::Rten, None)
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains(&format!("{file}: ")), "{error}");
        assert!(error.contains("a model folder holds"), "{error}");
        // What is fitted need not be there yet.
        let unfitted = Model::load_unfitted(folder.path(), Engine::Rten, None);
        assert_eq!(unfitted.is_ok(), file == "decision.json", "{file}");
        std::fs::write(folder.path().join(file), kept).unwrap();
    }
}

#[test]
fn every_file_is_the_one_that_the_sums_list() {
    let folder = copy();
    let sums = read(&format!("{FOLDER}/SHA256SUMS"));
    std::fs::write(folder.path().join("SHA256SUMS"), &sums).unwrap();
    for file in FILES {
        let path = folder.path().join(file);
        let kept = std::fs::read(&path).unwrap();
        std::fs::write(&path, [kept.as_slice(), b"\n"].concat()).unwrap();
        let error = Model::load(folder.path(), Engine::Rten, None)
            .err()
            .unwrap();
        assert!(
            matches!(&error, ModelError::Checksum { path: named, .. } if *named == path),
            "{error}"
        );
        assert!(error.to_string().contains("changed on purpose"), "{error}");
        std::fs::write(&path, kept).unwrap();
    }
    // Sums taken in binary mode, and a file that they do not list.
    let binary: Vec<String> = sums.lines().map(|line| line.replace("  ", " *")).collect();
    std::fs::write(folder.path().join("SHA256SUMS"), binary.join("\n")).unwrap();
    let decision = folder.path().join("decision.json");
    let changed = [std::fs::read(&decision).unwrap().as_slice(), b"\n"].concat();
    std::fs::write(&decision, changed).unwrap();
    assert!(matches!(
        Model::load(folder.path(), Engine::Rten, None),
        Err(ModelError::Checksum { .. })
    ));
    let others: Vec<&str> = sums
        .lines()
        .filter(|line| !line.ends_with("decision.json"))
        .collect();
    std::fs::write(folder.path().join("SHA256SUMS"), others.join("\n")).unwrap();
    assert!(Model::load(folder.path(), Engine::Rten, None).is_ok());
}

#[test]
fn files_that_do_not_belong_together_are_refused_by_name() {
    let folder = copy();
    let folder = folder.path();
    for (file, at, value, message) in [
        // Without the block it is anybody's classifier, whose labels are all on the tokens.
        (
            "config.json",
            "/rhetor",
            json!(null),
            "a label stands for `attributed`, which is read of a sentence",
        ),
        (
            "config.json",
            "/rhetor/format",
            json!(7),
            "`rhetor.format` is 7",
        ),
        (
            "config.json",
            "/id2label",
            json!({"1": "doubt"}),
            "without gaps",
        ),
        // A label outside the taxonomy.
        (
            "config.json",
            "/rhetor/sentence/4",
            json!("irony"),
            "lists the output `irony`, which is neither a label (`rhetor labels`) nor one of any-device",
        ),
        (
            "decision.json",
            "/format",
            json!(1),
            "format is 1, this version reads 2",
        ),
        (
            "decision.json",
            "/sentence/doubt",
            json!({}),
            "missing field `temperature`",
        ),
        // Fitted on another model.
        (
            "decision.json",
            "/model_sha256",
            json!("ab".repeat(32)),
            "`rhetor evaluate --fit`",
        ),
        ("tokenizer.json", "", json!({}), "tokenizer.json"),
    ] {
        let error = refusal(folder, file, |json| *json.pointer_mut(at).unwrap() = value);
        assert!(error.contains(message), "{error}");
    }
    // A head of the wrong size.
    let error = refusal(folder, "config.json", |config| {
        config["id2label"]["23"] = json!("biased");
    });
    assert!(
        error.contains("has 23 outputs, id2label in config.json lists 24"),
        "{error}"
    );
    // No model at all.
    std::fs::write(folder.join("model.onnx"), b"no model").unwrap();
    let error = refusal(folder, "decision.json", |decision| {
        decision["model_sha256"] = json!(sha256(b"no model"));
    });
    assert!(error.contains("weights cannot be loaded"), "{error}");
}

#[derive(Deserialize)]
struct Reference {
    text: String,
    ids: Vec<u32>,
    probabilities: BTreeMap<String, f32>,
    spans: BTreeMap<String, Vec<String>>,
}

/// Against Python: `tokenizers` with its C parts, onnxruntime, and the decoding that the
/// thresholds were chosen with (models/training/reference.py). Both engines round int8 in
/// their own way, so probabilities may differ a little, most where the strongest token counts,
/// and a token near its threshold may fall on the other side: probabilities must be the same
/// in the mean and near each other everywhere, nearly all spans the same.
#[test]
fn another_implementation_agrees() {
    let model = model();
    let tokenizer =
        Tokenizer::from_json(read(&format!("{FOLDER}/tokenizer.json")).as_bytes(), 512).unwrap();
    let references: Vec<Reference> =
        serde_json::from_str(&read("tests/fixtures/reference.json")).unwrap();
    let mut scorer = model.scorer();
    let (mut same, mut all) = (0, 0);
    let mut differences = Vec::new();
    for reference in &references {
        let text = &reference.text;
        assert_eq!(
            tokenizer.encode(text).unwrap().windows[0].ids,
            reference.ids,
            "{text}"
        );
        let found = scorer.score(text).unwrap();
        for (output, probability) in model.outputs.sentence.iter().zip(&found.scores.sentence) {
            let expected = reference.probabilities[&output.name];
            assert!(
                (probability - expected).abs() < 0.1,
                "{}: {probability}, expected {expected}: {text}",
                output.name
            );
            differences.push((probability - expected).abs());
        }
        for (column, output) in model.outputs.token.iter().enumerate() {
            let spans = decode::spans(text, &found.offsets, &found.scores, column, output);
            let spans: Vec<&str> = spans.iter().map(|span| span.of(text)).collect();
            all += 1;
            same += usize::from(spans == reference.spans[&output.name]);
        }
    }
    let count = u16::try_from(differences.len()).unwrap();
    let mean = differences.iter().sum::<f32>() / f32::from(count);
    assert!(mean < 0.01, "probabilities differ by {mean} in the mean");
    assert!(
        same * 100 >= all * 95,
        "{same} of {all} lists of spans are the same"
    );
    assert!(
        references
            .iter()
            .any(|r| r.spans.values().flatten().count() > 2)
    );
}
