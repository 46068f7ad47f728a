//! Texts → the places of their bigrams, in files of our own beside those of the library's segments.
//!
//! Bigram *i* of a text is its characters *i* and *i + 1* without blanks; the last character stands
//! with the end of the text. Every character begins exactly one, so that the places of a single
//! character are those of all bigrams that begin with it; in which documents it stands, and how
//! often, is kept beside them.
//!
//! A field declared with bigrams is opaque to the library. Its plugin keeps the characters of a
//! segment while it is made, sorts all places by bigram when it ends ([`plugin`]), and merges lists
//! as they stand ([`merge`]); the library writes, syncs, names and removes the file with the segment.
//!
//! Invariant: the places of a segment hang on its texts alone, whatever wrote or merged it.
//! Invariant: a damaged file is an error or wrong places, never a panic of this module's own.

mod block;
mod check;
mod counted;
mod documents;
mod layout;
mod list;
mod merge;
mod plugin;
mod texts;
mod writer;

use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::schema::Field;
use tantivy::{Searcher, SegmentReader};

pub(crate) use counted::{Counted, Counting};
pub(crate) use documents::{CountedDocuments, Documents};
pub(super) use layout::characters;
pub(super) use list::ListWriter;
pub(crate) use list::{Ascending, END, Places};
pub(super) use plugin::BigramPlugin;
pub(crate) use texts::{Entry, Texts};

use self::layout::broken;
use super::sidefile;

/// Extension of the files.
pub(super) const EXTENSION: &str = "bigrams";

/// Places that a segment has at most: about 12 GB of text.
pub(super) const MOST_PLACES: u32 = END - 1;

/// Name of the fields' type in the library's schema.
pub(super) const TYPE: &str = "bigrams";

/// The bigrams of all segments of a snapshot. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Bigrams {
    segments: Arc<[(SegmentId, Vec<Arc<Texts>>)]>,
}

impl Bigrams {
    /// Opens the bigrams of a snapshot.
    ///
    /// # Errors
    /// If a file is missing or damaged.
    pub fn open(searcher: &Searcher) -> tantivy::Result<Self> {
        let open = |reader: &SegmentReader| Ok((reader.segment_id(), of_segment(reader)?));
        let segments = searcher.segment_readers().iter().map(open);
        Ok(Bigrams {
            segments: segments.collect::<tantivy::Result<_>>()?,
        })
    }

    /// Makes what finds the documents of places faster, in about a hundredth of the texts' size.
    pub(crate) fn prepare(&self) {
        let segments = self.segments.iter();
        segments
            .flat_map(|(_, texts)| texts)
            .for_each(|texts| texts.prepare());
    }

    /// Returns the bigrams of a field in a segment.
    ///
    /// # Errors
    /// If the segment has none.
    pub(crate) fn of(&self, reader: &SegmentReader, field: Field) -> tantivy::Result<&Arc<Texts>> {
        let id = reader.segment_id();
        let mut segments = self.segments.iter();
        let own = segments.find(|(segment, _)| *segment == id);
        own.and_then(|(_, texts)| in_field(texts, field))
            .ok_or_else(broken)
    }

    /// Returns in how many documents of a field a bigram stands, deleted ones included.
    ///
    /// # Errors
    /// If a file is damaged.
    pub(crate) fn document_frequency(
        &self,
        field: Field,
        (first, second): (char, char),
    ) -> tantivy::Result<u64> {
        self.sum(field, |texts| {
            let entry = texts.pair(first, second)?;
            Ok(entry.map_or(0, |entry| entry.documents))
        })
    }

    /// Returns in how many documents of a field a character stands, deleted ones included.
    ///
    /// # Errors
    /// If a file is damaged.
    pub(crate) fn character_frequency(
        &self,
        field: Field,
        character: char,
    ) -> tantivy::Result<u64> {
        self.sum(field, |texts| {
            let character = texts.character(character)?;
            Ok(character.map_or(0, |character| character.documents))
        })
    }

    /// Returns how many places each segment has, in the field that has the most.
    pub(super) fn places(&self) -> impl Iterator<Item = (SegmentId, u32)> {
        let ends = |texts: &Vec<Arc<Texts>>| texts.iter().map(|texts| texts.end()).max();
        let segments = self.segments.iter();
        segments.map(move |(segment, texts)| (*segment, ends(texts).unwrap_or(0)))
    }

    /// Adds up a number over the segments.
    fn sum(
        &self,
        field: Field,
        number: impl Fn(&Texts) -> tantivy::Result<u32>,
    ) -> tantivy::Result<u64> {
        let mut sum = 0;
        for (_, texts) in self.segments.iter() {
            let texts = in_field(texts, field).ok_or_else(broken)?;
            sum += u64::from(number(texts)?);
        }
        Ok(sum)
    }
}

fn in_field(texts: &[Arc<Texts>], field: Field) -> Option<&Arc<Texts>> {
    texts.iter().find(|texts| texts.field() == field)
}

/// Opens the file of a segment.
fn of_segment(reader: &SegmentReader) -> tantivy::Result<Vec<Arc<Texts>>> {
    let file = reader.open_read(sidefile::component(EXTENSION))?;
    let texts = texts::open(&file.read_bytes()?, reader.max_doc())?;
    Ok(texts.into_iter().map(Arc::new).collect())
}

#[cfg(test)]
mod tests;
