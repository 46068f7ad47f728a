//! What the index knows of its sources ↔ what was found on disk: what needs reading, what is gone.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::walk::{Root, shown};
use super::{BuildOptions, parser};
use crate::model::{SourceLimits, SourceRecord, SourceStatus};

/// The sources of the index as the build finds them.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    records: HashMap<String, SourceRecord>,
    /// Members by their archive.
    members: HashMap<String, Vec<String>>,
    /// Files by the hash of their content.
    by_hash: HashMap<String, Vec<String>>,
    /// Sources that turned up under another name.
    moved: Mutex<HashSet<String>>,
}

/// Under which terms a record counts as done.
#[derive(Debug, Clone)]
pub(super) struct Standard {
    retry: bool,
    bounds: SourceLimits,
    /// What the columns of tables are said to hold.
    pub(super) columns: Option<String>,
}

impl Standard {
    pub(super) fn of(options: &BuildOptions) -> Self {
        Standard {
            retry: options.retry,
            bounds: options.bounds(),
            columns: options.columns.as_ref().map(ToString::to_string),
        }
    }

    /// Returns whether reading the same content again would come to the same.
    pub(super) fn is_met(&self, known: &SourceRecord) -> bool {
        let is_kept = match known.status {
            SourceStatus::Skipped | SourceStatus::Failed => {
                !self.retry && known.limits.is_none_or(|limits| limits == self.bounds)
            }
            _ => true,
        };
        let is_as_asked = !known.hangs_on_columns() || known.columns == self.columns;
        is_kept && is_as_asked && known.parser == parser::version(known.format)
    }
}

impl Ledger {
    pub(super) fn new(records: HashMap<String, SourceRecord>) -> Self {
        let mut members: HashMap<String, Vec<String>> = HashMap::new();
        let mut by_hash: HashMap<String, Vec<String>> = HashMap::new();
        for record in records.values() {
            let source = record.source.clone();
            match &record.archive {
                Some(archive) => members.entry(archive.clone()).or_default().push(source),
                None if !record.hash.is_empty() && record.status == SourceStatus::Indexed => {
                    by_hash.entry(record.hash.clone()).or_default().push(source);
                }
                None => {}
            }
        }
        // Whatever the order in which the index gives them.
        let lists = members.values_mut().chain(by_hash.values_mut());
        lists.for_each(|list| list.sort());
        Ledger {
            records,
            members,
            by_hash,
            moved: Mutex::default(),
        }
    }

    pub(super) fn get(&self, source: &str) -> Option<&SourceRecord> {
        self.records.get(source)
    }

    /// Returns every record, in no order.
    pub(super) fn all(&self) -> impl Iterator<Item = &SourceRecord> {
        self.records.values()
    }

    /// Returns the records of files, not of members.
    pub(super) fn files(&self) -> impl Iterator<Item = &SourceRecord> {
        self.all().filter(|record| record.archive.is_none())
    }

    /// Returns the members of an archive with those of the archives in it, sorted.
    pub(super) fn members(&self, archive: &str) -> Vec<&SourceRecord> {
        let mut found = Vec::new();
        let mut archives = vec![archive];
        while let Some(archive) = archives.pop() {
            let members = self.members.get(archive).into_iter().flatten();
            for member in members.filter_map(|member| self.get(member)) {
                archives.push(&member.source);
                found.push(member);
            }
        }
        found.sort_by(|a, b| a.source.cmp(&b.source));
        found
    }

    /// Returns whether a file that is known, and everything in it, needs no reading.
    pub(super) fn is_settled(&self, known: &SourceRecord, standard: &Standard) -> bool {
        let all = self.members(&known.source).into_iter().chain([known]);
        all.into_iter().all(|record| standard.is_met(record))
    }

    /// Returns the file of this content that is gone from its place; each is returned once.
    pub(super) fn moved(&self, hash: &str) -> Option<&SourceRecord> {
        let known = self.by_hash.get(hash)?;
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .iter()
            .filter_map(|source| self.get(source))
            .find(|known| is_gone(known) && moved.insert(known.source.clone()))
    }

    /// Returns the files below the given places that are gone, sorted, without those that turned up
    /// elsewhere so far.
    pub(super) fn gone(&self, roots: &[Root], found: &HashSet<&str>) -> Vec<&SourceRecord> {
        let moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        let mut gone: Vec<_> = self
            .files()
            .filter(|known| {
                !found.contains(known.source.as_str())
                    && !moved.contains(&known.source)
                    && roots.iter().any(|root| root.holds(known))
                    && is_gone(known)
            })
            .collect();
        gone.sort_by(|a, b| a.source.cmp(&b.source));
        gone
    }

    /// Returns the file at a path by which it is known.
    pub(super) fn by_path(&self) -> HashMap<&str, &str> {
        self.files()
            .map(|known| (known.path.as_str(), known.source.as_str()))
            .collect()
    }
}

impl Root {
    /// Returns whether a source lies in it, as far as it could be looked into.
    fn holds(&self, known: &SourceRecord) -> bool {
        let is_below = |folder: &Path| {
            let folder = shown(folder.as_os_str());
            known.path.strip_prefix(&folder).is_some_and(|rest| {
                rest.is_empty() || rest.starts_with(['/', '\\']) || folder.ends_with(['/', '\\'])
            })
        };
        is_below(&self.path) && !self.closed.iter().any(|folder| is_below(folder))
    }

    /// Returns whether it looks like a place that is not there at the moment: the index knows files
    /// in it, and there is none.
    pub(super) fn is_bare(&self, ledger: &Ledger) -> bool {
        self.files == 0 && ledger.files().any(|known| self.holds(known))
    }
}

fn is_gone(known: &SourceRecord) -> bool {
    // A place that cannot be looked at is not known to be empty.
    std::fs::symlink_metadata(&known.path)
        .is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}
