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
    let count = count.min(numbers.len());
    let mask = (1_u64 << low) - 1;
    let highs = count * low as usize;
    // The row of high parts begins in the middle of a byte.
    let (mut at, skipped) = (highs / 8, highs % 8);
    let mut word = word_at(packed, at) >> skipped << skipped;
    // What the place of a one in the word lacks to its high part.
    let mut before = (at * 8).wrapping_sub(highs) as u32;
    let mut bit = 0;
    // Low parts by as many as lie in one word, wherever in a byte they begin.
    for numbers in numbers[..count].chunks_mut(57 / low.max(1) as usize) {
        let mut lows = word_at(packed, bit / 8) >> (bit % 8);
        bit += numbers.len() * low as usize;
        for number in numbers {
            while word == 0 {
                at += 8;
                if at >= packed.len() {
                    // Damaged: the row has too few ones.
                    break;
                }
                before = before.wrapping_add(64);
                word = word_at(packed, at);
            }
            let high = before.wrapping_add(word.trailing_zeros());
            before = before.wrapping_sub(1);
            word &= word.wrapping_sub(1);
            *number = first.wrapping_add(high << low | (lows & mask) as u32);
            lows >>= low;
        }
    }
}

/// Returns the first of `count` numbers above `first` that is not below `target`, and how many stand
/// before it, without reading them all; of damaged bytes, any, or none.
pub(super) fn seek_block(
    bytes: &[u8],
    first: u32,
    count: usize,
    target: u32,
) -> Option<(usize, u32)> {
    let (&low, packed) = bytes.split_first()?;
    let low = u32::from(low).min(31);
    let mask = (1_u64 << low) - 1;
    let highs = count * low as usize;
    let wanted = target.saturating_sub(first) >> low;
    let (mut at, skipped) = (highs / 8, highs % 8);
    let mut word = word_at(packed, at) >> skipped << skipped;
    // Each zero of the row raises the high part by one: as many as are wanted are passed over, whole
    // words first.
    let (mut zeros, mut index, mut offset) = (wanted, 0, skipped as u32);
    loop {
        let in_word = (!word).count_ones() - offset;
        if zeros <= in_word {
            break;
        }
        zeros -= in_word;
        index += word.count_ones() as usize;
        (at, offset) = (at + 8, 0);
        if at >= packed.len() {
            return None;
        }
        word = word_at(packed, at);
    }
    while zeros > 0 {
        // At best, the next bits are all zeros; the ones among them stand for zeros farther on.
        let next = word >> offset & (u64::MAX >> (64 - zeros));
        offset += zeros;
        zeros = next.count_ones();
        index += zeros as usize;
    }
    word &= u64::MAX.checked_shl(offset).unwrap_or(0);
    while index < count {
        while word == 0 {
            at += 8;
            if at >= packed.len() {
                return None;
            }
            word = word_at(packed, at);
        }
        let one = at * 8 + word.trailing_zeros() as usize;
        word &= word - 1;
        let high = one.wrapping_sub(highs).wrapping_sub(index) as u32;
        let bit = index * low as usize;
        let lows = (word_at(packed, bit / 8) >> (bit % 8)) & mask;
        let number = first.wrapping_add(high << low | lows as u32);
        if number >= target {
            return Some((index, number));
        }
        index += 1;
    }
    None
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
        fn what_is_sought_is_what_is_read(
            first in 0_u32..1000,
            numbers in proptest::collection::btree_set(1000_u32.., 1..BLOCK),
            shift in 0_u32..22,
            target: u32,
        ) {
            let mut numbers: Vec<u32> = numbers.iter().map(|number| 1000 + (number >> shift)).collect();
            numbers.dedup();
            let mut bytes = Vec::new();
            push_block(&mut bytes, first, &numbers);
            let near = numbers[target as usize % numbers.len()];
            for target in [target, near - 1, near, near + 1] {
                let index = numbers.partition_point(|number| *number < target);
                let expected = numbers.get(index).map(|number| (index, *number));
                prop_assert_eq!(seek_block(&bytes, first, numbers.len(), target), expected);
            }
        }

        #[test]
        fn damaged_bytes_are_read_without_a_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            first: u32,
            target: u32,
            count in 0..=BLOCK,
        ) {
            read_block(&bytes, first, count, &mut [0; BLOCK]);
            seek_block(&bytes, first, count, target);
        }
    }
}
