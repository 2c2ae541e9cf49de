//! Gold files: every format is read into one, mistakes are refused with their place, and
//! the public corpora give the counts that an independent reader gives.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use assert_cmd::cargo::cargo_bin_cmd;
use predicates::str::contains;
use proptest::prelude::*;
use rhetor::corpus::{self, GoldDocument, Part, Reason};
use rhetor::span::Span;
use serde_json::{Value, json};

/// Reads lines as a file of this name.
fn read_as(name: &str, lines: &[u8]) -> Result<Vec<GoldDocument>, corpus::GoldError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, lines).unwrap();
    corpus::read(&path)
}

fn read(lines: &[Value]) -> Vec<GoldDocument> {
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    let lines = lines.join("\n");
    read_as("gold.jsonl", lines.as_bytes()).unwrap()
}

fn one(line: Value) -> GoldDocument {
    let mut documents = read(&[line]);
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

/// The labels of a sentence that are on, and how many are annotated.
fn on(document: &GoldDocument, sentence: usize) -> (Vec<&str>, usize) {
    let labels = &document.sentences[sentence].labels;
    let on = labels.iter().filter(|(_, on)| **on);
    (on.map(|(label, _)| label.as_str()).collect(), labels.len())
}

fn words(document: &GoldDocument) -> Vec<(&str, &str)> {
    let words = document.spans.iter();
    words
        .map(|marked| (marked.span.of(&document.text), marked.output.as_str()))
        .collect()
}

fn sentences(document: &GoldDocument) -> Vec<&str> {
    let sentences = document.sentences.iter();
    sentences
        .map(|sentence| sentence.span.of(&document.text))
        .collect()
}

const SOURCED: &str = "Énergie: the mayor said Velda “will pay”. Nobody else spoke.\nThe end";

#[test]
fn a_line_of_a_document_is_a_sentence_in_ptc() {
    let document = one(json!({
        "doc_id": "7", "lang": "en", "split": "train",
        "text": "  A “disgrace”. A shame.\n\n \nThey lie", "spans": [
            {"start": 4, "end": 14, "label": "Loaded_Language"},
            {"start": 22, "end": 32, "label": "Black-and-White_Fallacy"},
        ]
    }));
    assert_eq!(
        (document.corpus.as_str(), document.id.as_str()),
        ("ptc", "7")
    );
    assert_eq!(sentences(&document), ["A “disgrace”. A shame.", "They lie"]);
    assert_eq!(
        words(&document),
        [
            ("“disgrace”", "loaded-language"),
            ("e.\n\n \nThey", "false-dilemma")
        ]
    );
    assert_eq!(document.token.len(), 15);
    let both = ["any-device", "false-dilemma", "loaded-language"];
    assert_eq!(on(&document, 0), (both.to_vec(), 15));
    assert_eq!(on(&document, 1), (both[..2].to_vec(), 15));
}

#[test]
fn readings_of_one_article_are_documents_of_one_part_in_polnear() {
    let line = |annotator: &str, split: &str| {
        json!({
            "doc_id": "velda-4", "annotator": annotator, "publisher": "the-lantern",
            "lang": "en", "split": split, "text": SOURCED, "spans": [
                {"start": 9, "end": 18, "label": "Source", "rel": "E1"},
                {"start": 19, "end": 23, "label": "Cue", "rel": "E1"},
                {"start": 24, "end": 40, "label": "Content", "rel": "E1"},
                {"start": 42, "end": 48, "label": "Discuss", "rel": "E2"},
            ]
        })
    };
    let documents = read(&[line("a1", "train"), line("b2", "train"), line("a1", "dev")]);
    let names = documents.iter().map(|d| (d.corpus.as_str(), d.id.as_str()));
    assert_eq!(
        names.collect::<Vec<_>>(),
        [
            ("polnear", "velda-4/a1"),
            ("polnear", "velda-4/b2"),
            ("polnear-dev", "velda-4/a1")
        ]
    );
    let parts: Vec<Part> = documents.iter().map(|document| document.part).collect();
    let by_name = Part::of("velda-4");
    assert_ne!(by_name, Part::Report, "the example should tell them apart");
    assert_eq!(parts, [by_name, by_name, Part::Report]);
    assert_eq!(documents[0].token, ["source", "cue", "content"]);
    assert_eq!(
        sentences(&documents[0]),
        [
            "Énergie: the mayor said Velda “will pay”.",
            "Nobody else spoke.",
            "The end"
        ]
    );
    assert_eq!(on(&documents[0], 0), (vec!["attributed"], 1));
    assert_eq!(on(&documents[0], 1), (vec![], 1));
    assert_eq!(words(&documents[0]).len(), 3);
}

#[test]
fn questions_that_annotators_could_not_answer_are_open() {
    let weasel = |kind: &str| {
        let line = json!({"id": "1", "text": " Some say so.", "label": "x", "kind": kind});
        let document = one(line);
        assert_eq!(sentences(&document), ["Some say so."]);
        document.sentences[0].labels.get("weasel").copied()
    };
    assert_eq!(weasel("weasel_only"), Some(true));
    assert_eq!(weasel("semantic_uncertainty"), Some(false));
    assert_eq!(weasel("certain"), Some(false));
    assert_eq!(weasel("unknown"), None);

    let babe = |label: &str, opinion: &str, spans: Value| {
        one(json!({
            "id": "1", "text": "A vile plan.", "url": "", "split": "all",
            "label": label, "opinion": opinion, "spans": spans
        }))
    };
    let vile = json!([{"start": 2, "end": 6, "label": "biased_word"}]);
    let document = babe("Non-biased", "Expresses writer’s opinion", vile.clone());
    assert_eq!(on(&document, 0), (vec!["subjective"], 2));
    assert_eq!(words(&document), [("vile", "biased")]);
    let document = babe("Biased", "No agreement", json!([]));
    assert_eq!(on(&document, 0), (vec!["biased"], 1));
    assert_eq!(document.token, ["biased"]);
    let document = babe("No agreement", "Entirely factual", vile);
    assert_eq!(on(&document, 0), (vec![], 1));
    assert!(document.token.is_empty() && document.spans.is_empty());
    assert_eq!(document.part, Part::of("A vile plan."));

    let labelled = |label: &str| one(json!({"id": 3, "text": "Taxes fell.", "label": label}));
    assert_eq!(on(&labelled("Yes"), 0), (vec!["check-worthy"], 1));
    assert_eq!(on(&labelled("No"), 0), (vec![], 1));
    assert_eq!(on(&labelled("SUBJ"), 0), (vec!["subjective"], 1));
    assert_eq!(labelled("OBJ").id, "3");
}

#[test]
fn test_splits_are_for_reporting_under_a_name_of_their_own() {
    let line = |split: Option<&str>| {
        let mut line = json!({"id": "3", "text": "velda-4", "label": "Yes"});
        if let Some(split) = split {
            line["split"] = json!(split);
        }
        let document = one(line);
        (document.corpus, document.part)
    };
    let name = "checkworthy".to_owned();
    assert_eq!(line(Some("dev")), (name.clone(), Part::of("velda-4")));
    assert_eq!(line(Some("test")), (name.clone() + "-test", Part::Report));
    assert_eq!(line(None), (name, Part::Report));
}

#[test]
fn what_users_looked_for_is_taken_from_the_whole_file() {
    let documents = read(&[
        json!({"text": "Norland waits. It lies.", "id": "n", "spans": [
            {"start": 18, "end": 22, "label": "name-calling", "text": "lies"}]}),
        json!({"text": "The end.", "spans": []}),
    ]);
    assert_eq!(documents[0].token.len(), 15);
    assert_eq!(documents[0].token, documents[1].token);
    assert_eq!(sentences(&documents[0]), ["Norland waits.", "It lies."]);
    assert_eq!(
        on(&documents[0], 1),
        (vec!["any-device", "name-calling"], 15)
    );
    assert_eq!(on(&documents[1], 0), (vec![], 15));
    assert_eq!(
        (documents[0].id.as_str(), documents[1].id.as_str()),
        ("n", "2")
    );
    assert!(
        documents
            .iter()
            .all(|d| d.part == Part::Report && d.corpus == "gold")
    );

    let document = one(
        json!({"text": "It lies.", "token": ["doubt", "biased"], "spans": [
        {"start": 3, "end": 7, "label": "biased_word"}]}),
    );
    assert_eq!(on(&document, 0), (vec!["biased"], 2));

    let documents = read(&[
        json!({"text": "It lies. It waits.", "labels": ["Doubt", "weasel"]}),
        json!({"text": "The end.", "label": null}),
        json!({"text": "The start.", "label": "slogan"}),
        json!({"text": "The middle.", "labels": {"doubt": false, "any-device": true}}),
    ]);
    assert_eq!(sentences(&documents[0]), ["It lies. It waits."]);
    assert_eq!(
        on(&documents[0], 0),
        (vec!["any-device", "doubt", "weasel"], 16)
    );
    assert_eq!(on(&documents[1], 0), (vec![], 16));
    assert_eq!(on(&documents[2], 0), (vec!["any-device", "slogan"], 16));
    assert_eq!(on(&documents[3], 0), (vec!["any-device"], 2));
    let document = one(json!({"text": "It lies.", "labels": ["any-device"]}));
    assert_eq!(on(&document, 0), (vec!["any-device"], 1));
}

#[test]
fn the_format_goes_by_the_fields_and_not_by_the_name() {
    let line = br#"{"text": "Some say so.", "kind": "certain", "id": "1", "label": "certain"}"#;
    for name in ["ptc.jsonl", "polnear.txt", "gold"] {
        assert_eq!(read_as(name, line).unwrap()[0].corpus, "wikiweasel");
    }
    let with_mark = [b"\xef\xbb\xbf", &line[..], b"\r\n\r\n"].concat();
    assert_eq!(read_as("gold", &with_mark).unwrap().len(), 1);
}

/// A mistake in the second line of a file whose first line is good.
fn mistake(good: &Value, bad: &str) -> String {
    let error = read_as("gold.jsonl", format!("{good}\n{bad}\n").as_bytes()).unwrap_err();
    let message = error.to_string();
    assert!(message.contains("gold.jsonl, line 2: "), "{message}");
    message
}

#[test]
fn mistakes_are_refused_with_line_value_and_remedy() {
    let good = json!({"text": "É vile.", "spans": [{"start": 2, "end": 6, "label": "doubt"}]});
    let span = |span: &str| format!(r#"{{"text": "É vile.", "spans": [{span}]}}"#);
    for (bad, expected) in [
        (span(r#"{"start": 2, "end": 8, "label": "doubt"}"#), "`spans[0]` goes from 2 to 8, which is outside the text; offsets are code points into `text` (which has 7)"),
        (span(r#"{"start": 2, "end": 2, "label": "doubt"}"#), "goes from 2 to 2, which holds nothing"),
        (span(r#"{"start": 6, "end": 2, "label": "doubt"}"#), "goes from 6 to 2, which holds nothing"),
        (span(r#"{"start": -1, "end": 2, "label": "doubt"}"#), "`spans[0].start` is -1, not a whole number"),
        (span(r#"{"start": 1.5, "end": 2, "label": "doubt"}"#), "`spans[0].start` is 1.5, not"),
        (span(r#"{"start": "2", "end": 6, "label": "doubt"}"#), "`spans[0].start` is \"2\", not"),
        (span(r#"{"start": 2, "label": "doubt"}"#), "there is no `spans[0].end`"),
        (span(r#"{"start": 2, "end": 6}"#), "there is no `spans[0].label`"),
        (span(r#"{"start": 2, "end": 6, "label": 3}"#), "`spans[0].label` is 3, not a string"),
        (span(r#"{"start": 2, "end": 6, "label": "doubts"}"#), "`spans[0].label` is \"doubts\", which is not known here (did you mean `doubt`?)"),
        (span(r#"{"start": 2, "end": 6, "label": "any-device"}"#), "`spans[0].label` is \"any-device\", which is not known here"),
        (span(r#"{"start": 3, "end": 7, "label": "doubt", "text": "vile"}"#), "`spans[0].text` says \"vile\", but at its offsets stands \"ile.\"; count offsets in code points"),
        (span("7"), "`spans[0]` is 7, not an object"),
        (r#"{"text": "É vile.", "spans": {}}"#.into(), "`spans` is {}, not a list"),
        (r#"{"text": "É vile.", "token": ["slogan"], "spans": [{"start": 2, "end": 6, "label": "doubt"}]}"#.into(), "\"doubt\", which is not known here; known: slogan"),
        (r#"{"text": "É vile.", "token": ["slogans"], "spans": []}"#.into(), "`token[0]` is \"slogans\""),
        (r#"{"text": 3, "spans": []}"#.into(), "`text` is 3, not a string"),
        (r#"{"text": " ", "spans": []}"#.into(), "`text` is \" \", not a text with words"),
        (r#"{"spans": []}"#.into(), "there is no `text`"),
        (r#"{"text": "É vile."}"#.into(), "a line needs `spans`, `labels`, `label` or `sentences`"),
        (r#"{"text": "É vile.", "labels": ["vile"]}"#.into(), "`labels[0]` is \"vile\""),
        (r#"{"text": "É vile.", "labels": "doubt"}"#.into(), "`labels` is \"doubt\", not an object"),
        (r#"{"text": "É vile.", "labels": {"doubt": 1}}"#.into(), "`labels.doubt` is 1, not true or false"),
        (r#"{"text": "É vile.", "label": ["doubt"]}"#.into(), "`label` is [\"doubt\"], not the name"),
        (r#"{"text": "É vile.", "label": "cue"}"#.into(), "`label` is \"cue\""),
        (r#"{"text": "É vile.", "label": "doubt", "part": "test"}"#.into(), "`part` is \"test\", which is not known here; known: train, tune, report"),
        (r#"{"text": "É vile.", "sentences": [{"start": 0, "end": 9}]}"#.into(), "`sentences[0]` goes from 0 to 9"),
        (r#"{"text": "É vile.", "sentences": [{"start": 1, "end": 2}]}"#.into(), "white space only"),
        (r#"{"text": "É vile.", "sentences": [{"start": 0, "end": 4}, {"start": 3, "end": 7}]}"#.into(), "`sentences[1]` goes from 3 to 7, but the sentence before ends later"),
        (r#"{"text": "É vile.", "spans": ["#.into(), "no JSON: EOF while parsing a list at column 31; a gold file has one JSON object a line"),
        ("[]".into(), "`the line` is [], not an object"),
    ] {
        let message = mistake(&good, &bad);
        assert!(message.contains(expected), "{message}\ndoes not say: {expected}");
    }
    let weasel = json!({"id": "1", "text": "So.", "label": "certain", "kind": "certain"});
    let message = mistake(
        &weasel,
        r#"{"id": "2", "text": "So.", "label": "x", "kind": "sure"}"#,
    );
    assert!(
        message.contains("`kind` is \"sure\"") && message.contains("known: weasel_only, "),
        "{message}"
    );
    let message = mistake(
        &weasel,
        r#"{"text": "So.", "label": "x", "kind": "certain"}"#,
    );
    assert!(message.contains("there is no `id`"), "{message}");
    let shown = mistake(
        &good,
        &format!(r#"{{"text": {{"{}": 1}}}}"#, "é".repeat(500)),
    );
    assert!(shown.chars().count() < 300, "{shown}");
}

#[test]
fn files_without_documents_are_refused() {
    for empty in ["", "\n \r\n"] {
        let error = read_as("gold.jsonl", empty.as_bytes()).unwrap_err();
        assert!(matches!(*error.reason, Reason::Empty), "{error}");
        assert!(error.to_string().contains("gold.jsonl: holds no document"));
    }
    let error = read_as(
        "gold.jsonl",
        b"{\"text\": \"So.\", \"label\": \"doubt\"}\n{\"\xe9",
    )
    .unwrap_err();
    assert_eq!(error.line, Some(2));
    assert!(error.to_string().contains("byte 0xE9"), "{error}");
    for nothing in [
        r#"{"text": "So.", "spans": []}"#,
        r#"{"text": "So.", "labels": []}"#,
    ] {
        let error = read_as("gold.jsonl", nothing.as_bytes()).unwrap_err();
        assert!(matches!(*error.reason, Reason::NothingAnnotated), "{error}");
    }
    let missing = corpus::read(Path::new("no/such/gold.jsonl")).unwrap_err();
    assert!(
        missing
            .to_string()
            .contains("no/such/gold.jsonl: cannot be read")
    );
}

fn document() -> impl Strategy<Value = Value> {
    let text = "[ a-c.é𝄞“”\n]{0,30}[a-cé]";
    let marks = prop::collection::vec(
        (
            0..40_usize,
            0..40_usize,
            prop::sample::select(vec!["doubt", "cue", "biased"]),
        ),
        0..5,
    );
    (text, marks).prop_map(|(text, marks)| {
        let length = text.chars().count();
        let spans = marks.into_iter().map(|(start, extent, label)| {
            let start = start % length;
            let end = start + 1 + extent % (length - start);
            json!({"start": start, "end": end, "label": label})
        });
        json!({"text": text, "spans": spans.collect::<Vec<_>>(),
            "token": ["doubt", "any-device", "source", "cue", "content", "biased"]})
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// What is written is read back as it was, and the labels are those that the spans
    /// give character by character.
    #[test]
    fn our_own_format_round_trips(lines in prop::collection::vec(document(), 1..4)) {
        let documents = read(&lines);
        for document in &documents {
            let marked = |output: &str, sentence: Span| {
                let spans = document.spans.iter().filter(|marked| marked.output == output);
                spans.flat_map(|marked| marked.span.start..marked.span.end).any(|byte| {
                    let start = document.text.floor_char_boundary(byte);
                    let c = document.text[start..].chars().next().unwrap();
                    (sentence.start..sentence.end).contains(&byte) && !c.is_whitespace()
                })
            };
            for sentence in &document.sentences {
                let labels = ["doubt", "any-device", "attributed", "biased"];
                let outputs = ["doubt", "doubt", "cue", "biased"];
                let expected: BTreeMap<String, bool> = labels.iter().zip(outputs)
                    .map(|(label, output)| (label.to_string(), marked(output, sentence.span)))
                    .collect();
                prop_assert_eq!(&sentence.labels, &expected);
            }
        }
        let mut written = Vec::new();
        for document in &documents {
            corpus::write(&mut written, document).unwrap();
        }
        prop_assert_eq!(read_as("own.jsonl", &written).unwrap(), documents);
    }

    /// A line with a piece of it replaced is read or refused, and never a panic.
    #[test]
    fn damaged_lines_are_read_or_refused(
        line in document(), at in any::<prop::sample::Index>(), piece in "[\\[\\]{}:,\"0-9a-zé-]{0,4}"
    ) {
        let line = line.to_string();
        let start = line.floor_char_boundary(at.index(line.len()));
        let end = line.ceil_char_boundary((start + piece.len()).min(line.len()));
        let damaged = format!("{}{piece}{}", &line[..start], &line[end..]);
        match read_as("gold.jsonl", damaged.as_bytes()) {
            Ok(documents) => prop_assert_eq!(documents.len(), 1),
            Err(error) => prop_assert!(error.to_string().contains("gold.jsonl"), "{}", error),
        }
    }
}

fn rhetor(args: &[&str]) -> assert_cmd::Command {
    let mut command = cargo_bin_cmd!("rhetor");
    command.arg("corpus").args(args);
    command
}

#[test]
fn the_command_prints_one_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (gold, bad, out) = (path("gold.jsonl"), path("bad.jsonl"), path("out.jsonl"));
    let train = json!({"text": "É la. It lies.", "id": "a", "part": "train", "token": ["doubt"],
        "spans": [{"start": 9, "end": 13, "label": "Doubt"}]});
    let report = json!({"text": "The end.", "token": ["doubt"], "spans": []});
    fs::write(&gold, format!("{train}\n{report}\n")).unwrap();
    fs::write(&bad, "{\"text\": 1}\n").unwrap();

    let printed = concat!(
        r#"{"corpus":"gold","id":"a","part":"train","text":"É la. It lies.","token":["doubt"],"#,
        r#""sentences":[{"start":0,"end":5,"labels":{"doubt":false}},"#,
        r#"{"start":6,"end":14,"labels":{"doubt":true}}],"#,
        r#""spans":[{"start":9,"end":13,"label":"doubt"}]}"#,
        "\n"
    );
    rhetor(&[&gold, "--part", "train"])
        .assert()
        .success()
        .stdout(printed);
    rhetor(&[&gold, &gold, "--output", &out])
        .assert()
        .success()
        .stdout("");
    assert_eq!(corpus::read(Path::new(&out)).unwrap().len(), 4);

    rhetor(&[&gold, "--part", "tune"])
        .assert()
        .code(2)
        .stderr(contains("in the part `tune`"));
    rhetor(&[&gold, &bad])
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("bad.jsonl, line 1: `text` is 1"));
    rhetor(&[&gold, "--output", &gold])
        .assert()
        .code(2)
        .stderr(contains("also an input"));
    assert_eq!(corpus::read(Path::new(&gold)).unwrap().len(), 2);
}

/// Of the documents of a corpus in a part: documents, sentences, spans, sentence labels
/// annotated, and of these on. From a reader written on its own in Python.
const COUNTS: &[(&str, Part, [usize; 5])] = &[
    ("ptc", Part::Train, [292, 13242, 4769, 198_630, 8413]),
    ("ptc", Part::Tune, [26, 1201, 492, 18015, 857]),
    ("ptc", Part::Report, [53, 2230, 867, 33450, 1488]),
    // The other reader has 24,658 sentences, 17,004 of them attributed: it does not cut
    // behind "in May.", which three texts have.
    ("polnear", Part::Train, [689, 24661, 50195, 24661, 17005]),
    ("polnear", Part::Tune, [104, 4478, 9627, 4478, 3321]),
    ("polnear", Part::Report, [126, 5091, 9883, 5091, 3514]),
    ("polnear-dev", Part::Report, [94, 3601, 7196, 3601, 2545]),
    ("wikiweasel", Part::Train, [5477, 5477, 0, 5359, 958]),
    ("wikiweasel", Part::Tune, [743, 743, 0, 731, 162]),
    ("wikiweasel", Part::Report, [1123, 1123, 0, 1098, 200]),
    ("checkworthy", Part::Train, [17673, 17673, 0, 17673, 4286]),
    ("checkworthy", Part::Tune, [2371, 2371, 0, 2371, 547]),
    ("checkworthy", Part::Report, [3482, 3482, 0, 3482, 818]),
    ("subj", Part::Train, [1344, 1344, 0, 1344, 511]),
    ("subj", Part::Tune, [174, 174, 0, 174, 62]),
    ("subj", Part::Report, [258, 258, 0, 258, 87]),
    ("babe", Part::Train, [2252, 2252, 2391, 4374, 2252]),
    ("babe", Part::Tune, [283, 283, 251, 549, 279]),
    ("babe", Part::Report, [424, 424, 429, 818, 431]),
];

#[test]
fn the_public_corpora_give_the_counts_of_another_reader() {
    let Some(shared) = crate::shared("the public corpora, converted") else {
        return;
    };
    let mut counts: BTreeMap<(String, Part), [usize; 5]> = BTreeMap::new();
    let mut parts: BTreeMap<String, Part> = BTreeMap::new();
    for file in [
        "ptc/train",
        "polnear/train",
        "polnear/dev",
        "wikiweasel/train",
        "checkworthy_ct24/train_dev",
        "subj_checkthat25/train_dev",
        "babe/train",
    ] {
        let path = shared.join("data").join(file).with_extension("jsonl");
        for document in corpus::read(&path).unwrap() {
            let labels = || document.sentences.iter().flat_map(|s| s.labels.values());
            let counted = [
                1,
                document.sentences.len(),
                document.spans.len(),
                labels().count(),
                labels().filter(|on| **on).count(),
            ];
            let name = (document.corpus, document.part);
            for (sum, counted) in counts.entry(name).or_default().iter_mut().zip(counted) {
                *sum += counted;
            }
            let before = parts.insert(document.text, document.part);
            assert!(
                before.is_none_or(|before| before == document.part),
                "a text of {file} lies in two parts"
            );
        }
    }
    let expected = COUNTS.iter();
    let expected = expected.map(|&(corpus, part, counts)| ((corpus.to_owned(), part), counts));
    assert_eq!(counts, expected.collect());
}
