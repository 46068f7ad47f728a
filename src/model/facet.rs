//! Facets: the tags by which answers are filtered and counted.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! facet_fields {
    ($($(#[$meta:meta])* $value:ident = $name:literal / $zh:literal),+ $(,)?) => {
        /// A tag by which passages are filtered and counted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum FacetField { $($(#[$meta])* #[serde(rename = $name)] $value),+ }

        impl FacetField {
            /// Every facet, in the order in which answers show them.
            pub const ALL: &'static [FacetField] = &[$(FacetField::$value),+];

            /// Returns the name in the contract: `agency`, `report_year` …
            pub fn name(self) -> &'static str {
                match self { $(FacetField::$value => $name),+ }
            }

            /// Returns the Chinese label.
            pub fn label(self) -> &'static str {
                match self { $(FacetField::$value => $zh),+ }
            }

            /// Reads a contract name (`report-year` as well) or a Chinese label.
            pub fn parse(text: &str) -> Option<Self> {
                let text = text.replace('-', "_");
                match text.as_str() { $($name | $zh => Some(FacetField::$value),)+ _ => None }
            }
        }

        #[cfg(feature = "serve")]
        super::report::schema_of!(FacetField, FacetField::name);
    };
}

facet_fields! {
    /// Canonical name of the author.
    Agency = "agency" / "部门",
    /// Policy field of the author.
    System = "system" / "系统",
    /// Administrative level.
    Level = "level" / "层级",
    /// Region path; a filter on `江苏省` keeps what lies below it as well.
    Region = "region" / "地区",
    /// The year that the section speaks of.
    Year = "year" / "年份",
    /// The year by which the report is known.
    ReportYear = "report_year" / "报告年度",
    /// What the section is about.
    Section = "section_kind" / "部分",
    /// Kind of report.
    ReportKind = "report_kind" / "文种",
    /// Source file; a filter may name a folder or use `*`.
    Source = "source" / "文件",
}

impl FacetField {
    /// Returns whether the values are years.
    pub fn is_year(self) -> bool {
        matches!(self, FacetField::Year | FacetField::ReportYear)
    }
}

impl fmt::Display for FacetField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One filter value. Values of one facet are alternatives; facets restrict each other.
///
/// A value is a name (`卫健委`, `江苏省`), a year, or a range of years: `2019..2023`, `>=2020`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Filter {
    /// The facet.
    pub field: FacetField,
    /// The value as typed, without a leading `!`.
    pub value: String,
    /// Whether passages with this value are left out.
    #[serde(default)]
    pub negated: bool,
}

/// A facet value with the numbers of passages and reports that carry it, under the query and the
/// other facets' filters. A region counts what lies below it as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct FacetCount {
    /// The value.
    pub value: String,
    /// Passages, copies counted each.
    pub count: u64,
    /// Reports that hold one of them at least.
    #[serde(default)]
    pub reports: u64,
}

/// What a search counted of one facet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct FacetCounts {
    /// The most frequent values first (years: latest first), as many as were asked for.
    pub counts: Vec<FacetCount>,
    /// How many values there are.
    pub values: u64,
    /// Where values were sought and none was found: those that are written nearly so.
    pub near: Vec<String>,
}
