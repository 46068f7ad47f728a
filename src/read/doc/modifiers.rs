//! Lists of property modifiers → properties of paragraphs and characters ([MS-DOC] 2.6, "Sprm").

use super::bytes::{u8_at, u16_at, u32_at};

/// A code and its operand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Modifier<'a> {
    pub(super) code: u16,
    pub(super) operand: &'a [u8],
}

pub(super) const DELETED: u16 = 0x0800;
pub(super) const BOLD: u16 = 0x0835;
pub(super) const HIDDEN: u16 = 0x083c;
pub(super) const LIST_LEVEL: u16 = 0x260a;
pub(super) const IN_TABLE: u16 = 0x2416;
pub(super) const ROW_END: u16 = 0x2417;
const SPECIAL_HIDDEN: u16 = 0x0818;
const SPECIAL: u16 = 0x0855;
const SYMBOL: u16 = 0x6a09;
const CHARACTER_STYLE: u16 = 0x4a30;
const PARAGRAPH_STYLE: u16 = 0x4600;
const LIST: u16 = 0x460b;
const OUTLINE_LEVEL: u16 = 0x2640;
const TABLE_DEPTH: u16 = 0x6649;
const INNER_CELL_END: u16 = 0x244b;
const INNER_ROW_END: u16 = 0x244c;
const ELSEWHERE: [u16; 2] = [0x6645, 0x6646];
const TABLE_DEFINITION: u16 = 0xd608;
const VERTICAL_MERGE: u16 = 0xd62b;
const TABS: u16 = 0xc615;

/// Reads a list of modifiers as far as it is whole.
pub(super) fn read(bytes: &[u8]) -> impl Iterator<Item = Modifier<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let code = u16_at(rest, 0)?;
        // Where a length stands in front of the operand, it is left out.
        let (start, length) = match code >> 13 {
            0 | 1 => (2, 1),
            2 | 4 | 5 => (2, 2),
            3 => (2, 4),
            7 => (2, 3),
            _ if code == TABLE_DEFINITION => (4, usize::from(u16_at(rest, 2)?).saturating_sub(1)),
            _ => match u8_at(rest, 2)? {
                // Too long for a byte: its own counts tell.
                255 if code == TABS => {
                    let deleted = usize::from(u8_at(rest, 3)?) * 4;
                    let added = usize::from(u8_at(rest, 4 + deleted)?) * 3;
                    (3, 2 + deleted + added)
                }
                length => (3, length.into()),
            },
        };
        let operand = rest.get(start..start + length)?;
        rest = &rest[start + length..];
        Some(Modifier { code, operand })
    })
}

/// What is set on a paragraph; `None` where its style decides.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct ParagraphProperties {
    /// Its style's index.
    pub(super) style: u16,
    /// Level in its list, 0-based.
    pub(super) level: Option<u8>,
    /// The list override that numbers it, 1-based; 0 takes a number away.
    pub(super) list: Option<u16>,
    /// Level in the outline, 0-based; 9 for body text.
    pub(super) outline: Option<u8>,
    /// How many tables it stands in, one in another.
    pub(super) depth: u32,
    /// Whether its mark ends a cell of a table in a table.
    pub(super) ends_inner_cell: bool,
    /// Whether it is the mark that ends a row.
    pub(super) ends_row: bool,
    /// Cells of the row that are the rest of a cell that began in another row or column, a bit
    /// each.
    pub(super) merged: u64,
    /// Where in the data stream more modifiers stand.
    pub(super) elsewhere: Option<u32>,
}

impl ParagraphProperties {
    /// Applies a modifier.
    pub(super) fn apply(&mut self, modifier: Modifier<'_>) {
        let operand = modifier.operand;
        let byte = u8_at(operand, 0).unwrap_or(0);
        let word = u16_at(operand, 0).unwrap_or(0);
        let long = u32_at(operand, 0).unwrap_or(0);
        match modifier.code {
            PARAGRAPH_STYLE => self.style = word,
            LIST_LEVEL => self.level = Some(byte),
            LIST => self.list = Some(list(word)),
            OUTLINE_LEVEL => self.outline = Some(byte),
            IN_TABLE => self.depth = if byte == 0 { 0 } else { self.depth.max(1) },
            TABLE_DEPTH => self.depth = if long > i32::MAX as u32 { 0 } else { long },
            ROW_END | INNER_ROW_END => self.ends_row = byte != 0,
            INNER_CELL_END => self.ends_inner_cell = byte != 0,
            TABLE_DEFINITION => self.merged = merged(operand),
            VERTICAL_MERGE => {
                let bit = 1u64.checked_shl(byte.into()).unwrap_or(0);
                match u8_at(operand, 1) {
                    Some(1) => self.merged |= bit,
                    _ => self.merged &= !bit,
                }
            }
            code if ELSEWHERE.contains(&code) => self.elsewhere = Some(long),
            _ => {}
        }
    }
}

/// Reads which cells of a row are the rest of another from the row's definition: the number of
/// cells, their edges, and 20 bytes for each, as far as there are any.
fn merged(definition: &[u8]) -> u64 {
    const REST_OF_LEFT: u16 = 0x0001;
    const VERTICAL: u16 = 0x0060;
    const REST_OF_ABOVE: u16 = 0x0020;
    let count = usize::from(u8_at(definition, 0).unwrap_or(0));
    let first = 1 + (count + 1) * 2;
    (0..count.min(64))
        .filter(|cell| {
            let flags = u16_at(definition, first + cell * 20).unwrap_or(0);
            flags & 0x0003 == REST_OF_LEFT || flags & VERTICAL == REST_OF_ABOVE
        })
        .fold(0, |merged, cell| merged | 1 << cell)
}

/// Returns the number of a list override; 0 for none.
fn list(operand: u16) -> u16 {
    match operand {
        0..=0x07fe => operand,
        // Numbered as the negative says, with an indent of its own.
        0xf802..=0xffff => operand.wrapping_neg(),
        _ => 0,
    }
}

/// A property that can be on, off, or as (or unlike) the style says.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Toggle(Option<u8>);

impl Toggle {
    /// Returns whether it is on, over a style that says `style`.
    pub(super) fn over(self, style: bool) -> bool {
        match self.0 {
            None | Some(0x80) => style,
            Some(0x81) => !style,
            Some(value) => value != 0,
        }
    }
}

/// What is set on characters.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct CharacterProperties {
    /// Their character style's index.
    pub(super) style: Option<u16>,
    pub(super) bold: Toggle,
    pub(super) hidden: Toggle,
    /// Whether they were deleted while changes were tracked.
    pub(super) is_deleted: bool,
    /// Whether they stand for something else than text.
    pub(super) is_special: bool,
    /// Whether a hidden paragraph mark ends a heading that the text goes on behind.
    pub(super) is_style_separator: bool,
    /// The character that a special one stands for.
    pub(super) symbol: Option<u16>,
}

impl CharacterProperties {
    /// Applies a modifier.
    pub(super) fn apply(&mut self, modifier: Modifier<'_>) {
        let byte = u8_at(modifier.operand, 0).unwrap_or(0);
        match modifier.code {
            CHARACTER_STYLE => self.style = u16_at(modifier.operand, 0),
            BOLD => self.bold = Toggle(Some(byte)),
            HIDDEN => self.hidden = Toggle(Some(byte)),
            DELETED => self.is_deleted = byte != 0,
            SPECIAL => self.is_special = byte != 0,
            SPECIAL_HIDDEN => self.is_style_separator = byte != 0,
            SYMBOL => self.symbol = u16_at(modifier.operand, 2),
            _ => {}
        }
    }
}
