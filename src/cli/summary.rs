//! `rhetor summary`: the rates of a run, by group.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use rhetor::summary::{Voice, compare, rates, read, table};

use super::{Outcome, output};

/// Sum a run up: rates of each label by group, with intervals, and how two groups differ.
#[derive(clap::Args)]
pub struct Args {
    /// The folder of a complete run.
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// The metadata field to group by, or `language` or `file`.
    #[arg(long, value_name = "FIELD")]
    by: String,
    /// Compare two groups: the difference of their rates, an effect size and a corrected p.
    /// CSV then holds the comparison in place of the rates.
    #[arg(long, value_names = ["FIRST", "SECOND"], num_args = 2)]
    compare: Option<Vec<String>>,
    /// In whose voice a finding counts.
    #[arg(long, value_enum, default_value_t = Whose::Author)]
    voice: Whose,
    /// How to print.
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Whose {
    /// The author's only.
    Author,
    /// Anybody's, quoted and reported too.
    Any,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Terminal,
    /// A row for each label and group, or each label of a comparison.
    Csv,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let voice = match args.voice {
        Whose::Author => Voice::Author,
        Whose::Any => Voice::Any,
    };
    let groups = read(&args.run, &args.by, voice)?;
    let comparison = match args.compare.as_deref() {
        Some([first, second]) => Some(compare(&groups, first, second)?),
        _ => None,
    };
    let mut out = output::open(args.output.as_deref(), &[])?;
    match (args.format, &comparison) {
        (Format::Terminal, _) => {
            table::write(&mut out, &groups, &rates(&groups), comparison.as_ref())?;
        }
        (Format::Csv, Some(comparison)) => {
            table::csv_of_comparison(&mut out, comparison).map_err(io::Error::other)?;
        }
        (Format::Csv, None) => table::csv(&mut out, &rates(&groups)).map_err(io::Error::other)?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}
