//! Rates and differences as a page with plots, in one file: no script, nothing from elsewhere.

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::table::FEW as FEW_DOCUMENTS;
use super::together::{FEW as FEW_SENTENCES, FORMULA as LIFT};
use super::{
    ALL, Comparison, Difference, Estimate, FORMULA, Groups, INTERVAL, OverTime, Rate, Record,
    Together, Voice, compare, plot,
};
use crate::batch::Manifest;
use crate::label::taxonomy;
use crate::report::CAVEAT;

const STYLE: &str = include_str!("page.css");

/// What a page is made of.
#[derive(Debug)]
pub struct Page<'a> {
    /// What the run is made of.
    pub manifest: &'a Manifest,
    /// The documents by group.
    pub groups: &'a Groups,
    /// The rates.
    pub rates: &'a [Rate],
    /// How two groups differ, where that was asked for.
    pub comparison: Option<&'a Comparison>,
    /// Which labels stand in one sentence.
    pub together: &'a Together,
    /// The rates by period, where the documents have dates.
    pub over_time: Option<&'a OverTime>,
    /// The first records of the input; none where they are not to be listed.
    pub records: &'a [Record],
}

impl Page<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(self.markup().into_string().as_bytes())
    }

    fn markup(&self) -> Markup {
        let title = match &self.groups.field {
            Some(field) => format!("Rates by {field}"),
            None => "Rates of a corpus".to_owned(),
        };
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                    title { (title) " – rhetor" }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    main {
                        h1 { (title) }
                        p.caveat { (CAVEAT) }
                        (self.made_of())
                        (self.rates())
                        @if let Some(comparison) = self.comparison { (differences(comparison)) }
                        @if let Some(over_time) = self.over_time { (self.by_period(over_time)) }
                        (together(self.together))
                        (self.records())
                        (self.how())
                    }
                }
            }
        }
    }

    fn made_of(&self) -> Markup {
        html! {
            section {
                h2 { "What it is made of" }
                div.scroll tabindex="0" role="region" aria-label="Documents and sentences" {
                    table {
                        thead { tr {
                            th scope="col" { (self.groups.field.as_deref().unwrap_or("")) }
                            @for head in ["documents", "failed", "duplicates", "sentences", "scored"] {
                                th.number scope="col" { (head) }
                            }
                            th scope="col" {}
                        } }
                        tbody { @for (name, members) in &self.groups.groups {
                            tr {
                                th scope="row" { (name) }
                                td.number { (members.documents.len()) }
                                td.number { (members.failed) }
                                td.number { (members.duplicates) }
                                td.number { (members.sentences) }
                                td.number { (members.scored_sentences()) }
                                td.note { @if members.documents.len() < FEW_DOCUMENTS {
                                    "few documents: intervals say little"
                                } }
                            }
                        } }
                    }
                }
                @if let Some(totals) = self.manifest.totals.as_ref().filter(|t| t.failed > 0) {
                    p.note {
                        "Failed by class: "
                        (totals.failures.iter().map(|(class, n)| format!("{n} {class}")).collect::<Vec<_>>().join(", "))
                        ". The run's folder " code { "failed" } " has each record and why."
                    }
                }
            }
        }
    }

    fn records(&self) -> Markup {
        let all = self
            .manifest
            .totals
            .as_ref()
            .map_or(0, |totals| totals.records);
        html! {
            @if !self.records.is_empty() { section {
                h2 { "Records" }
                p {
                    @if all > self.records.len() as u64 {
                        "The first " (self.records.len()) " of " (all) ", in the order of the input;                          the table " code { "documents" } " has all."
                    } @else { "In the order of the input." }
                }
                div.scroll tabindex="0" role="region" aria-label="Records" {
                    table {
                        thead { tr {
                            th scope="col" { "record" }
                            th scope="col" { "status" }
                            th.number scope="col" { "scored sentences" }
                            th.number scope="col" { "with findings" }
                        } }
                        tbody { @for record in self.records { tr {
                            th scope="row" { (record.name) }
                            td { (record.status) }
                            td.number { @if let Some(n) = record.scored { (n) } }
                            td.number { @if let Some(n) = record.with_findings { (n) } }
                        } } }
                    }
                }
            } }
        }
    }

    fn rates(&self) -> Markup {
        let of = |label: &String| -> Vec<&Rate> {
            self.rates.iter().filter(|r| r.label == *label).collect()
        };
        let labels = self.groups.labels.iter().map(|label| (label, of(label)));
        let (found, none): (Vec<_>, Vec<_>) =
            labels.partition(|(_, rates)| rates.iter().any(|r| r.findings > 0));
        let none: Vec<&str> = none.iter().map(|(label, _)| label.as_str()).collect();
        html! {
            section {
                h2 { "Rates" }
                p {
                    "Findings per 100 scored sentences, " (self.voice()) ", with 95 % intervals. Each \
                     label has a scale of its own. The order of the groups is that of their names."
                }
                @for (label, rates) in &found {
                    (rate_figure(label, rates))
                }
                @if !none.is_empty() {
                    p { "Looked for and not found: " (none.join(", ")) "." }
                }
            }
        }
    }

    fn by_period(&self, over_time: &OverTime) -> Markup {
        let found = |label: usize| {
            let mut points = over_time.series.iter().flat_map(|s| &s.points);
            points.any(|p| p.rates[label].value > 0.0)
        };
        let several = over_time.series.len() > 1;
        html! {
            section {
                h2 { "Over time" }
                p {
                    "Findings per 100 scored sentences by " (over_time.unit.as_str()) ", with 95 % \
                     intervals. A " (over_time.unit.as_str()) " with few documents has a wide \
                     interval, or one that is too narrow when there are only one or two."
                    @if over_time.undated > 0 {
                        " " (over_time.undated) " documents have no date that can be read (2031, \
                         2031-05 or 2031-05-17) and are in no period."
                    }
                    @if !several && self.groups.groups.len() > 1 { " All groups together." }
                }
                @for (at, label) in self.groups.labels.iter().enumerate().filter(|(at, _)| found(*at)) {
                    figure {
                        figcaption {
                            strong { (label) }
                            @if several { span.key {
                                @for (own, mark) in over_time.series.iter().zip(plot::MARKS) {
                                    span { (mark) " " (own.group) }
                                }
                            } }
                        }
                        (picture(&plot::over_time(&over_time.series, over_time.unit, at)))
                        details {
                            summary { "Numbers" }
                            (period_table(over_time, at))
                        }
                    }
                }
            }
        }
    }

    fn how(&self) -> Markup {
        let manifest = self.manifest;
        html! {
            section {
                h2 { "How the numbers are made" }
                ul {
                    li { (FORMULA) }
                    li { (INTERVAL) }
                    li {
                        "A group without a finding of a label has no interval. By the rule of three \
                         (Hanley and Lippman-Hand, 1983) its rate may be up to 300 / scored sentences, \
                         were they independent."
                    }
                    li { (LIFT) }
                    @if self.comparison.is_some() { li { (compare::FORMULA) } }
                    li {
                        "“Not called” is what lay too near the threshold, per 100 scored sentences: \
                         it is in no rate. Labels that rules find have none."
                    }
                    li {
                        "There is no score over labels: they differ in kind and in how well they are \
                         found. " code { "rhetor explain LABEL" } " tells what a label means."
                    }
                }
                p.note {
                    "rhetor " (manifest.rhetor_version) ", model " (manifest.model.name)
                    " (SHA-256 " (manifest.model.sha256) "), taxonomy " (manifest.taxonomy_version)
                    ", settings " (manifest.settings_sha256) "."
                }
            }
        }
    }

    fn voice(&self) -> &'static str {
        match self.groups.voice {
            Voice::Author => "in the author's voice",
            Voice::Any => "in whosever voice",
        }
    }
}

