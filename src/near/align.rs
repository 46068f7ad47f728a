//! Two lists of texts → which of the one stands again in the other, as it was or reworded.
//!
//! Equal texts (by their letters and digits) are kept, pairs in reading order. Of the rest, those
//! whose shingles overlap enough are reworded: the most alike find each other first, one to one;
//! one that is left over goes to the text that is most like it, so that a paragraph that was cut in
//! two, or put together from two, is seen as such.
//!
//! Invariant: every text is of one class: kept, reworded, or without a counterpart; a reworded text
//! is paired with reworded ones only.

use std::collections::HashMap;

use super::Shingles;
use super::print::{SHORT, letters};
use super::shingles::SIZE;

/// A text in a list.
#[derive(Debug)]
pub struct Piece {
    letters: Vec<char>,
    shingles: Shingles,
}

/// Two texts that correspond.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Number of the text in the first list.
    pub old: usize,
    /// Number of the text in the second list.
    pub new: usize,
    /// Whether the letters and digits of both are equal.
    pub is_kept: bool,
    /// Share of the shorter one's shingles that the other holds too, 0 to 1; a text of less than
    /// twenty letters counts as if it had twenty, so that a chance piece is little.
    pub overlap: f64,
    /// Jaccard similarity of the sets of shingles, 0 to 1.
    pub jaccard: f64,
}

impl Piece {
    /// Takes a folded text.
    pub fn of(folded: &str) -> Self {
        Piece {
            letters: letters(folded),
            shingles: Shingles::of(folded),
        }
    }
}

/// Pairs the texts of two lists; those in no pair have no counterpart. Pairs are in order of the
/// second list, then of the first.
///
/// ```
/// use zhengsou::near::{Piece, align};
/// let pieces = |texts: [&str; 2]| texts.map(Piece::of);
/// let old = pieces(["全面推进乡村振兴，粮食总产稳定在百亿斤以上。", "深化国资国企改革。"]);
/// let new = pieces(["深化国资国企改革！", "全面推进乡村振兴，粮食总产再上新的台阶。"]);
/// let pairs = align(&old, &new, 0.3);
/// let found: Vec<_> = pairs.iter().map(|pair| (pair.old, pair.new, pair.is_kept)).collect();
/// assert_eq!(found, [(1, 0, true), (0, 1, false)]);
/// ```
pub fn align(old: &[Piece], new: &[Piece], least: f64) -> Vec<Pair> {
    let mut pairs = kept(old, new);
    let (mut old_done, mut new_done) = (vec![false; old.len()], vec![false; new.len()]);
    for pair in &pairs {
        (old_done[pair.old], new_done[pair.new]) = (true, true);
    }
    let mut alike = alike(old, new, &old_done, &new_done, least);
    // The most alike first, then those that stand at about the same place.
    let distance = |pair: &Pair| {
        let place = |at: usize, of: usize| at as f64 / of.max(1) as f64;
        (place(pair.old, old.len()) - place(pair.new, new.len())).abs()
    };
    alike.sort_by(|one, two| {
        two.jaccard
            .total_cmp(&one.jaccard)
            .then(two.overlap.total_cmp(&one.overlap))
            .then(distance(one).total_cmp(&distance(two)))
            .then((one.new, one.old).cmp(&(two.new, two.old)))
    });
    for pair in &alike {
        if !old_done[pair.old] && !new_done[pair.new] {
            (old_done[pair.old], new_done[pair.new]) = (true, true);
            pairs.push(*pair);
        }
    }
    for pair in &alike {
        if !old_done[pair.old] || !new_done[pair.new] {
            (old_done[pair.old], new_done[pair.new]) = (true, true);
            pairs.push(*pair);
        }
    }
    pairs.sort_by_key(|pair| (pair.new, pair.old));
    pairs
}

