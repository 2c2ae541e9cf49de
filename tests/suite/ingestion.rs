//! Ingestion: what becomes of markup, and the article to get right.

use rhetor::document::{Document, Role};
use rhetor::ingest::{InputFormat, ingest};
use rhetor::segment::sentences;
use serde::Deserialize;

use crate::{read, shared};

fn markdown(source: &str) -> Document {
    ingest(source.to_owned(), InputFormat::Markdown, true)
}

/// Role and text of every block, and the source that the first and last sentence of each
/// were cut from.
fn blocks(source: &str) -> Vec<(Role, String)> {
    let document = markdown(source);
    document
        .blocks
        .iter()
        .map(|b| (b.role, b.span.of(&document.text).to_owned()))
        .collect()
}

fn body(text: &str) -> (Role, String) {
    (Role::Body, text.to_owned())
}

fn item(text: &str) -> (Role, String) {
    (Role::ListItem, text.to_owned())
}

#[test]
fn inline_markup_goes_and_words_stay() {
    for (source, text) in [
        (
            "The *greedy* **port** of ~~old~~ `Velda`.",
            "The greedy port of old Velda.",
        ),
        ("It cost \\$298 \\*net\\*.", "It cost $298 *net*."),
        ("R&amp;D &ldquo;now&rdquo; &#8212; yes.", "R&D “now” — yes."),
        (
            "See [the *report*](https://a.example \"t\") now.",
            "See the report now.",
        ),
        (
            "A [reference][r] and <https://b.example>.\n\n[r]: https://c.example",
            "A reference and https://b.example.",
        ),
        ("Soft\nbreak and  \r\nhard.", "Soft break and\nhard."),
        ("A<br>b <b>c</b> <!-- no --> d.", "A\nb c  d."),
        ("A note[^1] here.\n\n[^1]: The note.", "A note here."),
        ("“Smart” -- and ... stay", "“Smart” -- and ... stay"),
        ("\u{feff}Marked.", "Marked."),
    ] {
        assert_eq!(blocks(source)[0], body(text), "{source:?}");
    }
}

#[test]
fn blocks_have_the_roles_of_their_markup() {
    let source = "---\ntitle: x\n---\n\n# The port\n\nIt is shut.\n\n## Why\n\nNobody knows.\n\n\
        > We stay.\n>\n> - We do.\n\n- one\n- two\n  - inner\n\n1. loose\n\n   more\n\n\
        ```\nlet x;\nlet y;\n```\n\n| a | b |\n|---|---|\n| c | d |\n\n![A quay](q.png)\n\n\
        Text ![with](i.png) image.\n\n***\n\n<div>\n<p>Readable &amp; kept</p>\n</div>\n";
    assert_eq!(
        blocks(source),
        [
            (Role::Metadata, "title: x".into()),
            (Role::Title, "The port".into()),
            body("It is shut."),
            (Role::Heading, "Why".into()),
            body("Nobody knows."),
            (Role::Quote, "We stay.".into()),
            (Role::Quote, "We do.".into()),
            item("one"),
            item("two"),
            item("inner"),
            item("loose"),
            item("more"),
            (Role::Metadata, "let x;\nlet y;".into()),
            item("a\nb"),
            item("c\nd"),
            (Role::Caption, "A quay".into()),
            body("Text  image."),
            (Role::Caption, "with".into()),
            body("Readable &amp; kept"),
        ]
    );
}

#[test]
fn a_page_break_is_mended_in_prose_only() {
    assert_eq!(
        blocks(
            "# The wanted\n\nlist of Velda\n\nis long, saying\n\n*\"we would like it.\"*\n\nEnd.\n\nand more"
        ),
        [
            (Role::Title, "The wanted".into()),
            body("list of Velda is long, saying \"we would like it.\""),
            body("End."),
            body("and more"),
        ]
    );
}

#[test]
fn lines_around_the_prose_are_told_apart() {
    let source = "## The port\n\nBy [Mira Tolland](#)\n\nVelda Post, November 29, 2026\n\n\
        Region: [Velda](#), [Norland](#)\n\nThe port was shut on 3 March 2026.\n\nBy Mira Tolland\n\n\
        *Photo: NPA*\n\n[Subscribe to our newsletter](#)\n\n\
        **Disclaimer:** Views differ. Mail us.  \nAll of them.\n";
    let roles: Vec<Role> = blocks(source).into_iter().map(|b| b.0).collect();
    assert_eq!(
        roles,
        [
            Role::Title,
            Role::Byline,
            Role::Dateline,
            Role::Metadata,
            Role::Body,
            Role::Body,
            Role::Caption,
            Role::Boilerplate,
            Role::Boilerplate,
        ]
    );
    let off = ingest(source.to_owned(), InputFormat::Markdown, false);
    assert!(off.blocks.iter().all(|b| b.role == Role::Body));
}

