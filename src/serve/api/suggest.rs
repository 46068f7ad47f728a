//! `suggest`: what may be meant by what is being typed.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::model::{SuggestRequest, SuggestResponse};
use crate::serve::App;
use crate::serve::asked::{Asked, Parameters};
use crate::serve::fault::{Fault, Faults};

/// What is being typed.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct SuggestParams {
    /// The query so far; its last word, apart by blanks, is completed.
    #[param(max_length = 2000)]
    q: String,
    /// At most so many suggestions of each kind.
    #[param(minimum = 1, maximum = 100)]
    limit: usize,
}

impl Default for SuggestParams {
    fn default() -> Self {
        let request = SuggestRequest::default();
        SuggestParams {
            q: request.text,
            limit: request.limit,
        }
    }
}

impl Parameters for SuggestParams {
    const FILTERED: bool = false;
}

/// Agencies, regions and words that may be meant
#[utoipa::path(
    get,
    path = "/api/v1/suggest",
    tag = "search",
    params(SuggestParams),
    responses((status = 200, description = "Suggestions", body = SuggestResponse), Faults)
)]
pub(super) async fn suggest(
    State(app): State<App>,
    asked: Asked<SuggestParams>,
) -> Result<Response, Fault> {
    let request = SuggestRequest {
        text: asked.params.q,
        limit: asked.params.limit,
    };
    app.json(move |engine| engine.suggest(&request)).await
}
