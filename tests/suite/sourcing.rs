//! Sources and sourcing gaps on annotated articles of ours, with the shipped model.

use rhetor::analyze::{Options, analyze};
use rhetor::backend::Engine;
use rhetor::evaluate::sourcing::{gold, score};
use rhetor::ingest::{InputFormat, ingest};
use rhetor::label::Family;
use rhetor::model::Model;

use crate::{analyze_fake, at_root};

fn model() -> Model {
    Model::load(&at_root("models/rhetor-minilm-v5"), Engine::Rten, None).unwrap()
}

/// What the README says, less what another processor may change.
#[test]
fn the_test_half_scores_what_the_readme_says() {
    let articles = gold::read(&at_root("corpora/sourcing/test")).unwrap();
    assert_eq!(articles.len(), 12);
    let score = score(&articles, &model(), &Options::default()).unwrap();
    assert_eq!(score.sentences, 328);
    assert!(score.micro().f1() > 0.70, "{:?}", score.labels);
    assert!(score.triples.f1() > 0.75, "{:?}", score.triples);
    let [cues, _] = score.parts["cue"];
    assert!(cues.gold > 150.0 && cues.f1() > 0.82, "{cues:?}");
}

/// The sourcing labels of every sentence of a text.
fn labels(source: &str, model: &Model) -> Vec<Vec<String>> {
    let document = ingest(source.to_owned(), InputFormat::Markdown, true);
    let analysis = analyze(document, model, &Options::default()).unwrap();
    let own = |f: &&rhetor::finding::Finding| {
        f.label.family == Family::Sourcing && f.label.id != "opinion-as-fact"
    };
    let sentences = analysis.sentences.iter();
    sentences
        .map(|s| {
            s.findings
                .iter()
                .filter(own)
                .map(|f| f.label.id.clone())
                .collect()
        })
        .collect()
}

/// Who says it must not matter: the two sides of a dispute change places. What is read of
/// the model's probabilities alone may move with a name.
#[test]
fn both_sides_of_a_dispute_are_read_alike() {
    let articles = gold::read(&at_root("corpora/sourcing/dev")).unwrap();
    let model = model();
    for (id, one, other) in [
        ("dev-02", "Dastria", "Orrinmark"),
        ("dev-13", "Caldrin", "Pellmark"),
    ] {
        let dispute = articles.iter().find(|a| a.id == id).unwrap();
        let swapped = dispute.source.replace(one, "\u{0}");
        let swapped = swapped.replace(other, one).replace('\u{0}', other);
        assert_ne!(swapped, dispute.source);
        let found = labels(&dispute.source, &model);
        assert!(found.iter().flatten().count() >= 3, "{found:?}");
        assert_eq!(found, labels(&swapped, &model), "{id}");
    }
}

#[test]
fn a_folder_without_articles_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = gold::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("holds no document"), "{error}");
    std::fs::write(folder.path().join("a.json"), "{}").unwrap();
    let error = gold::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("a.json: missing field"), "{error}");
}

/// Odd documents are read to their end, every sentence of them in some voice.
#[test]
fn odd_documents_are_read() {
    let unclosed = format!("“{}", "The wall of Karsa held for years. ".repeat(3000));
    let quoting = "“The wall held for years and nobody asked.\n\n".repeat(2000);
    let numbers: Vec<String> = (1..2000).map(|i| format!("- {i},000 crowns")).collect();
    let table: Vec<String> = (1..200).map(|i| format!("| {i} | {i},000 |")).collect();
    for (what, text) in [
        ("straight marks", "\"".repeat(100_000)),
        ("marks that open", "“a ".repeat(100_000)),
        ("single marks", "'a' ".repeat(100_000)),
        ("a quotation that never closes", unclosed),
        ("paragraphs that go on quoting", quoting),
        ("one sentence", "The port opened.".to_owned()),
        (
            "one quotation",
            "“We will stay here, come what may.”".to_owned(),
        ),
        ("a list of numbers", numbers.join("\n")),
        (
            "a table",
            format!("| Year | Tons |\n|---|---|\n{}", table.join("\n")),
        ),
    ] {
        let analysis = analyze_fake(&text, InputFormat::Markdown);
        for attribution in &analysis.attributions {
            assert!(attribution.sentence < analysis.sentences.len(), "{what}");
            let known = attribution.refers_to.into_iter().chain(attribution.inside);
            for other in known {
                assert!(other < analysis.attributions.len(), "{what}");
            }
        }
        let list = ["a list of numbers", "a table"].contains(&what);
        let gaps = analysis.sentences.iter().flat_map(|s| &s.findings);
        let numbers = gaps.filter(|f| f.label.id == "unsourced-number").count();
        assert!(!list || numbers == 0, "{what}: {numbers} unsourced numbers");
    }
}

/// What is said in an interview and in a transcript is quoted, by those who say it.
#[test]
fn transcripts_are_quoted() {
    let interview = "Mira Tolland has run the port of Karsa for ten years. Last week Tolland said \
                     that it would close.\n\n**Q: Why now?**\n\nA: The wall leaks. We found 300 \
                     cracks in it.\n\n**Q: Who pays?**\n\nA: The town does.\n";
    let analysis = {
        let document = ingest(interview.to_owned(), InputFormat::Markdown, true);
        analyze(document, &model(), &Options::default()).unwrap()
    };
    let said: Vec<(String, Option<String>)> = analysis
        .attributions
        .iter()
        .filter(|a| a.quote_type == rhetor::attribution::QuoteType::Direct)
        .map(|a| {
            let words = a.content[0].of(&analysis.document.text);
            (words.to_owned(), a.speaker_name())
        })
        .collect();
    let tolland = Some("Tolland".to_owned());
    for (words, speaker) in [
        ("Why now?", None),
        ("The wall leaks.", tolland.clone()),
        ("We found 300 cracks in it.", tolland.clone()),
        ("Who pays?", None),
        ("The town does.", tolland),
    ] {
        assert!(said.contains(&(words.to_owned(), speaker)), "{said:?}");
    }
    let labels = labels(interview, &model());
    assert!(labels.iter().all(Vec::is_empty), "{labels:?}");
}
