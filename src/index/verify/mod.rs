//! An index on disk → whether it is sound; if not, which file is damaged and what to do.
//!
//! Nothing is taken on trust: seals and checksums first, then the ledger against the passages; on
//! request every passage against its postings, and every source on disk against the ledger.
//!
//! Invariant: it writes nothing and takes no lock; a writer at work is no damage.

mod counts;
mod files;
mod sources;
mod terms;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use serde::Serialize;
use tantivy::Index;

use super::disk::Disk;
use super::faults::{failed, missing};
use super::{ATTEMPTS, Manifest, Revision, Store, manifest, searcher};
use crate::analyze::Analyzer;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Language, Note};
use crate::schema::Schema;

/// What a check of an index came to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Verification {
    /// Whether nothing is damaged.
    pub sound: bool,
    /// Whether passages were analysed again and sources read again.
    pub deep: bool,
    /// Folder of the current generation, inside the index folder.
    pub generation: String,
    /// Fingerprint under which it was made.
    pub fingerprint: String,
    /// Version of the program that made it.
    pub version: String,
    /// Files checked.
    pub files: u64,
    /// Bytes checked.
    pub bytes: u64,
    /// Sources in the ledger.
    pub sources: u64,
    /// Passages.
    pub passages: u64,
    /// What is damaged.
    pub faults: Vec<Finding>,
    /// What is worth knowing but no damage: leftovers of a killed run, sources that changed since.
    pub notes: Vec<Finding>,
    /// What to do about the damage.
    pub advice: Option<Note>,
    /// Milliseconds that it took.
    pub took_ms: f64,
}

/// Something found, about a file of the index, a passage or a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// Path of the file inside the index folder, id of the passage, or path of the source as cited.
    pub about: String,
    /// What is the matter.
    #[serde(flatten)]
    pub note: Note,
}

impl Finding {
    fn new(about: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Finding {
            about: about.into(),
            note: Note::new(zh, en),
        }
    }
}

/// Checks an index; where `deep`, its passages are analysed again and its sources read again.
///
/// # Errors
/// If there is no index, or the machine keeps it from being read; damage is no error.
pub fn verify(folder: &Path, schema: &Schema, deep: bool) -> Result<Verification> {
    let started = Instant::now();
    let analyzer = Analyzer::new(schema);
    let mut attempt = 0;
    loop {
        attempt += 1;
        let before = Revision::of(folder);
        let mut found = Verification {
            deep,
            ..Verification::default()
        };
        check(folder, &analyzer, &mut found)?;
        found.sound = found.faults.is_empty();
        found.advice = advice(&found.faults);
        // What a writer removes meanwhile is not missing.
        if found.sound || before == Revision::of(folder) || attempt == ATTEMPTS {
            found.took_ms = started.elapsed().as_secs_f64() * 1000.0;
            return Ok(found);
        }
    }
}

fn check(folder: &Path, analyzer: &Analyzer, found: &mut Verification) -> Result<()> {
    let manifest = match Manifest::read(folder) {
        Ok(Some(manifest)) => manifest,
        Ok(None) if files::generations(folder).is_empty() => return Err(missing(folder)),
        Ok(None) => {
            found.faults.push(lost(manifest::FILE));
            return Ok(());
        }
        Err(error) if error.kind() == ErrorKind::IndexDamaged => {
            found.faults.push(changed(manifest::FILE));
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    found.generation.clone_from(&manifest.generation);
    found.fingerprint.clone_from(&manifest.fingerprint);
    found.version.clone_from(&manifest.version);
    found.files += 1;
    if !manifest.is_sealed {
        found.faults.push(changed(manifest::FILE));
    }
    if !manifest.is_current(analyzer) {
        // Whose rules are the right ones is not known here; the files can be checked all the same.
        found.faults.push(foreign());
    }
    if found.faults.is_empty()
        && let Some(store) = files::check(folder, manifest, analyzer, found)?
        && found.faults.is_empty()
    {
        let inner = AssertUnwindSafe(|| contents(&store, analyzer, found));
        // The checksums fit, so that it is the program that wrote what cannot be read.
        let outcome = catch_unwind(inner).unwrap_or_else(|_| Err(unreadable(folder)));
        if let Err(error) = outcome {
            let (zh, en) = (error.message(Language::Zh), error.message(Language::En));
            found.faults.push(Finding::new(&found.generation, zh, en));
        }
    }
    Ok(())
}

/// Checks what the files hold.
fn contents(store: &Store, analyzer: &Analyzer, found: &mut Verification) -> Result<()> {
    let fault = |cause| failed(&store.folder, cause);
    let searcher = searcher(&store.index).map_err(fault)?;
    let ledger = store.ledger_of(&searcher)?;
    counts::check(store, &searcher, &ledger, found).map_err(fault)?;
    if found.deep {
        terms::check(store, &searcher, analyzer, found).map_err(fault)?;
        sources::check(&ledger, found);
    }
    Ok(())
}

/// Returns whether the files of the last commit are as they were written.
pub(super) fn is_whole(index: &Index) -> bool {
    let check = || {
        let metas = index.load_metas().ok()?;
        let directory = index.directory();
        let whole = |file| directory.validate_checksum(file).is_ok_and(|fits| fits);
        Some(files::segment_files(&metas).iter().all(|file| whole(file)))
    };
    catch_unwind(AssertUnwindSafe(check)).is_ok_and(|whole| whole == Some(true))
}

fn foreign() -> Finding {
    Finding::new(
        manifest::FILE,
        "索引是用另一套词典或规则建立的",
        "the index was made with another dictionary or schema",
    )
}

fn advice(faults: &[Finding]) -> Option<Note> {
    let first = faults.first()?;
    Some(match *first == foreign() && faults.len() == 1 {
        true => Note::new(
            "运行 zhengsou index 路径，会按现在的规则重新索引；若当初用了 --schema，请给出同一文件夹",
            "run zhengsou index PATH, which makes it anew under the present rules; if it was made with --schema, give the same folder",
        ),
        false => Note::new(
            "用 zhengsou index --rebuild 路径 从原文件重建；新索引写好之前旧的不动",
            "rebuild it from the source files with zhengsou index --rebuild PATH; the old one stays until the new one is done",
        ),
    })
}

fn lost(file: &str) -> Finding {
    Finding::new(file, "文件不见了", "the file is missing")
}

fn changed(file: &str) -> Finding {
    Finding::new(
        file,
        "内容与写入时不同",
        "the content is not what was written",
    )
}

fn unreadable(folder: &Path) -> Error {
    Error::new(
        ErrorKind::IndexDamaged,
        "内容读不出来",
        "the content cannot be read",
    )
    .with_path(folder)
}

impl Verification {
    /// Notes a file that was checked.
    fn checked(&mut self, bytes: u64) {
        self.files += 1;
        self.bytes += bytes;
    }
}

/// Opens a generation for its files only.
fn open(folder: &Path) -> Option<(Disk, Index)> {
    catch_unwind(|| {
        let disk = Disk::open(folder).ok()?;
        let index = Index::open(disk.clone()).ok()?;
        Some((disk, index))
    })
    .ok()
    .flatten()
}
