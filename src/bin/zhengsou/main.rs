//! The `zhengsou` command.
//!
//! What was typed ([`args`]) becomes what is meant ([`settings`]), then one of [`commands`].
//! stdout carries data only; messages and progress go to stderr ([`output`]).

mod args;
mod commands;
mod language;
mod output;
mod progress;
mod settings;
mod usage;

use std::process::ExitCode;

use clap::FromArgMatches;
use zhengsou::present::{Look, fault};

use crate::args::Args;
use crate::commands::ExitStatus;
use crate::output::Stop;
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
    match commands::run(args.command, &settings) {
        Ok(status) => status,
        Err(Stop::ClosedPipe) => ExitStatus::Done,
        Err(Stop::Fault(error)) => {
            let look = Look {
                color: settings.color_messages,
                ..settings.look()
            };
            output::message(fault::lines(&error, &look).trim_end());
            if settings.verbose {
                output::message(fault::causes(&error, language).trim_end());
            }
            ExitStatus::Nothing
        }
    }
}
