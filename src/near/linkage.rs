//! The texts of a component → groups, by exact comparison of every pair.
//!
//! Complete linkage: texts that differ in figures only come together first, then pairs in order of
//! their similarity; two groups become one if every text of one is a near copy of every text of the
//! other.

use super::Shingles;
use super::shingles::Similarity;

/// A text of a component.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// Hash of its letters.
    pub fold: u64,
    /// Hash of its masked form.
    pub mask: u64,
    /// Its shingles.
    pub shingles: &'a Shingles,
}

/// Returns the groups of two and more texts with different folds, each as ascending folds, in
/// ascending order. The order of the texts does not matter.
pub fn groups(texts: &[Text<'_>]) -> Vec<Vec<u64>> {
    let mut texts = texts.to_vec();
    texts.sort_unstable_by_key(|text| (text.mask, text.fold));
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut group_of = Vec::with_capacity(texts.len());
    for (at, text) in texts.iter().enumerate() {
        if at == 0 || texts[at - 1].mask != text.mask {
            groups.push(Vec::new());
        }
        group_of.push(groups.len() - 1);
        if let Some(group) = groups.last_mut() {
            group.push(at);
        }
    }
    let mut near = Pairs::new(texts.len());
    let mut pairs: Vec<(Similarity, usize, usize)> = Vec::new();
    for (at, one) in texts.iter().enumerate() {
        for (ahead, two) in texts[at + 1..].iter().enumerate() {
            let other = at + 1 + ahead;
            if one.mask != two.mask && one.shingles.may_be_near(two.shingles) {
                let similarity = one.shingles.similarity(two.shingles);
                if similarity.is_near() {
                    near.insert(at, other);
                    pairs.push((similarity, at, other));
                }
            }
        }
    }
    // The most similar first; ties in order of masks and folds, which is that of the texts.
    pairs.sort_by(|one, two| {
        two.0
            .compare(one.0)
            .then((one.1, one.2).cmp(&(two.1, two.2)))
    });
    for (_, one, two) in pairs {
        let (one, two) = (group_of[one], group_of[two]);
        let is_complete = groups[one]
            .iter()
            .all(|&a| groups[two].iter().all(|&b| near.holds(a, b)));
        if one != two && is_complete {
            let moved = std::mem::take(&mut groups[two]);
            moved.iter().for_each(|&text| group_of[text] = one);
            groups[one].extend(moved);
        }
    }
    let folds = |group: Vec<usize>| -> Vec<u64> {
        let mut folds: Vec<u64> = group.into_iter().map(|text| texts[text].fold).collect();
        folds.sort_unstable();
        folds
    };
    let mut groups: Vec<Vec<u64>> = groups
        .into_iter()
        .filter(|group| group.len() > 1)
        .map(folds)
        .collect();
    groups.sort_unstable();
    groups
}

/// A set of pairs of numbers below a size, the smaller first, as bits.
struct Pairs {
    size: usize,
    bits: Vec<u64>,
}

impl Pairs {
    fn new(size: usize) -> Self {
        Pairs {
            size,
            bits: vec![0; (size * size).div_ceil(64)],
        }
    }

    fn place(&self, one: usize, two: usize) -> usize {
        one.min(two) * self.size + one.max(two)
    }

    fn insert(&mut self, one: usize, two: usize) {
        let place = self.place(one, two);
        self.bits[place / 64] |= 1 << (place % 64);
    }

    fn holds(&self, one: usize, two: usize) -> bool {
        let place = self.place(one, two);
        self.bits[place / 64] & 1 << (place % 64) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts over numbers as letters: each range is a run of different characters.
    fn grouped(texts: &[(u64, u64, &str)]) -> Vec<Vec<u64>> {
        let shingles: Vec<Shingles> = texts.iter().map(|text| Shingles::of(text.2)).collect();
        let mut texts: Vec<Text<'_>> = texts
            .iter()
            .zip(&shingles)
            .map(|(&(fold, mask, _), shingles)| Text {
                fold,
                mask,
                shingles,
            })
            .collect();
        let found = groups(&texts);
        texts.reverse();
        assert_eq!(groups(&texts), found, "order does not matter");
        found
    }

    fn run(range: std::ops::Range<u32>) -> String {
        range.filter_map(|at| char::from_u32(0x4e00 + at)).collect()
    }

    #[test]
    fn a_chain_is_cut_at_its_weakest_link() {
        let (one, two, three) = (run(0..100), run(8..108), run(17..117));
        let texts = [(1, 1, &*one), (2, 2, &two), (3, 3, &three)];
        assert_eq!(grouped(&texts), [[1, 2]]);
    }

    #[test]
    fn figures_come_first_and_hold_a_group_together() {
        let (one, two, three) = (run(0..100), run(50..150), run(52..152));
        // 1 and 2 differ in figures only; 3 is like 2, but not like 1.
        assert_eq!(
            grouped(&[(1, 7, &one), (2, 7, &two), (3, 8, &three)]),
            [[1, 2]]
        );
        assert_eq!(
            grouped(&[(1, 6, &one), (2, 7, &two), (3, 8, &three)]),
            [[2, 3]]
        );
    }

    #[test]
    fn strangers_have_no_group() {
        assert!(grouped(&[(1, 1, &run(0..50)), (2, 2, &run(100..150))]).is_empty());
    }
}
