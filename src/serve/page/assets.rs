//! Embedded files of the page. Their address holds a hash of them all, so that a browser keeps them
//! until the program changes.

use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

const FILES: &[(&str, &str, &str)] = &[
    ("base.css", CSS, include_str!("assets/base.css")),
    ("search.css", CSS, include_str!("assets/search.css")),
    ("reading.css", CSS, include_str!("assets/reading.css")),
    ("screens.css", CSS, include_str!("assets/screens.css")),
    ("dark.css", CSS, include_str!("assets/dark.css")),
    ("icon.svg", SVG, include_str!("assets/icon.svg")),
    ("theme.js", JS, include_str!("assets/theme.js")),
    ("page.js", JS, include_str!("assets/page.js")),
    ("copy.js", JS, include_str!("assets/copy.js")),
    ("hits.js", JS, include_str!("assets/hits.js")),
    ("kept.js", JS, include_str!("assets/kept.js")),
    ("reader.js", JS, include_str!("assets/reader.js")),
    ("store.js", JS, include_str!("assets/store.js")),
    ("suggest.js", JS, include_str!("assets/suggest.js")),
    ("swap.js", JS, include_str!("assets/swap.js")),
    ("years.js", JS, include_str!("assets/years.js")),
];
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// Returns the hash of all files.
fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let mut hasher = blake3::Hasher::new();
        for (_, _, text) in FILES {
            hasher.update(text.as_bytes());
        }
        hasher.finalize().to_hex()[..16].to_owned()
    })
}

/// Returns the address of a file. Scripts name each other by paths beside their own.
pub(super) fn address(name: &str) -> String {
    format!("/assets/{}/{name}", version())
}

/// Answers with a file.
pub(super) async fn file(Path((asked, name)): Path<(String, String)>) -> Response {
    let Some((_, kind, text)) = FILES.iter().find(|(known, _, _)| *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // A page that was open while the program was replaced still asks for the old version.
    let kept = match asked == version() {
        true => "public, max-age=31536000, immutable",
        false => "no-store",
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(kept)),
    ];
    (headers, *text).into_response()
}
