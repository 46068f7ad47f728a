//! Any value of the contract → one JSON document.

use std::io::{Result, Write};

use serde::Serialize;

/// Writes a value as one JSON document and a line end; indented if `pretty`.
///
/// # Errors
/// If `out` cannot be written.
pub fn document(out: &mut dyn Write, value: &impl Serialize, pretty: bool) -> Result<()> {
    if pretty {
        serde_json::to_writer_pretty(&mut *out, value)?;
    } else {
        serde_json::to_writer(&mut *out, value)?;
    }
    out.write_all(b"\n")
}
