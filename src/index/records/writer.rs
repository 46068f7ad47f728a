//! Records in the order of documents → the file of a segment.
//!
//! Invariant: it is written as a stream once there is a dictionary: memory is a group and the table.

use std::convert::Infallible;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use super::dictionary::{Dictionary, Effort, Packer};
use super::layout::{ENDING, MAGIC, SECTION};
use crate::index::bytes::push_varint;

/// Bytes of records that are gathered for a dictionary: most of what a segment comes to, since
/// reports of one region or time say little of others.
const ENOUGH: usize = 24 << 20;
/// Bytes of records in a group, at least: a group takes ten microseconds to unpack.
const GROUP: usize = 4 << 10;
/// The same where there is no dictionary.
const GROUP_ALONE: usize = 16 << 10;

/// Writes the file of a segment.
pub(super) struct RecordWriter<W> {
    out: W,
    written: u64,
    stage: Stage,
    group: Group,
    packer: Packer,
    packed: Vec<u8>,
    documents: u32,
    groups: usize,
    table: Vec<u8>,
    index: Vec<u8>,
}

/// What records are compressed with.
enum Stage {
    /// Not known yet: these wait for a dictionary.
    Gathering { records: Vec<u8>, ends: Vec<usize> },
    /// With this dictionary, or none.
    Packing(Option<Arc<Dictionary>>),
}

/// Records that are compressed together.
#[derive(Default)]
struct Group {
    bytes: Vec<u8>,
    records: u32,
}

impl Group {
    fn push(&mut self, record: &[u8]) {
        push_varint(&mut self.bytes, record.len() as u64);
        self.bytes.extend_from_slice(record);
        self.records += 1;
    }
}

impl<W: Write> RecordWriter<W> {
    /// Begins a file whose records are gathered until a dictionary is chosen.
    ///
    /// # Errors
    /// If memory is short.
    pub(super) fn new(out: W) -> io::Result<Self> {
        let stage = Stage::Gathering {
            records: Vec::new(),
            ends: Vec::new(),
        };
        Self::at(out, stage)
    }

    /// Begins a file with a dictionary.
    ///
    /// # Errors
    /// As there.
    pub(super) fn with(out: W, dictionary: Arc<Dictionary>) -> io::Result<Self> {
        Self::at(out, Stage::Packing(Some(dictionary)))
    }

    fn at(out: W, stage: Stage) -> io::Result<Self> {
        Ok(RecordWriter {
            out,
            written: 0,
            stage,
            group: Group::default(),
            packer: Packer::new().ok_or_else(short)?,
            packed: Vec::new(),
            documents: 0,
            groups: 0,
            table: Vec::new(),
            index: Vec::new(),
        })
    }

    /// Adds the record of the next document.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn push(&mut self, record: &[u8]) -> io::Result<()> {
        match &mut self.stage {
            Stage::Gathering { records, ends } => {
                records.extend_from_slice(record);
                ends.push(records.len());
                Ok(())
            }
            Stage::Packing(_) => self.pack(record),
        }
    }

    /// Returns the bytes of memory that waiting records take.
    pub(super) fn gathered(&self) -> usize {
        match &self.stage {
            Stage::Gathering { records, ends } => records.len() + ends.len() * 8,
            Stage::Packing(_) => 0,
        }
    }

    /// Returns whether enough records wait for the largest dictionary.
    pub(super) fn has_enough(&self) -> bool {
        self.gathered() >= ENOUGH
    }

    /// Trains a dictionary on the records that wait; `None` if they are few, or wait no more.
    pub(super) fn train(&self) -> Option<Dictionary> {
        match &self.stage {
            Stage::Gathering { records, ends } => {
                let one = |number: usize, sample: &mut Vec<u8>| -> Result<(), Infallible> {
                    sample.extend_from_slice(&records[slice(ends, number)]);
                    Ok(())
                };
                let Ok(dictionary) =
                    Dictionary::train(ends.len(), records.len(), Effort::Build, one);
                dictionary
            }
            Stage::Packing(_) => None,
        }
    }

    /// Ends the gathering: writes what waits with a dictionary, and what comes.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn choose(&mut self, dictionary: Option<Arc<Dictionary>>) -> io::Result<()> {
        let stage = std::mem::replace(&mut self.stage, Stage::Packing(dictionary));
        let Stage::Gathering { records, ends } = stage else {
            self.stage = stage;
            return Ok(());
        };
        (0..ends.len()).try_for_each(|number| self.pack(&records[slice(&ends, number)]))
    }

    /// Adds a group of so many records that was compressed with the same dictionary.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn frame(&mut self, frame: &[u8], records: u32) -> io::Result<()> {
        self.close()?;
        self.put_group(frame, records)
    }

    /// Writes what stands behind the groups and returns what was written to.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn finish(mut self) -> io::Result<W> {
        let own = self.train();
        self.choose(own.map(Arc::new))?;
        self.close()?;
        let mut ending = Vec::with_capacity(ENDING);
        ending.extend(self.written.to_le_bytes());
        let (table, index) = (
            std::mem::take(&mut self.table),
            std::mem::take(&mut self.index),
        );
        let dictionary = match &self.stage {
            Stage::Packing(Some(dictionary)) => Some(Arc::clone(dictionary)),
            _ => None,
        };
        let dictionary = dictionary
            .as_ref()
            .map_or(&[][..], |dictionary| dictionary.bytes());
        for part in [&table, &index, dictionary] {
            self.put(part)?;
            ending.extend(self.written.to_le_bytes());
        }
        ending.extend(self.documents.to_le_bytes());
        ending.extend(MAGIC.to_le_bytes());
        self.put(&ending)?;
        Ok(self.out)
    }

    fn pack(&mut self, record: &[u8]) -> io::Result<()> {
        let most = match &self.stage {
            Stage::Packing(Some(_)) => GROUP,
            _ => GROUP_ALONE,
        };
        self.group.push(record);
        match self.group.bytes.len() >= most {
            true => self.close(),
            false => Ok(()),
        }
    }

    /// Writes the group that is open.
    fn close(&mut self) -> io::Result<()> {
        if self.group.records == 0 {
            return Ok(());
        }
        let dictionary = match &self.stage {
            Stage::Packing(Some(dictionary)) => Some(&**dictionary),
            _ => None,
        };
        let packed = self
            .packer
            .pack(&self.group.bytes, dictionary, &mut self.packed);
        packed.ok_or_else(short)?;
        let packed = std::mem::take(&mut self.packed);
        self.put_group(&packed, self.group.records)?;
        self.packed = packed;
        self.group.bytes.clear();
        self.group.records = 0;
        Ok(())
    }

    fn put_group(&mut self, frame: &[u8], records: u32) -> io::Result<()> {
        if self.groups.is_multiple_of(SECTION) {
            self.index.extend(self.documents.to_le_bytes());
            self.index.extend((self.table.len() as u32).to_le_bytes());
            self.index.extend(self.written.to_le_bytes());
        }
        push_varint(&mut self.table, u64::from(records));
        push_varint(&mut self.table, frame.len() as u64);
        self.groups += 1;
        self.documents += records;
        self.put(frame)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}

/// Returns where a record stands among those that wait.
fn slice(ends: &[usize], number: usize) -> Range<usize> {
    let start = number.checked_sub(1).map_or(0, |before| ends[before]);
    start..ends[number]
}

fn short() -> io::Error {
    io::Error::new(io::ErrorKind::OutOfMemory, "no memory to compress records")
}
