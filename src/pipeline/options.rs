//! How a build is asked for: what to read, and what it may cost.

use std::path::PathBuf;
use std::time::Duration;

use crate::model::SourceLimits;
use crate::read::{Columns, Limits};

/// Memory that a build may take for texts and postings, unless told otherwise.
pub const MEMORY: u64 = 256 << 20;

/// The least memory with which a build goes on.
const LEAST_MEMORY: u64 = 64 << 20;

/// How to build.
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// Folders, files and archives to index.
    pub paths: Vec<PathBuf>,
    /// Folder of the index.
    pub index: PathBuf,
    /// Number of threads; 0 for all cores.
    pub jobs: usize,
    /// Bytes for texts under way and for postings not yet written; 0 for [`MEMORY`]. The program
    /// itself with its dictionary and the index's files as the system maps them come on top.
    pub memory: u64,
    /// Most bytes that a source may hold or unpack to; 0 for any number. A file of records may be
    /// larger: it bounds each of them.
    pub max_file_size: u64,
    /// Most time that reading a source, or a record of one, may take; zero for any time.
    pub file_timeout: Duration,
    /// What the columns of tables hold, over their headers.
    pub columns: Option<Columns>,
    /// Whether an existing index is replaced by a fresh one.
    pub rebuild: bool,
    /// Whether sources below `paths` that are gone from the disk go from the index, too.
    pub prune: bool,
    /// Whether sources that were skipped or failed are tried again though nothing changed.
    pub retry: bool,
    /// Whether to stop before anything is written.
    pub dry_run: bool,
}

impl Default for BuildOptions {
    fn default() -> Self {
        BuildOptions {
            paths: Vec::new(),
            index: PathBuf::from(".zhengsou"),
            jobs: 0,
            memory: 0,
            max_file_size: Limits::BYTES,
            file_timeout: Limits::TIME,
            columns: None,
            rebuild: false,
            prune: false,
            retry: false,
            dry_run: false,
        }
    }
}

impl BuildOptions {
    /// Returns the number of threads.
    pub(super) fn threads(&self) -> usize {
        match self.jobs {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            jobs => jobs.min(256),
        }
    }

    /// Returns the bytes for postings not yet written. More than the index makes use of is left to
    /// the texts.
    pub(super) fn memory_of_postings(&self) -> u64 {
        self.memory() / 2
    }

    /// Returns the bytes for texts under way.
    pub(super) fn memory_of_texts(&self) -> u64 {
        self.memory() - self.memory_of_postings()
    }

    fn memory(&self) -> u64 {
        match self.memory {
            0 => MEMORY,
            memory => memory.max(LEAST_MEMORY),
        }
    }

    /// Starts the clock of a source.
    pub(super) fn limits(&self) -> Limits {
        Limits::start(self.max_file_size, self.file_timeout)
    }

    /// Returns the bounds as the ledger holds them.
    pub(super) fn bounds(&self) -> SourceLimits {
        SourceLimits {
            bytes: self.max_file_size,
            seconds: self.file_timeout.as_secs(),
        }
    }
}
