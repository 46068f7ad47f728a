//! The contract between the engine and the world: [`SearchRequest`] → [`SearchResponse`].
//!
//! Invariant: plain data; another engine can answer the same requests.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::report::named;
use super::{Differs, FacetCount, FacetField, Filter, Heading, Passage, Report};

/// How query leaves match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Matching {
    /// Verbatim, or all of the words; quoted phrases verbatim only.
    #[default]
    Auto,
    /// 逐字: the characters themselves, after folding.
    Verbatim,
    /// 按词: all of the leaf's words.
    Words,
}

/// Order of the hits; ties are broken by passage id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub enum Sort {
    /// Best first.
    #[default]
    #[serde(rename = "relevance")]
    Relevance,
    /// Oldest year first; passages without a year last.
    #[serde(rename = "year")]
    YearAscending,
    /// Latest year first; passages without a year last.
    #[serde(rename = "-year")]
    YearDescending,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct SearchRequest {
    /// The query as typed; empty for every passage.
    pub query: String,
    /// How leaves match.
    pub mode: Matching,
    /// Most of the words are enough.
    pub any: bool,
    /// Facet filters.
    pub filters: Vec<Filter>,
    /// Facets to count, in this order.
    pub facets: Vec<FacetField>,
    /// At most so many values a facet; 0 for all.
    pub facet_limit: usize,
    /// For facets of `facets`: count only the values that this names or that hold its characters.
    pub facet_find: BTreeMap<FacetField, String>,
    /// Order of hits.
    pub sort: Sort,
    /// At most so many hits.
    pub limit: usize,
    /// Hits to skip.
    pub offset: usize,
    /// Whether near-duplicates fold under one hit.
    pub fold: bool,
    /// Whether only the best passage of each report is shown.
    pub group_by_report: bool,
    /// In order of relevance, so many passages of a report stand before the next so many of any
    /// report; 0 for as they come.
    pub per_report: usize,
    /// Whether scores explain themselves.
    pub explain: bool,
    /// Length of snippets, in characters; 0 for the whole passage.
    pub snippet_chars: usize,
}

impl Default for SearchRequest {
    fn default() -> Self {
        SearchRequest {
            query: String::new(),
            mode: Matching::Auto,
            any: false,
            filters: Vec::new(),
            facets: Vec::new(),
            facet_limit: 20,
            facet_find: BTreeMap::new(),
            sort: Sort::Relevance,
            limit: 10,
            offset: 0,
            fold: true,
            group_by_report: false,
            per_report: 3,
            explain: false,
            snippet_chars: 120,
        }
    }
}

/// A passage as it is stored and exported, with its report's tags.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct PassageRecord {
    /// Passage id, 16 hexadecimal digits.
    pub id: String,
    /// Source path as cited.
    pub source: String,
    /// Line in the source (1-based, 0 where a format has none).
    pub line: u32,
    /// Place in the decoded source in characters, `[start, end)`.
    pub chars: [usize; 2],
    /// Place in the decoded source in bytes, `[start, end)`.
    pub bytes: [usize; 2],
    /// Position in the report, 0-based.
    pub sequence: u32,
    /// Report id.
    pub report_id: String,
    /// Report title.
    pub report_title: String,
    /// Kind of report.
    pub report_kind: String,
    /// The source's own id, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_id: Option<String>,
    /// Canonical agency.
    pub agency: Option<String>,
    /// Agency as written.
    pub agency_raw: Option<String>,
    /// Policy field.
    pub system: Option<String>,
    /// Administrative level.
    pub level: Option<String>,
    /// Region path.
    pub region: Option<String>,
    /// Year by which the report is known.
    pub report_year: Option<i32>,
    /// Date of delivery.
    pub date: Option<String>,
    /// Heading texts above the passage, outermost first, without numbers.
    pub section_path: Vec<String>,
    /// What the section is about.
    pub section_kind: String,
    /// The year that the section speaks of.
    pub year: Option<i32>,
    /// What the passage is in its report: 正文, 称呼 …
    pub role: String,
    /// Headings between the previous passage and this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opens: Vec<Heading>,
    /// Text as written.
    pub text: String,
}

