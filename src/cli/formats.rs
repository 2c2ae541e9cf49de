//! `--format FORMAT[=PATH]`: which formats a run writes, and where. Everything is opened
//! before the work.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::builder::{PossibleValue, TypedValueParser};
use rhetor::report::{FORMATS, Format, Out, Printer, Settings, Start};

use super::output;
use super::pager::Pager;

/// A format, and where it goes.
#[derive(Clone)]
pub struct Wanted {
    format: &'static Format,
    /// Standard output where there is none.
    path: Option<PathBuf>,
}

/// A format, where it goes, and the flag that says so.
pub struct Target {
    format: &'static Format,
    path: Option<PathBuf>,
    flag: String,
}

/// Reads `FORMAT[=PATH]`, and knows the formats.
#[derive(Clone)]
pub struct WantedParser;

impl TypedValueParser for WantedParser {
    type Value = Wanted;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Wanted, clap::Error> {
        wanted.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let named = |format: &Format| PossibleValue::new(format.name).help(format.about);
        Some(Box::new(FORMATS.iter().map(named)))
    }
}

fn wanted(text: &str) -> Result<Wanted, String> {
    let (name, path) = match text.split_once('=') {
        Some((_, "")) => return Err("the path after `=` is empty".to_owned()),
        Some((name, path)) => (name, Some(PathBuf::from(path))),
        None => (text, None),
    };
    let format = Format::find(name).map_err(|error| error.to_string())?;
    Ok(Wanted { format, path })
}

/// Every format with its path, `--output` being that of the one that names none.
///
/// # Errors
/// When two would be written to one place, one over an input, or a folder to standard
/// output.
pub fn resolve(
    wanted: &[Wanted],
    output: Option<&Path>,
    inputs: &[PathBuf],
) -> anyhow::Result<Vec<Target>> {
    let pathless: Vec<&str> = wanted
        .iter()
        .filter(|wanted| wanted.path.is_none())
        .map(|wanted| wanted.format.name)
        .collect();
    match (pathless.as_slice(), output) {
        ([one, other, ..], _) => bail!(
            "--format {one} and --format {other} would be written to the same place; name a path: \
             --format {other}=PATH"
        ),
        ([], Some(output)) => bail!(
            "--output {} is for a format that names no path, and each does; leave it out",
            output.display()
        ),
        _ => {}
    }
    let page = |wanted: &&Wanted| matches!(wanted.format.start, Start::Page(_));
    if let Some(Wanted { format, .. }) = wanted.iter().find(page)
        && inputs.len() > 1
    {
        bail!(
            "--format {} shows one document; {} paths were given: run rhetor once for each",
            format.name,
            inputs.len()
        );
    }
    let mut targets: Vec<Target> = Vec::new();
    for Wanted { format, path } in wanted {
        let (path, flag) = match (path, output) {
            (Some(path), _) => (
                Some(path.as_path()),
                format!("--format {}={}", format.name, path.display()),
            ),
            (None, Some(path)) => (Some(path), format!("--output {}", path.display())),
            (None, None) => (None, format!("--format {}", format.name)),
        };
        if let Some(path) = path {
            output::refuse_input(&flag, path, inputs)?;
            let same = |other: &&Target| {
                let other = other.path.as_deref();
                other.is_some_and(|other| place(other) == place(path))
            };
            if let Some(before) = targets.iter().find(same) {
                bail!(
                    "{} and {flag} name the same path; give each its own",
                    before.flag
                );
            }
        } else if matches!(format.start, Start::Folder(_)) {
            bail!("{flag} writes a folder; name it: {flag}=FOLDER");
        }
        targets.push(Target {
            format,
            path: path.map(Path::to_owned),
            flag,
        });
    }
    Ok(targets)
}

/// A path that is the same for the same file, which need not be there yet.
fn place(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let parent = absolute
        .parent()
        .and_then(|parent| parent.canonicalize().ok());
    absolute
        .canonicalize()
        .unwrap_or_else(|_| match (parent, absolute.file_name()) {
            (Some(parent), Some(name)) => parent.join(name),
            _ => absolute,
        })
}

/// Opens every output. In files there are colours only when `colour_files`, and no links;
/// what is for people at a terminal may go through a `pager`.
///
/// # Errors
/// When one cannot be written.
pub fn open(
    targets: &[Target],
    settings: Settings,
    colour_files: bool,
    pager: bool,
) -> anyhow::Result<Vec<Box<dyn Printer>>> {
    targets
        .iter()
        .map(|target| {
            let cannot = || format!("{} cannot be written", target.flag);
            let settings = Settings {
                colour: match target.path {
                    Some(_) => colour_files,
                    None => settings.colour,
                },
                links: settings.links && target.path.is_none(),
                ..settings
            };
            match (target.format.start, &target.path) {
                (Start::File(start) | Start::Page(start), None) => {
                    let pager = pager && target.format.name == "terminal";
                    Ok(match Pager::new().filter(|_| pager) {
                        Some(pager) => start(buffered(pager), settings),
                        None => start(buffered(io::stdout().lock()), settings),
                    })
                }
                (Start::File(start) | Start::Page(start), Some(path)) => {
                    let file = File::create(path).with_context(cannot)?;
                    Ok(start(buffered(file), settings))
                }
                (Start::Folder(start), Some(path)) => {
                    empty_folder(path).with_context(cannot)?;
                    start(path, settings).with_context(cannot)
                }
                (Start::Folder(_), None) => {
                    bail!("{} writes a folder, and names none", target.flag)
                }
            }
        })
        .collect()
}

fn buffered(out: impl io::Write + 'static) -> Out {
    Box::new(BufWriter::new(out))
}

/// Makes the folder. One with files in it may hold what somebody annotated by hand.
fn empty_folder(path: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(path)?;
    if fs::read_dir(path)?.next().is_some() {
        bail!("the folder holds files already; name a new or an empty one");
    }
    Ok(())
}
