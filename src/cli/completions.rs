//! `rhetor completions SHELL` and `rhetor man`: what shells and `man` know of the commands.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Command;
use clap_complete::Shell;

use super::Outcome;

/// Print the completions of a shell.
#[derive(clap::Args)]
pub struct Args {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Print the man page, or write those of all commands into a folder.
#[derive(clap::Args)]
pub struct Man {
    /// Write rhetor.1 and a page for each command into this folder.
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub fn run(args: &Args, mut command: Command) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "rhetor", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(Outcome::Done)
}

pub fn man(args: &Man, command: Command) -> anyhow::Result<Outcome> {
    if let Some(folder) = &args.output {
        fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(command, folder))
            .with_context(|| format!("--output {} cannot be written", folder.display()))?;
    } else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        io::stdout().lock().write_all(&page)?;
    }
    Ok(Outcome::Done)
}
