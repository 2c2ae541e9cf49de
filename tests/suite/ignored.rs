//! Findings that comments in the text ignore.

use rhetor::analyze::Analysis;
use rhetor::finding::Status;
use rhetor::ingest::InputFormat;

use crate::{analyze_fake, read};

const TEXT: &str = "# The port of Velda\n\nThe greedy board sold the quay.\n\n\
                    The greedy puppet board sold it again, the minister said.\n";

/// Every finding: sentence, label, status, reason.
fn findings(analysis: &Analysis) -> Vec<(usize, &str, Status, Option<&str>)> {
    let sentences = analysis.sentences.iter();
    sentences
        .flat_map(|s| {
            let findings = s.findings.iter();
            findings.map(|f| {
                (
                    s.sentence.index,
                    f.label.id.as_str(),
                    f.status,
                    f.reason.as_deref(),
                )
            })
        })
        .collect()
}

fn statuses(comment: &str) -> (Vec<(usize, String, Status)>, Vec<String>) {
    let text = TEXT.replace(
        "The greedy puppet",
        &format!("{comment}\n\nThe greedy puppet"),
    );
    let analysis = analyze_fake(&text, InputFormat::Markdown);
    let own = findings(&analysis).into_iter();
    let own = own.map(|(at, label, status, _)| (at, label.to_owned(), status));
    let notes = analysis
        .notes
        .iter()
        .filter(|note| note.starts_with("line "));
    (own.collect(), notes.cloned().collect())
}

#[test]
fn a_comment_ignores_a_label_in_the_next_block_and_nowhere_else() {
    let of = |label: &str, status| (2, label.to_owned(), status);
    let (without, notes) = statuses("");
    assert!(notes.is_empty(), "{notes:?}");
    assert!(without.contains(&(1, "loaded-language".into(), Status::Reported)));
    assert!(without.contains(&of("loaded-language", Status::Reported)));
    assert!(without.contains(&of("name-calling", Status::Reported)));
    for (names, ignored) in [
        ("loaded-language", vec!["loaded-language"]),
        (
            "name-calling, loaded-language",
            vec!["loaded-language", "name-calling"],
        ),
        ("framing", vec!["loaded-language", "name-calling"]),
        ("all", vec!["loaded-language", "name-calling"]),
    ] {
        let (with, notes) = statuses(&format!(
            "<!-- rhetor: ignore {names} the board's own words -->"
        ));
        assert!(notes.is_empty(), "{notes:?}");
        for (at, label, status) in with {
            let meant = at == 2 && (names == "all" || ignored.contains(&label.as_str()));
            let before = (at, label.clone(), Status::Reported);
            let expected = meant && without.contains(&before);
            assert_eq!(status == Status::Ignored, expected, "{names}: {at} {label}");
        }
    }
}

#[test]
fn the_text_and_its_offsets_are_those_of_any_other_comment() {
    let article = read("corpora/articles/grain-opinion.md");
    let with = |comment: &str| {
        let text = article.replace("\n\n", &format!("\n\n<!-- {comment} -->\n\n"));
        analyze_fake(&text, InputFormat::Markdown)
    };
    let (own, other) = (
        with("rhetor: ignore all for a test"),
        with("editors: never mind this one"),
    );
    assert_eq!(own.document.text, other.document.text);
    let plain = analyze_fake(&article, InputFormat::Markdown);
    assert_eq!(own.document.text, plain.document.text);
    assert_eq!(own.document.blocks, other.document.blocks);
    let sentences = |analysis: &Analysis| -> Vec<_> {
        analysis
            .sentences
            .iter()
            .map(|s| s.sentence.clone())
            .collect()
    };
    let shifted = |s: &rhetor::document::Sentence| s.source.map(rhetor::span::Span::len);
    assert_eq!(sentences(&own).len(), sentences(&plain).len());
    for (a, b) in sentences(&own).iter().zip(sentences(&plain)) {
        assert_eq!((a.span, a.role, shifted(a)), (b.span, b.role, shifted(&b)));
    }
    let labels = |analysis: &Analysis| -> Vec<(usize, String)> {
        let mut all: Vec<_> = findings(analysis)
            .into_iter()
            .map(|(at, label, ..)| (at, label.to_owned()))
            .collect();
        all.sort();
        all
    };
    assert_eq!(labels(&own), labels(&plain));
    assert!(
        findings(&own)
            .iter()
            .all(|f| f.3 == Some("for a test") && f.2 != Status::Reported)
    );
    assert!(findings(&own).iter().any(|f| f.2 == Status::Ignored));
    let sentences = own.sentences.iter().flat_map(|s| &s.findings);
    assert!(
        sentences
            .chain(&own.findings)
            .all(|f| !f.is_shown(true) || f.reason.is_none())
    );
}

