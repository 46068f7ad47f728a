//! The engine that answers now, replaced when something was committed to the index.
//!
//! Invariant: a request is answered by one snapshot; those under way keep theirs.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use crate::engine::Engine;

/// How often the folder of the index is looked at.
const PERIOD: Duration = Duration::from_millis(500);

/// The engine that answers now.
pub(super) struct Live {
    engine: RwLock<Arc<Engine>>,
}

impl Live {
    pub(super) fn new(engine: Engine) -> Self {
        Live {
            engine: RwLock::new(Arc::new(engine)),
        }
    }

    pub(super) fn engine(&self) -> Arc<Engine> {
        let engine = self.engine.read().unwrap_or_else(PoisonError::into_inner);
        engine.clone()
    }

    /// Opens the index anew whenever something was committed; never ends.
    pub(super) async fn watch(&self) {
        loop {
            tokio::time::sleep(PERIOD).await;
            let engine = self.engine();
            let opened = tokio::task::spawn_blocking(move || {
                let fresh = || engine.reopened();
                (!engine.is_current()).then(fresh)
            });
            match opened.await {
                Ok(Some(Ok(fresh))) => {
                    let revision = fresh.revision();
                    let mut engine = self.engine.write().unwrap_or_else(PoisonError::into_inner);
                    *engine = Arc::new(fresh);
                    drop(engine);
                    tracing::info!(revision, "the index was opened anew");
                }
                Ok(Some(Err(error))) => {
                    // Being rebuilt, moved or damaged: the old snapshot goes on answering.
                    tracing::warn!(%error, "the index cannot be opened anew");
                }
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "opening the index panicked"),
            }
        }
    }
}