impl PassageRecord {
    /// Makes the stored form of `report.passages[sequence]` of a source.
    pub fn new(source: &str, report: &Report, sequence: usize, passage: &Passage) -> Self {
        PassageRecord {
            id: passage.id.to_string(),
            source: source.to_owned(),
            line: passage.line,
            chars: [passage.chars.start, passage.chars.end],
            bytes: [passage.bytes.start, passage.bytes.end],
            sequence: sequence as u32,
            report_id: report.id.0.clone(),
            report_title: report.title.clone(),
            report_kind: report.kind.as_str().to_owned(),
            record_id: report.record_id.clone(),
            agency: report.agency.clone(),
            agency_raw: report.agency_raw.clone(),
            system: report.system.clone(),
            level: report.level.map(|level| level.as_str().to_owned()),
            region: report.region.clone(),
            report_year: report.report_year,
            date: report.date.clone(),
            section_path: passage
                .path
                .iter()
                .map(|heading| heading.text.clone())
                .collect(),
            section_kind: passage.section_kind.as_str().to_owned(),
            year: passage.year,
            role: passage.role.as_str().to_owned(),
            opens: passage.opens.clone(),
            text: passage.text.clone(),
        }
    }
}

named! {
    /// Why a stretch of a passage is highlighted; the first tells most.
    HighlightKind {
        /// It stands there as it was typed.
        Phrase = "逐字",
        /// It stands there redacted: D建 for 党建.
        Restored = "还原",
        /// Another name of what was typed.
        Alias = "别名",
        /// One of the words typed.
        Word = "词语",
    }
}

/// An excerpt of a passage.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Snippet {
    /// The excerpt, cut at 。；， with `…` where text was left out.
    pub text: String,
    /// What matched, `[start, end)` in characters of the excerpt.
    pub highlights: Vec<[usize; 2]>,
}

/// A passage that answers the query.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Hit {
    /// The passage.
    #[serde(flatten)]
    pub passage: PassageRecord,
    /// Score; higher is better, comparable within one answer.
    pub score: f32,
    /// The excerpt as plain text.
    pub snippet: String,
    /// What matched in the excerpt, `[start, end)` in characters of `snippet`.
    pub snippet_highlights: Vec<[usize; 2]>,
    /// What matched, `[start, end)` in characters of `text`.
    pub highlights: Vec<[usize; 2]>,
    /// Why each of `highlights` is one.
    #[serde(default)]
    pub highlight_kinds: Vec<HighlightKind>,
    /// How many other passages with nearly the same wording are folded under this one.
    pub dup_count: u64,
    /// Their ids (at most 20).
    pub dup_ids: Vec<String>,
    /// How they differ from this one.
    pub differs: Differs,
    /// The parts of the score, if asked for: name, amount.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explanation: Vec<(String, f32)>,
}

/// How many passages and reports answer the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Totals {
    /// Passages, each counted.
    pub passages: u64,
    /// Groups of near copies and passages without one.
    pub folded: u64,
    /// Reports that hold one or more of them.
    pub reports: u64,
}

/// Which index answered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct IndexStamp {
    /// Fingerprint of schema, dictionary, analyzer and crate versions.
    pub fingerprint: String,
    /// Passages in the index.
    pub passages: u64,
}

/// A remark for the reader, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Note {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Note {
    /// Makes a remark.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Note {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct SearchResponse {
    /// The query as typed.
    pub query: String,
    /// The query as it was understood.
    pub understood: String,
    /// Remarks for the reader: what else was searched, what was relaxed, what to try.
    pub notes: Vec<Note>,
    /// How many there are.
    pub total: Totals,
    /// The hits asked for.
    pub hits: Vec<Hit>,
    /// Counts by facet, most frequent first (years: latest first).
    pub facets: BTreeMap<FacetField, Vec<FacetCount>>,
    /// For facets of which `facets` holds a part: how many values they have under the query.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facet_values: BTreeMap<FacetField, u64>,
    /// Time taken, in milliseconds.
    pub took_ms: f64,
    /// Which index answered.
    pub index: IndexStamp,
}
