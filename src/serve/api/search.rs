//! `search`: ranked passages with facets.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::model::{Matching, SearchRequest, SearchResponse, Sort};
use crate::serve::App;
use crate::serve::asked::{Asked, Parameters};
use crate::serve::fault::Fault;
use crate::typed;

/// What is searched, and what is shown of it.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct SearchParams {
    /// The query; without it, every passage that the filters keep.
    #[param(max_length = 2000)]
    q: String,
    /// How leaves match.
    #[param(inline)]
    mode: Matching,
    /// Most of the words are enough.
    any: bool,
    /// Facets to count, apart or with commas between: `agency,year`; only values that hold some
    /// characters: `agency=卫生`.
    #[param(max_length = 400)]
    facets: Vec<String>,
    /// At most so many values a facet; 0 for all.
    #[param(minimum = 0, maximum = 10_000)]
    facet_limit: usize,
    /// Order of hits.
    #[param(inline)]
    sort: Sort,
    /// At most so many hits.
    #[param(minimum = 0, maximum = 1000)]
    limit: usize,
    /// Hits to skip.
    #[param(minimum = 0, maximum = 1_000_000_000)]
    offset: usize,
    /// Whether near-duplicates fold under one hit.
    fold: bool,
    /// Whether only the best passage of each report is shown.
    group_by_report: bool,
    /// In order of relevance, so many passages of a report stand before the next so many of any
    /// report; 0 for as they come.
    #[param(minimum = 0, maximum = 1_000_000)]
    per_report: usize,
    /// Whether scores explain themselves.
    explain: bool,
    /// Length of snippets, in characters; 0 for the whole passage.
    #[param(minimum = 0, maximum = 100_000)]
    snippet_chars: usize,
}

impl Default for SearchParams {
    fn default() -> Self {
        let request = SearchRequest::default();
        SearchParams {
            q: request.query,
            mode: request.mode,
            any: request.any,
            facets: Vec::new(),
            facet_limit: request.facet_limit,
            sort: request.sort,
            limit: request.limit,
            offset: request.offset,
            fold: request.fold,
            group_by_report: request.group_by_report,
            per_report: request.per_report,
            explain: request.explain,
            snippet_chars: request.snippet_chars,
        }
    }
}

impl Parameters for SearchParams {
    const FILTERED: bool = true;
}

impl Asked<SearchParams> {
    /// Makes the request of the contract.
    pub(crate) fn request(self) -> crate::Result<SearchRequest> {
        let params = self.params;
        let (facets, facet_find) = typed::facets(&params.facets)?;
        Ok(SearchRequest {
            query: params.q,
            mode: params.mode,
            any: params.any,
            filters: self.filters,
            facets,
            facet_limit: params.facet_limit,
            facet_find,
            sort: params.sort,
            limit: params.limit,
            offset: params.offset,
            fold: params.fold,
            group_by_report: params.group_by_report,
            per_report: params.per_report,
            explain: params.explain,
            snippet_chars: params.snippet_chars,
        })
    }
}

/// Answers a search.
pub(super) async fn search(
    State(app): State<App>,
    asked: Asked<SearchParams>,
) -> Result<Json<SearchResponse>, Fault> {
    let request = asked.request()?;
    let response = app.run(move |engine| engine.search(&request)).await?;
    Ok(Json(response))
}
