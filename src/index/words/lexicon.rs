//! The file of a segment → what it says of each field's words.

use tantivy::DocId;
use tantivy::directory::OwnedBytes;
use tantivy::schema::Field;

use super::layout::{GROUP, INDEXED, LENGTH, LISTED, MAGIC, broken};
use crate::index::bigrams::{Counted, CountedDocuments, Places};
use crate::index::bytes::{Bytes, u32_at, u64_at};

/// The words of a field in one segment.
#[derive(Debug, Clone)]
pub(crate) struct Lexicon {
    field: Field,
    documents: u32,
    entries: u64,
    total: u64,
    lists: OwnedBytes,
    dictionary: OwnedBytes,
    index: OwnedBytes,
    lengths: OwnedBytes,
}

/// What the dictionary says about a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// In how many documents it stands, deleted ones included.
    pub(crate) documents: u32,
    list: List,
}

/// Where the documents of a word are, and how often it stands in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    /// One document, and how often beyond once.
    One(DocId, u32),
    /// A list of documents of so many bytes, and one of counts; `None` if each holds it once.
    Many {
        at: u64,
        length: u64,
        counts: Option<u64>,
    },
}

/// Opens the file of a segment of so many documents.
///
/// # Errors
/// If it is damaged.
pub(super) fn open(file: &OwnedBytes, documents: u32) -> tantivy::Result<Vec<Lexicon>> {
    fields(file, documents).ok_or_else(broken)
}

fn fields(file: &OwnedBytes, documents: u32) -> Option<Vec<Lexicon>> {
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
        let (entries, total) = (part(0)?, part(1)?);
        let (lists, dictionary, index, lengths) = (part(2)?, part(3)?, part(4)?, part(5)?);
        let bytes = u64::from(documents) * LENGTH as u64;
        let lexicon = Lexicon {
            field: Field::from_field_id(u32_at(file, at)?),
            documents,
            entries,
            total,
            lists: slice(lists, dictionary)?,
            dictionary: slice(dictionary, index)?,
            index: slice(index, lengths)?,
            lengths: slice(lengths, lengths.checked_add(bytes)?)?,
        };
        let blocks = usize::try_from(entries.div_ceil(GROUP)).ok()?;
        if u32_at(file, at + 4)? != documents
            || lexicon.index.len() != blocks.checked_mul(INDEXED)?
        {
            return None;
        }
        fields.push(lexicon);
    }
    Some(fields)
}

impl Lexicon {
    /// Returns the field.
    pub(super) fn field(&self) -> Field {
        self.field
    }

    /// Returns the number of documents, deleted ones included.
    pub(super) fn documents(&self) -> u32 {
        self.documents
    }

    /// Returns how many words the documents have, deleted ones included.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Returns how many words a document has.
    #[inline]
    pub(crate) fn length(&self, document: DocId) -> u32 {
        u32_at(&self.lengths, document as usize * LENGTH).unwrap_or(0)
    }

