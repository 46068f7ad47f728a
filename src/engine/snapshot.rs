//! An engine is a snapshot: whether it is still the last one, and how to come by the next.

use super::Engine;
use crate::error::Result;
use crate::index::Revision;
use crate::model::{PassageId, SearchRequest};

impl Engine {
    /// Opens what is committed now in the same folder, under the same rules; this engine goes on
    /// answering from its own snapshot.
    ///
    /// # Errors
    /// As for [`Engine::open`].
    pub fn reopened(&self) -> Result<Self> {
        let (schema, analyzer) = (self.schema.clone(), self.analyzer.clone());
        Self::with(&self.store.folder, schema, analyzer)
    }

    /// Returns whether nothing was committed since the index was opened.
    pub fn is_current(&self) -> bool {
        *self.store.revision() == Revision::of(&self.store.folder)
    }

    /// Returns 16 hexadecimal digits that change with every commit to the index.
    pub fn revision(&self) -> String {
        self.store.revision().hash()
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
