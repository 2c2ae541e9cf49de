//! What stands around the article: what the page is and is not, the counts, who speaks, what
//! the labels mean, and what made the report.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::clean;
use super::item::{Item, Items, Kind};
use crate::label::{Family, Label};
use crate::report::CAVEAT;
use crate::report::shown::title;
use crate::report::wire::Report;
use crate::sourcing::Coverage;

/// Sources in the table before the rest is folded away.
const SOURCES: usize = 10;

pub(super) fn header(report: &Report) -> Markup {
    let counts = &report.document.counts;
    html! {
        header {
            p.kicker { "rhetor: framing and sourcing, sentence by sentence" }
            h1 { (clean(title(&report.document.name))) }
            p.facts {
                (number(counts.words)) " words, " (number(counts.sentences)) " sentences, "
                (number(counts.scored)) " of them scored by " (clean(&report.manifest.model.name))
            }
            @for note in &report.document.notes { p.remark { "Note: " (clean(note)) "." } }
            aside.caveat aria-label="What the labels do not say" { p { (CAVEAT) } }
            p.key {
                span.m.framing { "A solid line" } " marks framing: " (Family::Framing.subject()) ". "
                span.m.sourcing { "A dotted line" } " marks sourcing: " (Family::Sourcing.subject()) ". "
                "The number leads to the finding beside the text; a bracket before a sentence means all of it."
            }
            nav aria-label="On this page" {
                a href="#article" { "The article" } " "
                @if !report.attributions.is_empty() { a href="#sources" { "Who speaks" } " " }
                a href="#manifest" { "How this report was made" }
            }
        }
    }
}

/// How much of what was found, and what is said of the document.
pub(super) fn counts(report: &Report, items: &Items<'_>) -> Markup {
    let summary = &report.summary;
    let scored = report.document.counts.scored;
    let labels = summary.shown();
    let most = labels.iter().map(|(_, counts)| counts.shown()).max();
    let most = most.unwrap_or(1);
    let off = items.kinds().into_iter();
    let off = off.filter(|(kind, _)| !kind.on && *kind != Kind::UNCLEAR);
    let off: Vec<String> = off
        .map(|(kind, count)| format!("{count} {} ({})", kind.name, kind.id))
        .collect();
    html! {
        section aria-labelledby="counts" {
            h2 #counts { "In this article" }
            p {
                (number(summary.sentences_with_findings)) " of " (number(scored))
                " scored sentences bear at least one finding."
            }
            @if !labels.is_empty() {
                table.counts {
                    thead { tr { th scope="col" { "Label" } th.bar-column scope="col" aria-hidden="true" {} th.number scope="col" { "Findings" } th scope="col" { "Whose words" } } }
                    tbody {
                        @for (label, counts) in labels {
                            tr {
                                th scope="row" { a href={ "#label-" (label.id) } { (clean(&label.name)) } }
                                td.bar-column aria-hidden="true" { (bar(counts.shown(), most, label.family.as_str())) }
                                td.number { (counts.shown()) }
                                td { (counts.voices()) }
                            }
                        }
                    }
                }
            }
            @if !off.is_empty() {
                p.remark { "Not shown at first: " (off.join("; ")) ". The filters show them." }
            }
            @if !items.document.is_empty() {
                h3 { "About the article as a whole" }
                ul.notes.whole-article { @for item in &items.document { (item.note(true)) } }
            }
        }
    }
}

/// A bar of a share; a drawing, since the page's policy allows no style on an element.
fn bar(part: usize, most: usize, class: &str) -> Markup {
    html! {
        svg.amount viewBox={ "0 0 " (most) " 1" } preserveAspectRatio="none" {
            rect.(class) width=(part) height="1" {}
        }
    }
}

/// Who speaks, how much, and what the checkable claims rest on.
pub(super) fn sources(report: &Report) -> Markup {
    let ledger = &report.ledger;
    let kinds = &report.summary.attributions;
    let kinds: Vec<String> = kinds
        .iter()
        .map(|(kind, count)| format!("{} {count}", spaced(kind.as_str())))
        .collect();
    let (first, rest) = ledger.sources.split_at(ledger.sources.len().min(SOURCES));
    let table = |sources: &[crate::ledger::SourceEntry]| {
        html! {
            div.wide tabindex="0" role="group" aria-label="Table of sources" { table {
                thead { tr {
                    th scope="col" { "Source" } th scope="col" { "Kind" }
                    th.number scope="col" { "Times" } th.number scope="col" { "Quoted" }
                    th.number scope="col" { "Words" } th.number scope="col" { "Share" }
                    th.bar-column scope="col" aria-hidden="true" {}
                } }
                tbody { @for source in sources { tr {
                    th scope="row" { (clean(&source.name)) } td { (spaced(source.kind.as_str())) }
                    td.number { (source.attributions) } td.number { (source.direct) }
                    td.number { (source.words) } td.number { (format!("{:.0} %", 100.0 * source.share)) }
                    td.bar-column aria-hidden="true" { (bar(source.words, ledger.sources[0].words.max(1), "ink")) }
                } } }
            } }
        }
    };
    html! {
        @if !report.attributions.is_empty() {
            section aria-labelledby="sources" {
                h2 #sources { "Who speaks" }
                p {
                    (number(report.attributions.len())) " attributions, " (number(ledger.words))
                    " attributed words; by kind of source: " (kinds.join(", ")) "."
                    @if ledger.without_source > 0 {
                        " In " (number(ledger.without_source)) " of them the text does not say who speaks."
                    }
                }
                @if !first.is_empty() { (table(first)) }
                @if !rest.is_empty() {
                    details { summary { "and " (rest.len()) " more" } (table(rest)) }
                }
                @if let Some(coverage) = ledger.coverage.as_ref().filter(|c| c.claims > 0) {
                    (rest_on(coverage))
                }
            }
        }
    }
}

