//! The matches of a ranked page, by their places in the order of reading: counted all, held as
//! candidates only where they may be shown.
//!
//! Groups and reports are bits by their numbers, facets are columns by place, and of a match that is
//! not among the best only its score and place are kept, for the copies of what is shown.
//!
//! Invariant: what is shown and counted is what the way through candidates alone shows and counts.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use tantivy::DocId;

use super::columns::{FacetColumns, Failing, Filters};
use super::facets::Counter;
use super::order::Order;
use super::page::{Candidate, Matches};
use super::rank::{Parts, SegmentRanker};
use super::sums::{Questions, WITH_CONTEXT};
use super::{Index, Keep, Wanted, counters};
use crate::error::Result;
use crate::model::{Sort, Totals};

/// Returns whether a page of the best is all that is wanted.
pub(super) fn is_ranked_page(wanted: &Wanted<'_>) -> bool {
    wanted.may_be_partial && wanted.sort == Sort::Relevance && matches!(wanted.keep, Keep::All)
}

/// The matches so far.
pub(super) struct Gathering<'a> {
    pub(super) order: &'a Order,
    filters: &'a Filters,
    facets: FacetColumns<'a>,
    counters: Vec<Counter<'a>>,
    groups: Set,
    reports: Set,
    /// Each match that the filters keep.
    found: Vec<Scored>,
    /// The best of them, in no order, with the parts of their scores; up to twice as many as wanted.
    best: Vec<(Scored, Parts)>,
    /// The last one that `best` wants.
    last: Option<Scored>,
    /// How many of the best are wanted.
    most: usize,
    /// Whether one of the matches holds a leaf verbatim.
    has_verbatim: bool,
}

/// A match by its place.
#[derive(Debug, Clone, Copy)]
struct Scored {
    score: f32,
    place: u32,
}

impl Scored {
    /// Compares as [`Candidate::compare`] does.
    fn compare(&self, other: &Self, order: &Order) -> Ordering {
        let id = |scored: &Scored| order.passages[scored.place as usize].id;
        let by_score = other.score.total_cmp(&self.score);
        by_score.then_with(|| id(self).cmp(&id(other)))
    }
}

