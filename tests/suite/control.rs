//! Which findings count: rhetor.toml, the baseline, --fail-on.

use std::fs;
use std::path::Path;

use assert_cmd::cargo::cargo_bin_cmd;
use predicates::prelude::*;
use predicates::str::contains;
use rhetor::label::Family::{Framing, Sourcing};
use serde_json::Value;
use tempfile::TempDir;

use crate::{at_root, read};

/// A folder with two articles of ours.
fn articles() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, article: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, read(&format!("corpora/articles/{article}"))).unwrap();
    };
    write("grain.md", "grain-opinion.md");
    write("wire/harbour.md", "harbour-wire.md");
    folder
}

/// The command in a folder, with the model of the repository.
fn rhetor(folder: &Path, args: &[&str]) -> assert_cmd::Command {
    let mut command = cargo_bin_cmd!("rhetor");
    command.current_dir(folder).args(args);
    if ["analyze", "baseline"].contains(&args[0]) {
        command
            .arg("--model")
            .arg(at_root("models/rhetor-minilm-v5"));
    }
    command
}

fn stdout(command: &mut assert_cmd::Command) -> String {
    String::from_utf8(command.assert().success().get_output().stdout.clone()).unwrap()
}

fn json(folder: &Path, args: &[&str]) -> Value {
    let args = [&["analyze", "--format", "json"], args].concat();
    serde_json::from_str(&stdout(&mut rhetor(folder, &args))).unwrap()
}

/// Label and status of every finding of a report, sorted.
fn findings(report: &Value) -> Vec<(String, String)> {
    let sentences = report["sentences"].as_array().unwrap().iter();
    let own = sentences.flat_map(|s| s["findings"].as_array().unwrap());
    let mut all: Vec<(String, String)> = own
        .chain(report["findings"].as_array().unwrap())
        .map(|f| {
            let text = |name: &str| f[name].as_str().unwrap().to_owned();
            (text("label"), text("status"))
        })
        .collect();
    all.sort();
    all
}

fn count(report: &Value, status: &str) -> usize {
    findings(report).iter().filter(|f| f.1 == status).count()
}

#[test]
fn the_nearest_file_holds_and_flags_win() {
    let folder = articles();
    let at = folder.path();
    fs::write(
        at.join("rhetor.toml"),
        "select = [\"framing\"]\nvoice = \"author\"\n\n[threshold]\ndoubt = 0.9\n\n\
         [[path]]\nglob = \"wire/**\"\nselect = \"sourcing\"\n\n[[path]]\nglob = \"harb*.md\"\n\
         ignore = [\"hearsay\"]\nthreshold = {slogan = 0.8}\n",
    )
    .unwrap();
    let families = |report: &Value| {
        let of = |label: &str| rhetor::label::taxonomy().get(label).unwrap().family;
        let mut families: Vec<_> = findings(report).iter().map(|f| of(&f.0)).collect();
        families.sort();
        families.dedup();
        families
    };
    let near = |report: &Value, output: &str, p: f64| {
        let threshold = report["manifest"]["thresholds"][output].as_f64().unwrap();
        assert!((threshold - p).abs() < 1e-6, "{output} {threshold}");
    };
    let grain = json(at, &["grain.md"]);
    assert_eq!(families(&grain), [Framing]);
    near(&grain, "doubt", 0.9);
    // Two documents of one run, each by its own settings; the model's thresholds are back.
    let both = json(at, &["--voice", "all", "wire/harbour.md", "grain.md"]);
    assert!(!families(&both[0]).contains(&Framing));
    assert_eq!(families(&both[1]), [Framing]);
    near(&both[0], "slogan", 0.8);
    near(&both[1], "doubt", 0.9);
    assert!(
        both[1]["manifest"]["thresholds"]["slogan"] != both[0]["manifest"]["thresholds"]["slogan"]
    );
    // A flag wins for its own setting.
    let flagged = json(
        at,
        &[
            "--select", "sourcing", "--threshold", "doubt=0.5", "grain.md",
        ],
    );
    assert_eq!(families(&flagged), [Sourcing]);
    near(&flagged, "doubt", 0.5);
    // Who selects begins anew: what the file ignores is no longer ignored.
    fs::write(at.join("less.toml"), "ignore = [\"framing\"]\n").unwrap();
    let less = |flags: &[&str]| {
        families(&json(
            at,
            &[&["--config", "less.toml", "grain.md"], flags].concat(),
        ))
    };
    assert_eq!(less(&[]), [Sourcing]);
    assert_eq!(less(&["--select", "framing"]), [Framing]);
    let all = json(at, &["--no-config", "grain.md"]);
    assert_eq!(families(&all), [Framing, Sourcing]);
    // The nearest file is the only one; from a pipe it is that of the working directory.
    fs::write(at.join("wire/rhetor.toml"), "ignore = [\"sourcing\"]\n").unwrap();
    assert!(!families(&json(at, &["wire/harbour.md"])).contains(&Sourcing));
    let mut piped = rhetor(&at.join("wire"), &["analyze", "--format", "json", "-"]);
    let piped = stdout(piped.write_stdin(fs::read(at.join("grain.md")).unwrap()));
    assert_eq!(families(&serde_json::from_str(&piped).unwrap()), [Framing]);
    // And one that is named is read for all.
    let given = json(at, &["--config", "rhetor.toml", "wire/harbour.md"]);
    assert!(!families(&given).contains(&Framing));
}

