//! Scores on gold: the measures against another implementation, the figures of a small
//! gold by hand, what `--fit` chooses, and the files that the command keeps.

use std::num::NonZeroUsize;
use std::path::Path;

use assert_cmd::cargo::cargo_bin_cmd;
use predicates::prelude::*;
use predicates::str::contains;
use rhetor::backend::Engine;
use rhetor::calibrate::{Decision, Standing};
use rhetor::corpus::{self, GoldDocument, GoldSentence, GoldSpan, Part};
use rhetor::evaluate::scores::{Evaluation, Scores};
use rhetor::evaluate::{Tally, card, data_sha256, fit, measure, plot, run, spans, table};
use rhetor::label::{Family, taxonomy};
use rhetor::model::Model;
use rhetor::span::Span;
use serde_json::{Value, json};

use crate::{at_root, fake_model, read};

const MODEL: &str = "models/rhetor-minilm-v5";

/// Against a definition written in Python with sets of characters.
#[test]
fn partial_overlap_agrees_with_python_on_a_thousand_span_sets() {
    type Case = (Vec<Vec<[usize; 2]>>, Vec<Vec<[usize; 2]>>, f64, f64, f64);
    let cases: Vec<Case> = serde_json::from_str(&read("tests/fixtures/span_f1.json")).unwrap();
    assert_eq!(cases.len(), 1000);
    let to_spans = |pairs: &[[usize; 2]]| -> Vec<Span> {
        pairs.iter().map(|&[a, b]| Span::new(a, b)).collect()
    };
    for (i, (gold, predicted, p, r, f1)) in cases.iter().enumerate() {
        let tally: Tally = gold
            .iter()
            .zip(predicted)
            .map(|(gold, predicted)| spans::partial(&to_spans(predicted), &to_spans(gold)))
            .sum();
        for (found, expected) in [
            (tally.precision(), p),
            (tally.recall(), r),
            (tally.f1(), f1),
        ] {
            assert!(
                (found - expected).abs() < 1e-8,
                "case {i}: {found}, not {expected}"
            );
        }
    }
}

/// A gold sentence: its text, the outputs that are on, the marked stretches.
type Line<'a> = (&'a str, &'a [&'a str], &'a [(&'a str, &'a str)]);

fn devices() -> Vec<String> {
    let labels = taxonomy().labels.iter();
    labels
        .filter(|label| label.family == Family::Framing)
        .map(|label| label.id.clone())
        .chain(["any-device".to_owned()])
        .collect()
}

