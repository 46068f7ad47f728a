//! stdout for data, stderr for messages.

use std::io::{self, BufWriter, StdoutLock, Write};

use zhengsou::Error;

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Something went wrong.
    Fault(Error),
    /// The reader of stdout went away (`| head`): there is no more to do, and nothing to say.
    ClosedPipe,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Fault(error)
    }
}

/// Failures of stdout; every other I/O error carries its path as an [`Error`] already.
impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Stop::ClosedPipe,
            _ => Stop::Fault(Error::io("stdout", error)),
        }
    }
}

/// Returns stdout with a buffer; the caller flushes it, so that a late error is not lost.
pub(crate) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

/// Writes a message to stderr; a closed stderr is nobody to complain to.
pub(crate) fn message(text: &str) {
    if !text.is_empty() {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}
