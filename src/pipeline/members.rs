//! Archives → their members, each a source of its own.
//!
//! The members are unpacked by a thread that can be left behind, one at a time. Threads without
//! work take them; otherwise the one that opened the archive works on them itself, so that no more
//! of them lie in memory than threads work.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::outcome::SourceReport;
use super::reading::{Content, Reader, connect, own_fault, spawn};
use super::walk::{about, is_about, is_litter};
use super::work::{Build, Entry, Item};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Format, Note};
use crate::read::archive::{self, Allowance, MAX_DEPTH, Member};

/// That a source came out of an archive.
#[derive(Debug)]
pub(super) struct Membership {
    /// The archive as cited.
    pub(super) source: String,
    /// How many archives are around it.
    depth: usize,
    /// What all archives in the outermost may unpack to.
    allowance: Arc<Allowance>,
    _open: Open,
}

/// Members that are being worked on.
#[derive(Debug, Default)]
struct Crowd {
    open: Mutex<usize>,
    closed: Condvar,
}

/// One of them, until it is dropped.
#[derive(Debug)]
struct Open(Arc<Crowd>);

impl Open {
    fn new(crowd: &Arc<Crowd>) -> Self {
        *crowd.open.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Open(Arc::clone(crowd))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        *self.0.open.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.closed.notify_all();
    }
}

impl Crowd {
    fn wait(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let _none = self.closed.wait_while(open, |open| *open > 0);
    }
}

/// What is heard of an archive.
#[derive(Debug)]
enum Said {
    Member(Member),
    End(Result<()>),
}

/// How far an archive was gone through.
#[derive(Debug, Default)]
struct Progress {
    members: usize,
    unread: usize,
    seen: HashSet<String>,
}

impl Build<'_> {
    /// Works on all members of an archive; `None` if it was stopped.
    pub(super) fn archive(
        &self,
        item: &Item,
        format: Format,
        content: archive::Content,
        identity: Option<Content>,
        reader: &mut Reader,
    ) -> Option<SourceReport> {
        let depth = item.archive.as_ref().map_or(0, |archive| archive.depth) + 1;
        let mut progress = Progress::default();
        let ended = match depth <= MAX_DEPTH {
            true => self.members(item, depth, format, content, &mut progress, reader),
            false => Err(too_deep()),
        };
        if let Ok(()) = ended {
            self.take_missing_out(item, &progress.seen);
        } else if self.is_stopped() {
            return None;
        }
        let mut entry = Entry::new(self, item);
        if let Some(content) = &identity {
            entry.identify(content);
        }
        entry.archive(format, progress.members, unread(progress.unread));
        if let Err(error) = ended {
            entry.fail(&error);
        }
        Some(entry.finish())
    }

    fn members(
        &self,
        item: &Item,
        depth: usize,
        format: Format,
        content: archive::Content,
        progress: &mut Progress,
        reader: &mut Reader,
    ) -> Result<()> {
        let options = &self.terms.options;
        let limits = options.limits();
        let allowance = match &item.archive {
            Some(archive) => Arc::clone(&archive.allowance),
            None => Arc::new(Allowance::of(item.bytes, &limits)),
        };
        let (mouth, ear) = connect(options.file_timeout);
        // The name by which the one member of a gzip file goes.
        let path = PathBuf::from(&item.source);
        let unpacking = Arc::clone(&allowance);
        spawn(move || {
            let mut each = |member| match mouth.say(Said::Member(member)) {
                true => Ok(()),
                false => Err(own_fault()),
            };
            let work = || archive::members(format, content, &path, &limits, &unpacking, &mut each);
            let ended = catch_unwind(AssertUnwindSafe(work));
            mouth.say(Said::End(ended.unwrap_or_else(|_| Err(own_fault()))));
        })?;
        let crowd = Arc::new(Crowd::default());
        let ended = loop {
            match ear.next(&item.path) {
                Ok(Said::Member(member)) => {
                    let membership = Membership {
                        source: item.source.clone(),
                        depth,
                        allowance: Arc::clone(&allowance),
                        _open: Open::new(&crowd),
                    };
                    self.member(item, membership, member, progress, reader);
                }
                Ok(Said::End(ended)) => break ended,
                Err(error) => break Err(error),
            }
            if self.is_stopped() {
                break Err(own_fault());
            }
        };
        // The line of the archive comes after those of its members.
        crowd.wait();
        match self.is_stopped() {
            true => Err(own_fault()),
            false => ended,
        }
    }

    fn member(
        &self,
        archive: &Item,
        membership: Membership,
        member: Member,
        progress: &mut Progress,
        reader: &mut Reader,
    ) {
        if member.name.split('/').any(is_litter) {
            return;
        }
        let name = member.name.rsplit('/').next().unwrap_or_default();
        let is_about = is_about(name);
        let mut item = Item {
            source: format!("{}/{}", archive.source, member.name),
            path: archive.path.clone(),
            bytes: 0,
            modified: 0,
            content: None,
            archive: Some(membership),
        };
        progress.members += 1;
        progress.seen.insert(item.source.clone());
        let reason = match member.bytes {
            Ok(bytes) => {
                item.bytes = bytes.len() as u64;
                item.content = Some(bytes);
                None
            }
            Err(error) => Some(error),
        };
        self.observer.grown(1, item.bytes);
        if reason.is_none() && !is_about {
            if let Err(item) = self.tasks.offer(item) {
                self.item(item, reader);
            }
            return;
        }
        self.observer.started(&item.source);
        let mut entry = Entry::new(self, &item);
        match reason {
            Some(error) => {
                progress.unread += 1;
                entry.fail(&error);
            }
            None => entry.skip(about()),
        }
        let report = entry.finish();
        self.count(&report);
        self.observer.finished(&report);
    }

    /// Takes out the members that are no longer in a changed archive.
    fn take_missing_out(&self, archive: &Item, seen: &HashSet<String>) {
        let known = self.ledger.members(&archive.source);
        let missing: Vec<_> = known
            .into_iter()
            .filter(|known| known.archive.as_ref() == Some(&archive.source))
            .filter(|known| !seen.contains(&known.source))
            .collect();
        if !missing.is_empty() {
            self.write(0, |writer| {
                for known in &missing {
                    self.take_out(writer, known);
                    self.removed(known);
                }
                Ok(())
            });
        }
    }
}

fn unread(count: usize) -> Option<Note> {
    (count > 0).then(|| {
        Note::new(
            format!("其中 {count} 个文件无法取出"),
            format!("{count} of its files cannot be taken out"),
        )
    })
}

fn too_deep() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        format!("压缩包套压缩包超过 {MAX_DEPTH} 层，未打开"),
        format!("an archive within more than {MAX_DEPTH} archives, not opened"),
    )
    .with_hint(
        "解开外层后再索引",
        "index it after unpacking the outer ones",
    )
}