/// A document whose sentences are annotated for `sentence` outputs and `token` outputs.
fn document(
    (corpus, id): (&str, &str),
    sentence: &[String],
    token: &[String],
    lines: &[Line<'_>],
) -> GoldDocument {
    let mut gold = GoldDocument {
        corpus: corpus.to_owned(),
        id: id.to_owned(),
        part: Part::Tune,
        text: String::new(),
        token: token.to_vec(),
        sentences: Vec::new(),
        spans: Vec::new(),
    };
    for (text, on, marked) in lines {
        // Two bytes for one code point before every sentence.
        gold.text.push('é');
        let start = gold.text.len();
        gold.text.push_str(text);
        gold.sentences.push(GoldSentence {
            span: Span::new(start, gold.text.len()),
            labels: sentence
                .iter()
                .map(|output| (output.clone(), on.contains(&output.as_str())))
                .collect(),
        });
        gold.spans.extend(marked.iter().map(|(words, output)| {
            let at = start + text.find(words).unwrap();
            GoldSpan {
                span: Span::new(at, at + words.len()),
                output: (*output).to_owned(),
            }
        }));
    }
    gold
}

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// Four documents about the harbour of Velda. The fake model lights up "greedy", "shame",
/// "betrayal" (loaded-language), "thugs" (name-calling), "proud" (flag-waving) and "said".
fn gold() -> Vec<GoldDocument> {
    let framing = |id, lines: &[Line<'_>]| document(("framing", id), &devices(), &devices(), lines);
    let speech = |id, lines: &[Line<'_>]| {
        let token = strings(&["source", "cue", "content"]);
        document(("speech", id), &strings(&["attributed"]), &token, lines)
    };
    vec![
        framing(
            "one",
            &[
                // Both marks right; the model's span is one word of the gold's two.
                (
                    "The greedy few sold the pier.",
                    &["loaded-language", "any-device"],
                    &[("greedy few", "loaded-language")],
                ),
                // Found and not in the gold.
                ("It is a shame, she wrote.", &[], &[]),
                ("The pier is long.", &[], &[]),
            ],
        ),
        framing(
            "two",
            &[
                (
                    "Thugs run the quay of Velda.",
                    &["name-calling", "any-device"],
                    &[("Thugs", "name-calling")],
                ),
                // In the gold and not found.
                (
                    "Who would believe Norland?",
                    &["doubt", "any-device"],
                    &[("Who would believe Norland?", "doubt")],
                ),
            ],
        ),
        speech(
            "three",
            &[
                (
                    "The mayor said the harbour is safe.",
                    &["attributed"],
                    &[
                        ("The mayor", "source"),
                        ("said", "cue"),
                        ("the harbour is safe", "content"),
                    ],
                ),
                ("The pier is long.", &[], &[]),
            ],
        ),
        speech("four", &[("The ferry sails on Monday.", &[], &[])]),
    ]
}

fn threads(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).unwrap()
}

fn evaluate(gold: &[GoldDocument], model: &Model, n: usize) -> Evaluation {
    let documents: Vec<&GoldDocument> = gold.iter().collect();
    let read = run::read(&documents, model, threads(n)).unwrap();
    measure::evaluate(&read, &model.outputs, Some(Part::Tune), threads(n))
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
}

#[test]
fn the_figures_of_a_small_gold_by_hand() {
    let evaluation = evaluate(&gold(), &fake_model(), 2);
    assert_eq!(evaluation.not_scored, Vec::<String>::new());
    let counts: Vec<_> = evaluation
        .documents
        .iter()
        .map(|c| (c.corpus.as_str(), c.documents, c.sentences))
        .collect();
    assert_eq!(counts, [("framing", 2, 5), ("speech", 2, 3)]);

    let loaded = &evaluation.sentence("loaded-language").unwrap().pooled;
    assert_eq!(
        (loaded.sentences, loaded.support, loaded.predicted),
        (5, 1, 2)
    );
    near(loaded.prf.precision.value, 0.5);
    near(loaded.prf.recall.value, 1.0);
    near(loaded.prf.f1.value, 2.0 / 3.0);
    // No: precision 1, recall 3/4, F1 6/7.
    near(
        loaded.both_classes_f1.value,
        f64::midpoint(2.0 / 3.0, 6.0 / 7.0),
    );
    let interval = loaded.prf.f1;
    assert!(interval.low <= interval.value && interval.value <= interval.high);

    // On: loaded-language twice, name-calling once, any doubt of "believe" no.
    near(evaluation.device_micro_f1.unwrap().value, 2.0 / 3.0);
    near(
        evaluation.device_macro_f1.unwrap().value,
        (2.0 / 3.0 + 1.0) / 14.0,
    );
    near(
        evaluation
            .sentence("any-device")
            .unwrap()
            .pooled
            .prf
            .f1
            .value,
        2.0 / 3.0,
    );
    near(
        evaluation
            .sentence("attributed")
            .unwrap()
            .pooled
            .prf
            .f1
            .value,
        1.0,
    );

    // "greedy" in "greedy few" (6 of 10), "shame" in nothing.
    let loaded = &evaluation.token("loaded-language").unwrap().pooled;
    assert_eq!((loaded.exact.support, loaded.exact.predicted), (1, 2));
    near(loaded.partial.prf.precision.value, 0.5);
    near(loaded.partial.prf.recall.value, 0.6);
    near(loaded.overlap.prf.recall.value, 1.0);
    near(loaded.exact.prf.f1.value, 0.0);
    let cue = &evaluation.token("cue").unwrap().pooled;
    near(cue.exact.prf.f1.value, 1.0);
    let source = &evaluation.token("source").unwrap().pooled;
    near(source.overlap.prf.f1.value, 1.0);
    near(source.exact.prf.f1.value, 0.0);
}

#[test]
fn a_device_has_spans_only_where_its_sentence_is_on() {
    let model = fake_model();
    let before = evaluate(&gold(), &model, 1);
    let mut strict = fake_model();
    for output in &mut strict.outputs.sentence {
        output.decision.threshold = 0.99;
    }
    let after = evaluate(&gold(), &strict, 1);
    assert_eq!(
        before
            .token("loaded-language")
            .unwrap()
            .pooled
            .exact
            .predicted,
        2
    );
    assert_eq!(
        after
            .token("loaded-language")
            .unwrap()
            .pooled
            .exact
            .predicted,
        0
    );
    // Attribution has no such gate.
    assert_eq!(before.token("cue"), after.token("cue"));
}

#[test]
fn corpora_that_annotate_the_same_output_are_scored_apart_and_together() {
    let mut gold = gold();
    gold[1].corpus = "another".to_owned();
    let evaluation = evaluate(&gold, &fake_model(), 1);
    let any = evaluation.sentence("any-device").unwrap();
    assert_eq!(any.corpora, ["another", "framing"]);
    assert_eq!(any.pooled.support, 3);
    assert_eq!(any.by_corpus["another"].support, 2);
    assert_eq!(any.by_corpus["framing"].support, 1);
    let name_calling = evaluation.token("name-calling").unwrap();
    near(name_calling.by_corpus["another"].partial.prf.f1.value, 1.0);
    assert!(
        evaluation
            .sentence("attributed")
            .unwrap()
            .by_corpus
            .is_empty()
    );
}

#[test]
fn what_the_model_does_not_say_is_named() {
    let mut gold = gold();
    gold[0].token.push("biased".to_owned());
    gold[3].sentences[0]
        .labels
        .insert("weasel".to_owned(), true);
    let evaluation = evaluate(&gold, &fake_model(), 1);
    assert_eq!(evaluation.not_scored, ["biased", "weasel"]);
    assert!(evaluation.sentence("weasel").is_none());
}

#[test]
fn threads_and_order_change_nothing() {
    let mut gold = gold();
    let model = fake_model();
    let one = evaluate(&gold, &model, 1);
    assert_eq!(one, evaluate(&gold, &model, 3));
    let hash = data_sha256(gold.iter());
    gold.reverse();
    assert_eq!(hash, data_sha256(gold.iter()));
    assert_eq!(hash, one.data_sha256);
    let changed = |change: &dyn Fn(&mut GoldDocument)| {
        let mut gold = gold.clone();
        change(&mut gold[1]);
        data_sha256(gold.iter()) != hash
    };
    assert!(changed(
        &|document| document.spans[0].output = "doubt".to_owned()
    ));
    assert!(changed(&|document| document.id.push('b')));
    assert!(changed(&|document| {
        document.sentences[0]
            .labels
            .insert("attributed".to_owned(), false);
    }));
}

#[test]
fn a_fit_scores_as_it_says() {
    let gold = gold();
    let mut model = fake_model();
    let documents: Vec<&GoldDocument> = gold.iter().collect();
    let read = run::read(&documents, &model, threads(2)).unwrap();
    let (outputs, kept) = fit::fit(&read, &model.outputs, None, threads(2)).unwrap();
    assert!(kept.is_empty());
    model.outputs = outputs;
    let evaluation = measure::evaluate(&read, &model.outputs, None, threads(2));
    for output in &model.outputs.sentence {
        let own = &output.decision;
        let scored = evaluation.sentence(&output.name).unwrap();
        assert!((f64::from(own.tune_f1) - scored.pooled.prf.f1.value).abs() < 1e-4);
        assert_eq!(
            own.status == Standing::Preview,
            own.tune_f1 < 0.30,
            "{}",
            output.name
        );
        assert!((own.abstain_from - 0.9 * own.threshold).abs() < 1e-4);
        assert!((0.4..=4.0).contains(&own.temperature));
    }
    for output in &model.outputs.token {
        let scored = &evaluation.token(&output.name).unwrap().pooled;
        let attribution = ["source", "cue", "content"].contains(&output.name.as_str());
        let f1 = if attribution {
            scored.overlap.prf.f1
        } else {
            scored.partial.prf.f1
        };
        assert!((f64::from(output.decision.tune_f1) - f1.value).abs() < 1e-4);
    }
    // "greedy" has a logit of 2 and is right, "shame" of 3 and is wrong; the others of -4.
    let loaded = &model.outputs.sentence[model.outputs.sentence_index("loaded-language").unwrap()];
    assert_eq!(loaded.decision.status, Standing::Stable);

    // What is written is what is read, and scores the same.
    let decision = fit::decision(
        &model.outputs,
        &model.sha256,
        &evaluation.data_sha256,
        "tune",
    );
    let json = serde_json::to_vec(&decision).unwrap();
    let decided = fake_model()
        .outputs
        .decided(&Decision::from_json(&json).unwrap())
        .unwrap();
    assert_eq!(
        measure::evaluate(&read, &decided, None, threads(1)),
        evaluation
    );

    // What is annotated nowhere keeps what was fitted before, if anything was.
    let before = fake_model().outputs;
    let few = fit::fit(&read[..2], &model.outputs, Some(&before), threads(1)).unwrap();
    let not_annotated = ["attributed", "source", "cue", "content"];
    assert_eq!(few.1, not_annotated);
    for name in not_annotated {
        if let Some(i) = before.token_index(name) {
            assert_eq!(few.0.token[i].decision, before.token[i].decision);
        } else {
            let i = before.sentence_index(name).unwrap();
            assert_eq!(few.0.sentence[i].decision, before.sentence[i].decision);
        }
    }
    let error = fit::fit(&read[..2], &model.outputs, None, threads(1)).unwrap_err();
    assert_eq!(error.outputs, not_annotated);
    assert!(
        error
            .to_string()
            .contains("attributed, source, cue, content")
    );
}

#[test]
fn the_table_fits_eighty_columns_and_ends_with_the_caveat() {
    let mut gold = gold();
    gold[1].corpus = "another".to_owned();
    let evaluation = evaluate(&gold, &fake_model(), 1);
    let mut text = Vec::new();
    table::write(
        &mut text,
        "fake",
        &"0".repeat(64),
        &evaluation,
        "Labels are no truth.",
    )
    .unwrap();
    let text = String::from_utf8(text).unwrap();
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(text.starts_with("Model fake (sha256 000000000000…) on the part tune\n"));
    assert!(text.contains("  on another"));
    assert!(text.ends_with("\nLabels are no truth.\n"), "{text}");
}

#[test]
fn the_plot_has_a_panel_for_each_stable_output() {
    let evaluation = evaluate(&gold(), &fake_model(), 1);
    let mut svg = Vec::new();
    plot::write(&mut svg, "a < b & c", &evaluation).unwrap();
    let svg = String::from_utf8(svg).unwrap();
    let stable = evaluation
        .sentence
        .iter()
        .filter(|own| own.status == Standing::Stable)
        .count();
    assert!(stable > 0);
    assert_eq!(svg.matches("class=\"ideal\"").count(), stable);
    assert!(svg.contains("a &lt; b &amp; c"));
    assert!(svg.contains("prefers-color-scheme: dark"));
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
    assert_eq!(svg.matches("<g ").count(), svg.matches("</g>").count());
    assert!(svg.ends_with("</svg>\n"));
}

#[test]
fn scores_survive_their_file_and_belong_to_one_model() {
    let mut scores = Scores::new("fake", &"0".repeat(64));
    let evaluation = evaluate(&gold(), &fake_model(), 1);
    scores.evaluations.insert("tune".to_owned(), evaluation);
    let json = scores.to_json().unwrap();
    let again = Scores::parse(&json).unwrap();
    assert_eq!(again.to_json().unwrap(), json);
    let value: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["format"], 2);
    let any = &value["evaluations"]["tune"]["sentence"][14];
    assert_eq!(any["output"], "any-device");
    assert_eq!(any["f1"]["value"], 0.6667);
    assert_eq!(any["reliability"].as_array().unwrap().len(), 10);
    assert!(again.of_model("fake", &"0".repeat(64)).is_ok());
    let error = again.of_model("other", "1f").unwrap_err().to_string();
    assert!(
        error.contains("scores of the model fake") && error.contains("1f"),
        "{error}"
    );
    let error = Scores::parse("{\"format\": 1}").unwrap_err().to_string();
    assert!(error.contains("its format is 1"), "{error}");
}

