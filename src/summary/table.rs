//! Rates and differences as tables: for people, and as CSV.

use std::io::{self, Write};

use super::compare::FORMULA as COMPARED;
use super::{Comparison, Estimate, FORMULA, Groups, INTERVAL, Rate, Voice};
use crate::report::CAVEAT;

/// Fewer documents than this say little; their groups are marked.
pub(super) const FEW: usize = 20;

/// Writes tables for people, aligned, with what they are made of and how.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(
    out: &mut impl Write,
    groups: &Groups,
    rates: &[Rate],
    comparison: Option<&Comparison>,
) -> io::Result<()> {
    let names: Vec<&String> = groups.groups.keys().collect();
    let wide = names
        .iter()
        .map(|n| n.chars().count())
        .max()
        .unwrap_or(0)
        .max(5);
    if let Some(field) = &groups.field {
        writeln!(out, "By {field}:\n")?;
    }
    writeln!(
        out,
        "{:wide$}  documents  failed  duplicates  sentences  scored",
        "group"
    )?;
    for (name, members) in &groups.groups {
        let scored = members.scored_sentences();
        let documents = members.documents.len();
        writeln!(
            out,
            "{name:wide$}  {documents:>9}  {:>6}  {:>10}  {:>9}  {scored:>6}{}",
            members.failed,
            members.duplicates,
            members.sentences,
            if documents < FEW {
                "  few documents: intervals say little"
            } else {
                ""
            }
        )?;
    }
    let voice = match groups.voice {
        Voice::Author => "in the author's voice",
        Voice::Any => "in whosever voice",
    };
    writeln!(out, "\nPer 100 scored sentences, {voice}:")?;
    for label in &groups.labels {
        writeln!(out, "\n{label}")?;
        for rate in rates.iter().filter(|rate| rate.label == *label) {
            let abstained = rate
                .abstained
                .map_or_else(String::new, |n| format!("  not called {n:.2}"));
            writeln!(
                out,
                "  {:wide$}  {}  of {} findings{abstained}",
                rate.group,
                shown(rate.rate),
                rate.findings
            )?;
        }
    }
    if let Some(comparison) = comparison {
        let wide = groups.labels.iter().map(String::len).max().unwrap_or(5);
        let (first, second) = (&comparison.first, &comparison.second);
        writeln!(out, "\n{first} less {second}:\n")?;
        for d in &comparison.differences {
            writeln!(
                out,
                "  {:wide$}  {}  delta {:+.2}  p {:.4}, corrected {:.4}",
                d.label,
                shown(d.difference),
                d.delta,
                d.p,
                d.p_corrected
            )?;
        }
        writeln!(out, "\n{COMPARED}")?;
    }
    writeln!(out, "\n{FORMULA}\n{INTERVAL}\n{CAVEAT}")
}

fn shown(estimate: Estimate) -> String {
    format!(
        "{:7.2} [{:.2}, {:.2}]",
        estimate.value, estimate.low, estimate.high
    )
}

/// Writes the rates as CSV.
///
/// # Errors
/// When `out` cannot be written to.
pub fn csv(out: impl Write, rates: &[Rate]) -> csv::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "label",
        "group",
        "rate_per_100_sentences",
        "low",
        "high",
        "findings",
        "abstained_per_100_sentences",
        "documents",
        "scored_sentences",
    ])?;
    for rate in rates {
        csv.serialize((
            &rate.label,
            &rate.group,
            rate.rate.value,
            rate.rate.low,
            rate.rate.high,
            rate.findings,
            rate.abstained,
            rate.documents,
            rate.scored_sentences,
        ))?;
    }
    Ok(csv.flush()?)
}

/// Writes a comparison as CSV.
///
/// # Errors
/// When `out` cannot be written to.
pub fn csv_of_comparison(out: impl Write, comparison: &Comparison) -> csv::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "label",
        "first",
        "second",
        "difference_per_100_sentences",
        "low",
        "high",
        "cliffs_delta",
        "p",
        "p_holm",
    ])?;
    for d in &comparison.differences {
        csv.serialize((
            &d.label,
            &comparison.first,
            &comparison.second,
            d.difference.value,
            d.difference.low,
            d.difference.high,
            d.delta,
            d.p,
            d.p_corrected,
        ))?;
    }
    Ok(csv.flush()?)
}
