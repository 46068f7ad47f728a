//! A folder → a committed index: walk → read → split → tag → analyse → write.
//!
//! It reports to an [`Observer`]; it draws nothing.
//!
//! Invariant: one bad source never stops a build; what is committed is whole.

mod renewal;
mod walk;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use rayon::prelude::*;

use self::walk::Found;
use crate::analyze::Analyzer;
use crate::error::{Error, ErrorKind, Result};
use crate::index::{Lock, Manifest, Outdated, Store, Writer, next_generation, outdated};
use crate::model::{
    Dropped, Language, Note, Report, SourceRecord, SourceStatus, SourceText, Warning,
};
use crate::read::{self, Origin};
use crate::schema::Schema;
use crate::{split, tag};

/// Bytes of sources between two commits: a killed build loses less than that.
const COMMIT_EVERY: u64 = 2 << 30;

/// How to build.
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// Folders and files to index.
    pub paths: Vec<PathBuf>,
    /// Folder of the index.
    pub index: PathBuf,
    /// Number of threads; 0 for all cores.
    pub jobs: usize,
    /// Whether an existing index is replaced by a fresh one.
    pub rebuild: bool,
    /// Whether to go on without sources of the index that are gone from the disk.
    pub prune: bool,
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
    /// The index was made under other rules; every source that it knows is read again, into a new
    /// generation.
    fn renewing(&self, _old: &Outdated) {}
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
    /// Whether a rebuild was stopped, so that the old index stands as it was.
    pub kept_old: bool,
}

impl BuildSummary {
    fn count(&mut self, report: &SourceReport) {
        match report.record.status {
            SourceStatus::Indexed => {
                self.indexed += 1;
                self.reports += report.record.reports as u64;
                self.passages += report.record.passages as u64;
                self.bytes += report.record.bytes;
            }
            SourceStatus::Unchanged => self.unchanged += 1,
            SourceStatus::Skipped => self.skipped += 1,
            SourceStatus::Failed => self.failed += 1,
        }
        self.dropped += report.dropped.len() as u64;
        self.warnings += report.warnings.len() as u64;
    }
}

/// A source read, split and tagged: what `inspect` shows and the index holds.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The decoded text.
    pub text: SourceText,
    /// Its reports.
    pub reports: Vec<Report>,
    /// Text that belongs to none.
    pub dropped: Vec<Dropped>,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
}

/// Splits and tags a text.
pub fn parse(text: SourceText, schema: &Schema) -> Parsed {
    let split = split::split(&text, schema);
    let tagged = tag::tag(&text, split, schema);
    Parsed {
        text,
        reports: tagged.reports,
        dropped: tagged.dropped,
        // Those of the text go through all stages.
        warnings: tagged.warnings,
    }
}

