//! Events of the server → lines on stderr, for reading or as JSON.

use std::io::IsTerminal;

use tracing::level_filters::LevelFilter;

/// Writes what the server does to stderr from now on: requests, reloads, faults; as one JSON object
/// a line if `json`, with connections that break as well if `verbose`, faults only if `quiet`.
pub fn log_to_stderr(json: bool, verbose: bool, quiet: bool) {
    let level = match (verbose, quiet) {
        (true, _) => LevelFilter::DEBUG,
        (_, true) => LevelFilter::WARN,
        _ => LevelFilter::INFO,
    };
    let lines = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .with_max_level(level);
    // Whoever has set up logs of their own keeps them.
    let _ = match json {
        true => lines.json().flatten_event(true).try_init(),
        false => lines.try_init(),
    };
}
