//! One file a segment: for each field its lists, its dictionary, and where its texts begin.
//!
//! The texts of a field stand one after the other in one row of places, each value followed by an
//! empty place; a document's places are those from its start to that of the next one. The
//! dictionary names the bigrams in the order of their characters, in blocks of [`GROUP`] with an
//! index of the blocks; a bigram that stands once has its place there instead of a list. Ahead of
//! the lists of a character's bigrams stand the documents that hold it, and how often they do.
//!
//! Invariant: what is written can be written from a stream: memory is the dictionary, not the lists.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use tantivy::directory::OwnedBytes;
use tantivy::postings::Postings;
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, TERMINATED, TantivyError};

use super::documents::{CharacterDocuments, Documents};
use super::list::{Ascending, END, ListWriter, Places};
use crate::index::bytes::{Bytes, push_varint, u32_at, u64_at};

/// How a file ends: its kind and version.
const MAGIC: u32 = u32::from_le_bytes(*b"zbg1");
/// Bigrams in a block of the dictionary.
const GROUP: u64 = 64;
/// Bytes in the index for a block: its first bigram, its offset, that of its first list.
const INDEXED: usize = 20;
/// Bytes in the directory for a field.
const LISTED: usize = 48;

/// A bigram by the numbers of its characters: 0 for the end of a text, else the code point and one.
pub(in crate::index) type Key = (u32, u32);

