//! A plan that is one question and nothing else → its matches, without a look at each of them.
//!
//! A question matches most of an index. Its sums say what nearly all passages score; the few where
//! it stands verbatim, in a heading or in a title are scored one by one. Filters and facets are read
//! from columns in the order of reading, and only what may be shown becomes a candidate.
//!
//! Invariant: what is shown and counted is what the way through all matches shows and counts.

use super::columns::Filters;
use super::gather::{Gathering, is_ranked_page};
use super::matching::union;
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
    let others = standing.iter().filter(|one| one.matches);
    let others: Vec<u32> = others.map(|one| one.place).collect();
    let places = union(sums.matching(), &others);
    let own = |place: u32| {
        let found = standing.binary_search_by_key(&place, |one| one.place);
        found.ok().map(|at| standing[at].parts)
    };
    let mut above = standing.iter().peekable();
    let total = |place: u32| {
        while above.next_if(|one| one.place < place).is_some() {}
        match above.next_if(|one| one.place == place) {
            Some(one) => (one.parts.total(), one.parts.exact > 0.0),
            None => (sums.total(place as usize, order), false),
        }
    };
    gathering.add_places(places, total, |place| {
        own(place).unwrap_or_else(|| sums.parts(place as usize, order))
    });
    gathering.finish(wanted, questions, index).map(Some)
}
