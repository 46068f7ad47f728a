//! OpenDocument text → paragraphs.

use super::transcript::Transcript;
use super::Origin;
use crate::error::Result;

/// Reads a document.
pub(super) fn read(_bytes: &[u8], _origin: &Origin<'_>) -> Result<Transcript> {
    Ok(Transcript::default())
}
