//! The front of the library: one analyzer for many texts.

use std::num::NonZeroUsize;

use rhetor::finding::{VoiceKind, Voices};
use rhetor::report::wire::Name;
use rhetor::{Analyzer, AnalyzerError};

use crate::{at_root, fake_model, read};

#[test]
fn an_analyzer_does_what_it_was_built_for() {
    let article = read("corpora/articles/grain-opinion.md");
    let all = Analyzer::with_model(fake_model());
    let analysis = all.analyze(&article).unwrap();
    let labels = |analysis: &rhetor::analyze::Analysis| -> Vec<&str> {
        let findings = analysis.sentences.iter().flat_map(|s| &s.findings);
        findings.map(|f| f.label.id.as_str()).collect()
    };
    assert!(labels(&analysis).contains(&"loaded-language"));
    // From a file by its extension, with the same report.
    let file = all
        .analyze_file(at_root("corpora/articles/grain-opinion.md"))
        .unwrap();
    let name = || Name {
        path: None,
        id: None,
    };
    assert_eq!(all.report(name(), &file), all.report(name(), &analysis));

    let strict = Analyzer::with_model(fake_model())
        .select(&["loaded-language"])
        .unwrap()
        .voices(Voices::Author)
        .threads(NonZeroUsize::MIN)
        .threshold("loaded-language", 0.9)
        .unwrap();
    let analysis = strict.analyze(&article).unwrap();
    let findings = analysis.sentences.iter().flat_map(|s| &s.findings);
    for finding in findings {
        assert_eq!(finding.label.id, "loaded-language");
        assert_eq!(finding.voice.kind, VoiceKind::Author);
    }
    assert!(labels(&analysis).len() < labels(&file).len());
}

#[test]
fn what_cannot_be_done_is_said() {
    let analyzer = Analyzer::with_model(fake_model());
    let error = analyzer.analyze(" ").unwrap_err();
    assert!(matches!(error, AnalyzerError::Ingest(_)), "{error}");
    let error = analyzer.analyze_file("no/such.md").unwrap_err();
    assert_eq!(error.to_string(), "no/such.md cannot be read");
    let error = analyzer.select(&["slogen"]).err().unwrap();
    assert!(error.to_string().contains("did you mean `slogan`?"));
    let analyzer = Analyzer::with_model(fake_model());
    assert!(analyzer.threshold("slogan", 1.5).is_err());
}
