//! A stretch of a document's characters → paragraphs: numbers written out, fields resolved, rows
//! of tables put into a line.

use std::iter::Peekable;
use std::ops::Range;
use std::vec::IntoIter;

use crate::error::Result;
use crate::read::Limits;
use crate::read::draft::Draft;
use crate::read::grid::{Cell, push_row};
use crate::read::transcript::Paragraph;

use super::fields::{Fields, Seen};
use super::lists::Counters;
use super::modifiers::ParagraphProperties;
use super::styles::Style;
use super::word::Document;

/// A note or text box with the position of the body that it belongs to.
#[derive(Debug)]
pub(super) struct Anchored {
    pub(super) position: u32,
    pub(super) is_note: bool,
    pub(super) paragraphs: Vec<Paragraph>,
}

/// Tables in tables; what is deeper is taken for as deep as this.
const MOST_DEPTH: usize = 8;

const CELL_END: u16 = 0x07;
const BREAK: u16 = 0x0c;
const PARAGRAPH_END: u16 = 0x0d;
/// What stands in the text where a symbol is shown, if it is no text itself.
const UNKNOWN_SYMBOL: u16 = 0x28;

/// How a stretch of characters looks.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    is_bold: bool,
    /// Neither deleted nor hidden.
    is_shown: bool,
    is_special: bool,
    is_style_separator: bool,
    symbol: Option<u16>,
}

/// What was read of a paragraph whose end has not come yet.
#[derive(Debug, Default)]
struct Open {
    draft: Draft,
    /// Characters that look alike and are not part of the draft yet.
    run: String,
    is_bold: bool,
    /// First half of a character beyond the basic plane.
    high: Option<u16>,
}

/// A row of a table whose end has not come yet.
#[derive(Debug, Default)]
struct Row {
    cells: Vec<Cell>,
    /// The cell whose end has not come yet.
    cell: Cell,
}

/// A walk through a stretch of characters.
pub(super) struct Walk<'w, 'd> {
    document: &'d Document<'d>,
    counters: &'w mut Counters<'d>,
    anchored: Peekable<IntoIter<Anchored>>,
    limits: &'w Limits,
    fields: Fields,
    open: Open,
    /// Rows that are not at their end, the innermost last.
    rows: Vec<Row>,
    paragraphs: Vec<Paragraph>,
    /// Bytes of all paragraphs.
    length: u64,
}

impl<'w, 'd> Walk<'w, 'd> {
    /// Prepares a walk; `anchored` is sorted by position.
    pub(super) fn new(
        document: &'d Document<'d>,
        counters: &'w mut Counters<'d>,
        anchored: Vec<Anchored>,
        limits: &'w Limits,
    ) -> Self {
        Walk {
            document,
            counters,
            anchored: anchored.into_iter().peekable(),
            limits,
            fields: Fields::default(),
            open: Open::default(),
            rows: Vec::new(),
            paragraphs: Vec::new(),
            length: 0,
        }
    }

    /// Returns the paragraphs of the stretch.
    pub(super) fn paragraphs(mut self, positions: Range<u32>) -> Result<Vec<Paragraph>> {
        let document = self.document;
        let units = document.pieces.units(positions.clone());
        self.fields = Fields::find(units, positions.clone());
        let mut start = positions.start;
        let mut rest = units;
        while !rest.is_empty() {
            let length = self.end_of_paragraph(start, rest).unwrap_or(rest.len());
            let (paragraph, others) = rest.split_at(length);
            self.paragraph(start, paragraph, others.is_empty())?;
            self.limits.check_size(self.length)?;
            start += length as u32;
            rest = others;
        }
        self.close_rows(0, 0);
        // Nothing refers to what is left.
        for anchored in self.anchored.by_ref() {
            self.open.aside(anchored);
        }
        let mut left = Vec::new();
        self.open.draft.finish_asides(&mut left);
        self.paragraphs.append(&mut left);
        Ok(self.paragraphs)
    }

    /// Returns how many characters there are up to the next mark, and with it.
    fn end_of_paragraph(&self, start: u32, units: &[u16]) -> Option<usize> {
        let is_end = |(position, unit): (u32, &u16)| match *unit {
            CELL_END | PARAGRAPH_END => true,
            // A page ends inside a paragraph, a section ends it.
            BREAK => self
                .document
                .sections
                .binary_search(&(position + 1))
                .is_ok(),
            _ => false,
        };
        Some((start..).zip(units).position(is_end)? + 1)
    }