/// A plot that says in words where its numbers are.
fn picture(svg: &str) -> Markup {
    let svg = svg.replacen(
        "<svg ",
        "<svg role=\"img\" aria-label=\"Plot of the numbers below\" ",
        1,
    );
    html! { div.plot { (PreEscaped(svg)) } }
}

fn shown(estimate: Estimate) -> Markup {
    html! {
        td.number { (format!("{:.2}", estimate.value)) }
        td.number { (format!("{:.2} to {:.2}", estimate.low, estimate.high)) }
    }
}

fn rate_figure(label: &str, rates: &[&Rate]) -> Markup {
    let rows: Vec<(&str, Estimate)> = rates.iter().map(|r| (r.group.as_str(), r.rate)).collect();
    html! {
        figure {
            figcaption {
                strong { (label) }
                @if let Some(label) = taxonomy().get(label) { " " span.note { (label.definition) } }
            }
            (picture(&plot::intervals(&rows)))
            details {
                summary { "Numbers" }
                div.scroll tabindex="0" role="region" aria-label=(format!("Rates of {label}")) {
                    table {
                        thead { tr {
                            th scope="col" { "group" }
                            @for head in ["rate", "interval", "findings", "not called", "documents", "scored sentences"] {
                                th.number scope="col" { (head) }
                            }
                        } }
                        tbody { @for rate in rates { tr {
                            th scope="row" { (rate.group) }
                            (shown(rate.rate))
                            td.number { (rate.findings) }
                            td.number { @if let Some(n) = rate.abstained { (format!("{n:.2}")) } @else { "–" } }
                            td.number { (rate.documents) }
                            td.number { (rate.scored_sentences) }
                        } } }
                    }
                }
            }
        }
    }
}