#[test]
fn what_is_in_force_is_printed_as_toml_that_says_where_from() {
    let folder = articles();
    let at = folder.path();
    fs::write(
        at.join("rhetor.toml"),
        "select = [\"framing\"]\n[threshold]\ndoubt = 0.9\n[[path]]\nglob = \"wire/**\"\nselect = [\"sourcing\"]\n",
    )
    .unwrap();
    let plain = stdout(&mut rhetor(at, &["config"]));
    for line in [
        "select = [\"framing\"] # rhetor.toml:1",
        "voice = \"all\" # default",
        "# min-precision is not set # default",
        "doubt = 0.9 # rhetor.toml:3",
    ] {
        assert!(plain.lines().any(|own| own == line), "{line}\n{plain}");
    }
    let args = [
        "config",
        "wire/harbour.md",
        "--voice",
        "author",
        "--threshold",
        "weasel=0.25",
        "--preview",
        "--fail-on",
        "any",
        "--baseline",
        "b.json",
    ];
    let wire = stdout(&mut rhetor(at, &args));
    for line in [
        "select = [\"sourcing\"] # rhetor.toml:6",
        "voice = \"author\" # --voice",
        "preview = true # --preview",
        "fail-on = [\"any\"] # --fail-on",
        "weasel = 0.25 # --threshold",
    ] {
        assert!(wire.lines().any(|own| own == line), "{line}\n{wire}");
    }
    // It can be read again, and says the same.
    fs::write(at.join("again.toml"), &wire).unwrap();
    let again = stdout(&mut rhetor(at, &["config", "--config", "again.toml"]));
    let values = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines
            .map(|line| line.split(" # ").next().unwrap().to_owned())
            .collect()
    };
    let resolved = values(&again)
        .into_iter()
        .map(|line| line.replace(&format!("{}/", at.canonicalize().unwrap().display()), ""));
    assert_eq!(resolved.collect::<Vec<_>>(), values(&wire));
    toml::from_str::<toml::Table>(&wire).unwrap();
}

