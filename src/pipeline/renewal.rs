//! An index made under other rules → what has to be read for a whole new one.
//!
//! Invariant: no source that the index knows is left out silently.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::BuildOptions;
use super::walk::{Found, shown};
use crate::error::{Error, ErrorKind, Result};
use crate::index::{KnownSource, Outdated};

/// Sources that an error names.
const NAMED: usize = 3;

/// Returns what is to be walked: the given paths, and the sources of the old index that are there.
pub(super) fn roots(paths: &[PathBuf], old: Option<&Outdated>) -> Vec<PathBuf> {
    let mut roots = paths.to_vec();
    let known = known(old).map(|known| PathBuf::from(&known.path));
    // A member of an archive has the archive's path.
    let mut seen = HashSet::new();
    roots.extend(known.filter(|path| seen.insert(path.clone()) && path.is_file()));
    roots
}

/// Refuses to leave out sources that are gone, unless that is asked for.
pub(super) fn check(old: &Outdated, found: &[Found], options: &BuildOptions) -> Result<()> {
    if options.prune {
        return Ok(());
    }
    let there: HashSet<String> = found.iter().map(path).collect();
    let is_gone =
        |known: &&KnownSource| !there.contains(&known.path) && !Path::new(&known.path).exists();
    let gone: Vec<&KnownSource> = known(Some(old)).filter(is_gone).collect();
    if gone.is_empty() {
        return Ok(());
    }
    let count = gone.len();
    let named: Vec<&str> = gone.iter().take(NAMED).map(|known| &*known.path).collect();
    let more = if count > NAMED { " …" } else { "" };
    Err(Error::new(
        ErrorKind::IndexMismatch,
        format!(
            "词典或规则已变，需要重新索引，但有 {count} 个原文件已不在：{}{more}",
            named.join("、")
        ),
        format!(
            "dictionary or schema have changed and everything has to be indexed again, but {count} source files are gone: {}{more}",
            named.join(", ")
        ),
    )
    .with_path(&options.index)
    .with_hint(
        "放回原文件再运行；或加 --prune，不要它们",
        "put them back and run it again, or go on without them with --prune",
    ))
}

/// Gives files the names by which the old index cites them; a new file of such a name is cited by
/// its absolute path.
pub(super) fn as_known(found: &mut [Found], old: &Outdated) {
    let names: HashMap<&str, &str> = known(Some(old))
        .map(|known| (&*known.path, &*known.source))
        .collect();
    let taken: HashSet<&str> = names.values().copied().collect();
    for file in found {
        let path = path(file);
        if let Some(source) = names.get(&*path) {
            file.source = (*source).to_owned();
        } else if taken.contains(&*file.source) {
            file.source = path.replace('\\', "/");
        }
    }
}

fn known(old: Option<&Outdated>) -> impl Iterator<Item = &KnownSource> {
    old.and_then(|old| old.sources.as_deref())
        .into_iter()
        .flatten()
}

fn path(found: &Found) -> String {
    shown(found.path.as_os_str())
}
