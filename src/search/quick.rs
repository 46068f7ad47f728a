//! A plan that is one question and nothing else → its matches, without a look at each of them.
//!
//! A question matches most of an index. Its sums say what nearly all passages score; the few where
//! it stands verbatim, in a heading or in a title are scored one by one. Filters and facets are read
//! from columns in the order of reading, and only what may be shown becomes a candidate.
//!
//! Invariant: what is shown and counted is what the way through all matches shows and counts.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::columns::{FacetColumns, Failing, Filters};
use super::order::Order;
use super::page::{Candidate, Matches};
use super::rank::Ranker;
use super::sums::{Questions, WITH_CONTEXT};
use super::{Index, Keep, Wanted, counters, lower};
use crate::error::Result;
use crate::model::{Sort, Totals};
use crate::plan::{Node, Plan};

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

/// Finds the matches of a question; `None` if the plan is more than one or more is wanted.
///
/// # Errors
/// If the index cannot be read.
pub(super) fn matches<'a>(
    plan: &Plan,
    wanted: &Wanted<'_>,
    filters: &Filters,
    questions: &'a Questions<'_>,
    ranker: &'a Ranker<'a>,
    index: &Index<'_>,
) -> Result<Option<Matches>> {
    let (Node::Leaf(0), [leaf], Some(sums)) = (&plan.tree, &*plan.leaves, questions.leaf(0)) else {
        return Ok(None);
    };
    let is_ranked_page =
        wanted.may_be_partial && wanted.sort == Sort::Relevance && matches!(wanted.keep, Keep::All);
    if !is_ranked_page {
        return Ok(None);
    }
    let faces = lower::standing(leaf, index);
    let Some(standing) = index.checked(ranker.standing(&faces, index))? else {
        return Ok(None);
    };
    let order = questions.order;
    let mut counters = counters(wanted, index)?;
    let facets = FacetColumns::open(filters, &counters, |field| order.facet(field, index));
    let facets = index.checked(facets)?;
    let mut groups = Set::below(order.groups.len());
    let mut reports = Set::below(order.reports.len());
    let mut found: Vec<(f32, u32)> = Vec::new();
    let mut standing_on = standing.iter().peekable();
    for place in 0..order.passages.len() {
        let own = standing_on.next_if(|one| one.place == place as u32);
        if !own.is_some_and(|one| one.matches) && !sums.matches(place) {
            continue;
        }
        let report = order.report_of[place];
        let failing = facets.failing(place as u32, filters);
        if failing == Failing::Several {
            continue;
        }
        facets.count(place as u32, report, failing, &mut counters);
        if failing == Failing::None {
            groups.insert(order.group_of[place]);
            reports.insert(report);
            let score = match own {
                Some(own) => own.parts.total(),
                None => sums.total(place, order),
            };
            found.push((score, place as u32));
        }
    }
    let total = Totals {
        passages: found.len() as u64,
        folded: groups.count,
        reports: reports.count,
    };
    let most = wanted.looked_at().max(WITH_CONTEXT);
    let rest = match found.len() > most {
        true => {
            found.select_nth_unstable_by(most, |a, b| compare(a, b, order));
            found.split_off(most)
        }
        false => Vec::new(),
    };
    let parts = |place: usize| {
        let own = standing.binary_search_by_key(&(place as u32), |one| one.place);
        own.map_or_else(|_| sums.parts(place, order), |at| standing[at].parts)
    };
    let candidate = |&(score, place): &(f32, u32)| {
        let place = place as usize;
        let passage = &order.passages[place];
        Candidate {
            address: passage.address,
            id: passage.id,
            group: order.groups[order.group_of[place] as usize],
            report: order.reports[order.report_of[place] as usize].id,
            score,
            parts: parts(place),
            order: (0, 0),
        }
    };
    let mut candidates: Vec<Candidate> = found.iter().map(candidate).collect();
    questions.add_context(&mut candidates, &index.schema.ranking);
    candidates.sort_unstable_by(Candidate::compare);
    let sorted = candidates.len();
    // Copies of those are shown with them.
    let mut shown = Set::below(order.groups.len());
    for (_, place) in &found {
        shown.insert(order.group_of[*place as usize]);
    }
    let is_copy = |(_, place): &&(f32, u32)| shown.contains(order.group_of[*place as usize]);
    candidates.extend(rest.iter().filter(is_copy).map(candidate));
    let mut counts = BTreeMap::new();
    for counter in counters {
        counts.insert(counter.field, counter.top(wanted.facet_limit, index)?);
    }
    Ok(Some(Matches {
        candidates,
        sorted,
        is_partial: !rest.is_empty(),
        total,
        facets: counts,
    }))
}

/// Compares as [`Candidate::compare`] does.
fn compare(one: &(f32, u32), other: &(f32, u32), order: &Order) -> Ordering {
    let id = |(_, place): &(f32, u32)| order.passages[*place as usize].id;
    other
        .0
        .total_cmp(&one.0)
        .then_with(|| id(one).cmp(&id(other)))
}
