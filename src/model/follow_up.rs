//! The contract of following plans up: a [`FollowUpRequest`] → a [`FollowUpResponse`].
//!
//! Invariant: plain data; another engine can answer the same requests.

use serde::{Deserialize, Serialize};

use super::report::named;
use super::{Filter, Note, PassageRecord, Stamp};

/// Whose plans are followed up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FollowUpRequest {
    /// The year that was planned.
    pub year: i32,
    /// Facet filters on both, without years and kinds of section.
    pub filters: Vec<Filter>,
    /// Smallest similarity that counts as an answer, 0 to 1.
    pub least: f64,
    /// Which plans are asked for; empty for all.
    #[serde(default)]
    pub only: Vec<Answered>,
    /// The day that the stamp shall name instead of that of the index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

named! {
    /// Whether a plan was answered.
    Answered {
        /// A passage of a later report's summary is like it.
        Yes = "有回应",
        /// There are summaries, and none is like it.
        No = "未见回应",
        /// The index holds no later report of the same agency and region that sums up the year.
        NoSummary = "无总结",
    }
}

/// A passage of a plan with the sentence of a summary that is most like one of its sentences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FollowedPlan {
    /// Whether it was answered.
    pub answered: Answered,
    /// Cosine of the two sentences' pairs of letters, weighted by their rarity in the index, 0 to 1;
    /// `None` without a summary.
    pub similarity: Option<f64>,
    /// Sentences of the plan that are compared; a passage without one is compared as a whole.
    pub sentences: u64,
    /// Those of them to which a sentence of a summary is like enough.
    pub answered_sentences: u64,
    /// The plan.
    pub plan: PassageRecord,
    /// Its sentence, `[start, end)` in characters of its text.
    pub plan_sentence: [usize; 2],
    /// The passage of the summary, answer or not.
    pub answer: Option<PassageRecord>,
    /// Its sentence, `[start, end)` in characters of its text.
    pub answer_sentence: [usize; 2],
}

/// Plans of a year and what was said of them later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FollowUpResponse {
    /// From what and how.
    pub stamp: Stamp,
    /// Remarks for the reader.
    pub notes: Vec<Note>,
    /// Plans that were answered.
    pub answered: u64,
    /// Plans that were not.
    pub unanswered: u64,
    /// Plans without a summary to look in.
    pub without_summary: u64,
    /// Reports that hold the plans.
    pub plan_reports: u64,
    /// Reports that hold the summaries.
    pub summary_reports: u64,
    /// The passages asked for, each once: the most alike first, then those without an answer, then those
    /// without a summary, each in reading order.
    pub plans: Vec<FollowedPlan>,
}
