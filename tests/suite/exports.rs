//! Every format of a report: to the byte on two articles of ours, against the schemas of
//! those who read them, and back from the tools that people annotate with.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;

use assert_cmd::cargo::cargo_bin_cmd;
use predicates::str::contains;
use rhetor::analyze::Analysis;
use rhetor::corpus::{self, GoldDocument};
use rhetor::finding::Status;
use rhetor::ingest::InputFormat;
use rhetor::report::wire::{ErrorReport, Name, Refusal, Report};
use rhetor::report::{Analyzed, FORMATS, Format, Settings, Start};
use serde_json::Value;

use crate::{analyze_fake, fake_model, read};

const ARTICLES: [&str; 2] = ["port-of-velda.md", "harbour-wire.md"];

/// Offsets in bytes, code points and UTF-16 units all differ behind the first line, the last
/// sentence but one is charged as a whole, and quotation marks, a pipe and a tag are text.
const MARKED_UP: &str = "# 🚢 The *shame* of Velda\n\nÉnergie 𝄞: thugs & \"puppet\" ministers | \
    <b>betrayal</b>, 100% a disgrace.\n\nThe council will never [say](https://a.example), \
    according to experts, what the\nharbour cost: 310 million crowns.\n";

#[derive(Clone, Default)]
struct Buffer(Rc<RefCell<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a format makes of these texts, and of a document between them that was refused;
/// without what differs between versions and processors.
fn print(format: &Format, texts: &[(&str, &str)], preview: bool, folder: &Path) -> String {
    let settings = Settings {
        several: true,
        width: 80,
        colour: false,
        links: false,
    };
    let buffer = Buffer::default();
    let mut printer = match format.start {
        Start::File(start) | Start::Page(start) => start(Box::new(buffer.clone()), settings),
        Start::Folder(start) => start(folder, settings).unwrap(),
    };
    let name = |path: &str| Name {
        path: Some(path.to_owned()),
        id: None,
    };
    let model = fake_model();
    for (i, (path, text)) in texts.iter().enumerate() {
        let analysis = analyze_fake(text, InputFormat::Markdown);
        let mut report = Report::new(name(path), &analysis, &model);
        "[version]".clone_into(&mut report.manifest.rhetor_version);
        report.manifest.processor_features = vec!["[features]".to_owned()];
        printer
            .report(&Analyzed {
                report: &report,
                analysis: &analysis,
                model: &model,
                preview,
            })
            .unwrap();
        if i == 0 {
            let refusal = Refusal {
                document: name("no such.md"),
                error: ErrorReport {
                    message: "cannot be opened".to_owned(),
                },
            };
            printer.refusal(&refusal).unwrap();
        }
    }
    printer.finish().unwrap();
    let text = String::from_utf8(buffer.0.take()).unwrap();
    text.replace(env!("CARGO_PKG_VERSION"), "[version]")
}

fn articles() -> Vec<(&'static str, String)> {
    let read = |name| (name, read(&format!("corpora/articles/{name}")));
    ARTICLES.map(read).into()
}

fn borrowed<'a>(texts: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    texts
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect()
}

fn format(name: &str) -> &'static Format {
    Format::find(name).unwrap()
}

/// What a format of one file makes of the two articles.
fn printed(name: &str) -> String {
    print(format(name), &borrowed(&articles()), false, Path::new(""))
}

#[test]
fn every_format_of_a_file_on_two_articles() {
    for format in FORMATS {
        // These have snapshots of their own.
        let elsewhere = ["terminal", "svg", "json", "jsonl", "sarif", "html"];
        if matches!(format.start, Start::Folder(_)) || elsewhere.contains(&format.name) {
            continue;
        }
        let printed = printed(format.name);
        insta::assert_snapshot!(format!("export-{}", format.name), printed);
    }
}

#[test]
fn a_folder_of_brat_on_two_articles() {
    let folder = tempfile::tempdir().unwrap();
    print(format("brat"), &borrowed(&articles()), false, folder.path());
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let page = files.iter().fold(String::new(), |page, name| {
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        format!("{page}==> {name}\n{text}\n")
    });
    insta::assert_snapshot!("export-brat", page);
}

