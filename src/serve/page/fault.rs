//! What ended a request early → a page that says so, where a browser asked.

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use super::address::Address;
use super::frame::{Frame, View};
use super::pieces::{Piece, marked};
use super::respond;
use crate::present::layout::clean;
use crate::serve::fault::{self, Fault};

#[derive(Template)]
#[template(path = "fault.html")]
struct Page {
    frame: Frame,
    message: String,
    /// The input, with the part that cannot be read marked.
    place: Vec<Piece>,
    hint: String,
}

/// Shows faults as pages to those who ask for pages; others get what the API says.
pub(in crate::serve) async fn explain(request: Request, next: Next) -> Response {
    let asks_for_page = {
        let accepted = request.headers().get(header::ACCEPT);
        let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or("");
        accepted.contains("text/html") && !request.uri().path().starts_with("/api/")
    };
    if !asks_for_page {
        return next.run(request).await;
    }
    let query = request.uri().query().unwrap_or("").to_owned();
    let headers = request.headers().clone();
    let mut response = next.run(request).await;
    let Some(fault) = fault::take(&mut response) else {
        return response;
    };
    let shown = respond(&page(&query, &headers, &fault));
    let Ok(mut shown) = shown else {
        return response;
    };
    *shown.status_mut() = fault.status;
    // What layers have said besides: Allow, WWW-Authenticate.
    for (name, value) in response.headers() {
        if !shown.headers().contains_key(name) {
            shown.headers_mut().insert(name.clone(), value.clone());
        }
    }
    if let Some(seconds) = fault.again_after {
        shown
            .headers_mut()
            .insert(header::RETRY_AFTER, seconds.into());
    }
    shown
}

fn page(query: &str, headers: &HeaderMap, fault: &Fault) -> Page {
    let address = Address::read(query, headers);
    let address = address.unwrap_or_else(|_| Address::unread(query, headers));
    let language = address.language;
    let error = &fault.error;
    let message = clean(error.message(language));
    let place = error.place().map(|(input, span)| {
        // The end of the input is a place as well.
        let input = format!("{input} ");
        let end = span.end.max(span.start + 1);
        marked(&input, &[[span.start, end]], &[])
    });
    Page {
        frame: Frame::new(address, View::Other, super::search::PATH, &message),
        place: place.unwrap_or_default(),
        hint: error.hint(language).map(clean).unwrap_or_default(),
        message,
    }
}
