//! One file a segment: for each field the lists of its words, a dictionary with an index, and how
//! many words each document has.
//!
//! The dictionary names the words in the order of their bytes, each by what it shares with the one
//! before, in blocks of [`GROUP`] with an index of the blocks. A list is the documents in ascending
//! order, then how often beyond once the word stands in each of them and those before, all added
//! up; the second part is left out where that is nothing, and a word of one document has it in the
//! dictionary.

use tantivy::TantivyError;
use tantivy::error::DataCorruption;

/// How a file ends: its kind and version.
pub(super) const MAGIC: u32 = u32::from_le_bytes(*b"zwd1");
/// Words in a block of the dictionary.
pub(super) const GROUP: u64 = 32;
/// Bytes in the index for a block: its offset in the dictionary, that of its first list.
pub(super) const INDEXED: usize = 12;
/// Bytes in the directory for a field.
pub(super) const LISTED: usize = 56;
/// Bytes for the number of words of a document.
pub(super) const LENGTH: usize = 4;

/// Makes the error of a file that says what cannot be.
pub(super) fn broken() -> TantivyError {
    TantivyError::DataCorruption(DataCorruption::comment_only(
        "the words of a segment are damaged",
    ))
}
