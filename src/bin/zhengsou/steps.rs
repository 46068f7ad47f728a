//! The steps of a long command on stderr: one line that changes, on a terminal only.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::ProgressBar;

use crate::settings::Settings;

/// Says what is being done.
pub(crate) struct Steps(Option<ProgressBar>);

impl Steps {
    /// Says nothing where only errors are wanted or nobody watches.
    pub(crate) fn new(settings: &Settings) -> Self {
        let watched = !settings.quiet && stderr().is_terminal();
        Steps(watched.then(|| {
            let bar = ProgressBar::new_spinner();
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        }))
    }

    /// Takes the place of what was said before.
    pub(crate) fn say(&self, step: String) {
        if let Some(bar) = &self.0 {
            bar.set_message(step);
        }
    }

    /// Leaves the line empty.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        self.finish();
    }
}
