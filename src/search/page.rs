//! Matches in order: only as much of it as is looked at, copies under their best.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

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
    /// Whether more stand behind those in order than are held here.
    pub(super) is_partial: bool,
    /// Whether one of all matches holds what was typed, as it was typed.
    pub has_verbatim: bool,
    /// How many they are.
    pub total: Totals,
    /// Counts of the facets asked for.
    pub facets: BTreeMap<FacetField, FacetCounts>,
}

/// Which of the candidates are shown.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Whether copies fold under their best.
    pub fold: bool,
    /// Whether only the best passage of each report is shown.
    pub by_report: bool,
    /// So many passages of a report stand before the next so many of any report; 0 for as they come.
    pub per_report: usize,
    /// How many come before the page.
    pub offset: usize,
    /// At most so many are on it.
    pub limit: usize,
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

    /// Returns whether a page of `count` may hold more than these matches tell.
    pub fn lacks(&self, count: usize, page: &Page) -> bool {
        self.is_partial && count < page.limit
    }

    /// Returns a page of the candidates, each standing for those that share its key.
    pub fn page(&mut self, page: &Page) -> Vec<Folded> {
        let last = page.offset.saturating_add(page.limit);
        let (mut shown, mut settled) = self.groups(page);
        if settled < last && self.sorted < self.candidates.len() && !self.is_partial {
            self.sort(usize::MAX);
            (shown, settled) = self.groups(page);
        }
        let Groups { mut found, order } = shown;
        let end = last.min(settled).min(order.len());
        let folded = |&(_, at): &(usize, usize)| {
            let (best, copies) = &mut found[at];
            let mut copies = std::mem::take(copies);
            copies.sort_unstable_by(Candidate::compare);
            Folded {
                best: *best,
                copies,
            }
        };
        order[page.offset.min(end)..end]
            .iter()
            .map(folded)
            .collect()
    }

    /// Returns the candidates that stand in order with their copies, and how many of the first of
    /// them no later candidate can come before.
    fn groups(&self, page: &Page) -> (Groups, usize) {
        let (sorted, rest) = self.candidates.split_at(self.sorted);
        let map = || HashMap::with_capacity_and_hasher(sorted.len(), Identity::default());
        let mut place: HashMap<u64, usize, Identity> = map();
        let mut reports: HashMap<u64, usize, Identity> = map();
        let mut shown: Vec<(Candidate, Vec<Candidate>)> = Vec::with_capacity(sorted.len());
        // For each one shown, how many turns of its report come before.
        let mut turns: Vec<usize> = Vec::with_capacity(sorted.len());
        for candidate in sorted {
            let known = place.get(&candidate.group).filter(|_| page.fold);
            if let Some((_, copies)) = known.and_then(|&at| shown.get_mut(at)) {
                copies.push(*candidate);
                continue;
            }
            let before = reports.entry(candidate.report).or_default();
            if !page.by_report || *before == 0 {
                place.insert(candidate.group, shown.len());
                shown.push((*candidate, Vec::new()));
                turns.push(before.checked_div(page.per_report).unwrap_or(0));
            }
            *before += 1;
        }
        if page.fold {
            for candidate in rest {
                let known = place.get(&candidate.group);
                if let Some((_, copies)) = known.and_then(|&at| shown.get_mut(at)) {
                    copies.push(*candidate);
                }
            }
        }
        let first_turn = turns.iter().filter(|turn| **turn == 0).count();
        let settled = if rest.is_empty() && !self.is_partial {
            shown.len()
        } else {
            first_turn
        };
        let mut order: Vec<(usize, usize)> = turns.into_iter().zip(0..).collect();
        order.sort_unstable();
        let found = shown;
        (Groups { found, order }, settled)
    }
}

/// Candidates with their copies.
struct Groups {
    /// In the order of the candidates.
    found: Vec<(Candidate, Vec<Candidate>)>,
    /// Their turns and numbers, in the order in which they are shown.
    order: Vec<(usize, usize)>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Makes candidates in order of their scores; ids and groups are their numbers.
    fn matches(reports: &[u64], sorted: usize) -> Matches {
        let candidate = |(number, report): (usize, &u64)| Candidate {
            address: DocAddress::new(0, number as u32),
            id: number as u64,
            group: number as u64,
            report: *report,
            score: (reports.len() - number) as f32,
            parts: Parts::default(),
            order: (0, 0),
        };
        let mut matches = Matches {
            candidates: reports.iter().enumerate().map(candidate).collect(),
            ..Matches::default()
        };
        matches.candidates.reverse();
        matches.sort(sorted);
        matches
    }

    fn page(offset: usize, limit: usize) -> Page {
        Page {
            fold: true,
            by_report: false,
            per_report: 2,
            offset,
            limit,
        }
    }

    fn ids(shown: Vec<Folded>) -> Vec<u64> {
        shown.iter().map(|folded| folded.best.id).collect()
    }

    #[test]
    fn a_report_waits_after_its_turn() {
        let mut matches = matches(&[7, 7, 7, 8, 7, 9, 7], usize::MAX);
        assert_eq!(ids(matches.page(&page(0, 10))), [0, 1, 3, 5, 2, 4, 6]);
    }

    proptest! {
        #[test]
        fn pages_make_up_the_whole_however_much_is_sorted(
            reports in prop::collection::vec(0..5_u64, 0..40),
            sorted in 0..40_usize,
            limit in 1..9_usize,
        ) {
            let whole = ids(matches(&reports, usize::MAX).page(&page(0, usize::MAX)));
            let mut paged = Vec::new();
            for offset in (0..reports.len()).step_by(limit) {
                paged.extend(ids(matches(&reports, sorted).page(&page(offset, limit))));
            }
            prop_assert_eq!(paged, whole);
        }
    }
}
