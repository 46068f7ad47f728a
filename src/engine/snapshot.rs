//! An engine is a snapshot: whether it is still the last one, and how to come by the next.

use super::Engine;
use crate::error::Result;
use crate::index::Revision;

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
}
