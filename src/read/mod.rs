//! Bytes → decoded text with its markup marked.
//!
//! Invariant: reading removes nothing. Front matter, bold markers, comments and footnote marks
//! stay in `text` and are listed in `marks`, so that spans always refer to the decoded source.

pub use crate::model::{Given, Mark, Markup, SourceText};
