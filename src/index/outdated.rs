//! An index made under another fingerprint → the sources that it holds.
//!
//! Its passages cannot be searched any more, but its ledger is plain stored JSON: it says what has
//! to be read again.

use std::panic::catch_unwind;
use std::path::Path;

use serde::Deserialize;
use tantivy::Index;

use super::{Manifest, ledger, searcher};
use crate::analyze::Analyzer;
use crate::error::Result;

/// An index made under another fingerprint.
#[derive(Debug, Clone)]
pub struct Outdated {
    /// Version of the program that made it.
    pub version: String,
    /// Its sources, sorted by path as cited; `None` if they cannot be read any more.
    pub sources: Option<Vec<KnownSource>>,
}

/// What any version's ledger says of a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct KnownSource {
    /// Path as cited.
    pub source: String,
    /// Absolute path.
    pub path: String,
}

/// Returns what is known of an index made under another fingerprint; `None` if there is no index or
/// it fits.
///
/// # Errors
/// If the manifest cannot be read.
pub fn outdated(folder: &Path, analyzer: &Analyzer) -> Result<Option<Outdated>> {
    let Some(manifest) = Manifest::read(folder)?.filter(|found| !found.is_current(analyzer)) else {
        return Ok(None);
    };
    let generation = folder.join(&manifest.generation);
    let sources = catch_unwind(|| sources(&generation).ok()).ok().flatten();
    Ok(Some(Outdated {
        version: manifest.version,
        sources,
    }))
}

fn sources(generation: &Path) -> tantivy::Result<Vec<KnownSource>> {
    // Plainly, as any version of ours left it.
    let index = Index::open_in_dir(generation)?;
    let schema = index.schema();
    let lines = ledger::lines(&searcher(&index)?, schema.get_field("kind")?)?;
    let mut sources = Vec::with_capacity(lines.len());
    for line in lines {
        sources.push(serde_json::from_slice(&line)?);
    }
    sources.sort();
    Ok(sources)
}
