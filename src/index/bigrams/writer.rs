//! Bigrams in order, with their places → the file of a segment.
//!
//! Invariant: it is written as a stream: memory is the dictionary, not the lists.

use std::io::{self, Write};

use tantivy::DocId;
use tantivy::schema::Field;

use super::layout::{Character, GROUP, Key, MAGIC, broken};
use super::list::ListWriter;
use crate::index::bytes::push_varint;

/// Where the parts of a field stand in the file.
#[derive(Debug, Clone, Copy)]
struct Parts {
    field: u32,
    documents: u32,
    entries: u64,
    lists: u64,
    dictionary: u64,
    index: u64,
    starts: u64,
}

/// Writes the file of a segment.
pub(super) struct FileWriter<W> {
    out: W,
    written: u64,
    directory: Vec<Parts>,
}

impl<W: Write> FileWriter<W> {
    pub(super) fn new(out: W) -> Self {
        FileWriter {
            out,
            written: 0,
            directory: Vec::new(),
        }
    }

    /// Begins a field; `starts` are the starts of its documents and the end of the last one.
    pub(super) fn field(&mut self, field: Field, starts: Vec<u32>) -> FieldWriter<'_, W> {
        let parts = Parts {
            field: field.field_id(),
            documents: starts.len() as u32 - 1,
            entries: 0,
            lists: self.written,
            dictionary: 0,
            index: 0,
            starts: 0,
        };
        FieldWriter {
            file: self,
            parts,
            documents: RowDocuments::new(starts),
            dictionary: Vec::new(),
            index: Vec::new(),
            before: (0, 0),
            opening: None,
            list: ListWriter::default(),
            counts: ListWriter::default(),
        }
    }

    /// Writes the directory and returns what was written to.
    pub(super) fn finish(mut self) -> io::Result<W> {
        let mut bytes = Vec::new();
        for parts in &self.directory {
            bytes.extend(parts.field.to_le_bytes());
            bytes.extend(parts.documents.to_le_bytes());
            for number in [
                parts.entries,
                parts.lists,
                parts.dictionary,
                parts.index,
                parts.starts,
            ] {
                bytes.extend(number.to_le_bytes());
            }
        }
        bytes.extend((self.directory.len() as u32).to_le_bytes());
        bytes.extend(MAGIC.to_le_bytes());
        self.put(&bytes)?;
        Ok(self.out)
    }

    fn put_both(&mut self, one: &[u8], two: &[u8]) -> io::Result<()> {
        self.put(one)?;
        self.put(two)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}

/// Writes the bigrams of a field, in order.
pub(super) struct FieldWriter<'a, W> {
    file: &'a mut FileWriter<W>,
    parts: Parts,
    documents: RowDocuments,
    dictionary: Vec<u8>,
    index: Vec<u8>,
    before: Key,
    /// The character whose bigrams come next, if none of them has been added yet.
    opening: Option<Character>,
    list: ListWriter,
    counts: ListWriter,
}

