//! Folders and files → the sources to read, each with the path by which it is cited.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{FileType, Metadata};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use walkdir::{DirEntry, WalkDir};

use super::ledger::Ledger;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Note, SourceStatus};

/// First words of the names of files that are about their folder and no reports.
const ABOUT: &[&str] = &["changelog", "licence", "license", "readme"];

/// What systems and office programs leave beside documents, besides hidden files: thumbnails,
/// settings of a folder, owners of files that are open.
const LITTER: &[&str] = &["thumbs.db", "desktop.ini", "__macosx"];

/// What a walk came to.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// The files, sorted by path as cited.
    pub(super) found: Vec<Found>,
    /// The places that were given.
    pub(super) roots: Vec<Root>,
}

/// A place that was given.
#[derive(Debug, Clone)]
pub(super) struct Root {
    /// Absolute path.
    pub(super) path: PathBuf,
    /// Number of files found in it.
    pub(super) files: usize,
    /// Folders in it that could not be looked into.
    pub(super) closed: Vec<PathBuf>,
}

/// A file that the walk found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Path as cited: the name of the folder that was given and the path below it.
    pub(super) source: String,
    /// Absolute path.
    pub(super) path: PathBuf,
    /// Length in bytes.
    pub(super) bytes: u64,
    /// Time of the last change, in nanoseconds since 1970; 0 if unknown.
    pub(super) modified: i64,
    /// Why it will not be read.
    pub(super) trouble: Option<Note>,
    /// What becomes of it where `trouble` says why.
    pub(super) status: SourceStatus,
    /// Whether it is a file, which the ledger remembers, not a place that could not be looked into.
    pub(super) is_file: bool,
}

/// Walks folders in the order of their names; links are followed, loops are not.
///
/// The index folder, hidden entries and [`LITTER`] are passed over; so is what a folder says about
/// itself ([`ABOUT`]), unless it is named by itself, but that is said.
pub(super) fn walk(paths: &[PathBuf], index: &Path) -> Result<Walked> {
    let index = index.canonicalize().unwrap_or_else(|_| index.to_path_buf());
    let mut found: Vec<Found> = Vec::new();
    let mut roots = Vec::new();
    let mut missing = None;
    for root in paths {
        let full = match root.canonicalize() {
            Ok(full) => full,
            Err(error) => {
                let mut entry = trouble(shown(root.as_os_str()).replace('\\', "/"), root.clone());
                entry.trouble = Some(Note::new("找不到文件或文件夹", "no such file or folder"));
                entry.is_file = false;
                found.push(entry);
                roots.push(Root {
                    path: std::path::absolute(root).unwrap_or_else(|_| root.clone()),
                    files: 0,
                    closed: Vec::new(),
                });
                missing.get_or_insert(Error::io(root, error));
                continue;
            }
        };
        if full == index {
            return Err(in_itself(root));
        }
        let name = full.file_name().map_or_else(String::new, shown);
        let before = found.len();
        let mut closed = Vec::new();
        let walker = WalkDir::new(&full)
            .follow_links(true)
            .sort_by_file_name()
            .into_iter();
        for entry in walker.filter_entry(|entry| wanted(entry, &index)) {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => found.push(file(&entry, &full, &name)),
                Err(error) => {
                    let path = error.path().unwrap_or(&full).to_path_buf();
                    closed.push(path.clone());
                    let mut entry = trouble(cited(&path, &full, &name), path);
                    entry.trouble = Some(reason(&error));
                    entry.is_file = false;
                    if error.loop_ancestor().is_some() {
                        // Its files are read where the link leads to.
                        entry.status = SourceStatus::Skipped;
                    }
                    found.push(entry);
                }
            }
        }
        roots.push(Root {
            files: found.len() - before,
            path: full,
            closed,
        });
    }
    if found.iter().all(|source| source.trouble.is_some())
        && let Some(error) = missing
    {
        return Err(error);
    }
    if found.is_empty() {
        return Err(
            Error::new(ErrorKind::Usage, "没有可索引的文件", "no file to index")
                .with_path(paths.first().cloned().unwrap_or_default())
                .with_hint(
                    "给出含有报告的文件夹，或直接给出文件、压缩包",
                    "give a folder with reports, or files and archives themselves",
                ),
        );
    }
    Ok(Walked {
        found: told_apart(found),
        roots,
    })
}

fn reason(error: &walkdir::Error) -> Note {
    if error.loop_ancestor().is_some() {
        return Note::new("链接指回上级文件夹", "a link to a folder above");
    }
    match error.io_error().map(std::io::Error::kind) {
        Some(std::io::ErrorKind::PermissionDenied) => {
            Note::new("没有读取权限", "permission denied")
        }
        Some(std::io::ErrorKind::NotFound) => Note::new("链接指向的文件不存在", "dangling link"),
        _ => Note::new("无法读取", "cannot be read"),
    }
}

