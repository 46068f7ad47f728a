//! A folder → a committed index: walk → read → split → tag → analyse → write.
//!
//! It reports to an [`Observer`]; it draws nothing.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Dropped, SourceRecord, Warning};
use crate::schema::Schema;

/// How to build.
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// Folders and files to index.
    pub paths: Vec<PathBuf>,
    /// Folder of the index.
    pub index: PathBuf,
    /// Number of threads; 0 for all cores.
    pub jobs: usize,
    /// Whether an existing index is thrown away first.
    pub rebuild: bool,
    /// Whether to stop before anything is written.
    pub dry_run: bool,
}

/// What one source came to, for `--report`.
#[derive(Debug, Clone, serde::Serialize)]
pub struct SourceReport {
    /// The ledger's line.
    #[serde(flatten)]
    pub record: SourceRecord,
    /// Titles of the reports found, in reading order.
    pub titles: Vec<String>,
    /// Text that was left out, with the reason.
    pub dropped: Vec<Dropped>,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
}

/// Watches a build; called from several threads.
pub trait Observer: Sync {
    /// The walk is over: so many files with so many bytes will be read.
    fn planned(&self, _files: u64, _bytes: u64) {}
    /// A source is being read.
    fn started(&self, _source: &str) {}
    /// A source is done (indexed, unchanged, skipped or failed).
    fn finished(&self, _report: &SourceReport) {}
    /// Everything is read; the index is being committed.
    fn committing(&self) {}
    /// Whether the build should stop, committing what is done.
    fn cancelled(&self) -> bool {
        false
    }
}

/// What a build came to.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct BuildSummary {
    /// Sources indexed.
    pub indexed: u64,
    /// Sources already in the index.
    pub unchanged: u64,
    /// Sources left out on purpose.
    pub skipped: u64,
    /// Sources that could not be read.
    pub failed: u64,
    /// Reports indexed in this run.
    pub reports: u64,
    /// Passages indexed in this run.
    pub passages: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Spans of noise left out.
    pub dropped: u64,
    /// Warnings.
    pub warnings: u64,
    /// Seconds from start to commit.
    pub seconds: f64,
    /// Bytes of the index on disk.
    pub index_bytes: u64,
    /// Whether the observer stopped it.
    pub cancelled: bool,
}

/// Builds or updates an index.
///
/// # Errors
/// If no path exists, the index cannot be written, or it was made under another fingerprint;
/// a source that cannot be read is no error of the build.
pub fn build(
    _options: &BuildOptions,
    _schema: &Schema,
    _observer: &dyn Observer,
) -> Result<BuildSummary> {
    let _: &Path = Path::new("");
    Err(Error::new(
        ErrorKind::Internal,
        "尚未实现",
        "not written yet",
    ))
}
