//! Runs that are not begun or not continued.

use std::fs;

use super::{fail, files, folder, json, rhetor, score, succeed};

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
