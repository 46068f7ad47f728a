//! One file a segment: groups of records, where they stand, the dictionary, the parts' ends.
//!
//! A group is one compressed frame: each record with its length ahead. The table says of each group
//! how many records and bytes it has; an index of the table says, for every [`SECTION`] groups, the
//! first document, the first byte, and where to read on in the table.

use tantivy::TantivyError;
use tantivy::error::DataCorruption;

/// How a file ends: its kind and version.
pub(super) const MAGIC: u32 = u32::from_le_bytes(*b"zrc1");
/// Groups in a section of the table.
pub(super) const SECTION: usize = 64;
/// Bytes in the index for a section.
pub(super) const INDEXED: usize = 16;
/// Bytes of the end of a file: the ends of its four parts, the number of documents, the magic.
pub(super) const ENDING: usize = 40;

/// Makes the error of a file that says what cannot be.
pub(super) fn broken() -> TantivyError {
    TantivyError::DataCorruption(DataCorruption::comment_only(
        "the records of a segment are damaged",
    ))
}
