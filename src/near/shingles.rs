//! Shingles: the runs of five characters of a text, as hashes; and the exact comparison of two
//! texts by their sets.

use std::cmp::Ordering;

use super::print::letters;

/// Characters of a shingle.
pub(super) const SIZE: usize = 5;

/// The set of a text's shingles. A shingle that occurs twice counts once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shingles(Vec<u64>);

/// How many shingles two texts share, of how many that either has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Similarity {
    /// Shingles of both.
    pub shared: u32,
    /// Shingles of one or both; not 0.
    pub all: u32,
}

impl Shingles {
    /// Returns the shingles of a folded text; a text of fewer than five characters is one shingle.
    pub fn of(folded: &str) -> Self {
        let letters = letters(folded);
        let mut hashes: Vec<u64> = hashes(&letters).collect();
        if hashes.is_empty() {
            hashes.push(hash(&letters));
        }
        hashes.sort_unstable();
        hashes.dedup();
        Shingles(hashes)
    }

    /// Compares two texts.
    ///
    /// ```
    /// use zhengsou::near::Shingles;
    /// let similarity = Shingles::of("全面推进乡村振兴").similarity(&Shingles::of("全面推进乡村建设"));
    /// assert_eq!((similarity.shared, similarity.all), (2, 6));
    /// ```
    pub fn similarity(&self, other: &Self) -> Similarity {
        let (mut one, mut two) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut shared = 0;
        while let (Some(first), Some(second)) = (one.peek(), two.peek()) {
            let order = first.cmp(second);
            if order != Ordering::Greater {
                one.next();
            }
            if order != Ordering::Less {
                two.next();
            }
            shared += u32::from(order == Ordering::Equal);
        }
        Similarity {
            shared,
            all: (self.0.len() + other.0.len()) as u32 - shared,
        }
    }

    /// Returns the hashes of the set, in ascending order.
    pub(super) fn hashes(&self) -> &[u64] {
        &self.0
    }

    /// Returns whether the sizes alone leave two texts a chance to be near copies.
    pub(super) fn may_be_near(&self, other: &Self) -> bool {
        let (one, two) = (self.0.len(), other.0.len());
        one.min(two) * 5 >= one.max(two) * 4
    }
}

impl Similarity {
    /// Returns whether the Jaccard similarity is at least 0.8, exactly.
    pub fn is_near(self) -> bool {
        u64::from(self.shared) * 5 >= u64::from(self.all) * 4
    }

    /// Returns the Jaccard similarity, 0 to 1.
    pub fn jaccard(self) -> f64 {
        f64::from(self.shared) / f64::from(self.all.max(1))
    }

    /// Compares two similarities exactly.
    pub(super) fn compare(self, other: Self) -> Ordering {
        let product = |one: u32, two: u32| u64::from(one) * u64::from(two);
        product(self.shared, other.all).cmp(&product(other.shared, self.all))
    }
}

/// Returns the hashes of the shingles, in order; empty for fewer than five characters.
pub(super) fn hashes(letters: &[char]) -> impl Iterator<Item = u64> {
    letters.windows(SIZE).map(hash)
}

/// Returns the hash of some letters in their order. Those that differ collide with a probability of
/// about 2⁻⁶⁴, unless somebody sets out to make them.
#[inline]
pub(super) fn hash(letters: &[char]) -> u64 {
    mixed(letters.iter().fold(0, |hash, &letter| next(hash, letter)))
}

/// Goes on with a polynomial over 64 bits with an odd base.
#[inline]
pub(super) fn next(hash: u64, letter: char) -> u64 {
    hash.wrapping_mul(0xd6e8_feb8_6659_fd93)
        .wrapping_add(u64::from(letter))
}

/// The finalizer of SplitMix64: every bit of the result hangs on every bit of the number.
#[inline]
pub(super) const fn mixed(number: u64) -> u64 {
    let number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
