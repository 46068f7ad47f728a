//! What is being typed → agencies, regions and words that may be meant.

use std::sync::OnceLock;

use super::Engine;
use crate::error::Result;
use crate::model::{FacetCount, FacetField, SuggestRequest, SuggestResponse};
use crate::plan::Plan;
use crate::search::{self, Keep, Wanted, WantedFacet, filter, suggest};

/// The names of an index, counted on first use.
#[derive(Debug, Default)]
pub(super) struct Names(OnceLock<[Vec<FacetCount>; 2]>);

impl Engine {
    /// Suggests agencies, regions and words for the last word of what is being typed.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn suggest(&self, request: &SuggestRequest) -> Result<SuggestResponse> {
        let word = request.text.split_whitespace().last().unwrap_or("");
        let limit = request.limit;
        let [agencies, regions] = self.names()?;
        let index = self.index();
        let named = |field, names: &[FacetCount]| -> Vec<FacetCount> {
            let names = names.iter();
            let found = names.filter(|name| filter::finds(field, &name.value, word, &index));
            found.take(limit).cloned().collect()
        };
        let is_any = !word.is_empty();
        Ok(SuggestResponse {
            word: word.to_owned(),
            agencies: match is_any {
                true => named(FacetField::Agency, agencies),
                false => Vec::new(),
            },
            regions: match is_any {
                true => named(FacetField::Region, regions),
                false => Vec::new(),
            },
            terms: match is_any {
                true => suggest::words(&self.snapshot.analyzer.fold(word), limit, &index)?,
                false => Vec::new(),
            },
            index: self.stamp(),
        })
    }

    fn names(&self) -> Result<&[Vec<FacetCount>; 2]> {
        if let Some(names) = self.snapshot.names.0.get() {
            return Ok(names);
        }
        let fields = [FacetField::Agency, FacetField::Region];
        let wanted = Wanted {
            facets: fields.map(|field| WantedFacet { field, find: "" }).to_vec(),
            first: 0,
            ..Wanted::of(&[], Keep::All)
        };
        let mut found = search::run(&Plan::all(), &wanted, &self.index())?.facets;
        let names = fields.map(|field| found.remove(&field).unwrap_or_default().counts);
        Ok(self.snapshot.names.0.get_or_init(|| names))
    }
}
