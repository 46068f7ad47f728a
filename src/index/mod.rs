//! Tagged passages → a tantivy index on disk.
//!
//! An index is a folder with a manifest and one folder per generation. A rebuild writes the next
//! generation and swaps the manifest, so that readers go on undisturbed.
//!
//! Invariant: an index made under another fingerprint is refused; a commit is whole or absent.
//! Invariant: what was committed outlasts a kill at any moment and, where the disk keeps what it
//! was told to sync, a power cut.

pub(crate) mod bigrams;
mod bytes;
mod disk;
mod faults;
pub mod fields;
mod identity;
mod ledger;
mod lock;
mod lookup;
pub mod manifest;
mod near;
mod optimize;
mod outdated;
mod payload;
mod record;
mod records;
mod seal;
mod sidefile;
pub mod verify;
pub(crate) mod words;
mod writer;

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tantivy::{Index, IndexSettings, ReloadPolicy, Searcher};

pub use bigrams::Bigrams;
pub(crate) use faults::{failed, guarded};
pub use fields::Handles;
pub(crate) use identity::Identity;
pub use lock::Lock;
pub use lookup::ReportEntry;
pub use manifest::Manifest;
pub use near::Groups;
pub use optimize::{Optimized, Size, optimize};
pub use outdated::{KnownSource, Outdated, outdated};
pub use payload::{Payload, Sidecar};
pub use records::Records;
pub use verify::{Finding, Verification, verify};
pub use words::Words;
pub use writer::Writer;

use self::bigrams::BigramPlugin;
use self::disk::Disk;
use self::faults::{damaged, missing, unwritable};
use self::records::RecordPlugin;
use self::words::WordPlugin;
use crate::analyze::Analyzer;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::Schema;

/// How often an index is opened anew where a writer changes it meanwhile.
const ATTEMPTS: usize = 20;

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
    /// What was committed when it was opened.
    revision: Revision,
    /// What writes and merges the records.
    records: Arc<RecordPlugin>,
    disk: Disk,
}

impl Store {
    /// Opens the current generation of an index.
    ///
    /// # Errors
    /// [`ErrorKind::IndexMissing`], [`ErrorKind::IndexDamaged`] or [`ErrorKind::IndexMismatch`].
    pub fn open(folder: &Path, analyzer: &Analyzer) -> Result<Self> {
        let manifest = Manifest::read(folder)?.ok_or_else(|| missing(folder))?;
        Self::of(folder, manifest, analyzer)
    }

