//! `/`: the web page, as templates filled with the engine's answers.
//!
//! | module | shows |
//! |---|---|
//! | [`mod@home`] | the first page; how queries are written |
//! | [`mod@search`] | hits with facets and years |
//! | [`mod@reader`] | a whole report |
//! | [`mod@trend`], [`mod@kwic`] | words through the years, words in their context |
//! | [`mod@download`] | what a view shows, as a file |
//! | [`mod@wording`] | where a wording stands; in what its copies differ |
//! | [`mod@fault`] | what went wrong |
//! | [`mod@address`] | the address that holds the whole state of a view |
//! | [`mod@frame`], [`mod@facets`], [`mod@years`], [`mod@hits`], [`mod@choices`], [`mod@chart`] | parts of views |
//! | [`mod@pieces`], [`mod@words`], [`mod@terms`] | text with marks, the words around it, words to count |
//! | [`mod@assets`] | style and scripts |
//!
//! Invariant: searching and reading need no script; scripts only spare steps.
//! Invariant: nothing is fetched from elsewhere, no script or style stands in the page itself.
//! Invariant: data reach the page escaped by the templates; no template writes anything unescaped.

mod address;
mod assets;
mod chart;
mod choices;
mod download;
mod facets;
mod fault;
mod frame;
mod hits;
mod home;
mod kwic;
mod pieces;
mod reader;
mod search;
mod terms;
mod trend;
mod wording;
mod words;
mod years;

use askama::Template;
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use super::App;
use super::fault::Fault;

pub(super) use self::fault::explain;

/// Hits on a page.
const PER_PAGE: usize = 10;

/// Returns the routes of the page.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home::show))
        .route("/help", get(home::help))
        .route(search::PATH, get(search::show))
        .route("/report/{id}", get(reader::show))
        .route("/passage/{id}", get(reader::passage))
        .route(trend::PATH, get(trend::show))
        .route(kwic::PATH, get(kwic::show))
        .route("/download/{name}", get(download::file))
        .route("/similar", get(wording::similar))
        .route("/copies/{id}", get(wording::copies))
        .route("/assets/{version}/{name}", get(assets::file))
}

/// Writes a page.
fn respond(page: &impl Template) -> Result<Response, Fault> {
    let html = page.render().map_err(|_| Fault::internal())?;
    let mut response = Html(html).into_response();
    // The language comes from the browser where the address does not say it.
    let vary = HeaderValue::from_static("accept-language");
    response.headers_mut().insert(header::VARY, vary);
    Ok(response)
}
