//! Archives → their members, one at a time.
//!
//! Invariant: one member is held in memory at a time, and nothing is ever written to disk, so a
//! member's name is only a name, whatever `..` it holds.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use super::{Limits, not_read};
use crate::error::{Error, Result};
use crate::model::Format;

/// Archives stand in archives so deep; deeper ones are left out.
pub const MAX_DEPTH: usize = 3;

/// The content of an archive: a file, or a member of another archive.
#[derive(Debug)]
pub enum Content {
    /// A file on disk; only what is needed of it is read.
    File(File),
    /// Bytes in memory.
    Bytes(Cursor<Vec<u8>>),
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Content::File(file) => file.read(buffer),
            Content::Bytes(bytes) => bytes.read(buffer),
        }
    }
}

impl Seek for Content {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        match self {
            Content::File(file) => file.seek(place),
            Content::Bytes(bytes) => bytes.seek(place),
        }
    }
}

/// A file inside an archive.
#[derive(Debug)]
pub struct Member {
    /// Path inside the archive, `/` between parts, decoded from UTF-8 or GBK; equal names are told
    /// apart, and no part of it is `..`.
    pub name: String,
    /// Its content, or why it cannot be had: encrypted, damaged, over a bound.
    pub bytes: std::result::Result<Vec<u8>, Error>,
}

/// Hands the files of an archive to `each`, in the order of the archive; folders are none.
///
/// # Errors
/// If the archive itself cannot be read; a member that cannot is handed out with its error.
/// What `each` returns ends the walk.
pub fn members(
    format: Format,
    _content: Content,
    path: &std::path::Path,
    _limits: &Limits,
    _each: &mut dyn FnMut(Member) -> Result<()>,
) -> Result<()> {
    Err(not_read(path, format.as_str()))
}
