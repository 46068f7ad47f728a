//! A report and the tags that all its passages share.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Evidence, Heading, Passage};

/// Id of a report: 16 hexadecimal digits, from its source's path, its place and its title.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct ReportId(pub String);

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes an enum whose values are written in Chinese, in JSON and on screen alike.
macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$value_meta:meta])* $value:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$value_meta])* #[serde(rename = $text)] $value),+
        }

        impl $name {
            /// Every value, in its natural order.
            pub const ALL: &'static [$name] = &[$($name::$value),+];

            /// Returns the value as it is written in indexes and answers.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$value => $text),+ }
            }

            /// Returns the value that is written so, if there is one.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$value),)+ _ => None }
            }
        }

        #[cfg(feature = "serve")]
        $crate::model::report::schema_of!($name, $name::as_str);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use named;

/// Describes an enum by the names of its values; a derive does not see names that macros give.
#[cfg(feature = "serve")]
macro_rules! schema_of {
    ($name:ident, $written:expr) => {
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                let names = $name::ALL.iter().map(|value| $written(*value));
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some(names))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}
#[cfg(feature = "serve")]
pub(crate) use schema_of;

named! {
    /// Kind of a report.
    ReportKind {
        /// A government's yearly report to its people's congress.
        GovernmentWorkReport = "政府工作报告",
        /// A department's or township's summary of a year, plan for a year, or both.
        SummaryAndPlan = "工作总结和计划",
        /// Anything else.
        Other = "其他",
    }
}

named! {
    /// Administrative level of the author.
    Level {
        /// The State Council and its ministries.
        Nation = "国家",
        /// Provinces, autonomous regions, municipalities.
        Province = "省",
        /// Prefectures and prefecture-level cities.
        City = "市",
        /// Counties, districts, county-level cities, banners.
        County = "县",
        /// Townships, towns, streets.
        Township = "乡",
    }
}

/// One report with its tags and its passages in reading order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Id from content and place.
    pub id: ReportId,
    /// The source's own id, where it has one (`id` of a JSONL record).
    pub record_id: Option<String>,
    /// Title as written, without markup; empty if there is none.
    pub title: String,
    /// Line of the title or of the first block (1-based, 0 where a format has none).
    pub line: u32,
    /// Kind of report.
    pub kind: ReportKind,
    /// Canonical name of the author, such as 卫生健康委员会 or 江苏省人民政府.
    pub agency: Option<String>,
    /// The author as written.
    pub agency_raw: Option<String>,
    /// Policy field that the agency belongs to, such as 卫生健康.
    pub system: Option<String>,
    /// Administrative level of the author.
    pub level: Option<Level>,
    /// Region as a path, `江苏省/南京市`; unknown parts are left out; `全国` for the State Council.
    pub region: Option<String>,
    /// Date of delivery as `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
    pub date: Option<String>,
    /// The year by which the report is known.
    pub report_year: Option<i32>,
    /// What each tag was read from.
    pub evidence: Vec<Evidence>,
    /// Passages in reading order.
    pub passages: Vec<Passage>,
    /// Headings after the last passage, if any.
    pub trailing: Vec<Heading>,
}
