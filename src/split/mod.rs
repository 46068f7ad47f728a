//! Text → reports, headings, passages and dropped noise.
//!
//! Invariant: cannot fail; it warns. Every character of the source that is not white space stands
//! in exactly one title, heading, passage or dropped span. A block's span may hold cuts, which are
//! dropped on their own.

mod apart;
mod chars;
mod flat;
mod headings;
mod kinds;
mod lines;
mod noise;
mod numbering;
mod paragraphs;
mod report;
mod sentences;
mod shapes;
mod titles;
mod tree;
mod wrapped;

use crate::model::{ByteSpan, CharSpan, Dropped, Role, SectionKind, SourceText, Warning};
use crate::schema::Schema;
use lines::{Cut, Line, Lines, Physical};

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

/// The characters of dropped text that are kept for the reader.
const SHOWN_CHARS: usize = 200;

/// Splits a text into reports.
///
/// A compilation becomes as many reports as it holds; a JSONL record is always one.
pub fn split(source: &SourceText, schema: &Schema) -> Split {
    let text = source.text.as_str();
    let cuts = lines::cuts(source, &schema.noise);
    let mut lines = Lines::new(text, &cuts, &source.styles);
    let physical = Physical::of(text);
    flat::stretches(physical, &schema.headings, &mut |stretch| {
        lines.push(stretch)
    });
    let lines = lines.finish();
    let mut reasons = noise::noise(&lines, &schema.noise);
    let single = source.fixed_line.is_some();
    // A record was put there on purpose: it is never noise as a whole.
    if single && reasons.iter().all(Option::is_some) {
        reasons.fill(None);
    }
    let parts = titles::parts(
        &lines,
        |index| reasons[index].is_none(),
        single,
        &schema.headings,
    );
    let mut reports: Vec<ReportDraft> = parts
        .into_iter()
        .map(|part| {
            let lines: Vec<&Line<'_>> = part.lines.iter().map(|index| &lines[*index]).collect();
            report::draft(&lines, part.label, &source.given, &cuts, schema)
        })
        .collect();
    // A record that is nothing but a title is a report all the same.
    if reports.is_empty()
        && single
        && let Some(title) = &source.given.title
    {
        reports.push(ReportDraft {
            title: title.clone(),
            line: 0,
            label: None,
            blocks: Vec::new(),
        });
    }
    let mut dropped = dropped(physical, &lines, &reasons, &cuts);
    if let Some(line) = source.fixed_line {
        for report in &mut reports {
            report.line = line;
            report.blocks.iter_mut().for_each(|block| block.line = line);
        }
        dropped.iter_mut().for_each(|dropped| dropped.line = line);
    }
    Split {
        reports,
        dropped,
        warnings: source.warnings.clone(),
    }
}

/// Lists what was left out, in the order of the text.
fn dropped(
    physical: Physical<'_>,
    lines: &[Line<'_>],
    reasons: &[Option<&str>],
    cuts: &[Cut<'_>],
) -> Vec<Dropped> {
    let text = physical.text;
    let mut spans: Vec<(ByteSpan, &str)> = cuts.iter().map(|cut| (cut.bytes, cut.reason)).collect();
    for (line, reason) in lines.iter().zip(reasons) {
        let reason = match line.label {
            true => Some("record_label"),
            false => *reason,
        };
        if let Some(reason) = reason {
            spans.extend(line.kept(cuts).into_iter().map(|span| (span, reason)));
        }
    }
    spans.retain(|(span, _)| !text[span.range()].trim().is_empty());
    spans.sort_by_key(|(span, _)| span.start);
    // Lines and characters are counted once, from one span to the next.
    let mut physical = physical.lines().peekable();
    let (mut byte, mut char, mut line) = (0, 0, 0);
    spans
        .into_iter()
        .map(|(span, reason)| {
            while let Some((number, _)) = physical.next_if(|(_, bytes)| bytes.start <= span.start) {
                line = number;
            }
            let inside = &text[span.range()];
            let start = char + text[byte..span.start].chars().count();
            char = start + inside.chars().count();
            byte = span.end;
            Dropped {
                line,
                bytes: span,
                chars: CharSpan::new(start, char),
                text: inside.chars().take(SHOWN_CHARS).collect(),
                reason: reason.to_owned(),
            }
        })
        .collect()
}
