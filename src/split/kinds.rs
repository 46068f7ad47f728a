//! Headings → the kind of their sections.

use super::chars::{is_short, squeeze};
use super::numbering::han_digit;
use crate::model::SectionKind;
use crate::schema::SectionRules;

/// Below the main parts, only a heading as short as this can name a kind.
const MAX_OUTRIGHT: usize = 20;

/// What a report's title says about its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// 政府工作报告: review, then plan.
    Government,
    /// 工作总结, with or without a plan.
    Summary,
    /// 工作计划, 工作要点.
    Plan,
    /// Nothing.
    Unknown,
}

impl Family {
    /// Reads a title, without white space.
    fn of(title: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| title.contains(word));
        if has(&["政府工作报告", "政府工作的报告"])
            || (title.contains("人民政府") && title.ends_with("工作报告"))
        {
            Family::Government
        } else if has(&["总结", "汇报", "述职", "工作情况", "报告"]) {
            Family::Summary
        } else if has(&["计划", "要点", "安排", "打算", "思路", "方案"]) {
            Family::Plan
        } else {
            Family::Unknown
        }
    }
}

/// Follows the kinds from main part to main part.
#[derive(Debug)]
pub(super) struct Kinds<'r> {
    rules: &'r SectionRules,
    family: Family,
    /// Kind of the main part that is open; `None` before the first.
    main: Option<SectionKind>,
    /// Whether a part called itself a review.
    reviewed: bool,
    /// Whether a plan was opened.
    planned: bool,
    /// The year that the report reviews.
    review_year: Option<i32>,
    /// Whether the report has so few main parts that only the first can be its review.
    few_parts: bool,
}

/// A 政府工作报告 of at most so many parts reviews in the first and plans in the others.
const FEW_PARTS: usize = 5;

impl<'r> Kinds<'r> {
    /// Starts with a report's title, without white space, and the number of its main
    /// parts; `congress` says that it addresses a people's congress.
    pub(super) fn new(rules: &'r SectionRules, title: &str, parts: usize, congress: bool) -> Self {
        let family = match Family::of(title) {
            Family::Unknown | Family::Summary if congress => Family::Government,
            family => family,
        };
        let year = years(title).next();
        Kinds {
            rules,
            family,
            main: None,
            reviewed: false,
            planned: false,
            review_year: match family {
                // A 政府工作报告 is known by the year that it plans.
                Family::Government => year.map(|year| year - 1),
                Family::Summary => year,
                Family::Plan | Family::Unknown => None,
            },
            few_parts: (2..=FEW_PARTS).contains(&parts),
        }
    }

    /// Returns whether a heading opens a glossary or an appendix.
    pub(super) fn is_appendix(&self, heading: &str) -> bool {
        self.rules.outright(&squeeze(heading)) == Some(SectionKind::Other)
    }

    /// Returns the kind that a heading below the main parts names, if any.
    pub(super) fn named_below(&self, heading: &str) -> Option<SectionKind> {
        let heading = squeeze(heading);
        match is_short(&heading, MAX_OUTRIGHT) {
            true => self.rules.outright(&heading),
            false => None,
        }
    }

    /// Opens a main part; returns the kind that its heading names and the kind that it has.
    ///
    /// A part that names none goes on with what came before: the parts of a summary are summary,
    /// and behind the review of a 政府工作报告 come the parts of its plan. `restarts` says that the
    /// numbering begins anew.
    pub(super) fn main_part(
        &mut self,
        heading: &str,
        restarts: bool,
    ) -> (Option<SectionKind>, SectionKind) {
        let heading = squeeze(heading);
        let outright = self.rules.outright(&heading);
        let later = match (years(&heading).max(), self.review_year) {
            (Some(year), Some(reviewed)) => year > reviewed,
            _ => false,
        };
        // 2020年主要工作 is a plan behind the review of 2019, whatever else the words may mean.
        let named = match outright {
            None if later => Some(SectionKind::Plan),
            None => self.rules.main(&heading),
            named => named,
        };
        let kind = named.unwrap_or_else(|| self.unnamed(restarts));
        let earlier = match (years(&heading).max(), self.review_year) {
            (Some(year), Some(reviewed)) => year <= reviewed,
            _ => false,
        };
        if outright == Some(SectionKind::Summary) || (earlier && kind == SectionKind::Summary) {
            self.reviewed = true;
            self.review_year = self.review_year.or(years(&heading).next());
        }
        self.planned |= kind == SectionKind::Plan;
        self.main = Some(kind);
        (named, kind)
    }

