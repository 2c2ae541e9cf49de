//! Documents analysed one after the other with one model, each by the settings that are in
//! force for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rhetor::Analyzer;
use rhetor::analyze::{Analysis, Options};
use rhetor::baseline::Baseline;
use rhetor::calibrate::Outputs;
use rhetor::finding::Finding;
use rhetor::ingest::InputFormat;
use rhetor::model::Model;

use super::analyze::STDIN;
use super::config::{Configs, Settings};
use super::scoring::{ScoringArgs, Switch};

/// A model, and for each document how it is used.
pub struct Session {
    analyzer: Analyzer,
    /// The model's own thresholds.
    outputs: Outputs,
    rules: Vec<Rules>,
}

struct Rules {
    /// `None` is standard input.
    path: Option<PathBuf>,
    settings: Settings,
    options: Options,
    baseline: Option<Rc<Baseline>>,
}

impl Session {
    /// Finds out what is in force for each document, and loads the model.
    ///
    /// # Errors
    /// When a configuration, a label, a threshold, a baseline or the model cannot be used.
    pub fn new(
        paths: &[PathBuf],
        configs: &mut Configs,
        scoring: &ScoringArgs,
        comments: bool,
    ) -> anyhow::Result<Self> {
        let mut found = Vec::new();
        for path in paths {
            let path = (path != Path::new(STDIN)).then(|| path.clone());
            let settings = configs.of(path.as_deref())?;
            let options = Options {
                comments,
                threads: scoring.threads(),
                ..settings.options()?
            };
            found.push((path, settings, options));
        }
        let model = scoring.engine.load(true)?;
        let mut baselines: BTreeMap<PathBuf, Rc<Baseline>> = BTreeMap::new();
        let mut rules = Vec::new();
        for (path, settings, options) in found {
            // Only to know before any work that it can be done.
            settings.adjust(&model.outputs)?;
            let baseline = match &settings.baseline.value {
                None => None,
                Some(file) if baselines.contains_key(file) => baselines.get(file).cloned(),
                Some(file) => {
                    let read = Rc::new(Baseline::read(file)?);
                    if read.model_sha256 != model.sha256 {
                        anstream::eprintln!(
                            "warning: the baseline {} was written with the model {}, this is {}; \
                             what they find differs, so write it again with `rhetor baseline write`",
                            file.display(),
                            read.model,
                            model.name
                        );
                    }
                    baselines.insert(file.clone(), read.clone());
                    Some(read)
                }
            };
            rules.push(Rules {
                path,
                settings,
                options,
                baseline,
            });
        }
        Ok(Self {
            outputs: model.outputs.clone(),
            analyzer: Analyzer::with_model(model),
            rules,
        })
    }

    /// What is in force for a document.
    pub fn settings(&self, document: usize) -> &Settings {
        &self.rules[document].settings
    }

    /// The model, as it was last used.
    pub fn model(&self) -> &Model {
        &self.analyzer.model
    }

    /// Analyses a document; what its baseline knows has the status for it.
    pub fn analyze(
        &mut self,
        document: usize,
        bytes: Vec<u8>,
        format: Option<InputFormat>,
    ) -> anyhow::Result<Analysis> {
        let rules = &self.rules[document];
        self.analyzer.model.outputs = rules.settings.adjust(&self.outputs)?;
        self.analyzer.options = rules.options.clone();
        self.analyzer.roles = rules.settings.roles.value == Switch::On;
        let mut analysis = self.analyzer.analyze_bytes(bytes, format)?;
        if let Some(baseline) = &rules.baseline {
            baseline.mark(rules.path.as_deref(), &mut analysis);
        }
        Ok(analysis)
    }

    /// The findings that `fail-on` asks about.
    pub fn failing(&self, document: usize, analysis: &Analysis) -> usize {
        let settings = self.settings(document);
        let sentences = analysis.sentences.iter().flat_map(|s| &s.findings);
        let all = sentences.chain(&analysis.findings);
        all.filter(|finding: &&Finding| settings.fails(finding))
            .count()
    }
}
