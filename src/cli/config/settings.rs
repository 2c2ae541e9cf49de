//! The settings and where each came from.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::rc::Rc;

use anyhow::Context;
use rhetor::analyze::Options;
use rhetor::calibrate::Outputs;
use rhetor::finding::{Finding, Level, Status};
use rhetor::label::Selection;

use super::super::scoring::{Switch, Voice};

/// What stands for every label in `fail-on`.
pub const ANY: &str = "any";

/// One value that a file or a flag gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    Select(Vec<String>),
    Ignore(Vec<String>),
    Voice(Voice),
    MinPrecision(f32),
    Threshold(String, f32),
    Roles(Switch),
    AnyLanguage(bool),
    Preview(bool),
    FailOn(Vec<String>),
    Baseline(PathBuf),
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Default,
    /// A file and a line of it.
    File(Rc<str>, usize),
    /// A flag, by its name.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(file, line) => write!(f, "{file}:{line}"),
            Self::Flag(flag) => f.write_str(flag),
        }
    }
}

/// A value with where it came from.
#[derive(Debug, Clone)]
pub struct Valued<T> {
    pub value: T,
    pub origin: Origin,
}

impl<T> Valued<T> {
    fn default(value: T) -> Self {
        Self {
            value,
            origin: Origin::Default,
        }
    }

    fn set(&mut self, value: T, origin: &Origin) {
        self.value = value;
        self.origin = origin.clone();
    }
}

/// What is in force for a document.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The file that was read, as people see it.
    pub file: Option<Rc<str>>,
    pub select: Valued<Vec<String>>,
    pub ignore: Valued<Vec<String>>,
    pub voice: Valued<Voice>,
    pub min_precision: Valued<Option<f32>>,
    /// By output.
    pub threshold: BTreeMap<String, Valued<f32>>,
    pub roles: Valued<Switch>,
    pub any_language: Valued<bool>,
    pub preview: Valued<bool>,
    pub fail_on: Valued<Vec<String>>,
    pub baseline: Valued<Option<PathBuf>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            file: None,
            select: Valued::default(Vec::new()),
            ignore: Valued::default(Vec::new()),
            voice: Valued::default(Voice::All),
            min_precision: Valued::default(None),
            threshold: BTreeMap::new(),
            roles: Valued::default(Switch::On),
            any_language: Valued::default(false),
            preview: Valued::default(false),
            fail_on: Valued::default(Vec::new()),
            baseline: Valued::default(None),
        }
    }
}

impl Settings {
    /// Lays values over the earlier ones. Whoever selects begins anew: what an earlier layer
    /// ignores is then ignored no longer.
    pub fn lay(&mut self, layer: impl Iterator<Item = (Setting, Origin)> + Clone) {
        let select = layer
            .clone()
            .find(|(own, _)| matches!(own, Setting::Select(_)));
        if let Some((_, origin)) = select.filter(|_| !self.ignore.value.is_empty()) {
            self.ignore.set(Vec::new(), &origin);
        }
        for (setting, origin) in layer {
            self.set(setting, &origin);
        }
    }

    /// Puts a value in the place of an earlier one.
    fn set(&mut self, setting: Setting, origin: &Origin) {
        match setting {
            Setting::Select(names) => self.select.set(names, origin),
            Setting::Ignore(names) => self.ignore.set(names, origin),
            Setting::Voice(voice) => self.voice.set(voice, origin),
            Setting::MinPrecision(p) => self.min_precision.set(Some(p), origin),
            Setting::Threshold(output, p) => {
                let origin = origin.clone();
                self.threshold.insert(output, Valued { value: p, origin });
            }
            Setting::Roles(roles) => self.roles.set(roles, origin),
            Setting::AnyLanguage(any) => self.any_language.set(any, origin),
            Setting::Preview(preview) => self.preview.set(preview, origin),
            Setting::FailOn(names) => self.fail_on.set(names, origin),
            Setting::Baseline(file) => self.baseline.set(Some(file), origin),
        }
    }

    /// What a document is analysed with.
    pub fn options(&self) -> anyhow::Result<Options> {
        Ok(Options {
            selection: Selection::new(&self.select.value, &self.ignore.value)?,
            voices: self.voice.value.into(),
            any_language: self.any_language.value,
            ..Options::default()
        })
    }

    /// The model's outputs, read with the thresholds that are in force; those by name go
    /// before the precision.
    pub fn adjust(&self, outputs: &Outputs) -> anyhow::Result<Outputs> {
        let mut outputs = outputs.clone();
        if let Some(p) = self.min_precision.value {
            outputs
                .require_precision(p)
                .with_context(|| match &self.min_precision.origin {
                    Origin::Flag(flag) => format!("{flag} {p}"),
                    origin => format!("{origin}: min-precision = {p}"),
                })?;
        }
        for (label, Valued { value: p, origin }) in &self.threshold {
            outputs
                .set_threshold(label, *p)
                .with_context(|| match origin {
                    Origin::Flag(flag) => format!("{flag} {label}={p}"),
                    origin => format!("{origin}: threshold {label} = {p}"),
                })?;
        }
        Ok(outputs)
    }

    /// Whether `fail-on` asks about a finding.
    pub fn fails(&self, finding: &Finding) -> bool {
        let named = |name: &String| name == ANY || finding.label.is_named(name);
        finding.status == Status::Reported
            && finding.level == Level::Finding
            && self.fail_on.value.iter().any(named)
    }
}
