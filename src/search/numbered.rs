//! Ids, or hashes of texts → the passages that have them.
//!
//! Read off the columns: a dictionary of numbers that are all different would take as much room as
//! the columns themselves, and looking through a million of them takes a few milliseconds.

use tantivy::DocAddress;

use super::Index;
use crate::error::Result;

/// A column of numbers by which passages are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbered {
    /// Their ids.
    Id,
    /// The hashes that exact copies share.
    Fold,
}

/// Finds the passages with one of some numbers, each with its number, in no order of meaning.
///
/// # Errors
/// If the index cannot be read.
pub fn numbered(
    column: Numbered,
    numbers: &[u64],
    index: &Index<'_>,
) -> Result<Vec<(u64, DocAddress)>> {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    let is_wanted = |number: &u64| match *numbers {
        [only] => *number == only,
        _ => numbers.binary_search(number).is_ok(),
    };
    let name = match column {
        Numbered::Id => "id",
        Numbered::Fold => "fold",
    };
    index.guarded(|| {
        let mut found = Vec::new();
        for (ordinal, reader) in index.segments() {
            let values = index.checked(reader.fast_fields().u64(name))?;
            for doc in reader.doc_ids_alive() {
                if let Some(number) = values.first(doc).filter(is_wanted) {
                    found.push((number, DocAddress::new(ordinal as u32, doc)));
                }
            }
        }
        Ok(found)
    })
}
