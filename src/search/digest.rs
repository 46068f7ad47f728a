//! All passages → one number that tells whether two indexes hold the same ones.

use tantivy::SegmentReader;

use super::Index;
use super::columns::FacetColumn;
use crate::error::Result;
use crate::model::FacetField;

/// Returns the sum of the hashes of all passages: their ids, which come from text and place, the
/// hashes of their letters, and the values of their facets. Segments and order do not count.
///
/// # Errors
/// If the index cannot be read.
pub fn digest(index: &Index<'_>) -> Result<u64> {
    index.guarded(|| {
        let mut sum: u64 = 0;
        for (segment, reader) in index.segments() {
            sum = sum.wrapping_add(index.checked(of_segment(segment, reader, index))?);
        }
        Ok(sum)
    })
}

fn of_segment(segment: usize, reader: &SegmentReader, index: &Index<'_>) -> tantivy::Result<u64> {
    let fast = reader.fast_fields();
    let (ids, folds) = (fast.u64("id")?, fast.u64("fold")?);
    let mut facets = Vec::new();
    for &field in FacetField::ALL {
        let names = match field.is_year() {
            true => &[][..],
            false => {
                let segments = index.searcher.segment_readers();
                &index.values.of(field, segments)?.values
            }
        };
        let hashes: Vec<u64> = names.iter().map(|name| hash(name.as_bytes())).collect();
        facets.push((FacetColumn::open(field, reader, segment, index)?, hashes));
    }
    let mut sum: u64 = 0;
    let mut bytes = Vec::new();
    for doc in reader.doc_ids_alive() {
        let Some(id) = ids.first(doc) else { continue };
        bytes.clear();
        bytes.extend(id.to_le_bytes());
        bytes.extend(folds.first(doc).unwrap_or(0).to_le_bytes());
        for (column, hashes) in &facets {
            let name = column.number(doc).and_then(|number| hashes.get(number));
            let year = column.year(doc).map(|year| year as u64);
            bytes.extend(name.copied().or(year).unwrap_or(0).to_le_bytes());
        }
        sum = sum.wrapping_add(hash(&bytes));
    }
    Ok(sum)
}

fn hash(bytes: &[u8]) -> u64 {
    let hash = blake3::hash(bytes);
    let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}