/// Builds or updates an index.
///
/// # Errors
/// If no path exists, the index cannot be written, or it was made under another fingerprint and
/// sources that it knows are gone; a source that cannot be read is no error of the build.
pub fn build(
    options: &BuildOptions,
    schema: &Schema,
    observer: &dyn Observer,
) -> Result<BuildSummary> {
    let started = Instant::now();
    let analyzer = Analyzer::new(schema);
    let threads = match options.jobs {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        jobs => jobs.min(256),
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|cause| {
            Error::new(
                ErrorKind::Internal,
                "无法启动线程",
                "threads cannot be started",
            )
            .with_cause(cause)
        })?;
    // Before anything is written: a path that is not there leaves no empty index behind.
    let old = match options.rebuild || options.dry_run {
        true => None,
        false => outdated(&options.index, &analyzer)?,
    };
    let roots = renewal::roots(&options.paths, old.as_ref());
    let mut found = walk::walk(&roots, &options.index)?;
    if let Some(old) = &old {
        renewal::check(old, &found, options)?;
        renewal::as_known(&mut found, old);
        observer.renewing(old);
    }
    let mut target = match options.dry_run {
        true => None,
        false => Some(Target::open(
            options,
            old.is_some(),
            &analyzer,
            schema,
            threads,
        )?),
    };
    let ledger = match &target {
        Some(target) if !target.replaces => target.store.ledger()?,
        _ => HashMap::new(),
    };
    walk::as_known(&mut found, &ledger);
    observer.planned(
        found.len() as u64,
        found.iter().map(|source| source.bytes).sum(),
    );
    let build = Build {
        schema,
        analyzer: &analyzer,
        observer,
        ledger,
        summary: Mutex::default(),
        fault: Mutex::default(),
        stop: AtomicBool::new(false),
    };
    for wave in waves(&mut found) {
        // The biggest first, so that none is left alone at the end.
        wave.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.source.cmp(&b.source)));
        let writer = target.as_ref().map(|target| &target.writer);
        pool.install(|| {
            wave.iter()
                .par_bridge()
                .for_each(|source| build.source(source, writer));
        });
        if let Some(target) = &mut target {
            observer.committing();
            build.check()?;
            target.writer.commit()?;
        }
        if build.stop.load(Ordering::Relaxed) {
            break;
        }
    }
    let (mut index_bytes, mut kept_old) = (0, false);
    if let Some(Target {
        store,
        writer,
        replaces,
        lock,
    }) = target
    {
        writer.close()?;
        kept_old = replaces && build.stop.load(Ordering::Relaxed);
        if replaces && !kept_old {
            store.publish()?;
        }
        index_bytes = store.bytes();
        drop(lock);
    }
    let mut summary = unlocked(&build.summary).clone();
    summary.cancelled = build.stop.load(Ordering::Relaxed);
    summary.kept_old = kept_old;
    summary.seconds = started.elapsed().as_secs_f64();
    summary.index_bytes = index_bytes;
    Ok(summary)
}

/// Cuts the sources into runs after each of which the index is committed.
fn waves(found: &mut [Found]) -> Vec<&mut [Found]> {
    let mut waves = Vec::new();
    let mut rest = found;
    while !rest.is_empty() {
        let mut bytes = 0;
        let size = rest.iter().take_while(|source| {
            bytes += source.bytes;
            bytes <= COMMIT_EVERY
        });
        let size = size.count().max(1);
        let (wave, after) = std::mem::take(&mut rest).split_at_mut(size);
        waves.push(wave);
        rest = after;
    }
    waves
}

/// The index that a build writes to.
struct Target {
    store: Store,
    writer: Writer,
    /// Whether it takes the place of an older generation when it is done.
    replaces: bool,
    lock: Lock,
}

impl Target {
    fn open(
        options: &BuildOptions,
        renews: bool,
        analyzer: &Analyzer,
        schema: &Schema,
        threads: usize,
    ) -> Result<Self> {
        let folder = &options.index;
        let lock = Lock::take(folder)?;
        let manifest = if options.rebuild {
            // A damaged manifest is a reason to rebuild, not to refuse.
            Manifest::read(folder).unwrap_or_default()
        } else {
            Manifest::read(folder)?
        };
        let renews = renews
            && manifest
                .as_ref()
                .is_some_and(|old| !old.is_current(analyzer));
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
        let writer = Writer::open(&store, threads)?;
        Ok(Target {
            store,
            writer,
            replaces,
            lock,
        })
    }
}

/// A build under way.
struct Build<'a> {
    schema: &'a Schema,
    analyzer: &'a Analyzer,
    observer: &'a dyn Observer,
    ledger: HashMap<String, SourceRecord>,
    summary: Mutex<BuildSummary>,
    /// A failure of the index itself, which ends the build.
    fault: Mutex<Option<Error>>,
    stop: AtomicBool,
}

