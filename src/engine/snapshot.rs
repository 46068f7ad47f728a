//! What an engine answers from: one commit of an index, and how to come by the next.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use tantivy::collector::Count;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{ReloadPolicy, Searcher, Term};

use super::{Engine, stamp, suggest};
use crate::analyze::Analyzer;
use crate::error::Result;
use crate::index::fields::PASSAGE;
use crate::index::{Bigrams, Groups, Records, Revision, Store, Words, failed, guarded};
use crate::model::{PassageId, SearchRequest};
use crate::schema::Schema;
use crate::search::{FacetValues, ReadingOrder};

/// An open commit of an index with what is made from it once, on first use.
pub(super) struct Snapshot {
    pub(super) schema: Arc<Schema>,
    pub(super) analyzer: Arc<Analyzer>,
    pub(super) store: Store,
    pub(super) searcher: Searcher,
    pub(super) bigrams: Bigrams,
    pub(super) records: Records,
    pub(super) values: FacetValues,
    pub(super) order: ReadingOrder,
    pub(super) words: Words,
    pub(super) names: suggest::Names,
    pub(super) groups: Groups,
    pub(super) passages: u64,
    /// Hash of all passages.
    pub(super) digest: OnceLock<u64>,
    /// The day of the last change (UTC), `2026-11-27`.
    pub(super) day: String,
}

impl Snapshot {
    pub(super) fn open(
        folder: &Path,
        schema: Arc<Schema>,
        analyzer: Arc<Analyzer>,
    ) -> Result<Self> {
        let (store, opened) = Store::snapshot(folder, &analyzer, |store| {
            guarded(&store.index, folder, || {
                let fault = |cause| failed(folder, cause);
                let builder = store.index.reader_builder();
                let reader = builder.reload_policy(ReloadPolicy::Manual).try_into();
                let searcher = reader.map_err(fault)?.searcher();
                let kind = Term::from_field_text(store.fields.kind, PASSAGE);
                let every = TermQuery::new(kind, IndexRecordOption::Basic);
                let passages = searcher.search(&every, &Count).map_err(fault)? as u64;
                let bigrams = Bigrams::open(&searcher).map_err(fault)?;
                let records = Records::open(&searcher).map_err(fault)?;
                let words = Words::open(&searcher).map_err(fault)?;
                Ok((
                    searcher,
                    bigrams,
                    words,
                    records,
                    passages,
                    store.changed()?,
                ))
            })
        })?;
        let (searcher, bigrams, words, records, passages, changed) = opened;
        let groups = store.groups(passages)?;
        Ok(Snapshot {
            schema,
            analyzer,
            store,
            searcher,
            bigrams,
            records,
            values: FacetValues::default(),
            order: ReadingOrder::default(),
            words,
            names: suggest::Names::default(),
            groups,
            passages,
            digest: OnceLock::new(),
            day: stamp::day(changed),
        })
    }
}

impl Engine {
    /// Opens what is committed now in the same folder, under the same rules; this engine goes on
    /// answering from its own snapshot.
    ///
    /// # Errors
    /// As for [`Engine::open`].
    pub fn reopened(&self) -> Result<Self> {
        let (schema, analyzer) = (&self.snapshot.schema, &self.snapshot.analyzer);
        let folder = &self.snapshot.store.folder;
        let snapshot = Snapshot::open(folder, Arc::clone(schema), Arc::clone(analyzer))?;
        Ok(Engine {
            snapshot: Arc::new(snapshot),
            cancellation: self.cancellation.clone(),
        })
    }

    /// Makes what speeds up all later searches of a long-lived process: the order of reading, in
    /// about 60 bytes a passage, and landmarks in the texts, in about a hundredth of their size.
    /// Answers are the same without them.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn prepare(&self) -> Result<()> {
        self.snapshot.bigrams.prepare();
        self.snapshot.order.make(&self.index())
    }

    /// Returns whether nothing was committed since the index was opened.
    pub fn is_current(&self) -> bool {
        *self.snapshot.store.revision() == Revision::of(&self.snapshot.store.folder)
    }

    /// Returns 16 hexadecimal digits that change with every commit to the index.
    pub fn revision(&self) -> String {
        self.snapshot.store.revision().hash()
    }

    /// Returns how many hits of a request stand up to the passage `id`, those of its near copies
    /// included; `None` if it is none of them. What comes after it is the page with this `offset`.
    ///
    /// # Errors
    /// As for [`Engine::search`].
    pub fn hits_up_to(&self, id: &str, request: &SearchRequest) -> Result<Option<usize>> {
        let Some(PassageId(id)) = PassageId::parse(id) else {
            return Ok(None);
        };
        let whole = SearchRequest {
            facets: Vec::new(),
            offset: 0,
            limit: usize::MAX,
            ..request.clone()
        };
        let (_, page) = self.paged(&whole)?;
        let at = page
            .iter()
            .position(|hit| hit.best.id == id || hit.copies.iter().any(|copy| copy.id == id));
        Ok(at.map(|at| at + 1))
    }
}
