//! Up to 128 ascending numbers → bytes, and back: Elias–Fano.
//!
//! Of the distances from a first number the low bits stand packed, the high ones as a row in which
//! a one follows for each number after as many zeros as its high part grew: about two bits more a
//! number than the logarithm of their mean gap, however unevenly they lie.
//!
//! Source: P. Elias, *Efficient storage and retrieval by content and address of static files*,
//! J. ACM 21 (1974).

use crate::index::bytes::u64_at;

/// Numbers in a block.
pub(super) const BLOCK: usize = 128;

/// Appends ascending numbers, each above `first`; nothing if there are none.
pub(super) fn push_block(bytes: &mut Vec<u8>, first: u32, rest: &[u32]) {
    let Some(&last) = rest.last() else {
        return;
    };
    let low = ((last - first) / rest.len() as u32).checked_ilog2();
    let low = low.unwrap_or(0);
    bytes.push(low as u8);
    let start = bytes.len();
    let highs = rest.len() * low as usize;
    let bits = highs + rest.len() + ((last - first) >> low) as usize;
    // A word more, so that each number's low bits are added to one as a whole.
    bytes.resize(start + bits.div_ceil(8) + 8, 0);
    let row = &mut bytes[start..];
    let mask = (1_u64 << low) - 1;
    for (index, &number) in rest.iter().enumerate() {
        let distance = number - first;
        if low > 0 {
            let bit = index * low as usize;
            let word = &mut row[bit / 8..bit / 8 + 8];
            let lows = (u64::from(distance) & mask) << (bit % 8);
            let filled = word_at(word, 0) | lows;
            word.copy_from_slice(&filled.to_le_bytes());
        }
        let bit = highs + (distance >> low) as usize + index;
        row[bit / 8] |= 1 << (bit % 8);
    }
    bytes.truncate(start + bits.div_ceil(8));
}

/// Reads `count` numbers above `first` into `numbers`; of damaged bytes, any.
#[inline]
pub(super) fn read_block(bytes: &[u8], first: u32, count: usize, numbers: &mut [u32]) {
    let Some((&low, packed)) = bytes.split_first() else {
        numbers.fill(first);
        return;
    };
    let low = u32::from(low).min(31);
    let mask = (1_u64 << low) - 1;
    let count = count.min(numbers.len());
    let highs = count * low as usize;
    // The row of high parts begins in the middle of a byte.
    let (mut at, skipped) = (highs / 8, highs % 8);
    let mut word = word_at(packed, at) >> skipped << skipped;
    let mut base = at * 8;
    let mut bit = 0;
    for (index, number) in numbers[..count].iter_mut().enumerate() {
        while word == 0 {
            at += 8;
            if at >= packed.len() {
                // Damaged: the row has too few ones.
                break;
            }
            base = at * 8;
            word = word_at(packed, at);
        }
        let one = base + word.trailing_zeros() as usize;
        word &= word.wrapping_sub(1);
        let high = (one.saturating_sub(highs)).saturating_sub(index) as u32;
        let lows = match low {
            0 => 0,
            _ => (word_at(packed, bit / 8) >> (bit % 8)) & mask,
        };
        bit += low as usize;
        *number = first.wrapping_add(high << low | lows as u32);
    }
}

/// Reads eight bytes, zeros behind the end.
#[inline]
fn word_at(bytes: &[u8], at: usize) -> u64 {
    match u64_at(bytes, at) {
        Some(word) => word,
        None => {
            let mut word = [0; 8];
            let rest = bytes.get(at..).unwrap_or_default();
            word[..rest.len()].copy_from_slice(rest);
            u64::from_le_bytes(word)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(
            first in 0_u32..1000,
            numbers in proptest::collection::btree_set(1000_u32.., 0..BLOCK),
            shift in 0_u32..22,
        ) {
            let mut numbers: Vec<u32> = numbers.iter().map(|number| 1000 + (number >> shift)).collect();
            numbers.dedup();
            let mut bytes = Vec::new();
            push_block(&mut bytes, first, &numbers);
            let mut read = vec![0; numbers.len()];
            if !numbers.is_empty() {
                read_block(&bytes, first, numbers.len(), &mut read);
            }
            prop_assert_eq!(read, numbers);
        }

        #[test]
        fn damaged_bytes_are_read_without_a_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            first: u32,
            count in 0..=BLOCK,
        ) {
            read_block(&bytes, first, count, &mut [0; BLOCK]);
        }
    }
}
