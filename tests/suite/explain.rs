//! `rhetor explain`: what was measured of a label, from the committed figures.

use assert_cmd::cargo::cargo_bin_cmd;
use predicates::str::contains;
use rhetor::analyze::Options;
use rhetor::backend::Engine;
use rhetor::evaluate::measured::{Figures, Measured};
use rhetor::evaluate::sourcing::scores::ArticleScores;
use rhetor::evaluate::sourcing::{gold, score};
use rhetor::label::{Family, taxonomy};
use rhetor::model::Model;

use crate::{at_root, read};

const FOLDER: &str = "models/rhetor-minilm-v5";

fn explain(label: &str, flags: &[&str]) -> String {
    let text = printed(label, flags);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn printed(label: &str, flags: &[&str]) -> String {
    let mut command = cargo_bin_cmd!("rhetor");
    let command = command.current_dir(env!("CARGO_MANIFEST_DIR"));
    let run = command
        .args(["explain", label])
        .args(flags)
        .assert()
        .success();
    String::from_utf8(run.get_output().stdout.clone()).unwrap()
}

/// The committed figures of the sourcing labels are those of the rules as they are. Another
/// processor may move a finding or two.
#[test]
fn the_committed_sourcing_figures_are_what_the_test_half_scores() {
    let committed = ArticleScores::parse(&read(&format!("{FOLDER}/sourcing.json"))).unwrap();
    let articles = gold::read(&at_root("corpora/sourcing/test")).unwrap();
    let model = Model::load(&at_root(FOLDER), Engine::Rten, None).unwrap();
    let score = score(
        &articles,
        &model,
        &Options {
            any_language: true,
            ..Options::default()
        },
    )
    .unwrap();
    let now = ArticleScores::new(&score, &model);
    assert_eq!(now.model_sha256, committed.model_sha256);
    assert_eq!(
        (now.articles, now.sentences),
        (committed.articles, committed.sentences)
    );
    for (now, committed) in [
        (&now.labels, &committed.labels),
        (&now.document_labels, &committed.document_labels),
    ] {
        assert!(now.keys().eq(committed.keys()));
        for (label, now) in now {
            let then = &committed[label];
            assert_eq!(now.support, then.support, "{label}");
            assert!(
                now.predicted.abs_diff(then.predicted) <= 2,
                "{label}: {now:?} {then:?}"
            );
            let moved = (now.prf.f1.value - then.prf.f1.value).abs();
            assert!(
                moved < 0.1,
                "{label}: {now:?} {then:?}; write the file again with `rhetor evaluate --articles`"
            );
        }
    }
}

#[test]
fn every_label_has_its_figures_or_says_that_it_has_none() {
    let measured = Measured::of_folder(&at_root(FOLDER)).unwrap();
    assert_eq!(measured.model(), Some("rhetor-minilm-v5"));
    let percent = |value: f64| format!("{:.0} %", 100.0 * value);
    for label in &taxonomy().labels {
        let text = explain(&label.id, &["--model", FOLDER]);
        match measured.label(label) {
            Some(Figures::Output(own)) => {
                assert_eq!(label.family, Family::Framing);
                let prf = &own.pooled.prf;
                let figures = match own.pooled.predicted {
                    0 => ["found on none of them", "recall is 0 %"].map(str::to_owned),
                    _ => [
                        format!("F1 {} (", percent(prf.f1.value)),
                        format!("precision {}", percent(prf.precision.value)),
                    ],
                };
                assert!(figures.iter().all(|part| text.contains(part)), "{text}");
                assert!(
                    text.contains(&format!("{} of which bear it", own.pooled.support)),
                    "{text}"
                );
                assert!(
                    text.contains(&format!("expected error {:.3}", own.pooled.calibration.ece)),
                    "{text}"
                );
            }
            Some(Figures::Rule(own, _)) => {
                assert!(
                    text.contains(&format!("recall {}", percent(own.prf.recall.value))),
                    "{text}"
                );
                assert!(
                    text.contains("12 invented articles") && text.contains("No calibration"),
                    "{text}"
                );
            }
            None => panic!("{} has no figures", label.id),
        }
    }
}

#[test]
fn nothing_measured_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let text = explain("doubt", &["--model", path]);
    assert!(
        text.contains("Measured: nothing; there are no figures of this model"),
        "{text}"
    );
    std::fs::write(folder.path().join("scores.json"), "{}").unwrap();
    cargo_bin_cmd!("rhetor")
        .args(["explain", "doubt", "--model", path])
        .assert()
        .code(2)
        .stderr(contains(
            "scores.json is of no use: it is no scores.json of format 2",
        ));
}

#[test]
fn programs_read_the_entry_and_its_figures() {
    for label in ["doubt", "hearsay"] {
        let text = printed(label, &["--format", "json"]);
        let entry: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(entry["label"]["id"], label);
        assert!(entry["label"]["example"].as_array().unwrap().len() > 1);
        assert!(entry["detection"].as_str().unwrap().len() > 20);
        let measured = &entry["measured"];
        assert_eq!(measured["model"], "rhetor-minilm-v5");
        assert!(measured["figures"]["f1"]["value"].is_f64(), "{measured}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let text = printed("doubt", &["--format", "json", "--model", path]);
    assert!(text.contains("\"measured\": null"), "{text}");
}
