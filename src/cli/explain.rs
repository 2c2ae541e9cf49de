//! `rhetor explain LABEL`: one entry of the taxonomy, and what was measured of it.

use std::io::{self, Write};
use std::path::PathBuf;

use rhetor::calibrate::Standing;
use rhetor::evaluate::calibration::Calibration;
use rhetor::evaluate::measured::{Figures, Measured};
use rhetor::evaluate::tally::{Estimate, Prf};
use rhetor::label::{Example, Label, Scope, taxonomy};
use rhetor::sourcing;
use serde_json::{Value, json};

use super::Outcome;

/// Explain a label: what it means, where it ends, examples, how it is found and how often
/// that is right.
#[derive(clap::Args)]
pub struct Args {
    /// The id of a label, as in `rhetor labels`.
    label: String,
    /// Tell what was measured of this model folder (in its scores.json and sourcing.json), in
    /// place of the model in the binary.
    #[arg(long, value_name = "DIR")]
    model: Option<PathBuf>,
    /// For people, or as one object for programs.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    Text,
    Json,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let label = taxonomy().find(&args.label)?;
    let measured = match &args.model {
        Some(folder) => Measured::of_folder(folder)?,
        None => Measured::embedded()?,
    };
    if args.format == Form::Json {
        let mut out = io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, &object(label, &measured))?;
        writeln!(out)?;
        return Ok(Outcome::Done);
    }
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
    paragraph("\nFound by: ", "", &detection(label))?;
    for (i, line) in figures(label, &measured).iter().enumerate() {
        paragraph(if i == 0 { "\nMeasured: " } else { "  " }, "  ", line)?;
    }
    paragraph("", "", "")?;
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

/// The entry, and the figures as in the files of the model; without figures, null.
fn object(label: &Label, measured: &Measured) -> Value {
    let figures = measured.label(label).map(|figures| match figures {
        Figures::Output(own) => json!({ "model": measured.model(), "figures": own }),
        Figures::Rule(own, all) => json!({
            "model": measured.model(),
            "articles": all.articles,
            "body_sentences": all.sentences,
            "figures": own,
        }),
    });
    json!({ "label": label, "detection": detection(label), "measured": figures })
}

/// How the label is detected.
fn detection(label: &Label) -> String {
    let how = match label.found_by.as_str() {
        "model" => {
            "a calibrated probability of the encoder for the sentence, from a threshold on; its \
             probabilities of the words give the evidence"
        }
        "model and document" => {
            "the encoder, sentence by sentence, and a pass over the document that counts phrases"
        }
        "rules" => {
            "rules of words and grammar over who says what, which the encoder marks; they give no \
             probability"
        }
        "model and rules" => {
            "rules that ask the encoder who says what and what can be checked; they give no \
             probability"
        }
        _ => return label.found_by.clone(),
    };
    format!("{}: {how}.", label.found_by)
}

/// What was measured, a paragraph each.
fn figures(label: &Label, measured: &Measured) -> Vec<String> {
    let model = measured.model().unwrap_or("this model");
    match measured.label(label) {
        None => vec![format!(
            "nothing; there are no figures of {model} for this label."
        )],
        Some(Figures::Output(own)) => {
            let pooled = &own.pooled;
            let shown = match own.status {
                Standing::Stable => "shown by default",
                Standing::Preview => "a preview: not shown by default",
            };
            let mut lines = vec![
                format!(
                    "{model} on documents that nothing was chosen on, of {}: {} documents, {} \
                     sentences, {} of which bear it by their annotators.",
                    own.corpora.join(", "),
                    pooled.documents,
                    pooled.sentences,
                    pooled.support
                ),
                match pooled.predicted {
                    0 => format!(
                        "At the threshold {:.2} it is found on none of them: no precision can be \
                         told, and recall is 0 %. It is {shown}.",
                        own.threshold
                    ),
                    predicted => format!(
                        "At the threshold {:.2} it is found on {predicted}: {}. It is {shown}.",
                        own.threshold,
                        prf(&pooled.prf)
                    ),
                },
                calibration(&pooled.calibration),
            ];
            if label.id == "repetition" {
                lines.push("The pass over the document was not measured.".into());
            }
            lines
        }
        Some(Figures::Rule(own, all)) => {
            let unit = match label.scope {
                Scope::Sentence => "body sentences",
                Scope::Document => "articles",
            };
            let shown = if sourcing::PREVIEWS.contains(&label.id.as_str()) {
                "a preview: not shown by default"
            } else {
                "shown by default"
            };
            let figures = if own.support == 0 {
                "no precision or recall can be told from them".to_owned()
            } else {
                prf(&own.prf)
            };
            vec![
                format!(
                    "{model} on {} invented articles that the rules were not made on \
                     (corpora/sourcing/test, {} body sentences): {} {unit} bear it.",
                    all.articles, all.sentences, own.support
                ),
                format!(
                    "It is found on {}: {figures}. It is {shown}.",
                    own.predicted
                ),
                "No calibration, as rules give no probability. Figures on real news will be lower."
                    .into(),
            ]
        }
    }
}

fn prf(prf: &Prf) -> String {
    let one = |e: Estimate| {
        format!(
            "{:.0} % ({:.0} to {:.0})",
            100.0 * e.value,
            100.0 * e.low,
            100.0 * e.high
        )
    };
    format!(
        "precision {}, recall {}, F1 {}, with 95 % intervals over documents",
        one(prf.precision),
        one(prf.recall),
        one(prf.f1)
    )
}

/// How far the probabilities mean what they say.
fn calibration(calibration: &Calibration) -> String {
    let bins = calibration.reliability.iter().enumerate();
    let bins: Vec<String> = bins
        .filter_map(|(bin, own)| {
            let share = 100.0 * own.share_positive?;
            let (from, to) = (10 * bin, 10 * bin + 10);
            Some(format!("{from}-{to} %: {share:.0} % of {}", own.count))
        })
        .collect();
    format!(
        "Calibration: expected error {:.3}, Brier score {:.3}; of the sentences given such a \
         probability, so many bear it: {}.",
        calibration.ece,
        calibration.brier,
        bins.join("; ")
    )
}
