//! A score on annotated articles, for people at a terminal.

use std::io::{self, Write};

use super::{Score, Share};
use crate::evaluate::{Tally, count};

/// Writes the tables.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut impl Write, name: &str, score: &Score, caveat: &str) -> io::Result<()> {
    writeln!(
        out,
        "{name}: {} articles, {} body sentences\n",
        score.articles, score.sentences
    )?;
    if score.sentences > 0 {
        writeln!(
            out,
            "{:26} precision  recall      F1  support",
            "Sourcing gaps"
        )?;
        for (label, tally) in &score.labels {
            row(out, label, *tally)?;
        }
        row(out, "all, micro", score.micro())?;
        for (label, tally) in &score.document_labels {
            row(out, &format!("{label} (documents)"), *tally)?;
        }
        writeln!(out)?;
    }
    if !score.parts.is_empty() {
        attributions(out, score)?;
    }
    if score.voices.all > 0 {
        share(out, "Voice of the sentence", score.voices)?;
    }
    writeln!(out, "\nPer cent. {caveat}")
}

fn attributions(out: &mut impl Write, score: &Score) -> io::Result<()> {
    writeln!(
        out,
        "{:26} precision  recall      F1  support",
        "Attributions"
    )?;
    for (part, [overlap, exact]) in &score.parts {
        row(out, &format!("{part}, overlap"), *overlap)?;
        row(out, &format!("{part}, exact"), *exact)?;
    }
    row(out, "whole, overlap", score.triples)?;
    row(out, "numbers without any", score.numbers)?;
    writeln!(out)?;
    share(out, "Kind of source", score.kinds)?;
    share(out, "Direct, indirect, mixed", score.quotes)
}

fn row(out: &mut impl Write, name: &str, tally: Tally) -> io::Result<()> {
    writeln!(
        out,
        "  {name:26}{:>7.1} {:>7.1} {:>7.1} {:>8}",
        100.0 * tally.precision(),
        100.0 * tally.recall(),
        100.0 * tally.f1(),
        tally.gold
    )
}

fn share(out: &mut impl Write, name: &str, share: Share) -> io::Result<()> {
    let right = 100.0 * count(share.right) / count(share.all.max(1));
    writeln!(out, "  {name:26}{right:>7.1} right of {}", share.all)
}
