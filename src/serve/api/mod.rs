//! `/api/v1/…`: what is asked in a query string or body, what is answered as JSON.

mod count;
mod cursor;
mod document;
mod export;
mod facets;
mod passages;
mod search;
mod state;
mod suggest;
mod wording;

use axum::Router;
use axum::body::Body;
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::{App, tag};

/// Returns the routes below `/api/v1`.
pub(super) fn routes(app: &App) -> Router<App> {
    Router::new()
        .route("/search", get(search::search))
        .route("/facets/{field}", get(facets::facet))
        .route("/suggest", get(suggest::suggest))
        .route("/related", get(wording::related))
        .route(
            "/similar",
            get(wording::similar).post(wording::similar_text),
        )
        .route("/count", get(count::count).post(count::count_terms))
        .route("/trend", get(count::trend).post(count::trend_terms))
        .route("/kwic", get(count::kwic).post(count::kwic_terms))
        .route("/passages/{id}", get(passages::passage))
        .route("/reports/{id}", get(passages::outline))
        .route("/reports/{id}/passages", get(passages::report))
        .route("/export", get(export::export))
        .route("/stats", get(state::stats))
        .route_layer(from_fn_with_state(app.clone(), tag::confirm))
}

/// Returns the routes beside the API: its description, health.
pub(super) fn around() -> Router<App> {
    Router::new()
        .route("/openapi.json", get(document::document))
        .route("/healthz", get(state::health))
        .route("/readyz", get(state::readiness))
}

/// Answers with a JSON text.
pub(super) fn json(text: Vec<u8>) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, Body::from(text)).into_response()
}
