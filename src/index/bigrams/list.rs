//! The places of one bigram: ascending numbers → bytes, and back.
//!
//! Up to [`BLOCK`] places are the first one and a block of the others. More are a table with the
//! first place and the offset of each block, then the blocks.
//!
//! Invariant: a place is sought by reading one block, however many lie before it.

use tantivy::directory::OwnedBytes;

use super::block::{BLOCK, push_block, read_block, seek_block};
use crate::index::bytes::{Bytes, push_varint, u32_at};

/// What [`Ascending::place`] returns behind the last place.
pub(crate) const END: u32 = u32::MAX;

/// Ascending places, one after the other.
pub(crate) trait Ascending {
    /// Returns the current place, or [`END`].
    fn place(&self) -> u32;
    /// Moves on to the next place.
    fn advance(&mut self) -> u32;
    /// Moves on to the first place at or behind `target`; stays where it is if it is there.
    fn seek(&mut self, target: u32) -> u32;
    /// Appends some places from the current one on and moves on behind them; none at the end.
    fn fill(&mut self, places: &mut Vec<u32>);
    /// Returns how many places there are at most.
    fn most(&self) -> u32;
}

/// Bytes of the table for each block.
const SKIP: usize = 8;

/// Gathers the places of a bigram.
#[derive(Debug, Default)]
pub(in crate::index) struct ListWriter {
    count: u32,
    pending: Vec<u32>,
    table: Vec<u8>,
    blocks: Vec<u8>,
}

impl ListWriter {
    /// Adds a place behind those before.
    #[inline]
    pub(in crate::index) fn push(&mut self, place: u32) {
        if self.pending.len() == BLOCK {
            self.close_block();
        }
        self.pending.push(place);
        self.count += 1;
    }

    /// Returns how many places were added.
    pub(in crate::index) fn count(&self) -> u32 {
        self.count
    }

    /// Returns the first place of the last block: the only one, if one was added.
    pub(super) fn first(&self) -> u32 {
        self.pending.first().copied().unwrap_or(0)
    }

    /// Gives the bytes of the list to `write` and begins another one.
    pub(in crate::index) fn finish<T>(&mut self, write: impl FnOnce(&[u8], &[u8]) -> T) -> T {
        if self.count as usize > BLOCK {
            self.close_block();
        } else if let Some((&first, rest)) = self.pending.split_first() {
            push_varint(&mut self.blocks, u64::from(first));
            push_block(&mut self.blocks, first, rest);
        }
        let written = write(&self.table, &self.blocks);
        self.count = 0;
        self.pending.clear();
        self.table.clear();
        self.blocks.clear();
        written
    }

    fn close_block(&mut self) {
        if let Some((&first, rest)) = self.pending.split_first() {
            self.table.extend(first.to_le_bytes());
            self.table.extend((self.blocks.len() as u32).to_le_bytes());
            push_block(&mut self.blocks, first, rest);
        }
        self.pending.clear();
    }
}

/// The places of a bigram, one after the other.
///
/// A block is read where its places are wanted one by one; where only a few are sought, they are
/// sought in its bytes.
pub(crate) struct Places {
    bytes: OwnedBytes,
    /// Number of places in all.
    count: u32,
    /// Number of the current block.
    block: usize,
    /// Its first place.
    first: u32,
    /// Where its other places stand among the bytes.
    start: usize,
    /// How many places it has; 0 behind the last block.
    filled: usize,
    /// Which of them is the current one.
    at: usize,
    /// The current one, or [`END`].
    place: u32,
    /// How often a place was sought in the bytes of the block.
    sought: u32,
    /// Whether `places` are those of the block.
    is_read: bool,
    places: [u32; BLOCK],
}

/// To seek in the bytes of a block more often than this costs more than to read it.
const SOUGHT: u32 = 4;

