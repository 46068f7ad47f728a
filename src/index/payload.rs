//! What a commit holds besides documents: written with it or not at all.

use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::faults::{damaged, failed, unwritable};
use super::{Store, guarded};
use crate::error::{Error, Result};

/// What a commit holds besides documents.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// The groups of near-duplicates, in a file beside the segments.
    #[serde(default)]
    pub near: Option<Sidecar>,
}

/// A file of a generation that a commit names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sidecar {
    /// Its name in the folder of the generation.
    pub name: String,
    /// BLAKE3 of its content, in hexadecimal digits.
    pub hash: String,
}

/// How the names of sidecars begin: such files belong to us, and go when no commit names them.
pub(super) const SIDECARS: &[&str] = &["near-"];

impl Payload {
    /// Returns the files that the commit names.
    pub fn sidecars(&self) -> impl Iterator<Item = &Sidecar> {
        self.near.iter()
    }
}

impl Sidecar {
    /// Makes a finished file durable and takes its hash.
    pub(super) fn of(folder: &Path, name: &str) -> Result<Self> {
        let path = folder.join(name);
        let seal = || -> std::io::Result<String> {
            // Some systems sync only what is open for writing.
            let mut file = std::fs::File::options()
                .read(true)
                .write(true)
                .open(&path)?;
            file.sync_all()?;
            hash(&mut file)
        };
        Ok(Sidecar {
            name: name.to_owned(),
            hash: seal().map_err(|error| unwritable(&path, error))?,
        })
    }

    /// Returns whether the file is there, as it was when it was committed.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn is_whole(&self, folder: &Path) -> Result<bool> {
        let path = folder.join(&self.name);
        let read = std::fs::File::open(&path).and_then(|mut file| hash(&mut file));
        match read {
            Ok(hash) => Ok(hash == self.hash),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Error::io(&path, error)),
        }
    }
}

/// Returns the BLAKE3 of what is left to read, in hexadecimal digits.
pub(super) fn hash(file: &mut impl Read) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finalize().to_hex().to_string()),
            Ok(count) => hasher.update(&buffer[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
    }
}

impl Store {
    /// Returns what the last commit holds besides documents.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn payload(&self) -> Result<Payload> {
        guarded(&self.index, &self.folder, || {
            let metas = self.index.load_metas();
            let metas = metas.map_err(|cause| failed(&self.folder, cause))?;
            match metas.payload {
                Some(text) => serde_json::from_str(&text)
                    .map_err(|cause| damaged(&self.folder).with_cause(cause)),
                None => Ok(Payload::default()),
            }
        })
    }
}