    /// Reads the characters of a paragraph, its mark the last of them.
    fn paragraph(&mut self, start: u32, units: &[u16], is_last: bool) -> Result<()> {
        let Some((&mark, _)) = units.split_last() else {
            return Ok(());
        };
        let mut properties = self.properties(start + units.len() as u32 - 1);
        let style = self.document.styles.get(properties.style);
        let (mut look, mut look_end) = (Look::default(), start);
        let mut is_hidden = false;
        for (position, unit) in (start..).zip(units) {
            if position >= look_end {
                self.limits.check()?;
                (look, look_end) = self.look(position, &style);
            }
            is_hidden = !self.character(position, *unit, look);
        }
        // Without its mark the paragraph is one with the next. A heading with text behind it on
        // its line stays a paragraph of its own.
        if mark == PARAGRAPH_END && is_hidden && !look.is_style_separator && !is_last {
            return Ok(());
        }
        if mark == CELL_END && properties.depth == 0 {
            // Nothing says what the mark ends: an empty cell, then, ends a row.
            let row = self.rows.first();
            properties.depth = 1;
            properties.ends_row = self.open.is_blank() && row.is_some_and(Row::is_between);
        }
        self.finish(mark, &properties, &style);
        Ok(())
    }

    /// Reads a character; returns whether it is seen.
    fn character(&mut self, position: u32, unit: u16, look: Look) -> bool {
        let seen = self.fields.take(position, unit);
        while let Some(anchored) = self
            .anchored
            .next_if(|anchored| anchored.position <= position)
        {
            // A note goes with the reference to it.
            if look.is_shown {
                self.open.aside(anchored);
            }
        }
        if !look.is_shown {
            return false;
        }
        match seen {
            Seen::Hidden => return false,
            Seen::Text => match look.symbol {
                // A sign of a symbol font, at a place of that font's own.
                Some(0xf000..=0xf0ff) => {}
                Some(symbol) => self.open.unit(symbol, look.is_bold),
                None if look.is_special && unit == UNKNOWN_SYMBOL => {}
                None => self.open.unit(unit, look.is_bold),
            },
            Seen::Instead(text) => {
                text.chars()
                    .for_each(|character| self.open.character(character, look.is_bold));
            }
        }
        true
    }

    /// Returns what is set on the paragraph whose mark stands at a position.
    fn properties(&self, mark: u32) -> ParagraphProperties {
        let Some(place) = self.document.pieces.place(mark) else {
            return ParagraphProperties::default();
        };
        let (mut properties, _) = self.document.paragraphs.at(place.offset);
        self.document
            .pieces
            .changes(place.piece, &mut |modifier| properties.apply(modifier));
        properties
    }

    /// Returns how the characters from a position on look, and where they end to look so.
    fn look(&self, position: u32, style: &Style) -> (Look, u32) {
        let document = self.document;
        let Some(place) = document.pieces.place(position) else {
            let look = Look {
                is_shown: true,
                ..Look::default()
            };
            return (look, u32::MAX);
        };
        let (mut properties, end) = document.characters.at(place.offset);
        document
            .pieces
            .changes(place.piece, &mut |modifier| properties.apply(modifier));
        let own = properties
            .style
            .map(|style| document.styles.get(style))
            .unwrap_or_default();
        let is_hidden = properties.hidden.over(style.is_hidden || own.is_hidden);
        let look = Look {
            is_bold: properties.bold.over(style.is_bold || own.is_bold),
            is_shown: !is_hidden && !properties.is_deleted,
            is_special: properties.is_special,
            is_style_separator: properties.is_style_separator && !properties.is_deleted,
            symbol: properties.symbol,
        };
        let characters = (end - place.offset).div_ceil(place.width);
        let end = position.saturating_add(u32::try_from(characters).unwrap_or(u32::MAX));
        (look, end.min(place.end))
    }

