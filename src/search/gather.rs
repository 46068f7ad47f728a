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
    /// The best of them, with the parts of their scores.
    best: Best<Parts>,
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

/// The best matches, each with something.
struct Best<T> {
    /// How many are wanted.
    most: usize,
    /// In no order; up to twice as many.
    kept: Vec<(Scored, T)>,
    /// The last one of as many as are wanted, once there are so many.
    last: Option<Scored>,
}

impl<T> Best<T> {
    #[inline]
    fn add(&mut self, scored: Scored, with: T, order: &Order) {
        if let Some(last) = &self.last
            && (scored.score < last.score || scored.compare(last, order).is_gt())
        {
            return;
        }
        self.kept.push((scored, with));
        if self.kept.len() >= self.most.saturating_mul(2) {
            self.cut(order);
        }
    }

    /// Leaves out what is not wanted.
    fn cut(&mut self, order: &Order) {
        if self.kept.len() <= self.most {
            return;
        }
        let at = self.most - 1;
        self.kept
            .select_nth_unstable_by(at, |(one, _), (other, _)| one.compare(other, order));
        self.kept.truncate(self.most);
        self.last = self.kept.last().map(|(scored, _)| *scored);
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
            best: Best {
                most: wanted.looked_at().max(WITH_CONTEXT),
                kept: Vec::new(),
                last: None,
            },
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
        let totals = scores.totals();
        self.keep(
            &places,
            |number| totals[number],
            |number| scores.parts(number),
        );
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
        let mut has_verbatim = false;
        let score = |number: usize| {
            let (score, is_verbatim) = total(places[number]);
            has_verbatim |= is_verbatim;
            score
        };
        self.keep(&places, score, |number| parts(places[number]));
        self.has_verbatim |= has_verbatim;
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

    /// Keeps matches that pass the filters; `score` and `parts` say by their numbers what they score.
    fn keep(
        &mut self,
        places: &[u32],
        mut score: impl FnMut(usize) -> f32,
        parts: impl Fn(usize) -> Parts,
    ) {
        let order = self.order;
        // Numbers first, parts of what is left: they are five times as large.
        let mut best: Best<usize> = Best {
            most: self.best.most,
            kept: Vec::new(),
            last: self.best.last,
        };
        self.found.reserve(places.len());
        for (number, &place) in places.iter().enumerate() {
            let score = score(number);
            let scored = Scored { score, place };
            self.found.push(scored);
            best.add(scored, number, order);
        }
        best.cut(order);
        for (scored, number) in best.kept {
            self.best.add(scored, parts(number), order);
        }
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
        let order = self.order;
        self.best.cut(order);
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
        let mut kept = self.best.kept;
        kept.sort_unstable_by(|(one, _), (other, _)| one.compare(other, order));
        let best = kept.iter();
        let mut candidates: Vec<Candidate> = best
            .map(|(scored, parts)| candidate(scored, *parts))
            .collect();
        if questions.add_context(&mut candidates, &index.schema.ranking) {
            candidates.sort_unstable_by(Candidate::compare);
        }
        let sorted = candidates.len();
        let last = kept.last().map(|(scored, _)| *scored);
        if let Some(last) = last.filter(|_| sorted < self.found.len()) {
            // Copies of those are shown with them.
            let mut shown = Set::below(order.groups.len());
            for (scored, _) in &kept {
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
