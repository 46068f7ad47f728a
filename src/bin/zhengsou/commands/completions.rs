//! `completions`: a shell completion script on stdout.

use std::io::Write;

use super::{ExitStatus, Outcome};
use crate::args::CompletionsArgs;
use crate::settings::Settings;
use crate::{language, output};

/// Writes the script for one shell.
pub(super) fn run(args: &CompletionsArgs, settings: &Settings) -> Outcome {
    let mut command = language::command(settings.language);
    // The generator panics when it cannot write, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "zhengsou", &mut script);
    let mut out = output::stdout();
    out.write_all(&script)?;
    out.flush()?;
    Ok(ExitStatus::Done)
}
