//! The contract of finding a wording: a [`SimilarRequest`] → a [`SimilarResponse`].
//!
//! Invariant: plain data; another engine can answer the same requests.

use serde::{Deserialize, Serialize};

use super::{Change, Filter, IndexStamp, Note, PassageRecord, Sort};

/// Which wording is sought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct SimilarRequest {
    /// The text as pasted; where it is empty, the passage with [`SimilarRequest::id`] is meant.
    pub text: String,
    /// Id of the passage whose wording is sought, 16 hexadecimal digits.
    pub id: String,
    /// Facet filters.
    pub filters: Vec<Filter>,
    /// Smallest share of the wording that a passage must hold, 0 to 1.
    pub least: f64,
    /// Order of hits; relevance is by overlap.
    pub sort: Sort,
    /// At most so many hits.
    pub limit: usize,
    /// Hits to skip.
    pub offset: usize,
    /// Length of excerpts, in characters; 0 for the whole passage.
    pub snippet_chars: usize,
}

impl Default for SimilarRequest {
    fn default() -> Self {
        SimilarRequest {
            text: String::new(),
            id: String::new(),
            filters: Vec::new(),
            least: 0.3,
            sort: Sort::Relevance,
            limit: 10,
            offset: 0,
            snippet_chars: 120,
        }
    }
}

/// A passage with the same or nearly the same wording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct SimilarHit {
    /// The passage.
    #[serde(flatten)]
    pub passage: PassageRecord,
    /// Share of the sought wording's five-character pieces that the passage holds, 0 to 1.
    pub overlap: f64,
    /// Jaccard similarity of the sets of five-character pieces, 0 to 1.
    pub jaccard: f64,
    /// Letters and digits of the longest piece that stands in both.
    pub longest: usize,
    /// Years from the sought passage's report to this one's, negative for an earlier one; `None`
    /// where one of them has no year.
    pub years_later: Option<i32>,
    /// The pieces of `text` that stand in the sought text, `[start, end)` in characters.
    pub highlights: Vec<[usize; 2]>,
    /// The excerpt of `text` that holds most of them.
    pub snippet: String,
    /// Those pieces in the excerpt, `[start, end)` in characters of `snippet`.
    pub snippet_highlights: Vec<[usize; 2]>,
    /// Longest stretch of the sought text that the passage takes up, `[start, end)` in characters.
    pub here: [usize; 2],
    /// Stretch of `text` that takes it up, `[start, end)` in characters.
    pub there: [usize; 2],
    /// Where the two stretches differ, in order; `here` in characters of the sought text, `there` in
    /// characters of `text`.
    pub changes: Vec<Change>,
}

/// Passages of one report year that hold the wording.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct YearCount {
    /// The report year.
    pub year: i32,
    /// How many passages.
    pub passages: u64,
    /// The best overlap among them, 0 to 1.
    pub best: f64,
}

/// How many passages hold the wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct SimilarTotals {
    /// Passages with at least the smallest overlap.
    pub passages: u64,
    /// Their reports.
    pub reports: u64,
    /// Passages in reports of earlier years than the sought passage's; 0 for a pasted text.
    pub earlier: u64,
    /// Passages in reports of later years; 0 for a pasted text.
    pub later: u64,
    /// Passages whose texts were compared.
    pub compared: u64,
}

/// Where a wording stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct SimilarResponse {
    /// The text that was sought.
    pub text: String,
    /// The passage that it was taken from, if it was asked for by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passage: Option<PassageRecord>,
    /// Remarks for the reader.
    pub notes: Vec<Note>,
    /// How many there are.
    pub total: SimilarTotals,
    /// Hits by report year, the earliest first; passages without a year are left out.
    pub years: Vec<YearCount>,
    /// The hits asked for, the best overlap first.
    pub hits: Vec<SimilarHit>,
    /// Time taken, in milliseconds.
    pub took_ms: f64,
    /// Which index answered.
    pub index: IndexStamp,
}
