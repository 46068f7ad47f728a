//! OpenDocument text → paragraphs.

use super::transcript::Transcript;
use super::{Origin, not_read};
use crate::error::Result;

/// Reads a document.
pub(super) fn read(_bytes: &[u8], origin: &Origin<'_>) -> Result<Transcript> {
    Err(not_read(origin.path, "ODT"))
}
