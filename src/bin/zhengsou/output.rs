//! stdout for data, stderr for messages.

use std::io::{self, BufWriter, StdoutLock, Write};

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
