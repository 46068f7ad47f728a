//! An index of many segments → the same in one, without its deleted documents.
//!
//! Readers go on with what they opened; the last commit stands until the merge is whole.

use std::path::Path;

use serde::Serialize;
use tantivy::SegmentReader;
use tantivy::merge_policy::NoMergePolicy;

use super::bigrams::{Bigrams, MOST_PLACES};
use super::faults::failed;
use super::{Lock, Store, Writer, guarded, searcher};
use crate::analyze::Analyzer;
use crate::error::Result;

/// Memory for a writer that only merges.
const MEMORY: u64 = 32 << 20;

/// What an index takes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Segments.
    pub segments: usize,
    /// Bytes on disk.
    pub bytes: u64,
    /// Documents: passages, and sources of the ledger.
    pub documents: u64,
    /// Deleted documents that still take up room.
    pub deleted: u64,
}

/// What optimizing came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Optimized {
    /// Before.
    pub before: Size,
    /// After.
    pub after: Size,
}

/// Merges an index into one segment and removes what no commit names; beyond 4 billion characters,
/// about 12 GB of text, into as few as hold them.
///
/// For a while it needs as much room again as the index takes.
///
/// # Errors
/// If there is no index, it is of another fingerprint, another process writes to it, or it cannot be
/// written; then it stands as it was.
pub fn optimize(folder: &Path, analyzer: &Analyzer) -> Result<Optimized> {
    // Before the lock: it would create the folder.
    Store::open(folder, analyzer)?;
    let lock = Lock::take(folder)?;
    let store = Store::open(folder, analyzer)?;
    lock.sweep(folder, &store.manifest);
    let mut writer = Writer::open(&store, 1, MEMORY)?;
    let before = store.size()?;
    if before.segments > 1 || before.deleted > 0 {
        store.records.optimize();
        writer.merge()?;
    }
    writer.close()?;
    let after = store.size()?;
    drop(lock);
    Ok(Optimized { before, after })
}

impl Store {
    fn size(&self) -> Result<Size> {
        let metas = guarded(&self.index, &self.folder, || {
            let metas = self.index.load_metas();
            metas.map_err(|cause| failed(&self.folder, cause))
        })?;
        let sum = |count: fn(&tantivy::SegmentMeta) -> u32| -> u64 {
            metas
                .segments
                .iter()
                .map(|meta| u64::from(count(meta)))
                .sum()
        };
        Ok(Size {
            segments: metas.segments.len(),
            bytes: self.bytes(),
            documents: sum(|meta| meta.num_docs()),
            deleted: sum(|meta| meta.num_deleted_docs()),
        })
    }
}

impl Writer {
    /// Merges everything that is committed into as few segments as hold it.
    ///
    /// # Errors
    /// If the index cannot be read or written; then it stands as it was.
    fn merge(&mut self) -> Result<()> {
        self.inner().set_merge_policy(Box::new(NoMergePolicy));
        self.work(|writer| {
            let searcher = searcher(writer.index())?;
            let places: Vec<_> = Bigrams::open(&searcher)?.places().collect();
            for segments in groups(&places, MOST_PLACES) {
                let readers = searcher.segment_readers();
                let mut own = readers
                    .iter()
                    .filter(|reader| segments.contains(&reader.segment_id()));
                if segments.len() > 1 || own.any(SegmentReader::has_deletes) {
                    writer.merge(&segments).wait()?;
                }
            }
            writer.garbage_collect_files().wait()?;
            Ok(())
        })
    }
}

/// Groups what has so many places, in order, so that none has more than `most` but by itself.
fn groups<T: Copy>(places: &[(T, u32)], most: u32) -> Vec<Vec<T>> {
    let mut groups: Vec<Vec<T>> = Vec::new();
    let mut sum = 0_u32;
    for &(segment, count) in places {
        match (sum.checked_add(count), groups.last_mut()) {
            (Some(with), Some(last)) if with <= most => {
                last.push(segment);
                sum = with;
            }
            _ => {
                groups.push(vec![segment]);
                sum = count;
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn groups_hold_as_much_as_they_may() {
        let most = u32::MAX - 1;
        assert_eq!(groups::<u8>(&[], most), Vec::<Vec<u8>>::new());
        assert_eq!(groups(&[(1, 4), (2, 6), (3, 1)], 10), [vec![1, 2], vec![3]]);
        let large = [(1, most), (2, 1), (3, most - 1), (4, 5)];
        assert_eq!(groups(&large, most), [vec![1], vec![2, 3], vec![4]]);
        assert_eq!(groups(&[(1, 11), (2, 1)], 10), [[1], [2]]);
    }
}
