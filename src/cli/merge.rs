//! `rhetor merge`: the run folders of all shards into one.

use std::io::{self, Write};
use std::path::PathBuf;

use rhetor::batch;
use serde_json::json;

use super::Outcome;
use super::progress::Progress;

/// Join the run folders of all shards of a corpus into one.
///
/// They must be complete and of the same input, model and settings. The result is the run
/// folder of a run without --shard, its tables to the byte.
#[derive(clap::Args)]
pub struct Args {
    /// The run folders, in any order.
    #[arg(value_name = "RUN", required = true)]
    shards: Vec<PathBuf>,
    /// The new run folder.
    #[arg(long, value_name = "RUN")]
    output: PathBuf,
    /// Show no progress.
    #[arg(long, short)]
    quiet: bool,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let progress = Progress::new(None, args.quiet);
    let totals = batch::merge(&args.shards, &args.output, |tally| progress.show(tally));
    drop(progress);
    let summary = json!({ "run": args.output.display().to_string(), "totals": totals? });
    writeln!(io::stdout().lock(), "{summary}")?;
    Ok(Outcome::Done)
}
