//! The lines of one report → title, headings, passages.

use super::chars::{any_pair, is_short, squeeze};
use super::headings::{Heading, Style};
use super::kinds::Kinds;
use super::lines::{Cut, Line};
use super::numbering::marker;
use super::paragraphs::pieces;
use super::shapes::{Shape, Shapes};
use super::tree::{Outermost, Tree};
use super::{Block, BlockKind, ReportDraft};
use crate::model::{Given, Role, SectionKind};
use crate::schema::{Numbering, Schema};

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
        numbering: &schema.headings.numbering,
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
    numbering: &'d [Numbering],
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
                    if let Some(marker) = marker(&line.text, self.numbering) {
                        let open = self.tree.item(marker);
                        self.open.truncate(open);
                    }
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
        let passage = matches!(kind, BlockKind::Passage { .. });
        self.blocks.push(Block {
            kind,
            line: line.number,
            bytes: line.place(start..start + text.len(), self.cuts),
            text: if passage {
                without_layout(text)
            } else {
                text.to_owned()
            },
        });
    }
}

/// Returns a paragraph without the lone blanks that its layout left between two Han characters
/// (`把 握`): a reader who copies the sentence wants none, and every scan of the text then agrees
/// with a search, which passes over them. Wider gaps are meant.
fn without_layout(text: &str) -> String {
    // A blank, U+00A0 (C2 A0), U+3000 (E3 80 80): most paragraphs have none.
    let may_be_blank = |byte, next| {
        (byte == b' ') | (byte == 0xc2) & (next == 0xa0) | (byte == 0x80) & (next == 0x80)
    };
    if !any_pair(text.as_bytes(), may_be_blank) {
        return text.to_owned();
    }
    let is_han = |character: char| ('\u{4e00}'..='\u{9fff}').contains(&character);
    let mut kept = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut last = '\0';
    while let Some(character) = chars.next() {
        let blank = matches!(character, ' ' | '\u{a0}' | '\u{3000}');
        if !(blank && is_han(last) && chars.peek().is_some_and(|&next| is_han(next))) {
            kept.push(character);
        }
        last = character;
    }
    kept
}
