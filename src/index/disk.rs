//! tantivy's directory of one generation: what the library leaves open about a crash, closed.
//!
//! - A commit is durable when it returns: the folder is synced after `meta.json` is renamed into
//!   place, which the library leaves to a later moment.
//! - `meta.json` carries a seal, and is not read where that does not fit; it has the permissions of
//!   the other files, so that an index can be shared.
//! - The list of files that the library would keep in `.managed.json` is the folder itself: it
//!   cannot be out of date after a kill, and costs no sync for each file.
//! - The first failure of a write is remembered: threads of the library report only that they died.
//! - After a failed commit nothing is committed any more: a merge that ends later would publish it.
//! - Readers may open an index that they cannot write to.
//! - Whoever reads all texts once may do so without mapping them: mapped pages count as memory.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::directory::OwnedBytes;
use tantivy::directory::error::{
    DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError,
};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};
use tantivy::{Directory, HasLen};

use super::seal;

/// The list of segments of the last commit.
pub(crate) const META: &str = "meta.json";
const MANAGED: &str = ".managed.json";
/// Extension of the files that hold the stored texts.
const STORE: &str = super::records::EXTENSION;

/// The folder of a generation.
#[derive(Debug, Clone)]
pub(crate) struct Disk {
    inner: MmapDirectory,
    folder: PathBuf,
    state: Arc<State>,
    /// Whether stored texts are mapped into memory, or read piece by piece.
    maps_stores: bool,
}

#[derive(Debug, Default)]
struct State {
    fault: Mutex<Option<io::Error>>,
    is_closed: AtomicBool,
}

impl State {
    fn fault(&self) -> MutexGuard<'_, Option<io::Error>> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers the first failure.
    fn watch<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result {
            self.fault()
                .get_or_insert_with(|| io::Error::new(error.kind(), error.to_string()));
        }
        result
    }
}

impl Disk {
    /// Opens the folder of a generation.
    pub(crate) fn open(folder: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Disk {
            inner: MmapDirectory::open(folder)?,
            folder: folder.to_path_buf(),
            state: Arc::default(),
            maps_stores: true,
        })
    }

    /// Returns the same folder, whose stored texts are read piece by piece.
    pub(crate) fn with_stores_unmapped(&self) -> Self {
        Disk {
            maps_stores: false,
            ..self.clone()
        }
    }

    /// Returns why a write failed: the first failure since the last commit.
    pub(crate) fn fault(&self) -> Option<io::Error> {
        let fault = self.state.fault();
        fault
            .as_ref()
            .map(|error| io::Error::new(error.kind(), error.to_string()))
    }

    /// Forgets a failure that turned out to matter to nothing, such as that of a merge.
    pub(crate) fn forget_fault(&self) {
        self.state.fault().take();
    }

    /// Refuses every commit from now on.
    pub(crate) fn close(&self) {
        self.state.is_closed.store(true, Ordering::SeqCst);
    }

    /// Returns whether a commit has failed.
    pub(crate) fn is_closed(&self) -> bool {
        self.state.is_closed.load(Ordering::SeqCst)
    }
}

/// Returns whether a name is that of a file of a segment: 32 hexadecimal digits and an extension.
pub(crate) fn is_segment(name: &str) -> bool {
    name.split_once('.').is_some_and(|(stem, _)| {
        stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// How the names of files end that were never renamed into place.
pub(crate) const UNFINISHED: &str = ".new";

/// Replaces a file's content by a text, whole or not at all; when it returns, for good.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut fresh = path.as_os_str().to_owned();
    fresh.push(UNFINISHED);
    let mut file = File::create(&fresh)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes what was renamed or created in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

impl Directory for Disk {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        if self.maps_stores || path.extension().is_none_or(|kind| kind != STORE) {
            return self.inner.get_file_handle(path);
        }
        let full = self.folder.join(path);
        let opened = File::open(&full).and_then(|file| {
            let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
            let file = Mutex::new(file);
            Ok(Pieces { file, length })
        });
        match opened {
            Ok(pieces) => Ok(Arc::new(pieces)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(OpenReadError::FileDoesNotExist(path.to_path_buf()))
            }
            Err(error) => Err(OpenReadError::wrap_io_error(error, path.to_path_buf())),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let failed = |error: io::Error| OpenWriteError::wrap_io_error(error, path.to_path_buf());
        let opened = self.inner.open_write(path).inspect_err(|error| {
            if let OpenWriteError::IoError { io_error, .. } = error {
                let copy = io::Error::new(io_error.kind(), io_error.to_string());
                let _ = self.state.watch::<()>(Err(copy));
            }
        })?;
        // The buffer is fresh, hence empty.
        let file = opened.into_inner().map_err(|error| failed(error.into()))?;
        Ok(BufWriter::new(Box::new(Watched {
            file,
            state: self.state.clone(),
        })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let failed = |error| OpenReadError::wrap_io_error(error, path.to_path_buf());
        if path == Path::new(MANAGED) {
            return managed(&self.folder).map_err(failed);
        }
        let bytes = self.inner.atomic_read(path)?;
        match std::str::from_utf8(&bytes).is_ok_and(seal::is_sealed) {
            true => Ok(bytes),
            false => Err(failed(io::ErrorKind::InvalidData.into())),
        }
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        if path == Path::new(MANAGED) {
            return Ok(());
        }
        if self.is_closed() {
            return Err(io::Error::other("a commit failed before"));
        }
        let text = std::str::from_utf8(data).map_err(io::Error::other)?;
        self.state
            .watch(replace(&self.folder.join(path), &seal::seal(text)))
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.state.watch(self.inner.sync_directory())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.inner.acquire_lock(lock) {
            // Only readers wait for their lock.
            Err(LockError::IoError(error)) if lock.is_blocking && is_forbidden(&error) => {
                let file = match File::open(self.folder.join(&lock.filepath)) {
                    Ok(file) => file,
                    // No writer ever ran on this copy.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {
                        return Ok(DirectoryLock::from(Box::new(())));
                    }
                    Err(error) => return Err(LockError::wrap_io_error(error)),
                };
                file.lock_shared().map_err(LockError::wrap_io_error)?;
                Ok(DirectoryLock::from(Box::new(file)))
            }
            taken => taken,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

fn is_forbidden(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    )
}

/// Lists the files of segments, in the form of the library's own list.
fn managed(folder: &Path) -> io::Result<Vec<u8>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string());
    }
    names.retain(|name| is_segment(name));
    Ok(serde_json::to_vec(&names)?)
}

/// A file of which only what is asked for is read into memory.
#[derive(Debug)]
struct Pieces {
    file: Mutex<File>,
    length: usize,
}

impl HasLen for Pieces {
    fn len(&self) -> usize {
        self.length
    }
}

impl FileHandle for Pieces {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let mut bytes = vec![0; range.len()];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(range.start as u64))?;
        file.read_exact(&mut bytes)?;
        Ok(OwnedBytes::new(bytes))
    }
}

/// A file being written whose failures are remembered.
struct Watched {
    file: Box<dyn TerminatingWrite + Send + Sync>,
    state: Arc<State>,
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes);
        match &written {
            // The caller tries again.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => written,
            _ => self.state.watch(written),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.state.watch(self.file.flush())
    }
}

impl TerminatingWrite for Watched {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.state.watch(self.file.terminate_ref(token))
    }
}