    /// Opens the current generation of an index and makes of it what a reader works with: a
    /// searcher, the files that a commit names.
    ///
    /// A writer may swap generations or remove what a commit named while this happens; then it is
    /// done again with the new ones. What has been opened stays readable.
    ///
    /// # Errors
    /// As for [`Store::open`], and what `work` fails with.
    pub fn snapshot<T>(
        folder: &Path,
        analyzer: &Analyzer,
        work: impl Fn(&Store) -> Result<T>,
    ) -> Result<(Self, T)> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let before = Revision::of(folder);
            let opened = Self::open(folder, analyzer).and_then(|mut store| {
                store.revision = before.clone();
                let made = work(&store)?;
                Ok((store, made))
            });
            // A file that vanished may have been taken for one that never was: a success counts
            // only if nothing was committed meanwhile or, under a writer that never rests, if its
            // generation stands.
            let after = Revision::of(folder);
            let same = match &opened {
                Ok(_) if attempt > ATTEMPTS / 2 => before.generation == after.generation,
                _ => before == after,
            };
            if same || attempt == ATTEMPTS {
                return opened;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn of(folder: &Path, manifest: Manifest, analyzer: &Analyzer) -> Result<Self> {
        manifest.check(analyzer, folder)?;
        let path = folder.join(&manifest.generation);
        let disk = Disk::open(&path).map_err(|cause| failed_open(&path, cause.into()))?;
        let mut index = catch_unwind(|| Index::open(disk.clone()))
            .map_err(|_| damaged(&path))?
            .map_err(|cause| failed_open(&path, cause))?;
        index.register_plugin(Arc::new(BigramPlugin));
        let records = Arc::<RecordPlugin>::default();
        index.register_plugin(records.clone());
        let segmenter = analyzer.segmenter().clone();
        index.register_plugin(Arc::new(WordPlugin::new(segmenter)));
        Self::with(folder, manifest, index, records, disk)
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
        std::fs::create_dir_all(&path).map_err(|error| unwritable(&path, error))?;
        let disk = Disk::open(&path).map_err(|cause| failed_open(&path, cause.into()))?;
        let records = Arc::<RecordPlugin>::default();
        let segmenter = analyzer.segmenter().clone();
        let index = Index::builder()
            .schema(fields::tantivy_schema(&schema.fields))
            .register_plugin(Arc::new(BigramPlugin))
            .register_plugin(records.clone())
            .register_plugin(Arc::new(WordPlugin::new(segmenter)))
            .settings(IndexSettings {
                // Nothing is stored there: records have files of their own.
                docstore_compression: tantivy::store::Compressor::None,
                docstore_compress_dedicated_thread: false,
                ..IndexSettings::default()
            })
            .open_or_create(disk.clone())
            .map_err(|cause| failed_open(&path, cause))?;
        Self::with(folder, manifest, index, records, disk)
    }

    fn with(
        folder: &Path,
        manifest: Manifest,
        index: Index,
        records: Arc<RecordPlugin>,
        disk: Disk,
    ) -> Result<Self> {
        let fields = Handles::find(&index.schema())?;
        Ok(Store {
            folder: folder.to_path_buf(),
            manifest,
            index,
            fields,
            revision: Revision::default(),
            records,
            disk,
        })
    }

    /// Returns what was committed when the store was opened by [`Store::snapshot`].
    pub fn revision(&self) -> &Revision {
        &self.revision
    }

    /// Makes this generation the current one and removes the others.
    ///
    /// # Errors
    /// If the manifest cannot be written. A generation that a reader still holds open may stay
    /// behind; the next build removes it.
    pub fn publish(&self) -> Result<()> {
        self.manifest.write(&self.folder)?;
        lock::sweep(&self.folder, &self.manifest);
        Ok(())
    }

    /// Returns the folder of the generation.
    pub fn generation(&self) -> PathBuf {
        self.folder.join(&self.manifest.generation)
    }

    /// Returns when the last commit was made.
    ///
    /// # Errors
    /// If its file cannot be read.
    pub fn changed(&self) -> Result<SystemTime> {
        let path = self.generation().join(disk::META);
        let metadata = std::fs::metadata(&path).and_then(|metadata| metadata.modified());
        metadata.map_err(|error| Error::io(&path, error))
    }

    /// Returns the bytes that the current generation takes on disk.
    pub fn bytes(&self) -> u64 {
        walkdir::WalkDir::new(self.generation())
            .into_iter()
            .filter_map(|entry| entry.ok()?.metadata().ok())
            .filter(std::fs::Metadata::is_file)
            .map(|metadata| metadata.len())
            .sum()
    }
}

/// What a writer changes when it commits or swaps generations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revision {
    generation: Option<String>,
    meta: Option<Vec<u8>>,
}

impl Revision {
    /// Reads what is committed now.
    pub fn of(folder: &Path) -> Self {
        let manifest = Manifest::read(folder).ok().flatten();
        let generation = manifest.map(|manifest| manifest.generation);
        let meta = generation
            .as_ref()
            .and_then(|name| std::fs::read(folder.join(name).join(disk::META)).ok());
        Revision { generation, meta }
    }

    /// Returns 16 hexadecimal digits that change with every commit.
    pub fn hash(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.generation.as_deref().unwrap_or_default().as_bytes());
        hasher.update(self.meta.as_deref().unwrap_or_default());
        hasher.finalize().to_hex()[..16].to_owned()
    }
}

/// Makes the error of a generation that cannot be opened: whatever is not the machine's fault is
/// damage.
fn failed_open(path: &Path, cause: tantivy::TantivyError) -> Error {
    let error = failed(path, cause);
    match error.kind() {
        ErrorKind::Internal => damaged(path).with_cause(error),
        _ => error,
    }
}

/// Opens the last commit; it stays as it is.
fn searcher(index: &Index) -> tantivy::Result<Searcher> {
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
    Ok(reader.try_into()?.searcher())
}

/// Returns the number that the next generation of an index folder takes.
pub fn next_generation(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| {
        let name = entry.file_name();
        name.to_str()?.strip_prefix("generation-")?.parse().ok()
    });
    numbers.max().unwrap_or(0u64) + 1
}
