//! `rhetor explain LABEL`: one entry of the taxonomy.

use std::io::{self, Write};

use rhetor::label::{Example, taxonomy};

use super::Outcome;

/// Explain a label: what it means, where it ends, examples, references.
#[derive(clap::Args)]
pub struct Args {
    /// The id of a label, as in `rhetor labels`.
    label: String,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let label = taxonomy().find(&args.label)?;
    let width =
        terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0).clamp(40, 100));
    let mut out = io::stdout().lock();
    let mut paragraph = |first: &str, rest: &str, text: &str| -> io::Result<()> {
        let options = textwrap::Options::new(width)
            .initial_indent(first)
            .subsequent_indent(rest);
        writeln!(out, "{}", textwrap::fill(text, options))
    };
    paragraph(
        "",
        "",
        &format!("{} ({}, {})", label.name, label.id, label.family.as_str()),
    )?;
    paragraph("\n", "", &label.definition)?;
    paragraph("\nWhy it matters: ", "", &label.why)?;
    paragraph("\nWhere it ends: ", "", &label.boundary)?;
    let examples = |fires: bool| label.examples.iter().filter(move |e| e.fires == fires);
    paragraph("\n", "", "Sentences that bear it:")?;
    for Example { text, evidence, .. } in examples(true) {
        paragraph("  + ", "    ", text)?;
        paragraph(
            "    ",
            "    ",
            &format!("evidence: “{}”", evidence.join("”, “")),
        )?;
    }
    paragraph("\n", "", "Sentences that do not:")?;
    for Example { text, note, .. } in examples(false) {
        paragraph("  - ", "    ", text)?;
        paragraph("    ", "    ", &format!("because {note}"))?;
    }
    paragraph("\nFound by: ", "", &label.found_by)?;
    if let Some(ptc) = &label.ptc {
        paragraph(
            "",
            "",
            &format!("In the Propaganda Techniques Corpus: {ptc}"),
        )?;
    }
    for reference in &label.references {
        paragraph("Reference: ", "  ", reference)?;
    }
    Ok(Outcome::Done)
}
