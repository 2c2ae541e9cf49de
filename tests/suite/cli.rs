//! The command as people run it: output, messages, exit codes.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use assert_cmd::cargo::cargo_bin_cmd;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

use crate::at_root;

const ARTICLE: &str = "corpora/articles/harbour-wire.md";
const OPINION: &str = "corpora/articles/grain-opinion.md";

/// The command with the model of the repository, so that it runs however it was built.
fn rhetor(args: &[&str]) -> assert_cmd::Command {
    let mut command = cargo_bin_cmd!("rhetor");
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("NO_COLOR")
        .args(args);
    command
}

fn analyze(args: &[&str]) -> assert_cmd::Command {
    let mut command = rhetor(&["analyze", "--model", "models/rhetor-minilm-v5"]);
    command.args(args);
    command
}

fn stdout(command: &mut assert_cmd::Command) -> String {
    String::from_utf8(command.assert().success().get_output().stdout.clone()).unwrap()
}

/// The report on a text from a pipe.
fn report_on(text: &str, flags: &[&str]) -> Value {
    let mut command = analyze(&[&["-", "--format", "json"], flags].concat());
    serde_json::from_str(&stdout(command.write_stdin(text))).unwrap()
}

fn refused(file: &str, bytes: &[u8], flags: &[&str], message: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    std::fs::write(&path, bytes).unwrap();
    let path = path.to_str().unwrap();
    analyze(&[&[path, "--format", "json"], flags].concat())
        .assert()
        .code(2)
        .stderr(contains(path).and(contains(message)))
        .stdout(contains(message).and(contains("\"error\"")));
}

#[test]
fn every_json_output_validates_against_the_schema() {
    let schema: Value = serde_json::from_str(&stdout(&mut rhetor(&["schema"]))).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let valid = |json: &str| {
        let value: Value = serde_json::from_str(json).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|e| format!("{e} at {}", e.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        value
    };
    let one = valid(&stdout(&mut analyze(&["--format", "json", ARTICLE])));
    assert!(one.is_object());
    let several = analyze(&["--format", "json", ARTICLE, "missing.md", OPINION])
        .assert()
        .code(2)
        .stderr(contains("missing.md"))
        .get_output()
        .stdout
        .clone();
    let several = valid(&String::from_utf8(several).unwrap());
    assert_eq!(several.as_array().unwrap().len(), 3);
    assert_eq!(several[0], one);
    assert_eq!(several[1]["document"]["path"], "missing.md");
    assert_eq!(several[2]["document"]["path"], OPINION);

    let lines = analyze(&["--format", "jsonl", ARTICLE, "missing.md", OPINION])
        .assert()
        .code(2);
    let lines = String::from_utf8(lines.get_output().stdout.clone()).unwrap();
    let lines: Vec<Value> = lines.lines().map(valid).collect();
    assert_eq!(lines, *several.as_array().unwrap());
    // The schema can say no.
    assert!(!validator.is_valid(&serde_json::json!({"document": {"path": "a"}})));
}

#[test]
fn the_input_format_goes_by_content_and_flag() {
    let first_role = |flags: &[&str]| {
        let markdown =
            "# The port of Velda\n\nThe port of Velda [was shut](https://a.example) in May.\n";
        report_on(markdown, flags)["sentences"][0]["role"].clone()
    };
    assert_eq!(first_role(&[]), "title");
    assert_eq!(
        first_role(&["--input-format", "text", "--roles", "off"]),
        "body"
    );
}

#[test]
fn labels_can_be_chosen() {
    let labels = |args: &[&str]| {
        let report: Value = serde_json::from_str(&stdout(&mut analyze(
            &[&["--format", "json", OPINION], args].concat(),
        )))
        .unwrap();
        let labels = report["summary"]["labels"].as_object().unwrap();
        labels.keys().cloned().collect::<Vec<_>>()
    };
    let all = labels(&[]);
    assert!(all.contains(&"loaded-language".to_owned()), "{all:?}");
    assert_eq!(
        labels(&["--select", "loaded-language"]),
        ["loaded-language"]
    );
    assert!(!labels(&["--ignore", "loaded-language"]).contains(&"loaded-language".to_owned()));
    assert!(labels(&["--select", "sourcing", "--ignore", "sourcing"]).is_empty());
    analyze(&[OPINION, "--select", "loaded-langage"])
        .assert()
        .code(2)
        .stderr(contains("did you mean `loaded-language`?"));
}

/// The model folder with these precisions for one output and none for the others.
fn measured(precision: &Value) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let model = at_root("models/rhetor-minilm-v5");
    for file in ["config.json", "tokenizer.json", "model.onnx"] {
        std::fs::copy(model.join(file), folder.path().join(file)).unwrap();
    }
    let decision = std::fs::read_to_string(model.join("decision.json")).unwrap();
    let mut decision: Value = serde_json::from_str(&decision).unwrap();
    for (name, entry) in decision["sentence"].as_object_mut().unwrap() {
        entry["precision"] = serde_json::json!([]);
        if name == "loaded-language" {
            entry["precision"] = precision.clone();
            entry["threshold"] = 0.3.into();
            entry["abstain_from"] = 0.27.into();
            entry["status"] = "stable".into();
        }
    }
    std::fs::write(folder.path().join("decision.json"), decision.to_string()).unwrap();
    folder
}

