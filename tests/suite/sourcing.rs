//! Sources and sourcing gaps on annotated articles of ours, with the shipped model.

use rhetor::analyze::{Options, analyze};
use rhetor::backend::Engine;
use rhetor::evaluate::sourcing::{gold, score};
use rhetor::ingest::{InputFormat, ingest};
use rhetor::label::Family;
use rhetor::model::Model;

use crate::at_root;

fn model() -> Model {
    Model::load(&at_root("models/rhetor-minilm-v2"), Engine::Rten, None).unwrap()
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
    assert!(error.contains("holds no article"), "{error}");
    std::fs::write(folder.path().join("a.json"), "{}").unwrap();
    let error = gold::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("a.json: missing field"), "{error}");
}