impl std::fmt::Debug for Places {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Places")
            .field("count", &self.count)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl Places {
    /// Makes the list of one place.
    pub(in crate::index) fn one(place: u32) -> Self {
        Places::at_first(OwnedBytes::empty(), 1, place, 0)
    }

    /// Opens a list of so many places; `None` if the bytes cannot be one.
    pub(in crate::index) fn open(bytes: OwnedBytes, count: u32) -> Option<Self> {
        if count as usize <= BLOCK {
            let mut head = Bytes { rest: &bytes };
            let first = head.varint_u32()?;
            let start = bytes.len() - head.rest.len();
            return Some(Places::at_first(bytes, count, first, start));
        }
        let mut places = Places::at_first(bytes, count, 0, 0);
        // The table must be there; what the blocks hold is another matter.
        places.bytes.get(..places.blocks() * SKIP)?;
        places.enter(0);
        Some(places)
    }

    fn at_first(bytes: OwnedBytes, count: u32, first: u32, start: usize) -> Self {
        Places {
            bytes,
            count,
            block: 0,
            first,
            start,
            filled: (count as usize).min(BLOCK),
            at: 0,
            place: if count == 0 { END } else { first },
            sought: 0,
            is_read: false,
            places: [first; BLOCK],
        }
    }

    /// Returns how many places stand before the current one.
    pub(super) fn index(&self) -> usize {
        self.block * BLOCK + self.at
    }

    /// Goes to the place before which so many stand.
    pub(super) fn go(&mut self, index: usize) -> u32 {
        if index / BLOCK != self.block {
            self.enter(index / BLOCK);
        }
        self.stand_at(index % BLOCK);
        self.place
    }

    /// Goes to the first place of a block; behind the last one there is none.
    fn enter(&mut self, block: usize) {
        let blocks = self.blocks();
        // Where one block was sought in often, so will the next be.
        self.sought = match self.is_read && block == self.block + 1 {
            true => SOUGHT,
            false => 0,
        };
        (self.block, self.at, self.filled) = (block, 0, 0);
        (self.place, self.is_read) = (END, false);
        if block >= blocks || blocks == 1 {
            return;
        }
        let start = u32_at(&self.bytes, block * SKIP + 4).unwrap_or(0) as usize;
        self.start = start.saturating_add(blocks * SKIP);
        self.first = self.first_of(block);
        self.place = self.first;
        self.filled = (self.count as usize - block * BLOCK).min(BLOCK);
    }

    /// Goes to a place of the block, or to the next block if it has not so many.
    #[inline]
    fn stand_at(&mut self, at: usize) {
        if at >= self.filled {
            self.enter(self.block + 1);
            return;
        }
        self.read();
        self.at = at;
        self.place = self.places[at];
    }

    /// Reads the block.
    #[inline]
    fn read(&mut self) {
        if !self.is_read && self.filled > 0 {
            self.places[0] = self.first;
            if self.filled > 1 {
                let packed = self.bytes.get(self.start..).unwrap_or_default();
                let rest = self.filled - 1;
                read_block(packed, self.first, rest, &mut self.places[1..]);
            }
            self.is_read = true;
        }
    }

    /// Goes to the block in which `target` would stand, which is the current one or behind it.
    #[inline]
    fn skip(&mut self, target: u32) {
        let blocks = self.blocks();
        let (mut low, mut step) = (self.block, 1);
        while low + step < blocks && self.first_of(low + step) <= target {
            low += step;
            step *= 2;
        }
        if low == self.block && step == 1 {
            return;
        }
        let mut high = (low + step).min(blocks);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            match self.first_of(middle) <= target {
                true => low = middle,
                false => high = middle,
            }
        }
        if low > self.block {
            self.enter(low);
        }
    }

    /// Returns which place of the block, behind the current one, is the first at or behind
    /// `target`; the number of its places if none is.
    fn found(&self, target: u32) -> usize {
        // Near ones are the rule where lists are of like length.
        let (mut low, mut step) = (self.at, 1);
        while low + step < self.filled && self.places[low + step] < target {
            low += step;
            step *= 2;
        }
        let high = (low + step).min(self.filled);
        low + self.places[low..high].partition_point(|place| *place < target)
    }

    fn blocks(&self) -> usize {
        (self.count as usize).div_ceil(BLOCK)
    }

    fn first_of(&self, block: usize) -> u32 {
        u32_at(&self.bytes, block * SKIP).unwrap_or(0)
    }
}

impl Ascending for Places {
    #[inline]
    fn place(&self) -> u32 {
        self.place
    }

    #[inline]
    fn advance(&mut self) -> u32 {
        self.stand_at(self.at + 1);
        self.place
    }