/// Returns the number of a character.
fn number(character: char) -> u32 {
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

fn unsorted() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, broken())
}

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
            starts: Starts::Made(starts),
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
    starts: Starts,
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
        let (mut least, mut total) = (0, 0_u32);
        for (document, count) in documents {
            if document < least {
                return Err(unsorted());
            }
            least = document + 1;
            total = total.wrapping_add(count);
            self.list.push(document);
            self.counts.push(total);
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
                last => {
                    let from = last.map_or(0, |(document, _)| *document);
                    let document = self.starts.document(place, from);
                    end = self.starts.at(document + 1);
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
        let (mut documents, mut document, mut end) = (0_u32, 0, 0);
        let mut least = 0;
        for place in places {
            if place < least {
                return Err(unsorted());
            }
            least = place + 1;
            if place >= end {
                document = self.starts.document(place, document);
                end = self.starts.at(document + 1);
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
        if let Starts::Made(starts) = &self.starts {
            for start in starts {
                file.put(&start.to_le_bytes())?;
            }
        }
        file.directory.push(self.parts);
        Ok(())
    }
}

/// Where the texts of documents begin in the row of places, and where the last one ends.
#[derive(Debug, Clone)]
enum Starts {
    Made(Vec<u32>),
    Read(OwnedBytes),
}

impl Starts {
    #[inline]
    fn at(&self, document: DocId) -> u32 {
        match self {
            Starts::Made(starts) => starts.get(document as usize).copied().unwrap_or(u32::MAX),
            Starts::Read(bytes) => u32_at(bytes, document as usize * 4).unwrap_or(u32::MAX),
        }
    }

    /// Returns the document of a place, which is `from` or one behind it. The place is below
    /// [`END`](super::END), which is what stands behind the last document.
    #[inline]
    fn document(&self, place: u32, from: DocId) -> DocId {
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

/// The bigrams of a field in one segment.
#[derive(Debug, Clone)]
pub(crate) struct Texts {
    field: Field,
    documents: u32,
    entries: u64,
    lists: OwnedBytes,
    dictionary: OwnedBytes,
    index: OwnedBytes,
    starts: Starts,
}

/// A bigram with what the dictionary says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(super) key: Key,
    /// How often it occurs.
    pub(crate) count: u32,
    /// In how many documents.
    pub(crate) documents: u32,
    /// Its place if there is one, else where its list begins.
    at: u64,
    /// Bytes of its list.
    length: u64,
}

/// A character with what the dictionary says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Character {
    /// How many documents hold it.
    pub(crate) documents: u32,
    /// Where its lists begin: the documents, and how often it stands in them and those before.
    at: u64,
    /// Their bytes.
    lengths: [u64; 2],
}

/// Opens the file of a segment of so many documents.
///
/// # Errors
/// If it is damaged.
pub(super) fn open(file: &OwnedBytes, documents: u32) -> tantivy::Result<Vec<Texts>> {
    fields(file, documents).ok_or_else(broken)
}

fn fields(file: &OwnedBytes, documents: u32) -> Option<Vec<Texts>> {
    let end = file.len().checked_sub(8)?;
    let count = u32_at(file, end)? as usize;
    let directory = end.checked_sub(count.checked_mul(LISTED)?)?;
    if u32_at(file, end + 4)? != MAGIC {
        return None;
    }
    let slice = |from: u64, to: u64| -> Option<OwnedBytes> {
        let (from, to) = (usize::try_from(from).ok()?, usize::try_from(to).ok()?);
        (from <= to && to <= directory).then(|| file.slice(from..to))
    };
    let mut fields = Vec::with_capacity(count);
    for number in 0..count {
        let at = directory + number * LISTED;
        let part = |place: usize| u64_at(file, at + 8 + place * 8);
        let (entries, lists, dictionary, index, starts) =
            (part(0)?, part(1)?, part(2)?, part(3)?, part(4)?);
        let bytes = (u64::from(documents) + 1) * 4;
        let texts = Texts {
            field: Field::from_field_id(u32_at(file, at)?),
            documents,
            entries,
            lists: slice(lists, dictionary)?,
            dictionary: slice(dictionary, index)?,
            index: slice(index, starts)?,
            starts: Starts::Read(slice(starts, starts.checked_add(bytes)?)?),
        };
        let blocks = usize::try_from(entries.div_ceil(GROUP)).ok()?;
        if u32_at(file, at + 4)? != documents || texts.index.len() != blocks.checked_mul(INDEXED)? {
            return None;
        }
        fields.push(texts);
    }
    Some(fields)
}

impl Texts {
    /// Returns the field.
    pub(crate) fn field(&self) -> Field {
        self.field
    }

    /// Returns the number of documents, deleted ones included.
    pub(super) fn documents(&self) -> u32 {
        self.documents
    }

    /// Returns the end of the row of places.
    pub(crate) fn end(&self) -> u32 {
        self.starts.at(self.documents)
    }

    /// Returns the first place of a document; for the number of documents, the end of the last.
    #[inline]
    pub(crate) fn start(&self, document: DocId) -> u32 {
        self.starts.at(document)
    }

    /// Returns the document of a place, which is `from` or one behind it.
    #[inline]
    pub(crate) fn document(&self, place: u32, from: DocId) -> DocId {
        self.starts.document(place, from)
    }

    /// Looks a bigram up.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(crate) fn pair(&self, first: char, second: char) -> tantivy::Result<Option<Entry>> {
        let key = (number(first), number(second));
        let mut entries = self.entries_from(key);
        loop {
            match entries.next()? {
                Some(entry) if entry.key < key => {}
                Some(entry) if entry.key == key => return Ok(Some(entry)),
                _ => return Ok(None),
            }
        }
    }

    /// Looks up all bigrams that begin with a character, the end of a text included.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(crate) fn beginning(&self, first: char) -> tantivy::Result<Vec<Entry>> {
        let first = number(first);
        let mut found = Vec::new();
        let mut entries = self.entries_from((first, 0));
        while let Some(entry) = entries.next()? {
            if entry.key.0 > first {
                break;
            }
            if entry.key.0 == first {
                found.push(entry);
            }
        }
        Ok(found)
    }

    /// Looks a character up.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(crate) fn character(&self, character: char) -> tantivy::Result<Option<Character>> {
        let first = number(character);
        let mut entries = self.entries_from((first, 0));
        while let Some(entry) = entries.next()? {
            if entry.key.0 == first && entries.character.is_some() {
                return Ok(entries.character);
            }
            if entry.key.0 > first {
                break;
            }
        }
        Ok(None)
    }

    /// Opens the documents that hold a character.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(crate) fn holders(&self, character: &Character) -> tantivy::Result<CharacterDocuments> {
        let open = |at: u64, length: u64| {
            let from = usize::try_from(at).ok()?;
            let to = from.checked_add(usize::try_from(length).ok()?)?;
            let bytes = (to <= self.lists.len()).then(|| self.lists.slice(from..to))?;
            Places::open(bytes, character.documents)
        };
        let [documents, counts] = character.lengths;
        let counts_at = character.at.checked_add(documents).ok_or_else(broken)?;
        match (open(character.at, documents), open(counts_at, counts)) {
            (Some(documents), Some(counts)) => Ok(CharacterDocuments::new(documents, counts)),
            _ => Err(broken()),
        }
    }

    /// Opens the list of a bigram.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(crate) fn places(&self, entry: &Entry) -> tantivy::Result<Places> {
        if entry.count == 1 {
            let place = u32::try_from(entry.at).map_err(|_| broken())?;
            return Ok(Places::one(place));
        }
        let list = || {
            let from = usize::try_from(entry.at).ok()?;
            let to = from.checked_add(usize::try_from(entry.length).ok()?)?;
            let bytes = (to <= self.lists.len()).then(|| self.lists.slice(from..to))?;
            Places::open(bytes, entry.count)
        };
        list().ok_or_else(broken)
    }

    /// Opens the documents that hold a bigram; `None` if there are none.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(crate) fn documents_with(
        texts: &Arc<Self>,
        first: char,
        second: char,
    ) -> tantivy::Result<Option<Documents<Places>>> {
        let Some(entry) = texts.pair(first, second)? else {
            return Ok(None);
        };
        let places = texts.places(&entry)?;
        Ok(Some(Documents::new(Arc::clone(texts), places)))
    }

    /// Hands every place of every bigram to `each`, with its document and its place therein.
    ///
    /// # Errors
    /// If the file is damaged, or what it says of bigrams or characters does not fit their places.
    pub(in crate::index) fn each(
        &self,
        mut each: impl FnMut(Key, DocId, u32),
    ) -> tantivy::Result<()> {
        let mut entries = self.entries();
        // For each document, how much oftener the current character stands there than was seen.
        let mut unseen: BTreeMap<DocId, u32> = BTreeMap::new();
        while let Some(entry) = entries.next()? {
            if let Some(character) = entries.character {
                if !unseen.is_empty() {
                    return Err(broken());
                }
                let mut holders = self.holders(&character)?;
                while holders.doc() != TERMINATED {
                    unseen.insert(holders.doc(), holders.term_freq());
                    holders.advance();
                }
            }
            let mut places = self.places(&entry)?;
            let (mut document, mut documents) = (DocId::MAX, 0);
            while places.place() != END {
                let found = self.document(places.place(), if documents > 0 { document } else { 0 });
                documents += u32::from(found != document);
                document = found;
                match unseen.get_mut(&found) {
                    Some(1) => drop(unseen.remove(&found)),
                    Some(count) => *count -= 1,
                    None => return Err(broken()),
                }
                each(entry.key, found, places.place() - self.start(found));
                places.advance();
            }
            if documents != entry.documents {
                return Err(broken());
            }
        }
        match unseen.is_empty() {
            true => Ok(()),
            false => Err(broken()),
        }
    }

    /// Goes through all bigrams in order.
    pub(super) fn entries(&self) -> Entries<'_> {
        self.entries_of(0)
    }

    /// Goes through the bigrams from some before `key` on.
    fn entries_from(&self, key: Key) -> Entries<'_> {
        let (mut low, mut high) = (0, self.index.len() / INDEXED);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            match self.indexed(middle).is_some_and(|first| first <= key) {
                true => low = middle,
                false => high = middle,
            }
        }
        self.entries_of(low)
    }

    fn entries_of(&self, block: usize) -> Entries<'_> {
        Entries {
            texts: self,
            number: block as u64 * GROUP,
            key: (0, 0),
            bytes: Bytes { rest: &[] },
            lists: 0,
            character: None,
        }
    }

    fn indexed(&self, block: usize) -> Option<Key> {
        let at = block * INDEXED;
        Some((u32_at(&self.index, at)?, u32_at(&self.index, at + 4)?))
    }
}