#[test]
fn a_comment_that_cannot_be_meant_ignores_nothing_and_is_noted_by_its_line() {
    for (comment, note) in [
        (
            "<!-- rhetor: ignore loaded-language -->",
            "line 5: `rhetor: ignore loaded-language` gives no reason",
        ),
        (
            "<!-- rhetor: ignore loaded-langage why -->",
            "(did you mean `loaded-language`?)",
        ),
        (
            "<!-- rhetor: ignore doubt why -->",
            "the next block has no such finding",
        ),
        (
            "<!-- rhetor: ignroe all why -->",
            "there is no `rhetor: ignroe` (did you mean `ignore`?)",
        ),
        ("<!-- rhetor: ignore -->", "names no label"),
        (
            "A <!-- rhetor: ignore all why --> quay.",
            "in the middle of a block",
        ),
        (
            "<!--\nrhetor: ignore loaded-language\n-->",
            "gives no reason",
        ),
    ] {
        let (found, notes) = statuses(comment);
        assert!(
            found.iter().all(|f| f.2 != Status::Ignored),
            "{comment}: {found:?}"
        );
        assert!(
            matches!(notes.as_slice(), [one] if one.contains(note) && one.starts_with("line 5: ")),
            "{comment}: {notes:?}"
        );
    }
    let after = analyze_fake(
        &format!("{TEXT}\n<!-- rhetor: ignore all why -->\n"),
        InputFormat::Markdown,
    );
    assert!(
        after
            .notes
            .iter()
            .any(|note| note.contains("no block comes after it")),
        "{:?}",
        after.notes
    );
    // One of two names is known: it counts, the other is noted.
    let (found, notes) = statuses("<!-- rhetor: ignore loaded-language, slogen why -->");
    assert!(found.contains(&(2, "loaded-language".into(), Status::Ignored)));
    assert!(
        notes.len() == 1 && notes[0].contains("`slogen` (did you mean `slogan`?)"),
        "{notes:?}"
    );
}

#[test]
fn a_label_of_the_document_is_ignored_by_name() {
    let text = "# A port\n\nThe minister said the port is shut. The minister said the harbour is full. \
                The minister said that the port is closed.\n\nMira Tolland said so.\n";
    let plain = analyze_fake(text, InputFormat::Markdown);
    let single = |analysis: &Analysis| {
        analysis
            .findings
            .iter()
            .map(|f| f.status)
            .collect::<Vec<_>>()
    };
    assert!(!single(&plain).is_empty(), "{:?}", plain.ledger);
    let with = |names: &str| {
        let text = format!("<!-- rhetor: ignore {names} an interview -->\n\n{text}");
        single(&analyze_fake(&text, InputFormat::Markdown))
    };
    assert_eq!(with("single-source"), [Status::Ignored]);
    assert_eq!(with("sourcing"), [Status::Reported]);
}

#[test]
fn comments_are_not_text_in_lists_quotations_and_over_lines() {
    for text in [
        "- <!-- rhetor: ignore loaded-language why -->\n  The greedy board.\n",
        "> <!-- rhetor: ignore loaded-language why -->\n>\n> The greedy board.\n",
        "<!-- rhetor: ignore loaded-language\n     why -->\nThe greedy board.\n",
        "<!-- rhetor: ignore loaded-language why --> The greedy board.\n",
        "<!--rhetor:ignore loaded-language: why-->\n## The greedy board\n",
    ] {
        let analysis = analyze_fake(text, InputFormat::Markdown);
        assert_eq!(
            analysis.document.text.trim_end_matches('.'),
            "The greedy board",
            "{text}"
        );
        let found = findings(&analysis);
        assert!(
            found.contains(&(0, "loaded-language", Status::Ignored, Some("why"))),
            "{text}: {found:?} {:?}",
            analysis.notes
        );
    }
    let code = "```\n<!-- rhetor: ignore loaded-language why -->\n```\n\nThe greedy board.\n";
    let analysis = analyze_fake(code, InputFormat::Markdown);
    assert!(analysis.document.comments.is_empty());
}