#[test]
fn thresholds_can_be_chosen() {
    let folder = measured(&serde_json::json!([[0.2, 0.3], [0.6, 0.7]]));
    let model = ["--model", folder.path().to_str().unwrap()];
    let run = |flags: &[&str]| -> Value {
        let mut command =
            rhetor(&[&["analyze", "--format", "json", OPINION], &model[..], flags].concat());
        serde_json::from_str(&stdout(&mut command)).unwrap()
    };
    let reported = |report: &Value, label: &str| {
        report["summary"]["labels"][label]["reported"]
            .as_u64()
            .unwrap_or(0)
    };
    let fitted = run(&[]);
    assert_eq!(fitted["manifest"]["thresholds"]["loaded-language"], 0.3);
    assert!(reported(&fitted, "loaded-language") > 0);

    let named = run(&[
        "--threshold",
        "loaded-language=1",
        "--threshold",
        "any-device=0.25",
    ]);
    let thresholds = &named["manifest"]["thresholds"];
    assert_eq!(
        (&thresholds["loaded-language"], &thresholds["any-device"]),
        (&1.0.into(), &0.25.into())
    );
    assert_eq!(
        thresholds["doubt"],
        fitted["manifest"]["thresholds"]["doubt"]
    );
    assert_eq!(reported(&named, "loaded-language"), 0);

    let precise = run(&["--threshold", "any-device=0.25", "--min-precision", "0.5"]);
    let thresholds = precise["manifest"]["thresholds"].as_object().unwrap();
    assert_eq!(thresholds.len(), 2);
    assert!((thresholds["loaded-language"].as_f64().unwrap() - 0.6).abs() < 1e-6);
    assert_eq!(thresholds["any-device"], 0.25);
    assert!(
        precise["document"]["notes"]
            .to_string()
            .contains("off: name-calling, ")
    );
    for sentence in precise["sentences"].as_array().unwrap() {
        for finding in sentence["findings"].as_array().unwrap() {
            let sure = finding["label"] == "loaded-language"
                && (finding["status"] == "abstained"
                    || finding["probability"].as_f64() >= Some(0.6));
            assert!(sure || finding["detector"] != "model", "{finding}");
        }
    }
}

