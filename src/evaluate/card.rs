//! The tables of a model card, written between markers in its README.md.
//!
//! The card's text is people's; its figures come from the `scores.json` beside it. A pair of
//! markers holds one table of one evaluation, and what stands between them is replaced:
//!
//! ```text
//! <!-- scores:report/sentences -->
//! <!-- /scores -->
//! ```
//!
//! Before the stroke stands the name of an evaluation, after it one of [`TABLES`].

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::gated;
use super::scores::{Evaluation, Scores, ScoresError};
use super::table::{interval, part_name, percent};
use super::tally::{Estimate, Prf};
use crate::calibrate::Standing;
use crate::model::sha256;

const OPEN: &str = "<!-- scores:";
const OPEN_END: &str = " -->";
const CLOSE: &str = "<!-- /scores -->";

type Table = fn(&Evaluation) -> String;

/// The tables that a marker can name.
pub const TABLES: [(&str, Table); 6] = [
    // What was scored: corpora, parts, documents, sentences.
    ("data", data),
    // The headline figures, one a row.
    ("summary", summary),
    // Every sentence output.
    ("sentences", sentences),
    // The spans of framing devices and any-device, by partial overlap.
    ("words", words),
    // The spans of source, cue, content and biased, by overlap and exact.
    ("attribution", attribution),
    // ECE, Brier and the reliability of every stable sentence output.
    ("calibration", calibration),
];

/// A card that cannot be written.
#[derive(Debug, Error)]
pub enum CardError {
    /// A file of the folder cannot be read.
    #[error(
        "{}: {source}; a model folder with a card holds README.md, scores.json and model.onnx",
        path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The scores are not of this format or not of this model.
    #[error("{}: {source}", path.display())]
    Scores {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: ScoresError,
    },
    /// The card has no place for a table.
    #[error(
        "README.md has no marker `{OPEN}EVALUATION/TABLE{OPEN_END}`; put one where a table belongs, and `{CLOSE}` after it"
    )]
    NoMarker,
    /// A marker is not closed.
    #[error(
        "README.md, line {line}: the marker is not closed; put `{CLOSE}` before the next marker"
    )]
    Unclosed {
        /// The line of the marker, from 1.
        line: usize,
    },
    /// A marker names no table.
    #[error("README.md, line {line}: `{name}` names no table; these exist: {known}")]
    Unknown {
        /// The line of the marker, from 1.
        line: usize,
        /// What it says.
        name: String,
        /// What it could say.
        known: String,
    },
}

/// What the card of a model folder should be: its README.md with the tables made anew from
/// its scores.json.
///
/// # Errors
/// When a file is missing, the scores are those of another `model.onnx`, or a marker is
/// wrong.
pub fn of_folder(folder: &Path) -> Result<String, CardError> {
    let read = |file: &str| {
        let path = folder.join(file);
        std::fs::read(&path).map_err(|source| CardError::Unreadable { path, source })
    };
    let text = |file: &str| {
        String::from_utf8(read(file)?).map_err(|e| CardError::Unreadable {
            path: folder.join(file),
            source: std::io::Error::new(std::io::ErrorKind::InvalidData, e),
        })
    };
    let wrong = |source| CardError::Scores {
        path: folder.join("scores.json"),
        source,
    };
    let readme = text("README.md")?;
    let scores = Scores::parse(&text("scores.json")?).map_err(wrong)?;
    scores
        .of_model("model.onnx", &sha256(&read("model.onnx")?))
        .map_err(wrong)?;
    render(&readme, &scores)
}

/// Replaces every table of a card.
///
/// # Errors
/// When a marker is not closed or names no table, or there is none.
pub fn render(readme: &str, scores: &Scores) -> Result<String, CardError> {
    let mut card = String::with_capacity(readme.len());
    let mut rest = readme;
    while let Some(at) = rest.find(OPEN) {
        let line = readme[..readme.len() - rest.len() + at]
            .matches('\n')
            .count()
            + 1;
        let unclosed = CardError::Unclosed { line };
        let (before, marker) = rest.split_at(at);
        let Some((name, after)) = marker[OPEN.len()..].split_once(OPEN_END) else {
            return Err(unclosed);
        };
        let Some((old, after)) = after.split_once(CLOSE) else {
            return Err(unclosed);
        };
        if old.contains(OPEN) {
            return Err(unclosed);
        }
        let table = table(name, scores).ok_or_else(|| CardError::Unknown {
            line,
            name: name.to_owned(),
            known: known(scores),
        })?;
        let _ = write!(card, "{before}{OPEN}{name}{OPEN_END}\n\n{table}\n{CLOSE}");
        rest = after;
    }
    if card.is_empty() {
        return Err(CardError::NoMarker);
    }
    Ok(card + rest)
}

/// Whether a card has a place for a table.
#[must_use]
pub fn has_marker(readme: &str) -> bool {
    readme.contains(OPEN)
}

fn table(name: &str, scores: &Scores) -> Option<String> {
    let (evaluation, table) = name.rsplit_once('/')?;
    let evaluation = scores.evaluations.get(evaluation)?;
    let (_, table) = TABLES.iter().find(|(known, _)| *known == table)?;
    Some(table(evaluation))
}

fn known(scores: &Scores) -> String {
    let names = scores
        .evaluations
        .keys()
        .flat_map(|evaluation| TABLES.map(|(table, _)| format!("{evaluation}/{table}")));
    names.collect::<Vec<_>>().join(", ")
}

/// A Markdown table; the first column is text, the others are numbers.
fn markdown(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = format!("| {} |\n|---|", head.join(" | "));
    table.push_str(&"---:|".repeat(head.len() - 1));
    table.push('\n');
    for row in rows {
        let _ = writeln!(table, "| {} |", row.join(" | "));
    }
    table
}