fn differences(comparison: &Comparison) -> Markup {
    let found: Vec<&Difference> = comparison
        .differences
        .iter()
        .filter(|d| d.is_of_something())
        .collect();
    let rows: Vec<(&str, Estimate)> = found
        .iter()
        .map(|d| (d.label.as_str(), d.difference))
        .collect();
    html! {
        section {
            h2 { (comparison.first) " less " (comparison.second) }
            p {
                "Findings per 100 scored sentences of the one less those of the other, with 95 % \
                 intervals. Right of 0 the first has more."
            }
            figure {
                (picture(&plot::intervals(&rows)))
                details {
                    summary { "Numbers" }
                    div.scroll tabindex="0" role="region" aria-label="Differences" {
                        table {
                            thead { tr {
                                th scope="col" { "label" }
                                @for head in ["difference", "interval", "Cliff's delta", "p", "p, corrected"] {
                                    th.number scope="col" { (head) }
                                }
                            } }
                            tbody { @for d in &found { tr {
                                th scope="row" { (d.label) }
                                (shown(d.difference))
                                td.number { (format!("{:+.2}", d.delta)) }
                                td.number { (format!("{:.4}", d.p)) }
                                td.number { (format!("{:.4}", d.p_corrected)) }
                            } } }
                        }
                    }
                }
            }
        }
    }
}

fn period_table(over_time: &OverTime, label: usize) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Rates over time" {
            table {
                thead { tr {
                    th scope="col" { (over_time.unit.as_str()) }
                    th scope="col" { "group" }
                    @for head in ["rate", "interval", "documents", "scored sentences"] {
                        th.number scope="col" { (head) }
                    }
                } }
                tbody {
                    @for series in &over_time.series { @for point in &series.points { tr {
                        th scope="row" { (over_time.unit.period(point.period)) }
                        td { (series.group) }
                        (shown(point.rates[label]))
                        td.number { (point.documents) }
                        td.number { (point.scored_sentences) }
                    } } }
                }
            }
        }
    }
}

fn together(all: &Together) -> Markup {
    let together = all.found();
    let pairs = (0..together.labels.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
    let mut pairs: Vec<(usize, usize)> = pairs
        .filter(|&(a, b)| together.both[a][b] >= FEW_SENTENCES)
        .collect();
    pairs.sort_by_key(|&(a, b)| (std::cmp::Reverse(together.both[a][b]), a, b));
    html! {
        section {
            h2 { "Labels that stand in one sentence" }
            @if together.labels.len() < 2 {
                p { "Fewer than two labels were found." }
            } @else {
                p {
                    "How many sentences of " (ALL) " bear both labels. Orange: more than if the two \
                     had nothing to do with each other; blue: fewer; grey: fewer than "
                    (FEW_SENTENCES) " sentences, which say little."
                }
                figure {
                    div.scroll tabindex="0" role="region" aria-label="Labels by labels" {
                        (picture(&plot::grid(&together)))
                    }
                    details {
                        summary { "Numbers" }
                        table {
                            thead { tr {
                                th scope="col" { "labels" }
                                th.number scope="col" { "sentences with both" }
                                th.number scope="col" { "lift" }
                            } }
                            tbody { @for (a, b) in pairs { tr {
                                th scope="row" { (together.labels[b]) " and " (together.labels[a]) }
                                td.number { (together.both[a][b]) }
                                td.number { @if let Some(lift) = together.lift(a, b) { (format!("{lift:.2}")) } }
                            } } }
                        }
                    }
                }
            }
        }
    }
}
