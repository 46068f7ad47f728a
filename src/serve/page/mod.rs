//! `/`: the web page, as templates filled with the engine's answers.
//!
//! Invariant: nothing is fetched from elsewhere, no script or style stands in the page itself.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use super::App;
use super::api::SearchParams;
use super::asked::Asked;
use super::fault::Fault;
use crate::model::SearchResponse;

const STYLE: &str = include_str!("style.css");

/// Returns the routes of the page.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(search))
        .route("/assets/style.css", get(style))
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    query: String,
    response: Option<SearchResponse>,
}

async fn search(State(app): State<App>, asked: Asked<SearchParams>) -> Result<Html<String>, Fault> {
    let request = asked.request()?;
    let query = request.query.clone();
    let response = match query.is_empty() {
        true => None,
        false => Some(app.run(move |engine| engine.search(&request)).await?),
    };
    let page = SearchPage { query, response };
    Ok(Html(page.render().map_err(|_| Fault::internal())?))
}

async fn style(headers: HeaderMap) -> Response {
    asset("text/css; charset=utf-8", STYLE, &headers)
}

/// Answers with an embedded file; one that the browser has already is not sent again.
fn asset(kind: &'static str, text: &'static str, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", &blake3::hash(text.as_bytes()).to_hex()[..16]);
    let known = headers.get(header::IF_NONE_MATCH);
    let mut response = match known.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(header::CONTENT_TYPE, kind)], text).into_response(),
    };
    let sent = response.headers_mut();
    sent.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        sent.insert(header::ETAG, tag);
    }
    response
}
