//! Words in order, with their documents → the file of a segment.
//!
//! Invariant: it is written as a stream: memory is the dictionary, not the lists.

use std::io::{self, Write};

use tantivy::DocId;
use tantivy::schema::Field;

use super::layout::{GROUP, INDEXED, MAGIC, broken};
use crate::index::bigrams::ListWriter;
use crate::index::bytes::push_varint;

/// Where the parts of a field stand in the file, and its numbers.
#[derive(Debug, Clone, Copy)]
struct Parts {
    field: u32,
    documents: u32,
    entries: u64,
    total: u64,
    lists: u64,
    dictionary: u64,
    index: u64,
    lengths: u64,
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

    /// Begins a field; `lengths` are the numbers of words of its documents.
    pub(super) fn field(&mut self, field: Field, lengths: Vec<u32>) -> FieldWriter<'_, W> {
        let parts = Parts {
            field: field.field_id(),
            documents: lengths.len() as u32,
            entries: 0,
            total: lengths.iter().map(|length| u64::from(*length)).sum(),
            lists: self.written,
            dictionary: 0,
            index: 0,
            lengths: 0,
        };
        FieldWriter {
            file: self,
            parts,
            lengths,
            dictionary: Vec::new(),
            index: Vec::new(),
            before: Vec::new(),
            documents: ListWriter::default(),
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
                parts.total,
                parts.lists,
                parts.dictionary,
                parts.index,
                parts.lengths,
            ] {
                bytes.extend(number.to_le_bytes());
            }
        }
        bytes.extend((self.directory.len() as u32).to_le_bytes());
        bytes.extend(MAGIC.to_le_bytes());
        self.put(&bytes)?;
        Ok(self.out)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}

/// Writes the words of a field, in order.
pub(super) struct FieldWriter<'a, W> {
    file: &'a mut FileWriter<W>,
    parts: Parts,
    lengths: Vec<u32>,
    dictionary: Vec<u8>,
    index: Vec<u8>,
    before: Vec<u8>,
    documents: ListWriter,
    counts: ListWriter,
}

impl<W: Write> FieldWriter<'_, W> {
    /// Adds a word, behind those before, with the documents that hold it in ascending order, each
    /// with how often. One without documents is left out.
    ///
    /// # Errors
    /// If the file cannot be written, or the documents do not ascend.
    pub(super) fn word(
        &mut self,
        word: &[u8],
        documents: impl IntoIterator<Item = (DocId, u32)>,
    ) -> io::Result<()> {
        let (mut least, mut more, mut last) = (0, 0_u32, 0);
        for (document, count) in documents {
            if document < least {
                return Err(io::Error::new(io::ErrorKind::InvalidData, broken()));
            }
            (least, last) = (document + 1, document);
            more = more.wrapping_add(count.wrapping_sub(1));
            self.documents.push(document);
            self.counts.push(more);
        }
        let documents = self.documents.count();
        if documents == 0 {
            return Ok(());
        }
        self.name(word);
        let is_once = more == 0;
        let dictionary = &mut self.dictionary;
        push_varint(dictionary, u64::from(documents) << 1 | u64::from(is_once));
        let file = &mut *self.file;
        let mut put = |list: &mut ListWriter, is_wanted: bool| {
            list.finish(|table, blocks| match is_wanted {
                true => {
                    push_varint(dictionary, (table.len() + blocks.len()) as u64);
                    file.put(table)?;
                    file.put(blocks)
                }
                false => Ok(()),
            })
        };
        let is_single = documents == 1;
        put(&mut self.documents, !is_single)?;
        put(&mut self.counts, !is_single && !is_once)?;
        if is_single {
            push_varint(dictionary, u64::from(last));
            if !is_once {
                push_varint(dictionary, u64::from(more));
            }
        }
        Ok(())
    }

    /// Writes what stands behind the lists.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let file = self.file;
        self.parts.dictionary = file.written;
        file.put(&self.dictionary)?;
        self.parts.index = file.written;
        file.put(&self.index)?;
        self.parts.lengths = file.written;
        for length in &self.lengths {
            file.put(&length.to_le_bytes())?;
        }
        file.directory.push(self.parts);
        Ok(())
    }

    /// Writes a word's name into the dictionary.
    fn name(&mut self, word: &[u8]) {
        if self.parts.entries.is_multiple_of(GROUP) {
            const { assert!(INDEXED == 12) };
            self.index
                .extend((self.dictionary.len() as u32).to_le_bytes());
            let lists = self.file.written - self.parts.lists;
            self.index.extend(lists.to_le_bytes());
            self.before.clear();
        }
        self.parts.entries += 1;
        let pairs = self.before.iter().zip(word);
        let shared = pairs.take_while(|(one, other)| one == other).count();
        push_varint(&mut self.dictionary, shared as u64);
        push_varint(&mut self.dictionary, (word.len() - shared) as u64);
        self.dictionary.extend_from_slice(&word[shared..]);
        self.before.truncate(shared);
        self.before.extend_from_slice(&word[shared..]);
    }
}