fn in_itself(root: &Path) -> Error {
    Error::new(
        ErrorKind::Usage,
        "索引不能就放在要索引的文件夹上",
        "the index cannot be the very folder to be indexed",
    )
    .with_path(root)
    .with_hint(
        "用 --index 给出另一个文件夹，放在它里面也可以",
        "give another folder with --index; one inside it will do",
    )
}

fn wanted(entry: &DirEntry, index: &Path) -> bool {
    let litter = entry.depth() > 0 && is_litter(&entry.file_name().to_string_lossy());
    !litter && entry.path() != index
}

/// Returns whether a name is one that systems and programs give for their own use.
pub(super) fn is_litter(name: &str) -> bool {
    let is_named = LITTER
        .iter()
        .any(|litter| name.eq_ignore_ascii_case(litter));
    is_named || name.starts_with('.') || name.starts_with("~$")
}

fn file(entry: &DirEntry, root: &Path, name: &str) -> Found {
    let path = entry.path().to_path_buf();
    let mut found = trouble(cited(&path, root, name), path);
    if let Some(reason) = special(entry.file_type()) {
        found.trouble = Some(reason);
        found.status = SourceStatus::Skipped;
        return found;
    }
    match entry.metadata() {
        Ok(metadata) => {
            found.bytes = metadata.len();
            found.modified = modified(&metadata);
        }
        Err(_) => found.trouble = Some(Note::new("无法读取", "cannot be read")),
    }
    if found.trouble.is_some() {
        return found;
    }
    if entry.depth() > 0 && is_about(&entry.file_name().to_string_lossy()) {
        found.trouble = Some(about());
        found.status = SourceStatus::Skipped;
    }
    found
}

/// Returns why what is no plain file is not opened: a pipe would wait for a writer.
fn special(kind: FileType) -> Option<Note> {
    let reason = Note::new(
        "不是普通文件（管道、设备或套接字）",
        "no plain file (a pipe, device or socket)",
    );
    (!kind.is_file()).then_some(reason)
}

/// Returns the time of a file's last change, in nanoseconds since 1970; 0 if unknown.
pub(super) fn modified(metadata: &Metadata) -> i64 {
    let modified = metadata.modified().ok();
    modified
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(0))
}

/// Returns why a file about its folder is left out.
pub(super) fn about() -> Note {
    Note::new("说明文件，不是报告", "about the folder, no report")
}

/// Returns whether a name says that its file is about the folder: `README.md`, `LICENSE-MIT`.
pub(super) fn is_about(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let first = name.split(['.', '-', '_', ' ']).next().unwrap_or_default();
    ABOUT.contains(&first)
}

fn trouble(source: String, path: PathBuf) -> Found {
    Found {
        source,
        path,
        bytes: 0,
        modified: 0,
        trouble: None,
        status: SourceStatus::Failed,
        is_file: true,
    }
}

/// Returns the path as cited, with `/` between its parts on every system.
fn cited(path: &Path, root: &Path, name: &str) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let mut cited = name.to_owned();
    for part in below.components() {
        if !cited.is_empty() {
            cited.push('/');
        }
        cited.push_str(&shown(part.as_os_str()));
    }
    cited
}

/// Returns a name as text; bytes that are no text are written `%NN`, so that two such names stay
/// apart.
pub(super) fn shown(name: &OsStr) -> String {
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// Gives files that the index knows the names by which it cites them, in whatever way they were
/// reached this time. A name that belongs to another file, which is still there, gives way to the
/// absolute path: two folders called 报告 are two.
pub(super) fn as_known(found: &mut [Found], ledger: &Ledger) {
    let by_path = ledger.by_path();
    for file in found {
        let path = shown(file.path.as_os_str());
        if let Some(source) = by_path.get(path.as_str()) {
            file.source = (*source).to_owned();
        } else if ledger
            .get(&file.source)
            .is_some_and(|known| Path::new(&known.path).exists())
        {
            file.source = path.replace('\\', "/");
        }
    }
}

/// Drops files given twice and keeps files of equal cited path apart by their parent folders.
fn told_apart(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.dedup_by(|a, b| a.path == b.path);
    let mut seen: HashMap<String, usize> = HashMap::new();
    for source in &found {
        *seen.entry(source.source.clone()).or_default() += 1;
    }
    for source in &mut found {
        if seen.get(&source.source).is_some_and(|count| *count > 1) {
            source.source = shown(source.path.as_os_str()).replace('\\', "/");
        }
    }
    found.sort_by(|a, b| a.source.cmp(&b.source));
    found
}
