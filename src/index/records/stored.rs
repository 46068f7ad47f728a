//! The file of a segment → the record of a document.

use std::cell::RefCell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use tantivy::directory::{FileSlice, OwnedBytes};
use tantivy::{DocId, HasLen};
use zstd::zstd_safe::DDict;

use super::dictionary::Unpacker;
use super::layout::{ENDING, INDEXED, MAGIC, SECTION, broken};
use crate::index::bytes::{Bytes, u32_at, u64_at};

/// The records of one segment.
pub(in crate::index) struct Stored {
    /// Tells this file from every other one that the process has opened.
    number: u64,
    documents: u32,
    groups: FileSlice,
    table: OwnedBytes,
    index: OwnedBytes,
    dictionary: OwnedBytes,
    /// The dictionary made ready, when first needed; `None` if there is none.
    prepared: OnceLock<Option<DDict<'static>>>,
}

impl std::fmt::Debug for Stored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stored")
            .field("documents", &self.documents)
            .finish_non_exhaustive()
    }
}

/// A group of records in a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct GroupEntry {
    /// The document of its first record.
    pub(super) first: DocId,
    /// How many it has.
    pub(super) records: u32,
    /// Its first byte.
    from: u64,
    /// The byte behind its last one.
    to: u64,
}

/// What a thread keeps: neighbours are mostly read one after the other.
struct Last {
    unpacker: Unpacker,
    /// The file and the first byte of the group that was unpacked last.
    of: Option<(u64, u64)>,
    group: Vec<u8>,
}

thread_local! {
    static LAST: RefCell<Option<Last>> = const { RefCell::new(None) };
}

/// About how much smaller records are when they are compressed.
const COMPRESSED: usize = 3;
/// Bytes of a group above which it is not kept.
const KEPT: usize = 1 << 20;

impl Stored {
    /// Opens the file of a segment of so many documents.
    ///
    /// # Errors
    /// If it is damaged.
    pub(super) fn open(file: FileSlice, documents: u32) -> tantivy::Result<Self> {
        let end = file.len().checked_sub(ENDING).ok_or_else(broken)?;
        let ending = file.read_bytes_slice(end..file.len())?;
        let parts = || {
            let part = |number: usize| usize::try_from(u64_at(&ending, number * 8)?).ok();
            let parts = [part(0)?, part(1)?, part(2)?, part(3)?];
            let fits = u32_at(&ending, 32)? == documents
                && u32_at(&ending, 36)? == MAGIC
                && parts.is_sorted()
                && parts[3] == end
                && (parts[2] - parts[1]).is_multiple_of(INDEXED);
            fits.then_some(parts)
        };
        let [groups, table, index, dictionary] = parts().ok_or_else(broken)?;
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Ok(Stored {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            documents,
            groups: file.slice(0..groups),
            table: file.read_bytes_slice(groups..table)?,
            index: file.read_bytes_slice(table..index)?,
            dictionary: file.read_bytes_slice(index..dictionary)?,
            prepared: OnceLock::new(),
        })
    }

    /// Returns the bytes of the dictionary; none if there is none.
    pub(super) fn dictionary(&self) -> &[u8] {
        &self.dictionary
    }

    /// Returns about how many bytes the records have.
    pub(super) fn bytes(&self) -> usize {
        self.groups.len() * COMPRESSED
    }

    /// Returns the number of documents, deleted ones included.
    pub(super) fn documents(&self) -> u32 {
        self.documents
    }

    /// Hands the record of a document to `read`.
    ///
    /// # Errors
    /// If there is no such document or the file is damaged.
    pub(in crate::index) fn with<T>(
        &self,
        document: DocId,
        read: impl FnOnce(&[u8]) -> T,
    ) -> tantivy::Result<T> {
        let entry = self.group_of(document).ok_or_else(broken)?;
        self.in_group(&entry, |group| {
            let mut bytes = Bytes { rest: group };
            for _ in entry.first..document {
                record(&mut bytes).ok_or_else(broken)?;
            }
            record(&mut bytes).map(read).ok_or_else(broken)
        })
    }

