//! Matches in order: only as much of it as is looked at, copies under their best.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use tantivy::DocAddress;

use super::Parts;
use crate::model::{FacetCount, FacetField, Totals};

/// A passage that matched.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Where it stands.
    pub address: DocAddress,
    /// Its id.
    pub id: u64,
    /// Hash that its copies share.
    pub fold: u64,
    /// Its report.
    pub report: u64,
    /// Its score.
    pub score: f32,
    /// The parts of its score.
    pub parts: Parts,
    /// First key of its place in the order; smaller is first.
    pub(super) order: i64,
}

impl Candidate {
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        self.order
            .cmp(&other.order)
            .then(other.score.total_cmp(&self.score))
            .then(self.id.cmp(&other.id))
    }
}

/// Everything that matched, in order.
#[derive(Debug, Default)]
pub struct Matches {
    /// The passages that the filters keep.
    pub candidates: Vec<Candidate>,
    /// How many of them stand in order; the others come after those.
    pub(super) sorted: usize,
    /// How many they are.
    pub total: Totals,
    /// Counts of the facets asked for.
    pub facets: BTreeMap<FacetField, Vec<FacetCount>>,
}

/// A candidate with the copies that fold under it.
#[derive(Debug, Clone)]
pub struct Folded {
    /// The best of them.
    pub best: Candidate,
    /// The others, in order; at most as many as are named.
    pub copies: Vec<u64>,
    /// How many others there are.
    pub copy_count: u64,
}

impl Matches {
    /// Puts the first `count` candidates in order.
    pub(super) fn sort(&mut self, count: usize) {
        self.sorted = count.min(self.candidates.len());
        if self.sorted < self.candidates.len() {
            self.candidates
                .select_nth_unstable_by(self.sorted, Candidate::compare);
        }
        self.candidates[..self.sorted].sort_unstable_by(Candidate::compare);
    }

    /// Returns the candidates from `offset`, at most `limit`, each standing for those that share
    /// its key: copies where `fold`, passages of its report where `by_report`. At most `named`
    /// copies are named.
    pub fn page(
        &mut self,
        fold: bool,
        by_report: bool,
        offset: usize,
        limit: usize,
        named: usize,
    ) -> Vec<Folded> {
        let last = offset.saturating_add(limit);
        let mut shown = self.groups(fold, by_report, last, named);
        if shown.len() < last && self.sorted < self.candidates.len() {
            self.sort(usize::MAX);
            shown = self.groups(fold, by_report, last, named);
        }
        shown.drain(..offset.min(shown.len()));
        shown
    }

    fn groups(&self, fold: bool, by_report: bool, last: usize, named: usize) -> Vec<Folded> {
        let mut place: HashMap<u64, usize, Identity> = HashMap::default();
        let mut reports: HashSet<u64, Identity> = HashSet::default();
        let mut shown: Vec<(Candidate, Vec<Candidate>)> = Vec::new();
        let (sorted, rest) = self.candidates.split_at(self.sorted);
        for candidate in sorted {
            let known = place.get(&candidate.fold).filter(|_| fold);
            if let Some((_, copies)) = known.and_then(|&at| shown.get_mut(at)) {
                copies.push(*candidate);
            } else if shown.len() < last && (!by_report || reports.insert(candidate.report)) {
                place.insert(candidate.fold, shown.len());
                shown.push((*candidate, Vec::new()));
            }
        }
        if fold {
            for candidate in rest {
                let known = place.get(&candidate.fold);
                if let Some((_, copies)) = known.and_then(|&at| shown.get_mut(at)) {
                    copies.push(*candidate);
                }
            }
        }
        let folded = |(best, mut copies): (Candidate, Vec<Candidate>)| {
            copies.sort_unstable_by(Candidate::compare);
            Folded {
                best,
                copy_count: copies.len() as u64,
                copies: copies.iter().take(named).map(|copy| copy.id).collect(),
            }
        };
        shown.into_iter().map(folded).collect()
    }
}

/// Hashes ids by themselves: they are hashes already.
#[derive(Default)]
pub(super) struct IdentityHasher(u64);

impl Hasher for IdentityHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, id: u64) {
        self.0 = id;
    }
}

pub(super) type Identity = BuildHasherDefault<IdentityHasher>;
