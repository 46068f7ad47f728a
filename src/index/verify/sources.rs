//! Sources on disk against the ledger: what the index would learn from its next run. No damage.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use super::{Finding, Verification};
use crate::index::payload::hash;
use crate::model::SourceRecord;

/// Notes sources that are gone or no longer what was indexed.
pub(super) fn check(ledger: &[SourceRecord], found: &mut Verification) {
    // Members of an archive share its path; their hashes are of what is inside.
    let mut shared: HashMap<&str, usize> = HashMap::new();
    for line in ledger {
        *shared.entry(&line.path).or_default() += 1;
    }
    let mut notes = Vec::new();
    for line in ledger {
        let mut note = |zh, en| notes.push(Finding::new(&line.source, zh, en));
        match File::open(Path::new(&line.path)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                note("原文件已不在", "the file is gone");
            }
            Ok(_) if shared.get(&*line.path).is_some_and(|count| *count > 1) => {}
            opened => match opened.and_then(|mut file| hash(&mut file)) {
                Ok(hash) if line.hash.is_empty() || hash.starts_with(&line.hash) => {}
                Ok(_) => note(
                    "原文件在编入索引后有改动",
                    "the file has changed since it was indexed",
                ),
                Err(_) => note("原文件读不出来", "the file cannot be read"),
            },
        }
    }
    notes.sort();
    found.notes.append(&mut notes);
}
