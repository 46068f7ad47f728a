//! PDF with a text layer → paragraphs, page by page.

use super::transcript::Transcript;
use super::{Origin, not_read};
use crate::error::Result;

/// Reads a document.
pub(super) fn read(_bytes: Vec<u8>, origin: &Origin<'_>) -> Result<Transcript> {
    Err(not_read(origin.path, "PDF"))
}
