//! Where reports begin: titles, records of one report a line.

use super::chars::{ends_in_mark, is_short, squeeze};
use super::lines::Line;
use super::numbering::marker;
use crate::model::Role;
use crate::schema::{HeadingRules, TitleRule};

/// Titles are no longer than this.
const MAX_TITLE: usize = 70;

/// The lines of one report: indexes into all lines; those in between that are noise are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Its lines.
    pub(super) lines: Vec<usize>,
    /// The record's name.
    pub(super) label: Option<String>,
}

/// Returns the title rule that a line follows.
pub(super) fn title_rule<'r>(line: &Line<'_>, rules: &'r HeadingRules) -> Option<&'r TitleRule> {
    if !is_short(&line.text, MAX_TITLE)
        || ends_in_mark(&line.text)
        || line.row
        || marker(&line.text, &rules.numbering).is_some()
    {
        return None;
    }
    rules.title(&squeeze(&line.text))
}

/// Cuts the lines that are no noise into reports.
///
/// `single` says that the source is one report by its nature (a JSONL record).
pub(super) fn parts(
    lines: &[Line<'_>],
    keep: impl Fn(usize) -> bool,
    single: bool,
    rules: &HeadingRules,
) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut label = None;
    let mut opens_record = false;
    let mut state = State::default();
    // Where every line is a record, no title within one opens another.
    let single = single || lines.iter().any(|line| line.opens);
    for (index, line) in lines.iter().enumerate() {
        if line.label {
            label = Some(line.text.trim().to_owned());
            opens_record = true;
            continue;
        }
        opens_record |= line.opens;
        if !keep(index) {
            continue;
        }
        let opens = match parts.is_empty() || opens_record {
            true => true,
            false => !single && state.opens(line, rules),
        };
        if opens {
            parts.push(Part {
                lines: Vec::new(),
                label: label.take(),
            });
            state = State::default();
            opens_record = false;
        }
        state.add(line, rules);
        if let Some(part) = parts.last_mut() {
            part.lines.push(index);
        }
    }
    parts
}

/// What is known of the report that is being read.
#[derive(Debug, Default)]
struct State {
    /// Text of its titles, without white space.
    titles: Vec<String>,
    /// Whether body text or a heading has been seen.
    body: bool,
    /// Whether the last line was a date or a signature.
    closed: bool,
}

impl State {
    /// Returns whether a line opens the next report.
    fn opens(&self, line: &Line<'_>, rules: &HeadingRules) -> bool {
        // Two titles in a row belong to one report, and so do a title and its session line.
        if !self.body {
            return false;
        }
        let Some(rule) = title_rule(line, rules) else {
            return false;
        };
        // 《政府工作报告》 alone heads a glossary of the report above.
        if line.text.starts_with('《') {
            return false;
        }
        let repeated = self
            .titles
            .iter()
            .any(|title| *title == *squeeze(&line.text));
        (rule.opens && !repeated) || (self.closed && !rules.unnumbered(&squeeze(&line.text)))
    }

    fn add(&mut self, line: &Line<'_>, rules: &HeadingRules) {
        self.closed = false;
        if !is_short(&line.text, MAX_TITLE) {
            self.body = true;
            return;
        }
        let text = squeeze(&line.text);
        if rules.role(Role::Date, &text) {
            self.closed = self.body;
        } else if title_rule(line, rules).is_some() {
            self.titles.push(text.into_owned());
        } else if ends_in_mark(&text) || marker(&text, &rules.numbering).is_some() {
            self.body |= !rules.role(Role::Salutation, &text);
        }
    }
}