#[test]
fn a_card_gets_its_tables_and_keeps_its_text() {
    let mut scores = Scores::new("fake", &"0".repeat(64));
    let evaluation = evaluate(&gold(), &fake_model(), 1);
    scores
        .evaluations
        .insert("polnear-dev".to_owned(), evaluation);
    for (name, row) in [
        ("data", "| framing | tune | 2 | 5 |"),
        ("summary", "| any device in a sentence (SLC), F1 | 66.7 |"),
        (
            "sentences",
            "| loaded-language | 5 | 1 | 50.0 | 100.0 | 66.7 |",
        ),
        ("words", "| loaded-language | 1 | 50.0 | 60.0 | 54.5 |"),
        ("attribution", "| cue | 1 | 100.0 | 100.0 | 100.0 |"),
        ("calibration", "| loaded-language | 0."),
    ] {
        let marker = format!("<!-- scores:polnear-dev/{name} -->");
        let card = format!("# Ours\n\n{marker}\nold\n<!-- /scores -->\nText after.\n");
        let card = card::render(&card, &scores).unwrap();
        assert!(
            card.starts_with(&format!("# Ours\n\n{marker}\n\n| ")),
            "{card}"
        );
        assert!(card.contains(row), "{card}");
        assert!(card.ends_with("|\n\n<!-- /scores -->\nText after.\n") && !card.contains("old"));
        // A second time changes nothing.
        assert_eq!(card::render(&card, &scores).unwrap(), card);
    }
    let error = |card: &str| card::render(card, &scores).unwrap_err().to_string();
    assert!(error("# Ours\n").contains("has no marker"));
    assert!(
        error("\n<!-- scores:polnear-dev/data -->\n").contains("line 2: the marker is not closed")
    );
    let wrong = error("<!-- scores:report/data -->\n<!-- /scores -->");
    assert!(
        wrong.contains("line 1: `report/data`") && wrong.contains("polnear-dev/words"),
        "{wrong}"
    );
}

