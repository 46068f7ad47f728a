//! One file per command, and the exit status they share.

mod bench;
mod collocates;
mod compare;
mod completions;
mod count;
mod delete;
mod demo;
mod eval;
mod export;
mod first_use;
mod follow_up;
mod formulas;
mod index;
mod inspect;
mod keyness;
mod kwic;
mod mcp;
mod optimize;
mod related;
mod search;
mod serve;
mod show;
mod stats;
mod trend;
mod verify;
mod wording;

use std::process::ExitCode;

use crate::args::Command;
use crate::settings::Settings;

/// How a run ended; part of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// Everything was done.
    Done,
    /// Not everything was done: some inputs failed, each named on stderr, or a build was stopped.
    Partly,
    /// Nothing was done because of an error.
    Nothing,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        match status {
            ExitStatus::Done => ExitCode::from(0),
            ExitStatus::Partly => ExitCode::from(1),
            ExitStatus::Nothing => ExitCode::from(2),
        }
    }
}

/// What a command comes to.
pub(crate) type Outcome = anyhow::Result<ExitStatus>;

/// Runs a command.
pub(crate) fn run(command: Command, settings: &Settings) -> Outcome {
    match command {
        Command::Index(args) => index::run(&args, settings),
        Command::Search(args) => search::run(&args, settings),
        Command::Similar(args) => wording::run(&args, settings),
        Command::Related(args) => related::run(&args, settings),
        Command::Count(args) => count::run(&args, settings),
        Command::Trend(args) => trend::run(&args, settings),
        Command::Kwic(args) => kwic::run(&args, settings),
        Command::Collocates(args) => collocates::run(&args, settings),
        Command::Keyness(args) => keyness::run(&args, settings),
        Command::Formulas(args) => formulas::run(&args, settings),
        Command::FirstUse(args) => first_use::run(&args, settings),
        Command::Compare(args) => compare::run(&args, settings),
        Command::FollowUp(args) => follow_up::run(&args, settings),
        Command::Show(args) => show::run(&args, settings),
        Command::Export(args) => export::run(&args, settings),
        Command::Eval(args) => eval::run(&args, settings),
        Command::Bench(args) => bench::run(&args, settings),
        Command::Inspect(stage) => inspect::run(&stage, settings),
        Command::Stats(args) => stats::run(&args, settings),
        Command::Delete(args) => delete::run(&args, settings),
        Command::Verify(args) => verify::run(&args, settings),
        Command::Optimize(args) => optimize::run(&args, settings),
        Command::Serve(args) => serve::run(&args, settings),
        Command::Mcp => mcp::run(settings),
        Command::Demo(args) => demo::run(&args, settings),
        Command::Completions(args) => completions::run(&args, settings),
    }
}
