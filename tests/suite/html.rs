//! The page for a browser: what an article holds is text there, and nothing else. What the
//! page does in a browser is tested by `.ci/run browser`.

use rhetor::ingest::InputFormat;
use rhetor::report::wire::{Name, Report};
use rhetor::report::{Analyzed, html};

use crate::{analyze_fake, fake_model, read};

fn page(name: &str, source: &str, format: InputFormat, preview: bool) -> String {
    let analysis = analyze_fake(source, format);
    let mut page = Vec::new();
    let model = fake_model();
    let name = Name {
        path: Some(name.to_owned()),
        id: None,
    };
    let document = Analyzed {
        report: &Report::new(name, &analysis, &model),
        analysis: &analysis,
        model: &model,
        preview,
    };
    html::write(&mut page, &document).unwrap();
    String::from_utf8(page).unwrap()
}

fn between<'p>(page: &'p str, from: &str, to: &str) -> &'p str {
    let start = page.find(from).unwrap_or_else(|| panic!("no {from}"));
    &page[start..start + page[start..].find(to).unwrap() + to.len()]
}

#[test]
fn an_article_with_its_marks() {
    let source = read("corpora/articles/festival.txt");
    let page = page("festival.txt", &source, InputFormat::Text, false);
    // A line for each element that opens.
    let article = between(&page, "<article", "</article>").replace('<', "\n<");
    let article = article.replace("\n</", "</");
    insta::assert_snapshot!("html", article);
}

#[test]
fn nothing_in_an_article_is_markup() {
    let hostile = [
        "<script>alert('shame')</script> said the minister of the harbour.",
        "The shame \"><img src=x onerror=alert(1)> of thugs & puppets &amp; <b>greedy</b> men.",
        "\u{202e}Greedy\u{202c} thugs\u{2066} say\u{7} the port\u{1b}[31m is a disgrace.",
        "A disgrace --> ]]> </style></script></article> said the mayor 'x' `y` {{z}} ${z}.",
        "👩‍👩‍👧‍👦 Z\u{351}\u{36b}\u{343}a\u{489}\u{358}lgo shame, according to the minister.",
        &format!(
            "{}shame and the minister said the harbour.",
            "greedy".repeat(3_000)
        ),
    ]
    .join("\n\n");
    for format in [InputFormat::Text, InputFormat::Markdown] {
        for preview in [false, true] {
            let page = page("\"><script>a.md", &hostile, format, preview);
            for (tag, count) in [
                ("<script", 1),
                ("</script", 1),
                ("<style", 1),
                ("</article", 1),
            ] {
                assert_eq!(page.matches(tag).count(), count, "{tag} in {format:?}");
            }
            for markup in ["<img", "<b>", "-->"] {
                assert!(!page.contains(markup), "{markup} in {format:?}");
            }
            let steers = |c: char| {
                (c.is_control() && c != '\n')
                    || ('\u{202a}'..='\u{202e}').contains(&c)
                    || ('\u{2066}'..='\u{2069}').contains(&c)
            };
            assert_eq!(page.find(steers), None, "{format:?}");
            assert!(page.contains("<title>&quot;&gt;&lt;script&gt;a.md"));
            assert!(page.contains("👩‍👩‍👧‍👦 Z\u{351}\u{36b}\u{343}a\u{489}\u{358}lgo"));
        }
    }
    let text = page("a.txt", &hostile, InputFormat::Text, false);
    assert!(text.contains("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"));
}

#[test]
fn previews_are_off_until_they_are_asked_for() {
    let source = read("corpora/articles/port-of-velda.md");
    let count = |preview, what| {
        page("a.md", &source, InputFormat::Markdown, preview)
            .matches(what)
            .count()
    };
    // In the page either way.
    for kind in ["data-kind=\"preview\"", "data-kind=\"abstained\""] {
        assert!(count(false, kind) > 0, "{kind}");
        assert_eq!(count(false, kind), count(true, kind), "{kind}");
    }
    assert!(count(false, "<li class=\"note") > 0);
    assert!(count(false, " hidden data-label") > 0);
    assert_eq!(count(true, " hidden data-label"), 0);
}

#[test]
fn a_page_without_a_sentence_or_a_finding() {
    for source in ["---", "The boats came in at noon."] {
        let page = page("a.md", source, InputFormat::Markdown, false);
        assert!(page.contains("Showing 0 of 0 findings"), "{source:?}");
    }
}

#[test]
fn links_lead_out_where_they_did_and_nowhere_else() {
    let source = "The board keeps [a list of *every* ship](https://board.example/list?a=1&b=2) and \
                  [a map](javascript:alert(1)), [a note](#note) and [a plan](plan.md).\n\n\
                  [It is a disgrace. They know it.](HTTP://paper.example)";
    let page = page("a.md", source, InputFormat::Markdown, false);
    let links: Vec<&str> = page.split("class=\"out\"").skip(1).collect();
    let [list, paper] = links.as_slice() else {
        panic!("two links: {page}");
    };
    assert!(
        list.starts_with(
            " href=\"https://board.example/list?a=1&amp;b=2\" title=\"board.example\""
        )
    );
    assert!(
        page.contains("ship<a class=\"out\""),
        "right after its words"
    );
    assert!(paper.starts_with(" href=\"HTTP://paper.example\""));
    assert!(!page.contains("javascript:") && !page.contains("href=\"plan.md"));
    assert!(
        page.find("They know it.") < page.find(" href=\"HTTP://paper"),
        "once, at its end"
    );
}