/// The figures of the card that ships are those of the scores beside it.
#[test]
fn the_card_that_ships_says_what_its_scores_say() {
    let readme = read(&format!("{MODEL}/README.md"));
    if !card::has_marker(&readme) {
        eprintln!("left out, as {MODEL}/README.md has no markers for tables");
        return;
    }
    assert_eq!(card::of_folder(&at_root(MODEL)).unwrap(), readme);
}

/// Three sentences in the format of `rhetor corpus`.
fn gold_file(folder: &Path, id: &str) -> String {
    let text = "These cowardly traitors sold our great nation! The committee meets on Tuesday. \
                It rained.";
    let labels = |on: bool| json!({"any-device": on});
    let line = json!({
        "corpus": "ours", "id": id, "part": "tune", "text": text, "token": [],
        "sentences": [
            {"start": 0, "end": 46, "labels": labels(true)},
            {"start": 47, "end": 78, "labels": labels(false)},
            {"start": 79, "end": 88, "labels": labels(false)},
        ],
        "spans": [],
    });
    let path = folder.join(format!("{id}.jsonl"));
    std::fs::write(&path, format!("{line}\n")).unwrap();
    path.to_str().unwrap().to_owned()
}

fn command(args: &[&str]) -> assert_cmd::Command {
    let mut command = cargo_bin_cmd!("rhetor");
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["evaluate"])
        .args(args);
    command
}