#[test]
fn spans_lead_back_to_the_source() {
    for (source, words, expected) in [
        ("The **greedy** port.", "greedy", Some("greedy")),
        (
            "The **greedy** port.",
            "The greedy port",
            Some("The **greedy** port"),
        ),
        ("It cost \\$298.", "$298", Some("$298")),
        ("R&amp;D rose.", "R&D", Some("R&amp;D")),
        ("R&amp;D rose.", "&", Some("&amp;")),
        (
            "See [the report](https://a.example).",
            "the report.",
            Some("the report](https://a.example)."),
        ),
        ("Soft\r\nbreak.", "Soft break", Some("Soft\r\nbreak")),
        ("A `co de` here.", "co de", Some("co de")),
        ("caf\u{e9} \u{1d11e} b.", "\u{1d11e} b", Some("\u{1d11e} b")),
        ("> quoted\n> on", "quoted on", Some("quoted\n> on")),
        ("the wanted\n\nlist", "wanted list", Some("wanted\n\nlist")),
    ] {
        let document = markdown(source);
        let start = document
            .text
            .find(words)
            .unwrap_or_else(|| panic!("{source:?}: {:?}", document.text));
        let span = rhetor::span::Span::new(start, start + words.len());
        let found = document.map.to_source(span).map(|s| s.of(source));
        assert_eq!(found, expected, "{source:?}");
    }
}

#[test]
fn links_are_kept_as_evidence() {
    let document = markdown("See [the *report*](https://a.example) and [x](#).");
    let links: Vec<_> = document
        .links
        .iter()
        .map(|l| (l.span.of(&document.text), l.target.as_str()))
        .collect();
    assert_eq!(links, [("the report", "https://a.example"), ("x", "#")]);
}

#[test]
fn large_and_deep_markup_is_read() {
    for source in [
        "*a ".repeat(50_000),
        "[".repeat(50_000),
        "> ".repeat(5_000) + "deep",
        "- item\n".repeat(50_000),
        "a ".repeat(500_000),
        "a`".repeat(50_000),
        "<".repeat(50_000),
    ] {
        let document = markdown(&source);
        assert!(!document.blocks.is_empty(), "{:?}", &source[..9]);
    }
}

/// Markdown without its syntax and link targets, in one line.
fn stripped(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some(end) = rest.find("](") {
        text.push_str(&rest[..end]);
        rest = rest[end..]
            .find(')')
            .map_or("", |close| &rest[end + close + 1..]);
    }
    text.push_str(rest);
    text.retain(|c| !"*[]\\".contains(c));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every sentence of a Markdown source is found in the source by its span.
fn sentences_are_where_they_say(source: &str) {
    let document = markdown(source);
    for sentence in sentences(&document) {
        let cut = sentence.source.unwrap().of(source);
        assert_eq!(stripped(cut), stripped(sentence.span.of(&document.text)));
    }
}

#[test]
fn the_source_cut_by_a_span_is_the_sentence() {
    for article in ["port-of-velda.md", "harbour-wire.md", "grain-opinion.md"] {
        sentences_are_where_they_say(&read(&format!("corpora/articles/{article}")));
    }
}

#[derive(Deserialize)]
struct Expected {
    role: String,
    text: String,
    src_start: usize,
    src_end: usize,
}

#[test]
fn the_article_to_get_right() {
    let Some(shared) = shared("the seed article: 76 sentences with roles and spans") else {
        return;
    };
    let samples = shared.join("samples");
    let source = std::fs::read_to_string(samples.join("sudan-russia.md")).unwrap();
    sentences_are_where_they_say(&source);
    let document = markdown(&source);
    let found = sentences(&document);
    let expected: Vec<Expected> = std::fs::read_to_string(samples.join("seed_sentences.jsonl"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for (sentence, expected) in found.iter().zip(&expected) {
        assert_eq!(sentence.span.of(&document.text), expected.text);
        let role = if expected.role == "meta" {
            "metadata"
        } else {
            &expected.role
        };
        assert_eq!(sentence.role.as_str(), role, "{}", expected.text);
        let source = sentence.source.unwrap();
        assert_eq!(
            (source.start, source.end),
            (expected.src_start, expected.src_end),
            "{}",
            expected.text
        );
    }
    assert_eq!(found.len(), 76);
    assert_eq!(found.iter().filter(|s| s.role == Role::Body).count(), 54);
}