#[test]
fn thresholds_that_cannot_be_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("report.json");
    std::fs::write(&output, "kept").unwrap();
    for (flags, message) in [
        (
            ["--threshold", "any-devise=0.5"],
            "did you mean `any-device`?",
        ),
        (
            ["--threshold", "hearsay=0.5"],
            "`hearsay` is no sentence output",
        ),
        (
            ["--threshold", "doubt=1.5"],
            "--threshold doubt=1.5: 1.5 is not from 0 to 1",
        ),
        (["--threshold", "doubt"], "LABEL=P"),
        (["--threshold", "doubt=high"], "`high` is no number"),
        (
            ["--min-precision", "70"],
            "--min-precision 70: 70 is not from 0 to 1",
        ),
    ] {
        analyze(&[ARTICLE, "--output", output.to_str().unwrap()])
            .args(flags)
            .assert()
            .code(2)
            .stderr(contains(message));
    }
    assert_eq!(std::fs::read_to_string(&output).unwrap(), "kept");
}

#[test]
fn a_precision_that_was_never_measured_cannot_be_asked_for() {
    let folder = measured(&serde_json::json!([]));
    let model = folder.path().to_str().unwrap();
    rhetor(&[
        "analyze",
        ARTICLE,
        "--model",
        model,
        "--min-precision",
        "0.7",
    ])
    .assert()
    .code(2)
    .stderr(contains("--min-precision 0.7").and(contains("rhetor evaluate --fit")));
}

#[test]
fn bad_input_is_refused_with_place_and_remedy() {
    refused("empty.md", b"", &[], "empty");
    refused("blank.md", b" \n\t\n", &[], "empty");
    refused(
        "image.md",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10",
        &[],
        "binary",
    );
    refused("latin.txt", b"The caf\xe9 is shut.", &[], "byte 7");
    refused("wide.txt", b"\xff\xfeT\0h\0e\0", &[], "iconv -f UTF-16");
    refused(
        "large.txt",
        b"The port is shut.",
        &["--max-bytes", "8"],
        "--max-bytes",
    );
    let german = "Der Hafen von Velda ist seit Montag geschlossen, wie die Behörde am Abend \
        mitteilte. Die Fischer warten auf eine Antwort der Regierung, doch niemand weiß, wann \
        die Schiffe wieder fahren werden. Im Rathaus wollte man sich am Dienstag nicht dazu äußern, \
        auch der Bürgermeister schwieg. ";
    refused("german.txt", german.as_bytes(), &[], "--any-language");
    let folder = tempfile::tempdir().unwrap();
    analyze(&[folder.path().to_str().unwrap()])
        .assert()
        .code(2)
        .stderr(contains("folder"));
    analyze(&["missing.md"])
        .assert()
        .code(2)
        .stderr(contains("missing.md"));
    analyze(&["-", "-"])
        .assert()
        .code(2)
        .stderr(contains("read once"));
    rhetor(&["analyze", "--model", "nowhere", ARTICLE])
        .assert()
        .code(2)
        .stderr(contains("nowhere").and(contains("config.json")));
}

#[test]
fn other_languages_are_scored_when_asked_and_short_texts_with_a_note() {
    let note = |text: &str, flags: &[&str]| {
        let report = report_on(text, flags);
        assert!(report["sentences"][0]["probabilities"].is_object());
        (
            report["document"]["language"].clone(),
            report["document"]["notes"][0].clone(),
        )
    };
    let french = "Le port de Velda est fermé depuis lundi, a annoncé la mairie dans la soirée. Les \
        pêcheurs attendent une réponse du gouvernement, mais personne ne sait quand les bateaux \
        pourront repartir. Aucun responsable n’a souhaité répondre à nos questions. ";
    let (language, note_) = note(french, &["--any-language"]);
    assert_eq!(language, "fra");
    assert!(note_.as_str().unwrap().contains("French"), "{note_}");
    let (language, note_) = note("The port is shut.", &[]);
    assert_eq!(language, "und");
    assert!(note_.as_str().unwrap().contains("too short"), "{note_}");
}

#[test]
fn marks_without_words_are_reported_and_not_scored() {
    let report = report_on("!!! ... ???\n\n--- ***\n", &[]);
    assert!(report["document"]["counts"]["sentences"].as_u64() > Some(0));
    assert_eq!(report["document"]["counts"]["scored"], 0);
    let notes = report["document"]["notes"].to_string();
    assert!(notes.contains("nothing was scored"), "{notes}");
    analyze(&["-"])
        .write_stdin("!!! ... ???")
        .assert()
        .success()
        .stdout(contains("[no words, not scored]"));
}

