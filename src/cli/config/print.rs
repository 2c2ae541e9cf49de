//! `rhetor config`: what is in force, as the TOML that would set it.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::super::Outcome;
use super::super::analyze::STDIN;
use super::super::scoring::RuleArgs;
use super::{Configs, ControlArgs, NAME, Settings, Valued};

/// Print the settings in force for a document, and where each comes from.
///
/// The answer is TOML that a rhetor.toml could hold. Flags win over the file, [[path]] tables
/// over what stands above them, and the nearest rhetor.toml is the only one that is read.
#[derive(clap::Args)]
pub struct Args {
    /// A document or a folder; the default is the working directory, and `-` standard input.
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    control: ControlArgs,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut configs = Configs::new(&args.rules, &args.control)?;
    let path = (args.path != Path::new(STDIN)).then_some(args.path.as_path());
    let settings = configs.of(path)?;
    // Says at once what the names come to.
    settings.options()?;
    let text = text(&args.path, &settings);
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Outcome::Done)
}

fn text(path: &Path, settings: &Settings) -> String {
    let mut text = String::new();
    let from = match &settings.file {
        Some(file) => format!("from {file}"),
        None => format!("no {NAME}"),
    };
    let _ = writeln!(text, "# In force for {}: {from}.", path.display());
    let mut line = |name: &str, value: Option<toml::Value>, origin: &dyn std::fmt::Display| {
        let _ = match value {
            Some(value) => writeln!(text, "{name} = {value} # {origin}"),
            None => writeln!(text, "# {name} is not set # {origin}"),
        };
    };
    let list = |names: &Valued<Vec<String>>| Some(toml::Value::from(names.value.clone()));
    let select = &settings.select;
    // An empty list means every label.
    line(
        "select",
        list(select).filter(|_| !select.value.is_empty()),
        &select.origin,
    );
    line("ignore", list(&settings.ignore), &settings.ignore.origin);
    line(
        "voice",
        Some(name(&settings.voice.value)),
        &settings.voice.origin,
    );
    let p = settings.min_precision.value.map(number);
    line("min-precision", p, &settings.min_precision.origin);
    line(
        "roles",
        Some(name(&settings.roles.value)),
        &settings.roles.origin,
    );
    let any = settings.any_language.value.into();
    line("any-language", Some(any), &settings.any_language.origin);
    let preview = settings.preview.value.into();
    line("preview", Some(preview), &settings.preview.origin);
    line("fail-on", list(&settings.fail_on), &settings.fail_on.origin);
    let file = settings.baseline.value.as_ref();
    let file = file.map(|path| path.display().to_string().into());
    line("baseline", file, &settings.baseline.origin);
    if settings.threshold.is_empty() {
        line("threshold", None, &"the model's own");
        return text;
    }
    text.push_str("\n[threshold] # the others are the model's own\n");
    for (output, Valued { value, origin }) in &settings.threshold {
        let _ = writeln!(text, "{} = {} # {origin}", key(output), number(*value));
    }
    text
}

/// A value of a flag by its name.
fn name<T: ValueEnum>(value: &T) -> toml::Value {
    let name = value.to_possible_value();
    name.map_or_else(String::new, |name| name.get_name().to_owned())
        .into()
}

/// The shortest number that reads as this one.
fn number(value: f32) -> toml::Value {
    let shortest = value.to_string().parse();
    toml::Value::Float(shortest.unwrap_or_else(|_| value.into()))
}

/// A key, in quotation marks where it has to be.
fn key(name: &str) -> String {
    if name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    {
        name.to_owned()
    } else {
        toml::Value::from(name).to_string()
    }
}
