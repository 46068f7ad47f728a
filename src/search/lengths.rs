//! Postings of words → the number of words of each passage.
//!
//! The index keeps lengths in words only roughly, for ranking. Their exact number is the sum of the
//! frequencies of all words: one pass over the postings, made once per generation and only where it
//! is asked for, instead of a column that every build would have to cut its texts a second time for.

use std::sync::OnceLock;

use rayon::prelude::*;
use tantivy::SegmentReader;
use tantivy::schema::{Field, IndexRecordOption};

use super::Index;
use crate::error::Result;

/// Words of every passage, counted on first use.
#[derive(Debug, Default)]
pub struct WordCounts {
    /// By segment and document.
    made: OnceLock<Vec<Vec<u32>>>,
}

impl WordCounts {
    /// Returns the number of words by segment and document.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn of(&self, index: &Index<'_>) -> Result<&[Vec<u32>]> {
        if let Some(counts) = self.made.get() {
            return Ok(counts);
        }
        let segments = index.searcher.segment_readers().par_iter();
        let counts = segments
            .map(|reader| count(reader, index.fields.words))
            .collect::<tantivy::Result<_>>();
        let counts = index.checked(counts)?;
        Ok(self.made.get_or_init(|| counts))
    }
}

fn count(reader: &SegmentReader, field: Field) -> tantivy::Result<Vec<u32>> {
    let mut counts = vec![0; reader.max_doc() as usize];
    let inverted = reader.inverted_index(field)?;
    let mut terms = inverted.terms().stream()?;
    while terms.advance() {
        let mut block = inverted
            .read_block_postings_from_terminfo(terms.value(), IndexRecordOption::WithFreqs)?;
        while block.block_len() > 0 {
            for (&doc, &frequency) in block.docs().iter().zip(block.freqs()) {
                counts[doc as usize] += frequency;
            }
            block.advance();
        }
    }
    Ok(counts)
}
