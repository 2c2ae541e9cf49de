//! `rhetor schema`: what the outputs look like, for programs and for people.

use std::io::{self, Write};

use rhetor::batch::{Shape, Table, Tables};
use rhetor::label::Selection;
use rhetor::report::{CAVEAT, label_studio};

use super::Outcome;
use super::engine::EngineArgs;

/// Print the JSON Schema of `--format json`, or the columns of the tables of `rhetor score`.
#[derive(clap::Args)]
pub struct Args {
    /// The columns of the tables of `rhetor score`, in every format: names, types, units and
    /// what they say, as Markdown.
    #[arg(long)]
    parquet: bool,
    /// The labelling configuration of a Label Studio project for `--format label-studio`, as
    /// XML.
    #[arg(long, conflicts_with = "parquet")]
    label_studio: bool,
    #[command(flatten)]
    engine: EngineArgs,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut out = io::stdout().lock();
    if args.parquet {
        let model = args.engine.load(true)?;
        let shape = Shape::new(&model, &Selection::default(), Vec::new(), true);
        tables(&mut out, &Tables::new(&shape))?;
    } else if args.label_studio {
        out.write_all(label_studio::configuration().as_bytes())?;
    } else {
        let schema = serde_json::to_string_pretty(&rhetor::report::wire::schema())?;
        writeln!(out, "{schema}")?;
    }
    Ok(Outcome::Done)
}

fn tables(out: &mut impl Write, tables: &Tables) -> io::Result<()> {
    writeln!(
        out,
        "Which columns there are follows from the model, --select, --ignore, --meta-field and \
         --without-text (`meta_outlet` in documents is the field of `--meta-field outlet`); \
         `manifest.json` of a run lists its own. A cell that may be empty is null \
         in Parquet and JSON, and has no characters in CSV, where lists and structs are JSON.\n\n\
         {CAVEAT}"
    )?;
    for table in Table::ALL {
        writeln!(
            out,
            "\n## {}\n\nA row is {}.\n",
            table.as_str(),
            table.row()
        )?;
        writeln!(
            out,
            "| column | type | unit | empty | what it says |\n|---|---|---|---|---|"
        )?;
        for column in tables.columns(table) {
            writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                column.name,
                column.kind.name(),
                column.unit,
                if column.nullable { "may be" } else { "never" },
                column.about
            )?;
        }
    }
    Ok(())
}
