//! The contract of related terms: a [`RelatedRequest`] → a [`RelatedResponse`].
//!
//! Invariant: plain data; another engine can answer the same requests.

use serde::{Deserialize, Serialize};

use super::{Filter, IndexStamp, Matching, Note};

/// By what terms are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub enum Measure {
    /// Log-likelihood ratio of the two-by-two table of passages (Dunning 1993): how surely a term is
    /// commoner in the matches than elsewhere; grows with the number of passages.
    #[default]
    #[serde(rename = "log-likelihood")]
    LogLikelihood,
    /// logDice (Rychlý 2008): how exclusively term and query go together, 14 at most; does not hang
    /// on the size of the index.
    #[serde(rename = "log-dice")]
    LogDice,
}

/// What terms are asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct RelatedRequest {
    /// The query as typed; empty for every passage that the filters keep.
    pub query: String,
    /// How leaves match.
    pub mode: Matching,
    /// Facet filters on the matches; they are held against the whole index.
    pub filters: Vec<Filter>,
    /// By what terms are ranked.
    pub measure: Measure,
    /// Fewest matches that a term must stand in.
    pub least: u64,
    /// At most so many terms.
    pub limit: usize,
}

impl Default for RelatedRequest {
    fn default() -> Self {
        RelatedRequest {
            query: String::new(),
            mode: Matching::Auto,
            filters: Vec::new(),
            measure: Measure::default(),
            least: 3,
            limit: 20,
        }
    }
}

/// A term that is commoner in the matches than elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct RelatedTerm {
    /// The word, folded.
    pub term: String,
    /// Matches that hold it, near copies counted once.
    pub matches: u64,
    /// Passages of the index that hold it, near copies counted once.
    pub passages: u64,
    /// Log-likelihood ratio.
    pub log_likelihood: f64,
    /// logDice.
    pub log_dice: f64,
}

/// Terms that go with a query.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct RelatedResponse {
    /// The query as typed.
    pub query: String,
    /// The query as it was understood.
    pub understood: String,
    /// Remarks for the reader.
    pub notes: Vec<Note>,
    /// Matches, near copies counted once.
    pub matches: u64,
    /// Passages of the index, near copies counted once.
    pub passages: u64,
    /// The terms, best first.
    pub terms: Vec<RelatedTerm>,
    /// Time taken, in milliseconds.
    pub took_ms: f64,
    /// Which index answered.
    pub index: IndexStamp,
}
