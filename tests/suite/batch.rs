//! `rhetor score` and `rhetor merge` as people run them: whole runs, interrupted ones, shards.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tempfile::TempDir;

use crate::at_root;

/// The command with the model of the repository, so that it runs however it was built.
fn rhetor(command: &str) -> Command {
    let mut rhetor = Command::new(assert_cmd::cargo::cargo_bin!("rhetor"));
    rhetor.current_dir(env!("CARGO_MANIFEST_DIR")).arg(command);
    if command == "score" {
        rhetor.args(["--model", "models/rhetor-minilm-v2", "--quiet"]);
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

    // Counts and rates follow from the rows of the other tables.
    let findings = rows(&run, "findings");
    let sentences = rows(&run, "sentences");
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
    // Spans are Python's.
    let text = "Roke is quiet, \"they\" said,\nand calm.";
    let last = sentences.last().unwrap();
    let (start, end) = (
        last["start"].as_u64().unwrap(),
        last["end"].as_u64().unwrap(),
    );
    let chars: Vec<char> = text.chars().collect();
    let range = usize::try_from(start).unwrap()..usize::try_from(end).unwrap();
    assert_eq!(chars[range].iter().collect::<String>(), text);

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

#[test]
fn a_run_does_not_depend_on_threads_and_is_resumed_after_any_kill() {
    let folder = folder();
    let whole = folder.path().join("whole");
    succeed(&mut score(&whole, &["--threads", "1"]));
    let other = folder.path().join("other");
    succeed(&mut score(&other, &["--threads", "3"]));
    assert_same(&whole, &other);

    let seed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_nanos();
    let mut random = u64::try_from(seed % u128::from(u64::MAX)).unwrap();
    let killed = folder.path().join("killed");
    let mut kills = 0;
    loop {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let mut child = score(&killed, &["--resume"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Later each time, so that it comes to an end.
        thread::sleep(Duration::from_millis(kills * 40 + random % 300));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "seed {seed}");
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    assert!(kills > 0, "seed {seed}: nothing was killed");
    assert_same(&whole, &killed);
}

#[test]
fn what_an_interruption_leaves_is_thrown_away() {
    let folder = folder();
    let whole = folder.path().join("whole");
    succeed(&mut score(&whole, &[]));
    let torn = folder.path().join("torn");
    succeed(&mut score(&torn, &[]));
    // As if it had stopped while the third part was committed.
    let log = fs::read_to_string(torn.join("parts.jsonl")).unwrap();
    let lines: Vec<&str> = log.split_inclusive('\n').collect();
    assert!(lines.len() > 3);
    fs::write(
        torn.join("parts.jsonl"),
        [lines[0], lines[1], &lines[2][..40]].concat(),
    )
    .unwrap();
    let mut manifest = json(&torn.join("manifest.json"));
    manifest["status"] = "running".into();
    fs::write(torn.join("manifest.json"), manifest.to_string()).unwrap();
    fs::write(torn.join("findings/.part-00003.parquet.partial"), "PAR1").unwrap();
    fs::write(torn.join("seen.idx"), "stale").unwrap();

    let message = fail(&mut score(&torn, &[]), 2);
    assert!(
        message.contains("there is a run in it already; --resume continues it"),
        "{message}"
    );
    let output = succeed(&mut score(&torn, &["--resume"]));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    let records = summary["totals"]["records"].as_u64().unwrap();
    assert_eq!(summary["scored_now"], records - 6);
    assert_same(&whole, &torn);

    // Of a complete run nothing is scored again.
    let output = succeed(&mut score(&torn, &["--resume"]));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&summary["scored_now"], &summary["totals"]["records"]),
        (&0.into(), &records.into())
    );
    assert_same(&whole, &torn);
}

#[test]
fn a_run_is_not_continued_as_another() {
    let folder = folder();
    let run = folder.path().join("run");
    let corpus = folder.path().join("corpus.jsonl");
    let line = |n: usize| format!("{{\"text\": \"The {n} boats of Karsa left.\"}}\n");
    let lines: String = (0..6).map(line).collect();
    fs::write(&corpus, &lines).unwrap();
    let score = |flags: &[&str]| {
        let mut command = rhetor("score");
        command
            .arg(&corpus)
            .args(["--part-size", "2", "--output"])
            .arg(&run)
            .args(flags);
        command
    };
    succeed(&mut score(&[]));
    for (flags, message) in [
        (vec!["--select", "doubt"], "its settings differ: labels was"),
        (vec!["--threshold", "doubt=0.9"], "thresholds.doubt was"),
        (vec!["--part-size", "3"], "part_size was 2, is 3"),
        (
            vec!["--format", "csv"],
            "format was \"parquet\", is \"csv\"",
        ),
        (vec!["--shard", "1/2"], "its shard differ"),
        (
            vec!["--keep-duplicates"],
            "keep_duplicates was false, is true",
        ),
    ] {
        // The last of a flag that is given twice would win, so it is given once.
        let mut command = rhetor("score");
        command
            .arg(&corpus)
            .arg("--output")
            .arg(&run)
            .arg("--resume")
            .args(&flags);
        if flags[0] != "--part-size" {
            command.args(["--part-size", "2"]);
        }
        let found = fail(&mut command, 2);
        assert!(found.contains(message), "{flags:?}: {found}");
        assert!(
            found.contains("begin a new run in another folder"),
            "{found}"
        );
    }

    // Another processor.
    let manifest = run.join("manifest.json");
    let original = fs::read_to_string(&manifest).unwrap();
    let mut other = json(&manifest);
    other["processor_features"] = serde_json::json!(["abacus"]);
    fs::write(&manifest, other.to_string()).unwrap();
    let found = fail(&mut score(&["--resume"]), 2);
    assert!(
        found.contains("abacus") && found.contains("--any-processor"),
        "{found}"
    );
    succeed(&mut score(&["--resume", "--any-processor"]));
    assert_eq!(
        json(&manifest)["other_processors"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    fs::write(&manifest, original).unwrap();
    fs::write(&corpus, lines + "\n").unwrap();
    let found = fail(&mut score(&["--resume"]), 2);
    assert!(found.contains("its inputs differ: 0.bytes was"), "{found}");
}

#[test]
fn input_that_changed_is_noticed_also_in_a_pipe() {
    let folder = folder();
    let run = folder.path().join("run");
    let line = |n: usize| format!("{{\"text\": \"The {n} boats of Karsa left.\"}}\n");
    let lines: String = (0..6).map(line).collect();
    let score = |input: &str| {
        let path = folder.path().join("input.jsonl");
        fs::write(&path, input).unwrap();
        let mut command = rhetor("score");
        command
            .args([
                "-", "--input-format", "jsonl", "--part-size", "2", "--resume", "--output",
            ])
            .arg(&run)
            .stdin(fs::File::open(&path).unwrap());
        command
    };
    succeed(&mut score(&lines));
    let before = files(&run);
    let fewer: String = (0..5).map(line).collect();
    for (input, message) in [
        (
            lines.replace("The 3", "The 9"),
            "records 2 to 3 are no longer those that part 1 was made of",
        ),
        (
            fewer,
            "records 4 to 5 are no longer those that part 2 was made of",
        ),
    ] {
        let found = fail(&mut score(&input), 2);
        assert!(found.contains(message), "{found}");
    }
    succeed(&mut score(&lines));
    assert!(before == files(&run));
}

#[test]
fn one_process_at_a_time_works_in_a_folder() {
    let folder = folder();
    let run = folder.path().join("run");
    let mut command = rhetor("score");
    command
        .args(["-", "--input-format", "jsonl", "--output"])
        .arg(&run)
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    let mut first = command.spawn().unwrap();
    while !run.join("manifest.json").exists() {
        assert!(first.try_wait().unwrap().is_none());
        thread::sleep(Duration::from_millis(5));
    }
    for flags in [&[][..], &["--resume"]] {
        let found = fail(&mut score(&run, flags), 2);
        let expected = format!("process {} is working in this folder", first.id());
        assert!(found.contains(&expected), "{found}");
    }
    // The dead hold no lock.
    first.kill().unwrap();
    first.wait().unwrap();
    let found = fail(&mut score(&run, &[]), 2);
    assert!(found.contains("--resume continues it"), "{found}");
}

#[cfg(unix)]
#[test]
fn an_interruption_ends_at_once_and_says_how_to_go_on() {
    for signal in ["INT", "TERM"] {
        let folder = folder();
        let run = folder.path().join("run");
        let mut command = rhetor("score");
        command
            .args(["-", "--input-format", "jsonl", "--output"])
            .arg(&run)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        while !run.join("seen.idx").exists() {
            thread::sleep(Duration::from_millis(5));
        }
        let pid = child.id().to_string();
        succeed(Command::new("kill").args(["-s", signal, &pid]));
        // Its input is still open.
        let mut child = child;
        let input = child.stdin.take();
        let output = child.wait_with_output().unwrap();
        drop(input);
        assert_eq!(output.status.code(), Some(130));
        assert!(stderr(&output).contains("run the same command again with --resume"));
    }
}

#[test]
fn folders_that_are_no_run_are_left_alone() {
    let folder = folder();
    fs::write(folder.path().join("thesis.tex"), "mine").unwrap();
    let found = fail(&mut score(folder.path(), &["--resume"]), 2);
    assert!(found.contains("not empty and holds no run"), "{found}");
    assert_eq!(files(folder.path()).len(), 1);

    let corpus = folder.path().join("corpus");
    fs::create_dir(&corpus).unwrap();
    let found = fail(
        rhetor("score")
            .arg(&corpus)
            .arg("--output")
            .arg(corpus.join("run")),
        2,
    );
    assert!(found.contains("is inside the input"), "{found}");
}

#[test]
fn shards_make_the_run_that_was_not_split() {
    let folder = folder();
    let mixed = mixed(folder.path());
    for format in ["parquet", "jsonl", "csv"] {
        let name = |name: &str| folder.path().join(format!("{format}-{name}"));
        let score = |run: &Path, flags: &[&str]| {
            let mut command = score(run, flags);
            command.arg(&mixed).args(["--format", format]);
            succeed(&mut command);
        };
        let whole = name("whole");
        score(&whole, &[]);
        let shards: Vec<PathBuf> = ["1/3", "2/3", "3/3"]
            .into_iter()
            .map(|shard| {
                let run = name(&shard.replace('/', "-"));
                score(&run, &["--shard", shard]);
                run
            })
            .collect();
        let merge = |shards: &[&PathBuf], output: &Path| {
            let mut command = rhetor("merge");
            command
                .args(shards)
                .arg("--output")
                .arg(output)
                .arg("--quiet");
            command
        };
        let merged = name("merged");
        succeed(&mut merge(&[&shards[2], &shards[0], &shards[1]], &merged));
        assert_same(&whole, &merged);

        let refused = |shards: &[&PathBuf], expected: &str| {
            let found = fail(&mut merge(shards, &name("refused")), 2);
            assert!(found.contains(expected), "{found}");
            assert!(!name("refused").exists());
        };
        refused(&[&shards[0], &shards[2]], "shard 2/3 is missing");
        refused(&[&shards[0], &shards[1]], "shard 3/3 is missing");
        refused(
            &[&shards[0], &shards[1], &shards[1]],
            "shard 2/3 is named twice",
        );
        refused(&[&whole], "it was scored without --shard");
        let mut found = fail(
            &mut merge(&[&shards[0], &shards[1], &shards[2]], &merged),
            2,
        );
        assert!(found.contains("is there already"), "{found}");

        // A shard that somebody touched, and one of another input.
        let part = shards[1].join(format!("sentences/part-00001.{format}"));
        let mut bytes = fs::read(&part).unwrap();
        bytes[20] ^= 1;
        fs::write(&part, bytes).unwrap();
        refused(
            &[&shards[0], &shards[1], &shards[2]],
            "is not the file that parts.jsonl lists",
        );
        fs::remove_dir_all(&shards[1]).unwrap();
        let mut command = rhetor("score");
        command
            .args([
                "corpora/sourcing/dev",
                "--part-size",
                "3",
                "--shard",
                "2/3",
                "--format",
                format,
            ])
            .arg("--output")
            .arg(&shards[1]);
        succeed(&mut command);
        found = fail(
            &mut merge(&[&shards[0], &shards[1], &shards[2]], &name("refused")),
            2,
        );
        assert!(
            found.contains("other records") || found.contains("not of the same input"),
            "{found}"
        );
    }
}

/// Runs a shell script that mounts file systems, in a mount namespace of its own. Where that
/// is not allowed the test is left out, unless `RHETOR_NAMESPACES` is set, as in `.ci/run`.
#[cfg(target_os = "linux")]
fn in_namespace(script: &str, arguments: &[&Path]) -> Option<Output> {
    let mut command = Command::new("unshare");
    let allowed = Command::new("unshare").args(["-rm", "true"]).status();
    if !allowed.is_ok_and(|status| status.success()) {
        assert!(
            std::env::var_os("RHETOR_NAMESPACES").is_none(),
            "`unshare -rm` does not work here"
        );
        let _ = writeln!(
            std::io::stderr(),
            "left out, as `unshare -rm` does not work: a full disk"
        );
        return None;
    }
    command
        .args(["-rm", "sh", "-ec", script, "sh"])
        .args(arguments);
    Some(command.output().unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_stops_the_run_and_loses_nothing() {
    let folder = folder();
    let disk = folder.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let (whole, resumed) = (folder.path().join("whole"), folder.path().join("resumed"));
    let flags = [
        "--format", "jsonl", "--select", "doubt,slogan", "--part-size", "1",
    ];
    let score = |run: &Path| {
        let mut command = rhetor("score");
        command
            .args(["corpora/articles", "--output"])
            .arg(run)
            .args(flags);
        command
    };
    succeed(&mut score(&whole));
    let rhetor = assert_cmd::cargo::cargo_bin!("rhetor");
    let script = format!(
        r#"mount -t tmpfs -o size=64k tmpfs "$1"
        cd {}
        score() {{
            "$2" score --model models/rhetor-minilm-v2 --quiet corpora/articles \
                --output "$1/run" {} $3
        }}
        set +e
        score "$1" "$2"; echo "first: $?"
        score "$1" "$2" --resume; echo "still full: $?"
        wc -l < "$1/run/parts.jsonl"
        mount -o remount,size=16m "$1"
        score "$1" "$2" --resume; echo "with room: $?"
        cp -r "$1/run" "$3""#,
        at_root(".").display(),
        flags.join(" "),
    );
    let Some(output) = in_namespace(&script, &[&disk, rhetor, &resumed]) else {
        return;
    };
    let stdout = String::from_utf8_lossy(&output.stdout);
    let told = format!("{stdout}\n{}", stderr(&output));
    for line in ["first: 2", "still full: 2", "with room: 0"] {
        assert!(stdout.contains(line), "{told}");
    }
    assert!(stderr(&output).contains("the disk is full"), "{told}");
    assert!(stderr(&output).contains("again with --resume"), "{told}");
    assert_same(&whole, &resumed);
}

#[test]
fn a_summary_follows_from_the_tables() {
    let folder = folder();
    let corpus = folder.path().join("corpus.jsonl");
    let mut file = fs::File::create(&corpus).unwrap();
    for n in 0..24 {
        let (outlet, text) = if n % 2 == 0 {
            (
                "Herald",
                "It was a shameful disgrace, and these corrupt thugs will never stop.",
            )
        } else {
            (
                "Gazette",
                "The council of Karsa met on Monday and spoke about the port.",
            )
        };
        let text = format!("{text} The boats of quay {n} left.");
        writeln!(
            file,
            "{}",
            serde_json::json!({"text": text, "outlet": outlet})
        )
        .unwrap();
    }
    writeln!(file, "{{\"text\": null, \"outlet\": \"Gazette\"}}").unwrap();
    for format in ["parquet", "jsonl", "csv"] {
        let run = folder.path().join(format);
        let mut command = rhetor("score");
        command
            .arg(&corpus)
            .args(["--meta-field", "outlet", "--part-size", "10"]);
        succeed(command.args(["--format", format, "--output"]).arg(&run));
    }
    let summary = |format: &str, flags: &[&str]| {
        let mut command = rhetor("summary");
        command
            .arg(folder.path().join(format))
            .args(["--by", "outlet"])
            .args(flags);
        command
    };
    let printed = |format: &str, flags: &[&str]| {
        String::from_utf8(succeed(&mut summary(format, flags)).stdout).unwrap()
    };
    let csv = printed("jsonl", &["--format", "csv"]);
    assert_eq!(csv, printed("parquet", &["--format", "csv"]));
    assert_eq!(csv, printed("csv", &["--format", "csv"]));

    let documents = rows(&folder.path().join("jsonl"), "documents");
    let sum = |outlet: &str, column: &str| -> f64 {
        let of = documents.iter().filter(|row| row["meta_outlet"] == outlet);
        of.filter_map(|row| row[column].as_f64()).sum()
    };
    let mut checked = 0;
    for row in csv::Reader::from_reader(csv.as_bytes()).records() {
        let row = row.unwrap();
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        let column = format!("author_{}", row[0].replace('-', "_"));
        let rate = 100.0 * sum(&row[1], &column) / sum(&row[1], "scored_sentences");
        assert!((number(2) - rate).abs() < 1e-9, "{row:?}");
        assert!(number(3) <= number(2) && number(2) <= number(4), "{row:?}");
        assert_eq!((&row[7], &row[8]), ("12", "24"), "{row:?}");
        checked += usize::from(rate > 0.0);
    }
    assert!(checked > 0);

    let compared = printed(
        "parquet",
        &["--format", "csv", "--compare", "Herald", "Gazette"],
    );
    let mut reader = csv::Reader::from_reader(compared.as_bytes());
    let loaded = reader
        .records()
        .map(Result::unwrap)
        .find(|row| &row[0] == "loaded-language");
    let loaded = loaded.unwrap();
    let number = |at: usize| loaded[at].parse::<f64>().unwrap();
    assert!(
        (number(3) - 50.0).abs() < 1e-9 && (number(6) - 1.0).abs() < 1e-9,
        "{loaded:?}"
    );
    assert!(
        number(7) < 0.001 && number(7) < number(8) && number(8) < 0.05,
        "{loaded:?}"
    );

    let table = printed("parquet", &["--compare", "Herald", "Gazette"]);
    for expected in [
        "rate = 100 × findings / scored sentences",
        "Labels describe rhetoric and sourcing",
        "Gazette         12       1",
        "few documents",
        "Herald less Gazette",
    ] {
        assert!(table.contains(expected), "{expected}: {table}");
    }
    let mut command = rhetor("summary");
    let found = fail(
        command
            .arg(folder.path().join("csv"))
            .args(["--by", "year"]),
        2,
    );
    assert!(
        found.contains("there are: outlet, language, file, status"),
        "{found}"
    );
    let found = fail(&mut summary("csv", &["--compare", "Herald", "Times"]), 2);
    assert!(
        found.contains("there is no group `Times`; there are: Gazette, Herald"),
        "{found}"
    );
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
    command.args(["--parquet", "--model", "models/rhetor-minilm-v2"]);
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
