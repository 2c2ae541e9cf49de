//! `rhetor.toml`: read key by key, so that each mistake is named with its line and the
//! nearest thing that is known.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, anyhow};
use clap::ValueEnum;
use globset::{GlobBuilder, GlobMatcher};
use rhetor::label::{suggestion, taxonomy};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::settings::{ANY, Setting};

/// A file that was read.
pub struct ConfigFile {
    /// Its path as people see it: from the working directory where it lies under it.
    pub shown: Rc<str>,
    folder: PathBuf,
    settings: Vec<(Setting, usize)>,
    paths: Vec<PathSettings>,
}

/// What holds for some documents only.
struct PathSettings {
    glob: GlobMatcher,
    /// A pattern without a stroke is of the file's name, in whichever folder.
    by_name: bool,
    settings: Vec<(Setting, usize)>,
}

/// A mistake and where.
type Fault = (String, Range<usize>);

type Value<'i> = Spanned<DeValue<'i>>;

/// A key of the file.
struct Key {
    name: &'static str,
    /// Whether `[[path]]` takes it too.
    by_path: bool,
    /// What it holds, for people.
    form: &'static str,
    read: fn(&Value<'_>) -> Result<Option<Setting>, Fault>,
}

/// Every key that holds one value; beside them there are `[threshold]` and `[[path]]`.
const KEYS: [Key; 9] = [
    Key {
        name: "select",
        by_path: true,
        form: "a list of labels or families, such as [\"framing\", \"hearsay\"]",
        read: |value| names(value, false).map(|names| names.map(Setting::Select)),
    },
    Key {
        name: "ignore",
        by_path: true,
        form: "a list of labels or families, such as [\"framing\", \"hearsay\"]",
        read: |value| names(value, false).map(|names| names.map(Setting::Ignore)),
    },
    Key {
        name: "voice",
        by_path: true,
        form: "\"author\", \"quoted\" or \"all\"",
        read: |value| Ok(named(value).map(Setting::Voice)),
    },
    Key {
        name: "min-precision",
        by_path: true,
        form: "a number from 0 to 1",
        read: |value| Ok(share(value).map(Setting::MinPrecision)),
    },
    Key {
        name: "roles",
        by_path: false,
        form: "\"on\" or \"off\"",
        read: |value| Ok(named(value).map(Setting::Roles)),
    },
    Key {
        name: "any-language",
        by_path: false,
        form: "true or false",
        read: |value| Ok(value.get_ref().as_bool().map(Setting::AnyLanguage)),
    },
    Key {
        name: "preview",
        by_path: false,
        form: "true or false",
        read: |value| Ok(value.get_ref().as_bool().map(Setting::Preview)),
    },
    Key {
        name: "fail-on",
        by_path: false,
        form: "a list of labels or families, or [\"any\"]",
        read: |value| names(value, true).map(|names| names.map(Setting::FailOn)),
    },
    Key {
        name: "baseline",
        by_path: false,
        form: "the path of a file, from the folder of this one",
        read: |value| {
            Ok(value
                .get_ref()
                .as_str()
                .map(|path| Setting::Baseline(path.into())))
        },
    },
];

const THRESHOLD: &str = "threshold";
const PATH: &str = "path";
const GLOB: &str = "glob";

impl ConfigFile {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, is no TOML, or holds a key or a value that cannot be meant.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let shown = shown(path);
        let text = fs::read_to_string(path)
            .with_context(|| format!("the configuration {shown} cannot be read"))?;
        let absolute = path
            .canonicalize()
            .with_context(|| format!("the configuration {shown} cannot be read"))?;
        let folder = absolute.parent().map_or_else(PathBuf::new, Path::to_owned);
        Self::parse(&text, shown.clone(), folder)
            .map_err(|(message, at)| anyhow!("{shown}:{}: {message}", line(&text, at.start)))
    }

    fn parse(text: &str, shown: Rc<str>, folder: PathBuf) -> Result<Self, Fault> {
        let table = DeTable::parse(text)
            .map_err(|error| (error.message().to_owned(), error.span().unwrap_or_default()))?;
        let mut file = Self {
            shown,
            folder,
            settings: Vec::new(),
            paths: Vec::new(),
        };
        let mut paths = Vec::new();
        for (key, value) in table.get_ref() {
            match key.get_ref().as_ref() {
                PATH => paths.push(value),
                _ => file.settings.extend(setting(text, key, value, false)?),
            }
        }
        for (setting, _) in &mut file.settings {
            if let Setting::Baseline(path) = setting {
                *path = file.folder.join(&path);
            }
        }
        for value in paths {
            file.paths = path_tables(text, value)?;
        }
        Ok(file)
    }

    /// The settings for a document with their lines, in layers: those of the whole file, then
    /// each `[[path]]` that is about it.
    pub fn layers(&self, path: Option<&Path>) -> Vec<&[(Setting, usize)]> {
        let about = |own: &&PathSettings| {
            path.is_some_and(|path| match path.strip_prefix(&self.folder) {
                Ok(_) if own.by_name => {
                    let name = path.file_name();
                    name.is_some_and(|name| own.glob.is_match(name))
                }
                Ok(path) => own.glob.is_match(path),
                Err(_) => false,
            })
        };
        let tables = self.paths.iter().filter(about);
        let tables = tables.map(|own| own.settings.as_slice());
        std::iter::once(self.settings.as_slice())
            .chain(tables)
            .collect()
    }
}

