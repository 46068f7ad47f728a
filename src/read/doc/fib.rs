//! Start of the `WordDocument` stream → where everything else stands ([MS-DOC] 2.5, "FIB").

use std::ops::Range;

use super::bytes::{u8_at, u16_at, u32_at};

/// Parts of the table stream, by their number in the FIB.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    StyleSheet = 1,
    FootnoteReferences = 2,
    FootnoteTexts = 3,
    Sections = 6,
    CharacterPages = 12,
    ParagraphPages = 13,
    PieceTable = 33,
    ShapeAnchors = 40,
    EndnoteReferences = 46,
    EndnoteTexts = 47,
    TextBoxTexts = 56,
    Lists = 73,
    ListOverrides = 74,
}

/// Texts of a document, in the order in which they stand behind one another.
#[derive(Debug, Clone, Copy)]
pub(super) enum Story {
    Main,
    Footnotes,
    Headers,
    // Macros and comments stand here; neither is read.
    Endnotes = 5,
    TextBoxes = 6,
    HeaderTextBoxes = 7,
}

/// The file information block.
#[derive(Debug)]
pub(super) struct Fib<'a> {
    bytes: &'a [u8],
    /// Where the lengths of the stories stand.
    lengths: usize,
    /// Where the places of the parts stand.
    parts: usize,
    part_count: usize,
}

/// First word of the stream: Word 97 and later; Word 6 and 95.
const MAGIC: [u16; 2] = [0xa5ec, 0xa5dc];
/// Version of Word 97.
const WORD_97: u16 = 0xc1;

impl<'a> Fib<'a> {
    /// Reads the block; `None` if there is none.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let magic = u16_at(bytes, 0)?;
        // Both numbers are 32 bytes from the start whatever the version.
        u32_at(bytes, 0x1c)?;
        let words = 34 + usize::from(u16_at(bytes, 32).unwrap_or(0)) * 2;
        let longs = words + 2 + usize::from(u16_at(bytes, words).unwrap_or(0)) * 4;
        MAGIC.contains(&magic).then_some(Fib {
            bytes,
            lengths: words + 2 + 3 * 4,
            parts: longs + 2,
            part_count: u16_at(bytes, longs).unwrap_or(0).into(),
        })
    }

    /// Returns whether it was written by Word 6 or 95.
    pub(super) fn is_old(&self) -> bool {
        u16_at(self.bytes, 2).is_some_and(|version| version < WORD_97)
    }

    /// Returns whether the text is encrypted or obfuscated with a password.
    pub(super) fn is_encrypted(&self) -> bool {
        self.flags() & 0x0100 != 0
    }

    /// Returns whether the text stands in pieces out of order (quick save).
    pub(super) fn is_complex(&self) -> bool {
        self.flags() & 0x0004 != 0
    }

    /// Returns the name of the table stream.
    pub(super) fn table_stream(&self) -> &'static str {
        match self.flags() & 0x0200 {
            0 => "0Table",
            _ => "1Table",
        }
    }

    /// Returns the language that the writing program ran in.
    pub(super) fn language(&self) -> u16 {
        u16_at(self.bytes, 6).unwrap_or(0)
    }

    /// Returns the bytes of the text of a Word 6 or 95 document that is not complex.
    pub(super) fn old_text(&self) -> &'a [u8] {
        let at = |place| u32_at(self.bytes, place).unwrap_or(0) as usize;
        let start = at(0x18);
        let end = start.saturating_add(at(0x34)).min(at(0x1c));
        let end = end.min(self.bytes.len());
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// Returns the positions of a story among the document's characters.
    pub(super) fn story(&self, story: Story) -> Range<u32> {
        let length = |index: usize| {
            // A negative length is a lie.
            let length = u32_at(self.bytes, self.lengths + index * 4).unwrap_or(0);
            if length > i32::MAX as u32 { 0 } else { length }
        };
        let start = (0..story as usize).map(length).fold(0, u32::saturating_add);
        start..start.saturating_add(length(story as usize))
    }

    /// Returns a part of the table stream; empty if there is none.
    pub(super) fn part<'t>(&self, table: &'t [u8], part: Part) -> &'t [u8] {
        let (start, length) = self.place(part);
        let end = start.saturating_add(length).min(table.len());
        table.get(start..end).unwrap_or_default()
    }

    /// Returns the table stream from the start of a part on, for parts that go on behind what the
    /// FIB says; empty if there is none.
    pub(super) fn part_and_on<'t>(&self, table: &'t [u8], part: Part) -> &'t [u8] {
        match self.place(part) {
            (_, 0) => &[],
            (start, _) => table.get(start..).unwrap_or_default(),
        }
    }

    fn place(&self, part: Part) -> (usize, usize) {
        let index = part as usize;
        if index >= self.part_count {
            return (0, 0);
        }
        let at = |place| u32_at(self.bytes, place).unwrap_or(0) as usize;
        let place = self.parts + index * 8;
        (at(place), at(place + 4))
    }

    fn flags(&self) -> u16 {
        u16::from(u8_at(self.bytes, 10).unwrap_or(0))
            | u16::from(u8_at(self.bytes, 11).unwrap_or(0)) << 8
    }
}
