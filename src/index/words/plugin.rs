//! The library's extension point for files of one's own in a segment; how a segment's are made.
//!
//! Until a segment ends, the numbers of its words stand in one row for each field, a document's
//! behind those of the one before. Then the documents go, by a counting pass, to their words, and
//! the words are written in the order of their bytes.

use std::any::Any;
use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::FixedState;
use tantivy::directory::TerminatingWrite;
use tantivy::index::Segment;
use tantivy::indexer::doc_id_mapping::DocIdMapping;
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, Schema, Value};
use tantivy::{DocId, TantivyError};

use super::writer::FileWriter;
use super::{EXTENSION, TYPE, merge};
use crate::analyze::{Scratch, Segmenter};
use crate::index::sidefile;

/// Bytes that a word of a text takes until its segment is written: its number, and the document
/// where it is sorted.
const BYTES: usize = 8;
/// About the bytes that a different word takes: its letters, its number, its place in the table.
const NEW: usize = 64;

/// Cuts texts into words; writes and merges the words of segments.
#[derive(Debug)]
pub(in crate::index) struct WordPlugin {
    segmenter: Segmenter,
}

impl WordPlugin {
    /// Makes a plugin over a shared segmenter.
    pub(in crate::index) fn new(segmenter: Segmenter) -> Self {
        WordPlugin { segmenter }
    }
}

impl SegmentPlugin for WordPlugin {
    fn extensions(&self) -> &[&str] {
        &[EXTENSION]
    }

    fn create_writer(
        &self,
        context: &PluginWriterContext<'_>,
    ) -> tantivy::Result<Box<dyn PluginWriter>> {
        let row = |field| Row {
            field,
            short: HashMap::default(),
            long: HashMap::default(),
            words: Vec::new(),
            lengths: Vec::new(),
        };
        Ok(Box::new(SegmentWords {
            segmenter: self.segmenter.clone(),
            scratch: Scratch::default(),
            cut: Vec::new(),
            rows: sidefile::fields(&context.segment.schema(), TYPE)
                .map(row)
                .collect(),
        }))
    }

    fn merge(&self, context: PluginMergeContext<'_>) -> tantivy::Result<()> {
        merge::merge(&context)
    }
}

/// The words of a segment while it is made.
struct SegmentWords {
    segmenter: Segmenter,
    scratch: Scratch,
    cut: Vec<Range<usize>>,
    rows: Vec<Row>,
}

/// The words of a field.
struct Row {
    field: Field,
    /// The number of each different word of a few characters.
    short: HashMap<Short, u32, FixedState>,
    /// That of each longer one.
    long: HashMap<Box<str>, u32, FixedState>,
    /// The words of all texts, by their numbers.
    words: Vec<u32>,
    /// How many of them each document has.
    lengths: Vec<u32>,
}

impl Row {
    #[inline]
    fn push(&mut self, word: &str) {
        let next = self.count() as u32;
        let number = match short(word) {
            Some(short) => *self.short.entry(short).or_insert(next),
            None => match self.long.get(word) {
                Some(number) => *number,
                None => *self.long.entry(word.into()).or_insert(next),
            },
        };
        self.words.push(number);
    }

    /// Returns how many different words there are.
    fn count(&self) -> usize {
        self.short.len() + self.long.len()
    }
}

/// A word of at most 15 bytes, which five Han characters have: the bytes from the highest on, and
/// their number in the lowest, so that words are hashed and compared as one number.
type Short = u128;

#[inline]
fn short(word: &str) -> Option<Short> {
    let mut bytes = [0; 16];
    bytes
        .get_mut(..word.len())?
        .copy_from_slice(word.as_bytes());
    (word.len() < bytes.len()).then(|| u128::from_be_bytes(bytes) | word.len() as u128)
}

/// Returns the bytes of a short word and how many they are.
fn bytes(short: Short) -> ([u8; 16], usize) {
    let bytes = short.to_be_bytes();
    (bytes, usize::from(bytes[15]).min(15))
}

impl PluginWriter for SegmentWords {
    fn add_document(
        &mut self,
        _document: DocId,
        document: &dyn ErasedDocument,
        _schema: &Schema,
    ) -> tantivy::Result<()> {
        let document = sidefile::document(document)?;
        for row in &mut self.rows {
            row.lengths.push(0);
        }
        for (field, value) in document.field_values() {
            let Some(row) = self.rows.iter_mut().find(|row| row.field == field) else {
                continue;
            };
            let Some(Ok(text)) = value.as_custom().map(std::str::from_utf8) else {
                continue;
            };
            let (scratch, cut) = (&mut self.scratch, &mut self.cut);
            self.segmenter.words_into(text, scratch, cut);
            cut.iter().for_each(|word| row.push(&text[word.clone()]));
            if let Some(length) = row.lengths.last_mut() {
                *length += cut.len() as u32;
            }
            if u32::try_from(row.words.len()).is_err() {
                return Err(too_large());
            }
        }
        Ok(())
    }

    fn serialize(
        self: Box<Self>,
        segment: &Segment,
        order: Option<&DocIdMapping>,
    ) -> tantivy::Result<()> {
        sidefile::check_order(order)?;
        let mut file = FileWriter::new(segment.open_write(sidefile::component(EXTENSION))?);
        for row in self.rows {
            write(row, &mut file)?;
        }
        Ok(file.finish()?.terminate()?)
    }

    fn mem_usage(&self) -> usize {
        let bytes = |row: &Row| row.words.len() * BYTES + row.count() * NEW + row.lengths.len() * 4;
        self.rows.iter().map(bytes).sum()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// Makes the error of a segment with more words than have numbers.
fn too_large() -> TantivyError {
    TantivyError::InvalidArgument("a segment holds 4 billion words at most".to_owned())
}

/// Writes the words of a field.
fn write<W: std::io::Write>(row: Row, file: &mut FileWriter<W>) -> std::io::Result<()> {
    // Where the documents of each word end; before they are put there, where they begin.
    let mut ends = vec![0_u32; row.count()];
    for &word in &row.words {
        ends[word as usize] += 1;
    }
    let mut next = 0;
    for end in &mut ends {
        next += std::mem::replace(end, next);
    }
    let mut documents: Vec<DocId> = vec![0; row.words.len()];
    let mut rest = &row.words[..];
    for (document, &length) in (0..).zip(&row.lengths) {
        let (own, behind) = rest.split_at(length as usize);
        rest = behind;
        for &word in own {
            let end = &mut ends[word as usize];
            documents[*end as usize] = document;
            *end += 1;
        }
    }
    drop(row.words);
    let short = row.short.into_iter().map(|(word, number)| {
        let (bytes, length) = bytes(word);
        (Box::<[u8]>::from(&bytes[..length]), number)
    });
    let long = row.long.into_iter();
    let long = long.map(|(word, number)| (word.into_boxed_bytes(), number));
    let mut words: Vec<(Box<[u8]>, u32)> = short.chain(long).collect();
    words.sort_unstable();
    let mut field = file.field(row.field, row.lengths);
    for (word, number) in words {
        let start = (number as usize)
            .checked_sub(1)
            .map_or(0, |before| ends[before]);
        let own = &documents[start as usize..ends[number as usize] as usize];
        let counted = own.chunk_by(|one, two| one == two);
        let counted = counted.map(|same| (same[0], same.len() as u32));
        field.word(&word, counted)?;
    }
    field.finish()
}