    #[inline]
    fn seek(&mut self, target: u32) -> u32 {
        if self.place >= target {
            return self.place;
        }
        if self.is_read && self.at + 1 < self.filled && self.places[self.at + 1] >= target {
            // The next one, as often as not.
            self.at += 1;
            self.place = self.places[self.at];
            return self.place;
        }
        if !self.is_read || self.places[self.filled - 1] < target {
            self.skip(target);
            if self.place >= target {
                return self.place;
            }
        }
        if !self.is_read && self.sought < SOUGHT {
            self.sought += 1;
            let packed = self.bytes.get(self.start..).unwrap_or_default();
            match seek_block(packed, self.first, self.filled - 1, target) {
                Some((at, place)) => (self.at, self.place) = (at + 1, place),
                None => self.enter(self.block + 1),
            }
            return self.place;
        }
        self.read();
        self.stand_at(self.found(target));
        self.place
    }

    fn fill(&mut self, places: &mut Vec<u32>) {
        self.read();
        places.extend_from_slice(self.places.get(self.at..self.filled).unwrap_or_default());
        self.enter(self.block + 1);
    }

    fn most(&self) -> u32 {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(places: &[u32]) -> Vec<u8> {
        let mut writer = ListWriter::default();
        places.iter().for_each(|place| writer.push(*place));
        writer.finish(|table, blocks| [table, blocks].concat())
    }

    fn gaps() -> impl Strategy<Value = Vec<u32>> {
        let gap = prop_oneof![8 => 1_u32..40, 2 => 40_u32..9_000, 1 => Just(200_000)];
        proptest::collection::vec(gap, 2..900).prop_map(|gaps| {
            let sums = gaps.iter().scan(0, |place, gap| {
                *place += gap;
                Some(*place)
            });
            sums.collect()
        })
    }

    proptest! {
        #[test]
        fn all_places_in_order(places in gaps()) {
            let bytes = OwnedBytes::new(written(&places));
            let mut list = Places::open(bytes, places.len() as u32).unwrap();
            for place in &places {
                prop_assert_eq!(list.place(), *place);
                list.advance();
            }
            prop_assert_eq!(list.place(), END);
            prop_assert_eq!(list.advance(), END);
            prop_assert_eq!(list.seek(1), END);
        }

        #[test]
        fn seeking_finds_the_next_place(places in gaps(), steps in proptest::collection::vec(0_u32..30_000, 1..60)) {
            let bytes = OwnedBytes::new(written(&places));
            let mut list = Places::open(bytes, places.len() as u32).unwrap();
            let mut target = 0;
            for step in steps {
                target += step;
                let expected = places.iter().find(|place| **place >= target.max(1));
                prop_assert_eq!(list.seek(target), expected.copied().unwrap_or(END));
                target = target.max(list.place().saturating_sub(1).min(target + step));
            }
        }

        #[test]
        fn seeking_and_advancing_may_alternate(
            places in gaps(),
            steps in proptest::collection::vec((0_u32..9_000, 0_usize..3), 1..60),
        ) {
            let bytes = OwnedBytes::new(written(&places));
            let mut list = Places::open(bytes, places.len() as u32).unwrap();
            let mut at = 0;
            for (step, advances) in steps {
                let target = places.get(at).copied().unwrap_or(END - 9_000) + step;
                at += places[at.min(places.len())..].partition_point(|place| *place < target);
                prop_assert_eq!(list.seek(target), places.get(at).copied().unwrap_or(END));
                for _ in 0..advances {
                    at += 1;
                    prop_assert_eq!(list.advance(), places.get(at).copied().unwrap_or(END));
                }
            }
            let mut rest = Vec::new();
            while list.place() != END {
                list.fill(&mut rest);
            }
            prop_assert_eq!(rest.as_slice(), places.get(at..).unwrap_or_default());
        }

        #[test]
        fn damaged_bytes_end(bytes in proptest::collection::vec(any::<u8>(), 0..400), count in 1_u32..2_000, target: u32) {
            if let Some(mut list) = Places::open(OwnedBytes::new(bytes), count) {
                list.seek(target);
                for _ in 0..=count {
                    list.advance();
                }
                prop_assert_eq!(list.place(), END);
            }
        }
    }
}
