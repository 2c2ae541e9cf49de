//! `rhetor summary` of small runs whose rates are known.

use std::fs;
use std::io::Write as _;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{fail, folder, rhetor, rows, succeed};

#[test]
fn a_summary_follows_from_the_tables() {
    let folder = runs();
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
fn a_page_shows_what_the_tables_hold() {
    let folder = folder();
    let corpus = folder.path().join("corpus.jsonl");
    let run = folder.path().join("run");
    let loaded = "It was a shameful disgrace, and these corrupt thugs will never stop.";
    let sober = "The council of Karsa met on Monday and spoke about the port.";
    let records = [
        (loaded, "<b>Herald & Sons</b>", Some("2031-05-17")),
        (loaded, "<b>Herald & Sons</b>", Some("2031-05-18T09:00:00Z")),
        (sober, "Gazette", Some("2031-05-17")),
        (sober, "Gazette", Some("2031-05-20")),
        (sober, "Gazette", None),
    ];
    let lines: Vec<String> = (0..)
        .zip(records)
        .map(|(n, (text, outlet, date))| {
            let text = format!("{text} The boats of quay {n} left.");
            let record =
                json!({"id": format!("r{n}"), "text": text, "outlet": outlet, "date": date});
            record.to_string()
        })
        .collect();
    fs::write(&corpus, lines.join("\n")).unwrap();
    let mut command = rhetor("score");
    command.arg(&corpus).arg("--output").arg(&run);
    command.args(["--meta-field", "outlet,date", "--html", "--format", "jsonl"]);
    succeed(&mut command);

    let index = fs::read_to_string(run.join("index.html")).unwrap();
    for expected in [
        "Rates by outlet",
        "&lt;b&gt;Herald &amp; Sons&lt;/b&gt;",
        "Labels describe rhetoric and sourcing",
        "Findings per 100 scored sentences by day",
        "1 documents have no date",
        "<th scope=\"row\">2031-05-18</th>",
        "<th scope=\"row\">r4</th><td>done</td><td class=\"number\">2</td><td class=\"number\">0</td>",
    ] {
        assert!(index.contains(expected), "{expected}: {index}");
    }
    let elsewhere = index.replace("http://www.w3.org/2000/svg", "");
    for unwanted in ["<script", "http:", "https:", "<b>Herald"] {
        assert!(!elsewhere.contains(unwanted), "{unwanted}");
    }

    // One in two sentences of the Herald is loaded, by the table as by the page.
    let all = rows(&run, "findings");
    let is = |row: &Value, label: &str| {
        row["label"] == label && row["status"] == "reported" && row["voice"] == "author"
    };
    let of = |label: &str| all.iter().filter(|row| is(row, label)).count();
    let [one, other] = ["loaded-language", "name-calling"];
    assert_eq!((of(one), of(other)), (2, 2), "{all:?}");
    assert!(index.contains(
        "<th scope=\"row\">&lt;b&gt;Herald &amp; Sons&lt;/b&gt;</th><td class=\"number\">50.00</td>"
    ));
    // Both in 2 of 10 sentences, each in 2: five times what chance gives. Two are few.
    assert!(!index.contains(&format!("{one} and {other}")));

    let page = |flags: &[&str]| {
        let mut command = rhetor("summary");
        command.arg(&run).args(["--format", "html"]).args(flags);
        String::from_utf8(succeed(&mut command).stdout).unwrap()
    };
    let all = page(&[]);
    assert!(all.contains("Rates of a corpus") && all.contains("all documents"));
    assert!(!all.contains("<h2>Records</h2>"));
    let compared = page(&[
        "--by",
        "outlet",
        "--compare",
        "Gazette",
        "<b>Herald & Sons</b>",
    ]);
    assert!(compared.contains("<td class=\"number\">-50.00</td>"));
    assert_eq!(
        compared,
        page(&[
            "--by",
            "outlet",
            "--compare",
            "Gazette",
            "<b>Herald & Sons</b>"
        ])
    );
    let mut command = rhetor("summary");
    let found = fail(command.arg(&run).args(["--date", "day"]), 2);
    assert!(
        found.contains("no field `day`; there are: outlet, date"),
        "{found}"
    );
}

/// The same run in three formats: a loaded outlet and a sober one, 12 documents of two
/// sentences each, and one that fails.
fn runs() -> TempDir {
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
    folder
}