    /// Looks a word up.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(crate) fn entry(&self, word: &str) -> tantivy::Result<Option<Entry>> {
        let mut entries = self.from(word)?;
        Ok(match entries.advance()? {
            true if entries.word() == word.as_bytes() => Some(entries.entry()),
            _ => None,
        })
    }

    /// Opens the documents that hold a word, with how often.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(crate) fn holders(&self, entry: &Entry) -> tantivy::Result<CountedDocuments> {
        let open = |at: u64, length: u64| {
            let from = usize::try_from(at).ok()?;
            let to = from.checked_add(usize::try_from(length).ok()?)?;
            let bytes = (to <= self.lists.len()).then(|| self.lists.slice(from..to))?;
            Places::open(bytes, entry.documents)
        };
        let holders = || match entry.list {
            List::One(document, more) => Some(CountedDocuments::new(
                Places::one(document),
                (more > 0).then(|| Places::one(more)),
            )),
            List::Many { at, length, counts } => {
                let documents = open(at, length)?;
                let counts = match counts {
                    Some(bytes) => Some(open(at.checked_add(length)?, bytes)?),
                    None => None,
                };
                Some(CountedDocuments::new(documents, counts))
            }
        };
        holders().ok_or_else(broken)
    }

    /// Replaces `counted` by the documents that hold a word, with how often: for many words, without
    /// a list opened for each that stands in one document.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(crate) fn read(&self, entry: &Entry, counted: &mut Counted) -> tantivy::Result<()> {
        counted.docs.clear();
        counted.counts.clear();
        if let List::One(document, more) = entry.list {
            counted.push(document, more.wrapping_add(1));
            return Ok(());
        }
        let mut holders = self.holders(entry)?;
        let mut known = None;
        while known != Some(counted.docs.len()) {
            known = Some(counted.docs.len());
            holders.fill(counted);
        }
        Ok(())
    }

    /// Opens the documents that hold a word; `None` if there are none.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(crate) fn documents_with(&self, word: &str) -> tantivy::Result<Option<CountedDocuments>> {
        let entry = self.entry(word)?;
        entry.map(|entry| self.holders(&entry)).transpose()
    }

    /// Goes through all words in the order of their bytes.
    pub(crate) fn entries(&self) -> Entries<'_> {
        self.entries_of(0)
    }

    /// Goes through the words from `word` on, in the order of their bytes.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(crate) fn from(&self, word: &str) -> tantivy::Result<Entries<'_>> {
        let (mut low, mut high) = (0, self.index.len() / INDEXED);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            match self.first(middle).ok_or_else(broken)? <= word.as_bytes() {
                true => low = middle,
                false => high = middle,
            }
        }
        let mut entries = self.entries_of(low);
        while entries.advance()? {
            if entries.word() >= word.as_bytes() {
                entries.is_ahead = true;
                break;
            }
        }
        Ok(entries)
    }

    fn entries_of(&self, block: usize) -> Entries<'_> {
        Entries {
            lexicon: self,
            number: block as u64 * GROUP,
            bytes: Bytes { rest: &[] },
            lists: 0,
            word: Vec::new(),
            entry: Entry {
                documents: 0,
                list: List::One(0, 0),
            },
            is_ahead: false,
        }
    }

    /// Returns the first word of a block.
    fn first(&self, block: usize) -> Option<&[u8]> {
        let start = u32_at(&self.index, block * INDEXED)? as usize;
        let mut bytes = Bytes {
            rest: self.dictionary.get(start..)?,
        };
        let (_, length) = (bytes.varint()?, bytes.varint()?);
        bytes.rest.get(..usize::try_from(length).ok()?)
    }
}

/// The words of a dictionary in order.
#[derive(Debug)]
pub(crate) struct Entries<'a> {
    lexicon: &'a Lexicon,
    /// Number of the word that is read next.
    number: u64,
    bytes: Bytes<'a>,
    lists: u64,
    word: Vec<u8>,
    entry: Entry,
    /// Whether the current word has not been given yet.
    is_ahead: bool,
}

impl Entries<'_> {
    /// Moves on to the next word; at first there is none.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(crate) fn advance(&mut self) -> tantivy::Result<bool> {
        if std::mem::take(&mut self.is_ahead) {
            return Ok(true);
        }
        if self.number >= self.lexicon.entries {
            return Ok(false);
        }
        self.entry = self.read().ok_or_else(broken)?;
        Ok(true)
    }

    /// Returns the bytes of the current word.
    pub(crate) fn word(&self) -> &[u8] {
        &self.word
    }

    /// Returns what is said about it.
    pub(crate) fn entry(&self) -> Entry {
        self.entry
    }

    fn read(&mut self) -> Option<Entry> {
        if self.number.is_multiple_of(GROUP) {
            let at = usize::try_from(self.number / GROUP).ok()? * INDEXED;
            let start = u32_at(&self.lexicon.index, at)? as usize;
            self.bytes.rest = self.lexicon.dictionary.get(start..)?;
            self.lists = u64_at(&self.lexicon.index, at + 4)?;
            self.word.clear();
        }
        self.number += 1;
        let bytes = &mut self.bytes;
        let shared = usize::try_from(bytes.varint()?).ok()?;
        let length = usize::try_from(bytes.varint()?).ok()?;
        let (own, rest) = bytes.rest.split_at_checked(length)?;
        bytes.rest = rest;
        if shared > self.word.len() {
            return None;
        }
        self.word.truncate(shared);
        self.word.extend_from_slice(own);
        let documents = bytes.varint()?;
        let is_once = documents & 1 == 1;
        let documents = u32::try_from(documents >> 1).ok()?;
        if documents <= 1 {
            let document = bytes.varint_u32()?;
            let more = if is_once { 0 } else { bytes.varint_u32()? };
            let list = List::One(document, more);
            return Some(Entry { documents, list });
        }
        let length = bytes.varint()?;
        let counts = if is_once { None } else { Some(bytes.varint()?) };
        let list = List::Many {
            at: self.lists,
            length,
            counts,
        };
        self.lists = self.lists.checked_add(length)?;
        self.lists = self.lists.checked_add(counts.unwrap_or(0))?;
        Some(Entry { documents, list })
    }
}
