//! Every match of a request or of filters, handed over one at a time.

use super::Engine;
use crate::error::Result;
use crate::model::{Filter, Hit, PassageRecord, SearchRequest, Sort};
use crate::plan::Plan;
use crate::search::{self, Candidate, Folded, Keep, Matches, Wanted};

/// Matches that a stream of single passages holds at once: 20 MB.
const BATCH: usize = 1 << 18;

impl Engine {
    /// Hands every hit of the request to `each`, in the request's order; `limit`, `offset` and
    /// facets do not count. `each` returns whether to go on. Texts are read one at a time.
    ///
    /// Memory: where copies fold or passages are grouped by report, a hit can be written only when
    /// all others are known, and each match takes 80 bytes meanwhile. Without that it is constant:
    /// [`Engine::stream_in_batches`].
    ///
    /// # Errors
    /// As for [`Engine::search`].
    pub fn stream(&self, request: &SearchRequest, each: &mut dyn FnMut(Hit) -> bool) -> Result<()> {
        if !request.fold && !request.group_by_report {
            return self.stream_in_batches(request, BATCH, each);
        }
        let request = every(request);
        let (plan, mut matches, ..) = self.matches(&request)?;
        let page = matches.page(request.fold, request.group_by_report, 0, usize::MAX);
        for folded in &page {
            if !each(self.hit(folded, &plan, &request)?) {
                break;
            }
        }
        Ok(())
    }

    /// Hands every passage that matches to `each`, one by one in the request's order, holding
    /// `most` matches at once: each so many take one pass over all of them. `each` returns whether
    /// to go on.
    ///
    /// # Errors
    /// As for [`Engine::search`].
    pub fn stream_in_batches(
        &self,
        request: &SearchRequest,
        most: usize,
        each: &mut dyn FnMut(Hit) -> bool,
    ) -> Result<()> {
        let request = every(request);
        let most = most.max(1);
        let (plan, first, ..) = self.matches_kept(&request, Keep::Next { after: None, most })?;
        self.batches(
            &plan,
            &request.filters,
            request.sort,
            most,
            first,
            &mut |best| {
                let alone = Folded {
                    best: *best,
                    copies: Vec::new(),
                };
                Ok(each(self.hit(&alone, &plan, &request)?))
            },
        )
    }

    /// Hands the candidates of a plan to `each`, beginning with those of a first batch.
    fn batches(
        &self,
        plan: &Plan,
        filters: &[Filter],
        sort: Sort,
        most: usize,
        first: Matches,
        each: &mut dyn FnMut(&Candidate) -> Result<bool>,
    ) -> Result<()> {
        let mut batch = first;
        loop {
            for candidate in &batch.candidates {
                if !each(candidate)? {
                    return Ok(());
                }
            }
            let Some(after) = batch.candidates.get(most - 1) else {
                return Ok(());
            };
            let keep = Keep::Next {
                after: Some(after),
                most,
            };
            let wanted = Wanted {
                sort,
                ..Wanted::of(filters, keep)
            };
            batch = search::run(plan, &wanted, &self.index())?;
        }
    }

    /// Hands every passage that the filters keep to `each`, ordered by source and place; `each`
    /// returns whether to go on.
    ///
    /// # Errors
    /// If a filter names an unknown value or the index cannot be read.
    pub fn export(
        &self,
        filters: &[Filter],
        each: &mut dyn FnMut(PassageRecord) -> bool,
    ) -> Result<()> {
        let plan = Plan::all();
        let index = self.index();
        let keep = Keep::Next {
            after: None,
            most: BATCH,
        };
        let first = search::run(&plan, &Wanted::of(filters, keep), &index)?;
        self.batches(
            &plan,
            filters,
            Sort::Relevance,
            BATCH,
            first,
            &mut |candidate| Ok(each(search::fetch(candidate.address, &index)?)),
        )
    }
}

/// Returns a request for every hit of a request.
fn every(request: &SearchRequest) -> SearchRequest {
    SearchRequest {
        facets: Vec::new(),
        offset: 0,
        limit: usize::MAX,
        ..request.clone()
    }
}
