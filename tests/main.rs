//! All integration tests, in one binary: it links once.

mod suite {
    pub mod analyzer;
    pub mod batch;
    pub mod checkpoints;
    pub mod cli;
    pub mod control;
    pub mod corpus;
    pub mod engines;
    pub mod evaluate;
    pub mod explain;
    pub mod exports;
    pub mod formats;
    pub mod html;
    pub mod hub;
    pub mod ignored;
    pub mod imports;
    pub mod ingestion;
    pub mod model;
    pub mod outputs;
    pub mod pipe;
    pub mod properties;
    pub mod records;
    pub mod segmentation;
    pub mod shells;
    pub mod snapshots;
    pub mod sourcing;
}

use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use rhetor::analyze::{Analysis, Options, analyze};
use rhetor::backend::fake::Fake;
use rhetor::ingest::{self, InputFormat};
use rhetor::model::Model;
use rhetor::report::wire::{Name, Report};
use serde_json::Value;

/// The folder of third-party data, which some tests measure on and which is not part of
/// the repository: `RHETOR_SHARED`. Where it is missing, says what is left out; straight
/// to standard error, since the output of a passing test is not shown.
fn shared(left_out: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("RHETOR_SHARED").map(PathBuf::from);
    if folder.is_none() {
        let _ = writeln!(
            std::io::stderr(),
            "left out, as RHETOR_SHARED is not set: {left_out}"
        );
    }
    folder
}

/// A path in the repository.
fn at_root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(at_root(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// What the fake model lights up: word piece, output, logit. A logit of 2 is a
/// probability of 0.88; the thresholds of the fixture are 0.5, its bands begin at 0.45.
const LIT: &[(&str, &str, f32)] = &[
    ("greedy", "loaded-language", 2.0),
    ("disgrace", "loaded-language", 2.0),
    ("shame", "loaded-language", 3.0),
    ("betrayal", "loaded-language", 1.0),
    ("thugs", "name-calling", 2.0),
    ("puppet", "name-calling", 2.0),
    ("regime", "name-calling", -0.1),
    ("proud", "flag-waving", 1.0),
    ("never", "doubt", 2.0),
    ("greedy", "any-device", 3.0),
    ("shame", "any-device", 3.0),
    ("betrayal", "any-device", 2.0),
    ("thugs", "any-device", 2.0),
    ("foolish", "any-device", 1.0),
    ("minister", "source", 3.0),
    ("experts", "source", 3.0),
    ("council", "source", 3.0),
    ("mayor", "source", 3.0),
    ("said", "cue", 3.0),
    ("according", "cue", 3.0),
    ("say", "cue", 3.0),
    ("insisted", "cue", 3.0),
    ("–", "cue", 3.0),
    ("said", "attributed", 3.0),
    ("harbour", "content", 3.0),
    ("port", "content", 3.0),
];

/// A model with the real tokenizer and outputs, and no weights.
fn fake_model() -> Model {
    let json = |file: &str| {
        serde_json::from_str(&read(&format!("tests/fixtures/fake-model/{file}"))).unwrap()
    };
    fake(&json("config.json"), &json("decision.json"), LIT)
}

/// A model with the real tokenizer, the outputs of `config`, and no weights, that lights
/// up what `lit` says.
fn fake(config: &Value, decision: &Value, lit: &[(&str, &str, f32)]) -> Model {
    let tokenizer = read("models/rhetor-minilm-v5/tokenizer.json");
    let columns = config["id2label"].as_object().unwrap();
    let column = |name: &str| columns.values().position(|column| column == name).unwrap();
    let vocabulary = rhetor::tokenize::Tokenizer::from_json(tokenizer.as_bytes(), 512).unwrap();
    Model::assemble(
        "fake",
        "0".repeat(64),
        config.to_string().as_bytes(),
        tokenizer.as_bytes(),
        Some(decision.to_string().as_bytes()),
        |network| {
            let mut fake = Fake::new(network.outputs);
            for &(token, output, logit) in lit {
                let id = vocabulary
                    .id(token)
                    .unwrap_or_else(|| panic!("`{token}` is no piece"));
                fake.light(id, column(output), logit);
            }
            Ok(Box::new(fake))
        },
    )
    .unwrap()
}

/// Analyses a text with the fake model.
fn analyze_fake(source: &str, format: InputFormat) -> Analysis {
    analyze_with(&fake_model(), source, format)
}

/// Analyses a text with a model.
fn analyze_with(model: &Model, source: &str, format: InputFormat) -> Analysis {
    let source = ingest::decode(source.as_bytes().to_vec()).unwrap();
    let document = ingest::ingest(source, format, true);
    let options = Options {
        any_language: true,
        ..Options::default()
    };
    analyze(document, model, &options).unwrap()
}

/// The report on a Markdown text, scored on so many threads.
fn report(text: &str, threads: usize, model: &Model) -> Report {
    let document = ingest::ingest(text.to_owned(), InputFormat::Markdown, true);
    let options = Options {
        threads: NonZeroUsize::new(threads).unwrap(),
        ..Options::default()
    };
    let analysis = analyze(document, model, &options).unwrap();
    let name = Name {
        path: None,
        id: None,
    };
    Report::new(name, &analysis, model)
}

/// Alone, each of the first scored sentences has the scores that it has among the others.
fn assert_scored_alone_as_among(report: &Report, count: usize, model: &Model) {
    let mut scorer = model.scorer();
    let sentences = report.sentences.iter();
    let found = sentences.filter_map(|s| Some((s, s.probabilities.as_ref()?)));
    for (sentence, among) in found.take(count) {
        let alone = scorer.score(&sentence.text).unwrap();
        for (output, probability) in model.outputs.sentence.iter().zip(alone.scores.sentence) {
            let difference = (among.get(&output.name).unwrap() - probability).abs();
            assert!(difference < f32::EPSILON, "{}: {}", model.name, output.name);
        }
    }
}
