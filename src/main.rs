//! The command line. Everything else is the library.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
