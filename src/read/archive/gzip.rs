//! Gzip: one compressed file, or a compressed tar archive.

use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::names::Names;
use super::{Allowance, Content, Walk, damaged};
use crate::error::Result;

/// Where a tar archive says what it is: behind 257 bytes of its first header.
const TAR_HEADER: usize = 512;

pub(super) fn members(content: Content, path: &Path, mut walk: Walk<'_>) -> Result<()> {
    let mut unpacked = MultiGzDecoder::new(content);
    let mut head = Vec::new();
    let read = unpacked
        .by_ref()
        .take(TAR_HEADER as u64)
        .read_to_end(&mut head);
    if let Err(error) = read {
        return Err(damaged(error));
    }
    let name = unpacked
        .header()
        .and_then(|header| header.filename())
        .map(<[u8]>::to_vec);
    let unpacked = Charged {
        inner: io::Cursor::new(head.clone()).chain(unpacked),
        allowance: walk.allowance,
    };
    if head.get(257..262) == Some(b"ustar") {
        return super::tar::members(unpacked, walk);
    }
    // What the header calls it, or the file's own name without `.gz`.
    let name = name
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| stem(path));
    let mut names = Names::default();
    names.learn(&name);
    walk.member(names.decode(&name), unpacked, 0)
}

/// Unpacked bytes, each taken off the allowance: those of a member that is passed over too.
struct Charged<'a, R> {
    inner: R,
    allowance: &'a Allowance,
}

impl<R: Read> Read for Charged<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        match self.allowance.take(count as u64) {
            Ok(()) => Ok(count),
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

fn stem(path: &Path) -> Vec<u8> {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned().into_bytes()
}
