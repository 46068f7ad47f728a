//! Bytes of memory for texts under way, shared by the threads that work on them.
//!
//! Invariant: whoever waits for memory holds none, so that there is always someone to give it back.

use std::sync::{Condvar, Mutex, PoisonError};

/// Memory that a source takes for each of its bytes: its content, its text, its passages and the
/// documents made of them. A single line of 200 MB takes 5 times its size, whole reports 4 times.
const FACTOR: u64 = 5;

/// Memory that a source takes, however small it is.
const LEAST: u64 = 256 << 10;

/// A bounded amount of memory.
#[derive(Debug)]
pub(super) struct Budget {
    total: u64,
    used: Mutex<u64>,
    freed: Condvar,
}

/// A part of it, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Share<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Budget {
    pub(super) fn new(total: u64) -> Self {
        Budget {
            total,
            used: Mutex::new(0),
            freed: Condvar::new(),
        }
    }

    /// Waits until there is memory for a source of so many bytes. One that takes more than there is
    /// at all waits until it is alone.
    pub(super) fn take(&self, source: u64) -> Share<'_> {
        let bytes = source.saturating_mul(FACTOR).saturating_add(LEAST);
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let is_tight = |used: &mut u64| *used > 0 && used.saturating_add(bytes) > self.total;
        let waited = self.freed.wait_while(used, is_tight);
        let mut used = waited.unwrap_or_else(PoisonError::into_inner);
        *used = used.saturating_add(bytes);
        Share {
            budget: self,
            bytes,
        }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        let used = self.budget.used.lock();
        let mut used = used.unwrap_or_else(PoisonError::into_inner);
        *used = used.saturating_sub(self.bytes);
        self.budget.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn no_more_than_there_is_and_big_ones_alone() {
        let budget = Budget::new(4 * (FACTOR * 100 + LEAST));
        let under_way = AtomicU64::new(0);
        let most = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for number in 0..64 {
                let (budget, under_way, most) = (&budget, &under_way, &most);
                scope.spawn(move || {
                    let is_big = number % 8 == 0;
                    let _share = budget.take(if is_big { 1 << 40 } else { 100 });
                    let now = under_way.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(now, Ordering::SeqCst);
                    assert!(now == 1 || !is_big);
                    std::thread::sleep(std::time::Duration::from_millis(1));
                    under_way.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        assert!((2..=4).contains(&most.into_inner()));
    }
}
