//! One source at a time through all stages: read, split and tagged by a [`Reader`], analysed and
//! written here.
//!
//! Invariant: one bad source never stops a build; what stands of it in the index is all or nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLockReadGuard};

use super::budget::Budget;
use super::ledger::{Ledger, Standard};
use super::members::Membership;
use super::outcome::{BuildSummary, Observer, SourceReport};
use super::parser;
use super::reading::{Content, Job, Reader, Said, Split, Terms, own_fault};
use super::target::SharedWriter;
use super::tasks::{Task, Tasks};
use super::walk::{Found, shown};
use crate::analyze::Analyzer;
use crate::error::{Error, ErrorKind, Result};
use crate::index::Writer;
use crate::model::{Format, Note, SourceRecord, SourceStatus, Warning};
use crate::read::{ReadSummary, archive};

/// A build under way.
pub(super) struct Build<'a> {
    pub(super) terms: Arc<Terms>,
    pub(super) analyzer: &'a Analyzer,
    pub(super) observer: &'a dyn Observer,
    pub(super) ledger: Ledger,
    pub(super) standard: Standard,
    /// `None` for a dry run.
    pub(super) writer: Option<SharedWriter>,
    pub(super) budget: Budget,
    pub(super) tasks: Tasks<Found, Item>,
    pub(super) summary: Mutex<BuildSummary>,
    /// A failure of the index itself, which ends the build.
    fault: Mutex<Option<Error>>,
    stop: AtomicBool,
}

/// A source to work on.
#[derive(Debug)]
pub(super) struct Item {
    /// Path as cited.
    pub(super) source: String,
    /// Path of the file; for a member, of the archive's.
    pub(super) path: PathBuf,
    /// Length in bytes.
    pub(super) bytes: u64,
    /// Time of the last change, in nanoseconds since 1970; 0 if unknown.
    pub(super) modified: i64,
    /// The content of a member.
    pub(super) content: Option<Vec<u8>>,
    /// The archive that it came out of.
    pub(super) archive: Option<Membership>,
}

/// What working on a source came to.
enum Worked {
    Done(Box<SourceReport>),
    Unchanged,
    Archive(Format, archive::Content, Option<Content>),
    Stopped,
}

impl<'a> Build<'a> {
    pub(super) fn new(
        terms: Arc<Terms>,
        analyzer: &'a Analyzer,
        observer: &'a dyn Observer,
        ledger: Ledger,
        writer: Option<SharedWriter>,
        files: Vec<Found>,
    ) -> Self {
        let options = &terms.options;
        Build {
            analyzer,
            observer,
            ledger,
            standard: Standard::of(options),
            writer,
            budget: Budget::new(options.memory_of_texts()),
            tasks: Tasks::new(files, options.threads()),
            summary: Mutex::default(),
            fault: Mutex::default(),
            stop: AtomicBool::new(false),
            terms,
        }
    }

    /// Works until there is nothing to do; to be run by each of the threads.
    pub(super) fn work(&self) {
        let mut reader = Reader::new(Arc::clone(&self.terms));
        while let Some(task) = self.tasks.next() {
            match task {
                Task::File(found) if found.trouble.is_some() => self.trouble(&found),
                Task::File(found) => self.item(Item::from(found), &mut reader),
                Task::Member(item) => self.item(item, &mut reader),
            }
        }
    }

    /// Works on a source, with all that is in it.
    pub(super) fn item(&self, item: Item, reader: &mut Reader) {
        if self.is_stopped() {
            return;
        }
        self.observer.started(&item.source);
        let mut item = item;
        let worked = catch_unwind(AssertUnwindSafe(|| {
            let share = self.budget.take(self.cost(&item));
            let worked = self.single(&mut item, reader);
            // The members ask for their own.
            drop(share);
            match worked {
                Worked::Done(report) => Some(*report),
                Worked::Unchanged => {
                    self.unchanged(&item.source, true);
                    None
                }
                Worked::Archive(format, content, identity) => {
                    self.archive(&item, format, content, identity, reader)
                }
                Worked::Stopped => None,
            }
        }));
        // A fault in one source must not take the batch with it.
        let report = worked.unwrap_or_else(|_| {
            let mut entry = Entry::new(self, &item);
            entry.is_written = true;
            entry.fail(&own_fault());
            Some(entry.finish())
        });
        if let Some(report) = report {
            self.count(&report);
            self.observer.finished(&report);
        }
        if let Some(writer) = &self.writer
            && let Err(error) = writer.commit(false, || self.observer.committing())
        {
            self.fault(error);
        }
    }

