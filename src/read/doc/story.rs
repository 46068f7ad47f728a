//! A stretch of a document's characters → paragraphs: numbers written out, fields resolved, rows
//! of tables put into a line.

use std::iter::Peekable;
use std::ops::Range;
use std::vec::IntoIter;

use crate::error::Result;
use crate::read::Limits;
use crate::read::transcript::Paragraph;

use super::fields::{Fields, Seen};
use super::lists::Counters;
use super::modifiers::ParagraphProperties;
use super::rows::{Item, Row};
use super::styles::Style;
use super::word::Document;

/// A note or text box with the position of the body that it belongs to.
#[derive(Debug)]
pub(super) struct Anchored {
    pub(super) position: u32,
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
    text: String,
    /// Bytes in bold at its start.
    bold: usize,
    /// Whether a character that is not bold has come.
    is_past_bold: bool,
    /// First half of a character beyond the basic plane.
    high: Option<u16>,
    after: Vec<Paragraph>,
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
            self.limits.check()?;
            let length = self.end_of_paragraph(start, rest).unwrap_or(rest.len());
            let (paragraph, others) = rest.split_at(length);
            self.paragraph(start, paragraph, others.is_empty());
            self.limits.check_size(self.length)?;
            start += length as u32;
            rest = others;
        }
        self.close_rows(0);
        for anchored in self.anchored.by_ref() {
            self.paragraphs.extend(anchored.paragraphs);
        }
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
    fn paragraph(&mut self, start: u32, units: &[u16], is_last: bool) {
        let Some((&mark, _)) = units.split_last() else {
            return;
        };
        let mut properties = self.properties(start + units.len() as u32 - 1);
        let style = self.document.styles.get(properties.style);
        let (mut look, mut look_end) = (Look::default(), start);
        let mut is_hidden = false;
        for (position, unit) in (start..).zip(units) {
            if position >= look_end {
                (look, look_end) = self.look(position, &style);
            }
            is_hidden = !self.character(position, *unit, look);
        }
        // Without its mark the paragraph is one with the next. A heading with text behind it on
        // its line stays a paragraph of its own.
        if mark == PARAGRAPH_END && is_hidden && !look.is_style_separator && !is_last {
            return;
        }
        if mark == CELL_END && properties.depth == 0 {
            // Nothing says what the mark ends: an empty cell, then, ends a row.
            let row = self.rows.first();
            properties.depth = 1;
            properties.ends_row = self.open.text.is_empty() && row.is_some_and(Row::is_between);
        }
        self.finish(mark, &properties, &style);
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
                self.open.after.extend(anchored.paragraphs);
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
        let open = std::mem::take(&mut self.open);
        let depth = (properties.depth as usize).min(MOST_DEPTH);
        self.close_rows(depth);
        if properties.ends_row && depth > 0 {
            // The mark of a row has no text; what stands there all the same is not lost.
            if !open.text.trim().is_empty() || !open.after.is_empty() {
                let item = open.into_item(String::new(), 0);
                if let Some(row) = self.rows.get_mut(depth - 1) {
                    row.push(item);
                }
            }
            return self.close_rows(depth - 1);
        }
        let list = properties.list.or(style.paragraph.list).unwrap_or(0);
        let number = match list {
            0 => String::new(),
            list => {
                let level = properties
                    .level
                    .or(style.paragraph.level)
                    .or_else(|| self.document.linked_level(list, properties.style));
                self.counters.next(list, level.unwrap_or(0))
            }
        };
        let level = match properties.outline.or(style.paragraph.outline) {
            Some(outline @ 0..=8) => outline + 1,
            _ => 0,
        };
        let item = open.into_item(number, level);
        self.length += item.length();
        if depth == 0 {
            return item.put(&mut self.paragraphs);
        }
        self.rows.resize_with(depth, Row::default);
        if let Some(row) = self.rows.last_mut() {
            row.push(item);
            if mark == CELL_END || properties.ends_inner_cell {
                row.end_cell();
            }
        }
    }

    /// Ends the rows that are deeper than `depth`.
    fn close_rows(&mut self, depth: usize) {
        while self.rows.len() > depth {
            let Some(row) = self.rows.pop() else {
                return;
            };
            match self.rows.last_mut() {
                Some(outer) => row.finish().for_each(|item| outer.push(item)),
                None => row.finish().for_each(|item| item.put(&mut self.paragraphs)),
            }
        }
    }
}

impl Open {
    /// Adds a code unit that is seen.
    fn unit(&mut self, unit: u16, is_bold: bool) {
        match unit {
            // Breaks of lines, pages and columns.
            0x0a | 0x0b | BREAK | 0x0e => return self.line_break(),
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
        self.text.push(character);
        if is_bold && !self.is_past_bold {
            self.bold = self.text.len();
        } else if !character.is_whitespace() {
            self.is_past_bold = true;
        }
    }

    fn line_break(&mut self) {
        // In front of all text it only moves the paragraph.
        if !self.text.trim().is_empty() {
            self.text.push('\n');
        }
    }

    /// Returns the paragraph with its number.
    fn into_item(mut self, number: String, level: u8) -> Item {
        self.text.truncate(self.text.trim_end_matches('\n').len());
        let bold = match self.bold.min(self.text.len()) {
            0 => 0,
            bold => number.len() + bold,
        };
        let mut text = number + &self.text;
        if self.text.trim().is_empty() {
            text.truncate(text.trim_end().len());
        }
        Item {
            paragraph: Paragraph {
                bold: bold.min(text.len()),
                text,
                level,
                note: false,
            },
            after: self.after,
        }
    }
}