    /// Returns the groups in order.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(super) fn groups(&self) -> tantivy::Result<Vec<GroupEntry>> {
        let mut groups = Vec::new();
        for number in 0..self.index.len() / INDEXED {
            for entry in self.section(number).ok_or_else(broken)? {
                groups.push(entry.ok_or_else(broken)?);
            }
        }
        Ok(groups)
    }

    /// Returns the frame of a group as it stands.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(super) fn frame(&self, entry: &GroupEntry) -> tantivy::Result<OwnedBytes> {
        let range = || Some(usize::try_from(entry.from).ok()?..usize::try_from(entry.to).ok()?);
        let range =
            range().filter(|range| range.start <= range.end && range.end <= self.groups.len());
        Ok(self.groups.read_bytes_slice(range.ok_or_else(broken)?)?)
    }

    fn group_of(&self, document: DocId) -> Option<GroupEntry> {
        let (mut low, mut high) = (0, self.index.len() / INDEXED);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            match u32_at(&self.index, middle * INDEXED)? <= document {
                true => low = middle,
                false => high = middle,
            }
        }
        let mut section = self.section(low)?;
        section.find_map(|entry| match entry {
            Some(entry) if document < entry.first => Some(None),
            Some(entry) => (document - entry.first < entry.records).then_some(Some(entry)),
            None => Some(None),
        })?
    }

    fn section(&self, number: usize) -> Option<Section<'_>> {
        let at = number * INDEXED;
        let end = match u32_at(&self.index, at + INDEXED + 4) {
            Some(end) => end as usize,
            None => self.table.len(),
        };
        let start = u32_at(&self.index, at + 4)? as usize;
        Some(Section {
            bytes: Bytes {
                rest: self.table.get(start..end)?,
            },
            groups: SECTION,
            first: u32_at(&self.index, at)?,
            from: u64_at(&self.index, at + 8)?,
        })
    }

    /// Hands a group's records, each behind its length, to `read`.
    fn in_group<T>(
        &self,
        entry: &GroupEntry,
        read: impl FnOnce(&[u8]) -> tantivy::Result<T>,
    ) -> tantivy::Result<T> {
        LAST.with_borrow_mut(|last| {
            let last = match last {
                Some(last) => last,
                None => last.insert(Last {
                    unpacker: Unpacker::new().ok_or_else(broken)?,
                    of: None,
                    group: Vec::new(),
                }),
            };
            let of = Some((self.number, entry.from));
            if last.of != of {
                last.of = None;
                let frame = self.frame(entry)?;
                let prepared = self.prepared()?;
                let unpacked = last.unpacker.unpack(&frame, prepared, &mut last.group);
                unpacked.ok_or_else(broken)?;
                last.of = of;
            }
            let made = read(&last.group);
            if last.group.capacity() > KEPT {
                (last.of, last.group) = (None, Vec::new());
            }
            made
        })
    }

    fn prepared(&self) -> tantivy::Result<Option<&DDict<'static>>> {
        if self.dictionary.is_empty() {
            return Ok(None);
        }
        let prepared = self
            .prepared
            .get_or_init(|| DDict::try_create(&self.dictionary));
        prepared.as_ref().map(Some).ok_or_else(broken)
    }
}

/// Groups of the table one after the other; `None` for one that cannot be.
struct Section<'a> {
    bytes: Bytes<'a>,
    groups: usize,
    first: DocId,
    from: u64,
}

impl Section<'_> {
    fn entry(&mut self) -> Option<GroupEntry> {
        let (records, length) = (self.bytes.varint_u32()?, self.bytes.varint()?);
        let entry = GroupEntry {
            first: self.first,
            records,
            from: self.from,
            to: self.from.checked_add(length)?,
        };
        self.first = self.first.checked_add(records)?;
        self.from = entry.to;
        Some(entry)
    }
}

impl Iterator for Section<'_> {
    type Item = Option<GroupEntry>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.groups == 0 || self.bytes.rest.is_empty() {
            return None;
        }
        self.groups -= 1;
        let entry = self.entry();
        if entry.is_none() {
            self.groups = 0;
        }
        Some(entry)
    }
}

/// Takes a record off a group.
pub(super) fn record<'a>(bytes: &mut Bytes<'a>) -> Option<&'a [u8]> {
    let length = usize::try_from(bytes.varint()?).ok()?;
    let (record, rest) = bytes.rest.split_at_checked(length)?;
    bytes.rest = rest;
    Some(record)
}