#[test]
fn sarif_on_two_articles_is_what_oasis_says() {
    // Its pattern for languages is no regular expression as JSON Schema has them. We name none.
    let text = read("tests/fixtures/schemas/sarif-schema-2.1.0.json");
    let text = text.replace("^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}-[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let articles = articles();
    let mut texts = borrowed(&articles);
    texts.push(("a b/é.md", MARKED_UP));
    let printed = print(format("sarif"), &texts, true, Path::new(""));
    let mut log: Value = serde_json::from_str(&printed).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&log)
        .map(|e| format!("{e} at {}", e.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");

    // Every region holds its snippet, and every result the rule that it names.
    let run = log["runs"][0].clone();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 20);
    let mut fingerprints = BTreeSet::new();
    for result in results {
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        let index = place["artifactLocation"]["index"].as_u64().unwrap();
        let text = texts[usize::try_from(index).unwrap()].1;
        for region in [&place["region"], &place["contextRegion"]] {
            if region.is_object() {
                let number =
                    |field: &str| usize::try_from(region[field].as_u64().unwrap()).unwrap();
                let at = |line, column| utf16(text, number(line), number(column));
                let words = &text[at("startLine", "startColumn")..at("endLine", "endColumn")];
                assert_eq!(region["snippet"]["text"], words);
            }
        }
        fingerprints.insert(result["partialFingerprints"].to_string());
    }
    assert!(fingerprints.len() > 20);
    let failed = &run["invocations"][0];
    assert_eq!(failed["executionSuccessful"], false);
    assert_eq!(
        failed["toolExecutionNotifications"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    // The schema can say no.
    log["runs"][0]["results"][0]["level"] = "finding".into();
    assert!(!validator.is_valid(&log));

    let short = print(format("sarif"), &texts[..2], false, Path::new(""));
    let mut short: Value = serde_json::from_str(&short).unwrap();
    let run = &mut short["runs"][0];
    for (list, kept) in [("/tool/driver/rules", 2), ("/results", 4)] {
        let list = run.pointer_mut(list).unwrap().as_array_mut().unwrap();
        list.truncate(kept);
    }
    insta::assert_snapshot!(
        "export-sarif",
        serde_json::to_string_pretty(&short).unwrap()
    );
}

#[test]
fn what_a_comment_ignores_is_suppressed_in_sarif_and_nowhere_else() {
    let text = "The harbour opened in May.\n\n<!-- rhetor: ignore loaded-language a quotation -->\n\n\
        The shame of Velda, said thugs.\n";
    let texts = [("a.md", text)];
    let printed = print(format("sarif"), &texts, false, Path::new(""));
    let log: Value = serde_json::from_str(&printed).unwrap();
    let suppressed = |label: &str| {
        let results = log["runs"][0]["results"].as_array().unwrap();
        let result = results
            .iter()
            .find(|result| result["ruleId"] == label)
            .unwrap();
        result["suppressions"].clone()
    };
    let expected = serde_json::json!([{"kind": "inSource", "justification": "a quotation"}]);
    assert_eq!(suppressed("loaded-language"), expected);
    assert_eq!(suppressed("name-calling"), Value::Null);
    for name in [
        "csv", "markdown", "github", "rdjson", "ptc", "doccano", "label-studio",
    ] {
        let printed = print(format(name), &texts, true, Path::new(""));
        let printed = printed.to_lowercase();
        assert!(
            !printed.contains("loaded") && printed.contains("name"),
            "{name}: {printed}"
        );
    }
}

/// The byte at a line and a column in UTF-16 units, both from 1.
fn utf16(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line - 1)
        .map(str::len)
        .sum();
    let mut units = 0;
    let within = text[start..].chars().take_while(|c| {
        units += c.len_utf16();
        units < column
    });
    start + within.map(char::len_utf8).sum::<usize>()
}

#[test]
fn a_fingerprint_outlives_a_move() {
    let prints = |text: &str| -> BTreeSet<String> {
        let printed = print(format("sarif"), &[("a.md", text)], true, Path::new(""));
        let log: Value = serde_json::from_str(&printed).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        let prints = results
            .iter()
            .map(|result| result["partialFingerprints"].to_string());
        prints.collect()
    };
    let moved = format!(
        "The harbour opened in May.\n\n{}",
        MARKED_UP.replace("what the\nharbour", "what\nthe harbour")
    );
    assert_eq!(prints(&moved), prints(MARKED_UP));
    assert_ne!(
        prints(&MARKED_UP.replace("disgrace", "shame")),
        prints(MARKED_UP)
    );
}

#[test]
fn rdjson_counts_bytes_and_github_escapes() {
    let texts = [("a, b.md", MARKED_UP)];
    let printed = print(format("rdjson"), &texts, true, Path::new(""));
    let result: Value = serde_json::from_str(&printed).unwrap();
    let lines: Vec<&str> = MARKED_UP.lines().collect();
    let mut found = Vec::new();
    for diagnostic in result["diagnostics"].as_array().unwrap() {
        let range = &diagnostic["location"]["range"];
        let number =
            |end: &str, field: &str| usize::try_from(range[end][field].as_u64().unwrap()).unwrap();
        if number("start", "line") == number("end", "line") {
            let line = lines[number("start", "line") - 1].as_bytes();
            let words = &line[number("start", "column") - 1..number("end", "column") - 1];
            found.push(std::str::from_utf8(words).unwrap());
        }
    }
    assert!(
        ["shame", "thugs", "betrayal"]
            .iter()
            .all(|word| found.contains(word)),
        "{found:?}"
    );

    let commands = print(format("github"), &texts, true, Path::new(""));
    assert!(commands.lines().all(|line| {
        ["::warning ", "::notice ", "::error "]
            .iter()
            .any(|name| line.starts_with(name))
    }));
    let line = commands
        .lines()
        .find(|line| line.contains("betrayal"))
        .unwrap();
    assert!(
        line.starts_with("::warning file=a%2C b.md,line=3,endLine=3,col="),
        "{line}"
    );
}

#[test]
fn ptc_and_the_web_annotations_count_code_points_of_the_source() {
    let chars: Vec<char> = MARKED_UP.chars().collect();
    let words = |start: usize, end: usize| chars[start..end].iter().collect::<String>();
    let texts = [("train/article7.txt", MARKED_UP)];
    let rows = print(format("ptc"), &texts, true, Path::new(""));
    let found: Vec<(String, String)> = rows
        .lines()
        .map(|row| {
            let cells: Vec<&str> = row.split('\t').collect();
            assert_eq!((cells.len(), cells[0]), (4, "7"));
            let [start, end] = [2, 3].map(|at| cells[at].parse().unwrap());
            (cells[1].to_owned(), words(start, end))
        })
        .collect();
    let has = |technique: &str, words: &str| found.contains(&(technique.into(), words.into()));
    assert!(
        has("Loaded_Language", "shame") && has("Name_Calling,Labeling", "thugs"),
        "{found:?}"
    );

    let printed = print(format("web-annotation"), &texts, true, Path::new(""));
    let collection: Value = serde_json::from_str(&printed).unwrap();
    let items = collection["first"]["items"].as_array().unwrap();
    assert_eq!(collection["total"], items.len());
    let ids: BTreeSet<&str> = items
        .iter()
        .map(|item| item["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), items.len());
    for item in items {
        let targets = match &item["target"] {
            Value::Array(targets) => targets.clone(),
            target => vec![target.clone()],
        };
        for target in targets {
            let [quote, position] = target["selector"].as_array().unwrap().as_slice() else {
                panic!("{target}");
            };
            let number = |field: &str| usize::try_from(position[field].as_u64().unwrap()).unwrap();
            assert_eq!(quote["exact"], words(number("start"), number("end")));
            let around = ["prefix", "exact", "suffix"].map(|part| quote[part].as_str().unwrap());
            assert!(MARKED_UP.contains(&around.concat()));
        }
    }
}

/// What a tool is given to correct: words, their place and the label.
fn shown(analysis: &Analysis, preview: bool) -> BTreeSet<(usize, usize, String)> {
    let mut shown = BTreeSet::new();
    for sentence in &analysis.sentences {
        for finding in &sentence.findings {
            if finding.status != Status::Reported && !preview {
                continue;
            }
            let whole = [sentence.sentence.span];
            let spans = match finding.evidence.as_slice() {
                [] => &whole[..],
                evidence => evidence,
            };
            let marks = spans
                .iter()
                .map(|span| (span.start, span.end, finding.label.id.clone()));
            shown.extend(marks);
        }
    }
    shown
}

fn marks(document: &GoldDocument) -> BTreeSet<(usize, usize, String)> {
    let spans = document.spans.iter();
    spans
        .map(|marked| (marked.span.start, marked.span.end, marked.output.clone()))
        .collect()
}

/// Label Studio's export of a project in which every prediction was accepted.
fn accepted(tasks: &str) -> String {
    let mut tasks: Value = serde_json::from_str(tasks).unwrap();
    for (id, task) in tasks.as_array_mut().unwrap().iter_mut().enumerate() {
        let result = task["predictions"][0]["result"].clone();
        task["id"] = id.into();
        task["annotations"] = serde_json::json!([
            {"id": 7, "was_cancelled": false, "result": result},
            {"id": 8, "was_cancelled": true, "result": []},
        ]);
    }
    tasks.to_string()
}

#[test]
fn what_tools_are_given_comes_back_as_gold() {
    let articles = articles();
    let mut texts = borrowed(&articles);
    texts.push(("drafts/marked-up.md", MARKED_UP));
    for preview in [false, true] {
        for tool in ["brat", "doccano", "label-studio"] {
            let folder = tempfile::tempdir().unwrap();
            let printed = print(format(tool), &texts, preview, folder.path());
            let path = if tool == "brat" {
                folder.path().to_owned()
            } else {
                let path = folder.path().join("export");
                let export = if tool == "doccano" {
                    printed
                } else {
                    accepted(&printed)
                };
                fs::write(&path, export).unwrap();
                path
            };
            let mut gold = corpus::read(&path).unwrap();
            assert_eq!(gold.len(), texts.len());
            let mut spans = 0;
            for (name, text) in &texts {
                let analysis = analyze_fake(text, InputFormat::Markdown);
                let stem = Path::new(name).file_stem().unwrap().to_str().unwrap();
                let id = if tool == "brat" { stem } else { name };
                let at = gold.iter().position(|document| document.id == id).unwrap();
                let document = gold.swap_remove(at);
                assert_eq!(document.text, analysis.document.text, "{tool}");
                assert_eq!(
                    marks(&document),
                    shown(&analysis, preview),
                    "{tool}: {name}"
                );
                spans += document.spans.len();
            }
            assert!(spans > 15, "{tool}: {spans}");
        }
    }
}

#[test]
fn two_documents_of_one_name_are_two_in_brat() {
    let folder = tempfile::tempdir().unwrap();
    let texts = [("a/x.md", MARKED_UP), ("b/x.md", "The shame of Roke.")];
    print(format("brat"), &texts, false, folder.path());
    let gold = corpus::read(folder.path()).unwrap();
    let ids: Vec<&str> = gold.iter().map(|document| document.id.as_str()).collect();
    assert_eq!(ids, ["x", "x-2"]);
    assert_eq!(gold[1].text, "The shame of Roke.");
}

#[test]
fn a_run_without_findings_is_whole_in_every_format() {
    for format in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let texts = [("a.md", "The harbour opened in May.")];
        let printed = print(format, &texts, false, folder.path());
        match format.name {
            "csv" => assert!(printed.starts_with("document,line,") && printed.lines().count() == 1),
            "sarif" | "rdjson" | "web-annotation" | "label-studio" | "json" => {
                serde_json::from_str::<Value>(&printed).unwrap();
            }
            _ => {}
        }
    }
    let nothing = print(format("label-studio"), &[], false, Path::new(""));
    assert_eq!(nothing, "[]\n");
}

#[test]
fn a_wrong_format_gets_the_nearest_one() {
    let message = Format::find("sarrif").unwrap_err().to_string();
    assert!(
        message.starts_with(
            "there is no format `sarrif` (did you mean `sarif`?); known: terminal, json"
        ),
        "{message}"
    );
}

const ARTICLE: &str = "corpora/articles/harbour-wire.md";
const OPINION: &str = "corpora/articles/grain-opinion.md";

fn analyze(args: &[&str]) -> assert_cmd::Command {
    let mut command = cargo_bin_cmd!("rhetor");
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["analyze", "--model", "models/rhetor-minilm-v5"])
        .args(args);
    command
}

#[test]
fn one_run_writes_several_formats() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let to = |format: &str, name: &str| format!("--format={format}={}", path(name));
    let flags = [
        to("json", "a.json"),
        to("sarif", "b.sarif"),
        to("brat", "new/folder"),
        to("doccano", "d.jsonl"),
        "--format=csv".to_owned(),
    ];
    let mut args: Vec<&str> = flags.iter().map(String::as_str).collect();
    args.extend([ARTICLE, "missing.md", OPINION]);
    let run = analyze(&args)
        .assert()
        .code(2)
        .stderr(contains("missing.md"));
    let rows = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert!(
        rows.starts_with("document,line,column,") && rows.contains(OPINION),
        "{rows}"
    );

    let json = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(path(name)).unwrap()).unwrap()
    };
    assert_eq!(json("a.json").as_array().unwrap().len(), 3);
    let run = &json("b.sarif")["runs"][0];
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    assert_eq!(run["artifacts"].as_array().unwrap().len(), 2);
    assert_eq!(
        run["results"].as_array().unwrap().len(),
        rows.lines().count() - 1
    );
    let brat = corpus::read(&folder.path().join("new/folder")).unwrap();
    let doccano = corpus::read(&folder.path().join("d.jsonl")).unwrap();
    assert_eq!((brat.len(), doccano.len()), (2, 2));
}