#[test]
fn the_command_keeps_several_evaluations_of_one_model() {
    let folder = tempfile::tempdir().unwrap();
    let gold = gold_file(folder.path(), "one");
    let scores = folder.path().join("scores.json");
    let plot = folder.path().join("plot.svg");
    let path = scores.to_str().unwrap();
    let json = ["--model", MODEL, "--format", "json", "--output", path];
    let run = |more: &[&str]| command(&[&[gold.as_str()], &json[..], more].concat()).assert();
    let names = || -> Vec<String> {
        let held = Scores::parse(&std::fs::read_to_string(&scores).unwrap()).unwrap();
        held.evaluations.into_keys().collect()
    };
    run(&["--part", "tune", "--reliability", plot.to_str().unwrap()]).success();
    run(&["--name", "ours"]).success();
    run(&["--name", "ours"]).success();
    assert_eq!(names(), ["ours", "tune"]);
    assert!(
        std::fs::read_to_string(&plot)
            .unwrap()
            .contains("any-device")
    );

    // Another model's scores are neither lost nor mixed in.
    let other = std::fs::read_to_string(&scores)
        .unwrap()
        .replace("\"model_sha256\": \"", "\"model_sha256\": \"0");
    std::fs::write(&scores, &other).unwrap();
    run(&[])
        .code(2)
        .stderr(contains("it holds scores of the model"));
    assert_eq!(std::fs::read_to_string(&scores).unwrap(), other);
}

