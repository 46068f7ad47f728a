//! The id of a report → where it stands.

use tantivy::Term;
use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;

use super::{Records, Store, failed, guarded};
use crate::error::Result;
use crate::model::PassageId;

/// A report of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportEntry {
    /// Its source as cited.
    pub source: String,
    /// Its title.
    pub title: String,
    /// Number of its passages.
    pub passages: usize,
}

impl Store {
    /// Finds a report by its id; `None` if there is none.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn report(&self, id: &str) -> Result<Option<ReportEntry>> {
        let Some(PassageId(id)) = PassageId::parse(id) else {
            return Ok(None);
        };
        guarded(&self.index, &self.folder, || {
            let fault = |cause| failed(&self.folder, cause);
            let searcher = self.index.reader().map_err(fault)?.searcher();
            let term = Term::from_field_u64(self.fields.report, id);
            let query = TermQuery::new(term, IndexRecordOption::Basic);
            let found = searcher.search(&query, &DocSetCollector).map_err(fault)?;
            let Some(first) = found.iter().next() else {
                return Ok(None);
            };
            let records = Records::open(&searcher).map_err(fault)?;
            let passage = records.passage(*first).map_err(fault)?;
            Ok(Some(ReportEntry {
                source: passage.source,
                title: passage.report_title,
                passages: found.len(),
            }))
        })
    }
}
