//! Searches → a bounded pool of threads, with a bounded queue before it.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::fault::Fault;
use super::options::Options;
use crate::error::Result;

/// Turns for searches.
pub(super) struct Work {
    running: Arc<Semaphore>,
    /// Those who wait or run.
    present: Arc<Semaphore>,
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
        }
    }

    /// Runs a search when its turn comes. Whoever goes away while waiting gives the turn up; a
    /// search that runs is finished, and holds its turn until then.
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