impl<'a> Gathering<'a> {
    /// Begins with none.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn new(
        wanted: &Wanted<'a>,
        filters: &'a Filters,
        order: &'a Order,
        index: &Index<'_>,
    ) -> Result<Self> {
        let counters = counters(wanted, index)?;
        let facets = FacetColumns::open(filters, &counters, |field| order.facet(field, index));
        Ok(Gathering {
            order,
            filters,
            facets: index.checked(facets)?,
            counters,
            groups: Set::below(order.groups.len()),
            reports: Set::below(order.reports.len()),
            found: Vec::new(),
            best: Vec::new(),
            last: None,
            most: wanted.looked_at().max(WITH_CONTEXT),
            has_verbatim: false,
        })
    }

    /// Counts the matches of one segment, scores those that pass the filters, and keeps them.
    /// Nothing is counted of what is no passage, or was deleted.
    pub(super) fn add_all(
        &mut self,
        segment: usize,
        mut docs: Vec<DocId>,
        ranker: &mut SegmentRanker<'_>,
    ) {
        let order = self.order;
        let mut places = Vec::with_capacity(docs.len());
        docs.retain(|doc| {
            let place = order.place(segment, *doc);
            let counts = place.is_some_and(|place| self.counts(place));
            places.extend(place.filter(|_| counts).map(|place| place as u32));
            counts
        });
        let scores = ranker.score(&docs, |number| order.report(places[number]), &[]);
        self.has_verbatim |= scores.has_verbatim();
        for (number, (score, place)) in scores.totals().into_iter().zip(places).enumerate() {
            self.keep(Scored { score, place }, || scores.parts(number));
        }
    }

    /// Counts a match, and keeps it if it passes the filters: `score` gives what it scores, and the
    /// parts if they are made already.
    #[inline]
    pub(super) fn add(
        &mut self,
        place: usize,
        score: impl FnOnce() -> (f32, Option<Parts>),
        parts: impl FnOnce() -> Parts,
    ) {
        if !self.counts(place) {
            return;
        }
        let (score, made) = score();
        self.has_verbatim |= made.is_some_and(|parts| parts.exact > 0.0);
        let place = place as u32;
        self.keep(Scored { score, place }, || made.unwrap_or_else(parts));
    }

    /// Counts a match, and returns whether it passes the filters.
    #[inline]
    fn counts(&mut self, place: usize) -> bool {
        let report = self.order.report_of[place];
        let failing = self.facets.failing(place as u32, self.filters);
        if failing == Failing::Several {
            return false;
        }
        self.facets
            .count(place as u32, report, failing, &mut self.counters);
        if failing != Failing::None {
            return false;
        }
        self.groups.insert(self.order.group_of[place]);
        self.reports.insert(report);
        true
    }

    /// Keeps a match that passes the filters, with its parts if it is among the best.
    #[inline]
    fn keep(&mut self, scored: Scored, parts: impl FnOnce() -> Parts) {
        self.found.push(scored);
        let is_behind = |last: &Scored| scored.compare(last, self.order).is_gt();
        if self.last.as_ref().is_some_and(is_behind) {
            return;
        }
        self.best.push((scored, parts()));
        if self.best.len() >= self.most.saturating_mul(2) {
            self.keep_best();
        }
    }

    fn keep_best(&mut self) {
        if self.best.len() <= self.most {
            return;
        }
        let order = self.order;
        let at = self.most - 1;
        self.best
            .select_nth_unstable_by(at, |(one, _), (other, _)| one.compare(other, order));
        self.best.truncate(self.most);
        self.last = self.best.last().map(|(scored, _)| *scored);
    }

    /// Ends the search.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn finish(
        mut self,
        wanted: &Wanted<'_>,
        questions: &Questions<'_>,
        index: &Index<'_>,
    ) -> Result<Matches> {
        self.keep_best();
        let order = self.order;
        let candidate = |scored: &Scored, parts: Parts| {
            let place = scored.place as usize;
            let passage = &order.passages[place];
            Candidate {
                address: passage.address,
                id: passage.id,
                group: order.groups[order.group_of[place] as usize],
                report: order.reports[order.report_of[place] as usize].id,
                score: scored.score,
                parts,
                order: (0, 0),
            }
        };
        let best = self.best.iter();
        let mut candidates: Vec<Candidate> = best
            .map(|(scored, parts)| candidate(scored, *parts))
            .collect();
        questions.add_context(&mut candidates, &index.schema.ranking);
        candidates.sort_unstable_by(Candidate::compare);
        let sorted = candidates.len();
        if let Some(last) = self.last {
            // Copies of those are shown with them.
            let mut shown = Set::below(order.groups.len());
            for (scored, _) in &self.best {
                shown.insert(order.group_of[scored.place as usize]);
            }
            let is_copy = |scored: &&Scored| {
                shown.contains(order.group_of[scored.place as usize])
                    && scored.compare(&last, order).is_gt()
            };
            let copies = self.found.iter().filter(is_copy);
            candidates.extend(copies.map(|scored| candidate(scored, Parts::default())));
        }
        let mut counts = BTreeMap::new();
        for counter in self.counters {
            counts.insert(counter.field, counter.top(wanted.facet_limit, index)?);
        }
        Ok(Matches {
            candidates,
            sorted,
            is_partial: sorted < self.found.len(),
            has_verbatim: self.has_verbatim,
            total: Totals {
                passages: self.found.len() as u64,
                folded: self.groups.count,
                reports: self.reports.count,
            },
            facets: counts,
        })
    }
}

/// A set of numbers below a bound, with their count.
struct Set {
    bits: Vec<u64>,
    count: u64,
}

impl Set {
    fn below(bound: usize) -> Self {
        Set {
            bits: vec![0; bound.div_ceil(64)],
            count: 0,
        }
    }

    #[inline]
    fn insert(&mut self, number: u32) {
        let (word, bit) = (number as usize / 64, 1 << (number % 64));
        if self.bits[word] & bit == 0 {
            self.bits[word] |= bit;
            self.count += 1;
        }
    }

    fn contains(&self, number: u32) -> bool {
        self.bits[number as usize / 64] & (1 << (number % 64)) != 0
    }
}
