//! Bytes of a zip container → its parts.
//!
//! Invariant: all parts together unpack to no more than the source's bound.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::error::{Error, ErrorKind, Result};
use crate::read::{Limits, xml};

/// The parts of a document.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    limits: Limits,
    /// Bytes that have been unpacked.
    unpacked: u64,
}

impl<'b> Package<'b> {
    /// Opens a container.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] if it is damaged.
    pub(super) fn open(bytes: &'b [u8], limits: Limits) -> Result<Self> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        Ok(Package {
            archive,
            limits,
            unpacked: 0,
        })
    }

    /// Returns whether the list of parts says that they are encrypted.
    ///
    /// # Errors
    /// As [`Package::text`].
    pub(super) fn is_encrypted(&mut self) -> Result<bool> {
        let manifest = self.text("META-INF/manifest.xml")?;
        Ok(manifest.is_some_and(|(text, _)| text.contains("encryption-data")))
    }

    /// Returns the text of a part and the number of places in it that could not be decoded; `None`
    /// if there is no such part.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] if it is damaged, [`ErrorKind::Unsupported`] if it is locked or packed
    /// in a way that is not read, [`ErrorKind::Limit`] if it is over a bound.
    pub(super) fn text(&mut self, path: &str) -> Result<Option<(String, usize)>> {
        let part = match self.archive.by_name(path) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(damaged(error)),
        };
        let promised = part.size();
        self.limits
            .check_size(self.unpacked.saturating_add(promised))?;
        let left = self.limits.bytes().saturating_sub(self.unpacked);
        let bytes = self
            .limits
            .read_all(part.take(left.saturating_add(1)), promised)?;
        self.unpacked += bytes.len() as u64;
        self.limits.check_size(self.unpacked)?;
        Ok(Some(xml::decode(bytes)))
    }
}

fn damaged(error: ZipError) -> Error {
    match error {
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => Error::new(
            ErrorKind::Unsupported,
            "文档已加密，或其压缩方法暂不支持",
            "the document is encrypted, or packed in a way that is not read",
        ),
        error => Error::new(
            ErrorKind::Input,
            "文档已损坏（zip 结构不完整）",
            "the document is damaged (its zip structure is incomplete)",
        )
        .with_cause(error),
    }
}
