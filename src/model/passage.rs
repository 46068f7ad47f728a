//! Headings and passages: what the heading tree and its paragraphs are made of.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::report::named;
use super::{ByteSpan, CharSpan};

/// Id of a passage, from content and place; written as 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PassageId(pub u64);

impl PassageId {
    /// Reads 16 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 16)
            .then(|| u64::from_str_radix(text, 16).ok().map(PassageId))
            .flatten()
    }
}

impl fmt::Display for PassageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for PassageId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PassageId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        PassageId::parse(&text).ok_or_else(|| serde::de::Error::custom("not a passage id"))
    }
}

named! {
    /// What a section is about.
    SectionKind {
        /// Background, and text before the first heading.
        Background = "基本情况",
        /// What was done.
        Summary = "工作总结",
        /// What stood out.
        Highlight = "亮点成效",
        /// What failed or is missing.
        Problem = "存在问题",
        /// What is planned.
        Plan = "工作计划",
        /// What is asked of others.
        Proposal = "工作建议",
        /// Salutation, signature, notes and everything else.
        Other = "其他",
    }
}

named! {
    /// What a passage is in its report.
    Role {
        /// Body text.
        Body = "正文",
        /// Subtitle, session line, speaker: what stands between title and body.
        Byline = "题注",
        /// 各位代表：, XX县人民政府：
        Salutation = "称呼",
        /// The author's name at the end.
        Signature = "落款",
        /// A line that is only a date.
        Date = "日期",
        /// Footnotes, glossaries and editors' notes.
        Note = "注释",
    }
}

/// A heading of a report's heading tree.
///
/// `一、高度重视，明确工作任务。为做好…` has level 1, number `一、` and text `高度重视，明确工作任务`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Heading {
    /// Level by its marker: 1 for `一、`, 2 for `（一）`, 3 for `1.`, 4 for `（1）`; 0 for a line of the
    /// report's title.
    pub level: u8,
    /// Depth in the tree, 1-based: how many headings stand above it, plus one; 0 for a title.
    pub depth: u8,
    /// Number as written, `（一）`; empty for a heading without one.
    pub number: String,
    /// Text without number and closing mark.
    pub text: String,
    /// Line in the source (1-based, 0 where a format has none).
    pub line: u32,
    /// Place in the decoded source, number and closing mark included.
    pub chars: CharSpan,
}

/// A paragraph of body text with its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Id from content and place.
    pub id: PassageId,
    /// What the passage is in its report.
    pub role: Role,
    /// Text as written, without markup, noise, run-in heading, and the lone blanks that a layout
    /// left between two Han characters.
    pub text: String,
    /// Line in the source (1-based, 0 where a format has none).
    pub line: u32,
    /// Place in the decoded source, in bytes; noise inside is cut out of `text`.
    pub bytes: ByteSpan,
    /// Place in the decoded source, in characters.
    pub chars: CharSpan,
    /// Headings above it, outermost first.
    pub path: Vec<Heading>,
    /// Headings that stand between the previous passage and this one, lines of the report's title
    /// among them: each opens exactly one passage, so that its words are found once.
    pub opens: Vec<Heading>,
    /// What its section is about.
    pub section_kind: SectionKind,
    /// The year that its section speaks of.
    pub year: Option<i32>,
}
