//! Headings → the kind of their sections.

use super::chars::{is_short, squeeze};
use crate::model::SectionKind;
use crate::schema::SectionRules;

/// Below the main parts, only a heading as short as this can name a kind.
const MAX_OUTRIGHT: usize = 20;

/// What a report's title says about its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
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
    pub(super) fn of(title: &str) -> Self {
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

/// Follows the kinds from heading to heading.
#[derive(Debug)]
pub(super) struct Kinds<'r> {
    rules: &'r SectionRules,
    family: Family,
    /// Kind of the main part that is open; `None` before the first.
    main: Option<SectionKind>,
    /// Whether a plan was opened.
    planned: bool,
}

impl<'r> Kinds<'r> {
    pub(super) fn new(rules: &'r SectionRules, family: Family) -> Self {
        Kinds {
            rules,
            family,
            main: None,
            planned: false,
        }
    }

    /// Returns the kind that a heading names, if any.
    pub(super) fn named(&self, heading: &str, depth: u8) -> Option<SectionKind> {
        let heading = squeeze(heading);
        match depth {
            1 => self.rules.main(&heading),
            _ if is_short(&heading, MAX_OUTRIGHT) => self.rules.outright(&heading),
            _ => None,
        }
    }

    /// Opens a main part and returns its kind.
    ///
    /// A part that names none goes on with what came before: the parts of a summary are summary,
    /// and behind the review of a 政府工作报告 come the parts of its plan.
    pub(super) fn open_main(&mut self, named: Option<SectionKind>) -> SectionKind {
        let kind = named.unwrap_or_else(|| self.unnamed());
        self.planned |= kind == SectionKind::Plan;
        self.main = Some(kind);
        kind
    }

    fn unnamed(&self) -> SectionKind {
        match (self.planned, self.main, self.family) {
            (true, _, _) | (_, _, Family::Plan) => SectionKind::Plan,
            (_, Some(SectionKind::Summary | SectionKind::Problem), Family::Government) => {
                SectionKind::Plan
            }
            (_, Some(SectionKind::Other), _) => SectionKind::Other,
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
