//! What people corrected in annotation tools, read as gold: as it is meant, and refused where
//! it cannot be.

use std::fs;

use assert_cmd::cargo::cargo_bin_cmd;
use predicates::str::contains;
use rhetor::corpus;

use crate::at_root;

/// Why a file, or a folder of brat with these files, is refused.
fn refused(files: &[(&str, &str)], path: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let error = corpus::read(&folder.path().join(path)).unwrap_err();
    error.to_string()
}

#[test]
fn mistakes_in_a_folder_of_brat_are_refused_with_their_place() {
    let text = ("a.txt", "They lie 🚢 now.\nVelda\nwaits.");
    for (line, expected) in [
        (
            "T1\tdoubt 5 99\tlie",
            "a.ann, line 2: `T1` goes from 5 to 99, which is outside the text; offsets are code points",
        ),
        (
            "T1\tdoubt 5 5\t",
            "`T1` goes from 5 to 5, which holds nothing",
        ),
        (
            "T1\tdoubt 6 8\tlie",
            "`T1` says \"lie\", but at its offsets stands \"ie\"",
        ),
        (
            "T1\tdoubts 5 8\tlie",
            "`T1` is \"doubts\", which is not known here (did you mean `doubt`?)",
        ),
        ("T1\tdoubt 5\tlie", "an annotation such as"),
        ("T1 doubt 5 8 lie", "an annotation such as"),
        ("X1\tdoubt 5 8\tlie", "an annotation such as"),
    ] {
        let annotations = format!("T9\tdoubt 5 8\tlie\n{line}\n");
        let message = refused(&[text, ("a.ann", &annotations)], "");
        assert!(
            message.contains(expected),
            "{message}\ndoes not say: {expected}"
        );
    }
    assert!(refused(&[("a.ann", "")], "").contains("a.txt: cannot be read"));
    assert!(refused(&[text], "").contains("holds no document"));
    assert!(refused(&[text, ("a.ann", "")], "").contains("no label occurs in the whole file"));
}

