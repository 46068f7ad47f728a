//! The year that a section speaks of.

use super::dates::dates;
use super::scene::fold;
use crate::model::{ReportKind, Role, SectionKind};
use crate::schema::Schema;
use crate::split::{Block, BlockKind};

/// The years that a report looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    /// The year by which the report is known.
    pub(super) report: i32,
    /// The year that it reviews.
    pub(super) review: i32,
    /// The year that it plans.
    pub(super) plan: i32,
}

impl Frame {
    /// Derives the years from the report year.
    pub(super) fn new(kind: ReportKind, report: i32, only_plan: bool, mid_year: bool) -> Self {
        let (review, plan) = match kind {
            ReportKind::GovernmentWorkReport => (report - 1, report),
            _ if only_plan => (report - 1, report),
            _ if mid_year => (report, report),
            _ => (report, report + 1),
        };
        Frame {
            report,
            review,
            plan,
        }
    }
}

/// A heading speaks of years no farther than this from the report's.
const REACH: i32 = 6;

/// Returns the year of a passage from its role and kind and the headings above it.
///
/// Only a heading of the first depth, or one that names a kind outright, speaks of a year:
/// `2023年小麦大田托管` under a plan for 2024 is about wheat.
pub(super) fn section_year(
    schema: &Schema,
    frame: Frame,
    blocks: &[Block],
    role: Role,
    kind: SectionKind,
    path: &[usize],
) -> Option<i32> {
    if role != Role::Body {
        return None;
    }
    let usual = match kind {
        SectionKind::Plan | SectionKind::Proposal => frame.plan,
        SectionKind::Background
        | SectionKind::Summary
        | SectionKind::Highlight
        | SectionKind::Problem
        | SectionKind::Other => frame.review,
    };
    let mut year = Some(usual);
    for block in path.iter().filter_map(|index| blocks.get(*index)) {
        let BlockKind::Heading {
            depth, kind: named, ..
        } = &block.kind
        else {
            continue;
        };
        if *depth > 1 && named.is_none() {
            continue;
        }
        let text = fold(&block.text);
        year = spoken(schema, frame, &text, kind, usual).or(year);
    }
    year
}

/// Returns the year that a heading names for the kind of section it opens.
fn spoken(
    schema: &Schema,
    frame: Frame,
    heading: &str,
    kind: SectionKind,
    usual: i32,
) -> Option<i32> {
    let plan = matches!(kind, SectionKind::Plan | SectionKind::Proposal);
    let mut years: Vec<i32> = dates(&schema.cues, heading)
        .map(|found| found.date.year)
        .filter(|year| (year - frame.report).abs() <= REACH)
        .collect();
    years.sort_unstable();
    if years.contains(&usual) {
        return Some(usual);
    }
    // Of several years a review carries the last, a plan the first.
    let chosen = if plan { years.first() } else { years.last() };
    if let Some(&year) = chosen {
        return Some(year);
    }
    if let Some((first, last)) = five_years(heading) {
        let year = if plan {
            frame.plan.clamp(first, last)
        } else {
            frame.review.clamp(first, last)
        };
        return ((year - frame.report).abs() <= REACH).then_some(year);
    }
    let says = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    if says(&["明年", "来年", "下一年", "新的一年", "今后"]) {
        Some(frame.plan)
    } else if says(&["去年", "上年", "过去", "一年来"]) {
        Some(frame.review)
    } else if says(&["今年"]) {
        Some(if plan { frame.plan } else { frame.report })
    } else {
        None
    }
}

/// Returns the years of the five-year plan that a heading names in quotes: “十四五”.
fn five_years(heading: &str) -> Option<(i32, i32)> {
    let quoted = heading.split(['“', '"', '「']).skip(1);
    let mut names = quoted.filter_map(|rest| rest.split(['”', '"', '」']).next());
    let count = names.find_map(|name| super::dates::number(name.strip_suffix('五')?))?;
    let last = 1955 + 5 * i32::try_from(count).ok()?;
    (3..=20).contains(&count).then_some((last - 4, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ByteSpan;

    fn heading(text: &str, depth: u8, kind: Option<SectionKind>) -> Block {
        Block {
            kind: BlockKind::Heading {
                level: depth,
                depth,
                number: String::new(),
                kind,
            },
            line: 1,
            bytes: ByteSpan::default(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn years_of_sections() {
        use ReportKind::{GovernmentWorkReport as Report, SummaryAndPlan as Summary};
        let schema = Schema::embedded().unwrap();
        let check =
            |report: ReportKind, kind: SectionKind, headings: &[(&str, bool)], wanted: i32| {
                let frame = Frame::new(report, 2023, false, false);
                let blocks: Vec<_> = headings
                    .iter()
                    .zip(1..)
                    .map(|((text, outright), depth)| heading(text, depth, outright.then_some(kind)))
                    .collect();
                let path: Vec<_> = (0..blocks.len()).collect();
                let year = section_year(&schema, frame, &blocks, Role::Body, kind, &path);
                assert_eq!(year, Some(wanted), "{headings:?}");
            };
        check(
            Summary,
            SectionKind::Summary,
            &[("2023年工作总结", true)],
            2023,
        );
        check(
            Summary,
            SectionKind::Plan,
            &[("下一步工作打算", true)],
            2024,
        );
        check(Summary, SectionKind::Plan, &[("明年工作计划", true)], 2024);
        check(
            Summary,
            SectionKind::Plan,
            &[("2024年工作计划", true), ("2023年小麦大田托管", false)],
            2024,
        );
        check(
            Summary,
            SectionKind::Summary,
            &[("重点工作", false), ("2022年遗留问题", false)],
            2023,
        );
        check(Summary, SectionKind::Background, &[], 2023);
        check(
            Report,
            SectionKind::Summary,
            &[("过去五年工作回顾", true)],
            2022,
        );
        check(
            Report,
            SectionKind::Summary,
            &[("2018—2022年工作回顾", true)],
            2022,
        );
        check(
            Report,
            SectionKind::Plan,
            &[("今后五年的奋斗目标", true)],
            2023,
        );
        check(Report, SectionKind::Plan, &[("2023年工作安排", true)], 2023);
        check(
            Report,
            SectionKind::Summary,
            &[("“十三五”时期回顾", true)],
            2020,
        );
        check(
            Report,
            SectionKind::Summary,
            &[("2022年和今年以来工作回顾", true)],
            2022,
        );
        check(
            Report,
            SectionKind::Summary,
            &[("上海1927年起义", true)],
            2022,
        );
    }

    #[test]
    fn only_body_has_a_year() {
        let schema = Schema::embedded().unwrap();
        let frame = Frame::new(ReportKind::SummaryAndPlan, 2023, false, true);
        let year = |role, kind| section_year(&schema, frame, &[], role, kind, &[7]);
        assert_eq!(year(Role::Signature, SectionKind::Other), None);
        assert_eq!(
            year(Role::Body, SectionKind::Plan),
            Some(2023),
            "the second half of the year"
        );
    }
}
