//! OLE containers: Word and WPS of 97 to 2003 → paragraphs; what else they hold → by its name.

use super::{Origin, ReadSummary, not_read};
use crate::error::Result;
use crate::model::SourceText;

/// Reads an OLE container by what its directory holds.
pub(super) fn read_container(
    origin: &Origin<'_>,
    _bytes: Vec<u8>,
    _each: &mut dyn FnMut(SourceText),
) -> Result<ReadSummary> {
    Err(not_read(origin.path, "DOC/XLS/WPS"))
}