    /// Memory is asked for by the bytes that are held at once.
    fn cost(&self, item: &Item) -> u64 {
        let most = self.terms.options.limits().bytes();
        item.bytes.min(most)
    }

    fn single(&self, item: &mut Item, reader: &mut Reader) -> Worked {
        let known = self.ledger.get(&item.source);
        let hash = known
            .filter(|known| self.ledger.is_settled(known, &self.standard))
            .map(|known| known.hash.clone())
            .filter(|hash| !hash.is_empty());
        let job = Job {
            source: item.source.clone(),
            path: item.path.clone(),
            content: item.content.take(),
            known: hash,
        };
        let mut entry = Entry::new(self, item);
        let (mut identity, mut archive) = (None, None);
        let read = reader.read(job, &mut |said| match said {
            Said::Alive(bytes) => {
                self.observer.advanced(&item.source, bytes);
                // What is read bit by bit is not worth waiting for.
                !self.is_stopped()
            }
            Said::Found(content) => {
                entry.identify(&content);
                identity = Some(content);
                true
            }
            Said::Text(split) => {
                entry.add(*split);
                !self.has_fault()
            }
            Said::Archive(format, content) => {
                archive = Some((format, content));
                true
            }
            Said::Changed => {
                entry.changed();
                true
            }
            Said::Done(_) => true,
        });
        match (read, archive) {
            (Ok(None), Some((format, content))) => {
                return Worked::Archive(format, content, identity);
            }
            (Ok(None), None) if identity.is_some_and(|content| content.is_known) => {
                entry.amend();
                return Worked::Unchanged;
            }
            (Ok(None), None) => {
                entry.abandon();
                return Worked::Stopped;
            }
            (Ok(Some(summary)), _) => entry.read(summary),
            (Err(error), _) => entry.fail(&error),
        }
        Worked::Done(Box::new(entry.finish()))
    }

    /// Records a file that the walk found but that will not be opened.
    fn trouble(&self, found: &Found) {
        let report = self.troubled(found);
        self.count(&report);
        self.observer.finished(&report);
        if found.is_file {
            self.write(0, |writer| {
                if let Some(known) = self.ledger.get(&found.source) {
                    self.take_out(writer, known);
                }
                writer.record(&report.record)
            });
        }
    }

    /// Returns what becomes of a file that will not be opened.
    pub(super) fn troubled(&self, found: &Found) -> SourceReport {
        let mut record = blank(found.source.clone(), shown(found.path.as_os_str()));
        record.bytes = found.bytes;
        record.modified = found.modified;
        record.status = found.status;
        record.reason = found.trouble.clone();
        SourceReport::of(record)
    }

    /// Reports a known source, and everything in it, as it stands in the ledger; `was_opened` if it
    /// took a look at its content to know.
    pub(super) fn unchanged(&self, source: &str, was_opened: bool) {
        let known = self.ledger.get(source);
        let members = self.ledger.members(source);
        for record in known.into_iter().chain(members) {
            let mut report = SourceReport::of(record.clone());
            match record.status {
                SourceStatus::Indexed => report.record.status = SourceStatus::Unchanged,
                SourceStatus::Failed => self.summary().not_retried += 1,
                _ => {}
            }
            self.count(&report);
            match was_opened && record.source == source {
                true => self.observer.finished(&report),
                false => self.observer.settled(&report),
            }
        }
    }

    /// Takes a source, and everything in it, out of the index; its members are reported.
    pub(super) fn take_out(&self, writer: &Writer, known: &SourceRecord) {
        writer.delete(&known.source);
        for member in self.ledger.members(&known.source) {
            writer.delete(&member.source);
            self.removed(member);
        }
    }

    /// Reports a source that was taken out.
    pub(super) fn removed(&self, known: &SourceRecord) {
        let mut report = SourceReport::of(known.clone());
        report.record.status = SourceStatus::Removed;
        self.count(&report);
        self.observer.settled(&report);
    }

    /// Writes to the index, if there is one, as one piece for a source of so many bytes.
    pub(super) fn write(&self, bytes: u64, work: impl FnOnce(&Writer) -> Result<()>) {
        if let Some(shared) = &self.writer {
            let writer = shared.share();
            shared.wrote(bytes);
            if let Err(error) = work(&writer) {
                self.fault(error);
            }
        }
    }

