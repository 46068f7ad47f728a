//! Letters → the strings that recur, with their counts.
//!
//! The places of the texts are cut into portions by the first letter of what stands there. Those of
//! a portion are sorted by their first letters, then each set of places with equal strings is parted
//! by the next letter, again and again, until it is too small. So each string is seen once with all
//! of its places.

use rayon::prelude::*;

use super::Formula;
use super::nesting;
use super::texts::{BREAK, Texts};

/// Places that are sorted at once: 16 bytes each.
const PORTION: usize = 1 << 22;

/// Letters by which places are sorted at first.
const KEY: usize = 4;

/// Which strings are sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Fewest letters; at least 1.
    pub shortest: usize,
    /// Most letters; at most 255.
    pub longest: usize,
    /// Fewest occurrences; at least 2.
    pub least: usize,
    /// Fewest groups of texts.
    pub least_groups: usize,
}

/// What recurs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recurring {
    /// The formulas by C-value, ties by count, then by text.
    pub formulas: Vec<Formula>,
    /// How many strings are longer than the longest sought and recur as often: their pieces are
    /// left out.
    pub longer: u64,
}

/// A string that recurs and is no mere piece, by one of its places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Its first place.
    pub(super) place: u32,
    pub(super) length: u8,
    pub(super) count: u32,
    pub(super) groups: u32,
}

impl Texts {
    /// Finds the strings that recur within the bounds.
    pub fn recurring(&self, bounds: &Bounds) -> Recurring {
        let mut candidates = Vec::new();
        let mut longer = 0;
        for portion in self.portions() {
            let (found, cut) = self.of_portion(&portion, bounds);
            candidates.extend(found);
            longer += cut;
        }
        Recurring {
            formulas: nesting::formulas(self, candidates),
            longer,
        }
    }

    /// Returns portions of the alphabet, as ranges of letters, each with at most [`PORTION`] places
    /// unless it is one letter.
    fn portions(&self) -> Vec<std::ops::Range<u16>> {
        let mut counts = vec![0_usize; self.alphabet()];
        for &letter in &self.letters {
            counts[letter as usize] += 1;
        }
        let mut portions = Vec::new();
        let (mut first, mut sum) = (1, 0);
        for (letter, &count) in counts.iter().enumerate().skip(1) {
            if sum > 0 && sum + count > PORTION {
                portions.push(first as u16..letter as u16);
                (first, sum) = (letter, 0);
            }
            sum += count;
        }
        portions.push(first as u16..counts.len() as u16);
        portions
    }

    fn of_portion(&self, portion: &std::ops::Range<u16>, bounds: &Bounds) -> (Vec<Candidate>, u64) {
        let key_letters = KEY.min(bounds.shortest);
        let key = |place: usize| -> Option<u64> {
            let letters = self.letters.get(place..place + key_letters)?;
            let is_inside = portion.contains(&letters[0]) && !letters.contains(&BREAK);
            is_inside.then(|| {
                letters
                    .iter()
                    .fold(0, |key, &letter| key << 16 | u64::from(letter))
            })
        };
        let mut places: Vec<(u64, u32)> = (0..self.letters.len())
            .into_par_iter()
            .filter_map(|place| key(place).map(|key| (key, place as u32)))
            .collect();
        places.par_sort_unstable();
        let sets: Vec<&[(u64, u32)]> = places
            .chunk_by(|one, two| one.0 == two.0)
            .filter(|set| set.len() >= bounds.least)
            .collect();
        let found: Vec<Finder<'_>> = sets
            .par_chunks(256)
            .map(|sets| {
                let mut finder = Finder::new(self, bounds);
                for set in sets {
                    let mut set: Vec<(u16, u32)> =
                        set.iter().map(|&(_, place)| (0, place)).collect();
                    finder.part(&mut set, key_letters);
                }
                finder
            })
            .collect();
        let longer = found.iter().map(|finder| finder.longer).sum();
        (
            found.into_iter().flat_map(|finder| finder.found).collect(),
            longer,
        )
    }
}

/// Looks through sets of places with equal strings.
struct Finder<'a> {
    texts: &'a Texts,
    bounds: &'a Bounds,
    found: Vec<Candidate>,
    longer: u64,
    scratch: Vec<u32>,
}

impl<'a> Finder<'a> {
    fn new(texts: &'a Texts, bounds: &'a Bounds) -> Self {
        Finder {
            texts,
            bounds,
            found: Vec::new(),
            longer: 0,
            scratch: Vec::new(),
        }
    }

    /// Takes the places of one string of `length` letters and goes on to longer ones.
    fn part(&mut self, set: &mut [(u16, u32)], length: usize) {
        for (next, place) in set.iter_mut() {
            *next = self.texts.letters[*place as usize + length];
        }
        set.sort_unstable();
        let goes_on = |part: &&mut [(u16, u32)]| part[0].0 != BREAK;
        let most = set
            .chunk_by(|one, two| one.0 == two.0)
            .filter(|part| part[0].0 != BREAK)
            .map(<[(u16, u32)]>::len)
            .max()
            .unwrap_or(0);
        if length >= self.bounds.shortest {
            self.look_at(set, length, most);
        }
        if length == self.bounds.longest {
            return;
        }
        for part in set.chunk_by_mut(|one, two| one.0 == two.0).filter(goes_on) {
            if part.len() >= self.bounds.least {
                self.part(part, length + 1);
            }
        }
    }

    /// Keeps a string unless it is a mere piece; `most` of its places go on with the same letter.
    fn look_at(&mut self, set: &[(u16, u32)], length: usize, most: usize) {
        let edges = set.iter().filter(|(_, place)| {
            let place = *place as usize;
            self.texts.is_edge(place) && self.texts.is_edge(place + length)
        });
        let goes_on = most == set.len();
        if goes_on && length < self.bounds.longest {
            return;
        }
        let before = self.texts.letters[set[0].1 as usize - 1];
        let began_before = before != BREAK
            && set
                .iter()
                .all(|(_, place)| self.texts.letters[*place as usize - 1] == before);
        if goes_on || began_before {
            self.longer += u64::from(goes_on && !began_before);
            return;
        }
        let start = set[0].1 as usize;
        let is_figure = self.texts.is_figure(start) || self.texts.is_figure(start + length - 1);
        if is_figure || edges.count() * 2 <= set.len() {
            return;
        }
        self.scratch.clear();
        self.scratch
            .extend(set.iter().map(|(_, place)| self.texts.group_at(*place)));
        self.scratch.sort_unstable();
        self.scratch.dedup();
        let groups = self.scratch.len();
        if groups < self.bounds.least_groups {
            return;
        }
        let first = set.iter().map(|(_, place)| *place).min();
        self.found.push(Candidate {
            place: first.unwrap_or(0),
            length: length as u8,
            count: set.len() as u32,
            groups: groups as u32,
        });
    }
}
