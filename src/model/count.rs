//! The contract of counting: a [`CountRequest`] → a [`CountResponse`].
//!
//! What counts are the characters of passages after folding (width, case, traditional forms,
//! redactions, blanks); headings and titles are no passages.
//!
//! Invariant: plain data; another engine can answer the same requests.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Copies, FacetField, Filter, Note, Stamp};

/// A concept: words that count as one, and longer words in which they do not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Concept {
    /// What it is called in answers.
    pub name: String,
    /// The words of which each counts. Where two overlap, the one that begins first counts, of those
    /// that begin together the longest.
    pub words: Vec<String>,
    /// A word counts nothing where it lies within one of these.
    #[serde(default)]
    pub except: Vec<String>,
}

impl Concept {
    /// Makes the concept of one word.
    pub fn word(word: impl Into<String>) -> Self {
        let word = word.into();
        Concept {
            name: word.clone(),
            words: vec![word],
            except: Vec::new(),
        }
    }
}

impl fmt::Display for Concept {
    /// Writes the concept as a line of a word list: `党组: 党组|-党组织`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |word: &str| {
            let is_sign = word.contains(['|', '｜', ':', '：'])
                || word.starts_with(['"', '“', '-', '#'])
                || word.trim() != word;
            match is_sign {
                true if word.contains('"') => format!("“{word}”"),
                true => format!("\"{word}\""),
                false => word.to_owned(),
            }
        };
        if self.name != self.words.join("|") {
            write!(f, "{}: ", quoted(&self.name))?;
        }
        let words = self.words.iter().map(|word| quoted(word));
        let except = self.except.iter().map(|word| format!("-{}", quoted(word)));
        f.write_str(&words.chain(except).collect::<Vec<_>>().join("|"))
    }
}

/// By what passages are told apart: a facet, region paths cut to so many parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Axis {
    /// The facet.
    pub field: FacetField,
    /// Of a region the parts that are kept: 1 for provinces, 2 for cities, 3 for counties; `None`
    /// for the whole path, as for all other facets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth: Option<usize>,
}

impl Axis {
    /// Makes the axis of a facet.
    pub fn of(field: FacetField) -> Self {
        Axis { field, depth: None }
    }

    /// Reads the name of a facet, in contract form or Chinese, or of a depth of regions: `province`,
    /// `city`, `county`, 省份, 城市, 区县; `None` for what is neither.
    ///
    /// ```
    /// use zhengsou::model::{Axis, FacetField};
    /// assert_eq!(Axis::parse("report-year"), Some(Axis::of(FacetField::ReportYear)));
    /// assert_eq!(Axis::parse("省份").map(|axis| axis.depth), Some(Some(1)));
    /// assert_eq!(Axis::parse("colour"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let depth = match text {
            "province" | "省份" | "省" => 1,
            "city" | "城市" | "市" => 2,
            "county" | "区县" | "县" => 3,
            "section" => return Some(Axis::of(FacetField::Section)),
            _ => return FacetField::parse(text).map(Axis::of),
        };
        Some(Axis {
            field: FacetField::Region,
            depth: Some(depth),
        })
    }

    /// Returns the name in the contract.
    pub fn name(self) -> &'static str {
        match self.depth {
            Some(1) => "province",
            Some(2) => "city",
            Some(3) => "county",
            _ => self.field.name(),
        }
    }

    /// Returns the Chinese label.
    pub fn label(self) -> &'static str {
        match self.depth {
            Some(1) => "省份",
            Some(2) => "城市",
            Some(3) => "区县",
            _ => self.field.label(),
        }
    }
}

/// What is counted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct CountRequest {
    /// The concepts; one at least.
    pub terms: Vec<Concept>,
    /// By what passages are told apart, two at most and not the same; empty for all together.
    pub by: Vec<Axis>,
    /// Facet filters, as a search has them.
    pub filters: Vec<Filter>,
    /// How near copies count.
    pub copies: Copies,
    /// The day that the stamp shall name (`2026-11-27`) instead of that of the index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// Passages that share their values, with the denominators.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Slice {
    /// The value of each axis of the request; `None` for passages without one.
    pub values: Vec<Option<String>>,
    /// Passages; 0 where there is no text, so that nothing can be said of it.
    pub passages: u64,
    /// Reports that hold one of them at least.
    pub reports: u64,
    /// Letters and digits (Han, Latin, numbers) after folding: no punctuation, no blanks.
    pub characters: u64,
    /// Words by the segmenter that the stamp names: no punctuation.
    pub words: u64,
}

/// What was counted of a concept in a slice.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Count {
    /// Occurrences that do not overlap.
    pub occurrences: u64,
    /// Passages that hold one at least.
    pub passages: u64,
    /// Reports that hold one at least.
    pub reports: u64,
    /// Occurrences for each 10,000 characters of the slice; `None` if it has none.
    pub per_10k_characters: Option<f64>,
    /// Occurrences for each 10,000 words of the slice; `None` if it has none.
    pub per_10k_words: Option<f64>,
    /// Occurrences for each report of the slice; `None` if it has none.
    pub per_report: Option<f64>,
}

/// What was counted of a concept.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct TermCounts {
    /// The concept as it was read.
    pub term: Concept,
    /// Over all slices.
    pub total: Count,
    /// For each of [`CountResponse::slices`]; `None` where the slice has no text.
    pub counts: Vec<Option<Count>>,
}

/// What was counted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct CountResponse {
    /// From what and how.
    pub stamp: Stamp,
    /// Remarks for the reader.
    pub notes: Vec<Note>,
    /// The axes of the request.
    pub by: Vec<Axis>,
    /// All passages that the filters keep.
    pub whole: Slice,
    /// Every value of the first axis with every value of the second, in order: years ascending and
    /// without gaps between the first and the last, other values by their characters, passages
    /// without a value last. Empty without axes.
    pub slices: Vec<Slice>,
    /// The concepts in the order of the request.
    pub terms: Vec<TermCounts>,
}
