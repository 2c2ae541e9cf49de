//! What was measured of each label, from the files that a model folder keeps: `scores.json`
//! for the outputs of the encoder, `sourcing.json` for the rules.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::scores::{Scores, ScoresError, SentenceScores};
use super::sourcing::scores::{ArticleScores, LabelScores};
use crate::label::{Family, Label};

/// The evaluation of `scores.json` that is told: the part of the corpora that nothing was
/// chosen on.
const REPORT: &str = "report";

/// Figures that cannot be read.
#[derive(Debug, Error)]
pub enum MeasuredError {
    /// A file cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is no file of scores.
    #[error("{} is of no use", path.display())]
    NotScores {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ScoresError,
    },
}

/// What was measured of a model; nothing where a file is missing.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    scores: Option<Scores>,
    sourcing: Option<ArticleScores>,
}

/// What was measured of one label.
#[derive(Debug, Clone, Copy)]
pub enum Figures<'a> {
    /// An output of the encoder, by sentence.
    Output(&'a SentenceScores),
    /// A rule, on so many articles.
    Rule(&'a LabelScores, &'a ArticleScores),
}

impl Measured {
    /// Of the model in the binary; nothing where there is none.
    ///
    /// # Errors
    /// When its files are damaged; a test reads them.
    pub fn embedded() -> Result<Self, MeasuredError> {
        #[cfg(feature = "embedded-model")]
        {
            Self::of(
                Path::new("rhetor-minilm-v5"),
                Some(include_str!("../../models/rhetor-minilm-v5/scores.json").to_owned()),
                Some(include_str!("../../models/rhetor-minilm-v5/sourcing.json").to_owned()),
            )
        }
        #[cfg(not(feature = "embedded-model"))]
        Ok(Self::default())
    }

    /// Of a model folder.
    ///
    /// # Errors
    /// When a file that is there cannot be read or is no file of scores.
    pub fn of_folder(folder: &Path) -> Result<Self, MeasuredError> {
        let read = |file: &str| match std::fs::read_to_string(folder.join(file)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(MeasuredError::Unreadable {
                path: folder.join(file),
                source,
            }),
        };
        Self::of(folder, read("scores.json")?, read("sourcing.json")?)
    }

    fn of(
        folder: &Path,
        scores: Option<String>,
        sourcing: Option<String>,
    ) -> Result<Self, MeasuredError> {
        let wrong = |file: &str| {
            let path = folder.join(file);
            move |source| MeasuredError::NotScores { path, source }
        };
        let scores = scores.map(|json| Scores::parse(&json)).transpose();
        let sourcing = sourcing.map(|json| ArticleScores::parse(&json)).transpose();
        Ok(Self {
            scores: scores.map_err(wrong("scores.json"))?,
            sourcing: sourcing.map_err(wrong("sourcing.json"))?,
        })
    }

    /// The name of the model; `None` when nothing was measured.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        let scores = self.scores.as_ref().map(|scores| scores.model.as_str());
        scores.or(self.sourcing.as_ref().map(|own| own.model.as_str()))
    }

    /// What was measured of a label; `None` when nothing was.
    #[must_use]
    pub fn label(&self, label: &Label) -> Option<Figures<'_>> {
        if label.family == Family::Sourcing {
            let all = self.sourcing.as_ref()?;
            let own = all.labels.get(&label.id);
            let own = own.or_else(|| all.document_labels.get(&label.id))?;
            return Some(Figures::Rule(own, all));
        }
        let evaluation = self.scores.as_ref()?.evaluations.get(REPORT)?;
        evaluation.sentence(&label.id).map(Figures::Output)
    }
}
