//! The contract of concordances: a [`KwicRequest`] → a [`KwicResponse`].
//!
//! Invariant: plain data; another engine can answer the same requests.

use serde::{Deserialize, Serialize};

use super::{Concept, Copies, Filter, Note, PassageRecord, Stamp};

/// Order of the lines; ties are broken by source and place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum KwicSort {
    /// By source and place in it.
    #[default]
    Place,
    /// By what stands to the left, from the keyword outward; marks and blanks do not count.
    Left,
    /// By what stands to the right; marks and blanks do not count.
    Right,
    /// Oldest year first; passages without a year last.
    Year,
    /// By agency, passages without one last.
    Agency,
}

/// What is shown in its context.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct KwicRequest {
    /// The concepts; one at least.
    pub terms: Vec<Concept>,
    /// Facet filters.
    pub filters: Vec<Filter>,
    /// How near copies count.
    pub copies: Copies,
    /// Most characters of context on each side.
    pub width: usize,
    /// Order of the lines.
    pub sort: KwicSort,
    /// So many occurrences at random, the same ones for the same seed; `None` for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<usize>,
    /// Which sample.
    pub seed: u64,
    /// At most so many lines.
    pub limit: usize,
    /// Lines to skip.
    pub offset: usize,
    /// The day that the stamp shall name instead of that of the index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

impl Default for KwicRequest {
    fn default() -> Self {
        KwicRequest {
            terms: Vec::new(),
            filters: Vec::new(),
            copies: Copies::default(),
            width: 20,
            sort: KwicSort::default(),
            sample: None,
            seed: 1,
            limit: 50,
            offset: 0,
            date: None,
        }
    }
}

/// An occurrence in its context, with the passage that it is cited by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct KwicLine {
    /// Name of the concept.
    pub term: String,
    /// What stands before it in the passage, as written.
    pub left: String,
    /// The occurrence, as written.
    pub keyword: String,
    /// What stands behind it in the passage, as written.
    pub right: String,
    /// Where it stands, `[start, end)` in characters of the passage's text.
    pub place: [usize; 2],
    /// The passage.
    #[serde(flatten)]
    pub passage: PassageRecord,
}

/// Occurrences in their context.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct KwicResponse {
    /// From what and how.
    pub stamp: Stamp,
    /// Remarks for the reader.
    pub notes: Vec<Note>,
    /// Occurrences of all concepts, sampled or not.
    pub occurrences: u64,
    /// Occurrences from which lines were taken: all, or the sample.
    pub sampled: u64,
    /// The lines asked for.
    pub lines: Vec<KwicLine>,
}