#[test]
fn a_line_without_end_is_scored_in_parts() {
    let line = "the harbour board sold the quay and nobody asked why ".repeat(300);
    let report = report_on(&line, &[]);
    let sentences = report["sentences"].as_array().unwrap();
    assert_eq!(sentences.len(), 1);
    assert_eq!(sentences[0]["split"], true);
    assert!(sentences[0]["probabilities"]["any-device"].is_number());
}

#[test]
fn the_output_is_opened_before_the_work_and_spares_the_input() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    analyze(&[ARTICLE, "--output", &path("no/such/folder.json")])
        .assert()
        .code(2)
        .stderr(contains("folder.json"));
    let article = path("article.md");
    std::fs::copy(at_root(ARTICLE), &article).unwrap();
    analyze(&[&article, "--output", &article])
        .assert()
        .code(2)
        .stderr(contains("also an input"));
    assert_eq!(
        std::fs::read(&article).unwrap(),
        std::fs::read(at_root(ARTICLE)).unwrap()
    );
    let report = path("report.json");
    analyze(&[&article, "--format", "json", "--output", &report])
        .assert()
        .success()
        .stdout(predicate::str::is_empty());
    let report: Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    assert_eq!(report["document"]["path"], article);
}

#[test]
fn colours_only_where_they_are_wanted() {
    let escapes = contains("\u{1b}[");
    analyze(&[ARTICLE])
        .assert()
        .success()
        .stdout(escapes.clone().not());
    analyze(&[ARTICLE, "--color", "never"])
        .assert()
        .success()
        .stdout(escapes.clone().not());
    analyze(&[ARTICLE, "--color", "always"])
        .assert()
        .success()
        .stdout(escapes);
    analyze(&[ARTICLE, "--format", "svg"])
        .assert()
        .success()
        .stdout(contains("<svg"));
    analyze(&[ARTICLE, "--format", "html"])
        .assert()
        .success()
        .stdout(contains("<article"));
    analyze(&[ARTICLE, OPINION, "--format", "svg"])
        .assert()
        .success()
        .stdout(contains(ARTICLE).and(contains(OPINION)));
    analyze(&[ARTICLE, OPINION, "--format", "html"])
        .assert()
        .code(2)
        .stderr(contains("2 paths"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("rhetor"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "analyze",
            "--model",
            "models/rhetor-minilm-v5",
            "--format",
            "json",
            "-",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    child
        .stdin
        .take()
        .unwrap()
        .write_all(&std::fs::read(at_root(OPINION)).unwrap())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn the_taxonomy_is_printed() {
    let labels = stdout(&mut rhetor(&["labels"]));
    for label in &rhetor::label::taxonomy().labels {
        assert!(labels.contains(&format!("  {}", label.id)), "{}", label.id);
        let explained = stdout(&mut rhetor(&["explain", &label.id]));
        assert!(explained.contains("Sentences that do not"), "{}", label.id);
    }
    rhetor(&["explain", "DOUBT"])
        .assert()
        .code(2)
        .stderr(contains("did you mean `doubt`?"));
    rhetor(&["explain", "loaded"])
        .assert()
        .code(2)
        .stderr(contains("`rhetor labels` lists them"));
}

#[test]
fn the_usage_names_every_flag() {
    let help = stdout(&mut rhetor(&["analyze", "--help"]));
    for flag in [
        "--format", "--output", "--select", "--ignore", "--color", "--input-format", "--roles",
        "--max-bytes", "--any-language", "--preview", "--threads", "--model", "Examples:",
        "Exit codes:",
    ] {
        assert!(help.contains(flag), "{flag}");
    }
    assert!(Path::new(&at_root(ARTICLE)).exists());
}
