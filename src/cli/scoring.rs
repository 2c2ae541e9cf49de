//! How documents are scored: the flags that `rhetor analyze` and `rhetor score` share.

use std::num::NonZeroUsize;

use anyhow::Context;
use clap::ValueEnum;
use rhetor::analyze::Options;
use rhetor::finding::Voices;
use rhetor::ingest::InputFormat;
use rhetor::label::taxonomy;
use rhetor::model::Model;

use super::config::{Origin, Setting, Settings};
use super::engine::EngineArgs;

/// The flags.
#[derive(clap::Args)]
pub struct ScoringArgs {
    #[command(flatten)]
    pub rules: RuleArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
    /// Threads that score; the default is one a core.
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
}

/// The flags that a configuration can hold too.
#[derive(clap::Args)]
pub struct RuleArgs {
    /// Only these labels or families (see `rhetor labels`).
    #[arg(long, value_name = "LABEL", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Leave these labels or families out.
    #[arg(long, value_name = "LABEL", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Only findings in these words: the author's own, or those of somebody who is quoted or
    /// reported; the default is all.
    #[arg(long, value_enum)]
    pub voice: Option<Voice>,
    /// From which probability on LABEL counts as on, in place of the model's own threshold.
    ///
    /// LABEL is any output in the JSON's `probabilities`; may be given several times. A
    /// preview label stays one.
    #[arg(long, value_name = "LABEL=P", value_parser = threshold)]
    pub threshold: Vec<(String, f32)>,
    /// Only what was right this often when the model was tuned: raises the threshold of
    /// each output until its precision is at least P, from 0 to 1; an output that never
    /// gets there is off.
    ///
    /// --threshold wins over it. Findings of rules stay.
    #[arg(long, value_name = "P")]
    pub min_precision: Option<f32>,
    /// Whether to tell titles, bylines, boilerplate and the like from running text; `off`
    /// makes every block body.
    ///
    /// The default is on.
    #[arg(long, value_enum)]
    pub roles: Option<Switch>,
    /// Score text in other languages than English all the same.
    #[arg(long)]
    pub any_language: bool,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

impl ScoringArgs {
    /// What is in force by the flags alone.
    pub fn settings(&self) -> anyhow::Result<Settings> {
        let mut settings = Settings::default();
        let given = self.rules.settings()?.into_iter();
        settings.lay(given.map(|(setting, flag)| (setting, Origin::Flag(flag))));
        Ok(settings)
    }

    /// What each document is analysed with, by the flags alone.
    pub fn options(&self) -> anyhow::Result<Options> {
        Ok(Options {
            // What a corpus says of itself does not decide what is counted in it.
            comments: false,
            threads: self.threads(),
            ..self.settings()?.options()?
        })
    }

    /// Threads that score.
    pub fn threads(&self) -> NonZeroUsize {
        self.threads.unwrap_or(Options::default().threads)
    }

    /// The model, with the thresholds of the flags.
    pub fn model(&self) -> anyhow::Result<Model> {
        let mut model = self.engine.load(true)?;
        model.outputs = self.settings()?.adjust(&model.outputs)?;
        Ok(model)
    }
}

impl RuleArgs {
    /// Whether titles, bylines and the like are told from running text, by the flag alone.
    pub fn roles(&self) -> bool {
        self.roles != Some(Switch::Off)
    }

    /// The settings that were given, with their flags.
    ///
    /// # Errors
    /// When a flag names no label.
    pub fn settings(&self) -> anyhow::Result<Vec<(Setting, &'static str)>> {
        let mut given = Vec::new();
        for (names, flag, setting) in [
            (&self.select, "--select", Setting::Select as fn(_) -> _),
            (&self.ignore, "--ignore", Setting::Ignore),
        ] {
            for name in names {
                taxonomy()
                    .check(name)
                    .with_context(|| format!("{flag} {name}"))?;
            }
            if !names.is_empty() {
                given.push((setting(names.clone()), flag));
            }
        }
        given.extend(self.voice.map(|voice| (Setting::Voice(voice), "--voice")));
        let p = self.min_precision;
        given.extend(p.map(|p| (Setting::MinPrecision(p), "--min-precision")));
        let thresholds = self.threshold.iter().cloned();
        given.extend(thresholds.map(|(label, p)| (Setting::Threshold(label, p), "--threshold")));
        given.extend(self.roles.map(|roles| (Setting::Roles(roles), "--roles")));
        if self.any_language {
            given.push((Setting::AnyLanguage(true), "--any-language"));
        }
        Ok(given)
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
