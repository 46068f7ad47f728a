//! The contract of trends: a [`TrendRequest`] → a [`TrendResponse`].
//!
//! Invariant: plain data; another engine can answer the same requests.

use serde::{Deserialize, Serialize};

use super::{Concept, Copies, Count, FacetField, Filter, Note, Slice, Stamp};

/// What of a year's counts is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub enum Rate {
    /// Occurrences for each 10,000 characters.
    #[default]
    #[serde(rename = "per-10k")]
    Per10kCharacters,
    /// Occurrences for each report.
    #[serde(rename = "per-report")]
    PerReport,
    /// Reports that hold an occurrence, in per cent of the year's reports.
    #[serde(rename = "report-share")]
    ReportShare,
    /// Occurrences as they were counted.
    #[serde(rename = "occurrences")]
    Occurrences,
}

/// What is followed through the years.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct TrendRequest {
    /// The concepts; one at least.
    pub terms: Vec<Concept>,
    /// [`FacetField::Year`] or [`FacetField::ReportYear`].
    pub by: FacetField,
    /// Facet filters.
    pub filters: Vec<Filter>,
    /// How near copies count.
    pub copies: Copies,
    /// What is drawn.
    pub rate: Rate,
    /// Years of a centred moving average, an odd number; 0 or 1 for none.
    pub smooth: usize,
    /// Whether each rate has its confidence interval of 95 %.
    pub band: bool,
    /// The day that the stamp shall name instead of that of the index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

impl Default for TrendRequest {
    fn default() -> Self {
        TrendRequest {
            terms: Vec::new(),
            by: FacetField::Year,
            filters: Vec::new(),
            copies: Copies::default(),
            rate: Rate::default(),
            smooth: 0,
            band: false,
            date: None,
        }
    }
}

/// A concept in a year.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct TrendPoint {
    /// What was counted.
    pub count: Count,
    /// What is drawn; `None` where its denominator is 0.
    pub rate: Option<f64>,
    /// The moving average around the year, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smoothed: Option<f64>,
    /// Ends of the confidence interval of 95 %, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<[f64; 2]>,
}

/// A concept through the years.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct TrendSeries {
    /// The concept as it was read.
    pub term: Concept,
    /// Over all years.
    pub total: Count,
    /// The first year with an occurrence.
    pub first: Option<i32>,
    /// The year with the highest rate, of several the first.
    pub peak: Option<i32>,
    /// For each of [`TrendResponse::years`]; `None` where the year has no text.
    pub points: Vec<Option<TrendPoint>>,
}

/// A year with its denominators.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct TrendYear {
    /// The year.
    pub year: i32,
    /// Its passages, without the value itself.
    #[serde(flatten)]
    pub slice: Slice,
}

/// Concepts through the years.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct TrendResponse {
    /// From what and how.
    pub stamp: Stamp,
    /// Remarks for the reader.
    pub notes: Vec<Note>,
    /// Which year: that of the section or that of the report.
    pub by: FacetField,
    /// What is drawn.
    pub rate: Rate,
    /// Years of the moving average; 0 for none.
    pub smooth: usize,
    /// Every year from the first with text to the last.
    pub years: Vec<TrendYear>,
    /// The concepts in the order of the request.
    pub series: Vec<TrendSeries>,
}