/// Pairs equal texts in order. Where one stands more often in one list, each of those left over is
/// paired with the last of the other list.
fn kept(old: &[Piece], new: &[Piece]) -> Vec<Pair> {
    let mut places: HashMap<&[char], (Vec<usize>, Vec<usize>)> = HashMap::new();
    for (at, piece) in old.iter().enumerate() {
        places.entry(&piece.letters).or_default().0.push(at);
    }
    for (at, piece) in new.iter().enumerate() {
        places.entry(&piece.letters).or_default().1.push(at);
    }
    let mut pairs = Vec::new();
    for (olds, news) in places.into_values() {
        if let (Some(&last_old), Some(&last_new)) = (olds.last(), news.last()) {
            for at in 0..olds.len().max(news.len()) {
                pairs.push(Pair {
                    old: olds.get(at).copied().unwrap_or(last_old),
                    new: news.get(at).copied().unwrap_or(last_new),
                    is_kept: true,
                    overlap: 1.0,
                    jaccard: 1.0,
                });
            }
        }
    }
    pairs
}

/// Returns the pairs of texts that are not done and overlap enough.
fn alike(
    old: &[Piece],
    new: &[Piece],
    old_done: &[bool],
    new_done: &[bool],
    least: f64,
) -> Vec<Pair> {
    let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, piece) in old.iter().enumerate().filter(|(at, _)| !old_done[*at]) {
        for &shingle in piece.shingles.hashes() {
            holders.entry(shingle).or_default().push(at);
        }
    }
    let mut alike = Vec::new();
    let mut shared: HashMap<usize, usize> = HashMap::new();
    for (at, piece) in new.iter().enumerate().filter(|(at, _)| !new_done[*at]) {
        shared.clear();
        for shingle in piece.shingles.hashes() {
            for &holder in holders.get(shingle).map_or(&[][..], Vec::as_slice) {
                *shared.entry(holder).or_default() += 1;
            }
        }
        for (&holder, &shared) in &shared {
            let sizes = [&old[holder], piece].map(|piece| piece.shingles.hashes().len());
            let shorter = sizes[0].min(sizes[1]).max(SHORT - SIZE + 1);
            let overlap = shared as f64 / shorter as f64;
            if overlap >= least {
                alike.push(Pair {
                    old: holder,
                    new: at,
                    is_kept: false,
                    overlap,
                    jaccard: shared as f64 / (sizes[0] + sizes[1] - shared) as f64,
                });
            }
        }
    }
    alike
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(old: &[String], new: &[String]) -> Vec<Pair> {
        let pieces =
            |texts: &[String]| texts.iter().map(|text| Piece::of(text)).collect::<Vec<_>>();
        align(&pieces(old), &pieces(new), 0.3)
    }

    #[test]
    fn a_paragraph_cut_in_two_keeps_both_halves() {
        let first = "全面推进乡村振兴，新建高标准农田两千亩，粮食总产稳定。";
        let second = "深入实施创新驱动发展战略，培育高新技术企业一百家。";
        let old = [format!("{first}{second}")];
        let found = pairs(&old, &[first.to_owned(), second.to_owned()]);
        let found: Vec<_> = found
            .iter()
            .map(|pair| (pair.old, pair.new, pair.overlap))
            .collect();
        assert_eq!(found, [(0, 0, 1.0), (0, 1, 1.0)]);
    }

    proptest! {
        #[test]
        fn every_text_is_of_one_class(
            old in prop::collection::vec("[一二三]{0,30}", 0..12),
            new in prop::collection::vec("[一二三]{0,30}", 0..12),
        ) {
            let found = pairs(&old, &new);
            let mut classes: [HashMap<usize, bool>; 2] = Default::default();
            for pair in &found {
                prop_assert_eq!(pair.is_kept, letters(&old[pair.old]) == letters(&new[pair.new]));
                for (side, at) in [pair.old, pair.new].into_iter().enumerate() {
                    prop_assert_eq!(*classes[side].entry(at).or_insert(pair.is_kept), pair.is_kept);
                }
            }
            for (at, text) in old.iter().enumerate() {
                prop_assert!(classes[0].contains_key(&at) || !new.contains(text));
            }
            let mirrored: Vec<(usize, usize)> = found.iter().map(|pair| (pair.old, pair.new)).collect();
            let again: Vec<(usize, usize)> = pairs(&old, &new).iter().map(|pair| (pair.old, pair.new)).collect();
            prop_assert_eq!(mirrored, again);
        }
    }
}
