//! `rhetor score`, `rhetor merge` and `rhetor summary` as people run them.

mod refusals;
mod rows;
mod safety;
mod shards;
mod summary;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::at_root;

/// The command with the model of the repository, so that it runs however it was built.
fn rhetor(command: &str) -> Command {
    let mut rhetor = Command::new(assert_cmd::cargo::cargo_bin!("rhetor"));
    rhetor.current_dir(env!("CARGO_MANIFEST_DIR")).arg(command);
    if command == "score" {
        rhetor.args(["--model", "models/rhetor-minilm-v5", "--quiet"]);
    }
    rhetor
}

/// The articles of our corpus for sourcing as JSON lines, once for all tests.
fn articles() -> &'static Path {
    static ARTICLES: LazyLock<(TempDir, PathBuf)> = LazyLock::new(|| {
        let folder = folder();
        let path = folder.path().join("articles.jsonl");
        let mut lines = Vec::new();
        for half in ["dev", "test"] {
            for entry in fs::read_dir(at_root("corpora/sourcing").join(half)).unwrap() {
                let article = json(&entry.unwrap().path());
                let blocks = article["blocks"].as_array().unwrap().iter();
                let blocks = blocks.map(|block| {
                    let sentences = block["sentences"].as_array().unwrap().iter();
                    let sentences = sentences.map(|s| s["text"].as_str().unwrap());
                    sentences.collect::<Vec<_>>().join(" ")
                });
                let text = blocks.collect::<Vec<_>>().join("\n\n");
                lines.push(serde_json::json!({"id": article["id"], "text": text}).to_string());
            }
        }
        lines.sort_unstable();
        fs::write(&path, lines.join("\n")).unwrap();
        (folder, path)
    });
    &ARTICLES.1
}

/// `rhetor score` of our articles, in small parts.
fn score(run: &Path, flags: &[&str]) -> Command {
    let mut command = rhetor("score");
    command
        .arg("corpora/articles")
        .arg(articles())
        .args(["--part-size", "3", "--output"])
        .arg(run)
        .args(flags);
    command
}

fn succeed(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", stderr(&output));
    output
}

/// Standard error of a command that must end with this code.
fn fail(command: &mut Command, code: i32) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
    stderr(&output)
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Every file under a folder but the lock, by its path.
fn files(run: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![run.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().unwrap() != "lock" {
                let name = path.strip_prefix(run).unwrap().to_owned();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

fn assert_same(left: &Path, right: &Path) {
    let (left, right) = (files(left), files(right));
    let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&left), names(&right));
    for (name, contents) in &left {
        assert!(*contents == right[name], "{} differs", name.display());
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The rows of a table in JSON lines.
fn rows(run: &Path, table: &str) -> Vec<Value> {
    let files = files(run);
    let files = files.iter().filter(|(name, _)| name.starts_with(table));
    files
        .flat_map(|(_, contents)| {
            let lines = str::from_utf8(contents).unwrap().lines();
            let rows: Vec<Value> = lines
                .map(|line| serde_json::from_str(line).unwrap())
                .collect();
            rows
        })
        .collect()
}

/// A file of JSON lines with records that are scored, come again, and fail.
fn mixed(folder: &Path) -> PathBuf {
    let path = folder.join("mixed.jsonl");
    let mut file = fs::File::create(&path).unwrap();
    let german = "Der Hafen von Velda ist seit Montag geschlossen, und niemand im Rat war \
        bereit zu sagen, wann die Boote wieder hinausfahren dürfen. "
        .repeat(3);
    let english = "The greedy council of Karsa has betrayed the port, said Mira Tolland. The \
        traitors must go. More than 400 boats were lost. It was a shameful disgrace, and these \
        corrupt thugs will never stop.";
    for line in [
        serde_json::json!({"id": "a", "text": english, "outlet": "Gazette", "year": 7}),
        serde_json::json!({"id": "b", "text": german, "outlet": "Gazette"}),
        serde_json::json!({"id": "c", "text": "", "outlet": "Gazette"}),
        serde_json::json!({"id": "d", "text": english, "outlet": "Herald"}),
        serde_json::json!({"id": "e"}),
        serde_json::json!({"id": "f", "text": "Roke is quiet, \"they\" said,\nand calm."}),
    ] {
        writeln!(file, "{line}").unwrap();
    }
    writeln!(file, "{{\"id\": \"g\", \"text\": ").unwrap();
    path
}