#[test]
fn a_mistake_is_named_by_file_line_and_nearest_name() {
    let folder = articles();
    let at = folder.path();
    for (text, message) in [
        (
            "selct = []",
            "rhetor.toml:2: there is no setting `selct` (did you mean `select`?); there are select, ignore",
        ),
        (
            "select = [\"hearsy\"]",
            "rhetor.toml:2: there is no label or family `hearsy` (did you mean `hearsay`?)",
        ),
        (
            "select = 3",
            "`select` is a list of labels or families, such as [\"framing\", \"hearsay\"], not 3",
        ),
        (
            "voice = \"autor\"",
            "`voice` is \"author\", \"quoted\" or \"all\", not \"autor\"",
        ),
        (
            "preview = \"yes\"",
            "`preview` is true or false, not \"yes\"",
        ),
        (
            "min-precision = 70",
            "`min-precision` is a number from 0 to 1, not 70",
        ),
        (
            "[threshold]\ndoubt = \"high\"",
            "rhetor.toml:3: `doubt` is a number from 0 to 1, not \"high\"",
        ),
        (
            "[threshold]\ndoubd = 0.5",
            "rhetor.toml:3: threshold doubd = 0.5: `doubd` is no sentence output of the model (did you mean `doubt`?)",
        ),
        (
            "[[path]]\nselect = []",
            "rhetor.toml:2: this [[path]] has no `glob`",
        ),
        (
            "[[path]]\nglob = \"a\"\nbaseline = \"b\"",
            "rhetor.toml:4: `baseline` holds for all documents",
        ),
        (
            "[[path]]\nglob = \"a\"\nglb = \"b\"",
            "`glb` (did you mean `glob`?)",
        ),
        ("[[path]]\nglob = \"{a\"", "unclosed alternate group"),
        ("[path]\nglob = \"a\"", "`path` is a list of tables"),
        ("select = [", "rhetor.toml:2: unclosed array"),
        (
            "fail-on = [\"al\"]",
            "rhetor.toml:2: there is no label or family `al`",
        ),
        (
            "baseline = \"none.json\"",
            "none.json cannot be read; `rhetor baseline write` makes one",
        ),
    ] {
        fs::write(at.join("rhetor.toml"), format!("\n{text}\n")).unwrap();
        rhetor(at, &["analyze", "grain.md"])
            .assert()
            .code(2)
            .stdout(predicate::str::is_empty())
            .stderr(contains(message));
    }
    fs::remove_file(at.join("rhetor.toml")).unwrap();
    for (flags, message) in [
        (
            ["--select", "slogen"],
            "--select slogen: there is no label or family `slogen` (did you mean `slogan`?)",
        ),
        (
            ["--fail-on", "dobt"],
            "--fail-on dobt: there is no label or family `dobt` (did you mean `doubt`?)",
        ),
        (
            ["--config", "no.toml"],
            "the configuration no.toml cannot be read",
        ),
    ] {
        rhetor(at, &["analyze", "grain.md"])
            .args(flags)
            .assert()
            .code(2)
            .stderr(contains(message));
    }
}

#[test]
fn fail_on_decides_the_exit_code() {
    let folder = articles();
    let at = folder.path();
    let run = |flags: &[&str], text: &str, code: i32| {
        fs::write(at.join("a.md"), text).unwrap();
        let run = rhetor(at, &[&["analyze", "a.md"], flags].concat())
            .assert()
            .code(code);
        String::from_utf8(run.get_output().stderr.clone()).unwrap()
    };
    let article = read("corpora/articles/grain-opinion.md");
    assert_eq!(run(&[], &article, 0), "");
    for names in ["any", "framing", "hearsay,loaded-language"] {
        assert!(run(&["--fail-on", names], &article, 1).contains("that --fail-on asks about"));
    }
    // What is not there, not wanted, or a preview does not count.
    run(&["--fail-on", "hearsay"], &article, 0);
    run(
        &[
            "--fail-on",
            "loaded-language",
            "--ignore",
            "loaded-language",
        ],
        &article,
        0,
    );
    run(&["--fail-on", "opinion-as-fact", "--preview"], &article, 0);
    run(
        &["--fail-on", "any"],
        "The port is open from nine to five.\n",
        0,
    );
    // Nor what a comment ignores, but for --no-inline-ignore.
    let ignored = article.replace(
        "\n\n",
        "\n\n<!-- rhetor: ignore all an opinion piece -->\n\n",
    );
    let ignored =
        format!("<!-- rhetor: ignore all, single-source an opinion piece -->\n\n{ignored}");
    run(&["--fail-on", "any"], &ignored, 0);
    run(&["--fail-on", "any", "--no-inline-ignore"], &ignored, 1);
    // An error wins.
    rhetor(
        at,
        &["analyze", "grain.md", "missing.md", "--fail-on", "any"],
    )
    .assert()
    .code(2);
    // In the file too.
    fs::write(at.join("rhetor.toml"), "fail-on = \"framing\"\n").unwrap();
    run(&[], &article, 1);
    run(&["--fail-on", "hearsay"], &article, 0);
}