/// The settings of one key: several for `[threshold]`.
fn setting(
    text: &str,
    key: &Spanned<std::borrow::Cow<'_, str>>,
    value: &Value<'_>,
    by_path: bool,
) -> Result<Vec<(Setting, usize)>, Fault> {
    let name = key.get_ref().as_ref();
    let wrong = |value: &Value<'_>, name: &str, form: &str| {
        let found = match value.get_ref() {
            DeValue::Array(_) | DeValue::Table(_) => format!("this {}", value.get_ref().type_str()),
            _ => text[value.span()].to_owned(),
        };
        (format!("`{name}` is {form}, not {found}"), value.span())
    };
    if name == THRESHOLD {
        let form = "a table of probabilities by label, such as [threshold] with doubt = 0.4";
        let table = value.get_ref().as_table();
        let table = table.ok_or_else(|| wrong(value, name, form))?;
        return table
            .iter()
            .map(|(output, value)| {
                let output = output.get_ref().as_ref();
                let p = share(value).ok_or_else(|| wrong(value, output, "a number from 0 to 1"))?;
                let setting = Setting::Threshold(output.to_owned(), p);
                Ok((setting, line(text, value.span().start)))
            })
            .collect();
    }
    let found = KEYS.iter().find(|key| key.name == name);
    match found {
        Some(known) if known.by_path || !by_path => {
            let read = (known.read)(value)?.ok_or_else(|| wrong(value, name, known.form))?;
            Ok(vec![(read, line(text, key.span().start))])
        }
        Some(_) => Err((
            format!("`{name}` holds for all documents; set it above the first [[path]]"),
            key.span(),
        )),
        None => {
            let own = KEYS.iter().filter(|key| key.by_path || !by_path);
            let own = own.map(|key| key.name).chain([THRESHOLD]);
            let rest = if by_path { GLOB } else { PATH };
            let known: Vec<&str> = own.chain([rest]).collect();
            let near = suggestion(name, known.iter().copied());
            let known = known.join(", ");
            Err((
                format!("there is no setting `{name}`{near}; there are {known}"),
                key.span(),
            ))
        }
    }
}

/// The tables of `[[path]]`.
fn path_tables(text: &str, value: &Value<'_>) -> Result<Vec<PathSettings>, Fault> {
    let form = || {
        let form = "`path` is a list of tables: [[path]] with glob = \"wire/**\" and settings";
        (form.to_owned(), value.span())
    };
    let tables = value.get_ref().as_array().ok_or_else(form)?;
    tables
        .iter()
        .map(|table| {
            let own = table.get_ref().as_table().ok_or_else(form)?;
            let mut glob = None;
            let mut settings = Vec::new();
            for (key, value) in own {
                if key.get_ref() == GLOB {
                    let pattern = value.get_ref().as_str().ok_or_else(|| {
                        let form = "`glob` is a pattern of paths, such as \"wire/**\"";
                        (form.to_owned(), value.span())
                    })?;
                    glob = Some(matcher(pattern).map_err(|e| (e, value.span()))?);
                } else {
                    settings.extend(setting(text, key, value, true)?);
                }
            }
            let (glob, by_name) = glob.ok_or_else(|| {
                let missing = "this [[path]] has no `glob`, such as glob = \"wire/**\"";
                (missing.to_owned(), table.span())
            })?;
            Ok(PathSettings {
                glob,
                by_name,
                settings,
            })
        })
        .collect()
}

fn matcher(pattern: &str) -> Result<(GlobMatcher, bool), String> {
    let glob = GlobBuilder::new(pattern.trim_start_matches("./"))
        .literal_separator(true)
        .build()
        .map_err(|error| format!("`glob`: {error}"))?;
    Ok((glob.compile_matcher(), !pattern.contains('/')))
}

/// The labels and families of a list, or of one string; `None` when it is neither.
fn names(value: &Value<'_>, any: bool) -> Result<Option<Vec<String>>, Fault> {
    let one = std::slice::from_ref(value);
    let list: Vec<&Value<'_>> = match value.get_ref() {
        DeValue::String(_) => one.iter().collect(),
        DeValue::Array(values) => values.iter().collect(),
        _ => return Ok(None),
    };
    let mut names = Vec::new();
    for value in list {
        let Some(name) = value.get_ref().as_str() else {
            return Ok(None);
        };
        if !(any && name == ANY) {
            taxonomy()
                .check(name)
                .map_err(|unknown| (unknown.to_string(), value.span()))?;
        }
        names.push(name.to_owned());
    }
    Ok(Some(names))
}

/// One of the values of a flag.
fn named<T: ValueEnum>(value: &Value<'_>) -> Option<T> {
    T::from_str(value.get_ref().as_str()?, false).ok()
}

/// A number from 0 to 1.
fn share(value: &Value<'_>) -> Option<f32> {
    let number: f32 = match value.get_ref() {
        DeValue::Float(number) => number.as_str().parse().ok()?,
        DeValue::Integer(number) => number.as_str().parse().ok()?,
        _ => return None,
    };
    (0.0..=1.0).contains(&number).then_some(number)
}

/// The line of a byte, from 1.
fn line(text: &str, byte: usize) -> usize {
    memchr::memchr_iter(b'\n', &text.as_bytes()[..byte.min(text.len())]).count() + 1
}

/// A path as people see it.
fn shown(path: &Path) -> Rc<str> {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    let own = here
        .ok()
        .and_then(|here| path.strip_prefix(here).ok())
        .unwrap_or(path);
    own.display().to_string().into()
}
