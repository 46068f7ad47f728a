//! Reports → documents, in batches, committed whole.

use std::collections::HashMap;

use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{IndexWriter, TantivyDocument, Term};

use super::fields::{PASSAGE, SOURCE};
use super::{Handles, Store, failed, guarded};
use crate::analyze::Analyzer;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Passage, PassageRecord, Report, SourceRecord};
use crate::near::Print;

/// Most bytes of postings that a writing thread holds before it flushes a segment; more gain nothing.
const MOST_PER_THREAD: usize = 120_000_000;

/// Least bytes with which the library lets a thread write.
const LEAST_PER_THREAD: usize = 15_000_000;

/// Writes an index. Adding is possible from several threads at once.
pub struct Writer {
    writer: IndexWriter,
    fields: Handles,
    folder: std::path::PathBuf,
    generation: std::path::PathBuf,
    /// What a commit holds besides documents.
    payload: Option<String>,
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
    /// together before they flush a segment.
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
        let metas = store.index.load_metas();
        let metas = metas.map_err(|cause| failed(&store.folder, cause))?;
        Ok(Writer {
            writer,
            fields: store.fields,
            folder: store.folder.clone(),
            generation: store.folder.join(&store.manifest.generation),
            payload: metas.payload,
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
        deleted.map_err(|cause| failed(&self.folder, cause))?;
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
            let mut commit = || {
                let mut prepared = self.writer.prepare_commit()?;
                if let Some(payload) = &self.payload {
                    prepared.set_payload(payload);
                }
                prepared.commit().map(drop)
            };
            commit().map_err(|cause| failed(&self.folder, cause))
        })
    }

    /// Commits with a file of near-duplicate groups, which stands finished in the folder of the
    /// generation under a name that no commit has had (`near-…`); files of older commits go.
    ///
    /// # Errors
    /// As for [`Writer::commit`], or if the file cannot be read.
    pub fn commit_with(&mut self, near: &str) -> Result<()> {
        let path = self.generation.join(near);
        let bytes = std::fs::read(&path).map_err(|error| Error::io(&path, error))?;
        let payload = serde_json::json!({
            "near": { "name": near, "hash": blake3::hash(&bytes).to_hex().as_str() }
        });
        self.payload = Some(payload.to_string());
        self.commit()?;
        for entry in std::fs::read_dir(&self.generation)
            .into_iter()
            .flatten()
            .flatten()
        {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("near-") && name != near {
                let _ = std::fs::remove_file(entry.path());
            }
        }
        Ok(())
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
        let print = Print::of(&folded);
        document.add_u64(fields.fold, print.fold);
        document.add_u64(fields.length, print.length);
        if let Some(near) = print.near {
            document.add_u64(fields.mask, near.mask);
            for word in near.signature.0 {
                document.add_u64(fields.signature, word);
            }
        }
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
        document.add_text(fields.words, &folded);
        document.add_text(fields.chars, folded);
        let record = PassageRecord::new(source, report, sequence, passage);
        document.add_bytes(fields.record, &json(&record)?);
        Ok(document)
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
