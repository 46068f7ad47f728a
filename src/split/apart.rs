//! What stands apart from the body: titles, session lines, salutations, signatures, dates, notes.

use super::chars::{ends_in_mark, is_short, squeeze};
use super::lines::Line;
use super::numbering::marker;
use super::shapes::Shape;
use super::titles::title_rule;
use crate::model::{Given, Role};
use crate::schema::{HeadingRules, Schema};

/// Lines that are title, salutation, signature … are no longer than this.
const MAX_APART: usize = 70;

/// A title without any word that names a report is no longer than this.
const MAX_FREE_TITLE: usize = 40;

/// A signature is no longer than this.
const MAX_SIGNATURE: usize = 30;

/// A title stands among so many first lines.
const LATE_TITLE: usize = 6;

/// Marks what stands before the body: titles, session lines, salutation. Returns where it begins.
pub(super) fn head(
    lines: &[&Line<'_>],
    shapes: &mut [Shape],
    given: &Given,
    schema: &Schema,
) -> usize {
    let mut head = Head {
        rules: &schema.headings,
        stated: given
            .title
            .as_deref()
            .map(|title| squeeze(title).into_owned()),
        titled: false,
        title_level: None,
        spoken: false,
    };
    let late_title = late_title(lines, schema);
    let title_lines = match given.title {
        None => title_lines(lines, schema),
        Some(_) => 0,
    };
    for (index, line) in lines.iter().enumerate() {
        let shape = if index < late_title {
            Shape::Apart(Role::Byline)
        } else if index < title_lines {
            head.titled = true;
            Shape::Title
        } else {
            match head.shape(line, index == 0, index + 1 == lines.len()) {
                Shape::Body => return index,
                shape => shape,
            }
        };
        shapes[index] = shape;
        if shape == Shape::Apart(Role::Salutation) {
            return index + 1;
        }
    }
    lines.len()
}

/// What is known on the way from the first line to the body.
struct Head<'r> {
    rules: &'r HeadingRules,
    /// The title that the source states, without white space.
    stated: Option<String>,
    /// Whether a title has been seen.
    titled: bool,
    /// Hashes of the last title line.
    title_level: Option<u8>,
    /// Whether a session line or a speaker has been seen.
    spoken: bool,
}

impl Head<'_> {
    /// Returns what the next line is; [`Shape::Body`] where the head is over.
    fn shape(&mut self, line: &Line<'_>, first: bool, last: bool) -> Shape {
        if line.footnote {
            return Shape::Apart(Role::Note);
        }
        if !is_short(&line.text, MAX_APART) || line.row {
            return Shape::Body;
        }
        let rules = self.rules;
        let text = squeeze(&line.text);
        let numbered = marker(&text, &rules.numbering).is_some();
        if rules.role(Role::Salutation, &text) {
            return Shape::Apart(Role::Salutation);
        }
        let byline = !numbered && rules.role(Role::Byline, &text);
        // 在第一次会议上的报告 names the session, not the report.
        let session = text.starts_with(['—', '─', '－']) || text.contains("会议上");
        if byline && session && !text.starts_with("政府") {
            self.spoken = true;
            return Shape::Apart(Role::Byline);
        }
        // Behind a title, 2023年工作总结 is the name of a part.
        let part = rules.unnumbered(&text) && (self.titled || self.stated.is_some());
        let repeats = self.stated.as_deref() == Some(&*text);
        if repeats || (!part && title_rule(line, rules).is_some()) {
            self.titled = true;
            self.title_level = Some(line.hashes);
            return Shape::Title;
        }
        if rules.role(Role::Date, &text) {
            return Shape::Apart(Role::Date);
        }
        if byline {
            self.spoken = true;
            return Shape::Apart(Role::Byline);
        }
        if numbered
            || part
            || last
            || ends_in_mark(&text)
            || text.contains(['。', '；'])
            || !is_short(&text, MAX_FREE_TITLE)
        {
            return Shape::Body;
        }
        // What is set below the title is the first heading.
        let below = self.title_level.is_some_and(|title| line.hashes > title);
        let set_off = line.is_bold() || line.hashes > 0 || (self.stated.is_none() && first);
        if set_off && !below && !self.spoken {
            if line.hashes > 0 {
                self.title_level = Some(line.hashes);
            }
            return Shape::Title;
        }
        // The author's name may stand alone, in bold or not.
        let signed = self.titled && rules.role(Role::Signature, &text);
        let named = self.spoken && is_short(&text, 12);
        match signed || named {
            true => Shape::Apart(Role::Byline),
            false => Shape::Body,
        }
    }
}

