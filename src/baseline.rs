//! A baseline: findings that are known, so that only new ones count.
//!
//! A finding is known by its label and the words of its sentence, in the document of its path;
//! never by a line or an offset, so moving a paragraph makes nothing new, and changing a
//! sentence does. How often it is known counts: the same sentence a second time is new. The
//! file is JSON with one finding a line, sorted, so that a change of it can be read.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::analyze::Analysis;
use crate::finding::{Finding, Status};
use crate::model::Model;

/// The version of the file's layout.
const FORMAT: u32 = 1;

/// A baseline that cannot be used.
#[derive(Debug, Error)]
pub enum BaselineError {
    /// The file cannot be read.
    #[error("the baseline {} cannot be read; `rhetor baseline write` makes one", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is no file of this kind.
    #[error(
        "the baseline {}: {reason}; write it again with `rhetor baseline write`",
        path.display()
    )]
    NotBaseline {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// What a finding is known by: path, label, words.
type Key = (String, String, String);

/// Findings that are known.
#[derive(Debug, Clone)]
pub struct Baseline {
    /// The name of the model that found them.
    pub model: String,
    /// Of its weights, in hexadecimal.
    pub model_sha256: String,
    /// The folder that paths are relative to.
    folder: PathBuf,
    /// How often each is known.
    known: BTreeMap<Key, usize>,
}

/// The file, but for its layout on lines.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    model: String,
    model_sha256: String,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    label: String,
    words: String,
    count: usize,
}

impl Baseline {
    /// Of a model, with nothing known yet. `file` is where it will be written; paths are
    /// relative to its folder.
    #[must_use]
    pub fn new(file: &Path, model: &Model) -> Self {
        Self {
            model: model.name.clone(),
            model_sha256: model.sha256.clone(),
            folder: folder_of(file),
            known: BTreeMap::new(),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read or is no baseline of this format.
    pub fn read(file: &Path) -> Result<Self, BaselineError> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let wrong = |reason: String| BaselineError::NotBaseline {
            path: file.to_owned(),
            reason,
        };
        let json = fs::read_to_string(file).map_err(|source| BaselineError::Unreadable {
            path: file.to_owned(),
            source,
        })?;
        let head: Head = serde_json::from_str(&json).map_err(|e| wrong(e.to_string()))?;
        if head.format != FORMAT {
            return Err(wrong(format!(
                "its format is {}, this version reads {FORMAT}",
                head.format
            )));
        }
        let read: File = serde_json::from_str(&json).map_err(|e| wrong(e.to_string()))?;
        let mut known = BTreeMap::new();
        for entry in read.findings {
            *known
                .entry((entry.path, entry.label, entry.words))
                .or_insert(0) += entry.count;
        }
        Ok(Self {
            model: read.model,
            model_sha256: read.model_sha256,
            folder: folder_of(file),
            known,
        })
    }

    /// Adds the reported findings of a document. `path` is where it lies; `None` is a document
    /// from a pipe.
    pub fn add(&mut self, path: Option<&Path>, analysis: &Analysis) {
        let path = self.relative(path);
        for (words, finding) in reported(analysis) {
            let key = (path.clone(), finding.label.id.clone(), words);
            *self.known.entry(key).or_insert(0) += 1;
        }
    }

    /// How many findings are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.values().sum()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Gives the reported findings of a document that are known the status
    /// [`Status::Baseline`]. Of findings that are alike the first ones are the known ones.
    pub fn mark(&self, path: Option<&Path>, analysis: &mut Analysis) {
        let path = self.relative(path);
        let mut left: BTreeMap<(String, String), usize> = BTreeMap::new();
        let first = (path.clone(), String::new(), String::new());
        let of_document = self.known.range(first..);
        let of_document = of_document.take_while(|((own, ..), _)| *own == path);
        for ((_, label, words), count) in of_document {
            left.insert((label.clone(), words.clone()), *count);
        }
        let mut mark = |words: String, finding: &mut Finding| {
            if finding.status == Status::Reported
                && let Some(count) = left.get_mut(&(finding.label.id.clone(), words))
                && *count > 0
            {
                *count -= 1;
                finding.status = Status::Baseline;
            }
        };
        for finding in &mut analysis.findings {
            mark(String::new(), finding);
        }
        for sentence in &mut analysis.sentences {
            let words = words(sentence.sentence.span.of(&analysis.document.text));
            for finding in &mut sentence.findings {
                mark(words.clone(), finding);
            }
        }
    }

    /// The file's contents: one finding a line, sorted by path, label and words.
    ///
    /// # Errors
    /// Never in practice: every value has a JSON form.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let head = serde_json::json!({
            "format": FORMAT, "model": self.model, "model_sha256": self.model_sha256,
        });
        let head = serde_json::to_string_pretty(&head)?;
        let mut lines = Vec::with_capacity(self.known.len());
        for ((path, label, words), &count) in &self.known {
            let entry = Entry {
                path: path.clone(),
                label: label.clone(),
                words: words.clone(),
                count,
            };
            lines.push(format!("    {}", serde_json::to_string(&entry)?));
        }
        let lines = match lines.as_slice() {
            [] => "[]".to_owned(),
            lines => format!("[\n{}\n  ]", lines.join(",\n")),
        };
        Ok(format!(
            "{},\n  \"findings\": {lines}\n}}\n",
            head.trim_end_matches(['\n', '}'])
        ))
    }

    /// A path as it stands in the file: from its folder, with strokes.
    fn relative(&self, path: Option<&Path>) -> String {
        let Some(path) = path else {
            return "-".to_owned();
        };
        let path = absolute(path);
        let own: Vec<Component<'_>> = path.components().collect();
        let base: Vec<Component<'_>> = self.folder.components().collect();
        let shared = own.iter().zip(&base).take_while(|(a, b)| a == b).count();
        let up = base[shared..].iter().map(|_| "..".to_owned());
        let down = own[shared..]
            .iter()
            .map(|part| part.as_os_str().to_string_lossy().into_owned());
        up.chain(down).collect::<Vec<_>>().join("/")
    }
}