    pub(super) fn count(&self, report: &SourceReport) {
        self.summary().count(report);
    }

    pub(super) fn summary(&self) -> MutexGuard<'_, BuildSummary> {
        self.summary.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether the build is to stop.
    pub(super) fn is_stopped(&self) -> bool {
        if self.observer.cancelled() {
            self.stop.store(true, Ordering::Relaxed);
        }
        self.stop.load(Ordering::Relaxed)
    }

    fn fault(&self, error: Error) {
        let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        fault.get_or_insert(error);
        self.stop.store(true, Ordering::Relaxed);
    }

    fn has_fault(&self) -> bool {
        let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        fault.is_some()
    }

    /// Returns the failure that ended the build, if any.
    pub(super) fn check(&self) -> Result<()> {
        let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        fault.take().map_or(Ok(()), Err)
    }
}

impl From<Found> for Item {
    fn from(found: Found) -> Self {
        Item {
            source: found.source,
            path: found.path,
            bytes: found.bytes,
            modified: found.modified,
            content: None,
            archive: None,
        }
    }
}

/// What is written of one source. It holds the writer from the first word on.
pub(super) struct Entry<'a> {
    build: &'a Build<'a>,
    known: Option<&'a SourceRecord>,
    moved: Option<&'a SourceRecord>,
    report: SourceReport,
    writer: Option<RwLockReadGuard<'a, Writer>>,
    /// Whether something of it may stand in the index that is not in the ledger.
    is_written: bool,
    /// Whether what the index knows of it stays, since nothing is known of its present content.
    is_kept: bool,
}

impl<'a> Entry<'a> {
    pub(super) fn new(build: &'a Build<'a>, item: &Item) -> Self {
        let mut record = blank(item.source.clone(), shown(item.path.as_os_str()));
        record.bytes = item.bytes;
        record.modified = item.modified;
        record.archive = item.archive.as_ref().map(|archive| archive.source.clone());
        Entry {
            build,
            known: build.ledger.get(&item.source),
            moved: None,
            report: SourceReport::of(record),
            writer: None,
            is_written: false,
            is_kept: false,
        }
    }

    /// Takes down what its content is.
    pub(super) fn identify(&mut self, content: &Content) {
        let record = &mut self.report.record;
        record.hash.clone_from(&content.hash);
        record.bytes = content.bytes;
        record.modified = content.modified;
        if self.known.is_none() && record.archive.is_none() && self.build.writer.is_some() {
            self.moved = self.build.ledger.moved(&content.hash);
            self.report.moved_from = self.moved.map(|moved| moved.source.clone());
        }
    }

    /// Begins to write: what the index holds of it goes in the same commit.
    fn begin(&mut self) -> Option<&Writer> {
        let shared = self.build.writer.as_ref()?;
        if self.writer.is_none() {
            let writer = shared.share();
            if let Some(moved) = self.moved {
                self.build.take_out(&writer, moved);
            }
            if self.known.is_some() {
                writer.delete(&self.report.record.source);
            }
            self.writer = Some(writer);
        }
        self.writer.as_deref()
    }

    fn add(&mut self, split: Split) {
        let (analyzer, build) = (self.build.analyzer, self.build);
        let record = &mut self.report.record;
        record.format = Some(split.format);
        record.reports += split.reports.len();
        for report in &split.reports {
            record.passages += report.passages.len();
            self.report.titles.push(report.title.clone());
        }
        self.report.dropped.extend(split.dropped);
        self.report.warnings.extend(split.warnings);
        let source = self.report.record.source.clone();
        self.is_written = true;
        if let Some(writer) = self.begin() {
            let mut reports = split.reports.iter();
            if let Err(error) = reports.try_for_each(|report| writer.add(&source, report, analyzer))
            {
                build.fault(error);
            }
        }
    }

    /// Says that the file was changed while it was read: the next run looks at it again.
    fn changed(&mut self) {
        self.report.record.modified = 0;
        self.report.warnings.push(Warning::new(
            0,
            "读取时文件正在改动，下次运行会再读",
            "the file was changed while it was read; the next run reads it again",
        ));
    }

    fn read(&mut self, summary: ReadSummary) {
        let is_empty = summary.is_empty();
        let record = &mut self.report.record;
        record.format = summary.format;
        record.undecodable = summary.undecodable;
        record.encoding = Some(summary.encoding).filter(|name| !name.is_empty());
        self.report.warnings.extend(summary.warnings);
        if is_empty {
            self.skip(Note::new("空文件", "empty"));
        }
    }