#[test]
fn what_comments_ignore_is_counted_in_every_report() {
    let folder = articles();
    let at = folder.path();
    let article = read("corpora/articles/grain-opinion.md");
    let ignored = article.replace(
        "\n\n",
        "\n\n<!-- rhetor: ignore framing an opinion piece -->\n\n",
    );
    fs::write(at.join("a.md"), ignored).unwrap();
    let report = json(at, &["a.md"]);
    let count = count(&report, "ignored");
    assert!(count > 0);
    let labels = report["summary"]["labels"].as_object().unwrap().values();
    let counted: u64 = labels.map(|own| own["ignored"].as_u64().unwrap()).sum();
    assert_eq!(counted, count as u64);
    let page = stdout(&mut rhetor(at, &["analyze", "a.md"]));
    assert!(
        page.contains(&format!("{count} ignored by comments in the text.")),
        "{page}"
    );
    // A sentence whose devices are ignored has none "of no kind that stands out".
    let unclear = |page: &str| page.matches("some framing device").count();
    let plain = stdout(&mut rhetor(at, &["analyze", "grain.md"]));
    assert!(unclear(&page) <= unclear(&plain), "{page}\n{plain}");
}

#[test]
fn a_baseline_knows_findings_by_their_words() {
    let folder = articles();
    let at = folder.path();
    rhetor(at, &["baseline", "write", "grain.md", "wire/harbour.md"])
        .assert()
        .success()
        .stdout(predicate::str::is_empty())
        .stderr(contains("rhetor-baseline.json: "));
    let file = fs::read_to_string(at.join("rhetor-baseline.json")).unwrap();
    let lines: Vec<&str> = file
        .lines()
        .filter(|line| line.contains("\"path\""))
        .collect();
    assert!(lines.len() > 3 && lines.is_sorted(), "{file}");
    let plain = json(at, &["grain.md"]);
    let reported = count(&plain, "reported");
    assert!(reported > 3);
    let known = ["--baseline", "rhetor-baseline.json"];
    let with = |args: &[&str]| json(at, &[&known[..], args].concat());
    let after = with(&["grain.md"]);
    assert_eq!(
        (count(&after, "reported"), count(&after, "baseline")),
        (0, reported)
    );
    let page = stdout(&mut rhetor(
        at,
        &["analyze", "grain.md", known[0], known[1]],
    ));
    assert!(
        page.contains(&format!("{reported} known from the baseline.")),
        "{page}"
    );
    rhetor(
        at,
        &[
            "analyze",
            "grain.md",
            "wire/harbour.md",
            known[0],
            known[1],
            "--fail-on",
            "any",
        ],
    )
    .assert()
    .code(0);
    // The paragraphs of the body the other way round, behind a new one: nothing is new. The
    // sourcing rules look at neighbours, so only what the model finds is compared.
    let article = fs::read_to_string(at.join("grain.md")).unwrap();
    let mut blocks: Vec<&str> = article.trim().split("\n\n").collect();
    let head = blocks.len() - 4;
    blocks[head..].reverse();
    blocks.insert(head, "The ferry to Karsa leaves at nine.");
    fs::write(at.join("grain.md"), blocks.join("\n\n")).unwrap();
    let moved = with(&["--select", "framing", "grain.md"]);
    assert_eq!(count(&moved, "reported"), 0, "{:?}", findings(&moved));
    assert!(count(&moved, "baseline") > 0);
    // The same sentence a second time is new, and so is one that was changed.
    let charged = "They betrayed the port, the greedy puppets.";
    fs::write(at.join("one.md"), format!("{charged}\n")).unwrap();
    rhetor(at, &["baseline", "write", "one.md", "--output", "one.json"])
        .assert()
        .success();
    let of = |text: &str| {
        fs::write(at.join("one.md"), text).unwrap();
        let report = json(at, &["--baseline", "one.json", "one.md"]);
        (count(&report, "baseline"), count(&report, "reported"))
    };
    let (once, none) = of(&format!("{charged}\n"));
    assert!(once > 0 && none == 0);
    assert_eq!(of(&format!("{charged}\n\n{charged}\n")), (once, once));
    let (left, new) = of("They betrayed the harbour, the greedy puppets.\n");
    assert!(left == 0 && new > 0, "{left} {new}");
    // It is of its path: the same words in another document are new.
    fs::write(at.join("two.md"), format!("{charged}\n")).unwrap();
    assert!(count(&json(at, &["--baseline", "one.json", "two.md"]), "reported") >= once);
}

