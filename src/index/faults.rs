//! What goes wrong with an index → errors in the reader's words.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::{Index, TantivyError};

use super::verify;
use crate::error::{Error, ErrorKind, Result};

/// Makes the error of an index that cannot be read.
pub(crate) fn damaged(path: &Path) -> Error {
    Error::new(
        ErrorKind::IndexDamaged,
        "索引已损坏或不完整",
        "the index is damaged or incomplete",
    )
    .with_path(path)
    .with_hint(
        "用 zhengsou index --rebuild 从原文件重建；zhengsou verify 会指出坏在哪里",
        "rebuild it from the source files with zhengsou index --rebuild; zhengsou verify says what is damaged",
    )
}

/// Makes the error of an index that another process writes to.
pub(crate) fn locked(folder: &Path) -> Error {
    Error::new(
        ErrorKind::IndexLocked,
        "另一个程序正在写这个索引",
        "another process is writing to this index",
    )
    .with_path(folder)
    .with_hint("等它结束后再试", "try again when it is done")
}

/// Makes the error of a folder without an index.
pub(crate) fn missing(folder: &Path) -> Error {
    Error::new(
        ErrorKind::IndexMissing,
        "这里没有索引",
        "there is no index here",
    )
    .with_path(folder)
    .with_hint(
        "先建索引：zhengsou index 报告文件夹；已有索引则用 --index 指出它的位置",
        "make one with zhengsou index FOLDER, or point to one with --index",
    )
}

/// Makes the error of an index that cannot be written.
pub(crate) fn unwritable(folder: &Path, cause: io::Error) -> Error {
    let kind = cause.kind();
    let error = Error::io(folder, cause);
    match kind {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => error.with_hint(
            "已提交的内容都在；腾出空间后再次运行同一命令即可接着做",
            "what was committed stands; free some space and run the same command again to go on",
        ),
        _ => error,
    }
}

/// Makes the error of a failed index operation.
pub(crate) fn failed(folder: &Path, cause: TantivyError) -> Error {
    if let Some(error) = io_error(&cause)
        && is_environment(error.kind())
    {
        return unwritable(folder, io::Error::new(error.kind(), cause.to_string()));
    }
    match &cause {
        TantivyError::LockFailure(LockError::LockBusy, _) => locked(folder).with_cause(cause),
        TantivyError::IoError(error) => {
            Error::io(folder, io::Error::new(error.kind(), cause.to_string()))
        }
        TantivyError::DataCorruption(_)
        | TantivyError::IncompatibleIndex(_)
        | TantivyError::OpenReadError(_) => damaged(folder).with_cause(cause),
        _ => Error::new(
            ErrorKind::Internal,
            "索引操作失败",
            "an index operation failed",
        )
        .with_path(folder)
        .with_cause(cause),
    }
}

fn io_error(cause: &TantivyError) -> Option<&io::Error> {
    match cause {
        TantivyError::IoError(error)
        | TantivyError::LockFailure(LockError::IoError(error), _)
        | TantivyError::OpenDirectoryError(
            OpenDirectoryError::IoError {
                io_error: error, ..
            }
            | OpenDirectoryError::FailedToCreateTempDir(error),
        )
        | TantivyError::OpenReadError(OpenReadError::IoError {
            io_error: error, ..
        })
        | TantivyError::OpenWriteError(OpenWriteError::IoError {
            io_error: error, ..
        }) => Some(error),
        _ => None,
    }
}

/// Returns whether a failure says something about the machine, not about the content of a file.
fn is_environment(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::*;
    matches!(
        kind,
        PermissionDenied
            | ReadOnlyFilesystem
            | StorageFull
            | QuotaExceeded
            | FileTooLarge
            | OutOfMemory
            | StaleNetworkFileHandle
            | ResourceBusy
            | TimedOut
    )
}

/// Runs what works on an index. tantivy trusts its files: where they are damaged it may fail in any
/// way or panic. Checksums tell that from other faults; they are read only when something failed.
pub(crate) fn guarded<T>(
    index: &Index,
    folder: &Path,
    work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let error = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => return Ok(done),
        Ok(Err(error)) if !matches!(error.kind(), ErrorKind::Internal | ErrorKind::Io) => {
            return Err(error);
        }
        Ok(Err(error)) => error,
        Err(panic) => {
            let text = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or_default();
            Error::new(
                ErrorKind::Internal,
                "程序内部出错",
                "a fault of the program itself",
            )
            .with_path(folder)
            .with_cause(text.to_owned())
        }
    };
    Err(match verify::is_whole(index) {
        true => error,
        false => damaged(folder).with_cause(error),
    })
}
