//! Matches in order: only as much of it as is looked at, copies under their best.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};

use tantivy::DocAddress;

use super::Parts;
use crate::index::Identity;
use crate::model::{FacetCounts, FacetField, Totals};

/// A passage that matched.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Where it stands.
    pub address: DocAddress,
    /// Its id.
    pub id: u64,
    /// What its copies share.
    pub group: u64,
    /// Its report.
    pub report: u64,
    /// Its score.
    pub score: f32,
    /// The parts of its score.
    pub parts: Parts,
    /// First keys of its place in the order: a year, or source and place; smaller is first.
    pub(super) order: (i64, u64),
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
    pub facets: BTreeMap<FacetField, FacetCounts>,
}

/// A candidate with the copies that fold under it.
#[derive(Debug, Clone)]
pub struct Folded {
    /// The best of them.
    pub best: Candidate,
    /// The others, in order.
    pub copies: Vec<Candidate>,
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

    /// Keeps the first `count` candidates of the order.
    pub(super) fn keep_first(&mut self, count: usize) {
        if self.candidates.len() > count {
            self.candidates
                .select_nth_unstable_by(count, Candidate::compare);
            self.candidates.truncate(count);
        }
    }

    /// Returns the candidates from `offset`, at most `limit`, each standing for those that share
    /// its key: copies where `fold`, passages of its report where `by_report`.
    pub fn page(
        &mut self,
        fold: bool,
        by_report: bool,
        offset: usize,
        limit: usize,
    ) -> Vec<Folded> {
        let last = offset.saturating_add(limit);
        let mut shown = self.groups(fold, by_report, last);
        if shown.len() < last && self.sorted < self.candidates.len() {
            self.sort(usize::MAX);
            shown = self.groups(fold, by_report, last);
        }
        shown.drain(..offset.min(shown.len()));
        shown
    }

    fn groups(&self, fold: bool, by_report: bool, last: usize) -> Vec<Folded> {
        let mut place: HashMap<u64, usize, Identity> = HashMap::default();
        let mut reports: HashSet<u64, Identity> = HashSet::default();
        let mut shown: Vec<(Candidate, Vec<Candidate>)> = Vec::new();
        let (sorted, rest) = self.candidates.split_at(self.sorted);
        for candidate in sorted {
            let known = place.get(&candidate.group).filter(|_| fold);
            if let Some((_, copies)) = known.and_then(|&at| shown.get_mut(at)) {
                copies.push(*candidate);
            } else if shown.len() < last && (!by_report || reports.insert(candidate.report)) {
                place.insert(candidate.group, shown.len());
                shown.push((*candidate, Vec::new()));
            }
        }
        if fold {
            for candidate in rest {
                let known = place.get(&candidate.group);
                if let Some((_, copies)) = known.and_then(|&at| shown.get_mut(at)) {
                    copies.push(*candidate);
                }
            }
        }
        let folded = |(best, mut copies): (Candidate, Vec<Candidate>)| {
            copies.sort_unstable_by(Candidate::compare);
            Folded { best, copies }
        };
        shown.into_iter().map(folded).collect()
    }
}
