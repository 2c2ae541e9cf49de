//! A corpus as records: every format, every kind of bad input, in real files.

use std::fs;
use std::path::{Path, PathBuf};

use rhetor::ingest::InputFormat;
use rhetor::records::{Fields, Format, Options, Record, RecordError, Records, Row};
use serde_json::{Value, json};
use tempfile::TempDir;

type Items = Vec<Result<Record, RecordError>>;

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn read_with(path: &Path, options: Options) -> Items {
    Records::open(&[path.to_owned()], options)
        .unwrap()
        .collect()
}

fn read(path: &Path) -> Items {
    read_with(path, Options::default())
}

/// Name, row and text of each record, or name, row and class of the error.
fn shown(items: &Items) -> Vec<(String, u64, &str)> {
    let items = items.iter().map(|item| match item {
        Ok(record) => (&record.place, record.source.as_str()),
        Err(error) => (&error.place, error.class()),
    });
    items
        .map(|(place, what)| {
            let name = place.file.file_name().unwrap().to_string_lossy();
            (name.into_owned(), place.row.map_or(0, Row::number), what)
        })
        .collect()
}

fn owned<'a>(items: &[(&str, u64, &'a str)]) -> Vec<(String, u64, &'a str)> {
    items
        .iter()
        .map(|&(name, row, what)| (name.to_owned(), row, what))
        .collect()
}

/// The message of the only error.
fn refused(path: &Path, options: Options, class: &str) -> String {
    let errors: Vec<RecordError> = read_with(path, options)
        .into_iter()
        .filter_map(Result::err)
        .collect();
    let [error] = errors.as_slice() else {
        panic!("{}: {errors:?}", path.display())
    };
    assert_eq!(error.class(), class, "{error}");
    error.to_string()
}

#[test]
fn a_folder_is_read_in_the_order_of_its_names() {
    let folder = folder(&[
        ("b.md", b"# Velda\n\nThe port is shut."),
        ("a/z.txt", b"Roke spoke."),
        ("a/a.jsonl", b"{\"text\": \"One.\"}\n{\"text\": \"Two.\"}\n"),
        ("a.txt", b"Karsa votes."),
        ("c.html", b"<p>no</p>"),
        (".hidden.txt", b"no"),
        (".ignore", b"drafts/\n"),
        (".gitignore", b"a/\n"),
        ("drafts/d.txt", b"no"),
    ]);
    let mut records = Records::open(&[folder.path().to_owned()], Options::default()).unwrap();
    let items: Items = records.by_ref().collect();
    assert_eq!(
        shown(&items),
        owned(&[
            ("a.jsonl", 1, "One."),
            ("a.jsonl", 2, "Two."),
            ("z.txt", 0, "Roke spoke."),
            ("a.txt", 0, "Karsa votes."),
            ("b.md", 0, "# Velda\n\nThe port is shut."),
        ])
    );
    assert_eq!(items[4].as_ref().unwrap().format, InputFormat::Markdown);
    let passed = folder.path().join("c.html");
    assert_eq!(records.passed_over(), (1, Some(&passed)));

    let globs = Options {
        globs: vec!["*.txt".to_owned(), "!a/**".to_owned()],
        ..Options::default()
    };
    let items = read_with(folder.path(), globs);
    assert_eq!(shown(&items), owned(&[("a.txt", 0, "Karsa votes.")]));
}

#[test]
fn a_row_has_its_id_and_its_metadata() {
    let folder = folder(&[(
        "a.jsonl",
        br#"{"id": 7, "text": "One.", "body": "Uno.", "outlet": "Karsa Post", "n": 1.5}
{"id": "x", "body": "Due.", "deep": {"a": [1, null]}, "text": null}
"#,
    )]);
    let fields = Fields {
        text: "body".to_owned(),
        id: None,
        meta: ["deep", "outlet", "n"].map(str::to_owned).to_vec(),
    };
    let options = Options {
        fields,
        ..Options::default()
    };
    let items = read_with(&folder.path().join("a.jsonl"), options);
    let rows: Vec<_> = items
        .iter()
        .map(|item| {
            let record = item.as_ref().unwrap();
            (record.id.as_deref(), record.source.as_str(), &record.meta)
        })
        .collect();
    assert_eq!(
        rows,
        [
            (
                Some("7"),
                "Uno.",
                &vec![Value::Null, "Karsa Post".into(), 1.5.into()]
            ),
            (
                Some("x"),
                "Due.",
                &vec![json!({"a": [1, null]}), Value::Null, Value::Null]
            ),
        ]
    );
}

