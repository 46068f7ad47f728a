//! One writer at a time, across generations; it clears away what killed ones left behind.

use std::fs;
use std::path::Path;

use super::disk::UNFINISHED;
use super::faults::locked;
use super::manifest::Manifest;
use crate::error::{Error, Result};

/// Holds an index folder for one writer, across generations.
#[derive(Debug)]
pub struct Lock {
    _file: fs::File,
}

impl Lock {
    /// Takes the lock of an index folder, which is created if need be.
    ///
    /// # Errors
    /// [`ErrorKind::IndexLocked`](crate::ErrorKind::IndexLocked) if another process holds it.
    pub fn take(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
        let path = folder.join("writer.lock");
        let file = fs::File::create(&path).map_err(|error| Error::io(&path, error))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(fs::TryLockError::WouldBlock) => Err(locked(folder)),
            Err(fs::TryLockError::Error(error)) => Err(Error::io(&path, error)),
        }
    }

    /// Clears away what killed writers left beside the current generation.
    pub fn sweep(&self, folder: &Path, current: &Manifest) {
        sweep(folder, current);
    }
}

/// Removes generations that are not the current one, and files that were never renamed into
/// place. What a reader holds open may stay (on Windows); the next writer removes it.
pub(super) fn sweep(folder: &Path, current: &Manifest) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("generation-") && *name != current.generation {
            let _ = fs::remove_dir_all(entry.path());
        } else if name.ends_with(UNFINISHED) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
