//! What there is to do, handed out to the threads: files in the order given, members of archives
//! before them.
//!
//! Invariant: a member is accepted only while a thread waits for it, so none is ever left over and
//! at most one a thread lies in memory unread.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The work of a build.
#[derive(Debug)]
pub(super) struct Tasks<F, M> {
    state: Mutex<State<F, M>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<F, M> {
    files: std::vec::IntoIter<F>,
    members: VecDeque<M>,
    /// Threads that are at work and may find more.
    busy: usize,
    idle: usize,
}

/// A piece of work.
#[derive(Debug)]
pub(super) enum Task<F, M> {
    File(F),
    Member(M),
}

impl<F, M> Tasks<F, M> {
    /// Makes the work for so many threads.
    pub(super) fn new(files: Vec<F>, threads: usize) -> Self {
        Tasks {
            state: Mutex::new(State {
                files: files.into_iter(),
                members: VecDeque::new(),
                busy: threads,
                idle: 0,
            }),
            changed: Condvar::new(),
        }
    }

    /// Waits for work; `None` when there is none and none can come.
    pub(super) fn next(&self) -> Option<Task<F, M>> {
        let mut state = self.state();
        state.busy -= 1;
        loop {
            let task = match state.members.pop_front() {
                Some(member) => Some(Task::Member(member)),
                None => state.files.next().map(Task::File),
            };
            if task.is_some() {
                state.busy += 1;
                return task;
            }
            if state.busy == 0 {
                self.changed.notify_all();
                return None;
            }
            state.idle += 1;
            let waited = self.changed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }

    /// Hands a member to a thread that waits for work.
    ///
    /// # Errors
    /// Gives it back if none does.
    pub(super) fn offer(&self, member: M) -> Result<(), M> {
        let mut state = self.state();
        if state.idle <= state.members.len() {
            return Err(member);
        }
        state.members.push_back(member);
        self.changed.notify_one();
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State<F, M>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn everything_is_done_once_and_every_thread_ends() {
        let (done, shared) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let tasks: Tasks<usize, usize> = Tasks::new((0..20).collect(), 4);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while let Some(task) = tasks.next() {
                        let members = match task {
                            Task::File(_) => 50,
                            Task::Member(_) => 0,
                        };
                        done.fetch_add(1, Ordering::SeqCst);
                        for member in 0..members {
                            std::thread::sleep(std::time::Duration::from_micros(100));
                            match tasks.offer(member) {
                                Ok(()) => shared.fetch_add(1, Ordering::SeqCst),
                                Err(_) => done.fetch_add(1, Ordering::SeqCst),
                            };
                        }
                    }
                });
            }
        });
        assert_eq!(done.into_inner(), 20 * 51);
        assert!(shared.into_inner() > 0, "threads without a file help out");
    }
}
