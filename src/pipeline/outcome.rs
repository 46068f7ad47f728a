//! What a build tells while it runs and when it is done.

use crate::error::{Error, ErrorKind};
use crate::index::Outdated;
use crate::model::{Dropped, Language, Note, SourceRecord, SourceStatus, Warning};

/// What one source came to, for `--report`.
#[derive(Debug, Clone, serde::Serialize)]
pub struct SourceReport {
    /// The ledger's line.
    #[serde(flatten)]
    pub record: SourceRecord,
    /// Path as cited of the source that it was before it was moved here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<String>,
    /// Titles of the reports found, in reading order.
    pub titles: Vec<String>,
    /// Text that was left out, with the reason.
    pub dropped: Vec<Dropped>,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
}

impl SourceReport {
    pub(super) fn of(record: SourceRecord) -> Self {
        SourceReport {
            record,
            moved_from: None,
            titles: Vec::new(),
            dropped: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Says that it could not be read: skipped where its kind is not read, failed otherwise.
    pub(super) fn fail(&mut self, error: &Error) {
        self.record.status = match error.kind() {
            ErrorKind::Unsupported => SourceStatus::Skipped,
            _ => SourceStatus::Failed,
        };
        self.record.reason = Some(Note::new(
            error.message(Language::Zh),
            error.message(Language::En),
        ));
    }
}

/// Watches a build; called from several threads.
pub trait Observer: Sync {
    /// The index was made under other rules; every source that it knows is read again, into a new
    /// generation.
    fn renewing(&self, _old: &Outdated) {}
    /// The walk is over: so many files with so many bytes will be read.
    fn planned(&self, _files: u64, _bytes: u64) {}
    /// So many more were found, in archives.
    fn grown(&self, _files: u64, _bytes: u64) {}
    /// A source is being read.
    fn started(&self, _source: &str) {}
    /// So many more bytes of a source that is being read are done.
    fn advanced(&self, _source: &str, _bytes: u64) {}
    /// A source is done (indexed, skipped or failed).
    fn finished(&self, _report: &SourceReport) {}
    /// A source needed no reading: it is unchanged, or was skipped or failed before, or is gone.
    fn settled(&self, report: &SourceReport) {
        self.finished(report);
    }
    /// What was read is being committed.
    fn committing(&self) {}
    /// Whether the build should stop, committing what is done.
    fn cancelled(&self) -> bool {
        false
    }
}

/// What a build came to. Archives count as their members.
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
    /// Of the failed ones, those that were not tried again since nothing changed.
    pub not_retried: u64,
    /// Of the indexed ones, those that were moved from where the index knew them.
    pub moved: u64,
    /// Sources taken out of the index.
    pub removed: u64,
    /// Archives opened.
    pub archives: u64,
    /// Sources that are gone from the disk and stay in the index, as cited, sorted.
    pub gone: Vec<String>,
    /// Reports indexed in this run.
    pub reports: u64,
    /// Passages indexed in this run.
    pub passages: u64,
    /// Bytes indexed.
    pub bytes: u64,
    /// Spans of noise left out.
    pub dropped: u64,
    /// Warnings.
    pub warnings: u64,
    /// Seconds from start to commit.
    pub seconds: f64,
    /// Bytes of the index on disk.
    pub index_bytes: u64,
    /// Times that the index was committed.
    pub commits: u64,
    /// Whether the observer stopped it.
    pub cancelled: bool,
    /// Whether a rebuild was stopped, so that the old index stands as it was.
    pub kept_old: bool,
}

impl BuildSummary {
    pub(super) fn count(&mut self, report: &SourceReport) {
        let is_archive = report.record.members.is_some();
        match report.record.status {
            SourceStatus::Indexed if is_archive => self.archives += 1,
            SourceStatus::Indexed => {
                self.indexed += 1;
                self.reports += report.record.reports as u64;
                self.passages += report.record.passages as u64;
                self.bytes += report.record.bytes;
            }
            SourceStatus::Unchanged => self.unchanged += u64::from(!is_archive),
            SourceStatus::Skipped => self.skipped += 1,
            SourceStatus::Failed => self.failed += 1,
            SourceStatus::Removed => self.removed += u64::from(!is_archive),
        }
        self.moved += u64::from(report.moved_from.is_some());
        self.dropped += report.dropped.len() as u64;
        self.warnings += report.warnings.len() as u64;
    }
}
