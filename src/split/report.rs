//! The lines of one report → title, headings, passages.

use super::chars::{ends_in_mark, is_short, squeeze};
use super::headings::{Heading, Numbered, Style, heading};
use super::kinds::Kinds;
use super::lines::{Cut, Line};
use super::numbering::marker;
use super::paragraphs::pieces;
use super::titles::title_rule;
use super::tree::{Outermost, Tree};
use super::{Block, BlockKind, ReportDraft};
use crate::model::{Given, Role, SectionKind};
use crate::schema::Schema;

/// Lines that are title, salutation, signature … are no longer than this.
const MAX_APART: usize = 70;

/// A title without any word that names a report is no longer than this.
const MAX_FREE_TITLE: usize = 40;

/// A title stands among so many first lines.
const LATE_TITLE: usize = 6;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Title,
    Apart(Role),
    Heading(Heading),
    Body,
}

/// Drafts the report that stands in `lines`.
pub(super) fn draft(
    lines: &[&Line<'_>],
    label: Option<String>,
    given: &Given,
    cuts: &[Cut<'_>],
    schema: &Schema,
) -> ReportDraft {
    let shapes = Shapes::of(lines, given, schema);
    let titles: Vec<&str> = lines
        .iter()
        .zip(&shapes.shapes)
        .filter(|(_, shape)| **shape == Shape::Title)
        .map(|(line, _)| &*line.text)
        .collect();
    let title = title(&titles, given, schema);
    Drafter {
        lines,
        cuts,
        shapes: &shapes,
        tree: Tree::default(),
        kinds: Kinds::new(
            &schema.sections,
            &squeeze(&title),
            shapes.main_parts,
            addresses_congress(lines),
        ),
        open: Vec::new(),
        blocks: Vec::new(),
    }
    .run(title, label)
}

/// Returns whether a line addresses the delegates, as only a 政府工作报告 does.
fn addresses_congress(lines: &[&Line<'_>]) -> bool {
    lines
        .iter()
        .any(|line| line.text.starts_with("各位代表") && is_short(&line.text, 20))
}

/// Returns the report's title: as it stands in the text, or as the source states it where the text
/// has none, or only one that the stated one repeats with more beside it.
fn title(titles: &[&str], given: &Given, schema: &Schema) -> String {
    let written = titles.join(" ");
    let Some(stated) = &given.title else {
        return written;
    };
    let squeezed = squeeze(&written);
    let names_report = titles
        .iter()
        .any(|line| schema.headings.title(&squeeze(line)).is_some());
    match written.is_empty() || !names_report || squeeze(stated).contains(&*squeezed) {
        true => stated.clone(),
        false => written,
    }
}

/// What every line of a report is.
struct Shapes {
    shapes: Vec<Shape>,
    /// For each line, whether the list of its outermost number goes on behind it: the next number of
    /// the report's outermost style.
    next_outermost: Vec<Option<u32>>,
    outermost: Option<usize>,
    /// Number of headings of the outermost style.
    main_parts: usize,
}

impl Shapes {
    fn of(lines: &[&Line<'_>], given: &Given, schema: &Schema) -> Self {
        let rules = &schema.headings;
        let markers: Vec<_> = lines
            .iter()
            .map(|line| marker(&line.text, &rules.numbering))
            .collect();
        let mut shapes = vec![Shape::Body; lines.len()];
        let body = head(lines, &mut shapes, given, schema);
        tail(lines, &mut shapes, body, schema);
        let numbered = |index: usize, shapes: &[Shape]| {
            lines.get(index).map(|line| Numbered {
                line,
                marker: markers[index].filter(|_| !matches!(shapes[index], Shape::Apart(_))),
                apart: matches!(shapes[index], Shape::Title | Shape::Apart(_)),
            })
        };
        let mut after_item = false;
        for index in body..lines.len() {
            if shapes[index] != Shape::Body {
                after_item = false;
                continue;
            }
            let Some(current) = numbered(index, &shapes) else {
                continue;
            };
            let before = index
                .checked_sub(1)
                .and_then(|index| numbered(index, &shapes));
            let after = numbered(index + 1, &shapes);
            let found = heading(current, before, after, after_item, rules);
            after_item = found.is_none() && current.marker.is_some();
            if let Some(found) = found {
                shapes[index] = Shape::Heading(found);
            }
        }
        let outermost = shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Heading(heading) => heading.marker,
                _ => None,
            })
            .min_by_key(|marker| marker.rank)
            .map(|marker| marker.style);
        let (mut next, mut main_parts) = (None, 0);
        let mut next_outermost = vec![None; lines.len()];
        for index in (0..lines.len()).rev() {
            next_outermost[index] = next;
            if let Shape::Heading(Heading {
                marker: Some(marker),
                ..
            }) = shapes[index]
                && Some(marker.style) == outermost
            {
                next = Some(marker.value);
                main_parts += 1;
            }
        }
        Shapes {
            shapes,
            next_outermost,
            outermost,
            main_parts,
        }
    }
}

/// Marks what stands before the body: titles, session lines, salutation. Returns where it begins.
fn head(lines: &[&Line<'_>], shapes: &mut [Shape], given: &Given, schema: &Schema) -> usize {
    let rules = &schema.headings;
    let stated = given.title.as_deref().map(squeeze);
    // Whether a title, and whether a session line or a speaker, has been seen.
    let (mut titled, mut spoken) = (false, false);
    let late_title = late_title(lines, schema);
    let title_lines = match stated.is_none() {
        true => title_lines(lines, schema),
        false => 0,
    };
    for (index, line) in lines.iter().enumerate() {
        if line.footnote {
            shapes[index] = Shape::Apart(Role::Note);
            continue;
        }
        if index < late_title {
            shapes[index] = Shape::Apart(Role::Byline);
            continue;
        }
        if index < title_lines {
            titled = true;
            shapes[index] = Shape::Title;
            continue;
        }
        if !is_short(&line.text, MAX_APART) {
            return index;
        }
        let text = squeeze(&line.text);
        let numbered = marker(&text, &rules.numbering).is_some();
        let repeats = stated.as_deref() == Some(&*text);
        if rules.role(Role::Salutation, &text) {
            shapes[index] = Shape::Apart(Role::Salutation);
            return index + 1;
        }
        let rule = title_rule(line, rules);
        let part = rules.unnumbered(&text) && (titled || stated.is_some());
        // 在第一次会议上的报告 names the session, not the report.
        let session = text.starts_with(['—', '─', '－']) || text.contains("会议上");
        let session = session && rules.role(Role::Byline, &text) && !text.starts_with("政府");
        shapes[index] = if session {
            spoken = true;
            Shape::Apart(Role::Byline)
        } else if repeats || (rule.is_some() && !part) {
            titled = true;
            Shape::Title
        } else if rules.role(Role::Date, &text) {
            Shape::Apart(Role::Date)
        } else if rules.role(Role::Byline, &text) && !numbered {
            spoken = true;
            Shape::Apart(Role::Byline)
        } else if numbered
            || part
            || ends_in_mark(&text)
            || text.contains(['。', '；'])
            || !is_short(&text, MAX_FREE_TITLE)
            || index + 1 == lines.len()
        {
            return index;
        } else if !spoken && (line.is_bold() || line.hashes > 0 || (stated.is_none() && index == 0))
        {
            Shape::Title
        } else if (titled && rules.role(Role::Signature, &text)) || (spoken && is_short(&text, 12))
        {
            // The author's name stands alone, in bold or not.
            Shape::Apart(Role::Byline)
        } else {
            return index;
        };
    }
    lines.len()
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
fn tail(lines: &[&Line<'_>], shapes: &mut [Shape], body: usize, schema: &Schema) {
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
            Some(Shape::Apart(Role::Date | Role::Signature))
        );
        if rules.role(Role::Date, &text) {
            shapes[index] = Shape::Apart(Role::Date);
        } else if rules.role(Role::Salutation, &text) && text.starts_with(['各', '同', '尊', '代'])
        {
            shapes[index] = Shape::Apart(Role::Salutation);
        } else if (last || before_date)
            && !ends_in_mark(&text)
            && is_short(&text, 30)
            && marker(&text, &rules.numbering).is_none()
            && (rules.role(Role::Signature, &text) || rules.role(Role::Byline, &text))
        {
            shapes[index] = Shape::Apart(Role::Signature);
        }
    }
}

fn is_note(text: &str, schema: &Schema) -> bool {
    let start: String = text.chars().take(12).collect();
    schema.headings.role(Role::Note, &start)
}

fn is_glossary(heading: &str) -> bool {
    ["名词", "注释", "注解", "缩略语", "用语解释"]
        .iter()
        .any(|word| heading.contains(word))
}

/// Builds the blocks of a report in reading order.
struct Drafter<'d, 'a> {
    lines: &'d [&'d Line<'a>],
    cuts: &'d [Cut<'a>],
    shapes: &'d Shapes,
    tree: Tree,
    kinds: Kinds<'d>,
    /// Kinds of the open headings, outermost first.
    open: Vec<SectionKind>,
    blocks: Vec<Block>,
}

impl Drafter<'_, '_> {
    fn run(mut self, title: String, label: Option<String>) -> ReportDraft {
        let headings = self
            .shapes
            .shapes
            .iter()
            .any(|shape| matches!(shape, Shape::Heading(_)));
        for (index, line) in self.lines.iter().enumerate() {
            match self.shapes.shapes[index] {
                Shape::Title => self.push(line, 0..line.text.len(), BlockKind::Title),
                Shape::Apart(role) => self.passage(line, 0, role, SectionKind::Other, false),
                // The numbers of a glossary count its terms.
                Shape::Heading(Heading {
                    marker: Some(_), ..
                })
                | Shape::Body
                    if self.in_glossary() =>
                {
                    self.passage(line, 0, Role::Note, SectionKind::Other, true);
                }
                Shape::Heading(heading) => {
                    self.heading(index, line, &heading);
                    if heading.end < line.text.len() {
                        let kind = self.kind(headings);
                        self.passage(line, heading.end, Role::Body, kind, true);
                    }
                }
                Shape::Body => {
                    let kind = self.kind(headings);
                    self.passage(line, 0, Role::Body, kind, true);
                    self.tree.body();
                }
            }
        }
        ReportDraft {
            title,
            line: self.blocks.first().map_or(0, |block| block.line),
            label,
            blocks: self.blocks,
        }
    }

    /// Returns the kind of body text at this place.
    fn kind(&self, headings: bool) -> SectionKind {
        match self.open.last() {
            Some(kind) => *kind,
            None => self.kinds.before_headings(headings),
        }
    }

    /// Returns whether the open main part is a glossary.
    fn in_glossary(&self) -> bool {
        self.tree
            .outermost()
            .and_then(|open| self.blocks.get(open.block))
            .is_some_and(|block| is_glossary(&block.text))
    }

    fn heading(&mut self, index: usize, line: &Line<'_>, heading: &Heading) {
        let number = heading.marker.map_or(0, |marker| marker.length);
        let text = line.text[number..heading.text_end].trim();
        // A glossary ends the report's own tree, whatever was open.
        if heading.marker.is_none() && self.kinds.is_appendix(text) {
            self.tree.clear();
        }
        let continues = match self.tree.outermost() {
            Some(Outermost {
                style: Style::Numbered(style, _),
                value,
                ..
            }) => {
                Some(style) == self.shapes.outermost
                    && self.shapes.next_outermost[index] == Some(value + 1)
            }
            open => open.is_some(),
        };
        let run_in = heading.end < line.text.len();
        let (level, depth) = self
            .tree
            .place(heading, self.blocks.len(), run_in, continues);
        self.open.truncate(usize::from(depth) - 1);
        let (named, kind) = match self.open.last() {
            None => {
                let restarts = heading.marker.is_some_and(|marker| marker.value == 1);
                self.kinds.main_part(text, restarts)
            }
            Some(parent) => {
                let named = self.kinds.named_below(text);
                (named, named.unwrap_or(*parent))
            }
        };
        self.open.push(kind);
        let kind = BlockKind::Heading {
            level,
            depth,
            number: line.text[..number].trim().to_owned(),
            kind: named,
        };
        let text = text.to_owned();
        self.push(line, 0..heading.end, kind);
        if let Some(block) = self.blocks.last_mut() {
            block.text = text;
        }
    }

    fn passage(
        &mut self,
        line: &Line<'_>,
        from: usize,
        role: Role,
        kind: SectionKind,
        inside: bool,
    ) {
        let path = match inside {
            true => self.tree.path(),
            false => Vec::new(),
        };
        for piece in pieces(&line.text, from) {
            let kind = BlockKind::Passage {
                role,
                kind,
                path: path.clone(),
            };
            self.push(line, piece, kind);
        }
    }

    /// Adds a block for a range of the line's text, white space at its ends left out.
    fn push(&mut self, line: &Line<'_>, range: std::ops::Range<usize>, kind: BlockKind) {
        let text = &line.text[range.clone()];
        let start = range.start + text.len() - text.trim_start().len();
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.blocks.push(Block {
            kind,
            line: line.number,
            bytes: line.place(start..start + text.len(), self.cuts),
            text: text.to_owned(),
        });
    }
}