    /// Says what an archive came to.
    pub(super) fn archive(&mut self, format: Format, members: usize, reason: Option<Note>) {
        let record = &mut self.report.record;
        record.format = Some(format);
        record.members = Some(members);
        record.reason = reason;
    }

    /// Says why it is left out.
    pub(super) fn skip(&mut self, reason: Note) {
        self.report.record.status = SourceStatus::Skipped;
        self.report.record.reason = Some(reason);
    }

    /// Says why it cannot be read. Nothing of it stays in the index, but a file that cannot be
    /// opened at the moment stays as it is known.
    pub(super) fn fail(&mut self, error: &Error) {
        self.report.fail(error);
        let record = &mut self.report.record;
        (record.reports, record.passages, record.undecodable) = (0, 0, 0);
        self.report.titles.clear();
        match error.kind() {
            ErrorKind::Limit => record.limits = Some(self.build.terms.options.bounds()),
            ErrorKind::Io => {
                // It is tried again whatever its time and size.
                (record.modified, record.hash) = (0, String::new());
                self.is_kept = !self.is_written;
            }
            _ => {}
        }
        if std::mem::take(&mut self.is_written) {
            let source = self.report.record.source.clone();
            if let Some(writer) = self.begin() {
                writer.delete(&source);
            }
        }
    }

    /// Takes back what was written.
    fn abandon(mut self) {
        if self.is_written {
            let source = self.report.record.source.clone();
            if let Some(writer) = self.begin() {
                writer.delete(&source);
            }
            self.wrote();
        }
    }

    /// Brings the ledger's line of an unchanged content up to date.
    fn amend(self) {
        let Some(known) = self.known else {
            return;
        };
        let record = &self.report.record;
        let amended = SourceRecord {
            path: record.path.clone(),
            modified: record.modified,
            ..known.clone()
        };
        if amended != *known {
            self.build.write(0, |writer| writer.amend(&amended));
        }
        if amended.path != known.path {
            let path = &amended.path;
            for member in self.build.ledger.members(&known.source) {
                let path = path.clone();
                let moved = SourceRecord {
                    path,
                    ..member.clone()
                };
                self.build.write(0, |writer| writer.amend(&moved));
            }
        }
    }

    /// Writes the ledger's line, which makes the source whole, and lets go of the writer.
    pub(super) fn finish(mut self) -> SourceReport {
        let record = &mut self.report.record;
        record.parser = parser::version(record.format);
        record.columns = match record.hangs_on_columns() {
            true => self.build.standard.columns.clone(),
            false => None,
        };
        let is_same = self.known == Some(&self.report.record) && !self.is_written;
        let is_kept = self.is_kept && self.known.is_some();
        if is_same && self.report.record.status == SourceStatus::Indexed {
            // An archive was opened for its members and found as it was.
            self.report.record.status = SourceStatus::Unchanged;
        }
        if !is_same && !is_kept {
            let record = self.report.record.clone();
            if record.members.is_none() {
                self.take_members_out();
            }
            let build = self.build;
            if let Some(writer) = self.begin()
                && let Err(error) = writer.record(&record)
            {
                build.fault(error);
            }
            self.wrote();
        }
        self.report
    }

    /// Takes out what was in it when it was an archive.
    fn take_members_out(&mut self) {
        let build = self.build;
        let members = build.ledger.members(&self.report.record.source);
        if members.is_empty() {
            return;
        }
        if let Some(writer) = self.begin() {
            for member in &members {
                writer.delete(&member.source);
            }
        }
        members.iter().for_each(|member| build.removed(member));
    }

    fn wrote(&self) {
        if let Some(shared) = &self.build.writer {
            shared.wrote(self.report.record.bytes);
        }
    }
}

/// Makes the ledger's line of a source of which nothing is known yet.
pub(super) fn blank(source: String, path: String) -> SourceRecord {
    SourceRecord {
        source,
        path,
        bytes: 0,
        modified: 0,
        hash: String::new(),
        parser: parser::version(None),
        format: None,
        encoding: None,
        status: SourceStatus::Indexed,
        reason: None,
        reports: 0,
        passages: 0,
        undecodable: 0,
        members: None,
        archive: None,
        limits: None,
        columns: None,
    }
}
