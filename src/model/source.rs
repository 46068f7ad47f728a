//! A source file and what became of it.

use serde::{Deserialize, Serialize};

use super::report::named;

named! {
    /// Format of a source.
    Format {
        /// Plain text.
        Text = "txt",
        /// Markdown.
        Markdown = "md",
        /// JSON, one object a line.
        JsonLines = "jsonl",
    }
}

named! {
    /// What became of a source.
    SourceStatus {
        /// Read and indexed.
        Indexed = "indexed",
        /// Already in the index, unchanged.
        Unchanged = "unchanged",
        /// Left out on purpose: an unknown type, or nothing in it.
        Skipped = "skipped",
        /// Could not be read.
        Failed = "failed",
    }
}

/// One line of the ledger: a source, its identity and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Path as cited: the indexed folder's name and the path below it, `/` between parts.
    pub source: String,
    /// Absolute path on this machine.
    pub path: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Time of the last change, in seconds since 1970.
    pub modified: i64,
    /// BLAKE3 of the content, 32 hexadecimal digits.
    pub hash: String,
    /// Format, if it was recognised.
    pub format: Option<Format>,
    /// Name of the character encoding, such as `UTF-8` or `GB18030`.
    pub encoding: Option<String>,
    /// What became of it.
    pub status: SourceStatus,
    /// Why it was skipped or failed.
    pub reason: Option<String>,
    /// Number of reports found.
    pub reports: usize,
    /// Number of passages found.
    pub passages: usize,
    /// Number of byte sequences that could not be decoded.
    pub undecodable: usize,
}
