//! `rhetor pipe`: documents in and reports out as JSON lines, for engines.

use std::io::{self, BufReader, BufWriter};
use std::sync::Arc;

use rhetor::ingest::InputFormat;
use rhetor::{pipe, records};

use super::Outcome;
use super::input::FieldArgs;
use super::scoring::{ScoringArgs, TextFormat};

/// Answer JSON lines with reports: one line for one line, in order.
///
/// Reads documents from standard input, one JSON object a line, and writes to standard output
/// for each line one line in the order of the input: its report, as `rhetor schema` describes
/// it, or an `error` that says why there is none, for an empty line too. What is answered is
/// written out whenever the next answer has to be waited for.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    fields: FieldArgs,
    /// How texts are written; the default goes by the content.
    #[arg(long, value_enum)]
    text_format: Option<TextFormat>,
    /// Refuse lines over this size.
    #[arg(long, value_name = "BYTES", default_value_t = records::MAX_BYTES)]
    max_bytes: u64,
    #[command(flatten)]
    scoring: ScoringArgs,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let options = pipe::Options {
        records: records::Options {
            fields: args.fields.fields(&[]),
            text_format: args.text_format.map(InputFormat::from),
            max_bytes: args.max_bytes,
            ..records::Options::default()
        },
        without_roles: !args.scoring.rules.roles(),
        analysis: args.scoring.options()?,
    };
    let model = Arc::new(args.scoring.model()?);
    let input = BufReader::with_capacity(1 << 16, io::stdin());
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    pipe::run(input, &mut out, &model, &Arc::new(options))?;
    Ok(Outcome::Done)
}
