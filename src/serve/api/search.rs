//! `search`: ranked passages with facets, page by page.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::cursor;
use crate::model::{Matching, SearchRequest, SearchResponse, Sort};
use crate::serve::App;
use crate::serve::asked::{Asked, FilterParams, Parameters};
use crate::serve::fault::{Fault, Faults};
use crate::typed;

/// What is searched, and what is shown of it.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct SearchParams {
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
    /// Where to go on: `next` of an answer to the same question.
    #[param(max_length = 100)]
    cursor: Option<String>,
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
            cursor: None,
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

/// What a search answers, and where it goes on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SearchAnswer {
    #[serde(flatten)]
    response: SearchResponse,
    /// `cursor` of the next page; `null` behind the last hit.
    next: Option<String>,
}

/// Ranked passages with facets
///
/// Without a query, every passage that the filters keep. `next` leads to the next page: where the
/// index has changed meanwhile, that begins behind the last hit of this one, wherever it stands now.
#[utoipa::path(
    get,
    path = "/api/v1/search",
    tag = "search",
    params(SearchParams, FilterParams),
    responses((status = 200, description = "Hits, counts and facets", body = SearchAnswer), Faults)
)]
pub(super) async fn search(
    State(app): State<App>,
    asked: Asked<SearchParams>,
) -> Result<Response, Fault> {
    let cursor = asked.params.cursor.clone();
    let request = asked.request()?;
    let answer = app.json(move |engine| {
        let request = match cursor {
            Some(cursor) => cursor::resume(&cursor, request, engine)?,
            None => request,
        };
        let response = engine.search(&request)?;
        let next = cursor::next(&request, &response, engine);
        Ok(SearchAnswer { response, next })
    });
    answer.await
}
