//! The contract of key words: a [`KeynessRequest`] → a [`KeynessResponse`].
//!
//! Invariant: plain data; another engine can answer the same requests.

use serde::{Deserialize, Serialize};

use super::{Copies, Filter, Note, Slice, Stamp};

/// By what key words are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum KeynessMeasure {
    /// Log-likelihood ratio (Rayson and Garside 2000): how sure the difference is.
    #[default]
    #[serde(rename = "log-likelihood")]
    LogLikelihood,
    /// Log ratio (Hardie 2014): how large the difference is.
    #[serde(rename = "log-ratio")]
    LogRatio,
}

/// Which slice is held against which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeynessRequest {
    /// Filters of the slice.
    pub filters: Vec<Filter>,
    /// Filters of the slice that it is held against; empty for the rest of the index.
    pub against: Vec<Filter>,
    /// By what words are ranked; ties by the word.
    pub measure: KeynessMeasure,
    /// Whether words are sought that are rarer in the slice than in the other one.
    pub under: bool,
    /// Fewest occurrences in the slice where the word is commoner.
    pub least: u64,
    /// Fewest reports of that slice in which the word stands; of a slice with fewer reports all of
    /// them.
    pub least_reports: u64,
    /// Smallest log-likelihood ratio.
    pub cutoff: f64,
    /// Whether single characters, figures and function words count as well.
    pub all_words: bool,
    /// How near copies count, in each slice by itself.
    pub copies: Copies,
    /// At most so many words.
    pub limit: usize,
    /// The day that the stamp shall name instead of that of the index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

impl Default for KeynessRequest {
    fn default() -> Self {
        KeynessRequest {
            filters: Vec::new(),
            against: Vec::new(),
            measure: KeynessMeasure::default(),
            under: false,
            least: 5,
            least_reports: 2,
            cutoff: 15.13,
            all_words: false,
            copies: Copies::Once,
            limit: 50,
            date: None,
        }
    }
}

/// A word that is commoner in one slice than in the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyWord {
    /// The word, folded.
    pub word: String,
    /// Occurrences in the slice.
    pub here: u64,
    /// Occurrences in the other slice.
    pub there: u64,
    /// Occurrences in ten thousand words of the slice.
    pub here_per_10k: f64,
    /// Occurrences in ten thousand words of the other slice.
    pub there_per_10k: f64,
    /// Reports of the slice in which it stands.
    pub here_reports: u64,
    /// Reports of the other slice in which it stands.
    pub there_reports: u64,
    /// Log-likelihood ratio.
    pub log_likelihood: f64,
    /// Log ratio.
    pub log_ratio: f64,
    /// %DIFF; `None` for a word that does not stand in the other slice.
    pub percent_difference: Option<f64>,
}

/// The key words of a slice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeynessResponse {
    /// From what and how.
    pub stamp: Stamp,
    /// Remarks for the reader.
    pub notes: Vec<Note>,
    /// The slice.
    pub here: Slice,
    /// The slice that it is held against.
    pub there: Slice,
    /// How many words pass the bounds.
    pub found: u64,
    /// The words, best first.
    pub words: Vec<KeyWord>,
}
