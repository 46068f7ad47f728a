//! Signatures → components of texts that may be near copies of each other.
//!
//! Texts that share a band and agree in more than half of their rows are linked, and so are texts
//! with equal masks; a component is what links hold together. Most of the pairs that share a band
//! by chance end here, without a look at their texts.
//!
//! Invariant: a component has at most [`LARGE`] texts, so that the comparison of each with each is
//! bounded.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::print::{BANDS, Near, Signature};

/// Texts of one band's bucket that each is compared with, so that a million records made from one
/// template cost a bounded time. A bucket of the 773 reports holds at most 60.
const WINDOW: usize = 4096;

/// Texts of a component. A larger family is cut, like beside like, into as many as it takes.
pub const LARGE: usize = 1000;

/// Returns the components of two and more texts, as indexes in ascending order, ordered by their
/// first.
///
/// They hang on the order of the texts only where a bucket or a component is cut.
pub fn components(texts: &[Near]) -> Vec<Vec<u32>> {
    let mut links = Links::new(texts.len());
    by_key(
        texts,
        |near| near.mask,
        |bucket| {
            bucket
                .windows(2)
                .for_each(|pair| links.link(pair[0], pair[1]));
        },
    );
    for band in 0..BANDS {
        let key = |near: &Near| u64::from(near.signature.band(band));
        by_key(texts, key, |bucket| {
            for (at, &one) in bucket.iter().enumerate() {
                for &two in bucket[at + 1..].iter().take(WINDOW) {
                    let signature = |text: u32| &texts[text as usize].signature;
                    if links.root(one) != links.root(two) && signature(one).is_like(signature(two))
                    {
                        links.link(one, two);
                    }
                }
            }
        });
    }
    let components = links.components().into_iter();
    components
        .flat_map(|component| cut(component, texts))
        .collect()
}

/// Cuts a component that is too large: texts with equal masks stay together, and those with alike
/// signatures lie side by side.
fn cut(component: Vec<u32>, texts: &[Near]) -> Vec<Vec<u32>> {
    if component.len() <= LARGE {
        return vec![component];
    }
    let near = |text: &u32| &texts[*text as usize];
    let mut first: BTreeMap<u64, Signature> = BTreeMap::new();
    for text in component.iter().map(near) {
        let first = first.entry(text.mask).or_insert(text.signature);
        *first = text.signature.min(*first);
    }
    let mut ordered = component;
    ordered.sort_by_key(|text| (first.get(&near(text).mask), near(text).mask, *text));
    let mut parts: Vec<Vec<u32>> = ordered.chunks(LARGE).map(<[u32]>::to_vec).collect();
    parts.iter_mut().for_each(|part| part.sort_unstable());
    parts.retain(|part| part.len() > 1);
    parts
}

/// Hands every set of two and more texts with one key to `each`, in ascending order.
fn by_key(texts: &[Near], key: impl Fn(&Near) -> u64 + Sync, mut each: impl FnMut(&[u32])) {
    let mut order: Vec<(u64, u32)> = texts
        .par_iter()
        .enumerate()
        .map(|(at, near)| (key(near), at as u32))
        .collect();
    order.par_sort_unstable();
    let mut bucket = Vec::new();
    for run in order.chunk_by(|one, two| one.0 == two.0) {
        if run.len() > 1 {
            bucket.clear();
            bucket.extend(run.iter().map(|(_, text)| *text));
            each(&bucket);
        }
    }
}

/// Disjoint sets; each is known by its smallest member.
struct Links(Vec<u32>);

impl Links {
    fn new(count: usize) -> Self {
        Links((0..count as u32).collect())
    }

    fn root(&mut self, mut text: u32) -> u32 {
        while self.0[text as usize] != text {
            let above = self.0[text as usize];
            self.0[text as usize] = self.0[above as usize];
            text = above;
        }
        text
    }

    fn link(&mut self, one: u32, two: u32) {
        let (one, two) = (self.root(one), self.root(two));
        self.0[one.max(two) as usize] = one.min(two);
    }

    fn components(mut self) -> Vec<Vec<u32>> {
        let mut members: Vec<(u32, u32)> = (0..self.0.len() as u32)
            .map(|text| (self.root(text), text))
            .collect();
        members.par_sort_unstable();
        members
            .chunk_by(|one, two| one.0 == two.0)
            .filter(|component| component.len() > 1)
            .map(|component| component.iter().map(|(_, text)| *text).collect())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(mask: u64, signature: [u64; 3]) -> Near {
        let signature = Signature(signature);
        Near { mask, signature }
    }

    #[test]
    fn a_band_and_half_the_rows_link_and_so_do_masks() {
        let texts = [
            near(1, [0, 0, 0]),
            // 16 rows agree.
            near(2, [0, 0, u64::MAX]),
            // Eight rows agree with the first, none with the second's last.
            near(3, [0, 0x1111_1111_1111_1111, 0x1111_1111_1111_1111]),
            near(4, [0x2222_2222_2222_2222; 3]),
            near(4, [0x3333_3333_3333_3333; 3]),
        ];
        assert_eq!(components(&texts), [vec![0, 1], vec![3, 4]]);
    }

    #[test]
    fn a_large_family_is_cut_between_masks() {
        let texts: Vec<Near> = (0..2500).map(|at| near(at / 5, [at % 2, 7, 7])).collect();
        let parts = components(&texts);
        assert_eq!(
            parts.iter().map(Vec::len).collect::<Vec<_>>(),
            [1000, 1000, 500]
        );
        for part in parts {
            for mask in part.chunks(5) {
                assert!(mask.iter().all(|text| text / 5 == mask[0] / 5), "{mask:?}");
            }
        }
    }

    #[test]
    fn a_million_records_of_one_template_cost_a_bounded_time() {
        let mut seed = 0;
        let mut word = || {
            seed += 1;
            crate::near::shingles::mixed(seed)
        };
        // All share the first bands, no two agree in half of their rows.
        let texts: Vec<Near> = (0..8_000).map(|at| near(at, [0, word(), word()])).collect();
        assert!(components(&texts).is_empty());
    }
}