#[test]
fn a_folder_without_a_decision_gets_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = |file: &str| folder.path().join(file);
    for file in ["config.json", "tokenizer.json", "model.onnx"] {
        std::fs::copy(at_root(MODEL).join(file), path(file)).unwrap();
    }
    let mut file = std::fs::File::create(path("gold.jsonl")).unwrap();
    // What the gold of the other tests does not annotate.
    let others = strings(&["weasel", "check-worthy", "subjective", "biased"]);
    let lines: [Line<'_>; 2] = [
        (
            "Some say it is a vile plan that costs 40 million.",
            &["weasel", "check-worthy", "subjective", "biased"],
            &[("vile", "biased")],
        ),
        ("The pier is long.", &[], &[]),
    ];
    let others = document(("others", "five"), &others, &strings(&["biased"]), &lines);
    for document in gold().iter().chain([&others]) {
        corpus::write(&mut file, document).unwrap();
    }
    let texts = ["gold.jsonl", "decision.json"].map(|file| path(file).to_str().unwrap().to_owned());
    let [gold, decision] = texts.each_ref().map(String::as_str);
    let model = folder.path().to_str().unwrap();
    command(&[gold, "--model", model, "--part", "tune", "--fit", decision])
        .assert()
        .success();
    let written = std::fs::read(path("decision.json")).unwrap();
    let written = Decision::from_json(&written).unwrap();
    assert_eq!(written.fitted_on, "tune");
    assert_eq!(
        written.model_sha256,
        Model::load(folder.path(), Engine::Rten, None)
            .unwrap()
            .sha256
    );
    assert_eq!(
        written.data_sha256,
        data_sha256(corpus::read(&path("gold.jsonl")).unwrap().iter())
    );
}