#[test]
fn bad_lines_are_refused_and_the_next_is_read() {
    let folder = folder(&[(
        "a.jsonl",
        b"\xef\xbb\xbf{\"text\": \"One.\"}\r\n\n{\"text\": \"Tw\n{\"id\": \"c\", \"txt\": \"x\"}\n\
          {\"id\": \"d\", \"text\": null}\n{\"text\": \" \\n\"}\n{\"text\": 5}\n{\"text\": \"caf\xe9\"}\n\
          {\"text\": \"a\\u0000b\"}\n[1]\n{\"text\": \"Last.\"}",
    )]);
    let path = folder.path().join("a.jsonl");
    let items = read(&path);
    assert_eq!(
        shown(&items),
        owned(&[
            ("a.jsonl", 1, "One."),
            ("a.jsonl", 3, "bad-json"),
            ("a.jsonl", 4, "missing-field"),
            ("a.jsonl", 5, "null-text"),
            ("a.jsonl", 6, "empty-text"),
            ("a.jsonl", 7, "wrong-type"),
            ("a.jsonl", 8, "bad-encoding"),
            ("a.jsonl", 9, "binary"),
            ("a.jsonl", 10, "bad-json"),
            ("a.jsonl", 11, "Last."),
        ])
    );
    let error = items[2].as_ref().unwrap_err();
    assert_eq!(error.id.as_deref(), Some("c"));
    assert!(!error.ends_file());
    let message = error.to_string();
    assert!(message.starts_with(&format!("{}, line 4", path.display())));
    assert!(
        message.contains(
            "`text` (did you mean `txt`?); there are: id, txt. Name it with --text-field"
        )
    );
}

#[test]
fn a_document_over_the_limit_is_refused() {
    let line = format!(
        "{{\"text\": \"{}\"}}\n{{\"text\": \"Two.\"}}\n",
        "a".repeat(100)
    );
    let folder = folder(&[
        ("a.jsonl", line.as_bytes()),
        ("b.txt", &[b'a'; 65]),
        ("c.txt", &[b'a'; 64]),
    ]);
    let options = Options {
        max_bytes: 64,
        ..Options::default()
    };
    let items = read_with(folder.path(), options);
    let c = "a".repeat(64);
    assert_eq!(
        shown(&items),
        owned(&[
            ("a.jsonl", 1, "too-large"),
            ("a.jsonl", 2, "Two."),
            ("b.txt", 0, "too-large"),
            ("c.txt", 0, &c),
        ])
    );
    let message = items[0].as_ref().unwrap_err().to_string();
    assert!(message.contains("--max-bytes"), "{message}");
}

#[test]
fn text_in_utf_16_is_refused_whatever_the_file() {
    for name in ["a.txt", "a.jsonl"] {
        let folder = folder(&[(name, b"\xff\xfe{\0\"\0")]);
        let message = refused(folder.path(), Options::default(), "bad-encoding");
        assert!(message.contains("iconv -f UTF-16"), "{message}");
    }
}

#[test]
fn the_format_of_a_named_file_goes_by_its_content() {
    let folder = folder(&[
        ("rows", b" {\"text\": \"One.\"}\n"),
        ("words", b"One."),
        ("lines.txt", b"{\"text\": \"One.\"}\n"),
    ]);
    for (name, format) in [
        ("rows", None),
        ("words", Some(Format::Document)),
        ("lines.txt", Some(Format::Jsonl)),
    ] {
        let options = Options {
            format,
            ..Options::default()
        };
        let items = read_with(&folder.path().join(name), options);
        let record = items[0].as_ref().unwrap();
        assert_eq!((items.len(), record.source.as_str()), (1, "One."), "{name}");
    }
    let message = refused(
        &folder.path().join("words"),
        Options::default(),
        "unknown-format",
    );
    assert!(message.contains("--input-format"), "{message}");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_back_is_reported_and_not_followed() {
    use std::os::unix::fs::symlink;

    let folder = folder(&[("a/b/one.txt", b"One."), ("other/two.txt", b"Two.")]);
    symlink(folder.path().join("a"), folder.path().join("a/b/up")).unwrap();
    symlink(folder.path().join("other"), folder.path().join("a/c")).unwrap();
    symlink("nowhere", folder.path().join("a/d.txt")).unwrap();
    let items = read(&folder.path().join("a"));
    assert_eq!(
        shown(&items),
        owned(&[
            ("one.txt", 0, "One."),
            ("up", 0, "loop"),
            ("two.txt", 0, "Two."),
            ("d.txt", 0, "unreadable"),
        ])
    );
    let message = items[1].as_ref().unwrap_err().to_string();
    assert!(message.contains("remove the link"), "{message}");
}

/// A file that says it is there and cannot be read, whoever asks.
#[cfg(target_os = "linux")]
#[test]
fn an_unreadable_file_is_reported_and_the_next_is_read() {
    let folder = folder(&[("b.txt", b"Two.")]);
    std::os::unix::fs::symlink("/proc/self/mem", folder.path().join("a.txt")).unwrap();
    let items = read(folder.path());
    assert_eq!(
        shown(&items),
        owned(&[("a.txt", 0, "unreadable"), ("b.txt", 0, "Two.")])
    );
}

#[test]
fn inputs_that_make_no_corpus_are_refused_before_the_work() {
    let refused = |inputs: &[&str], globs: &[&str]| {
        let inputs: Vec<PathBuf> = inputs.iter().map(PathBuf::from).collect();
        let options = Options {
            globs: globs.iter().map(|&glob| glob.to_owned()).collect(),
            ..Options::default()
        };
        Records::open(&inputs, options).err().unwrap().to_string()
    };
    assert!(refused(&["missing.jsonl"], &[]).contains("missing.jsonl"));
    assert!(refused(&["-", "-"], &[]).contains("read once"));
    assert!(refused(&["-"], &["a{b"]).contains("`a{b` is no glob"));
}
