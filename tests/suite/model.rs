//! The model that ships: it loads, its scores have the right shape, and they depend on
//! the sentence alone.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use rhetor::analyze::{Options, analyze};
use rhetor::decode;
use rhetor::ingest::{InputFormat, ingest};
use rhetor::model::{Model, ModelError, sha256};
use rhetor::report::wire::{Name, Report};
use rhetor::tokenize::Tokenizer;
use serde::Deserialize;

use crate::{at_root, read};

const FOLDER: &str = "models/rhetor-minilm-v1";

fn model() -> Model {
    Model::load(&at_root(FOLDER)).unwrap()
}

fn report(text: &str, threads: usize, model: &Model) -> Report {
    let document = ingest(text.to_owned(), InputFormat::Markdown, true);
    let options = Options {
        threads: NonZeroUsize::new(threads).unwrap(),
        ..Options::default()
    };
    let analysis = analyze(document, model, &options).unwrap();
    Report::new(
        Name {
            path: None,
            id: None,
        },
        &analysis,
        model,
    )
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
    // Alone, each sentence has the scores that it has among the others.
    let mut scorer = model.scorer();
    for sentence in one
        .sentences
        .iter()
        .filter(|s| s.probabilities.is_some())
        .take(8)
    {
        let alone = scorer.score(&sentence.text).unwrap();
        let among = sentence.probabilities.as_ref().unwrap();
        for (output, probability) in model.outputs.sentence.iter().zip(alone.scores.sentence) {
            assert!((among[&output.name] - probability).abs() < f32::EPSILON);
        }
    }
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

#[test]
fn damaged_folders_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let error = |folder: &std::path::Path| Model::load(folder).err().unwrap().to_string();
    assert!(error(folder.path()).contains("config.json"));

    for file in [
        "config.json",
        "tokenizer.json",
        "decision.json",
        "SHA256SUMS",
    ] {
        std::fs::copy(at_root(FOLDER).join(file), folder.path().join(file)).unwrap();
    }
    std::fs::write(folder.path().join("model.onnx"), b"no model").unwrap();
    assert!(matches!(
        Model::load(folder.path()),
        Err(ModelError::Checksum { .. })
    ));
    std::fs::remove_file(folder.path().join("SHA256SUMS")).unwrap();
    assert!(error(folder.path()).contains("weights cannot be loaded"));

    std::fs::write(folder.path().join("decision.json"), "{}").unwrap();
    assert!(error(folder.path()).contains("decision.json"));
    let plain = r#"{"max_position_embeddings": 512, "id2label": {"0": "a"}}"#;
    std::fs::write(folder.path().join("config.json"), plain).unwrap();
    std::fs::copy(
        at_root(FOLDER).join("decision.json"),
        folder.path().join("decision.json"),
    )
    .unwrap();
    assert!(error(folder.path()).contains("no block `rhetor`"));
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
/// their own way, so probabilities may differ a little, and a token near its threshold may
/// fall on the other side: nearly all spans must be the same.
#[test]
fn another_implementation_agrees() {
    let model = model();
    let tokenizer =
        Tokenizer::from_json(read(&format!("{FOLDER}/tokenizer.json")).as_bytes(), 512).unwrap();
    let references: Vec<Reference> =
        serde_json::from_str(&read("tests/fixtures/reference.json")).unwrap();
    let mut scorer = model.scorer();
    let (mut same, mut all) = (0, 0);
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
                (probability - expected).abs() < 0.05,
                "{}: {probability}, expected {expected}: {text}",
                output.name
            );
        }
        for (column, output) in model.outputs.token.iter().enumerate() {
            let spans = decode::spans(text, &found.offsets, &found.scores, column, output);
            let spans: Vec<&str> = spans.iter().map(|span| span.of(text)).collect();
            all += 1;
            same += usize::from(spans == reference.spans[&output.name]);
        }
    }
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
