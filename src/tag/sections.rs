//! The year that a section speaks of.

use std::collections::HashMap;

use super::dates::{dates, number};
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

/// What a heading says of years.
#[derive(Debug, Default, PartialEq)]
struct Spoken {
    /// Years written out, ascending.
    years: Vec<i32>,
    /// First and last years of the five-year plans named in quotes.
    five_years: Vec<(i32, i32)>,
    /// 今年, 明年, 去年.
    word: Option<Word>,
    /// Whether the heading says neither that it reviews nor that it plans: 2016年主要工作.
    neutral: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Next,
    Last,
    This,
}

/// The years of a report's sections.
#[derive(Debug)]
pub(super) struct SectionYears {
    frame: Frame,
    /// By index of the heading's block; only headings that speak of a year.
    spoken: HashMap<usize, Spoken>,
}

impl SectionYears {
    /// Reads the headings of a report.
    ///
    /// Only a heading of the first depth, or one that names a kind outright, speaks of a year:
    /// `2023年小麦大田托管` under a plan for 2024 is about wheat.
    pub(super) fn new(schema: &Schema, frame: Frame, blocks: &[Block]) -> Self {
        let spoken = blocks.iter().enumerate().filter_map(|(index, block)| {
            let BlockKind::Heading { depth, kind, .. } = &block.kind else {
                return None;
            };
            let spoken = (*depth == 1 || kind.is_some()).then(|| spoken(schema, &block.text))?;
            let says =
                spoken.word.is_some() || !spoken.years.is_empty() || !spoken.five_years.is_empty();
            says.then_some((index, spoken))
        });
        SectionYears {
            frame,
            spoken: spoken.collect(),
        }
    }

    /// Returns the year of a passage from its role and kind and the indexes of the headings above
    /// it.
    pub(super) fn year(&self, role: Role, kind: SectionKind, path: &[usize]) -> Option<i32> {
        if role != Role::Body {
            return None;
        }
        let plan = matches!(kind, SectionKind::Plan | SectionKind::Proposal);
        // The innermost heading that speaks of a year decides.
        let mut inside_out = path.iter().rev().filter_map(|index| self.spoken.get(index));
        let spoken = inside_out.find_map(|spoken| self.read(spoken, plan));
        Some(spoken.unwrap_or(if plan {
            self.frame.plan
        } else {
            self.frame.review
        }))
    }

    /// Returns the kind of a section, now that the years are known.
    ///
    /// 2016年主要工作 is a plan in the report of 2016 and a review in that of 2017; a five-year plan
    /// that is over is reviewed, one that begins is planned.
    pub(super) fn kind(&self, kind: SectionKind, path: &[usize]) -> SectionKind {
        if !matches!(kind, SectionKind::Summary | SectionKind::Plan) {
            return kind;
        }
        let mut spoken = path.iter().filter_map(|index| self.spoken.get(index));
        spoken
            .find_map(|spoken| self.kind_by_year(spoken))
            .unwrap_or(kind)
    }

    fn kind_by_year(&self, spoken: &Spoken) -> Option<SectionKind> {
        match (&spoken.years[..], &spoken.five_years[..], spoken.word) {
            ([year], ..) if spoken.neutral && *year == self.frame.plan => Some(SectionKind::Plan),
            ([year], ..) if spoken.neutral && *year == self.frame.review => {
                Some(SectionKind::Summary)
            }
            ([], [(_, last)], _) if *last < self.frame.plan => Some(SectionKind::Summary),
            ([], [(first, _)], _) if *first >= self.frame.plan => Some(SectionKind::Plan),
            ([], [], Some(Word::Next)) if spoken.neutral => Some(SectionKind::Plan),
            _ => None,
        }
    }

