//! The library's one error: what went wrong, where, and what to do about it.
//!
//! Invariant: the message and the hint are written for the reader, in both languages;
//! nothing of a dependency's wording stands alone.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::model::{CharSpan, Language};

/// Result with the library's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// What kind of fault an [`Error`] reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// A file or folder cannot be read or written.
    Io,
    /// A file's content is not what its format promises.
    Input,
    /// A file's content is whole, but not of a kind that is read: encrypted, scanned, a picture.
    Unsupported,
    /// A file is over a bound of size or time.
    Limit,
    /// There is no index at the given place.
    IndexMissing,
    /// The index is damaged or incomplete.
    IndexDamaged,
    /// The index was made under another schema, dictionary or version.
    IndexMismatch,
    /// Another process is writing to the index.
    IndexLocked,
    /// The query cannot be read.
    Query,
    /// A filter names a value or field that the index does not hold.
    UnknownValue,
    /// An id names nothing in the index.
    NotFound,
    /// A file of `index_schema/` breaks its rules.
    Schema,
    /// A request's option is out of range or contradicts another.
    Usage,
    /// Whoever asked did not want the answer any more: a [`Cancellation`](crate::Cancellation) was set.
    Cancelled,
    /// A fault of the engine itself.
    Internal,
}

/// An error in the reader's words: what, where, and what to do.
///
/// ```
/// use zhengsou::{Error, ErrorKind};
/// let error = Error::new(ErrorKind::Usage, "--limit 不能为 0", "--limit must not be 0")
///     .with_hint("给出 1 到 10000 之间的数", "give a number from 1 to 10000");
/// assert_eq!(error.message(zhengsou::model::Language::En), "--limit must not be 0");
/// ```
#[derive(Debug)]
pub struct Error(Box<Detail>);

#[derive(Debug)]
struct Detail {
    kind: ErrorKind,
    zh: String,
    en: String,
    hint: Option<(String, String)>,
    path: Option<PathBuf>,
    place: Option<(String, CharSpan)>,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Makes an error with its message in Chinese and in English.
    pub fn new(kind: ErrorKind, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Error(Box::new(Detail {
            kind,
            zh: zh.into(),
            en: en.into(),
            hint: None,
            path: None,
            place: None,
            cause: None,
        }))
    }

    /// Makes an [`ErrorKind::Io`] error that carries its path.
    pub fn io(path: impl AsRef<Path>, cause: std::io::Error) -> Self {
        let (zh, en) = match cause.kind() {
            std::io::ErrorKind::NotFound => ("找不到文件或文件夹", "no such file or folder"),
            std::io::ErrorKind::PermissionDenied => ("没有读写权限", "permission denied"),
            std::io::ErrorKind::StorageFull => ("磁盘已满", "the disk is full"),
            std::io::ErrorKind::QuotaExceeded => ("磁盘配额已用完", "the disk quota is used up"),
            std::io::ErrorKind::FileTooLarge => (
                "文件超过系统允许的大小",
                "the file is over a limit of the system",
            ),
            std::io::ErrorKind::ReadOnlyFilesystem => ("文件夹只读", "the folder is read-only"),
            std::io::ErrorKind::NotADirectory | std::io::ErrorKind::AlreadyExists => {
                ("这里是文件，不是文件夹", "this is a file, not a folder")
            }
            std::io::ErrorKind::IsADirectory => {
                ("这里是文件夹，不是文件", "this is a folder, not a file")
            }
            _ => ("读写失败", "reading or writing failed"),
        };
        Error::new(ErrorKind::Io, zh, en)
            .with_path(path)
            .with_cause(cause)
    }

    /// Adds what the reader can do about it.
    #[must_use]
    pub fn with_hint(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.0.hint = Some((zh.into(), en.into()));
        self
    }

    /// Adds the file or folder concerned.
    #[must_use]
    pub fn with_path(mut self, path: impl AsRef<Path>) -> Self {
        self.0.path = Some(path.as_ref().to_path_buf());
        self
    }

    /// Adds the place in a query or text: the whole input and a span in characters (0-based).
    #[must_use]
    pub fn with_place(mut self, input: impl Into<String>, span: CharSpan) -> Self {
        self.0.place = Some((input.into(), span));
        self
    }

    /// Adds the underlying error.
    #[must_use]
    pub fn with_cause(
        mut self,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// Returns the kind of fault.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the message in the given language, without path and hint.
    pub fn message(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.0.zh,
            Language::En => &self.0.en,
        }
    }

    /// Returns what the reader can do, if the error knows.
    pub fn hint(&self, language: Language) -> Option<&str> {
        self.0.hint.as_ref().map(|(zh, en)| match language {
            Language::Zh => zh.as_str(),
            Language::En => en.as_str(),
        })
    }

    /// Returns the file or folder concerned.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// Returns the input and the span (in characters, 0-based, end exclusive) that broke.
    pub fn place(&self) -> Option<(&str, CharSpan)> {
        self.0
            .place
            .as_ref()
            .map(|(input, span)| (input.as_str(), *span))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.0.path {
            write!(f, "{}: ", path.display())?;
        }
        f.write_str(&self.0.en)?;
        if let Some(cause) = &self.0.cause {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_deref().map(|cause| cause as _)
    }
}