/// Every reported finding with the words that it is known by; those of the document have none.
fn reported(analysis: &Analysis) -> impl Iterator<Item = (String, &Finding)> {
    let text = &analysis.document.text;
    let sentences = analysis.sentences.iter().flat_map(move |s| {
        let own = s.findings.iter();
        own.map(move |f| (words(s.sentence.span.of(text)), f))
    });
    let document = analysis.findings.iter().map(|f| (String::new(), f));
    document
        .chain(sentences)
        .filter(|(_, f)| f.status == Status::Reported)
}

/// The words of a sentence: in lower case, without marks, one space between two.
fn words(sentence: &str) -> String {
    let words = sentence.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

fn folder_of(file: &Path) -> PathBuf {
    let file = absolute(file);
    file.parent().map_or_else(PathBuf::new, Path::to_owned)
}

/// The real path, also of a file that does not exist yet.
fn absolute(path: &Path) -> PathBuf {
    let lexical = || std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.canonicalize().unwrap_or_else(|_| {
        let path = lexical();
        match (path.parent().map(Path::canonicalize), path.file_name()) {
            (Some(Ok(folder)), Some(name)) => folder.join(name),
            _ => path,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_leave_marks_and_case_out() {
        assert_eq!(
            words("“The port,” she said — again."),
            "the port she said again"
        );
        assert_eq!(words("4,000 «Ärzte»!"), "4 000 ärzte");
        assert_eq!(words("…"), "");
    }

    #[test]
    fn paths_are_those_from_the_folder_of_the_file() {
        let folder = std::env::temp_dir().canonicalize().unwrap();
        let baseline = Baseline {
            model: String::new(),
            model_sha256: String::new(),
            folder: folder.join("a/b"),
            known: BTreeMap::new(),
        };
        for (path, shown) in [
            ("a/b/c.md", "c.md"),
            ("a/b/d/c.md", "d/c.md"),
            ("a/c.md", "../c.md"),
            ("x/c.md", "../../x/c.md"),
        ] {
            assert_eq!(baseline.relative(Some(&folder.join(path))), shown);
        }
        assert_eq!(baseline.relative(None), "-");
    }
}
