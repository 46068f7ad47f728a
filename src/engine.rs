//! A [`SearchRequest`] → a [`SearchResponse`]: the read side as one object.

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Filter, IndexStamp, PassageRecord, SearchRequest, SearchResponse};
use crate::schema::Schema;

/// An open index that answers requests.
#[derive(Debug)]
pub struct Engine {}

/// Numbers about an index.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Stats {
    /// Which index.
    pub index: IndexStamp,
    /// Number of sources.
    pub sources: u64,
    /// Number of reports.
    pub reports: u64,
    /// Number of passages.
    pub passages: u64,
    /// Characters of passage text without white space and punctuation.
    pub characters: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// Segments of the index.
    pub segments: usize,
    /// Version of the program that made it.
    pub version: String,
    /// Facet values with their numbers of passages.
    pub facets: std::collections::BTreeMap<crate::model::FacetField, Vec<crate::model::FacetCount>>,
}

fn unfinished<T>() -> Result<T> {
    Err(Error::new(
        ErrorKind::Internal,
        "尚未实现",
        "not written yet",
    ))
}

impl Engine {
    /// Opens the index in `folder` for reading.
    ///
    /// # Errors
    /// If there is no index, it is damaged, or it was made under another fingerprint.
    pub fn open(_folder: &Path, _schema: Schema) -> Result<Self> {
        unfinished()
    }

    /// Answers a request.
    ///
    /// # Errors
    /// If the query cannot be read or a filter names an unknown value.
    pub fn search(&self, _request: &SearchRequest) -> Result<SearchResponse> {
        unfinished()
    }

    /// Hands every passage that the request keeps to `each`, in the order of source and place
    /// (or the request's order, if it has a query), with constant memory; `each` returns whether to
    /// go on.
    ///
    /// # Errors
    /// As for [`Engine::search`].
    pub fn stream(
        &self,
        _request: &SearchRequest,
        _each: &mut dyn FnMut(crate::model::Hit) -> bool,
    ) -> Result<()> {
        unfinished()
    }

    /// Hands every passage that the filters keep to `each`, ordered by source and place.
    ///
    /// # Errors
    /// If a filter names an unknown value or the index cannot be read.
    pub fn export(
        &self,
        _filters: &[Filter],
        _each: &mut dyn FnMut(PassageRecord) -> bool,
    ) -> Result<()> {
        unfinished()
    }

    /// Returns the passages of the report `id` in reading order; empty if there is no such report.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn report(&self, _id: &str) -> Result<Vec<PassageRecord>> {
        unfinished()
    }

    /// Returns the passage `id` with up to `around` neighbours before and after it in its report;
    /// the position of the passage itself in the list; `None` if there is no such passage.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn passage(
        &self,
        _id: &str,
        _around: usize,
    ) -> Result<Option<(Vec<PassageRecord>, usize)>> {
        unfinished()
    }

    /// Returns numbers about the index.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn stats(&self) -> Result<Stats> {
        unfinished()
    }
}