/// The bigrams of a dictionary in order.
pub(super) struct Entries<'a> {
    texts: &'a Texts,
    number: u64,
    key: Key,
    bytes: Bytes<'a>,
    lists: u64,
    /// The first character of the bigram that was returned last, if it is the first that begins so.
    pub(super) character: Option<Character>,
}

impl Entries<'_> {
    /// Returns the next bigram.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(super) fn next(&mut self) -> tantivy::Result<Option<Entry>> {
        if self.number >= self.texts.entries {
            return Ok(None);
        }
        self.read().map(Some).ok_or_else(broken)
    }

    fn read(&mut self) -> Option<Entry> {
        if self.number.is_multiple_of(GROUP) {
            let at = usize::try_from(self.number / GROUP).ok()? * INDEXED;
            let start = u32_at(&self.texts.index, at + 8)? as usize;
            self.bytes.rest = self.texts.dictionary.get(start..)?;
            self.lists = u64_at(&self.texts.index, at + 12)?;
            self.key = (0, 0);
        }
        self.number += 1;
        let bytes = &mut self.bytes;
        let second = bytes.varint()?;
        let is_other = second & 1 == 1;
        let second = u32::try_from(second >> 1).ok()?;
        self.character = None;
        self.key = match is_other {
            true => {
                let first = bytes.varint()?;
                if first & 1 == 1 {
                    let documents = bytes.varint_u32()?;
                    let lengths = [bytes.varint()?, bytes.varint()?];
                    self.character = Some(Character {
                        documents,
                        at: self.lists,
                        lengths,
                    });
                    let length = lengths[0].checked_add(lengths[1])?;
                    self.lists = self.lists.checked_add(length)?;
                }
                let first = u32::try_from(first >> 1).ok()?;
                (self.key.0.checked_add(first)?, second)
            }
            false => (self.key.0, self.key.1.checked_add(second)?),
        };
        let count = bytes.varint_u32()?;
        if count <= 1 {
            let at = bytes.varint()?;
            return Some(Entry {
                key: self.key,
                count: 1,
                documents: 1,
                at,
                length: 0,
            });
        }
        let repeated = bytes.varint_u32()?;
        let length = bytes.varint()?;
        let at = self.lists;
        self.lists = at.checked_add(length)?;
        Some(Entry {
            key: self.key,
            count,
            documents: count.checked_sub(repeated)?,
            at,
            length,
        })
    }
}
