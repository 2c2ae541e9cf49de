//! How documents are scored: the flags that `rhetor analyze` and `rhetor score` share.

use std::num::NonZeroUsize;

use anyhow::Context;
use clap::ValueEnum;
use rhetor::analyze::Options;
use rhetor::finding::Voices;
use rhetor::ingest::InputFormat;
use rhetor::label::Selection;
use rhetor::model::Model;

use super::engine::EngineArgs;

/// The flags.
#[derive(clap::Args)]
pub struct ScoringArgs {
    /// Only these labels or families (see `rhetor labels`).
    #[arg(long, value_name = "LABEL", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Leave these labels or families out.
    #[arg(long, value_name = "LABEL", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Only findings in these words: the author's own, or those of somebody who is quoted or
    /// reported.
    #[arg(long, value_enum, default_value_t = Voice::All)]
    pub voice: Voice,
    /// From which probability on LABEL counts as on, in place of the model's own threshold.
    /// LABEL is any output in the JSON's `probabilities`; may be given several times. A
    /// preview label stays one.
    #[arg(long, value_name = "LABEL=P", value_parser = threshold)]
    pub threshold: Vec<(String, f32)>,
    /// Only what was right this often when the model was tuned: raises the threshold of
    /// each output until its precision is at least P, from 0 to 1; an output that never
    /// gets there is off. --threshold wins over it. Findings of rules stay.
    #[arg(long, value_name = "P")]
    pub min_precision: Option<f32>,
    /// Whether to tell titles, bylines, boilerplate and the like from running text; `off`
    /// makes every block body.
    #[arg(long, value_enum, default_value_t = Switch::On)]
    pub roles: Switch,
    /// Score text in other languages than English all the same.
    #[arg(long)]
    pub any_language: bool,
    #[command(flatten)]
    pub engine: EngineArgs,
    /// Threads that score; the default is one a core.
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
}

/// How texts are written.
#[derive(Clone, Copy, ValueEnum)]
pub enum TextFormat {
    Markdown,
    Text,
}

impl From<TextFormat> for InputFormat {
    fn from(format: TextFormat) -> Self {
        match format {
            TextFormat::Markdown => Self::Markdown,
            TextFormat::Text => Self::Text,
        }
    }
}

/// Whose words findings are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Voice {
    Author,
    Quoted,
    All,
}

impl From<Voice> for Voices {
    fn from(voice: Voice) -> Self {
        match voice {
            Voice::Author => Self::Author,
            Voice::Quoted => Self::Quoted,
            Voice::All => Self::All,
        }
    }
}

/// On or off.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

impl ScoringArgs {
    /// What each document is analysed with.
    pub fn options(&self) -> anyhow::Result<Options> {
        Ok(Options {
            selection: Selection::new(&self.select, &self.ignore)?,
            voices: self.voice.into(),
            any_language: self.any_language,
            // What a corpus says of itself does not decide what is counted in it.
            comments: false,
            threads: self.threads.unwrap_or(Options::default().threads),
        })
    }

    /// The model, with the thresholds that were asked for; those by name go before the
    /// precision.
    pub fn model(&self) -> anyhow::Result<Model> {
        let mut model = self.engine.load(true)?;
        if let Some(precision) = self.min_precision {
            model
                .outputs
                .require_precision(precision)
                .with_context(|| format!("--min-precision {precision}"))?;
        }
        for (label, p) in &self.threshold {
            model
                .outputs
                .set_threshold(label, *p)
                .with_context(|| format!("--threshold {label}={p}"))?;
        }
        Ok(model)
    }
}

/// A `LABEL=P`.
fn threshold(text: &str) -> Result<(String, f32), String> {
    let (label, p) = text
        .split_once('=')
        .ok_or("it is LABEL=P, such as doubt=0.4")?;
    let p = p
        .parse()
        .map_err(|_| format!("`{p}` is no number; LABEL=P is such as doubt=0.4"))?;
    Ok((label.to_owned(), p))
}
