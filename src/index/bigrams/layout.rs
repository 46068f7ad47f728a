//! One file a segment: for each field its lists, its dictionary, and where its texts begin.
//!
//! The texts of a field stand one after the other in one row of places, each value followed by an
//! empty place; a document's places are those from its start to that of the next one. The
//! dictionary names the bigrams in the order of their characters, in blocks of [`GROUP`] with an
//! index of the blocks; a bigram that stands once has its place there instead of a list. Ahead of
//! the lists of a character's bigrams stand the documents that hold it, and how often beyond once each
//! of them and those before do, all added up.

use tantivy::directory::OwnedBytes;
use tantivy::{DocId, TantivyError};

use crate::index::bytes::u32_at;

/// How a file ends: its kind and version.
pub(super) const MAGIC: u32 = u32::from_le_bytes(*b"zbg2");
/// Bigrams in a block of the dictionary.
pub(super) const GROUP: u64 = 64;
/// Bytes in the index for a block: its first bigram, its offset, that of its first list.
pub(super) const INDEXED: usize = 20;
/// Bytes in the directory for a field.
pub(super) const LISTED: usize = 48;

/// A bigram by the numbers of its characters: 0 for the end of a text, else the code point and one.
pub(in crate::index) type Key = (u32, u32);

/// Returns the number of a character.
pub(super) fn number(character: char) -> u32 {
    u32::from(character) + 1
}

/// Returns a value's characters without blanks, as numbers, and its end: a stretch of the row of
/// places. The bigram of a place is the number there and the one behind it, but at an end.
pub(in crate::index) fn characters(text: &str) -> impl Iterator<Item = u32> {
    let characters = text.chars().filter(|character| *character != ' ');
    characters.map(number).chain(std::iter::once(0))
}

/// Makes the error of a file that says what cannot be.
pub(super) fn broken() -> TantivyError {
    TantivyError::DataCorruption(tantivy::error::DataCorruption::comment_only(
        "the bigrams of a segment are damaged",
    ))
}

/// A character with what the dictionary says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Character {
    /// How many documents hold it.
    pub(crate) documents: u32,
    /// Where its lists begin: the documents, and how often beyond once they hold it.
    pub(super) at: u64,
    /// Their bytes.
    pub(super) lengths: [u64; 2],
}

/// Where the texts of documents begin in the row of places, and where the last one ends.
#[derive(Debug, Clone)]
pub(super) struct Starts(pub(super) OwnedBytes);

impl Starts {
    #[inline]
    pub(super) fn at(&self, document: DocId) -> u32 {
        u32_at(&self.0, document as usize * 4).unwrap_or(u32::MAX)
    }

    /// Returns the document of a place, which is `from` or one behind it. The place is below
    /// [`END`](super::END), which is what stands behind the last document.
    #[inline]
    pub(super) fn document(&self, place: u32, from: DocId) -> DocId {
        let (mut low, mut step) = (from, 1);
        while self.at(low + step) <= place {
            low += step;
            step *= 2;
        }
        let mut high = low + step;
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            match self.at(middle) <= place {
                true => low = middle,
                false => high = middle,
            }
        }
        low
    }
}

/// Places from one landmark to the next: about half a passage.
const STRIDE: u32 = 128;

/// For every so many places, the document in which the first of them lies.
#[derive(Debug, Clone)]
pub(super) struct Landmarks(Vec<DocId>);

impl Landmarks {
    /// Makes the landmarks of so many documents.
    pub(super) fn of(starts: &Starts, documents: u32) -> Self {
        let mut landmarks = Vec::new();
        for document in 0..documents {
            // Of a damaged file, the last document may seem to end anywhere.
            let end = starts.at(document + 1).min(starts.at(documents));
            while (landmarks.len() as u64) * u64::from(STRIDE) < u64::from(end) {
                landmarks.push(document);
            }
        }
        Landmarks(landmarks)
    }

    /// Returns a document that is that of the place or stands shortly before it.
    #[inline]
    pub(super) fn before(&self, place: u32) -> DocId {
        let landmark = self.0.get((place / STRIDE) as usize);
        landmark.copied().unwrap_or(0)
    }
}
