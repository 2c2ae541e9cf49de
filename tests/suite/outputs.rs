//! Models with other outputs than the one that ships, and outputs that are no labels.

use rhetor::analyze::Analysis;
use rhetor::finding::Status;
use rhetor::ingest::InputFormat;
use rhetor::model::Model;
use rhetor::report::terminal::{self, Layout};
use rhetor::report::wire::{Entry, Name, Report};
use serde_json::{Value, json};

use crate::{analyze_with, fake};

/// A model with these outputs, all at temperature 1, threshold 0.5 and a band from 0.45.
fn model(sentence: &[&str], token: &[&str], lit: &[(&str, &str, f32)]) -> Model {
    let mut columns = sentence.to_vec();
    columns.extend(token.iter().filter(|name| !sentence.contains(name)));
    let id2label: serde_json::Map<String, Value> = columns
        .iter()
        .enumerate()
        .map(|(i, name)| (i.to_string(), json!(name)))
        .collect();
    let config = json!({
        "model_type": "bert",
        "max_position_embeddings": 512,
        "id2label": id2label,
        "rhetor": {"format": 1, "sentence": sentence, "token": token},
    });
    let of = |names: &[&str], entry: Value| -> Value {
        names
            .iter()
            .map(|name| ((*name).to_owned(), entry.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let decision = json!({
        "format": 2, "model_sha256": "0".repeat(64), "data_sha256": "", "fitted_on": "tune",
        "sentence": of(sentence, json!({
            "temperature": 1.0, "bias": 0.0, "strongest": 0.0, "threshold": 0.5, "abstain_from": 0.45,
            "status": "stable", "tune_f1": 0.5, "precision": [[0.5, 0.6], [0.8, 0.75]],
        })),
        "token": of(token, json!({
            "temperature": 1.0, "threshold": 0.5, "gap": 0, "tune_f1": 0.5,
        })),
    });
    fake(&config, &decision, lit)
}

fn report(model: &Model, text: &str) -> (Analysis, Report) {
    let analysis = analyze_with(model, text, InputFormat::Text);
    let name = Name {
        path: Some("text.txt".to_owned()),
        id: None,
    };
    let report = Report::new(name, &analysis, model);
    (analysis, report)
}

fn page(model: &Model, analysis: &Analysis, preview: bool) -> String {
    let layout = Layout {
        width: 80,
        colour: false,
        preview,
    };
    let mut page = Vec::new();
    terminal::write(&mut page, "text.txt", analysis, model, layout).unwrap();
    // Lines are wrapped; words are looked for.
    let words = String::from_utf8(page).unwrap();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn assert_valid(report: &Report) {
    let schema = serde_json::to_value(rhetor::report::wire::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let entry = serde_json::to_value(Entry::Report(Box::new(report.clone()))).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&entry)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

const EXTRAS: [&str; 6] = [
    "any-device", "attributed", "weasel", "check-worthy", "subjective", "biased",
];

const TEXT: &str = "The harbour stays shut in winter. It was a disgrace for the council.";

#[test]
fn outputs_that_are_no_labels_are_in_the_json_and_make_no_findings() {
    let sentence = [&["loaded-language"], &EXTRAS[..]].concat();
    let lit: Vec<(&str, &str, f32)> = EXTRAS
        .iter()
        .filter(|name| **name != "any-device")
        .map(|name| ("harbour", *name, 2.0))
        .collect();
    let model = model(
        &sentence,
        &["loaded-language", "any-device", "biased"],
        &lit,
    );
    let (analysis, report) = report(&model, TEXT);
    assert_valid(&report);

    let mut names = sentence.clone();
    names.sort_unstable();
    assert!(report.manifest.thresholds.keys().eq(names.iter().copied()));
    for (index, expected) in [(0, 0.8808), (1, 0.018)] {
        let probabilities = report.sentences[index].probabilities.as_ref().unwrap();
        let found: Vec<&str> = probabilities.iter().map(|(name, _)| name).collect();
        assert_eq!(found, names);
        for name in &EXTRAS[1..] {
            let found = probabilities.get(name).unwrap();
            assert!((found - expected).abs() < 1e-6, "{name} {found}");
        }
    }
    assert!(report.sentences.iter().all(|s| s.findings.is_empty()));
    assert!(report.summary.labels.is_empty());
    assert_eq!(report.summary.sentences_with_findings, 0);
    let page = page(&model, &analysis, true);
    assert!(page.contains("0 sentences with at least one finding, of 2 scored."));
    for sign in ["biased", "weasel", "subjective", "check-worthy", "^^", "~~"] {
        assert!(!page.contains(sign), "{page}");
    }
}

#[test]
fn a_model_may_have_any_subset_of_the_outputs() {
    let model = model(
        &["loaded-language"],
        &[],
        &[("disgrace", "loaded-language", 2.0)],
    );
    let (analysis, report) = report(&model, TEXT);
    assert_valid(&report);
    let sentence = &report.sentences[1];
    let probabilities = sentence.probabilities.as_ref().unwrap();
    let found: Vec<&str> = probabilities.iter().map(|(name, _)| name).collect();
    assert_eq!(found, ["loaded-language"]);
    assert_eq!(sentence.any_device, None);
    assert_eq!(sentence.findings[0].label, "loaded-language");
    assert!(sentence.findings[0].evidence.is_empty());
    assert!(report.attributions.is_empty());
    assert!(page(&model, &analysis, false).contains("loaded-language 0.88 in the sentence as a"));
}

#[test]
fn what_is_too_near_to_call_is_no_finding() {
    // The sigmoid of -0.08 is 0.48.
    let outputs = ["loaded-language", "any-device"];
    let lit = outputs.map(|output| ("disgrace", output, -0.08));
    let mut model = model(&outputs, &outputs, &lit);
    let (analysis, near) = report(&model, TEXT);
    let [finding] = near.sentences[1].findings.as_slice() else {
        panic!("{:?}", near.sentences[1].findings)
    };
    assert_eq!(finding.status, Status::Abstained);
    assert_eq!(near.summary.sentences_with_findings, 0);
    let counts = &near.summary.labels["loaded-language"];
    assert_eq!((counts.reported, counts.abstained), (0, 1));
    let any = near.sentences[1].any_device.as_ref().unwrap();
    assert!(any.evidence.is_empty());
    let hidden = page(&model, &analysis, false);
    assert!(!hidden.contains("loaded-language"), "{hidden}");
    assert!(hidden.contains("1 too near"), "{hidden}");
    assert!(page(&model, &analysis, true).contains("loaded-language 0.48 (too near to call)"));

    model
        .outputs
        .set_threshold("loaded-language", 0.47)
        .unwrap();
    let (_, over) = report(&model, TEXT);
    assert_eq!(over.sentences[1].findings[0].status, Status::Reported);
    assert_eq!(over.summary.sentences_with_findings, 1);
}

#[test]
fn an_output_that_never_reaches_the_precision_is_off_and_named() {
    let lit = [
        ("disgrace", "loaded-language", 5.0),
        ("disgrace", "any-device", 5.0),
        ("harbour", "any-device", 1.0),
    ];
    let outputs = ["loaded-language", "any-device"];
    let mut model = model(&outputs, &outputs, &lit);
    model.outputs.require_precision(0.7).unwrap();
    let (_, some) = report(&model, TEXT);
    assert!(some.document.notes.iter().all(|note| !note.contains("off")));
    assert!((some.manifest.thresholds["any-device"] - 0.8).abs() < 1e-6);
    assert_eq!(some.summary.sentences_with_findings, 1);
    let lit = |report: &Report, i: usize| {
        let any = report.sentences[i].any_device.as_ref().unwrap();
        !any.evidence.is_empty()
    };
    // 0.73 is under 0.8.
    assert!(!lit(&some, 0) && lit(&some, 1));

    model.outputs.require_precision(0.8).unwrap();
    model.outputs.set_threshold("any-device", 0.7).unwrap();
    let (analysis, little) = report(&model, TEXT);
    assert_valid(&little);
    assert!(little.manifest.thresholds.keys().eq(["any-device"]));
    assert!(little.summary.labels.is_empty());
    assert!(lit(&little, 0) && lit(&little, 1));
    let note = little.document.notes.last().unwrap();
    assert!(
        note.ends_with("these outputs are off: loaded-language"),
        "{note}"
    );
    assert_eq!(
        page(&model, &analysis, false)
            .matches("outputs are off")
            .count(),
        1
    );
}
