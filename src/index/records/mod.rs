//! Records ↔ a file of our own beside those of the library's segments.
//!
//! Neighbouring records stand together in groups, compressed with a dictionary that is trained on
//! the segment's own ([`dictionary`]): as small as large blocks without one, and a record is read in
//! the time that a few kilobytes take to unpack.
//!
//! A field declared with records is opaque to the library, which writes, syncs, names and removes
//! the file with the segment ([`plugin`]).
//!
//! Invariant: what is read is what was added, whatever wrote or merged it.
//! Invariant: a damaged file is an error, never a panic of this module's own.

mod dictionary;
mod layout;
mod plugin;
mod stored;
mod writer;

use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::{DocAddress, Searcher, SegmentReader};

pub(super) use plugin::RecordPlugin;
pub(super) use stored::Stored;

use self::layout::broken;
use super::{record, sidefile};
use crate::model::PassageRecord;

/// Extension of the files.
pub(super) const EXTENSION: &str = "records";

/// Name of the field's type in the library's schema.
pub(super) const TYPE: &str = "records";

/// The records of all segments of a snapshot. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Records {
    segments: Arc<[Segment]>,
}

/// The records of a segment, and the columns of what they leave out.
#[derive(Debug)]
struct Segment {
    stored: Stored,
    id: Column<u64>,
    report: Column<u64>,
}

impl Records {
    /// Opens the records of a snapshot.
    ///
    /// # Errors
    /// If a file is missing or damaged.
    pub fn open(searcher: &Searcher) -> tantivy::Result<Self> {
        let open = |reader: &SegmentReader| {
            let column = |name| reader.fast_fields().u64(name);
            Ok(Segment {
                stored: of_segment(reader)?,
                id: column("id")?,
                report: column("report")?,
            })
        };
        let segments = searcher.segment_readers().iter().map(open);
        Ok(Records {
            segments: segments.collect::<tantivy::Result<_>>()?,
        })
    }

    /// Reads the record of a passage.
    ///
    /// # Errors
    /// If it has none, or a file is damaged.
    pub(crate) fn passage(&self, address: DocAddress) -> tantivy::Result<PassageRecord> {
        let segment = self.segment(address)?;
        let number = |column: &Column<u64>| column.first(address.doc_id).ok_or_else(broken);
        let (id, report) = (number(&segment.id)?, number(&segment.report)?);
        let read = |record: &[u8]| record::read(record, id, report);
        segment
            .stored
            .with(address.doc_id, read)?
            .ok_or_else(broken)
    }

    /// Reads the text of a passage.
    ///
    /// # Errors
    /// As for [`Records::passage`].
    pub(crate) fn text(&self, address: DocAddress) -> tantivy::Result<String> {
        let stored = &self.segment(address)?.stored;
        stored
            .with(address.doc_id, record::text_of)?
            .ok_or_else(broken)
    }

    /// Returns the record of a document as it was added.
    ///
    /// # Errors
    /// As for [`Records::passage`].
    pub(super) fn bytes(&self, address: DocAddress) -> tantivy::Result<Vec<u8>> {
        let stored = &self.segment(address)?.stored;
        stored.with(address.doc_id, <[u8]>::to_vec)
    }

    fn segment(&self, address: DocAddress) -> tantivy::Result<&Segment> {
        let segment = self.segments.get(address.segment_ord as usize);
        segment.ok_or_else(broken)
    }
}

/// Opens the file of a segment.
pub(super) fn of_segment(reader: &SegmentReader) -> tantivy::Result<Stored> {
    let file = reader.open_read(sidefile::component(EXTENSION))?;
    Stored::open(file, reader.max_doc())
}

#[cfg(test)]
mod tests;
