//! The engine that answers now, replaced when something was committed to the index.
//!
//! Invariant: a request is answered by one snapshot; those under way keep theirs.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use super::App;
use crate::engine::Engine;
use crate::model::{FacetField, SearchRequest};

/// How often the folder of the index is looked at.
const PERIOD: Duration = Duration::from_millis(500);

/// The engine that answers now.
pub(super) struct Live {
    engine: RwLock<Engine>,
}

impl Live {
    pub(super) fn new(engine: Engine) -> Self {
        Live {
            engine: RwLock::new(engine),
        }
    }

    pub(super) fn engine(&self) -> Engine {
        let engine = self.engine.read().unwrap_or_else(PoisonError::into_inner);
        engine.clone()
    }

    fn replace(&self, engine: Engine) {
        *self.engine.write().unwrap_or_else(PoisonError::into_inner) = engine;
    }
}

impl App {
    /// Opens the index anew whenever something was committed; never ends.
    pub(super) async fn watch(&self) {
        let metrics = &self.0.metrics;
        let passages = |engine: &Engine| i64::try_from(engine.stamp().passages).unwrap_or(i64::MAX);
        let engine = self.engine();
        metrics.passages.set(passages(&engine));
        let warmed = tokio::task::spawn_blocking(move || warm(&engine));
        if let Err(error) = warmed.await {
            tracing::error!(%error, "the first search panicked");
        }
        loop {
            tokio::time::sleep(PERIOD).await;
            let engine = self.engine();
            let opened = tokio::task::spawn_blocking(move || {
                let fresh = || engine.reopened().inspect(warm);
                (!engine.is_current()).then(fresh)
            });
            match opened.await {
                Ok(Some(Ok(fresh))) => {
                    metrics.reloads.inc();
                    metrics.passages.set(passages(&fresh));
                    tracing::info!(
                        revision = fresh.revision(),
                        passages = fresh.stamp().passages,
                        "the index was opened anew"
                    );
                    self.0.live.replace(fresh);
                }
                Ok(Some(Err(error))) => {
                    // Being rebuilt, moved or damaged: the old snapshot goes on answering.
                    metrics.failed_reloads.inc();
                    tracing::warn!(%error, "the index cannot be opened anew");
                }
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "opening the index panicked"),
            }
        }
    }
}

/// Makes what is made on first use, so that no request waits for it.
fn warm(engine: &Engine) {
    if let Err(error) = engine.prepare() {
        tracing::warn!(%error, "the order of reading cannot be made");
    }
    let request = SearchRequest {
        facets: FacetField::ALL.to_vec(),
        ..SearchRequest::default()
    };
    if let Err(error) = engine.search(&request) {
        tracing::warn!(%error, "the first search failed");
    }
}
