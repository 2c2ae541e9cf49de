//! What holds for any input at all.

use proptest::prelude::*;
use rhetor::analyze::Analysis;
use rhetor::ingest::{self, InputFormat};
use rhetor::report::terminal::{self, Layout};
use rhetor::report::wire::{Entry, Name, Place, Report};
use rhetor::span::Span;

use crate::{analyze_fake, fake_model};

fn report(analysis: &Analysis) -> Report {
    Report::new(
        Name {
            path: Some("any.md".to_owned()),
            id: None,
        },
        analysis,
        &fake_model(),
    )
}

/// Text of the kind that breaks things: markup, quotes, controls, odd scripts, words that
/// the fake model lights up.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        "[ \n\t\"“”'*_`#>\\[\\]()!-]{1,4}",
        prop::sample::select(vec![
            "betrayal",
            "greedy",
            "our",
            "said",
            " –insisted",
            "minister",
            "harbour",
            "7,000 tons",
            "reportedly",
            "Many experts say",
            ". ",
            "? ",
            "\n\n",
            "\r\n",
            "&amp;",
            "[link](https://x.example)",
            "- item",
            "# Title",
            "\u{feff}",
            "𝄞",
            "e\u{301}",
            "\u{1b}[31m",
            "```",
            "<b>",
            "| a |",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 1..40).prop_map(|pieces| pieces.concat())
}

fn format() -> impl Strategy<Value = InputFormat> {
    prop::sample::select(vec![InputFormat::Markdown, InputFormat::Text])
}

fn holds(place: &Place, source: &str) {
    let [start, end] = place.byte;
    assert!(start < end && source.is_char_boundary(start) && source.is_char_boundary(end));
    let chars: Vec<char> = source.chars().collect();
    let by_char: String = chars[place.char[0]..place.char[1]].iter().collect();
    assert_eq!(by_char, source[start..end]);
    let units: Vec<u16> = source.encode_utf16().collect();
    assert_eq!(
        String::from_utf16(&units[place.utf16[0]..place.utf16[1]]).unwrap(),
        source[start..end]
    );
    let line = source.split('\n').nth(place.line - 1).unwrap();
    let from: String = line.chars().skip(place.column - 1).collect();
    let first_line = source[start..end].split('\n').next().unwrap();
    assert!(from.starts_with(first_line), "{from:?} {first_line:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(source) = ingest::decode(bytes.clone()) {
            prop_assert_eq!(source.as_bytes(), bytes.as_slice());
            let _ = ingest::ingest(source.clone(), InputFormat::Markdown, true);
            let _ = ingest::ingest(source, InputFormat::Text, true);
        }
    }

    #[test]
    fn sentences_tile_their_blocks(source in text(), format in format()) {
        let document = ingest::ingest(source, format, true);
        let sentences = rhetor::segment::sentences(&document);
        let mut at = 0;
        for (index, sentence) in sentences.iter().enumerate() {
            prop_assert_eq!(sentence.index, index);
            prop_assert!(sentence.span.start >= at);
            prop_assert!(document.text[at..sentence.span.start].trim().is_empty());
            prop_assert!(document.blocks[sentence.block].span.contains(sentence.span));
            prop_assert_eq!(sentence.span.trimmed(&document.text), sentence.span);
            at = sentence.span.end;
        }
        prop_assert!(document.text[at..].trim().is_empty());
    }

    #[test]
    fn reports_round_trip_and_their_spans_hold(source in text(), format in format()) {
        let Ok(source) = ingest::decode(source.into_bytes()) else { return Ok(()) };
        let analysis = analyze_fake(&source, format);
        let report = report(&analysis);
        for sentence in &report.sentences {
            let findings = sentence.findings.iter().flat_map(|f| &f.evidence);
            let any = sentence.any_device.iter().flat_map(|a| &a.evidence);
            let quotes = findings.chain(any).filter_map(|q| q.span.as_ref());
            for place in sentence.span.iter().chain(quotes) {
                holds(place, &source);
            }
        }
        let entry = Entry::Report(Box::new(report));
        let json = serde_json::to_string(&entry).unwrap();
        prop_assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry);
    }

    #[test]
    fn the_terminal_report_fits_and_steers_nothing(
        source in text(), format in format(), width in 1usize..120,
    ) {
        let Ok(source) = ingest::decode(source.into_bytes()) else { return Ok(()) };
        let analysis = analyze_fake(&source, format);
        let mut page = Vec::new();
        let layout = Layout { width, colour: false, preview: true };
        terminal::write(&mut page, "any.md", &analysis, &fake_model(), layout).unwrap();
        let page = String::from_utf8(page).unwrap();
        prop_assert!(!page.contains(|c: char| c.is_control() && c != '\n'));
    }
}

#[test]
fn large_and_odd_documents_get_a_report() {
    let million = "The greedy minister said that our harbour is shut. ".repeat(20_000);
    let report_of = |source: &str| report(&analyze_fake(source, InputFormat::Markdown));
    assert_eq!(report_of(&million).sentences.len(), 20_000);

    let line = "word ".repeat(200_000);
    let one = report_of(&line);
    assert_eq!(one.sentences.len(), 1);
    assert!(one.sentences[0].split);

    let marks = report_of("?! ... --- ;;; !!!");
    assert!(
        marks
            .sentences
            .iter()
            .all(|s| s.probabilities.is_none() && s.findings.is_empty())
    );
    assert_eq!(marks.document.language, "und");
}

#[test]
fn a_byte_order_mark_counts_as_a_character() {
    let analysis = analyze_fake("\u{feff}Our harbour is shut.", InputFormat::Text);
    let span = report(&analysis).sentences[0].span.clone().unwrap();
    assert_eq!(
        (span.byte, span.char, span.utf16),
        ([3, 23], [1, 21], [1, 21])
    );
    assert_eq!((span.line, span.column), (1, 2));
}

#[test]
fn text_that_ingestion_put_in_has_no_place() {
    let analysis = analyze_fake(
        "The harbour,\n\nwhich is shut, rots.",
        InputFormat::Markdown,
    );
    assert_eq!(analysis.sentences.len(), 1);
    let sentence = &analysis.sentences[0].sentence;
    let joint = Span::new(sentence.span.start + 12, sentence.span.start + 13);
    assert_eq!(joint.of(&analysis.document.text), " ");
    assert_eq!(analysis.document.map.to_source(joint), None);
}
