//! Tagged passages → a tantivy index on disk.
//!
//! An index is a folder with a manifest and one folder per generation. A rebuild writes the next
//! generation and swaps the manifest, so that readers go on undisturbed.
//!
//! Invariant: an index made under another fingerprint is refused; a commit is whole or absent.

pub mod fields;
mod identity;
mod lookup;
pub mod manifest;
mod near;
mod writer;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use tantivy::directory::MmapDirectory;
use tantivy::{Index, IndexSettings};

pub use fields::Handles;
pub(crate) use identity::Identity;
pub use lookup::ReportEntry;
pub use manifest::Manifest;
pub use near::Groups;
pub use writer::Writer;

use crate::analyze::Analyzer;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Schema;

/// An index on disk, opened under its analyzer.
#[derive(Debug)]
pub struct Store {
    /// Folder of the index.
    pub folder: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
    /// tantivy's index of the current generation.
    pub index: Index,
    /// Handles of its fields.
    pub fields: Handles,
}

impl Store {
    /// Opens the current generation of an index.
    ///
    /// # Errors
    /// [`ErrorKind::IndexMissing`], [`ErrorKind::IndexDamaged`] or [`ErrorKind::IndexMismatch`].
    pub fn open(folder: &Path, analyzer: &Analyzer) -> Result<Self> {
        let manifest = Manifest::read(folder)?.ok_or_else(|| missing(folder))?;
        manifest.check(analyzer, folder)?;
        let path = folder.join(&manifest.generation);
        let opened = catch_unwind(|| Index::open_in_dir(&path));
        let index = opened
            .map_err(|_| manifest::damaged(&path))?
            .map_err(|cause| manifest::damaged(&path).with_cause(cause))?;
        Self::with(folder, manifest, index, analyzer)
    }

    /// Creates generation `number` of an index, empty; the manifest is not written yet.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn create(
        folder: &Path,
        number: u64,
        analyzer: &Analyzer,
        schema: &Schema,
    ) -> Result<Self> {
        let manifest = Manifest::new(analyzer, number);
        let path = folder.join(&manifest.generation);
        if path.exists() {
            // Left behind by a run that was killed before it wrote its manifest.
            std::fs::remove_dir_all(&path).map_err(|error| Error::io(&path, error))?;
        }
        std::fs::create_dir_all(&path).map_err(|error| Error::io(&path, error))?;
        let directory = MmapDirectory::open(&path)
            .map_err(|cause| manifest::damaged(&path).with_cause(cause))?;
        let index = Index::builder()
            .schema(fields::tantivy_schema(&schema.fields))
            .settings(IndexSettings {
                docstore_compression: tantivy::store::Compressor::Zstd(Default::default()),
                ..IndexSettings::default()
            })
            .open_or_create(directory)
            .map_err(|cause| manifest::damaged(&path).with_cause(cause))?;
        Self::with(folder, manifest, index, analyzer)
    }

    fn with(
        folder: &Path,
        manifest: Manifest,
        mut index: Index,
        analyzer: &Analyzer,
    ) -> Result<Self> {
        index.set_tokenizers(fields::tokenizers(analyzer));
        let fields = Handles::find(&index.schema())?;
        Ok(Store {
            folder: folder.to_path_buf(),
            manifest,
            index,
            fields,
        })
    }

    /// Makes this generation the current one and removes the others.
    ///
    /// # Errors
    /// If the manifest cannot be written. A generation that a reader still holds open may stay
    /// behind; the next build removes it.
    pub fn publish(&self) -> Result<()> {
        self.manifest.write(&self.folder)?;
        for number in generations(&self.folder) {
            let name = format!("generation-{number}");
            if name != self.manifest.generation {
                let _ = std::fs::remove_dir_all(self.folder.join(name));
            }
        }
        Ok(())
    }

    /// Returns the bytes that the current generation takes on disk.
    pub fn bytes(&self) -> u64 {
        let folder = self.folder.join(&self.manifest.generation);
        walkdir::WalkDir::new(folder)
            .into_iter()
            .filter_map(|entry| entry.ok()?.metadata().ok())
            .filter(std::fs::Metadata::is_file)
            .map(|metadata| metadata.len())
            .sum()
    }
}

/// Holds an index folder for one writer, across generations.
#[derive(Debug)]
pub struct Lock {
    _file: std::fs::File,
}

impl Lock {
    /// Takes the lock of an index folder, which is created if need be.
    ///
    /// # Errors
    /// [`ErrorKind::IndexLocked`] if another process holds it.
    pub fn take(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
        let path = folder.join("writer.lock");
        let file = std::fs::File::create(&path).map_err(|error| Error::io(&path, error))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(std::fs::TryLockError::WouldBlock) => Err(locked(folder)),
            Err(std::fs::TryLockError::Error(error)) => Err(Error::io(&path, error)),
        }
    }
}

/// Returns the number that the next generation of an index folder takes.
pub fn next_generation(folder: &Path) -> u64 {
    generations(folder).into_iter().max().unwrap_or(0) + 1
}

fn generations(folder: &Path) -> Vec<u64> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            entry
                .file_name()
                .to_str()?
                .strip_prefix("generation-")?
                .parse()
                .ok()
        })
        .collect()
}

fn locked(folder: &Path) -> Error {
    Error::new(
        ErrorKind::IndexLocked,
        "另一个程序正在写这个索引",
        "another process is writing to this index",
    )
    .with_path(folder)
    .with_hint("等它结束后再试", "try again when it is done")
}

fn missing(folder: &Path) -> Error {
    Error::new(
        ErrorKind::IndexMissing,
        "这里没有索引",
        "there is no index here",
    )
    .with_path(folder)
    .with_hint(
        "先建索引：zhengsou index 报告文件夹；已有索引则用 --index 指出它的位置",
        "make one with zhengsou index FOLDER, or point to one with --index",
    )
}

/// Runs what works on an index. tantivy trusts its files: where they are damaged it may fail in any
/// way or panic. Checksums tell that from other faults; they are read only when something failed.
pub(crate) fn guarded<T>(
    index: &Index,
    folder: &Path,
    work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let error = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => return Ok(done),
        Ok(Err(error)) if !matches!(error.kind(), ErrorKind::Internal | ErrorKind::Io) => {
            return Err(error);
        }
        Ok(Err(error)) => error,
        Err(panic) => {
            let text = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or_default();
            Error::new(
                ErrorKind::Internal,
                "程序内部出错",
                "a fault of the program itself",
            )
            .with_path(folder)
            .with_cause(text.to_owned())
        }
    };
    let checked = catch_unwind(AssertUnwindSafe(|| index.validate_checksum()));
    Err(match checked {
        Ok(Ok(damaged)) if damaged.is_empty() => error,
        _ => manifest::damaged(folder).with_cause(error),
    })
}

/// Makes the error of a failed index operation.
pub(crate) fn failed(folder: &Path, cause: tantivy::TantivyError) -> Error {
    use tantivy::TantivyError as Cause;
    match &cause {
        Cause::LockFailure(..) => locked(folder).with_cause(cause),
        Cause::IoError(error) => {
            Error::io(folder, std::io::Error::new(error.kind(), cause.to_string()))
        }
        Cause::DataCorruption(_) | Cause::IncompatibleIndex(_) | Cause::OpenReadError(_) => {
            manifest::damaged(folder).with_cause(cause)
        }
        _ => Error::new(
            ErrorKind::Internal,
            "索引操作失败",
            "an index operation failed",
        )
        .with_path(folder)
        .with_cause(cause),
    }
}
