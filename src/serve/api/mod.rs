//! `/api/v1/…`: what is asked in a query string, what is answered as JSON.

mod search;

use axum::Router;
use axum::routing::get;

pub(super) use self::search::SearchParams;
use super::App;

/// Returns the routes below `/api/v1`.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/search", get(search::search))
}
