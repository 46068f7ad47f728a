//! The places of one bigram: ascending numbers → bytes, and back.
//!
//! Up to [`BLOCK`] places are the first one and a block of the others. More are a table with the
//! first place and the offset of each block, then the blocks.
//!
//! Invariant: a place is sought by reading one block, however many lie before it.

use tantivy::directory::OwnedBytes;

use super::block::{BLOCK, push_block, read_block};
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
pub(crate) struct Places {
    bytes: OwnedBytes,
    /// Number of places in all.
    count: u32,
    /// Number of the current block.
    block: usize,
    /// Its places; of the first block of several, only the first until more are asked for.
    places: [u32; BLOCK],
    /// How many they are.
    filled: usize,
    at: usize,
}

impl std::fmt::Debug for Places {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Places")
            .field("count", &self.count)
            .field("place", &self.place())
            .finish_non_exhaustive()
    }
}

impl Places {
    /// Makes the list of one place.
    pub(in crate::index) fn one(place: u32) -> Self {
        Places {
            bytes: OwnedBytes::empty(),
            count: 1,
            block: 0,
            places: [place; BLOCK],
            filled: 1,
            at: 0,
        }
    }

    /// Opens a list of so many places; `None` if the bytes cannot be one.
    pub(in crate::index) fn open(bytes: OwnedBytes, count: u32) -> Option<Self> {
        let mut places = Places {
            bytes,
            count,
            block: 0,
            places: [0; BLOCK],
            filled: 1,
            at: 0,
        };
        if count as usize <= BLOCK {
            let mut bytes = Bytes {
                rest: &places.bytes,
            };
            let first = bytes.varint_u32()?;
            places.filled = count as usize;
            places.places[0] = first;
            if count > 1 {
                read_block(
                    bytes.rest,
                    first,
                    count as usize - 1,
                    &mut places.places[1..],
                );
            }
        } else {
            // The table must be there; what the blocks hold is another matter.
            places.bytes.get(..places.blocks() * SKIP)?;
            places.places[0] = places.first(0);
        }
        Some(places)
    }

    /// Returns how many places stand before the current one.
    pub(super) fn index(&self) -> usize {
        self.block * BLOCK + self.at
    }

    /// Goes to the place before which so many stand.
    pub(super) fn go(&mut self, index: usize) -> u32 {
        if index / BLOCK != self.block || !self.is_read() {
            self.read(index / BLOCK);
        }
        self.at = index % BLOCK;
        self.place()
    }

    /// Reads the block in which `target` would stand, which is the current one or behind it.
    fn skip(&mut self, target: u32) {
        let blocks = self.blocks();
        let (mut low, mut step) = (self.block, 1);
        while low + step < blocks && self.first(low + step) <= target {
            low += step;
            step *= 2;
        }
        let mut high = (low + step).min(blocks);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            match self.first(middle) <= target {
                true => low = middle,
                false => high = middle,
            }
        }
        if low > self.block || !self.is_read() {
            self.read(low);
        }
    }

    /// Returns whether the current block has been read.
    fn is_read(&self) -> bool {
        self.count as usize <= BLOCK || self.block > 0 || self.filled > 1
    }

    /// Reads a block; behind the last one there is none.
    fn read(&mut self, block: usize) {
        (self.block, self.at, self.filled) = (block, 0, 0);
        let blocks = self.blocks();
        if block >= blocks || self.count as usize <= BLOCK {
            return;
        }
        let first = self.first(block);
        let start = u32_at(&self.bytes, block * SKIP + 4).unwrap_or(0) as usize;
        let start = start.saturating_add(blocks * SKIP);
        let bytes = self.bytes.get(start..).unwrap_or_default();
        self.filled = (self.count as usize - block * BLOCK).min(BLOCK);
        self.places[0] = first;
        let rest = self.filled - 1;
        if rest > 0 {
            read_block(bytes, first, rest, &mut self.places[1..]);
        }
    }

    fn blocks(&self) -> usize {
        (self.count as usize).div_ceil(BLOCK)
    }

    fn first(&self, block: usize) -> u32 {
        u32_at(&self.bytes, block * SKIP).unwrap_or(0)
    }
}

impl Ascending for Places {
    #[inline]
    fn place(&self) -> u32 {
        match self.at < self.filled {
            true => self.places[self.at],
            false => END,
        }
    }

    #[inline]
    fn advance(&mut self) -> u32 {
        self.at += 1;
        if self.at >= self.filled {
            if self.is_read() {
                self.read(self.block + 1);
            } else {
                self.read(0);
                self.at = 1;
            }
        }
        self.place()
    }

    #[inline]
    fn seek(&mut self, target: u32) -> u32 {
        if self.place() >= target {
            return self.place();
        }
        if self.places[self.filled - 1] < target {
            self.skip(target);
        }
        // Near ones are the rule where lists are of like length.
        let (mut low, mut step) = (self.at, 1);
        while low + step < self.filled && self.places[low + step] < target {
            low += step;
            step *= 2;
        }
        let high = (low + step).min(self.filled);
        self.at = low + self.places[low..high].partition_point(|place| *place < target);
        if self.at >= self.filled {
            self.read(self.block + 1);
        }
        self.place()
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
