//! The segmenter against sentences that people have marked, and against any text at all.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use rhetor::segment::segment;
use rhetor::span::Span;
use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/segmentation")
        .join(name)
}

fn rows(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a JSON object a line"))
        .collect()
}

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}

fn number(value: &Value) -> usize {
    value
        .as_u64()
        .and_then(|n| n.try_into().ok())
        .expect("an offset")
}

/// The ids of the fixture's texts that are not cut as expected, and how many texts it has.
fn misses(name: &str) -> (Vec<String>, usize) {
    let rows = rows(&fixture(name));
    let missed = rows
        .iter()
        .filter(|row| {
            let text = row["text"].as_str().expect("a text");
            let expected = array(&row["expected"]).iter().filter_map(Value::as_str);
            !segment(text)
                .iter()
                .map(|sentence| sentence.of(text))
                .eq(expected)
        })
        .map(|row| row["id"].to_string())
        .collect();
    (missed, rows.len())
}

#[test]
fn the_golden_rules_hold() {
    assert_eq!(misses("golden_en_48.jsonl"), (vec![], 48));
}

#[test]
fn hard_news_sentences_are_cut_right_but_for_one() {
    let (missed, all) = misses("news_hard.jsonl");
    assert_eq!(all, 83);
    assert!(missed.len() <= 1, "{missed:?}");
}

/// True positives, proposals and marks over boundaries inside paragraphs.
#[derive(Default)]
struct Counts {
    found: usize,
    proposed: usize,
    marked: usize,
}

impl Counts {
    /// Adds a document, whose offsets are bytes. Boundaries are compared in characters that
    /// are not white space, so that it does not matter to which sentence white space
    /// belongs; the end of a paragraph is given and does not count.
    fn add(&mut self, row: &Value) {
        let text = row["text"].as_str().expect("a text");
        let solid = |at: usize| text[..at].chars().filter(|c| !c.is_whitespace()).count();
        let mut starts: Vec<usize> = array(&row["para_starts"]).iter().map(number).collect();
        starts.push(text.len());
        let given: BTreeSet<usize> = starts.iter().map(|&at| solid(at)).collect();

        let mut marked: BTreeSet<usize> = array(&row["sents"])
            .iter()
            .map(|sentence| solid(number(&sentence[1])))
            .collect();
        let mut proposed: BTreeSet<usize> = starts
            .windows(2)
            .flat_map(|pair| {
                let ends = segment(&text[pair[0]..pair[1]]);
                ends.into_iter()
                    .map(|sentence| solid(pair[0] + sentence.end))
            })
            .collect();
        marked.retain(|end| !given.contains(end));
        proposed.retain(|end| !given.contains(end));

        self.found += proposed.intersection(&marked).count();
        self.proposed += proposed.len();
        self.marked += marked.len();
    }

    fn f1(&self) -> f64 {
        let count = |n: usize| f64::from(u32::try_from(n).expect("a small corpus"));
        200.0 * count(self.found) / count(self.proposed + self.marked)
    }
}

#[test]
fn web_text_is_cut_as_well_as_measured() {
    let Some(shared) = crate::shared("sentence boundaries of EWT") else {
        return;
    };
    let mut counts = Counts::default();
    for part in ["EWT_dev.jsonl", "EWT_test.jsonl"] {
        for row in rows(&shared.join("data/segmentation").join(part)) {
            counts.add(&row);
        }
    }
    let f1 = counts.f1();
    eprintln!(
        "EWT dev+test: F1 {f1:.2}, found {} of {} marked with {} proposed",
        counts.found, counts.marked, counts.proposed
    );
    assert!(f1 >= 87.6, "F1 {f1:.2}");
}

/// Fails unless the sentences are trimmed, not empty, in order, and white space is all
/// that lies between them.
fn assert_tiles(text: &str, sentences: &[Span]) {
    let mut done = 0;
    for sentence in sentences {
        let inside = text.get(sentence.start..sentence.end);
        let inside = inside.unwrap_or_else(|| panic!("{sentence:?} cuts a character of {text:?}"));
        assert!(
            !inside.is_empty() && inside == inside.trim(),
            "{sentence:?} of {text:?}"
        );
        assert_eq!(
            text[done..sentence.start].trim(),
            "",
            "{sentence:?} of {text:?}"
        );
        done = sentence.end;
    }
    assert_eq!(
        text[done..].trim(),
        "",
        "after the last sentence of {text:?}"
    );
}

/// Text made of what the rules look for, in any order.
fn marks_and_words() -> impl Strategy<Value = String> {
    let pieces = [
        " ", " ", " ", "\n", "\u{a0}", "\u{2003}", ".", ".", "!", "?", "…", "...", "\"", "“", "”",
        "‘", "’", "'", "(", ")", "[", "]", "[3]", "[sic]", "*", "_", "—", "-", ":)", "1.", "2)",
        "a.", "No", "no", "etc.", "Jan.", "Dr.", "p.m.", "EST", "I", "I’m", "said", "Ana", "port",
        "www.", "4%", "1998", "é", "𝄞", "。", "•",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..60)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_tiled(text in any::<String>()) {
        assert_tiles(&text, &segment(&text));
    }

    #[test]
    fn any_marks_and_words_are_tiled(text in marks_and_words()) {
        assert_tiles(&text, &segment(&text));
    }
}

/// Reading the text once for every mark would take minutes here.
#[test]
fn pathological_text_is_cut() {
    let prose = "“The port of Tal is closed,” Dr. Mirov said. It was sold in Nov. 1998. ";
    let texts = [
        ("a line of prose", prose.repeat(1_000_000 / prose.len())),
        ("one word", "a".repeat(1_000_000)),
        ("white space", " ".repeat(1_000_000)),
        ("straight quotes", "\"".repeat(200_000)),
        ("curly quotes", "“".repeat(200_000)),
        ("backquotes", "`".repeat(20_000)),
        ("dots", ".".repeat(200_000)),
        ("spaced dots", ". ".repeat(200_000)),
        ("exclamations", "A!".repeat(200_000)),
        ("quoted exclamations", "A!\"".repeat(100_000)),
        ("closers", "A.".to_owned() + &")".repeat(200_000)),
        ("openers", "A. ".to_owned() + &"(".repeat(200_000)),
        ("open brackets", "A. [dubious ".repeat(20_000)),
        ("citations", "A.[1]".repeat(40_000)),
        ("items", "1. A 2. B ".repeat(20_000)),
        ("glued words", "aa.Aa,".repeat(40_000)),
        (
            "late marks",
            format!("A. {}{}", " ".repeat(200_000), "a! ".repeat(60_000)),
        ),
        ("small sentences", "yes! no? ".repeat(40_000)),
    ];
    for (name, text) in texts {
        let sentences = segment(&text);
        assert_tiles(&text, &sentences);
        assert_eq!(sentences.is_empty(), text.trim().is_empty(), "{name}");
    }
}

#[test]
fn white_space_has_no_sentences() {
    for text in ["", " ", "\n\r\n\t", "\u{a0}\u{2003}\u{3000}"] {
        assert_eq!(segment(text), []);
    }
}
