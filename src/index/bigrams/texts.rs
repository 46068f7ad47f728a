//! The file of a segment → what it says of each field's texts.

use std::sync::{Arc, OnceLock};

use tantivy::DocId;
use tantivy::directory::OwnedBytes;
use tantivy::schema::Field;

use super::documents::{CountedDocuments, Documents};
use super::layout::{
    Character, GROUP, INDEXED, Key, LISTED, Landmarks, MAGIC, Starts, broken, number,
};
use super::list::Places;
use crate::index::bytes::{Bytes, u32_at, u64_at};

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
    landmarks: OnceLock<Landmarks>,
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
            starts: Starts(slice(starts, starts.checked_add(bytes)?)?),
            landmarks: OnceLock::new(),
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
        let Some(landmarks) = self.landmarks.get() else {
            return self.starts.document(place, from);
        };
        // Whatever was found before, so that one place need not wait for another.
        let mut near = landmarks.before(place);
        // Mostly one of these, which is cheaper to count than to guess.
        near += u32::from(self.starts.at(near + 1) <= place);
        near += u32::from(self.starts.at(near + 1) <= place);
        self.starts.document(place, near).max(from)
    }

    /// Makes the landmarks, by which the document of a place is found near at hand.
    pub(super) fn prepare(&self) {
        let make = || Landmarks::of(&self.starts, self.documents);
        self.landmarks.get_or_init(make);
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
    pub(crate) fn holders(&self, character: &Character) -> tantivy::Result<CountedDocuments> {
        let open = |at: u64, length: u64| {
            let from = usize::try_from(at).ok()?;
            let to = from.checked_add(usize::try_from(length).ok()?)?;
            let bytes = (to <= self.lists.len()).then(|| self.lists.slice(from..to))?;
            Places::open(bytes, character.documents)
        };
        let [documents, counts] = character.lengths;
        let counts_at = character.at.checked_add(documents).ok_or_else(broken)?;
        match (open(character.at, documents), open(counts_at, counts)) {
            (Some(documents), Some(counts)) => Ok(CountedDocuments::new(documents, Some(counts))),
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