    /// Ends the open paragraph.
    fn finish(&mut self, mark: u16, properties: &ParagraphProperties, style: &Style) {
        let mut draft = std::mem::take(&mut self.open).into_draft();
        let depth = (properties.depth as usize).min(MOST_DEPTH);
        self.close_rows(depth, 0);
        if properties.ends_row && depth > 0 {
            // The mark of a row has no text; what stands there all the same is not lost.
            if let Some(row) = self.rows.get_mut(depth - 1) {
                draft.finish(&mut row.cell.paragraphs);
            }
            return self.close_rows(depth - 1, properties.merged);
        }
        draft.level = match properties.outline.or(style.paragraph.outline) {
            Some(outline @ 0..=8) => outline + 1,
            _ => 0,
        };
        let list = properties.list.or(style.paragraph.list).unwrap_or(0);
        if list > 0 {
            let level = properties
                .level
                .or(style.paragraph.level)
                .or_else(|| self.document.linked_level(list, properties.style));
            draft.number = self.counters.next(list, level.unwrap_or(0));
        }
        draft.in_cell = depth > 0;
        self.rows.resize_with(depth, Row::default);
        let paragraphs = match self.rows.last_mut() {
            Some(row) => &mut row.cell.paragraphs,
            None => &mut self.paragraphs,
        };
        let before = paragraphs.len();
        draft.finish(paragraphs);
        let added = paragraphs.iter().skip(before);
        self.length += added.map(|added| added.text.len() as u64).sum::<u64>();
        if let Some(row) = self.rows.last_mut()
            && (mark == CELL_END || properties.ends_inner_cell)
        {
            row.end_cell();
        }
    }

    /// Ends the rows that are deeper than `depth`; the cells of `merged` are the rest of others.
    fn close_rows(&mut self, depth: usize, merged: u64) {
        while self.rows.len() > depth {
            let Some(mut row) = self.rows.pop() else {
                return;
            };
            if !row.cell.is_empty() {
                row.end_cell();
            }
            let mut index = 0;
            row.cells.retain(|cell| {
                let is_rest = merged.checked_shr(index).unwrap_or(0) & 1 != 0;
                index += 1;
                !is_rest || !cell.is_empty()
            });
            match self.rows.last_mut() {
                Some(outer) => {
                    outer.cell.nests = true;
                    push_row(row.cells, &mut outer.cell.paragraphs);
                }
                None => push_row(row.cells, &mut self.paragraphs),
            }
        }
    }
}

impl Row {
    fn end_cell(&mut self) {
        self.cells.push(std::mem::take(&mut self.cell));
    }

    /// Returns whether a cell has ended and the next has not begun.
    fn is_between(&self) -> bool {
        !self.cells.is_empty() && self.cell.paragraphs.is_empty()
    }
}

impl Open {
    /// Adds a code unit that is seen.
    fn unit(&mut self, unit: u16, is_bold: bool) {
        match unit {
            // Breaks of lines, pages and columns.
            0x0a | 0x0b | BREAK | 0x0e => return self.character('\n', is_bold),
            0x09 => return self.character('\t', is_bold),
            0x1e => return self.character('-', is_bold),
            // Marks, anchors of pictures and notes, hyphens that are not printed.
            0x00..=0x1f => return,
            _ => {}
        }
        let mut halves = [self.high.take(), Some(unit)];
        if let 0xd800..=0xdbff = unit {
            // What stood before it has no second half.
            self.high = halves[1].take();
        }
        for character in char::decode_utf16(halves.into_iter().flatten()) {
            self.character(character.unwrap_or(char::REPLACEMENT_CHARACTER), is_bold);
        }
    }

    fn character(&mut self, character: char, is_bold: bool) {
        if is_bold != self.is_bold {
            self.end_run();
            self.is_bold = is_bold;
        }
        self.run.push(character);
    }

    fn end_run(&mut self) {
        self.draft.push(&self.run, self.is_bold);
        self.run.clear();
    }

    /// Adds a note or text box at its place in the text.
    fn aside(&mut self, anchored: Anchored) {
        self.end_run();
        match anchored.is_note {
            true => self.draft.push_note(anchored.paragraphs),
            false => self.draft.push_box(anchored.paragraphs),
        }
    }

    fn is_blank(&self) -> bool {
        self.draft.is_blank() && self.run.trim().is_empty()
    }

    fn into_draft(mut self) -> Draft {
        self.end_run();
        self.draft
    }
}
