//! The manifest: which generation of the index is current, and under what it was made.
//!
//! Invariant: it is replaced by an atomic rename, so that a reader finds the old one or the new one.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

pub(crate) use super::faults::damaged;
use super::faults::unwritable;
use super::{disk, seal};
use crate::analyze::Analyzer;
use crate::error::{Error, ErrorKind, Result};

/// Raised by hand when the layout of the index folder or its fields' meaning changes.
pub const FORMAT: u32 = 4;

pub(super) const FILE: &str = "manifest.json";

/// What stands in `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the layout.
    pub format: u32,
    /// Hash of schema, dictionary, analyzer and crate versions.
    pub fingerprint: String,
    /// Folder of the current generation, inside the index folder.
    pub generation: String,
    /// Version of the program that made the generation.
    pub version: String,
    /// Version of the index library that made the generation.
    pub library: String,
    /// Whether the file is as it was written, byte by byte.
    #[serde(skip)]
    pub is_sealed: bool,
}

impl Manifest {
    /// Makes the manifest of generation `number` under the given analyzer.
    pub fn new(analyzer: &Analyzer, number: u64) -> Self {
        Manifest {
            format: FORMAT,
            fingerprint: fingerprint(analyzer),
            generation: format!("generation-{number}"),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            library: tantivy::version_string().to_owned(),
            is_sealed: true,
        }
    }

    /// Returns the number of the generation; 0 if its name holds none.
    pub fn number(&self) -> u64 {
        self.generation
            .rsplit('-')
            .next()
            .and_then(|number| number.parse().ok())
            .unwrap_or(0)
    }

    /// Reads the manifest of an index folder; `None` if there is none.
    ///
    /// # Errors
    /// If it cannot be read or makes no sense.
    pub fn read(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                return Err(damaged(&path));
            }
            Err(error) => return Err(Error::io(&path, error)),
        };
        let manifest: Manifest =
            serde_json::from_str(&text).map_err(|cause| damaged(&path).with_cause(cause))?;
        Ok(Some(Manifest {
            is_sealed: seal::is_sealed(&text),
            ..manifest
        }))
    }

    /// Writes the manifest: to a file beside it, synced, then renamed over it.
    ///
    /// When it returns, the generation that it names and the manifest outlast a power cut.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(FILE);
        let write = || {
            // The folder of the generation before the manifest that names it.
            disk::sync_folder(folder)?;
            disk::replace(&path, &seal::seal(&serde_json::to_string_pretty(self)?))
        };
        write().map_err(|error| unwritable(&path, error))
    }

    /// Returns whether the index was made under this fingerprint.
    pub fn is_current(&self, analyzer: &Analyzer) -> bool {
        self.format == FORMAT && self.fingerprint == fingerprint(analyzer)
    }

    /// Refuses a manifest that was made under another fingerprint, or was changed since.
    ///
    /// # Errors
    /// [`ErrorKind::IndexMismatch`] or [`ErrorKind::IndexDamaged`], with what to do.
    pub fn check(&self, analyzer: &Analyzer, folder: &Path) -> Result<()> {
        if self.is_current(analyzer) {
            return match self.is_sealed {
                true => Ok(()),
                false => Err(damaged(&folder.join(FILE))),
            };
        }
        Err(Error::new(
            ErrorKind::IndexMismatch,
            format!("索引是用另一套词典或规则建立的（zhengsou {}），继续使用会漏检", self.version),
            format!(
                "the index was made with another dictionary or schema (zhengsou {}); it would miss hits",
                self.version
            ),
        )
        .with_path(folder)
        .with_hint(
            "再次运行 zhengsou index，会按现在的规则重新索引（--rebuild 则只收所给的路径）；若当初用了 --schema，请给出同一文件夹",
            "run zhengsou index again, which makes it anew under the present rules (--rebuild: of the given paths only); if it was made with --schema, give the same folder",
        ))
    }
}

/// Returns the hash of everything that decides about the content of an index.
pub fn fingerprint(analyzer: &Analyzer) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("format {FORMAT}; {}", tantivy::version_string()).as_bytes());
    hasher.update(analyzer.fingerprint().as_bytes());
    hasher.finalize().to_hex()[..16].to_owned()
}
