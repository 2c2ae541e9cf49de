//! An evaluation for people at a terminal, at most 80 columns wide.

use std::io::{self, Write};

use super::scores::{Evaluation, SentenceFigures, TokenFigures};
use super::sourcing::gold;
use super::tally::{Estimate, Prf};
use super::{ANY_DEVICE, gated, is_device};
use crate::calibrate::Standing;

const WIDTH: usize = 80;

/// Writes the tables of one evaluation. `model` and `model_sha256` name the model,
/// `caveat` is what a reader must know of every label.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(
    out: &mut impl Write,
    model: &str,
    model_sha256: &str,
    evaluation: &Evaluation,
    caveat: &str,
) -> io::Result<()> {
    let hash = model_sha256.get(..12).unwrap_or(model_sha256);
    let part = evaluation.part.map_or("every part".to_owned(), |part| {
        format!("the part {}", part_name(part))
    });
    writeln!(out, "Model {model} (sha256 {hash}…) on {part}\n")?;
    for counts in &evaluation.documents {
        let part = part_name(counts.part);
        writeln!(
            out,
            "  {:20} {part:8} {:>8} documents {:>8} sentences",
            counts.corpus, counts.documents, counts.sentences
        )?;
    }
    sentences(out, evaluation)?;
    words(out, evaluation)?;
    others(out, evaluation)?;
    writeln!(
        out,
        "\nPer cent; in brackets the 95 % bootstrap interval over documents."
    )?;
    let (gaps, others): (Vec<&str>, Vec<&str>) = evaluation
        .not_scored
        .iter()
        .map(String::as_str)
        .partition(|output| gold::is_gap(output));
    if !others.is_empty() {
        let names = others.join(", ");
        let note = format!("Not scored, as the model has no such output: {names}.");
        paragraph(out, &note)?;
    }
    if !gaps.is_empty() {
        let note = "Sourcing gaps are marked too: they come from the whole pipeline, and \
                    `rhetor evaluate --articles` scores them.";
        paragraph(out, note)?;
    }
    writeln!(out)?;
    paragraph(out, caveat)
}

/// How a part is called on the command line.
pub(super) fn part_name(part: crate::corpus::Part) -> &'static str {
    use crate::corpus::Part;
    match part {
        Part::Train => "train",
        Part::Tune => "tune",
        Part::Report => "report",
    }
}

fn sentences(out: &mut impl Write, evaluation: &Evaluation) -> io::Result<()> {
    if evaluation.sentence.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n{:26} support     P     R    F1               ECE",
        "Sentences"
    )?;
    for own in &evaluation.sentence {
        let status = match own.status {
            Standing::Stable => "",
            Standing::Preview => "preview",
        };
        sentence_row(out, &own.output, &own.pooled, status)?;
        for (corpus, figures) in &own.by_corpus {
            sentence_row(out, &format!("  on {corpus}"), figures, "")?;
        }
    }
    writeln!(out)?;
    let line = |out: &mut dyn Write, what: &str, estimate: Estimate| {
        writeln!(
            out,
            "{what:53}{:>5} ({})",
            percent(estimate.value),
            interval(estimate)
        )
    };
    if let (Some(micro), Some(overall)) = (evaluation.device_micro_f1, evaluation.device_macro_f1) {
        line(out, "Framing devices, micro-F1", micro)?;
        line(out, "Framing devices, macro-F1", overall)?;
    }
    let framing = |output: &str| output == ANY_DEVICE || is_device(output);
    for own in evaluation
        .sentence
        .iter()
        .filter(|own| !framing(&own.output))
    {
        let what = |on: &str| format!("{}{on}, macro-F1 over yes and no", own.output);
        line(out, &what(""), own.pooled.both_classes_f1)?;
        for (corpus, figures) in &own.by_corpus {
            line(
                out,
                &what(&format!(" on {corpus}")),
                figures.both_classes_f1,
            )?;
        }
    }
    if let Some(ece) = evaluation.mean_ece_stable {
        writeln!(
            out,
            "{:53}{ece:>5.3}",
            "Mean ECE of the outputs that are no preview"
        )?;
    }
    Ok(())
}

fn sentence_row(
    out: &mut impl Write,
    name: &str,
    figures: &SentenceFigures,
    status: &str,
) -> io::Result<()> {
    let line = format!(
        "{name:26} {:>7}{} {:>5.3}  {status}",
        figures.support,
        prf(&figures.prf),
        figures.calibration.ece
    );
    writeln!(out, "{}", line.trim_end())
}

fn words(out: &mut impl Write, evaluation: &Evaluation) -> io::Result<()> {
    let mut rows = evaluation
        .token
        .iter()
        .filter(|own| gated(&own.output))
        .peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    writeln!(
        out,
        "\n{:28} spans     P     R    F1",
        "Words, by partial overlap"
    )?;
    for own in rows {
        let row = |out: &mut dyn Write, name: &str, figures: &TokenFigures| {
            let line = format!(
                "{name:26} {:>7}{}",
                figures.partial.support,
                prf(&figures.partial.prf)
            );
            writeln!(out, "{}", line.trim_end())
        };
        row(out, &own.output, &own.pooled)?;
        for (corpus, figures) in &own.by_corpus {
            row(out, &format!("  on {corpus}"), figures)?;
        }
    }
    Ok(())
}

fn others(out: &mut impl Write, evaluation: &Evaluation) -> io::Result<()> {
    let mut rows = evaluation
        .token
        .iter()
        .filter(|own| !gated(&own.output))
        .peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    writeln!(
        out,
        "\n{:28} spans     P     R    F1               exact F1",
        "Words, by overlap"
    )?;
    for own in rows {
        let row = |out: &mut dyn Write, name: &str, figures: &TokenFigures| {
            writeln!(
                out,
                "{name:26} {:>7}{} {:>8}",
                figures.overlap.support,
                prf(&figures.overlap.prf),
                percent(figures.exact.prf.f1.value)
            )
        };
        row(out, &own.output, &own.pooled)?;
        for (corpus, figures) in &own.by_corpus {
            row(out, &format!("  on {corpus}"), figures)?;
        }
    }
    Ok(())
}

/// P, R, F1 and its interval, 31 columns.
fn prf(prf: &Prf) -> String {
    let [p, r, f] = [prf.precision, prf.recall, prf.f1].map(|own| percent(own.value));
    format!(
        " {p:>5} {r:>5} {f:>5} {:<12}",
        format!("({})", interval(prf.f1))
    )
}

pub(super) fn percent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

/// The interval of an estimate in whole per cent: its ends are not known better.
pub(super) fn interval(estimate: Estimate) -> String {
    format!("{:.0}–{:.0}", 100.0 * estimate.low, 100.0 * estimate.high)
}

fn paragraph(out: &mut impl Write, text: &str) -> io::Result<()> {
    for line in textwrap::wrap(text, WIDTH) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}
