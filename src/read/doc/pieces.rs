//! Piece table → the document's characters, and where in the stream each came from ([MS-DOC]
//! 2.4.1).

use std::ops::Range;

use crate::error::Result;

use super::bytes::{Stretches, from, u8_at, u16_at, u32_at};
use super::modifiers::{self, Modifier};
use crate::read::Limits;

/// A stretch of characters that stand behind one another in the stream.
#[derive(Debug)]
struct Piece {
    /// First character.
    start: u32,
    /// Where the first character stands in the stream.
    offset: usize,
    /// Bytes per character.
    width: usize,
    /// What was changed on all of it by a quick save.
    change: Change,
}

/// The change that a piece carries.
#[derive(Debug, Clone, Copy)]
enum Change {
    None,
    /// One modifier with a byte for its operand.
    One(u16, [u8; 1]),
    /// Modifiers at a place of the table.
    Many(usize, usize),
}

/// The document's characters as UTF-16 code units, one a position.
#[derive(Debug)]
pub(super) struct Pieces<'a> {
    units: Vec<u16>,
    pieces: Vec<Piece>,
    table: &'a [u8],
    /// Whether characters are missing from the stream; they stand as NUL.
    pub(super) is_damaged: bool,
}

/// No document says the same bytes over and over; a table that does is a bomb.
const MOST_REPEATS: usize = 4;

impl<'a> Pieces<'a> {
    /// Reads the piece table `table`, whose pieces stand in `stream`.
    pub(super) fn read(stream: &[u8], table: &'a [u8], limits: &Limits) -> Result<Self> {
        let mut pieces = Pieces {
            units: Vec::new(),
            pieces: Vec::new(),
            table,
            is_damaged: false,
        };
        let mut changes = Vec::new();
        let mut at = 0;
        while u8_at(table, at) == Some(1) {
            let length = u16_at(table, at + 1).unwrap_or(0).into();
            changes.push((at + 3, length));
            at += 3 + length;
        }
        if u8_at(table, at) != Some(2) {
            pieces.is_damaged = true;
            return Ok(pieces);
        }
        let stretches = from(table, at + 5);
        let length = u32_at(table, at + 1).unwrap_or(0) as usize;
        let stretches = &stretches[..length.min(stretches.len())];
        let stretches = Stretches::new(stretches, 8);
        let most = stream.len().saturating_mul(MOST_REPEATS);
        for index in 0..stretches.len() {
            limits.check()?;
            let start = stretches.position(index);
            let end = stretches.position(index + 1) as usize;
            if start as usize != pieces.units.len() || end < start as usize || end > most {
                pieces.is_damaged = true;
                break;
            }
            limits.check_size(end as u64 * 2)?;
            let entry = stretches.entry(index);
            let place = u32_at(entry, 2).unwrap_or(0);
            let is_narrow = place & 0x4000_0000 != 0;
            let place = (place & 0x3fff_ffff) as usize;
            let (offset, width) = match is_narrow {
                true => (place / 2, 1),
                false => (place, 2),
            };
            let source = from(stream, offset);
            match is_narrow {
                true => pieces.units.extend(
                    source
                        .iter()
                        .take(end - start as usize)
                        .map(|byte| narrow(*byte)),
                ),
                false => pieces.units.extend(
                    source
                        .as_chunks()
                        .0
                        .iter()
                        .take(end - start as usize)
                        .map(|unit| u16::from_le_bytes(*unit)),
                ),
            }
            pieces.is_damaged |= pieces.units.len() < end;
            pieces.units.resize(end, 0);
            pieces.pieces.push(Piece {
                start,
                offset,
                width,
                change: change(u16_at(entry, 6).unwrap_or(0), &changes),
            });
        }
        Ok(pieces)
    }

    /// Makes the characters of a text that has no table.
    pub(super) fn plain(text: &str) -> Self {
        Pieces {
            units: text.encode_utf16().collect(),
            pieces: Vec::new(),
            table: &[],
            is_damaged: false,
        }
    }

    /// Returns the number of characters.
    pub(super) fn len(&self) -> u32 {
        self.units.len() as u32
    }

    /// Returns the characters of a stretch, as far as there are any.
    pub(super) fn units(&self, positions: Range<u32>) -> &[u16] {
        let end = positions.end.min(self.len());
        self.units
            .get(positions.start as usize..end as usize)
            .unwrap_or_default()
    }

    /// Returns where a character stands in the stream, with its bytes and the position at which
    /// its piece ends.
    pub(super) fn place(&self, position: u32) -> Option<Place> {
        let index = self
            .pieces
            .partition_point(|piece| piece.start <= position)
            .checked_sub(1)?;
        let piece = &self.pieces[index];
        let next = self.pieces.get(index + 1);
        Some(Place {
            offset: piece.offset + (position - piece.start) as usize * piece.width,
            width: piece.width,
            end: next.map_or(self.len(), |next| next.start),
            piece: index,
        })
    }

    /// Calls `each` with the modifiers of a piece.
    pub(super) fn changes(&self, piece: usize, each: &mut dyn FnMut(Modifier<'_>)) {
        match self.pieces.get(piece).map(|piece| piece.change) {
            None | Some(Change::None) => {}
            Some(Change::One(code, operand)) => each(Modifier {
                code,
                operand: &operand,
            }),
            Some(Change::Many(at, length)) => {
                let bytes = from(self.table, at);
                modifiers::read(&bytes[..length.min(bytes.len())]).for_each(each);
            }
        }
    }
}

/// Where a character came from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Its first byte in the stream.
    pub(super) offset: usize,
    /// Its bytes.
    pub(super) width: usize,
    /// The position behind its piece.
    pub(super) end: u32,
    /// Its piece.
    pub(super) piece: usize,
}

/// Reads what a piece says of its change: one short modifier or a place in the table.
fn change(prm: u16, changes: &[(usize, usize)]) -> Change {
    if prm & 1 != 0 {
        let change = changes.get(usize::from(prm >> 1));
        return change.map_or(Change::None, |(at, length)| Change::Many(*at, *length));
    }
    let operand = [(prm >> 8) as u8];
    match (prm >> 1) & 0x7f {
        0x0c => Change::One(modifiers::LIST_LEVEL, operand),
        0x18 => Change::One(modifiers::IN_TABLE, operand),
        0x19 => Change::One(modifiers::ROW_END, operand),
        0x41 => Change::One(modifiers::DELETED, operand),
        0x55 => Change::One(modifiers::BOLD, operand),
        0x5c => Change::One(modifiers::HIDDEN, operand),
        _ => Change::None,
    }
}

/// Returns the character of a compressed piece: Windows-1252 where Unicode has controls, with
/// Word's own holes.
fn narrow(byte: u8) -> u16 {
    const HIGH: [u16; 32] = [
        0x80, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039,
        0x0152, 0x8d, 0x8e, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
        0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x9e, 0x0178,
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => byte.into(),
    }
}
