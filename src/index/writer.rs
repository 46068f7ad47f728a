//! Reports → documents, in batches, committed whole.

use std::collections::HashMap;

use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{IndexWriter, TantivyDocument, Term};

use super::fields::{PASSAGE, SOURCE};
use super::{Handles, Store, failed, guarded};
use crate::analyze::{Analyzer, is_letter, sentence_ends};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Passage, PassageRecord, Report, SourceRecord};

/// Bytes of postings that each writing thread holds before it flushes a segment.
const MEMORY_PER_THREAD: usize = 120_000_000;

/// Writes an index. Adding is possible from several threads at once.
pub struct Writer {
    writer: IndexWriter,
    fields: Handles,
    folder: std::path::PathBuf,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl Writer {
    /// Opens a store for writing with so many threads.
    ///
    /// # Errors
    /// [`ErrorKind::IndexLocked`] if another process writes to it.
    pub fn open(store: &Store, threads: usize) -> Result<Self> {
        let threads = threads.clamp(1, 8);
        let writer = store
            .index
            .writer_with_num_threads(threads, threads * MEMORY_PER_THREAD)
            .map_err(|cause| failed(&store.folder, cause))?;
        Ok(Writer {
            writer,
            fields: store.fields,
            folder: store.folder.clone(),
        })
    }

    /// Adds the passages of a report.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn add(&self, source: &str, report: &Report, analyzer: &Analyzer) -> Result<()> {
        for (sequence, passage) in report.passages.iter().enumerate() {
            // One by one: the library's queue is bounded in messages, not in bytes.
            let document = self.document(source, report, sequence, passage, analyzer)?;
            self.writer
                .add_document(document)
                .map_err(|cause| failed(&self.folder, cause))?;
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
        document.add_bytes(self.fields.record, &json(record)?);
        self.writer
            .add_document(document)
            .map(drop)
            .map_err(|cause| failed(&self.folder, cause))
    }

    /// Removes a source with its passages.
    pub fn delete(&self, source: &str) {
        self.writer
            .delete_term(Term::from_field_text(self.fields.source, source));
    }

    /// Makes everything since the last commit visible and durable.
    ///
    /// # Errors
    /// If the index cannot be written; then the last commit stands.
    pub fn commit(&mut self) -> Result<()> {
        let index = self.writer.index().clone();
        guarded(&index, &self.folder, || {
            let done = self.writer.commit().map(drop);
            done.map_err(|cause| failed(&self.folder, cause))
        })
    }

    /// Waits for merges and lets go of the index.
    ///
    /// # Errors
    /// If a merge failed.
    pub fn close(self) -> Result<()> {
        let index = self.writer.index().clone();
        guarded(&index, &self.folder, || {
            let done = self.writer.wait_merging_threads();
            done.map_err(|cause| failed(&self.folder, cause))
        })
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
        let (fold, length) = fold_hash(&folded);
        document.add_u64(fields.fold, fold);
        document.add_u64(fields.length, length);
        for heading in &passage.path {
            document.add_text(fields.heading, analyzer.fold(&heading.text));
        }
        for heading in &passage.opens {
            document.add_text(fields.opening, analyzer.fold(&heading.text));
        }
        if sequence == 0 {
            // Once a report: its passages are found by its id.
            document.add_text(fields.title, analyzer.fold(&report.title));
        }
        for end in sentence_ends(&folded) {
            document.add_u64(fields.sentence_ends, end);
        }
        document.add_text(fields.words, &folded);
        document.add_text(fields.chars, folded);
        let record = PassageRecord::new(source, report, sequence, passage);
        document.add_bytes(fields.record, &json(&record)?);
        Ok(document)
    }
}

/// Returns the hash of a folded text's letters and digits, by which copies fold, and their number.
fn fold_hash(folded: &str) -> (u64, u64) {
    let letters: String = folded
        .chars()
        .filter(|&character| is_letter(character))
        .collect();
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&blake3::hash(letters.as_bytes()).as_bytes()[..8]);
    (u64::from_le_bytes(bytes), letters.chars().count() as u64)
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

impl Store {
    /// Reads the ledger: every source in the index by its path.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn ledger(&self) -> Result<HashMap<String, SourceRecord>> {
        guarded(&self.index, &self.folder, || self.read_ledger())
    }

    fn read_ledger(&self) -> Result<HashMap<String, SourceRecord>> {
        let fault = |cause| failed(&self.folder, cause);
        let searcher = self.index.reader().map_err(fault)?.searcher();
        let term = Term::from_field_text(self.fields.kind, SOURCE);
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let documents = searcher
            .search(&query, &tantivy::collector::DocSetCollector)
            .map_err(fault)?;
        let mut ledger = HashMap::with_capacity(documents.len());
        for address in documents {
            let document: TantivyDocument = searcher.doc(address).map_err(fault)?;
            let bytes = document
                .get_first(self.fields.record)
                .and_then(|value| value.as_bytes().map(<[u8]>::to_vec))
                .unwrap_or_default();
            let record: SourceRecord = serde_json::from_slice(&bytes)
                .map_err(|cause| super::manifest::damaged(&self.folder).with_cause(cause))?;
            ledger.insert(record.source.clone(), record);
        }
        Ok(ledger)
    }
}
