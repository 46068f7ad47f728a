//! Bytes of a zip container → the text of its parts.
//!
//! Invariant: all parts together unpack to no more than the source's bound.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{Limits, xml};
use crate::error::{Error, ErrorKind, Result};

/// The parts of a document.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Index of each part by its path, lower case and with `/` between folders, as readers of
    /// packages compare them.
    index: HashMap<String, usize>,
    limits: Limits,
    /// Bytes that have been unpacked.
    unpacked: u64,
    /// Places that could not be decoded.
    pub(super) undecodable: usize,
}

impl<'b> Package<'b> {
    /// Opens a container.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] if it is damaged.
    pub(super) fn open(bytes: &'b [u8], limits: Limits) -> Result<Self> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        let mut index = HashMap::with_capacity(archive.len());
        for (number, name) in archive.file_names_raw().enumerate() {
            index.insert(key(&String::from_utf8_lossy(name)), number);
        }
        Ok(Package {
            archive,
            index,
            limits,
            unpacked: 0,
            undecodable: 0,
        })
    }

    /// Returns whether there is such a part.
    pub(super) fn contains(&self, path: &str) -> bool {
        self.index.contains_key(&key(path))
    }

    /// Returns the paths of all parts, lower case, in no order.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.index.keys().map(String::as_str)
    }

    /// Returns the text of a part, `None` if there is no such part.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] if it is damaged, [`ErrorKind::Unsupported`] if it is locked or packed
    /// in a way that is not read, [`ErrorKind::Limit`] if it is over a bound.
    pub(super) fn text(&mut self, path: &str) -> Result<Option<String>> {
        let Some(number) = self.index.get(&key(path)) else {
            return Ok(None);
        };
        let part = self.archive.by_index(*number).map_err(damaged)?;
        let promised = part.size();
        self.limits
            .check_size(self.unpacked.saturating_add(promised))?;
        let left = self.limits.bytes().saturating_sub(self.unpacked);
        let bytes = self
            .limits
            .read_all(part.take(left.saturating_add(1)), promised)?;
        self.unpacked += bytes.len() as u64;
        self.limits.check_size(self.unpacked)?;
        let (text, undecodable) = xml::decode(bytes);
        self.undecodable += undecodable;
        Ok(Some(text))
    }
}

fn key(path: &str) -> String {
    let path = path.replace('\\', "/").to_lowercase();
    path.trim_start_matches('/').to_owned()
}

fn damaged(error: ZipError) -> Error {
    match error {
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => Error::new(
            ErrorKind::Unsupported,
            "文档已加密，或其压缩方法暂不支持",
            "the document is encrypted, or packed in a way that is not read",
        )
        .with_hint("另存后再索引", "save it anew first"),
        error => Error::new(
            ErrorKind::Input,
            "文档已损坏（zip 结构不完整）",
            "the document is damaged (its zip structure is incomplete)",
        )
        .with_hint(
            "打开并修复后另存，或重新下载",
            "open and repair it, or download it again",
        )
        .with_cause(error),
    }
}
