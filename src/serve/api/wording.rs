//! `similar` and `related`: where a wording stands, terms that go with a query.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::model::{
    Matching, Measure, RelatedRequest, RelatedResponse, SimilarRequest, SimilarResponse, Sort,
};
use crate::serve::App;
use crate::serve::asked::{Asked, FilterParams, Nothing, Parameters, Posted};
use crate::serve::fault::{Fault, Faults};

/// Which wording is sought.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct SimilarParams {
    /// The text; without it, the wording of the passage with this `id`.
    #[param(max_length = 2000)]
    text: String,
    /// Id of a passage, 16 hexadecimal digits.
    #[param(max_length = 16)]
    id: String,
    /// Smallest share of the wording that a passage must hold.
    #[param(minimum = 0, maximum = 1)]
    least: f64,
    /// Order of hits; relevance is by overlap.
    #[param(inline)]
    sort: Sort,
    /// At most so many hits.
    #[param(minimum = 0, maximum = 1000)]
    limit: usize,
    /// Hits to skip.
    #[param(minimum = 0, maximum = 1000)]
    offset: usize,
    /// Length of excerpts, in characters; 0 for the whole passage.
    #[param(minimum = 0, maximum = 100_000)]
    snippet_chars: usize,
}

impl Default for SimilarParams {
    fn default() -> Self {
        let request = SimilarRequest::default();
        SimilarParams {
            text: request.text,
            id: request.id,
            least: request.least,
            sort: request.sort,
            limit: request.limit,
            offset: request.offset,
            snippet_chars: request.snippet_chars,
        }
    }
}

impl Parameters for SimilarParams {
    const FILTERED: bool = true;
}

/// Passages with the same or nearly the same wording
#[utoipa::path(
    get,
    path = "/api/v1/similar",
    tag = "search",
    params(SimilarParams, FilterParams),
    responses((status = 200, description = "Where it stands", body = SimilarResponse), Faults)
)]
pub(super) async fn similar(
    State(app): State<App>,
    asked: Asked<SimilarParams>,
) -> Result<Response, Fault> {
    let params = asked.params;
    let request = SimilarRequest {
        text: params.text,
        id: params.id,
        filters: asked.filters,
        least: params.least,
        sort: params.sort,
        limit: params.limit,
        offset: params.offset,
        snippet_chars: params.snippet_chars,
    };
    app.json(move |engine| engine.similar(&request)).await
}

/// Passages with the same or nearly the same wording as a text
///
/// For texts that are too long for an address.
#[utoipa::path(
    post,
    path = "/api/v1/similar",
    tag = "search",
    request_body = SimilarRequest,
    responses((status = 200, description = "Where it stands", body = SimilarResponse), Faults)
)]
pub(super) async fn similar_text(
    State(app): State<App>,
    _asked: Asked<Nothing>,
    Posted(request): Posted<SimilarRequest>,
) -> Result<Response, Fault> {
    app.json(move |engine| engine.similar(&request)).await
}

/// What terms are asked for.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct RelatedParams {
    /// The query; without it, every passage that the filters keep.
    #[param(max_length = 2000)]
    q: String,
    /// How leaves match.
    #[param(inline)]
    mode: Matching,
    /// By what terms are ranked.
    #[param(inline)]
    measure: Measure,
    /// Fewest matches that a term must stand in.
    #[param(minimum = 1, maximum = 1_000_000_000)]
    least: u64,
    /// At most so many terms.
    #[param(minimum = 0, maximum = 10_000)]
    limit: usize,
}

impl Default for RelatedParams {
    fn default() -> Self {
        let request = RelatedRequest::default();
        RelatedParams {
            q: request.query,
            mode: request.mode,
            measure: request.measure,
            least: request.least,
            limit: request.limit,
        }
    }
}

impl Parameters for RelatedParams {
    const FILTERED: bool = true;
}

/// Terms that are commoner in the matches than elsewhere
#[utoipa::path(
    get,
    path = "/api/v1/related",
    tag = "search",
    params(RelatedParams, FilterParams),
    responses((status = 200, description = "The terms", body = RelatedResponse), Faults)
)]
pub(super) async fn related(
    State(app): State<App>,
    asked: Asked<RelatedParams>,
) -> Result<Response, Fault> {
    let params = asked.params;
    let request = RelatedRequest {
        query: params.q,
        mode: params.mode,
        filters: asked.filters,
        measure: params.measure,
        least: params.least,
        limit: params.limit,
    };
    app.json(move |engine| engine.related(&request)).await
}
