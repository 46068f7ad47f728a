//! The manifest: which generation of the index is current, and under what it was made.
//!
//! Invariant: it is replaced by an atomic rename, so that a reader finds the old one or the new one.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::analyze::Analyzer;
use crate::error::{Error, ErrorKind, Result};

/// Raised by hand when the layout of the index folder or its fields' meaning changes.
pub const FORMAT: u32 = 1;

const FILE: &str = "manifest.json";

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
        serde_json::from_str(&text)
            .map(Some)
            .map_err(|cause| damaged(&path).with_cause(cause))
    }

    /// Writes the manifest: to a file beside it, synced, then renamed over it.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(FILE);
        let fresh = folder.join("manifest.json.new");
        let write = |fresh: &PathBuf| -> std::io::Result<()> {
            let mut file = fs::File::create(fresh)?;
            file.write_all(&serde_json::to_vec_pretty(self)?)?;
            file.sync_all()?;
            fs::rename(fresh, &path)
        };
        write(&fresh).map_err(|error| Error::io(&path, error))
    }

    /// Refuses a manifest that was made under another fingerprint.
    ///
    /// # Errors
    /// [`ErrorKind::IndexMismatch`], with what to do.
    pub fn check(&self, analyzer: &Analyzer, folder: &Path) -> Result<()> {
        if self.format == FORMAT && self.fingerprint == fingerprint(analyzer) {
            return Ok(());
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
            "用 zhengsou index --rebuild 重建索引；若当初用了 --schema，请给出同一文件夹",
            "rebuild it with zhengsou index --rebuild; if it was made with --schema, give the same folder",
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

/// Makes the error of an index that cannot be read.
pub(crate) fn damaged(path: &Path) -> Error {
    Error::new(
        ErrorKind::IndexDamaged,
        "索引已损坏或不完整",
        "the index is damaged or incomplete",
    )
    .with_path(path)
    .with_hint(
        "用 zhengsou index --rebuild 从原文件重建",
        "rebuild it from the source files with zhengsou index --rebuild",
    )
}
