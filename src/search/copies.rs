//! Passages of one group → how they differ, and how much of an index is copied.

use tantivy::columnar::Column;

use super::{Candidate, Folded, Index};
use crate::error::Result;
use crate::model::{CopyStats, Differs};

/// The columns by which copies are compared, of all segments.
struct Columns(Vec<(Column<u64>, Column<u64>)>);

impl Columns {
    fn open(index: &Index<'_>) -> Result<Self> {
        let open = |reader: &tantivy::SegmentReader| {
            let fast = reader.fast_fields();
            Ok((fast.u64("fold")?, fast.u64("mask")?))
        };
        let columns = index.searcher.segment_readers().iter().map(open);
        Ok(Columns(index.checked(columns.collect())?))
    }

    /// Returns a passage's fold, and its mask if it may have near copies.
    fn of(&self, candidate: &Candidate) -> (u64, Option<u64>) {
        let (fold, mask) = &self.0[candidate.address.segment_ord as usize];
        let doc = candidate.address.doc_id;
        (fold.first(doc).unwrap_or(0), mask.first(doc))
    }
}

/// Returns how the copies differ from the passage that they fold under.
///
/// # Errors
/// If the index cannot be read.
pub fn differs(folded: &Folded, index: &Index<'_>) -> Result<Differs> {
    if folded.copies.is_empty() {
        return Ok(Differs::default());
    }
    index.guarded(|| {
        let columns = Columns::open(index)?;
        let (fold, mask) = columns.of(&folded.best);
        let mut differs = Differs::default();
        for copy in &folded.copies {
            match columns.of(copy) {
                (same, _) if same == fold => {}
                (_, same) if same == mask => differs.figures += 1,
                _ => differs.wording += 1,
            }
        }
        Ok(differs)
    })
}

/// Returns how much of the candidates is copied.
///
/// # Errors
/// If the index cannot be read.
pub fn copied(candidates: &[Candidate], index: &Index<'_>) -> Result<CopyStats> {
    index.guarded(|| {
        let columns = Columns::open(index)?;
        let mut lengths = Vec::new();
        for reader in index.searcher.segment_readers() {
            lengths.push(index.checked(reader.fast_fields().u64("length"))?);
        }
        let mut passages: Vec<(u64, u64, u64, u64)> = candidates
            .iter()
            .filter_map(|candidate| {
                let (fold, mask) = columns.of(candidate);
                let address = candidate.address;
                let length = lengths[address.segment_ord as usize].first(address.doc_id)?;
                Some((candidate.group, mask?, fold, length))
            })
            .collect();
        passages.sort_unstable();
        let mut stats = CopyStats::default();
        for group in passages.chunk_by(|one, two| one.0 == two.0) {
            if group.len() < 2 {
                continue;
            }
            let lengths = || group.iter().map(|(_, _, _, length)| length);
            let pairs = || group.windows(2);
            stats.groups += 1;
            stats.passages += group.len() as u64;
            stats.largest = stats.largest.max(group.len() as u64);
            stats.characters += lengths().sum::<u64>() - lengths().max().unwrap_or(&0);
            // Sorted by mask, then fold.
            stats.wording += u64::from(pairs().any(|pair| pair[0].1 != pair[1].1));
            stats.figures +=
                u64::from(pairs().any(|pair| pair[0].1 == pair[1].1 && pair[0].2 != pair[1].2));
        }
        Ok(stats)
    })
}
