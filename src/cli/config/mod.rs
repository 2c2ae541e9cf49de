//! What is in force for a document: the defaults, then the `rhetor.toml` nearest to it, then
//! the flags; each value with where it came from.

mod file;
pub mod print;
mod settings;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::Context;
use rhetor::label::taxonomy;

use self::file::ConfigFile;
pub use self::settings::{ANY, Origin, Setting, Settings, Valued};
use super::scoring::RuleArgs;

/// The name of the file.
pub const NAME: &str = "rhetor.toml";

/// Which configuration is read.
#[derive(clap::Args)]
pub struct ConfigArgs {
    /// Read this configuration, in place of the rhetor.toml nearest to each document.
    ///
    /// That is the one in its folder or the first one above; for standard input, from the
    /// working directory on.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Read no configuration.
    #[arg(long)]
    no_config: bool,
}

/// What a report is asked for beside its rules.
#[derive(clap::Args)]
pub struct ControlArgs {
    /// Also show findings of labels that the model knows too little of, and those too near
    /// the threshold to call.
    ///
    /// JSON always holds them.
    #[arg(long)]
    preview: bool,
    /// Exit with 1 when there is a reported finding of this label or family, or `any`.
    ///
    /// What a comment ignores, the baseline knows, or only a preview shows does not count.
    #[arg(long, value_name = "LABEL|FAMILY|any", value_delimiter = ',')]
    fail_on: Vec<String>,
    /// Leave out the findings that this file knows: see `rhetor baseline`.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Finds what is in force for each document.
pub struct Configs {
    choice: Choice,
    flags: Vec<(Setting, Origin)>,
    without_baselines: bool,
    /// By folder: the nearest file.
    nearest: BTreeMap<PathBuf, Option<Rc<ConfigFile>>>,
}

enum Choice {
    Nearest,
    Given(Option<Rc<ConfigFile>>),
}

impl Configs {
    /// With the flags of a command that reports.
    ///
    /// # Errors
    /// When a flag names no label or the file of --config cannot be used.
    pub fn new(rules: &RuleArgs, control: &ControlArgs) -> anyhow::Result<Self> {
        let mut configs = Self::of_rules(rules, &control.config)?;
        let mut flags = Vec::new();
        if control.preview {
            flags.push((Setting::Preview(true), "--preview"));
        }
        if !control.fail_on.is_empty() {
            for name in control.fail_on.iter().filter(|name| *name != ANY) {
                taxonomy()
                    .check(name)
                    .with_context(|| format!("--fail-on {name}"))?;
            }
            flags.push((Setting::FailOn(control.fail_on.clone()), "--fail-on"));
        }
        if let Some(file) = &control.baseline {
            flags.push((Setting::Baseline(file.clone()), "--baseline"));
        }
        let flags = flags.into_iter();
        configs
            .flags
            .extend(flags.map(|(setting, flag)| (setting, Origin::Flag(flag))));
        Ok(configs)
    }

    /// With the flags of a command that has rules only.
    ///
    /// # Errors
    /// As [`Configs::new`].
    pub fn of_rules(rules: &RuleArgs, config: &ConfigArgs) -> anyhow::Result<Self> {
        let choice = match (&config.config, config.no_config) {
            (Some(path), _) => Choice::Given(Some(Rc::new(ConfigFile::read(path)?))),
            (None, true) => Choice::Given(None),
            (None, false) => Choice::Nearest,
        };
        let flags = rules.settings()?;
        Ok(Self {
            choice,
            flags: flags
                .into_iter()
                .map(|(setting, flag)| (setting, Origin::Flag(flag)))
                .collect(),
            without_baselines: false,
            nearest: BTreeMap::new(),
        })
    }

    /// What is in force for a document, or in a folder; `None` is standard input.
    ///
    /// # Errors
    /// When a configuration cannot be read or holds a mistake.
    pub fn of(&mut self, path: Option<&Path>) -> anyhow::Result<Settings> {
        let path = path.map(|path| {
            path.canonicalize()
                .or_else(|_| std::path::absolute(path))
                .unwrap_or_else(|_| path.to_owned())
        });
        let file = match &self.choice {
            Choice::Given(file) => file.clone(),
            Choice::Nearest => {
                let folder = match &path {
                    Some(path) if path.is_dir() => path.clone(),
                    Some(path) => path.parent().map_or_else(PathBuf::new, Path::to_owned),
                    None => std::env::current_dir().context("there is no working directory")?,
                };
                self.nearest(&folder)?
            }
        };
        let mut settings = Settings::default();
        if let Some(file) = file {
            settings.file = Some(file.shown.clone());
            for layer in file.layers(path.as_deref()) {
                let origin = |line: usize| Origin::File(file.shown.clone(), line);
                settings.lay(layer.iter().map(|(own, line)| (own.clone(), origin(*line))));
            }
        }
        settings.lay(self.flags.iter().cloned());
        if self.without_baselines {
            settings.baseline.value = None;
        }
        Ok(settings)
    }

    /// Reads no baseline from here on.
    pub fn forget_baselines(&mut self) {
        self.without_baselines = true;
    }

    fn nearest(&mut self, folder: &Path) -> anyhow::Result<Option<Rc<ConfigFile>>> {
        if let Some(known) = self.nearest.get(folder) {
            return Ok(known.clone());
        }
        let path = folder.join(NAME);
        let found = if path.is_file() {
            Some(Rc::new(ConfigFile::read(&path)?))
        } else if let Some(above) = folder.parent() {
            self.nearest(above)?
        } else {
            None
        };
        self.nearest.insert(folder.to_owned(), found.clone());
        Ok(found)
    }
}
