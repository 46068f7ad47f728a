//! Reports → documents, in batches, committed whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use tantivy::collector::DocSetCollector;
use tantivy::merge_policy::LogMergePolicy;
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{IndexWriter, TantivyDocument, TantivyError, Term};

use super::disk::{Disk, UNFINISHED};
use super::faults::unwritable;
use super::fields::{PASSAGE, SOURCE};
use super::payload::{Payload, SIDECARS, Sidecar};
use super::{Handles, Store, failed, guarded, record, searcher};
use crate::analyze::{Analyzer, sentence_ends};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Heading, Passage, PassageRecord, Report, SourceRecord};
use crate::near::Print;

/// Most bytes of postings that a writing thread holds before it flushes a segment; more gain nothing.
const MOST_PER_THREAD: usize = 120_000_000;

/// Segments of so many documents are merged no more, but by `optimize`: a merge maps all that it
/// merges into memory, and a second round of merges writes a large index once again.
const MERGED: usize = 80_000;

/// Least bytes with which the library lets a thread write.
const LEAST_PER_THREAD: usize = 15_000_000;

/// Writes an index. Adding is possible from several threads at once.
pub struct Writer {
    writer: IndexWriter,
    fields: Handles,
    folder: PathBuf,
    generation: PathBuf,
    disk: Disk,
    payload: Payload,
    /// Sources deleted since the last commit.
    deleted: Mutex<BTreeSet<String>>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl Writer {
    /// Opens a store for writing with so many threads, which hold about so many bytes of postings
    /// together before they flush a segment, and clears away what a killed writer left in it.
    ///
    /// # Errors
    /// [`ErrorKind::IndexLocked`] if another process writes to it.
    pub fn open(store: &Store, threads: usize, memory: u64) -> Result<Self> {
        let memory = usize::try_from(memory).unwrap_or(usize::MAX);
        let threads = threads.clamp(1, 8).min((memory / LEAST_PER_THREAD).max(1));
        let each = (memory / threads).clamp(LEAST_PER_THREAD, MOST_PER_THREAD);
        let writer = store
            .index
            .writer_with_num_threads(threads, threads * each)
            .map_err(|cause| failed(&store.folder, cause))?;
        let mut merges = LogMergePolicy::default();
        merges.set_max_docs_before_merge(MERGED);
        writer.set_merge_policy(Box::new(merges));
        let writer = Writer {
            writer,
            fields: store.fields,
            folder: store.folder.clone(),
            generation: store.generation(),
            disk: store.disk.clone(),
            payload: store.payload()?,
            deleted: Mutex::default(),
        };
        writer.sweep();
        Ok(writer)
    }

    /// Removes files that the last commit does not name. What cannot be removed, since a reader
    /// holds it open, stays for the next time.
    fn sweep(&self) {
        let _ = self.writer.garbage_collect_files().wait();
        let named = |name: &str| {
            let mut sidecars = self.payload.sidecars();
            sidecars.any(|sidecar| sidecar.name == name)
        };
        for entry in fs::read_dir(&self.generation)
            .into_iter()
            .flatten()
            .flatten()
        {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_sidecar = SIDECARS.iter().any(|start| name.starts_with(start));
            if name.ends_with(UNFINISHED) || is_sidecar && !named(&name) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Adds the passages of a report.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn add(&self, source: &str, report: &Report, analyzer: &Analyzer) -> Result<()> {
        // Neighbours mostly stand under the same headings.
        let (mut path, mut folded_path): (&[Heading], Vec<String>) = Default::default();
        for (sequence, passage) in report.passages.iter().enumerate() {
            if passage.path != path {
                path = &passage.path;
                let headings = path.iter().map(|heading| analyzer.fold(&heading.text));
                folded_path = headings.collect();
            }
            // One by one: the library's queue is bounded in messages, not in bytes.
            let mut document = self.document(source, report, sequence, passage, analyzer)?;
            for heading in &folded_path {
                document.add_custom(self.fields.heading, heading.as_bytes());
            }
            let added = self.writer.add_document(document);
            added.map_err(|cause| self.failed(cause))?;
        }
        Ok(())
    }

    /// Adds a source to the ledger.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn record(&self, record: &SourceRecord) -> Result<()> {
        let mut document = TantivyDocument::default();
        document.add_text(self.fields.kind, SOURCE);
        document.add_text(self.fields.source, &record.source);
        document.add_custom(self.fields.record, &json(record)?);
        let added = self.writer.add_document(document);
        added.map(drop).map_err(|cause| self.failed(cause))
    }

    /// Replaces a source's line in the ledger; its passages stay.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn amend(&self, record: &SourceRecord) -> Result<()> {
        let term = |field, text: &str| -> Box<dyn Query> {
            let term = Term::from_field_text(field, text);
            Box::new(TermQuery::new(term, IndexRecordOption::Basic))
        };
        let line = BooleanQuery::intersection(vec![
            term(self.fields.source, &record.source),
            term(self.fields.kind, SOURCE),
        ]);
        let deleted = self.writer.delete_query(Box::new(line));
        deleted.map_err(|cause| self.failed(cause))?;
        self.record(record)
    }

    /// Removes the passages of a report.
    ///
    /// # Errors
    /// If `id` is none.
    pub fn delete_report(&self, id: &str) -> Result<()> {
        let report = u64::from_str_radix(id, 16).map_err(|cause| {
            Error::new(
                ErrorKind::NotFound,
                "这不是报告的编号",
                "this is no id of a report",
            )
            .with_cause(cause)
        })?;
        self.writer
            .delete_term(Term::from_field_u64(self.fields.report, report));
        Ok(())
    }

    /// Removes a source with its passages.
    pub fn delete(&self, source: &str) {
        let mut deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
        deleted.insert(source.to_owned());
        drop(deleted);
        self.writer.delete_term(self.term(source));
    }

    /// Makes everything since the last commit visible and durable; sidecars stay as they are.
    ///
    /// # Errors
    /// If the index cannot be written; then the last commit stands, and this writer commits no more.
    pub fn commit(&mut self) -> Result<()> {
        if self.disk.is_closed() {
            return Err(self.failed(TantivyError::SystemError("closed".to_owned())));
        }
        let deleted = self
            .deleted
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let deleted = std::mem::take(deleted);
        let payload = json(&self.payload)?;
        let payload = String::from_utf8_lossy(&payload);
        let terms: Vec<Term> = deleted.iter().map(|source| self.term(source)).collect();
        let done = self.work(|writer| {
            // In a thread of the library, a panic over a damaged file would end the process.
            let searcher = searcher(writer.index())?;
            for term in terms {
                let query = TermQuery::new(term, IndexRecordOption::Basic);
                searcher.search(&query, &DocSetCollector)?;
            }
            let mut prepared = writer.prepare_commit()?;
            prepared.set_payload(&payload);
            prepared.commit().map(drop)
        });
        if done.is_err() {
            self.disk.close();
        }
        done
    }

    /// Commits with a file of near-duplicate groups, which stands finished in
    /// [`Store::generation`] under a name that no commit has had (`near-…`); `None` for none.
    ///
    /// The file is synced before the commit names it. That of the commit before is removed; a reader
    /// that was about to open it asks again which one is named.
    ///
    /// # Errors
    /// As for [`Writer::commit`], or if the file cannot be read.
    pub fn commit_with(&mut self, near: Option<&str>) -> Result<()> {
        let near = near.map(|name| Sidecar::of(&self.generation, name));
        let payload = Payload {
            near: near.transpose()?,
        };
        let before = std::mem::replace(&mut self.payload, payload);
        if let Err(error) = self.commit() {
            self.payload = before;
            return Err(error);
        }
        self.sweep();
        Ok(())
    }

    /// Waits for merges and lets go of the index.
    ///
    /// # Errors
    /// If a merge failed.
    pub fn close(self) -> Result<()> {
        let (index, folder, disk) = (self.writer.index().clone(), self.folder, self.disk);
        guarded(&index, &folder, || {
            let done = self.writer.wait_merging_threads();
            Ok(done.map_err(|cause| told(&disk, &folder, cause)))
        })?
    }

    /// Returns the library's writer.
    pub(super) fn inner(&self) -> &IndexWriter {
        &self.writer
    }

    /// Runs what writes to the index.
    pub(super) fn work(
        &mut self,
        work: impl FnOnce(&mut IndexWriter) -> tantivy::Result<()>,
    ) -> Result<()> {
        let index = self.writer.index().clone();
        let writer = &mut self.writer;
        let (disk, folder) = (&self.disk, &self.folder);
        let done = guarded(&index, folder, || match work(writer) {
            Ok(()) => Ok(Ok(())),
            // A full disk is no reason to read the whole index for its checksums.
            Err(cause) => match disk.fault() {
                Some(fault) => Ok(Err(unwritable(folder, fault))),
                None => Err(failed(folder, cause)),
            },
        })?;
        if done.is_ok() {
            disk.forget_fault();
        }
        done
    }

    fn term(&self, source: &str) -> Term {
        Term::from_field_text(self.fields.source, source)
    }

    /// Makes the error of a failed write: what the disk said, where the library only says that a
    /// thread of its own ended.
    fn failed(&self, cause: TantivyError) -> Error {
        told(&self.disk, &self.folder, cause)
    }

    fn document(
        &self,
        source: &str,
        report: &Report,
        sequence: usize,
        passage: &Passage,
        analyzer: &Analyzer,
    ) -> Result<TantivyDocument> {
        let fields = &self.fields;
        let mut document = TantivyDocument::default();
        document.add_text(fields.kind, PASSAGE);
        document.add_u64(fields.id, passage.id.0);
        document.add_u64(
            fields.report,
            u64::from_str_radix(&report.id.0, 16).unwrap_or(0),
        );
        document.add_u64(fields.sequence, sequence as u64);
        document.add_text(fields.source, source);
        document.add_u64(
            fields.start,
            ((passage.line as u64) << 32) | passage.chars.start as u64,
        );
        let mut keyword = |field, value: Option<&str>| {
            if let Some(value) = value {
                document.add_text(field, value);
            }
        };
        keyword(fields.agency, report.agency.as_deref());
        keyword(fields.system, report.system.as_deref());
        keyword(fields.level, report.level.map(|level| level.as_str()));
        keyword(fields.region, report.region.as_deref());
        keyword(fields.report_kind, Some(report.kind.as_str()));
        keyword(fields.section_kind, Some(passage.section_kind.as_str()));
        if let Some(year) = passage.year {
            document.add_i64(fields.year, i64::from(year));
        }
        if let Some(year) = report.report_year {
            document.add_i64(fields.report_year, i64::from(year));
        }
        let folded = analyzer.fold(&passage.text);
        let print = Print::of(&folded);
        document.add_u64(fields.fold, print.fold);
        document.add_u64(fields.length, print.length);
        if let Some(near) = print.near {
            document.add_u64(fields.mask, near.mask);
            for word in near.signature.0 {
                document.add_u64(fields.signature, word);
            }
        }
        for heading in &passage.opens {
            let folded = analyzer.fold(&heading.text);
            document.add_custom(fields.opening_words, folded.as_bytes());
            document.add_custom(fields.opening, folded.as_bytes());
        }
        if sequence == 0 {
            // Once a report: its passages are found by its id.
            document.add_custom(fields.title, analyzer.fold(&report.title).as_bytes());
        }
        for end in sentence_ends(&folded) {
            document.add_u64(fields.sentence_ends, end);
        }
        document.add_custom(fields.words, folded.as_bytes());
        document.add_custom(fields.chars, folded.as_bytes());
        let record = PassageRecord::new(source, report, sequence, passage);
        document.add_custom(fields.record, &record::bytes(&record));
        Ok(document)
    }
}

fn told(disk: &Disk, folder: &std::path::Path, cause: TantivyError) -> Error {
    match disk.fault() {
        Some(fault) => unwritable(folder, fault),
        None => failed(folder, cause),
    }
}

fn json<T: serde::Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|cause| {
        Error::new(
            ErrorKind::Internal,
            "记录无法写成 JSON",
            "a record cannot be written as JSON",
        )
        .with_cause(cause)
    })
}
