//! The nouns: sources, reports, sections, passages, requests and answers.
//!
//! Invariant: no I/O, no logic beyond naming and conversion; every type is plain data.

mod bench;
mod collocates;
mod compare;
mod copies;
mod count;
mod facet;
mod first_use;
mod follow_up;
mod formulas;
mod inspect;
mod keyness;
mod kwic;
mod passage;
mod related;
mod report;
mod search;
mod source;
mod span;
mod stamp;
mod suggest;
mod table;
mod trend;
mod wording;

pub use bench::{BenchReport, CLASSES, ClassName, ClassReport, Comparison, Latency};
pub use collocates::{Association, Collocate, CollocatesRequest, CollocatesResponse, Window};
pub use compare::{CompareRequest, CompareResponse, ComparedPassages, ComparedSide, Fate, Side};
pub use copies::{Change, CopyStats, Difference, Differs, NearCopies, NearCopy};
pub use count::{Axis, Concept, Count, CountRequest, CountResponse, Slice, TermCounts};
pub use facet::{FacetCount, FacetCounts, FacetField, Filter};
pub use first_use::{FirstUse, FirstUseRequest, FirstUseResponse};
pub use follow_up::{Answered, FollowUpRequest, FollowUpResponse, FollowedPlan};
pub use formulas::{FormulaLine, FormulaOrder, FormulasRequest, FormulasResponse};
pub use inspect::{Dropped, Evidence, Warning};
pub use keyness::{KeyWord, KeynessMeasure, KeynessRequest, KeynessResponse};
pub use kwic::{KwicLine, KwicRequest, KwicResponse, KwicSort};
pub use passage::{Heading, Passage, PassageId, Role, SectionKind};
pub use related::{Measure, RelatedRequest, RelatedResponse, RelatedTerm};
pub use report::{Level, Report, ReportId, ReportKind};
pub use search::{
    HighlightKind, Hit, IndexStamp, Matching, Note, PassageRecord, SearchRequest, SearchResponse,
    Snippet, Sort, Totals,
};
pub use source::{
    Format, Given, GivenField, LineStyle, Mark, Markup, SourceLimits, SourceRecord, SourceStatus,
    SourceText,
};
pub use span::{ByteSpan, CharSpan};
pub use stamp::{Copies, Stamp};
pub use suggest::{SuggestRequest, SuggestResponse, Suggestion};
pub use table::{Cell, Column, ColumnKind, DataTable};
pub use trend::{Rate, TrendPoint, TrendRequest, TrendResponse, TrendSeries, TrendYear};
pub use wording::{SimilarHit, SimilarRequest, SimilarResponse, SimilarTotals, YearCount};

/// Language of messages and labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// Returns the text in this language.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}
