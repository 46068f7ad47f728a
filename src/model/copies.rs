//! Near copies of a passage and how they differ from it.

use serde::{Deserialize, Serialize};

use super::PassageRecord;

/// How the passages folded under a hit differ from it; those in neither number have its letters
/// and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Differs {
    /// How many differ in figures or redactions only.
    pub figures: u64,
    /// How many differ in other characters.
    pub wording: u64,
}

/// In what a copy differs from a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Difference {
    /// In nothing but blanks, punctuation, width, case and redactions that can be restored.
    None,
    /// In figures and redactions only.
    Figures,
    /// In other characters as well.
    Wording,
}

/// A place at which two texts differ; one of the spans may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Change {
    /// `[start, end)` in characters of the passage.
    pub here: [usize; 2],
    /// `[start, end)` in characters of the copy.
    pub there: [usize; 2],
}

/// A near copy of a passage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct NearCopy {
    /// The copy.
    pub passage: PassageRecord,
    /// Jaccard similarity of the sets of five-character shingles, 0 to 1.
    pub jaccard: f64,
    /// In what it differs.
    pub differs: Difference,
    /// The places at which the texts as written differ, in order.
    pub changes: Vec<Change>,
}

/// The near copies of a passage, in order of their similarity, ties by source and place.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct NearCopies {
    /// How many there are; `listed` may hold fewer.
    pub count: u64,
    /// The copies.
    pub listed: Vec<NearCopy>,
}

/// How much of an index is copied. Passages of at most 20 letters do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct CopyStats {
    /// Groups of two and more passages.
    pub groups: u64,
    /// Passages in groups.
    pub passages: u64,
    /// Passages of the largest group.
    pub largest: u64,
    /// Characters of passages that repeat a group's longest, without white space and punctuation.
    pub characters: u64,
    /// Groups in which passages differ in figures or redactions only.
    pub figures: u64,
    /// Groups in which passages differ in other characters as well.
    pub wording: u64,
}
