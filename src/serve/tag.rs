//! Answers → answers that a client may keep until something is committed to the index.
//!
//! A tag names the commit, the program, the address and the language: it is known only to who got
//! this very answer, so that it can be confirmed before anything is searched.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::App;
use super::fault::language;

/// Confirms what the client has, or tags what it gets.
pub(super) async fn confirm(State(app): State<App>, request: Request, next: Next) -> Response {
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return next.run(request).await;
    }
    let mut hasher = blake3::Hasher::new();
    let address = request.uri().path_and_query();
    let address = address.map_or("", |address| address.as_str());
    let accepted = language(request.headers());
    for part in [
        app.engine().revision().as_str(),
        env!("CARGO_PKG_VERSION"),
        accepted.pick("zh", "en"),
        address,
    ] {
        hasher.update(part.as_bytes()).update(b"\n");
    }
    // Weak: how long it took stands in answers, and they may be compressed.
    let tag = format!("W/\"{}\"", &hasher.finalize().to_hex()[..24]);
    let known = request.headers().get(header::IF_NONE_MATCH);
    let known = known.and_then(|known| known.to_str().ok());
    let is_known = known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => next.run(request).await,
    };
    if response.status() == StatusCode::OK || is_known {
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        let keep = HeaderValue::from_static("private, no-cache");
        headers.insert(header::CACHE_CONTROL, keep);
        let by = HeaderValue::from_static("accept-language");
        headers.append(header::VARY, by);
    }
    response
}
