//! `rhetor summary`: the rates of a run, by group.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use rhetor::summary::{
    Comparison, Groups, Members, Page, Question, Record, Run, Voice, compare, over_time, rates,
    table,
};

use super::{Outcome, output};

/// An index with more groups is one of all documents together.
const MOST_GROUPS: usize = 40;
/// Records that an index lists.
const MOST_RECORDS: usize = 200;

/// Sum a run up: rates of each label by group, with intervals, and how two groups differ.
#[derive(clap::Args)]
pub struct Args {
    /// The folder of a complete run.
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// The metadata field to group by, or `language` or `file`; without it, all documents are
    /// one group.
    #[arg(long, value_name = "FIELD")]
    by: Option<String>,
    /// The metadata field with the date of a document (2031, 2031-05 or 2031-05-17), for the
    /// rates over time of the page; the default is `date` where the run carries it.
    #[arg(long, value_name = "FIELD")]
    date: Option<String>,
    /// Compare two groups: the difference of their rates, an effect size and a corrected p.
    /// CSV then holds the comparison in place of the rates.
    #[arg(long, value_names = ["FIRST", "SECOND"], num_args = 2, requires = "by")]
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
    /// A page with plots, and which labels stand together.
    Html,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let voice = match args.voice {
        Whose::Author => Voice::Author,
        Whose::Any => Voice::Any,
    };
    let run = Run::open(&args.run)?;
    let date = args.date.clone().or_else(|| default_date(&run));
    let groups = run.groups(&Question {
        by: args.by.clone(),
        date,
        voice,
    })?;
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
        (Format::Html, _) => page(&mut out, &run, &groups, comparison.as_ref(), &[])?,
        (Format::Csv, None) => table::csv(&mut out, &rates(&groups)).map_err(io::Error::other)?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// The field with the dates, where the run carries one of the usual name.
fn default_date(run: &Run) -> Option<String> {
    run.fields()
        .find(|field| *field == "date")
        .map(str::to_owned)
}

/// Writes `index.html` into a run folder: its rates by its first metadata field that is not
/// the date, over time, and its first records.
pub fn index(folder: &Path) -> anyhow::Result<()> {
    let run = Run::open(folder)?;
    let date = default_date(&run);
    let by = run.fields().find(|field| Some(*field) != date.as_deref());
    let mut question = Question {
        by: by.map(str::to_owned),
        date,
        voice: Voice::Author,
    };
    let mut groups = run.groups(&question)?;
    if groups.groups.len() > MOST_GROUPS {
        question.by = None;
        groups = run.groups(&question)?;
    }
    let mut out = output::open(Some(&folder.join("index.html")), &[])?;
    page(&mut out, &run, &groups, None, &run.records(MOST_RECORDS)?)?;
    Ok(out.flush()?)
}

/// Writes the page of a run.
fn page(
    out: &mut impl Write,
    run: &Run,
    groups: &Groups,
    comparison: Option<&Comparison>,
    records: &[Record],
) -> anyhow::Result<()> {
    let scored = groups.groups.values().map(Members::scored_sentences).sum();
    let over_time = over_time(groups);
    let page = Page {
        manifest: run.manifest(),
        groups,
        rates: &rates(groups),
        comparison,
        together: &run.together(&groups.labels, scored, groups.voice)?,
        over_time: over_time.as_ref(),
        records,
    };
    Ok(page.write(out)?)
}
