//! The `zhengsou` command.
//!
//! What was typed ([`args`]) becomes what is meant ([`settings`]), then one of [`commands`].
//! stdout carries data only; messages and progress go to stderr ([`output`]). A command ends with
//! an exit status or with an error, which [`failure`] puts into words.

mod args;
mod commands;
mod details;
mod failure;
mod interrupt;
mod language;
mod output;
mod progress;
mod settings;
mod steps;
mod usage;

use std::process::ExitCode;

use clap::FromArgMatches;

use crate::args::Args;
use crate::commands::ExitStatus;
use crate::settings::Settings;

fn main() -> ExitCode {
    run().into()
}

fn run() -> ExitStatus {
    let language = language::choose(std::env::args_os(), |name| std::env::var(name).ok());
    let matches = match language::command(language).try_get_matches() {
        Ok(matches) => matches,
        Err(error) if !error.use_stderr() => {
            // Help and version; a reader that went away needs no message.
            let _ = error.print();
            return ExitStatus::Done;
        }
        Err(error) => return usage::report(&error, language),
    };
    let args = match Args::from_arg_matches(&matches) {
        Ok(args) => args,
        Err(error) => return usage::report(&error, language),
    };
    let settings = Settings::new(&args.global, language);
    failure::guard(&settings, || commands::run(args.command, &settings))
        .unwrap_or_else(|error| failure::report(&error, &settings))
}
