//! Folded texts → in which documents each of their words stands, and how often, in a file of our
//! own beside those of the library's segments.
//!
//! A field declared with words is opaque to the library. Its plugin cuts each text, gives every
//! word of the segment a number and keeps the numbers in a row; at the segment's end the row is
//! sorted by word in two passes ([`plugin`]). The library's own postings wait for memory at every
//! token. Segments are merged word by word ([`merge`]).
//!
//! Invariant: the words of a segment hang on its texts alone, whatever wrote or merged it.
//! Invariant: a damaged file is an error or wrong documents, never a panic of this module's own.

mod layout;
mod lexicon;
mod merge;
mod plugin;
mod writer;

use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::schema::Field;
use tantivy::{Searcher, SegmentReader};

pub(crate) use lexicon::Lexicon;
pub(super) use plugin::WordPlugin;

use self::layout::broken;
use super::sidefile;

/// Extension of the files.
pub(super) const EXTENSION: &str = "words";

/// Name of the fields' type in the library's schema.
pub(super) const TYPE: &str = "words";

/// The words of all segments of a snapshot. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Words {
    segments: Arc<[(SegmentId, Vec<Lexicon>)]>,
}

impl Words {
    /// Opens the words of a snapshot.
    ///
    /// # Errors
    /// If a file is missing or damaged.
    pub fn open(searcher: &Searcher) -> tantivy::Result<Self> {
        let open = |reader: &SegmentReader| Ok((reader.segment_id(), of_segment(reader)?));
        let segments = searcher.segment_readers().iter().map(open);
        Ok(Words {
            segments: segments.collect::<tantivy::Result<_>>()?,
        })
    }

    /// Returns the words of a field in a segment.
    ///
    /// # Errors
    /// If the segment has none.
    pub(crate) fn of(&self, reader: &SegmentReader, field: Field) -> tantivy::Result<&Lexicon> {
        let id = reader.segment_id();
        let mut segments = self.segments.iter();
        let own = segments.find(|(segment, _)| *segment == id);
        own.and_then(|(_, fields)| in_field(fields, field))
            .ok_or_else(broken)
    }

    /// Returns in how many documents of a field a word stands, deleted ones included.
    ///
    /// # Errors
    /// If a file is damaged.
    pub(crate) fn document_frequency(&self, field: Field, word: &str) -> tantivy::Result<u64> {
        let mut sum = 0;
        for lexicon in self.in_field(field) {
            let entry = lexicon?.entry(word)?;
            sum += entry.map_or(0, |entry| u64::from(entry.documents));
        }
        Ok(sum)
    }

    /// Returns how many words the documents of a field have, deleted ones included.
    ///
    /// # Errors
    /// If a segment has none.
    pub(crate) fn total(&self, field: Field) -> tantivy::Result<u64> {
        let lexicons = self.in_field(field);
        lexicons.map(|lexicon| Ok(lexicon?.total())).sum()
    }

    fn in_field(&self, field: Field) -> impl Iterator<Item = tantivy::Result<&Lexicon>> {
        let segments = self.segments.iter();
        segments.map(move |(_, fields)| in_field(fields, field).ok_or_else(broken))
    }
}

fn in_field(fields: &[Lexicon], field: Field) -> Option<&Lexicon> {
    fields.iter().find(|lexicon| lexicon.field() == field)
}

/// Opens the file of a segment.
fn of_segment(reader: &SegmentReader) -> tantivy::Result<Vec<Lexicon>> {
    let file = reader.open_read(sidefile::component(EXTENSION))?;
    lexicon::open(&file.read_bytes()?, reader.max_doc())
}

#[cfg(test)]
mod tests;
