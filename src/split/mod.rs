//! Text → reports, headings, passages and dropped noise.
//!
//! Invariant: cannot fail; it warns. Every character of the source that is not white space stands
//! in exactly one title, heading, passage or dropped span.

use crate::model::{ByteSpan, Dropped, Role, SectionKind, Warning};

/// A piece of a report, in reading order.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Line in the source (1-based, 0 where a format has none).
    pub line: u32,
    /// Place in the source, in bytes; of a heading with its number and closing mark.
    pub bytes: ByteSpan,
    /// Text as written, with markup and noise cut out; of a heading without number and closing mark.
    pub text: String,
}

/// What a [`Block`] is.
#[derive(Debug, Clone, PartialEq)]
pub enum BlockKind {
    /// A line of the report's title.
    Title,
    /// A heading.
    Heading {
        /// Level by its marker: 1 for `一、` … 4 for `（1）`; unnumbered ones take that of their peers.
        level: u8,
        /// Depth in the tree, 1-based.
        depth: u8,
        /// Number as written; empty for none.
        number: String,
        /// The kind that the heading names outright, if any.
        kind: Option<SectionKind>,
    },
    /// A paragraph.
    Passage {
        /// What it is in its report.
        role: Role,
        /// Kind of the section that it stands in.
        kind: SectionKind,
        /// The headings above it, outermost first: indexes into the report's blocks.
        path: Vec<usize>,
    },
}

/// A report before it is tagged.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportDraft {
    /// Title as written; empty if there is none.
    pub title: String,
    /// Line of the title, or of the first block.
    pub line: u32,
    /// What stands before the report in place of a record's name, such as `1954` and a tab in a
    /// file of one report a line: weak evidence of its year. Listed as dropped, `record_label`.
    pub label: Option<String>,
    /// Title lines, headings and passages in reading order.
    pub blocks: Vec<Block>,
}

/// Everything that a source was split into.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Split {
    /// The reports in reading order.
    pub reports: Vec<ReportDraft>,
    /// Text that belongs to none, with the reason.
    pub dropped: Vec<Dropped>,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
}
