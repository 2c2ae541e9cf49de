//! What is in the tables of a run.

use std::path::Path;

use serde_json::Value;

use super::{files, folder, json, mixed, rhetor, rows, stderr, succeed};

#[test]
fn every_record_has_its_row_and_every_failure_its_letter() {
    let folder = folder();
    let run = folder.path().join("run");
    let mut command = rhetor("score");
    command
        .arg(mixed(folder.path()))
        .args([
            "--format",
            "jsonl",
            "--meta-field",
            "outlet,year",
            "--fail-on-error",
        ])
        .arg("--output")
        .arg(&run);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("4 of 7 records could not be scored"));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["totals"]["records"], 7);
    assert_eq!(
        summary["totals"],
        json(&run.join("manifest.json"))["totals"]
    );

    let documents = rows(&run, "documents");
    let of = |key: &str| {
        documents
            .iter()
            .map(|row| row[key].clone())
            .collect::<Vec<_>>()
    };
    let statuses = [
        "done", "failed", "failed", "duplicate", "failed", "done", "failed",
    ];
    assert_eq!(of("status"), statuses);
    assert_eq!(of("document"), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(documents[3]["duplicate_of"], 0);
    assert_eq!(documents[0]["meta_outlet"], "Gazette");
    assert_eq!(documents[0]["meta_year"], "7");
    assert_eq!(documents[3]["meta_outlet"], "Herald");
    assert_eq!(documents[0]["sha256"], documents[3]["sha256"]);
    assert!(documents[3]["sentences"].is_null());

    let letters = rows(&run, "failed");
    let classes: Vec<&str> = letters
        .iter()
        .map(|letter| letter["error"]["class"].as_str().unwrap())
        .collect();
    assert_eq!(
        classes,
        ["language", "empty-text", "missing-field", "bad-json"]
    );
    assert!(
        letters[3]["place"]
            .as_str()
            .unwrap()
            .ends_with("mixed.jsonl, line 7")
    );

    counts_fit(&run, &summary);
    spans_are_those_of_python(&run);

    // All the same without the texts.
    let bare = folder.path().join("bare");
    succeed(
        rhetor("score")
            .arg(folder.path().join("mixed.jsonl"))
            .args(["--format", "jsonl", "--without-text", "--output"])
            .arg(&bare),
    );
    for (table, contents) in files(&bare) {
        let contents = String::from_utf8(contents).unwrap();
        assert!(!contents.contains("traitors"), "{}", table.display());
    }
}

/// Counts and rates follow from the rows of the other tables.
fn counts_fit(run: &Path, summary: &Value) {
    let documents = rows(run, "documents");
    let findings = rows(run, "findings");
    let sentences = rows(run, "sentences");
    let nested: Vec<&Value> = sentences
        .iter()
        .flat_map(|row| row["findings"].as_array().unwrap())
        .collect();
    assert_eq!(nested.len(), findings.len());
    assert_eq!(summary["totals"]["findings"], findings.len());
    let loaded = findings.iter().filter(|row| {
        row["document"] == 0 && row["label"] == "loaded-language" && row["status"] == "reported"
    });
    let loaded = loaded.count();
    assert!(loaded > 0);
    assert_eq!(documents[0]["reported_loaded_language"], loaded);
    let scored = documents[0]["scored_sentences"].as_f64().unwrap();
    let rate = documents[0]["rate_loaded_language"].as_f64().unwrap();
    assert!((rate - 100.0 * f64::from(u32::try_from(loaded).unwrap()) / scored).abs() < 1e-4);
    // A label that is only ever a preview has no rate.
    let columns = documents[0].as_object().unwrap();
    assert!(columns.contains_key("preview_repetition"));
    assert!(!columns.contains_key("rate_repetition"));
}

fn spans_are_those_of_python(run: &Path) {
    let sentences = rows(run, "sentences");
    let text = "Roke is quiet, \"they\" said,\nand calm.";
    let last = sentences.last().unwrap();
    let (start, end) = (
        last["start"].as_u64().unwrap(),
        last["end"].as_u64().unwrap(),
    );
    let chars: Vec<char> = text.chars().collect();
    let range = usize::try_from(start).unwrap()..usize::try_from(end).unwrap();
    assert_eq!(chars[range].iter().collect::<String>(), text);
}

#[test]
fn the_schema_names_every_column_of_a_run() {
    let folder = folder();
    let run = folder.path().join("run");
    let mut command = rhetor("score");
    succeed(
        command
            .arg("corpora/articles/festival.txt")
            .arg("--output")
            .arg(&run),
    );
    let mut command = rhetor("schema");
    command.args(["--parquet", "--model", "models/rhetor-minilm-v5"]);
    let schema = String::from_utf8(succeed(&mut command).stdout).unwrap();
    let tables = json(&run.join("manifest.json"))["tables"].clone();
    for (table, columns) in tables.as_object().unwrap() {
        let section = schema.split(&format!("\n## {table}\n")).nth(1).unwrap();
        let section = section.split("\n## ").next().unwrap();
        let listed: Vec<&str> = section
            .lines()
            .filter(|line| line.starts_with("| "))
            .collect();
        let columns = columns.as_array().unwrap();
        assert_eq!(listed.len(), columns.len() + 1);
        for (line, column) in listed[1..].iter().zip(columns) {
            let of = |key: &str| column[key].as_str().unwrap();
            let start = format!("| {} | {} | {} | ", of("name"), of("type"), of("unit"));
            assert!(
                line.starts_with(&start) && line.contains(of("about")),
                "{line}"
            );
            assert!(!of("about").is_empty());
        }
    }
}