    /// Returns the year of which a heading speaks, in a plan or a review.
    fn read(&self, spoken: &Spoken, plan: bool) -> Option<i32> {
        let usual = if plan {
            self.frame.plan
        } else {
            self.frame.review
        };
        let near = |year: &i32| (year - self.frame.report).abs() <= REACH;
        let years = || spoken.years.iter().copied().filter(near);
        // Of several years a review carries the last, a plan the first.
        let written = match plan {
            true => years().next(),
            false => years().next_back(),
        };
        let written = years().find(|year| *year == usual).or(written);
        written
            .or_else(|| {
                let plans = spoken.five_years.iter();
                let years = plans.map(|(first, last)| usual.clamp(*first, *last));
                years.min_by_key(|year| (year - usual).abs()).filter(near)
            })
            .or_else(|| match spoken.word? {
                Word::Next => plan.then_some(self.frame.plan),
                Word::Last => Some(self.frame.review),
                Word::This if plan => Some(self.frame.plan),
                Word::This => Some(self.frame.report),
            })
    }
}

fn spoken(schema: &Schema, heading: &str) -> Spoken {
    let heading = fold(heading);
    let mut years: Vec<i32> = dates(&schema.cues, &heading)
        .map(|found| found.date.year)
        .collect();
    years.sort_unstable();
    let says = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    let word = if says(&["明年", "来年", "下一年", "新的一年", "今后"]) {
        Some(Word::Next)
    } else if says(&["去年", "上年", "过去", "一年来"]) {
        Some(Word::Last)
    } else if says(&["今年"]) {
        Some(Word::This)
    } else {
        None
    };
    Spoken {
        years,
        five_years: five_years(&heading).collect(),
        word,
        neutral: !schema.cues.review_words.is_match(&heading)
            && !schema.cues.plan_words.is_match(&heading),
    }
}

/// Returns first and last year of the five-year plans that a heading names in quotes: “十四五”.
fn five_years(heading: &str) -> impl Iterator<Item = (i32, i32)> {
    let quoted = heading.split(['“', '"', '「']).skip(1);
    let names = quoted.filter_map(|rest| rest.split(['”', '"', '」']).next());
    names.filter_map(|name| {
        let count = i32::try_from(number(name.strip_suffix('五')?)?).ok()?;
        let last = 1955 + 5 * count;
        (3..=20).contains(&count).then_some((last - 4, last))
    })
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
                let year = SectionYears::new(&schema, frame, &blocks).year(Role::Body, kind, &path);
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
            SectionKind::Plan,
            &[("“十三五”时期成就和“十四五”时期目标", true)],
            2023,
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
    fn a_year_tells_the_kind() {
        let schema = Schema::embedded().unwrap();
        let check = |text: &str, kind: SectionKind, wanted: SectionKind| {
            let frame = Frame::new(ReportKind::GovernmentWorkReport, 2016, false, false);
            let sections = SectionYears::new(&schema, frame, &[heading(text, 1, None)]);
            assert_eq!(sections.kind(kind, &[0]), wanted, "{text}");
        };
        check("2016年主要工作", SectionKind::Summary, SectionKind::Plan);
        check("关于2015年工作", SectionKind::Plan, SectionKind::Summary);
        check("2016年主要工作", SectionKind::Problem, SectionKind::Problem);
        check("2016年工作回顾", SectionKind::Summary, SectionKind::Summary);
        check(
            "“十二五”目标全面实现",
            SectionKind::Plan,
            SectionKind::Summary,
        );
        check(
            "“十三五”时期的基本任务",
            SectionKind::Summary,
            SectionKind::Plan,
        );
        check(
            "“十二五”和2015年主要工作",
            SectionKind::Summary,
            SectionKind::Summary,
        );
    }

    #[test]
    fn only_body_has_a_year() {
        let schema = Schema::embedded().unwrap();
        let frame = Frame::new(ReportKind::SummaryAndPlan, 2023, false, true);
        let years = SectionYears::new(&schema, frame, &[]);
        let year = |role, kind| years.year(role, kind, &[7]);
        assert_eq!(year(Role::Signature, SectionKind::Other), None);
        assert_eq!(
            year(Role::Body, SectionKind::Plan),
            Some(2023),
            "the second half of the year"
        );
    }
}