#[test]
fn mistakes_in_lines_of_doccano_are_refused_with_their_place() {
    let good = r#"{"text": "They lie.", "label": [[5, 8, "doubt"]]}"#;
    for (bad, expected) in [
        (
            r#"{"text": "They lie.", "label": [[5, 18, "doubt"]]}"#,
            "line 2: `label[0]` goes from 5 to 18, which is outside the text; offsets are UTF-16 units into `text` (which has 9)",
        ),
        (
            r#"{"text": "🚢 lie.", "label": [[1, 3, "doubt"]]}"#,
            "which cuts a character in two",
        ),
        (
            r#"{"text": "They lie.", "label": [[5, 8, "lies"]]}"#,
            "`label[0]` is \"lies\", which is not known",
        ),
        (
            r#"{"text": "They lie.", "label": [[5, 8]]}"#,
            "`label[0]` is [5,8], not a list such as",
        ),
        (r#"{"text": "They lie."}"#, "there is no `label`"),
        (
            r#"{"text": "They lie.", "entities": [{"start_offset": 9, "end_offset": 10, "label": "doubt"}]}"#,
            "`entities[0]` goes from 9 to 10",
        ),
    ] {
        let message = refused(&[("d", &format!("{good}\n{bad}\n"))], "d");
        assert!(
            message.contains(expected),
            "{message}\ndoes not say: {expected}"
        );
    }
}

#[test]
fn mistakes_in_tasks_of_label_studio_are_refused_with_their_place() {
    let task = |result: &str| {
        format!(
            r#"[{{"id": 1, "data": {{"text": "They lie."}}, "annotations": [{{"id": 4, "result": [{result}]}}]}}]"#
        )
    };
    let labels = |value: &str| task(&format!(r#"{{"type": "labels", "value": {value}}}"#));
    for (file, expected) in [
        (
            labels(r#"{"start": 5, "end": 80, "labels": ["doubt"]}"#),
            "`[0].annotations[0].result[0].value` goes from 5 to 80, which is outside",
        ),
        (
            labels(r#"{"start": 5, "end": 8, "text": "They", "labels": ["doubt"]}"#),
            "says \"They\", but at its offsets stands \"lie\"",
        ),
        (
            labels(r#"{"start": 5, "end": 8, "labels": ["Person"]}"#),
            "is \"Person\", which is not known here",
        ),
        (
            labels(r#"{"start": 5, "end": 8, "labels": []}"#),
            "give the region a label",
        ),
        (
            task(r#"{"type": "hypertextlabels", "value": {}}"#),
            "is \"hypertextlabels\", which is not known here",
        ),
        (
            r#"[{"id": 1, "text": "They lie.", "label": []}]"#.into(),
            "there is no `[0].data`",
        ),
        (
            r#"[{"id": 1, "data": {"text": "They lie."}}]"#.into(),
            "export the project as JSON (not JSON-MIN)",
        ),
        (
            r#"[{"id": 1, "data": {"text": "They lie."}, "annotations": []}]"#.into(),
            "holds no document",
        ),
        ("[{".into(), "line 1: no JSON: EOF"),
    ] {
        let message = refused(&[("l.json", &file)], "l.json");
        assert!(
            message.contains(expected),
            "{message}\ndoes not say: {expected}"
        );
    }
}

#[test]
fn corrections_by_hand_are_read_as_they_are_meant() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    fs::write(inner.join("b.txt"), "They lie. Many\nexperts wait.").unwrap();
    let annotations = "T2\tdoubt 0 4;5 8\tThey lie\nT3\tdoubt 0 4;10 14\tThey Many\n\
        #1\tAnnotatorNotes T2\tsure?\nA1\tSure T2\nT4\tvague-source 10 14;15 22\tMany experts\r\n";
    fs::write(inner.join("b.ann"), annotations).unwrap();
    let gold = corpus::read(folder.path()).unwrap();
    assert_eq!(gold[0].id, "inner/b");
    let words: Vec<(&str, &str)> = gold[0]
        .spans
        .iter()
        .map(|marked| (marked.span.of(&gold[0].text), marked.output.as_str()))
        .collect();
    let expected = [
        ("They lie", "doubt"),
        ("They", "doubt"),
        ("Many", "doubt"),
        ("Many\nexperts", "vague-source"),
    ];
    assert_eq!(words, expected);
    // Both families were looked for, and a sentence bears what is marked in it.
    let labels = &gold[0].sentences[0].labels;
    assert_eq!(
        (labels["doubt"], labels["slogan"], labels["vague-source"]),
        (true, false, false)
    );

    // Two readings of one task are two documents.
    let result = |label: &str| {
        format!(r#"{{"type": "labels", "value": {{"start": 5, "end": 8, "labels": ["{label}"]}}}}"#)
    };
    let tasks = format!(
        r#"[{{"id": 3, "data": {{"text": "They lie."}}, "annotations": [
            {{"id": 4, "result": [{}, {{"type": "choices", "value": {{"choices": ["x"]}}}}]}},
            {{"id": 5, "result": [{}]}}]}}]"#,
        result("doubt"),
        result("slogan")
    );
    let path = folder.path().join("tasks.json");
    fs::write(&path, tasks).unwrap();
    let gold = corpus::read(&path).unwrap();
    let ids: Vec<&str> = gold.iter().map(|document| document.id.as_str()).collect();
    assert_eq!(ids, ["3/4", "3/5"]);
    assert_eq!(gold[1].spans[0].output, "slogan");
}

/// What the whole pipeline finds is measured on what people left of it and added to it.
#[test]
fn corrected_sourcing_gaps_are_scored() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let run = |args: &[&str]| {
        let mut command = cargo_bin_cmd!("rhetor");
        let run = command.args(args).assert().success();
        String::from_utf8(run.get_output().stdout.clone()).unwrap()
    };
    let article = at_root("corpora/articles/festival.txt");
    let article = article.to_str().unwrap();
    let brat = format!("brat={path}");
    run(&["analyze", article, "--preview", "--format", &brat]);
    let row = |table: &str, label: &str| -> Vec<f64> {
        let mut rows = table.lines().map(str::trim);
        let row = rows.find_map(|row| row.strip_prefix(label)).unwrap();
        row.split_whitespace().map(|n| n.parse().unwrap()).collect()
    };
    let table = run(&["evaluate", "--articles", path]);
    assert_eq!(row(&table, "all, micro")[..3], [100.0; 3], "{table}");
    assert_eq!(row(&table, "vague-source"), [100.0, 100.0, 100.0, 2.0]);
    assert!(!table.contains("Attributions"), "{table}");

    // Somebody struck one out, and marked what was not found.
    let file = folder.path().join("festival.ann");
    let marks = fs::read_to_string(&file).unwrap();
    let struck = marks.lines().find(|line| line.contains("vague-source"));
    let text = fs::read_to_string(folder.path().join("festival.txt")).unwrap();
    let added = format!("T99\thearsay 0 4\t{}", &text[..4]);
    fs::write(&file, marks.replace(struck.unwrap(), &added)).unwrap();
    let table = run(&["evaluate", "--articles", path]);
    assert_eq!(row(&table, "vague-source"), [50.0, 100.0, 66.7, 1.0]);
    assert_eq!(row(&table, "hearsay"), [100.0, 50.0, 66.7, 2.0]);

    // The model's own outputs are scored without the flag, which is said.
    let table = run(&["evaluate", path]);
    let words: Vec<&str> = table.split_whitespace().collect();
    assert!(
        words
            .join(" ")
            .contains("`rhetor evaluate --articles` scores them")
    );
    let marks = "T1\tdoubt 0 4\t".to_owned() + &text[..4];
    fs::write(&file, marks).unwrap();
    cargo_bin_cmd!("rhetor")
        .args(["evaluate", "--articles", path])
        .assert()
        .code(2)
        .stderr(contains("no sourcing gap is marked in it"));
}
