//! `serve`: the HTTP API and the web page.

use zhengsou::say;
use zhengsou::serve::{self, Options};

use super::{ExitStatus, Outcome};
use crate::args::ServeArgs;
use crate::output::message;
use crate::settings::Settings;

/// Serves until it is stopped.
pub(super) fn run(args: &ServeArgs, settings: &Settings) -> Outcome {
    let mut options = Options::default();
    if let Some(listen) = args.listen {
        options.listen = listen;
    }
    let engine = settings.engine()?;
    serve::run(options, engine, |address| {
        if !settings.quiet {
            message(&say!(
                settings.language,
                "请用浏览器打开 http://{address}/ ，按 Ctrl-C 结束",
                "open http://{address}/ in a browser; Ctrl-C ends it"
            ));
        }
    })?;
    Ok(ExitStatus::Done)
}
