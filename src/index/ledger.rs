//! The ledger: every source in the index, with what came of it.

use std::collections::HashMap;

use tantivy::query::TermQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::faults::{damaged, failed};
use super::fields::SOURCE;
use super::{Records, Store, guarded, searcher};
use crate::error::Result;
use crate::model::SourceRecord;

impl Store {
    /// Reads the ledger: every source in the index by its path.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn ledger(&self) -> Result<HashMap<String, SourceRecord>> {
        guarded(&self.index, &self.folder, || {
            let fault = |cause| failed(&self.folder, cause);
            let searcher = searcher(&self.index).map_err(fault)?;
            let lines = self.ledger_of(&searcher)?.into_iter();
            Ok(lines.map(|line| (line.source.clone(), line)).collect())
        })
    }

    /// Reads the lines of the ledger in a snapshot, in no order.
    pub(super) fn ledger_of(&self, searcher: &Searcher) -> Result<Vec<SourceRecord>> {
        let lines = lines(searcher, self.fields.kind);
        let lines = lines.map_err(|cause| failed(&self.folder, cause))?;
        let read = |line: Vec<u8>| {
            serde_json::from_slice(&line).map_err(|cause| damaged(&self.folder).with_cause(cause))
        };
        lines.into_iter().map(read).collect()
    }
}

/// Returns the lines of the ledger as they are stored.
pub(super) fn lines(searcher: &Searcher, kind: Field) -> tantivy::Result<Vec<Vec<u8>>> {
    let query = TermQuery::new(
        Term::from_field_text(kind, SOURCE),
        IndexRecordOption::Basic,
    );
    let found = searcher.search(&query, &tantivy::collector::DocSetCollector)?;
    let records = Records::open(searcher)?;
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_unstable();
    found
        .into_iter()
        .map(|address| records.bytes(address))
        .collect()
}
