//! What an answer that is to be cited was made from and how: a [`Stamp`].
//!
//! Invariant: plain data; nothing of the hour, the machine or the run stands in it, so that the same
//! stamp means the same answer, byte for byte.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Filter, IndexStamp};

/// How near copies count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Copies {
    /// Every passage counts, copied or not: what a scan of the exported passages counts.
    #[default]
    Each,
    /// Of the passages that the filters keep, one of each group of near copies counts: the earliest
    /// by the year that its section speaks of (passages without a year last), then by its report's
    /// year, then the one with the smallest id.
    Once,
}

/// From what and how an answer was made. Every output carries it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Stamp {
    /// The command: `count`, `trend` …
    pub command: String,
    /// The program with its version: `zhengsou 0.1.0`.
    pub program: String,
    /// The day for which the answer stands, `2026-11-27`: that of the last change of the index
    /// (UTC), or one that was given; never the day of the question.
    pub date: String,
    /// Which index: fingerprint of its rules, number of its passages.
    pub index: IndexStamp,
    /// Hash of the ids, texts and tags of all passages, 16 hexadecimal digits: the same passages
    /// have the same one, whatever the order in which they came in.
    pub content: String,
    /// What counts as a word: the segmenter with the fingerprint of its dictionary.
    pub segmenter: String,
    /// The query or the terms, as they were read.
    pub terms: Vec<String>,
    /// The filters.
    pub filters: Vec<Filter>,
    /// How near copies count.
    pub copies: Copies,
    /// All else that decides about the answer, by name as in the request.
    pub options: BTreeMap<String, String>,
}