fn data(evaluation: &Evaluation) -> String {
    markdown(
        &["corpus", "part", "documents", "sentences"],
        evaluation.documents.iter().map(|own| {
            vec![
                own.corpus.clone(),
                part_name(own.part).to_owned(),
                own.documents.to_string(),
                own.sentences.to_string(),
            ]
        }),
    )
}

fn summary(evaluation: &Evaluation) -> String {
    let mut rows: Vec<(String, Estimate)> = Vec::new();
    let mut add = |what: String, estimate: Option<Estimate>| {
        rows.extend(estimate.map(|estimate| (what, estimate)));
    };
    let any = evaluation.sentence(super::ANY_DEVICE);
    add(
        "any device in a sentence (SLC), F1".to_owned(),
        any.map(|own| own.pooled.prf.f1),
    );
    add(
        "framing devices in sentences, micro-F1".to_owned(),
        evaluation.device_micro_f1,
    );
    add(
        "framing devices in sentences, macro-F1".to_owned(),
        evaluation.device_macro_f1,
    );
    let any = evaluation.token(super::ANY_DEVICE);
    add(
        "spans of any device (SI partial overlap), F1".to_owned(),
        any.map(|own| own.pooled.partial.prf.f1),
    );
    for own in evaluation.sentence.iter().filter(|own| !gated(&own.output)) {
        let what = |on: &str| format!("{} sentences{on}", own.output);
        let mut both = |on: &str, figures: &super::scores::SentenceFigures| {
            add(format!("{}, F1", what(on)), Some(figures.prf.f1));
            add(
                format!("{}, macro-F1 over yes and no", what(on)),
                Some(figures.both_classes_f1),
            );
        };
        both("", &own.pooled);
        for (corpus, figures) in &own.by_corpus {
            both(&format!(" on {corpus}"), figures);
        }
    }
    for own in evaluation.token.iter().filter(|own| !gated(&own.output)) {
        add(
            format!("{} spans, overlap F1", own.output),
            Some(own.pooled.overlap.prf.f1),
        );
    }
    let mut rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(what, estimate)| vec![what, percent(estimate.value), interval(estimate)])
        .collect();
    if let Some(ece) = evaluation.mean_ece_stable {
        let what = "mean ECE of the stable sentence outputs".to_owned();
        rows.push(vec![what, format!("{ece:.3}"), String::new()]);
    }
    markdown(&["measure", "score", "95 %"], rows)
}

fn sentences(evaluation: &Evaluation) -> String {
    let mut rows = Vec::new();
    for own in &evaluation.sentence {
        let status = match own.status {
            Standing::Stable => "stable",
            Standing::Preview => "preview",
        };
        let corpora = own.by_corpus.iter();
        let lines = std::iter::once((own.output.clone(), &own.pooled))
            .chain(corpora.map(|(corpus, own_)| (format!("{}, {corpus}", own.output), own_)));
        for (name, figures) in lines {
            let [p, r, f, within] = prf(&figures.prf);
            let ece = format!("{:.3}", figures.calibration.ece);
            let support = figures.support.to_string();
            let all = figures.sentences.to_string();
            rows.push(vec![
                name,
                all,
                support,
                p,
                r,
                f,
                within,
                ece,
                status.to_owned(),
            ]);
        }
    }
    markdown(
        &[
            "output", "sentences", "support", "P", "R", "F1", "95 %", "ECE", "status",
        ],
        rows,
    )
}

fn words(evaluation: &Evaluation) -> String {
    let rows = evaluation.token.iter().filter(|own| gated(&own.output));
    markdown(
        &["output", "spans", "P", "R", "F1", "95 %"],
        rows.map(|own| {
            let [p, r, f, within] = prf(&own.pooled.partial.prf);
            let spans = own.pooled.partial.support.to_string();
            vec![own.output.clone(), spans, p, r, f, within]
        }),
    )
}

fn attribution(evaluation: &Evaluation) -> String {
    let rows = evaluation.token.iter().filter(|own| !gated(&own.output));
    markdown(
        &[
            "output", "spans", "overlap P", "R", "F1", "95 %", "exact F1", "95 %",
        ],
        rows.map(|own| {
            let [p, r, f, within] = prf(&own.pooled.overlap.prf);
            let [_, _, exact, exact_within] = prf(&own.pooled.exact.prf);
            let spans = own.pooled.overlap.support.to_string();
            vec![
                own.output.clone(),
                spans,
                p,
                r,
                f,
                within,
                exact,
                exact_within,
            ]
        }),
    )
}

fn calibration(evaluation: &Evaluation) -> String {
    let stable = evaluation
        .sentence
        .iter()
        .filter(|own| own.status == Standing::Stable);
    let bins: Vec<String> = (0..10)
        .map(|bin| format!("{}–{} %", 10 * bin, 10 * bin + 10))
        .collect();
    let mut head = vec!["output", "ECE", "Brier"];
    head.extend(bins.iter().map(String::as_str));
    markdown(
        &head,
        stable.map(|own| {
            let figures = &own.pooled.calibration;
            let mut row = vec![
                own.output.clone(),
                format!("{:.3}", figures.ece),
                format!("{:.3}", figures.brier),
            ];
            row.extend(figures.reliability.iter().map(|bin| {
                bin.share_positive.map_or("–".to_owned(), |share| {
                    format!("{:.0} % of {}", 100.0 * share, bin.count)
                })
            }));
            row
        }),
    )
}

/// P, R, F1 and the interval of F1.
fn prf(prf: &Prf) -> [String; 4] {
    [
        percent(prf.precision.value),
        percent(prf.recall.value),
        percent(prf.f1.value),
        interval(prf.f1),
    ]
}
