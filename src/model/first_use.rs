//! The contract of first uses: a [`FirstUseRequest`] → a [`FirstUseResponse`].
//!
//! Invariant: plain data; another engine can answer the same requests.

use serde::{Deserialize, Serialize};

use super::{Axis, Filter, Note, PassageRecord, Stamp};

/// Whose first use is sought.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FirstUseRequest {
    /// The query as typed; its texts are sought verbatim, in passages and in the headings that open
    /// on them.
    pub query: String,
    /// Facet filters.
    pub filters: Vec<Filter>,
    /// By what first uses are told apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Axis>,
    /// The day that the stamp shall name instead of that of the index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// The first use of a phrase, in all or in one place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FirstUse {
    /// The value of the axis; `None` for reports without one.
    pub value: Option<String>,
    /// The report year of the first use; `None` if no report that holds it has a year.
    pub first_year: Option<i32>,
    /// The first report year of which the index holds a report with that value: a first use in it
    /// may be no first use.
    pub covered_from: Option<i32>,
    /// The last report year that holds the phrase.
    pub last_year: Option<i32>,
    /// Reports that hold it.
    pub reports: u64,
    /// Passages that hold it.
    pub passages: u64,
    /// Where it stands in [`FirstUse::snippet`], `[start, end)` in characters.
    pub snippet_highlights: Vec<[usize; 2]>,
    /// The words around it: of the passage, or of the heading that opens on it.
    pub snippet: String,
    /// The passage: of the first report year, the first by date, source and place.
    #[serde(flatten)]
    pub passage: PassageRecord,
}

/// The first uses of a phrase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FirstUseResponse {
    /// From what and how.
    pub stamp: Stamp,
    /// The query as it was understood.
    pub understood: String,
    /// Remarks for the reader.
    pub notes: Vec<Note>,
    /// The axis of the request.
    pub by: Option<Axis>,
    /// The very first; `None` if it stands nowhere.
    pub first: Option<FirstUse>,
    /// For each value of the axis its first, the earliest first.
    pub uses: Vec<FirstUse>,
    /// Values of the axis under the filters of which no passage holds it.
    pub without: Vec<String>,
}
