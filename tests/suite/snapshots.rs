//! What people and programs see, on our own articles with the fake model, to the byte.
//! `cargo insta review` shows what a change does.

use rhetor::ingest::InputFormat;
use rhetor::report::terminal::{self, Layout};
use rhetor::report::wire::{Entry, Name, Report};
use rhetor::report::{json, svg};

use crate::{analyze_fake, fake_model, read};

const ARTICLES: [(&str, InputFormat); 4] = [
    ("port-of-velda.md", InputFormat::Markdown),
    ("harbour-wire.md", InputFormat::Markdown),
    ("grain-opinion.md", InputFormat::Markdown),
    ("festival.txt", InputFormat::Text),
];

fn terminal(article: &str, format: InputFormat, layout: Layout) -> String {
    let analysis = analyze_fake(&read(&format!("corpora/articles/{article}")), format);
    let mut page = Vec::new();
    terminal::write(&mut page, article, &analysis, &fake_model(), layout).unwrap();
    let page = String::from_utf8(page).unwrap();
    page.replace(env!("CARGO_PKG_VERSION"), "[version]")
}

/// The wire format of an article, without what differs between versions and processors.
fn entry(article: &str, format: InputFormat) -> Entry {
    let analysis = analyze_fake(&read(&format!("corpora/articles/{article}")), format);
    let name = Name {
        path: Some(article.to_owned()),
        id: None,
    };
    let mut report = Report::new(name, &analysis, &fake_model());
    "[version]".clone_into(&mut report.manifest.rhetor_version);
    report.manifest.processor_features = vec!["[features]".to_owned()];
    Entry::Report(Box::new(report))
}

#[test]
fn for_people_without_colours() {
    let layout = Layout {
        width: 80,
        colour: false,
        preview: false,
    };
    for (article, format) in ARTICLES {
        insta::assert_snapshot!(
            format!("terminal-{article}"),
            terminal(article, format, layout)
        );
    }
}

#[test]
fn for_people_narrow_with_everything() {
    let layout = Layout {
        width: 48,
        colour: false,
        preview: true,
    };
    insta::assert_snapshot!(
        "narrow",
        terminal("grain-opinion.md", InputFormat::Markdown, layout)
    );
}

#[test]
fn no_line_is_wider_than_asked() {
    for width in [40, 57, 80, 120] {
        let layout = Layout {
            width,
            colour: false,
            preview: true,
        };
        for (article, format) in ARTICLES {
            for line in terminal(article, format, layout).lines() {
                let columns = line.chars().count();
                assert!(columns <= width, "{article}: {columns} > {width}: {line}");
            }
        }
    }
}

#[test]
fn for_people_with_colours() {
    let layout = Layout {
        width: 80,
        colour: true,
        preview: false,
    };
    let page = terminal("festival.txt", InputFormat::Text, layout);
    insta::assert_snapshot!("colours", page.replace('\u{1b}', "␛"));
    let mut picture = Vec::new();
    svg::write(&mut picture, &page, 80).unwrap();
    insta::assert_snapshot!("picture", String::from_utf8(picture).unwrap());
}

#[test]
fn for_programs() {
    let entry = entry("festival.txt", InputFormat::Text);
    let mut indented = Vec::new();
    json::write(&mut indented, &entry).unwrap();
    insta::assert_snapshot!("json", String::from_utf8(indented).unwrap());
    let mut line = Vec::new();
    json::write_line(&mut line, &entry).unwrap();
    let line = String::from_utf8(line).unwrap();
    assert_eq!(line.trim_end().lines().count(), 1);
    assert_eq!(serde_json::from_str::<Entry>(&line).unwrap(), entry);
}

#[test]
fn the_schema() {
    let schema = serde_json::to_string_pretty(&rhetor::report::wire::schema()).unwrap();
    insta::assert_snapshot!("schema", schema);
}
