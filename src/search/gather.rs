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
    pub(super) fn add_documents(
        &mut self,
        segment: usize,
        mut docs: Vec<DocId>,
        ranker: &mut SegmentRanker<'_>,
    ) {
        let order = self.order;
        let places = docs.iter().filter_map(|doc| order.place(segment, *doc));
        let places = self.passing(places.map(|place| place as u32).collect());
        if places.len() < docs.len() {
            let passages = places.iter().map(|place| &order.passages[*place as usize]);
            docs = passages.map(|passage| passage.address.doc_id).collect();
        }
        ranker.look_up(&docs);
        let scores = ranker.score(&docs, |number| order.report(places[number]), &[]);
        self.has_verbatim |= scores.has_verbatim();
        self.found.reserve(places.len());
        for (number, (score, place)) in scores.totals().into_iter().zip(places).enumerate() {
            self.keep(Scored { score, place }, || scores.parts(number));
        }
    }

    /// Counts matches, and keeps those that pass the filters: `parts` gives what each scores,
    /// `total` the sum, and whether it holds a leaf verbatim.
    pub(super) fn add_places(
        &mut self,
        places: Vec<u32>,
        mut total: impl FnMut(u32) -> (f32, bool),
        parts: impl Fn(u32) -> Parts,
    ) {
        let places = self.passing(places);
        self.found.reserve(places.len());
        for place in places {
            let (score, is_verbatim) = total(place);
            self.has_verbatim |= is_verbatim;
            self.keep(Scored { score, place }, || parts(place));
        }
    }

    /// Counts matches, and returns those that pass the filters.
    fn passing(&mut self, mut places: Vec<u32>) -> Vec<u32> {
        if !self.filters.fields.is_empty() || !self.counters.is_empty() {
            places.retain(|&place| {
                let report = self.order.report_of[place as usize];
                let failing = self.facets.failing(place, self.filters);
                if failing != Failing::Several {
                    self.facets
                        .count(place, report, failing, &mut self.counters);
                }
                failing == Failing::None
            });
        }
        for &place in &places {
            self.groups.insert(self.order.group_of[place as usize]);
            self.reports.insert(self.order.report_of[place as usize]);
        }
        places
    }

    /// Keeps a match that passes the filters, with its parts if it is among the best.
    #[inline]
    fn keep(&mut self, scored: Scored, parts: impl FnOnce() -> Parts) {
        self.found.push(scored);
        if let Some(last) = &self.last
            && (scored.score < last.score || scored.compare(last, self.order).is_gt())
        {
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
        self.best
            .sort_unstable_by(|(one, _), (other, _)| one.compare(other, order));
        let best = self.best.iter();
        let mut candidates: Vec<Candidate> = best
            .map(|(scored, parts)| candidate(scored, *parts))
            .collect();
        if questions.add_context(&mut candidates, &index.schema.ranking) {
            candidates.sort_unstable_by(Candidate::compare);
        }
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
                folded: self.groups.count(),
                reports: self.reports.count(),
            },
            facets: counts,
        })
    }
}

/// A set of numbers below a bound.
struct Set(Vec<u64>);

impl Set {
    fn below(bound: usize) -> Self {
        Set(vec![0; bound.div_ceil(64)])
    }

    #[inline]
    fn insert(&mut self, number: u32) {
        self.0[number as usize / 64] |= 1 << (number % 64);
    }

    #[inline]
    fn contains(&self, number: u32) -> bool {
        self.0[number as usize / 64] & (1 << (number % 64)) != 0
    }

    fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }
}
