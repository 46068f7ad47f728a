//! `mcp`: tools for assistants on stdin and stdout.

use zhengsou::serve::{log_to_stderr, mcp};

use super::{ExitStatus, Outcome};
use crate::settings::Settings;

/// Serves an assistant until it closes stdin.
pub(super) fn run(settings: &Settings) -> Outcome {
    let engine = settings.engine()?;
    engine.prepare()?;
    log_to_stderr(false, settings.verbose, true);
    mcp::run(engine, settings.language)?;
    Ok(ExitStatus::Done)
}
