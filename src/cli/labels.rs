//! `rhetor labels`: the taxonomy at a glance.

use std::io::{self, Write};

use rhetor::calibrate::Standing;
use rhetor::label::{Family, Label, taxonomy};
use rhetor::model::Model;
use rhetor::sourcing;

use super::Outcome;

/// List the labels, what they mean, and how far this version finds them.
#[derive(clap::Args)]
pub struct Args {}

pub fn run(_: &Args) -> anyhow::Result<Outcome> {
    let model = Model::embedded().ok();
    let mut out = io::stdout().lock();
    let width =
        terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0).clamp(40, 100));
    for family in Family::ALL {
        writeln!(out, "{}: {}\n", family.as_str(), family.subject())?;
        for label in taxonomy()
            .labels
            .iter()
            .filter(|label| label.family == family)
        {
            writeln!(out, "  {}{}", label.id, standing(label, model.as_ref()))?;
            for line in textwrap::wrap(&label.definition, width - 6) {
                writeln!(out, "      {line}")?;
            }
        }
        writeln!(out)?;
    }
    writeln!(
        out,
        "[preview]: the model knows too little of it; in the JSON, shown with --preview."
    )?;
    writeln!(
        out,
        "`rhetor explain LABEL` tells more of one, with examples."
    )?;
    Ok(Outcome::Done)
}

/// How far this version finds a label; nothing where it simply does.
fn standing(label: &Label, model: Option<&Model>) -> &'static str {
    let output = model.and_then(|model| {
        model
            .outputs
            .sentence_index(&label.id)
            .map(|i| &model.outputs.sentence[i])
    });
    match (label.family, output) {
        // What finds them is no output of that name.
        _ if label.id == "repetition" || sourcing::PREVIEWS.contains(&label.id.as_str()) => {
            "  [preview]"
        }
        (Family::Framing, Some(output)) if output.decision.status == Standing::Preview => {
            "  [preview]"
        }
        (Family::Framing, None) => "  [needs a model]",
        _ => "",
    }
}
