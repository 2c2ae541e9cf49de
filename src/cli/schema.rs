//! `rhetor schema`: the JSON Schema of the wire format.

use std::io::{self, Write};

use super::Outcome;

/// Print the JSON Schema of `--format json`.
#[derive(clap::Args)]
pub struct Args {}

pub fn run(_: &Args) -> anyhow::Result<Outcome> {
    let schema = serde_json::to_string_pretty(&rhetor::report::wire::schema())?;
    writeln!(io::stdout().lock(), "{schema}")?;
    Ok(Outcome::Done)
}
