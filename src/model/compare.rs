//! The contract of comparing reports: a [`CompareRequest`] → a [`CompareResponse`].
//!
//! Invariant: plain data; another engine can answer the same requests.

use serde::{Deserialize, Serialize};

use super::report::named;
use super::{Change, Filter, Note, PassageRecord, Stamp};

/// A side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The report with this id.
    Report(String),
    /// The reports of this report year that the filters keep.
    Year(i32),
}

/// What is compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompareRequest {
    /// The earlier side.
    pub old: Side,
    /// The later side.
    pub new: Side,
    /// Facet filters on both.
    pub filters: Vec<Filter>,
    /// Smallest overlap of passages that count as reworded, 0 to 1.
    pub least: f64,
    /// Which rows are asked for; empty for all.
    #[serde(default)]
    pub only: Vec<Fate>,
    /// The day that the stamp shall name instead of that of the index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

named! {
    /// What became of a passage.
    Fate {
        /// Its letters and digits stand in the other side.
        Kept = "保留",
        /// Enough of its wording stands in a passage of the other side.
        Reworded = "改写",
        /// Nothing of the old side is like it.
        New = "新增",
        /// Nothing of the new side is like it.
        Dropped = "删去",
    }
}

/// Two passages that correspond, or one that has no counterpart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparedPassages {
    /// What became of them.
    pub fate: Fate,
    /// Share of the shorter one's five-character pieces that stand in the other, 0 to 1.
    pub overlap: Option<f64>,
    /// The passage of the old side.
    pub old: Option<PassageRecord>,
    /// The passage of the new side.
    pub new: Option<PassageRecord>,
    /// Where their texts as written differ, in order; `here` in the old one, `there` in the new one.
    pub changes: Vec<Change>,
}

/// A side that was compared.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ComparedSide {
    /// Titles of its reports, of one without a title its source.
    pub reports: Vec<String>,
    /// Its passages.
    pub passages: u64,
    /// Those whose letters and digits stand in the other side.
    pub kept: u64,
    /// Those that are reworded.
    pub reworded: u64,
    /// Those without a counterpart: new on the new side, dropped on the old one.
    pub alone: u64,
}

/// Two sides passage by passage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompareResponse {
    /// From what and how.
    pub stamp: Stamp,
    /// Remarks for the reader.
    pub notes: Vec<Note>,
    /// The earlier side.
    pub old: ComparedSide,
    /// The later side.
    pub new: ComparedSide,
    /// In the order of the new side; what was dropped stands behind what it followed.
    pub rows: Vec<ComparedPassages>,
}
