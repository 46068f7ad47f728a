//! A plan that is one question and nothing else → its matches, without a look at each of them.
//!
//! A question matches most of an index. Where neither filters nor facets are asked for and it stands
//! nowhere verbatim, its sums say everything: matches are counted, and only those that may be shown
//! become candidates.
//!
//! Invariant: what is shown and counted is what the way through all matches shows and counts.

use std::cmp::Ordering;

use super::order::Order;
use super::page::{Candidate, Matches};
use super::rank::Ranker;
use super::sums::{Questions, WITH_CONTEXT};
use super::{Index, Keep, Wanted};
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
pub(super) fn matches(
    plan: &Plan,
    wanted: &Wanted<'_>,
    questions: &Questions<'_>,
    ranker: &Ranker<'_>,
    index: &Index<'_>,
) -> Result<Option<Matches>> {
    let (Node::Leaf(0), [leaf], Some(sums)) = (&plan.tree, &*plan.leaves, questions.leaf(0)) else {
        return Ok(None);
    };
    let is_all = wanted.may_be_partial
        && wanted.filters.is_empty()
        && wanted.facets.is_empty()
        && wanted.sort == Sort::Relevance
        && matches!(wanted.keep, Keep::All);
    if !is_all || !leaf.aliases.is_empty() || !index.checked(ranker.is_terms_only(index))? {
        return Ok(None);
    }
    let order = questions.order;
    let mut groups = Set::below(order.groups.len());
    let mut reports = Set::below(order.reports.len());
    let mut found: Vec<(f32, u32)> = Vec::new();
    for place in 0..order.passages.len() {
        if sums.matches(place) {
            groups.insert(order.group_of[place]);
            reports.insert(order.report_of[place]);
            found.push((sums.parts(place, order).total(), place as u32));
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
    let candidate = |&(score, place): &(f32, u32)| {
        let place = place as usize;
        let passage = &order.passages[place];
        Candidate {
            address: passage.address,
            id: passage.id,
            group: order.groups[order.group_of[place] as usize],
            report: order.reports[order.report_of[place] as usize].id,
            score,
            parts: sums.parts(place, order),
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
    Ok(Some(Matches {
        candidates,
        sorted,
        is_partial: !rest.is_empty(),
        total,
        ..Matches::default()
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
