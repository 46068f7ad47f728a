//! Web pages, plain or saved as mail with parts → the article's paragraphs.

use super::transcript::Transcript;
use super::{Origin, not_read};
use crate::error::Result;

/// Reads a web page.
pub(super) fn read(_bytes: Vec<u8>, origin: &Origin<'_>) -> Result<Transcript> {
    Err(not_read(origin.path, "HTML"))
}

/// Reads a web page that was saved with its parts.
pub(super) fn read_mail(_bytes: Vec<u8>, origin: &Origin<'_>) -> Result<Transcript> {
    Err(not_read(origin.path, "MHTML"))
}