    fn unnamed(&self, restarts: bool) -> SectionKind {
        match (self.planned, self.main, self.family) {
            (_, Some(SectionKind::Other), _) => SectionKind::Other,
            (true, _, _) | (_, _, Family::Plan) => SectionKind::Plan,
            (_, Some(_), Family::Government) if self.reviewed || restarts || self.few_parts => {
                SectionKind::Plan
            }
            (_, _, Family::Government | Family::Summary) => SectionKind::Summary,
            (_, Some(kind), Family::Unknown) => kind,
            (_, None, Family::Unknown) => SectionKind::Other,
        }
    }

    /// Returns the kind of text before the first heading; `headings` says whether there are any.
    pub(super) fn before_headings(&self, headings: bool) -> SectionKind {
        match (headings, self.family) {
            (true, _) => SectionKind::Background,
            (false, Family::Summary) => SectionKind::Summary,
            (false, Family::Plan) => SectionKind::Plan,
            (false, _) => SectionKind::Other,
        }
    }
}

/// Returns the years that a text names: 2023年, ２０２３年, 二〇二三年.
fn years(text: &str) -> impl Iterator<Item = i32> + '_ {
    text.match_indices('年').filter_map(|(place, _)| {
        let mut year = 0;
        let mut factor = 1;
        let mut digits = text[..place].chars().rev().map(digit);
        for _ in 0..4 {
            year += digits.next()?? * factor;
            factor *= 10;
        }
        (1900..2100).contains(&year).then_some(year)
    })
}

fn digit(c: char) -> Option<i32> {
    let value = match c {
        '0'..='9' => c as u32 - '0' as u32,
        '０'..='９' => c as u32 - '０' as u32,
        '〇' | '○' | '零' => 0,
        c => han_digit(c).filter(|value| *value < 10)?,
    };
    i32::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    #[test]
    fn years_are_read_in_all_digits() {
        let found: Vec<i32> =
            years("2023年和２０２４年、二〇二五年、一九八八年，五年、12345年").collect();
        assert_eq!(found, [2023, 2024, 2025, 1988]);
    }

    #[test]
    fn unnamed_parts_follow_the_review_or_the_family() {
        use SectionKind::{Plan, Problem, Summary};
        let schema = Schema::embedded().expect("schema");
        let check = |title: &str, parts: &[(&str, SectionKind)]| {
            let mut kinds = Kinds::new(&schema.sections, title, parts.len(), false);
            for (index, (heading, kind)) in parts.iter().enumerate() {
                assert_eq!(kinds.main_part(heading, index == 0).1, *kind, "{heading}");
            }
        };
        check(
            "政府工作报告",
            &[
                ("2019年工作回顾", Summary),
                ("2020年主要工作", Plan),
                ("加快发展现代农业", Plan),
            ],
        );
        check(
            "县卫健委2023年工作总结和2024年工作计划",
            &[
                ("高度重视，明确工作任务", Summary),
                ("民生工程建设不断推进", Summary),
                ("存在的困难及问题", Problem),
                ("2024年工作安排", Plan),
                ("加强组织领导", Plan),
            ],
        );
        check("XX局2024年工作要点", &[("加强党的建设", Plan)]);
    }
}
