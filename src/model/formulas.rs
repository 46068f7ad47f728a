//! The contract of formulas: a [`FormulasRequest`] → a [`FormulasResponse`].
//!
//! Invariant: plain data; another engine can answer the same requests.

use serde::{Deserialize, Serialize};

use super::{Copies, Filter, Note, PassageRecord, Slice, Stamp};

/// By what formulas are ranked; ties by C-value, then by the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FormulaOrder {
    /// By the characters that they make up.
    #[default]
    #[serde(rename = "coverage")]
    Coverage,
    /// By C-value (Frantzi, Ananiadou and Mima 2000): frequent ones that stand by themselves first.
    #[serde(rename = "c-value")]
    CValue,
    /// By occurrences.
    #[serde(rename = "count")]
    Count,
    /// By reports.
    #[serde(rename = "reports")]
    Reports,
    /// The longest first.
    #[serde(rename = "length")]
    Length,
}

/// Whose set phrases are sought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FormulasRequest {
    /// Facet filters.
    pub filters: Vec<Filter>,
    /// How near copies count.
    pub copies: Copies,
    /// Fewest letters and digits, 2 at least.
    pub shortest: usize,
    /// Most letters and digits, 100 at most.
    pub longest: usize,
    /// Fewest occurrences, 2 at least.
    pub least: u64,
    /// Fewest reports that hold it; of a slice with fewer reports all of them.
    pub least_reports: u64,
    /// By what they are ranked.
    pub order: FormulaOrder,
    /// At most so many.
    pub limit: usize,
    /// The day that the stamp shall name instead of that of the index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

impl Default for FormulasRequest {
    fn default() -> Self {
        FormulasRequest {
            filters: Vec::new(),
            copies: Copies::Once,
            shortest: 4,
            longest: 30,
            least: 5,
            least_reports: 2,
            order: FormulaOrder::default(),
            limit: 50,
            date: None,
        }
    }
}

/// A string that recurs, with the first passage that holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormulaLine {
    /// The string, folded.
    pub formula: String,
    /// Its letters and digits.
    pub length: u64,
    /// Occurrences, overlaps counted each.
    pub count: u64,
    /// Reports that hold it.
    pub reports: u64,
    /// Characters in ten thousand of the slice that it makes up: its length times its occurrences.
    pub coverage: f64,
    /// C-value.
    pub c_value: f64,
    /// The first passage that holds it, by report year, source and place.
    #[serde(flatten)]
    pub passage: PassageRecord,
}

/// The set phrases of a slice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormulasResponse {
    /// From what and how.
    pub stamp: Stamp,
    /// Remarks for the reader.
    pub notes: Vec<Note>,
    /// The corpus.
    pub corpus: Slice,
    /// How many there are.
    pub found: u64,
    /// How many are longer than the longest sought.
    pub longer: u64,
    /// Those asked for.
    pub formulas: Vec<FormulaLine>,
}