#[test]
fn a_baseline_of_another_model_warns_and_a_damaged_one_is_refused() {
    let folder = articles();
    let at = folder.path();
    rhetor(at, &["baseline", "write", "grain.md"])
        .assert()
        .success();
    let file = at.join("rhetor-baseline.json");
    let text = fs::read_to_string(&file).unwrap();
    let sha = serde_json::from_str::<Value>(&text).unwrap()["model_sha256"]
        .as_str()
        .unwrap()
        .to_owned();
    fs::write(
        &file,
        text.replace(&sha, &"0".repeat(64))
            .replace("\"rhetor-minilm-v5\"", "\"older\""),
    )
    .unwrap();
    let with = ["analyze", "grain.md", "--baseline", "rhetor-baseline.json"];
    rhetor(at, &with).assert().success().stderr(contains(
        "was written with the model older, this is rhetor-minilm-v5",
    ));
    for (damaged, message) in [
        (
            text.replace("\"format\": 1", "\"format\": 9"),
            "its format is 9, this version reads 1",
        ),
        (
            text.replace("\"words\"", "\"wrods\""),
            "unknown field `wrods`",
        ),
        ("{}".to_owned(), "missing field `format`"),
    ] {
        fs::write(&file, damaged).unwrap();
        rhetor(at, &with)
            .assert()
            .code(2)
            .stderr(contains(message).and(contains("rhetor baseline write")));
    }
    // A document that fails leaves the file as it was.
    fs::write(&file, "kept").unwrap();
    rhetor(at, &["baseline", "write", "grain.md", "missing.md"])
        .assert()
        .code(2)
        .stderr(contains("missing.md").and(contains("is not written")));
    assert_eq!(fs::read_to_string(&file).unwrap(), "kept");
    rhetor(
        at,
        &["baseline", "write", "grain.md", "--output", "grain.md"],
    )
    .assert()
    .code(2)
    .stderr(contains("also an input"));
    // The configuration names the file; paths are relative to it.
    fs::write(at.join("rhetor.toml"), "baseline = \"known/here.json\"\n").unwrap();
    fs::create_dir(at.join("known")).unwrap();
    rhetor(at, &["baseline", "write", "wire/harbour.md", "grain.md"])
        .assert()
        .success();
    let named = fs::read_to_string(at.join("known/here.json")).unwrap();
    assert!(named.contains("\"path\":\"../grain.md\""), "{named}");
    let report = json(&at.join("wire"), &["../grain.md"]);
    assert!(count(&report, "baseline") > 0 && count(&report, "reported") == 0);
}

/// What a text says of itself does not change what is counted in a corpus.
#[test]
fn a_corpus_is_scored_whatever_its_comments_and_the_configuration_say() {
    let folder = articles();
    let at = folder.path();
    fs::write(at.join("rhetor.toml"), "select = [\"slogan\"]\n").unwrap();
    let text =
        "<!-- rhetor: ignore all a test -->\n\nThey betrayed the port, the greedy puppets.\n";
    let line = serde_json::json!({"id": "a", "text": text}).to_string();
    let mut pipe = rhetor(at, &["pipe", "--model"]);
    let pipe = pipe.arg(at_root("models/rhetor-minilm-v5"));
    let answer: Value = serde_json::from_str(&stdout(pipe.write_stdin(line + "\n"))).unwrap();
    assert_eq!(count(&answer, "ignored"), 0);
    assert!(count(&answer, "reported") > 0, "{answer}");
    // The same from a pipe into analyze is ignored.
    let mut analyze = rhetor(at, &["analyze", "-", "--format", "json", "--no-config"]);
    let report: Value = serde_json::from_str(&stdout(analyze.write_stdin(text))).unwrap();
    assert!(count(&report, "ignored") > 0 && count(&report, "reported") == 0);
    let reasons = report["sentences"][0]["findings"]
        .as_array()
        .unwrap()
        .iter();
    assert!(
        reasons
            .map(|f| &f["reason"])
            .all(|reason| reason == "a test")
    );
}