#[test]
fn the_command_prints_tables_for_people() {
    let folder = tempfile::tempdir().unwrap();
    let gold = gold_file(folder.path(), "one");
    command(&[&gold, "--model", MODEL])
        .assert()
        .success()
        .stdout(
            contains("Model rhetor-minilm-v5 (sha256 ")
                .and(contains("any-device"))
                .and(contains("annotators disagree"))
                .and(predicate::str::ends_with(
                    "see the model card for how often.\n",
                )),
        );
}

#[test]
fn what_cannot_be_scored_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let gold = gold_file(folder.path(), "one");
    let refused = |args: &[&str], message: &str| {
        command(&[&["--model", MODEL], args].concat())
            .assert()
            .code(2)
            .stderr(contains(message));
    };
    refused(
        &[&gold, "--part", "report"],
        "holds a document of the part report",
    );
    refused(&[&gold, &gold], "the document one of ours was already read");
    refused(&[&gold, "--output", &gold], "is also an input");
    refused(&[&gold, "--name", "x"], "add --format json");
    refused(&["missing.jsonl"], "missing.jsonl");
    // A model that was never fitted needs gold for all of its outputs.
    let unfitted = folder.path().join("unfitted");
    std::fs::create_dir(&unfitted).unwrap();
    for file in ["config.json", "tokenizer.json", "model.onnx"] {
        std::fs::copy(crate::at_root(MODEL).join(file), unfitted.join(file)).unwrap();
    }
    let decision = folder.path().join("decision.json");
    std::fs::write(&decision, "what was there").unwrap();
    let fit = ["--fit", decision.to_str().unwrap()];
    command(&[&[&gold, "--model", unfitted.to_str().unwrap()], &fit[..]].concat())
        .assert()
        .code(2)
        .stderr(contains("the gold annotates nothing for loaded-language"));
    assert_eq!(
        std::fs::read_to_string(&decision).unwrap(),
        "what was there"
    );
}

/// Gold of one's own seldom has all that a model says.
#[test]
fn a_fit_on_part_of_the_outputs_keeps_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let gold = gold_file(folder.path(), "one");
    let path = folder.path().join("decision.json");
    command(&[&gold, "--model", MODEL, "--fit", path.to_str().unwrap()])
        .assert()
        .success()
        .stderr(contains("what was fitted for them before is kept"));
    let read = |json: &[u8]| Decision::from_json(json).unwrap();
    let fitted = read(&std::fs::read(&path).unwrap());
    let ships = read(crate::read(&format!("{MODEL}/decision.json")).as_bytes());
    assert_eq!(fitted.sentence["doubt"], ships.sentence["doubt"]);
    assert_ne!(fitted, ships);
    assert_eq!(fitted.fitted_on, "all");
}

#[test]
fn a_card_is_not_written_from_another_models_scores() {
    let folder = tempfile::tempdir().unwrap();
    let path = |file: &str| folder.path().join(file);
    let card = "<!-- scores:tune/data -->\n<!-- /scores -->\n";
    std::fs::write(path("README.md"), card).unwrap();
    std::fs::write(path("model.onnx"), "weights").unwrap();
    let mut scores = Scores::new("fake", &rhetor::model::sha256(b"weights"));
    let evaluation = evaluate(&gold(), &fake_model(), 1);
    scores.evaluations.insert("tune".to_owned(), evaluation);
    std::fs::write(path("scores.json"), scores.to_json().unwrap()).unwrap();
    let run = || command(&["--card", folder.path().to_str().unwrap()]).assert();
    run().success();
    let written = std::fs::read_to_string(path("README.md")).unwrap();
    assert!(written.contains("| speech | tune | 2 | 3 |"), "{written}");

    std::fs::write(path("model.onnx"), "other weights").unwrap();
    run()
        .code(2)
        .stderr(contains("scores.json").and(contains("it holds scores of the model fake")));
    assert_eq!(std::fs::read_to_string(path("README.md")).unwrap(), written);
}