fn rest_on(coverage: &Coverage) -> Markup {
    let kinds = |asked: bool| {
        let kinds = coverage.kinds(asked).into_iter();
        let kinds = kinds.map(|(kind, count)| format!("{} {count}", spaced(kind)));
        kinds.collect::<Vec<_>>().join(", ")
    };
    let weak = coverage.claims - coverage.sourced() - coverage.without;
    html! {
        h3 { "What the checkable claims rest on" }
        table.claims { tbody {
            @for (name, claims, kinds) in [
                ("A source that a reader could ask or look up", coverage.sourced(), kinds(true)),
                ("A source that nobody could find", weak, kinds(false)),
                ("No source near them", coverage.without, String::new()),
            ] {
                tr {
                    th scope="row" { (name) } td.number { (claims) " of " (coverage.claims) }
                    td { (kinds) }
                }
            }
        } }
    }
}

/// What the labels of this page mean, each once.
pub(super) fn labels(items: &Items<'_>) -> Markup {
    let found = items.all().filter_map(Item::finding).map(|f| f.label);
    let found: BTreeMap<(Family, &str), &Label> = found
        .map(|label| ((label.family, label.id.as_str()), label))
        .collect();
    html! {
        @if !found.is_empty() {
            section aria-labelledby="labels" {
                h2 #labels { "What the labels mean" }
                dl.labels {
                    @for label in found.values() {
                        dt id={ "label-" (clean(&label.id)) } data-label=(label.id) {
                            strong.(label.family.as_str()) { (clean(&label.name)) } " " code { (clean(&label.id)) }
                        }
                        dd { p.definition { (coded(&label.definition)) } @if !label.boundary.is_empty() { p.boundary { (coded(&label.boundary)) } } }
                    }
                }
                p.remark { code { "rhetor explain LABEL" } " gives examples and references." }
            }
        }
    }
}

/// What made the report: enough to repeat it.
pub(super) fn manifest(report: &Report) -> Markup {
    let (manifest, counts) = (&report.manifest, &report.document.counts);
    let model = &manifest.model;
    let thresholds: Vec<String> = manifest
        .thresholds
        .iter()
        .map(|(name, threshold)| format!("{} {threshold:.2}", clean(name)))
        .collect();
    let calibrated = if model.calibrated {
        "calibrated"
    } else {
        "the model’s own, not calibrated"
    };
    let facts = [
        ("rhetor", manifest.rhetor_version.clone()),
        ("Taxonomy", format!("version {}", manifest.taxonomy_version)),
        ("Model", clean(&model.name)),
        ("Model SHA-256", model.sha256.clone()),
        ("Probabilities", calibrated.to_owned()),
        (
            "Engine",
            format!(
                "{}, on {}",
                clean(&model.engine),
                manifest.processor_features.join(", ")
            ),
        ),
        ("Input SHA-256", manifest.input_sha256.clone()),
        (
            "Input",
            format!(
                "{} bytes, {} characters",
                number(counts.bytes),
                number(counts.characters)
            ),
        ),
        ("Language", report.document.language.clone()),
        ("Thresholds", thresholds.join(", ")),
    ];
    html! {
        section aria-labelledby="manifest" {
            h2 #manifest { "How this report was made" }
            dl.manifest {
                @for (name, value) in &facts { div { dt { (name) } dd { (value) } } }
            }
        }
    }
}

/// With a narrow space between thousands.
fn number(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap_or_default())
        .collect();
    groups.join("\u{202f}")
}

/// A kind of source for people.
fn spaced(kind: &str) -> String {
    kind.replace('-', " ")
}

/// What stands between backticks is set as code.
fn coded(text: &str) -> Markup {
    html! {
        @for (i, part) in text.split('`').enumerate() {
            @if i % 2 == 0 { (clean(part)) } @else { code { (clean(part)) } }
        }
    }
}
