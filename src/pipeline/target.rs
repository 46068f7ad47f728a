//! The index that a build writes to, and when it is committed.
//!
//! Invariant: a commit holds whole sources. Whoever writes a source holds the writer shared until
//! its line stands in the ledger; whoever commits holds it alone.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use super::BuildOptions;
use crate::analyze::Analyzer;
use crate::error::{Error, ErrorKind, Result};
use crate::index::{Lock, Manifest, Store, Writer, next_generation};
use crate::schema::Schema;

/// Bytes of sources after which the index is committed: a killed build loses less than that.
const BYTES: u64 = 256 << 20;

/// Memory for a writer that writes no passage.
const MEMORY: u64 = 32 << 20;

/// Time after which it is committed.
const TIME: Duration = Duration::from_secs(60);

/// The index, held against other writers.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) store: Store,
    /// Whether it takes the place of an older generation when it is done.
    pub(super) replaces: bool,
    lock: Lock,
}

impl Target {
    pub(super) fn open(
        options: &BuildOptions,
        renews: bool,
        analyzer: &Analyzer,
        schema: &Schema,
    ) -> Result<Self> {
        let folder = &options.index;
        let lock = Lock::take(folder)?;
        let manifest = if options.rebuild {
            // A damaged manifest is a reason to rebuild, not to refuse.
            Manifest::read(folder).unwrap_or_default()
        } else {
            Manifest::read(folder)?
        };
        let is_outdated = |old: &Manifest| !old.is_current(analyzer);
        let renews = renews && manifest.as_ref().is_some_and(is_outdated);
        let (store, replaces) = match manifest {
            Some(current) if !options.rebuild && !renews => {
                let store = Store::open(folder, analyzer)?;
                lock.sweep(folder, &current);
                (store, false)
            }
            old => {
                let store = Store::create(folder, next_generation(folder), analyzer, schema)?;
                if old.is_none() {
                    store.publish()?;
                }
                (store, old.is_some())
            }
        };
        Ok(Target {
            store,
            replaces,
            lock,
        })
    }

    /// Opens the writer.
    pub(super) fn writer(&self, threads: usize, memory: u64) -> Result<SharedWriter> {
        Ok(SharedWriter {
            writer: RwLock::new(Writer::open(&self.store, threads, memory)?),
            pace: Mutex::new(Pace::new()),
        })
    }

    /// Groups near-copies, waits for merges, and returns the number of commits. What a killed build
    /// left behind is made up for and cleared away, though nothing else was written.
    pub(super) fn group(
        &self,
        writer: Option<SharedWriter>,
        threads: usize,
        analyzer: &Analyzer,
    ) -> Result<u64> {
        // A writer clears away what no commit names, so there is one before there is a new file.
        let writer = match writer {
            Some(writer) => writer,
            None if self.store.is_grouped()? && !self.store.has_leftovers()? => return Ok(0),
            None => self.writer(1, MEMORY)?,
        };
        let grouped = in_threads(threads, || self.store.group_near_copies(analyzer))?;
        if let Some(file) = grouped {
            writer.commit_with(&file)?;
        }
        writer.close()
    }

    /// Makes the index the current one, unless it was stopped before it could take the place of
    /// another; returns its bytes on disk, and whether the old one was kept.
    pub(super) fn finish(self, is_stopped: bool) -> Result<(u64, bool)> {
        let kept_old = self.replaces && is_stopped;
        if self.replaces && !kept_old {
            self.store.publish()?;
        }
        let bytes = self.store.bytes();
        drop(self.lock);
        Ok((bytes, kept_old))
    }
}

/// The writer of all threads.
#[derive(Debug)]
pub(super) struct SharedWriter {
    writer: RwLock<Writer>,
    pace: Mutex<Pace>,
}

/// What was written since the last commit.
#[derive(Debug)]
struct Pace {
    bytes: u64,
    since: Instant,
    is_dirty: bool,
    commits: u64,
}

impl Pace {
    fn new() -> Self {
        Pace {
            bytes: 0,
            since: Instant::now(),
            is_dirty: false,
            commits: 0,
        }
    }

    fn is_due(&self) -> bool {
        self.is_dirty && (self.bytes >= BYTES || self.since.elapsed() >= TIME)
    }
}

impl SharedWriter {
    /// Returns the writer for one source, in whole.
    pub(super) fn share(&self) -> RwLockReadGuard<'_, Writer> {
        self.writer.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that something was written, for a source of so many bytes.
    pub(super) fn wrote(&self, bytes: u64) {
        let mut pace = self.pace();
        pace.bytes += bytes;
        pace.is_dirty = true;
    }

    /// Commits what was written if it is time to, or whatever there is. Waits for the sources that
    /// are being written; the caller must hold none.
    pub(super) fn commit(&self, whatever: bool, before: impl FnOnce()) -> Result<()> {
        let is_wanted = |pace: &Pace| pace.is_due() || (whatever && pace.is_dirty);
        if !is_wanted(&self.pace()) {
            return Ok(());
        }
        let mut writer = self.writer.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have been faster.
        if !is_wanted(&self.pace()) {
            return Ok(());
        }
        before();
        writer.commit()?;
        let mut pace = self.pace();
        *pace = Pace {
            commits: pace.commits + 1,
            ..Pace::new()
        };
        Ok(())
    }

    /// Commits with a file of groups.
    fn commit_with(&self, near: &str) -> Result<()> {
        let mut writer = self.writer.write().unwrap_or_else(PoisonError::into_inner);
        writer.commit_with(Some(near))
    }

    /// Waits for merges; returns the number of commits.
    pub(super) fn close(self) -> Result<u64> {
        let writer = self.writer.into_inner();
        writer.unwrap_or_else(PoisonError::into_inner).close()?;
        let pace = self.pace.into_inner();
        Ok(pace.unwrap_or_else(PoisonError::into_inner).commits)
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs what works in parallel on so many threads.
fn in_threads<T: Send>(threads: usize, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|cause| {
        Error::new(
            ErrorKind::Internal,
            "无法启动线程",
            "threads cannot be started",
        )
        .with_cause(cause)
    })?;
    pool.install(work)
}
