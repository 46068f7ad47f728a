//! Searches → a bounded pool of threads, with a bounded queue before it; exports have their own.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::fault::Fault;
use super::options::Options;
use crate::error::Result;

/// Turns for searches.
pub(super) struct Work {
    running: Arc<Semaphore>,
    /// Those who wait or run.
    present: Arc<Semaphore>,
    exports: Arc<Semaphore>,
}

impl Work {
    pub(super) fn new(options: &Options) -> Self {
        let processors = || std::thread::available_parallelism().map_or(2, usize::from);
        let running = match options.searches {
            0 => processors(),
            searches => searches,
        };
        Work {
            running: Arc::new(Semaphore::new(running)),
            present: Arc::new(Semaphore::new(running + options.waiting)),
            exports: Arc::new(Semaphore::new(options.exports)),
        }
    }

    /// Returns the place of an export, which runs as long as its client takes.
    pub(super) fn export_place(&self) -> std::result::Result<OwnedSemaphorePermit, Fault> {
        let place = self.exports.clone().try_acquire_owned();
        place.map_err(|_| Fault::busy())
    }

    /// Runs a search when its turn comes. Whoever goes away while waiting gives the turn up; a
    /// search that runs holds its turn until it ends, which it does soon if it was cancelled.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        search: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, Fault> {
        let busy = |_| Fault::busy();
        let place = self.present.clone().try_acquire_owned().map_err(busy)?;
        let turn = self.running.clone().acquire_owned().await;
        let turn = turn.map_err(|_| Fault::busy())?;
        let done = tokio::task::spawn_blocking(move || {
            let done = search();
            drop((turn, place));
            done
        });
        match done.await {
            Ok(done) => done.map_err(Fault::from),
            Err(_) => Err(Fault::internal()),
        }
    }
}