#[test]
fn outputs_that_cannot_be_are_refused_before_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let article = path("a.md");
    fs::copy(crate::at_root(ARTICLE), &article).unwrap();
    let (csv, json) = (
        format!("csv={}", path("x")),
        format!("json={}", path("./x")),
    );
    let over = format!("csv={article}");
    let full = format!("brat={}", folder.path().display());
    for (flags, expected) in [
        (
            &["--format", "jsn"][..],
            "there is no format `jsn` (did you mean `json`?)",
        ),
        (&["--format", "csv="], "the path after `=` is empty"),
        (
            &["--format", "brat"],
            "--format brat writes a folder; name it: --format brat=FOLDER",
        ),
        (
            &["--format", "csv", "--format", "json"],
            "name a path: --format json=PATH",
        ),
        (
            &["--format", &csv, "--format", &json],
            "name the same path; give each its own",
        ),
        (
            &["--format", &csv, "--output", &json],
            "--output is for a format that names no path",
        ),
        (
            &["--format", &over],
            "is also an input; it would be overwritten",
        ),
        (
            &["--format", &full],
            "the folder holds files already; name a new or an empty one",
        ),
        (
            &["--output", "no/such/folder/x"],
            "--output no/such/folder/x cannot be written",
        ),
    ] {
        let mut args = vec![article.as_str()];
        args.extend(flags);
        let expected = expected.replace("--output is", &format!("--output {json} is"));
        analyze(&args)
            .assert()
            .code(2)
            .stdout("")
            .stderr(contains(expected));
    }
    assert_eq!(
        fs::read(&article).unwrap(),
        fs::read(crate::at_root(ARTICLE)).unwrap()
    );
    let files = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 1, "nothing was begun");
}

#[test]
fn the_labelling_configuration_names_every_label_that_can_be_marked() {
    let mut command = cargo_bin_cmd!("rhetor");
    let run = command
        .args(["schema", "--label-studio"])
        .assert()
        .success();
    let xml = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert!(
        xml.contains("<Text name=\"text\" value=\"$text\"/>"),
        "{xml}"
    );
    assert_eq!(xml.matches("<Label value=").count(), 25);
}
