//! The contract of suggestions while a query is typed: a [`SuggestRequest`] → a [`SuggestResponse`].
//!
//! Invariant: plain data; another engine can answer the same requests.

use serde::{Deserialize, Serialize};

use super::{FacetCount, IndexStamp};

/// What is being typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct SuggestRequest {
    /// The query so far; its last word, apart by blanks, is completed.
    pub text: String,
    /// At most so many suggestions of each kind.
    pub limit: usize,
}

impl Default for SuggestRequest {
    fn default() -> Self {
        SuggestRequest {
            text: String::new(),
            limit: 8,
        }
    }
}

/// A word that may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Suggestion {
    /// The word, folded.
    pub value: String,
    /// Passages that hold it, copies counted each.
    pub passages: u64,
}

/// What may be meant, the most frequent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct SuggestResponse {
    /// The word that was completed.
    pub word: String,
    /// Agencies that it names or that hold its characters, with their passages.
    pub agencies: Vec<FacetCount>,
    /// Regions likewise, with all below them.
    pub regions: Vec<FacetCount>,
    /// Words of the texts that begin with it.
    pub terms: Vec<Suggestion>,
    /// Which index answered.
    pub index: IndexStamp,
}
