//! A plan that is one question and nothing else → its matches, without a look at each of them.
//!
//! A question matches most of an index. Its sums say what nearly all passages score; the few where
//! it stands verbatim, in a heading or in a title are scored one by one. Filters and facets are read
//! from columns in the order of reading, and only what may be shown becomes a candidate.
//!
//! Invariant: what is shown and counted is what the way through all matches shows and counts.

use super::columns::Filters;
use super::gather::{Gathering, is_ranked_page};
use super::page::Matches;
use super::rank::Ranker;
use super::sums::Questions;
use super::{Index, Wanted, lower};
use crate::error::Result;
use crate::plan::{Node, Plan};

/// Finds the matches of a question; `None` if the plan is more than one or more is wanted.
///
/// # Errors
/// If the index cannot be read.
pub(super) fn matches<'a>(
    plan: &Plan,
    wanted: &Wanted<'a>,
    filters: &'a Filters,
    questions: &'a Questions<'_>,
    ranker: &'a Ranker<'a>,
    index: &Index<'_>,
) -> Result<Option<Matches>> {
    let (Node::Leaf(0), [leaf], Some(sums)) = (&plan.tree, &*plan.leaves, questions.leaf(0)) else {
        return Ok(None);
    };
    if !is_ranked_page(wanted) {
        return Ok(None);
    }
    let faces = lower::standing(leaf, index);
    let Some(standing) = index.checked(ranker.standing(&faces, index))? else {
        return Ok(None);
    };
    let order = questions.order;
    let mut gathering = Gathering::new(wanted, filters, order, index)?;
    let mut standing_on = standing.iter().peekable();
    for place in 0..order.passages.len() {
        let own = standing_on.next_if(|one| one.place == place as u32);
        if own.is_some_and(|one| one.matches) || sums.matches(place) {
            let score = || match own {
                Some(own) => (own.parts.total(), Some(own.parts)),
                None => (sums.total(place, order), None),
            };
            gathering.add(place, score, || sums.parts(place, order));
        }
    }
    gathering.finish(wanted, questions, index).map(Some)
}
