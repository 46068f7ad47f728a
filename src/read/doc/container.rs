//! OLE container → its streams, as far as they can be read.
//!
//! Invariant: a stream is never larger than the container, whatever its directory says.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use cfb::CompoundFile;

use crate::error::{Error, ErrorKind, Result};
use crate::read::Limits;

/// An open container.
pub(super) struct Container<'a> {
    file: CompoundFile<Cursor<Cow<'a, [u8]>>>,
    names: Vec<String>,
    /// Whether its end is missing, or a stream's.
    pub(super) is_cut: bool,
}

impl<'a> Container<'a> {
    /// Opens a container. One whose end was lost is read as far as it goes.
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self> {
        let opened = CompoundFile::open(Cursor::new(Cow::Borrowed(bytes)));
        let (file, is_cut) = match opened {
            Ok(file) => (file, false),
            Err(error) => match padded(bytes, limits)
                .and_then(|bytes| CompoundFile::open(Cursor::new(Cow::Owned(bytes))).ok())
            {
                Some(file) => (file, true),
                None => return Err(damaged().with_cause(error)),
            },
        };
        let names = file
            .read_root_storage()
            .map(|entry| entry.name().to_owned())
            .collect();
        Ok(Container {
            file,
            names,
            is_cut,
        })
    }

    /// Returns the names of the streams and storages at the top.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Reads a stream as far as it goes; empty if there is none of that name.
    pub(super) fn stream(&mut self, name: &str, limits: &Limits) -> Result<Vec<u8>> {
        /// Bytes that a fault in the middle of a stream may cost.
        const CHUNK: usize = 4096;
        let mut bytes = Vec::new();
        let Ok(mut stream) = self.file.open_stream(name) else {
            return Ok(bytes);
        };
        let mut chunk = [0; CHUNK];
        loop {
            limits.check()?;
            match stream.read(&mut chunk) {
                Ok(0) => return Ok(bytes),
                Ok(count) => bytes.extend_from_slice(&chunk[..count]),
                Err(_) => {
                    self.is_cut = true;
                    return Ok(bytes);
                }
            }
            limits.check_size(bytes.len() as u64)?;
        }
    }
}

/// Makes the error of a container that cannot be read.
pub(super) fn damaged() -> Error {
    Error::new(
        ErrorKind::Input,
        "文件已损坏，读不出内容",
        "the file is damaged; nothing can be read from it",
    )
    .with_hint(
        "如 Word 或 WPS 还能打开，另存一份后再试",
        "if Word or WPS still opens it, save a copy and try that",
    )
}

/// Returns the container with its lost end as zeros, as long as its allocation table says it was;
/// `None` if most of it is missing. The crate reads no container that is shorter than its table.
fn padded(bytes: &[u8], limits: &Limits) -> Option<Vec<u8>> {
    let number = |at: usize, length: usize| {
        let bytes = bytes.get(at..at + length)?;
        let number = bytes.iter().rev();
        Some(number.fold(0, |number, byte| number << 8 | usize::from(*byte)))
    };
    let sector = match number(30, 2)? {
        12 => 4096,
        _ => 512,
    };
    // Each sector of the table has an entry of four bytes for every sector; the header is one more.
    let sectors = number(44, 4)?.checked_mul(sector / 4)?.checked_add(1)?;
    let length = sectors.checked_mul(sector)?;
    // A table's last sector may stand for as many sectors that are not there.
    let slack = sector / 4 * sector;
    let most = bytes.len().checked_mul(2)?.checked_add(slack)?;
    if length <= bytes.len() || length > most || length as u64 > limits.bytes() {
        return None;
    }
    let mut padded = Vec::with_capacity(length);
    padded.extend_from_slice(bytes);
    padded.resize(length, 0);
    Some(padded)
}