impl Build<'_> {
    /// Works one source through all stages.
    fn source(&self, found: &Found, writer: Option<&Writer>) {
        if self.stop.load(Ordering::Relaxed) {
            return;
        }
        if self.observer.cancelled() {
            self.stop.store(true, Ordering::Relaxed);
            return;
        }
        self.observer.started(&found.source);
        // A fault in the reading of one source must not take the batch with it.
        let report =
            catch_unwind(AssertUnwindSafe(|| self.work(found, writer))).unwrap_or_else(|_| {
                if let Some(writer) = writer {
                    // What was added of it would stand twice when the file can be read.
                    writer.delete(&found.source);
                }
                let mut report = blank(found);
                report.record.status = SourceStatus::Failed;
                report.record.reason = Some(Note::new(
                    "程序内部出错，请把此文件报告给开发者",
                    "a fault of the program itself; please report this file",
                ));
                report
            });
        unlocked(&self.summary).count(&report);
        self.observer.finished(&report);
    }

    fn work(&self, found: &Found, writer: Option<&Writer>) -> SourceReport {
        let mut report = blank(found);
        if let Some(reason) = &found.trouble {
            report.record.status = found.status;
            report.record.reason = Some(reason.clone());
            return report;
        }
        let known = self.ledger.get(&found.source);
        if let Some(known) = known.filter(|known| {
            known.bytes == found.bytes && known.modified == found.modified && known.modified != 0
        }) {
            report.record = SourceRecord {
                status: SourceStatus::Unchanged,
                ..known.clone()
            };
            return report;
        }
        let bytes = match std::fs::read(&found.path) {
            Ok(bytes) => bytes,
            Err(error) => {
                fail(&mut report, &Error::io(&found.path, error));
                return report;
            }
        };
        report.record.bytes = bytes.len() as u64;
        report.record.hash = blake3::hash(&bytes).to_hex()[..32].to_owned();
        if let Some(known) = known.filter(|known| known.hash == report.record.hash) {
            report.record = SourceRecord {
                status: SourceStatus::Unchanged,
                ..known.clone()
            };
            return report;
        }
        if let (Some(writer), Some(_)) = (writer, known) {
            writer.delete(&found.source);
        }
        let origin = Origin::new(&found.source, &found.path);
        let read = read::read(&origin, bytes, &mut |text| {
            let parsed = parse(text, self.schema);
            report.record.format = Some(parsed.text.format);
            report.dropped.extend(parsed.dropped);
            report.warnings.extend(parsed.warnings);
            for parsed in &parsed.reports {
                report.record.reports += 1;
                report.record.passages += parsed.passages.len();
                report.titles.push(parsed.title.clone());
                if let Some(writer) = writer
                    && let Err(error) = writer.add(&found.source, parsed, self.analyzer)
                {
                    self.fault(error);
                }
            }
        });
        match read {
            Ok(summary) => {
                report.record.status = SourceStatus::Indexed;
                report.record.undecodable = summary.undecodable;
                report.warnings.extend(summary.warnings.iter().cloned());
                report.record.encoding =
                    Some(summary.encoding.clone()).filter(|name| !name.is_empty());
                if summary.is_empty() {
                    report.record.status = SourceStatus::Skipped;
                    report.record.reason = Some(Note::new("空文件", "empty"));
                    return report;
                }
            }
            Err(error) => {
                fail(&mut report, &error);
                return report;
            }
        }
        if let Some(writer) = writer
            && let Err(error) = writer.record(&report.record)
        {
            self.fault(error);
        }
        report
    }

    fn fault(&self, error: Error) {
        self.stop.store(true, Ordering::Relaxed);
        unlocked(&self.fault).get_or_insert(error);
    }

    /// Returns the failure that ended the build, if any.
    fn check(&self) -> Result<()> {
        unlocked(&self.fault).take().map_or(Ok(()), Err)
    }
}

fn blank(found: &Found) -> SourceReport {
    SourceReport {
        record: SourceRecord {
            source: found.source.clone(),
            path: walk::shown(found.path.as_os_str()),
            bytes: found.bytes,
            modified: found.modified,
            hash: String::new(),
            format: None,
            encoding: None,
            status: SourceStatus::Indexed,
            reason: None,
            reports: 0,
            passages: 0,
            undecodable: 0,
        },
        titles: Vec::new(),
        dropped: Vec::new(),
        warnings: Vec::new(),
    }
}

fn fail(report: &mut SourceReport, error: &Error) {
    report.record.status = match error.kind() {
        ErrorKind::Unsupported => SourceStatus::Skipped,
        _ => SourceStatus::Failed,
    };
    report.record.reason = Some(Note::new(
        error.message(Language::Zh),
        error.message(Language::En),
    ));
}

/// Locks a mutex whose holder cannot leave it broken.
fn unlocked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
