//! Files of a generation: all there, none changed, none too many.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use tantivy::directory::FileSlice;
use tantivy::index::SegmentComponent;
use tantivy::{Directory, HasLen, Index, IndexMeta};

use super::{Finding, Verification, changed, lost, open};
use crate::analyze::Analyzer;
use crate::error::Result;
use crate::index::disk::{META, UNFINISHED, is_segment};
use crate::index::payload::{Payload, SIDECARS};
use crate::index::{Manifest, Store, failed, guarded};

/// What ends every file of a segment after its footer: the footer's length and a magic number.
const MAGIC: u32 = 1337;

/// Checks every file of the generation that a manifest names, and opens it if they are sound.
pub(super) fn check(
    folder: &Path,
    manifest: Manifest,
    analyzer: &Analyzer,
    found: &mut Verification,
) -> Result<Option<Store>> {
    let generation = folder.join(&manifest.generation);
    let inside = |name: &str| format!("{}/{name}", manifest.generation);
    if !generation.join(META).exists() {
        found.faults.push(lost(&inside(META)));
        return Ok(None);
    }
    let Some((disk, index)) = open(&generation) else {
        found.faults.push(changed(&inside(META)));
        return Ok(None);
    };
    let Ok(metas) = index.load_metas() else {
        found.faults.push(changed(&inside(META)));
        return Ok(None);
    };
    found.checked(size(&generation.join(META)));
    let mut known = vec![META.to_owned()];
    for path in segment_files(&metas) {
        let name = path.to_string_lossy().into_owned();
        match disk.open_read(&path) {
            Ok(file) => {
                found.checked(file.len() as u64);
                if !is_whole(&index, &path, &file) {
                    found.faults.push(changed(&inside(&name)));
                }
            }
            Err(_) => found.faults.push(lost(&inside(&name))),
        }
        known.push(name);
    }
    let payload = metas
        .payload
        .as_deref()
        .map(serde_json::from_str::<Payload>);
    let payload = match payload.transpose() {
        Ok(payload) => payload.unwrap_or_default(),
        Err(_) => {
            found.faults.push(changed(&inside(META)));
            return Ok(None);
        }
    };
    for sidecar in payload.sidecars() {
        let path = generation.join(&sidecar.name);
        if !path.exists() {
            found.faults.push(lost(&inside(&sidecar.name)));
        } else if !sidecar.is_whole(&generation)? {
            found.faults.push(changed(&inside(&sidecar.name)));
        }
        found.checked(size(&path));
        known.push(sidecar.name.clone());
    }
    leftovers(folder, &manifest, &known, found);
    if !found.faults.is_empty() {
        return Ok(None);
    }
    Store::of(folder, manifest, analyzer).map(Some)
}

/// Returns the files of segments that a commit names, sorted.
pub(super) fn segment_files(metas: &IndexMeta) -> Vec<PathBuf> {
    let mut files = metas.list_segment_files();
    for segment in &metas.segments {
        if !segment.has_deletes() {
            files.remove(&segment.relative_path(SegmentComponent::Delete));
        }
    }
    let mut files: Vec<_> = files.into_iter().collect();
    files.sort();
    files
}

/// Returns whether a file of a segment is as it was written: its body fits the checksum in its
/// footer, and its footer is the one that belongs to that checksum.
fn is_whole(index: &Index, path: &Path, file: &FileSlice) -> bool {
    index
        .directory()
        .validate_checksum(path)
        .is_ok_and(|fits| fits)
        && footer_fits(file).unwrap_or(false)
}

/// The library takes any version in a footer that it can read; in one generation there is only one.
fn footer_fits(file: &FileSlice) -> Option<bool> {
    let last = file.len().checked_sub(8)?;
    let ends = file.read_bytes_slice(last..file.len()).ok()?;
    let length = u32::from_le_bytes(ends.get(..4)?.try_into().ok()?);
    let magic = u32::from_le_bytes(ends.get(4..)?.try_into().ok()?);
    let first = last.checked_sub(length as usize)?;
    let footer = file.read_bytes_slice(first..last).ok()?;
    let footer = std::str::from_utf8(&footer).ok()?;
    let (_, checksum) = footer.strip_suffix('}')?.rsplit_once(':')?;
    let checksum: u32 = checksum.parse().ok()?;
    let version = serde_json::to_string(tantivy::version()).ok()?;
    let expected = format!("{{\"version\":{version},\"crc\":{checksum}}}");
    Some(magic == MAGIC && footer == expected)
}

impl Store {
    /// Returns whether the generation's folder holds files that the last commit does not name.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(crate) fn has_leftovers(&self) -> Result<bool> {
        let payload = self.payload()?;
        let metas = guarded(&self.index, &self.folder, || {
            let metas = self.index.load_metas();
            metas.map_err(|cause| failed(&self.folder, cause))
        })?;
        let sidecars = payload.sidecars().map(|sidecar| sidecar.name.clone());
        let segments = segment_files(&metas).into_iter();
        let known: HashSet<String> = segments
            .map(|path| path.to_string_lossy().into_owned())
            .chain(sidecars)
            .collect();
        let names = entries(&self.generation()).into_iter();
        Ok(names
            .map(|(name, _)| name)
            .any(|name| is_ours(&name) && !known.contains(&name)))
    }
}

/// Returns whether a file of a generation's folder, if no commit names it, goes with the next run.
fn is_ours(name: &str) -> bool {
    is_segment(name)
        || name.ends_with(UNFINISHED)
        || SIDECARS.iter().any(|start| name.starts_with(start))
}

/// Notes files that no commit names: a killed run left them, or a run under way writes them.
fn leftovers(folder: &Path, manifest: &Manifest, known: &[String], found: &mut Verification) {
    let (mut files, mut bytes) = (0u64, 0);
    let mut foreign = Vec::new();
    for (name, path) in entries(&folder.join(&manifest.generation)) {
        if known.contains(&name) || name.ends_with(".lock") {
            continue;
        } else if is_ours(&name) {
            files += 1;
            bytes += size(&path);
        } else {
            foreign.push(format!("{}/{name}", manifest.generation));
        }
    }
    for name in generations(folder) {
        if name != manifest.generation {
            let inner = entries(&folder.join(name));
            files += inner.len() as u64;
            bytes += inner.iter().map(|(_, path)| size(path)).sum::<u64>();
        }
    }
    for (name, path) in entries(folder) {
        if name.ends_with(UNFINISHED) {
            files += 1;
            bytes += size(&path);
        }
    }
    if files > 0 {
        found.notes.push(Finding::new(
            &manifest.generation,
            format!(
                "{files} 个文件（{bytes} 字节）不属于已提交的索引：正在写入，或上次中断留下，下次 index 时清除"
            ),
            format!(
                "{files} files ({bytes} bytes) belong to no commit: being written now, or left by a run that was interrupted; the next run of index removes them"
            ),
        ));
    }
    for name in foreign {
        found
            .notes
            .push(Finding::new(name, "不是索引的文件", "no file of the index"));
    }
}

/// Returns the names of the generations in an index folder.
pub(super) fn generations(folder: &Path) -> Vec<String> {
    let names = entries(folder).into_iter().map(|(name, _)| name);
    names
        .filter(|name| name.starts_with("generation-"))
        .collect()
}

fn entries(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut entries: Vec<_> = entries
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, entry.path())
        })
        .collect();
    entries.sort();
    entries
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}
