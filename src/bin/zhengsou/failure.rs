//! What ended a command early → lines on stderr and an exit status.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use zhengsou::present::{Ink, Look, fault};
use zhengsou::{Error, ErrorKind};

use crate::commands::{ExitStatus, Outcome};
use crate::output::message;
use crate::settings::Settings;

/// Runs a command; a fault of the program itself becomes an error like any other.
///
/// Rust's own report of a panic is for developers: it is shown with `-v` only.
pub(crate) fn guard(settings: &Settings, command: impl FnOnce() -> Outcome) -> Outcome {
    if !settings.verbose {
        std::panic::set_hook(Box::new(|_| {}));
    }
    catch_unwind(AssertUnwindSafe(command)).unwrap_or_else(|_| Err(internal().into()))
}

fn internal() -> Error {
    Error::new(
        ErrorKind::Internal,
        "程序内部出错",
        "a fault of the program itself",
    )
    .with_hint(
        "加上 -v 再运行一次，把命令和显示的内容报告给开发者",
        "run it again with -v, and report the command and what it shows",
    )
}

/// Says what went wrong.
pub(crate) fn report(error: &anyhow::Error, settings: &Settings) -> ExitStatus {
    let look = Look {
        color: settings.color_messages,
        ..settings.look()
    };
    let bare = error.downcast_ref::<io::Error>();
    if bare.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
        // The reader of stdout went away (`| head`): there is no more to do, and nothing to say.
        return ExitStatus::Done;
    }
    // Every other I/O error carries its path as an `Error` already; this one is stdout's.
    let of_stdout =
        bare.map(|error| Error::io("stdout", io::Error::new(error.kind(), error.to_string())));
    let known = error.downcast_ref::<Error>().or(of_stdout.as_ref());
    let text = match known {
        Some(known) => {
            let mut text = fault::lines(known, &doing(error), &look);
            if settings.verbose {
                text += &fault::causes(known, settings.language);
            }
            text
        }
        None => {
            let label = settings.language.pick("错误：", "error: ");
            format!("{}{error:#}", look.paint(Ink::Alarm, label))
        }
    };
    message(text.trim_end());
    ExitStatus::Nothing
}

/// Returns what the command was doing, outermost first: the contexts around the error.
fn doing(error: &anyhow::Error) -> Vec<String> {
    error
        .chain()
        .take_while(|cause| !cause.is::<Error>() && !cause.is::<io::Error>())
        .map(ToString::to_string)
        .collect()
}