/// Returns how many first lines are a title broken into lines: short ones before a session line or a
/// salutation, one of which names the report.
fn title_lines(lines: &[&Line<'_>], schema: &Schema) -> usize {
    let rules = &schema.headings;
    let mut named = false;
    for (index, line) in lines.iter().take(LATE_TITLE).enumerate() {
        let text = squeeze(&line.text);
        if rules.role(Role::Byline, &text) || rules.role(Role::Salutation, &text) {
            return if named { index } else { 0 };
        }
        if !is_short(&text, MAX_FREE_TITLE)
            || ends_in_mark(&text)
            || marker(&text, &rules.numbering).is_some()
            || rules.role(Role::Date, &text)
        {
            return 0;
        }
        named |= title_rule(line, rules).is_some();
    }
    0
}

/// Returns the index of a title behind a caption or an editor's remark; 0 for none.
fn late_title(lines: &[&Line<'_>], schema: &Schema) -> usize {
    let opens =
        |line: &&Line<'_>| title_rule(line, &schema.headings).is_some_and(|rule| rule.opens);
    match lines.first() {
        Some(first) if !is_short(&first.text, MAX_APART) || ends_in_mark(&first.text) => lines
            .iter()
            .take(LATE_TITLE)
            .position(opens)
            .filter(|title| {
                // What is numbered or addressed to somebody is the report's own.
                lines[..*title].iter().all(|line| {
                    marker(&line.text, &schema.headings.numbering).is_none()
                        && !schema.headings.role(Role::Salutation, &squeeze(&line.text))
                })
            })
            .unwrap_or(0),
        _ => 0,
    }
}

/// Marks what stands apart behind the body: salutations, dates with their signatures, notes.
pub(super) fn tail(lines: &[&Line<'_>], shapes: &mut [Shape], body: usize, schema: &Schema) {
    let rules = &schema.headings;
    for index in (body..lines.len()).rev() {
        let line = lines[index];
        if line.footnote {
            shapes[index] = Shape::Apart(Role::Note);
            continue;
        }
        // Notes are as long as they like, but they say so at their start.
        if line
            .text
            .starts_with(['注', '〔', '（', '(', '[', '【', '说', '编'])
            && is_note(&line.text, schema)
        {
            shapes[index] = Shape::Apart(Role::Note);
            continue;
        }
        if !is_short(&line.text, MAX_APART) {
            continue;
        }
        let text = squeeze(&line.text);
        let last = index + 1 == lines.len();
        let before_date = matches!(
            shapes.get(index + 1),
            Some(Shape::Apart(Role::Date | Role::Signature | Role::Note))
        );
        if rules.role(Role::Date, &text) {
            shapes[index] = Shape::Apart(Role::Date);
        } else if rules.role(Role::Salutation, &text) && text.starts_with(['各', '同', '尊', '代'])
        {
            shapes[index] = Shape::Apart(Role::Salutation);
        } else if (last || before_date)
            && !ends_in_mark(&text)
            && is_short(&text, MAX_SIGNATURE)
            && marker(&text, &rules.numbering).is_none()
            && (rules.role(Role::Signature, &text) || rules.role(Role::Byline, &text))
        {
            // （本文有删减） is the editor's word, not the author's name.
            let role = match text.starts_with(['（', '(']) {
                true => Role::Note,
                false => Role::Signature,
            };
            shapes[index] = Shape::Apart(role);
        }
    }
}

fn is_note(text: &str, schema: &Schema) -> bool {
    let start: String = text.chars().take(12).collect();
    schema.headings.role(Role::Note, &start)
}
