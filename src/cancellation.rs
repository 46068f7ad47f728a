//! A mark by which whoever asked for an answer says that it is not wanted any more.
//!
//! Invariant: cancelled once, cancelled for good. Work that finds itself cancelled may end anywhere,
//! with anything, since whoever began it throws away what it made.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, ErrorKind, Result};

/// A mark that ends work early; its clones are the same mark.
///
/// ```
/// use zhengsou::{Cancellation, ErrorKind};
/// let cancellation = Cancellation::new();
/// assert!(cancellation.check().is_ok());
/// cancellation.clone().cancel();
/// assert_eq!(cancellation.check().unwrap_err().kind(), ErrorKind::Cancelled);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cancellation(Arc<AtomicBool>);

impl Cancellation {
    /// Makes a mark that is not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the mark, for good.
    pub fn cancel(&self) {
        // Nothing is handed over with it.
        self.0.store(true, Ordering::Relaxed);
    }

    /// Returns whether it is set: one load, cheap enough for each passage.
    #[inline]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Passes if it is not set.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`] if it is.
    pub fn check(&self) -> Result<()> {
        match self.is_cancelled() {
            false => Ok(()),
            true => Err(Error::new(
                ErrorKind::Cancelled,
                "已取消",
                "it was cancelled",
            )),
        }
    }
}

/// Sets a mark when it is dropped: for work that nobody waits for once its owner is gone.
#[derive(Debug)]
pub struct CancelOnDrop(pub Cancellation);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}
