//! A query → words that are commoner in its matches than in the rest of the index.

use std::collections::HashSet;
use std::time::Instant;

use super::Engine;
use crate::analyze::strip_blanks;
use crate::error::Result;
use crate::model::{Note, RelatedRequest, RelatedResponse, SearchRequest};
use crate::plan::{Form, Plan};
use crate::search::related::{self, WantedTerms};

impl Engine {
    /// Finds the terms that go with a query, over all of its matches.
    ///
    /// # Errors
    /// If the query cannot be read, a filter names an unknown value, or the index cannot be read.
    pub fn related(&self, request: &RelatedRequest) -> Result<RelatedResponse> {
        let started = Instant::now();
        let search = SearchRequest {
            query: request.query.clone(),
            mode: request.mode,
            filters: request.filters.clone(),
            limit: 0,
            ..SearchRequest::default()
        };
        let (plan, matches, understood, mut notes) = self.matches(&search)?;
        let wanted = WantedTerms {
            measure: request.measure,
            least: request.least.max(1),
            limit: request.limit,
            without: &self.words_of(&plan),
        };
        let found = related::related(&matches.candidates, &wanted, &self.index())?;
        if found.matches == found.passages {
            notes.push(Note::new(
                "查询涵盖全部段落，没有可以对比的部分；请写上查询或筛选",
                "the query matches every passage, there is nothing to hold it against; add a query or a filter",
            ));
        }
        Ok(RelatedResponse {
            query: request.query.clone(),
            understood,
            notes,
            matches: found.matches,
            passages: found.passages,
            terms: found.terms,
            took_ms: started.elapsed().as_secs_f64() * 1000.0,
            index: self.stamp(),
        })
    }

    /// Returns the words of the query itself and its other names, which say nothing new.
    fn words_of(&self, plan: &Plan) -> HashSet<String> {
        let mut words = HashSet::new();
        for leaf in plan.leaves.iter().filter(|leaf| leaf.ranked) {
            words.extend(self.snapshot.analyzer.words(&leaf.typed));
            words.insert(strip_blanks(&self.snapshot.analyzer.fold(&leaf.typed)));
            words.extend(leaf.forms.iter().flat_map(Form::runs).map(str::to_owned));
            words.extend(leaf.aliases.iter().map(|alias| alias.form.head.clone()));
        }
        words
    }
}