impl<W: Write> FieldWriter<'_, W> {
    /// Adds a character, ahead of the bigrams that begin with it, with the documents that hold it in
    /// ascending order, each with how often. One without documents is left out.
    ///
    /// # Errors
    /// If the file cannot be written, or the documents do not ascend.
    pub(super) fn character(
        &mut self,
        documents: impl IntoIterator<Item = (DocId, u32)>,
    ) -> io::Result<()> {
        let (mut least, mut more) = (0, 0_u32);
        for (document, count) in documents {
            if document < least {
                return Err(unsorted());
            }
            least = document + 1;
            more = more.wrapping_add(count.wrapping_sub(1));
            self.list.push(document);
            self.counts.push(more);
        }
        let documents = self.list.count();
        if documents == 0 {
            return Ok(());
        }
        let file = &mut *self.file;
        let at = file.written;
        self.list
            .finish(|table, blocks| file.put_both(table, blocks))?;
        let counts = file.written;
        self.counts
            .finish(|table, blocks| file.put_both(table, blocks))?;
        self.opening = Some(Character {
            documents,
            at: at - self.parts.lists,
            lengths: [counts - at, file.written - counts],
        });
        Ok(())
    }

    /// Adds a character as [`FieldWriter::character`] does, by its places in ascending order.
    ///
    /// # Errors
    /// As there.
    pub(super) fn character_at(&mut self, places: impl IntoIterator<Item = u32>) -> io::Result<()> {
        let mut documents: Vec<(DocId, u32)> = Vec::new();
        let mut end = 0;
        for place in places {
            match documents.last_mut() {
                Some((_, count)) if place < end => *count += 1,
                _ => {
                    let document = self.documents.of(place);
                    end = self.documents.end(document);
                    documents.push((document, 1));
                }
            }
        }
        self.character(documents)
    }

    /// Adds a bigram, behind those before, with its places in ascending order. One without places
    /// is left out.
    ///
    /// # Errors
    /// If the file cannot be written, or the places do not ascend.
    pub(super) fn bigram(
        &mut self,
        key: Key,
        places: impl IntoIterator<Item = u32>,
    ) -> io::Result<()> {
        let (mut documents, mut end, mut least) = (0_u32, 0, 0);
        for place in places {
            if place < least {
                return Err(unsorted());
            }
            least = place + 1;
            if place >= end {
                end = self.documents.end(self.documents.of(place));
                documents += 1;
            }
            self.list.push(place);
        }
        let count = self.list.count();
        if count == 0 {
            return Ok(());
        }
        if self.parts.entries.is_multiple_of(GROUP) {
            self.index.extend(key.0.to_le_bytes());
            self.index.extend(key.1.to_le_bytes());
            self.index
                .extend((self.dictionary.len() as u32).to_le_bytes());
            let lists = match self.opening {
                Some(character) => character.at,
                None => self.file.written - self.parts.lists,
            };
            self.index.extend(lists.to_le_bytes());
            self.before = (0, 0);
        }
        self.parts.entries += 1;
        let dictionary = &mut self.dictionary;
        match key.0 == self.before.0 {
            true => push_varint(dictionary, u64::from(key.1 - self.before.1) << 1),
            false => {
                push_varint(dictionary, u64::from(key.1) << 1 | 1);
                let opens = u64::from(self.opening.is_some());
                push_varint(dictionary, u64::from(key.0 - self.before.0) << 1 | opens);
                if let Some(character) = self.opening.take() {
                    push_varint(dictionary, u64::from(character.documents));
                    push_varint(dictionary, character.lengths[0]);
                    push_varint(dictionary, character.lengths[1]);
                }
            }
        }
        self.before = key;
        push_varint(dictionary, u64::from(count));
        if count == 1 {
            push_varint(dictionary, u64::from(self.list.first()));
            self.list.finish(|_, _| ());
            return Ok(());
        }
        push_varint(dictionary, u64::from(count - documents));
        let file = &mut *self.file;
        self.list.finish(|table, blocks| {
            push_varint(dictionary, (table.len() + blocks.len()) as u64);
            file.put_both(table, blocks)
        })
    }

    /// Writes what stands behind the lists.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let file = self.file;
        self.parts.dictionary = file.written;
        file.put(&self.dictionary)?;
        self.parts.index = file.written;
        file.put(&self.index)?;
        self.parts.starts = file.written;
        for start in &self.documents.starts {
            file.put(&start.to_le_bytes())?;
        }
        file.directory.push(self.parts);
        Ok(())
    }
}

/// The documents of a row, asked for by places in no order.
struct RowDocuments {
    /// Where each begins, and where the last one ends.
    starts: Vec<u32>,
    /// For each [`STRIDE`] places, the last document that begins at or before their first one.
    strides: Vec<DocId>,
}

/// Places in a stride: about the characters of half a passage, so that it seldom holds more than
/// the end of one and the start of another.
const STRIDE: usize = 64;

impl RowDocuments {
    fn new(starts: Vec<u32>) -> Self {
        let places = starts.last().map_or(0, |end| *end as usize);
        let mut document = 0;
        let strides = (0..places / STRIDE + 2).map(|stride| {
            let behind = |start: &u32| *start as usize <= stride * STRIDE;
            while starts.get(document + 1).is_some_and(behind) {
                document += 1;
            }
            document as DocId
        });
        let strides = strides.collect();
        RowDocuments { starts, strides }
    }

    /// Returns the document of a place; of one behind all documents, their number.
    #[inline]
    fn of(&self, place: u32) -> DocId {
        let stride = place as usize / STRIDE;
        let (Some(&low), Some(&high)) = (self.strides.get(stride), self.strides.get(stride + 1))
        else {
            return self.starts.len() as DocId - 1;
        };
        let among = &self.starts[low as usize + 1..=high as usize];
        low + among.partition_point(|start| *start <= place) as DocId
    }

    /// Returns the place behind a document.
    #[inline]
    fn end(&self, document: DocId) -> u32 {
        self.starts
            .get(document as usize + 1)
            .copied()
            .unwrap_or(u32::MAX)
    }
}

fn unsorted() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, broken())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::RowDocuments;

    proptest! {
        #[test]
        fn each_place_is_found_in_its_document(
            lengths in proptest::collection::vec(prop_oneof![3 => Just(0_u32), 3 => 1_u32..9, 2 => 1_u32..400], 1..300),
        ) {
            let ends = lengths.iter().scan(0, |end, length| {
                *end += length;
                Some(*end)
            });
            let starts: Vec<u32> = std::iter::once(0).chain(ends).collect();
            let documents = RowDocuments::new(starts.clone());
            let mut place = 0;
            for (document, length) in (0_u32..).zip(lengths) {
                for _ in 0..length {
                    prop_assert_eq!(documents.of(place), document);
                    prop_assert!(documents.end(document) > place);
                    place += 1;
                }
            }
            // A damaged list may name places behind all texts.
            for behind in [place, place + 64, place + 1_000, u32::MAX] {
                prop_assert_eq!(documents.end(documents.of(behind)), u32::MAX);
            }
        }
    }
}
