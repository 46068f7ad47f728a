//! Every error → problem details (RFC 9457), in the reader's language.
//!
//! Handlers return a [`Fault`]; it travels with the response until [`explain`] writes it down, so
//! that a page can show it otherwise. Errors of the layers around them are put into words there too.

use std::any::Any;
use std::sync::Arc;

use axum::Json;
use axum::extract::Request;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoResponses, ToSchema};

use crate::error::{Error, ErrorKind};
use crate::model::Language;

/// Seconds after which it is worth asking a busy server again.
const AGAIN_AFTER: u32 = 1;

/// What ended a request early.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The status of the response.
    pub(crate) status: StatusCode,
    /// What, where, and what to do.
    pub(crate) error: Error,
    /// Seconds to wait before the next try.
    pub(crate) again_after: Option<u32>,
}

/// An error as problem details (RFC 9457), `application/problem+json`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Problem {
    /// What kind of fault: `urn:zhengsou:query`, `urn:zhengsou:not-found` …
    #[serde(rename = "type")]
    #[schema(examples("urn:zhengsou:query"))]
    kind: String,
    /// The status in words.
    title: String,
    /// The status of the response.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong.
    detail: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// The input that cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<String>,
    /// Where it breaks, `[start, end)` in characters of `input`.
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<[usize; 2]>,
}

/// What every address may answer instead.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes responses; none is made of it")]
pub(crate) enum Faults {
    /// The request cannot be read, or names what there is not.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(Problem),
    /// A password or key is needed.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(Problem),
    /// There is no such passage, report or facet.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is no JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    NoJson(Problem),
    /// The body is no such request.
    #[response(status = 422, content_type = "application/problem+json")]
    Unfit(Problem),
    /// The host is unknown.
    #[response(status = 421, content_type = "application/problem+json")]
    UnknownHost(Problem),
    /// Too many requests of one address.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
    /// The address or the headers are too long; nothing more is said.
    #[response(status = 431)]
    TooLong,
    /// A fault of the program itself.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Problem),
    /// The server is busy, or the request took too long.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
}

impl Fault {
    fn new(status: StatusCode, error: Error) -> Self {
        Fault {
            status,
            error,
            again_after: None,
        }
    }

    /// Too many requests wait already.
    pub(crate) fn busy() -> Self {
        let error = Error::new(ErrorKind::Limit, "服务器正忙", "the server is busy")
            .with_hint("稍后再试", "try again in a moment");
        Fault {
            again_after: Some(AGAIN_AFTER),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, error)
        }
    }

    /// A fault of the program itself.
    pub(crate) fn internal() -> Self {
        let error = Error::new(
            ErrorKind::Internal,
            "程序内部出错",
            "a fault of the program itself",
        )
        .with_hint(
            "请把响应头 x-request-id 的值报告给管理员，服务器日志里有详情",
            "report the value of the header x-request-id; the server's log has the details",
        );
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, error)
    }

    /// More than the time that a request may take.
    pub(crate) fn timed_out() -> Self {
        Self::of(StatusCode::SERVICE_UNAVAILABLE)
    }

    /// A body that is no request.
    pub(crate) fn rejected(rejection: &JsonRejection) -> Self {
        let status = rejection.status();
        if !matches!(
            rejection,
            JsonRejection::JsonDataError(_) | JsonRejection::JsonSyntaxError(_)
        ) {
            return Self::of(status);
        }
        let error = Error::new(
            ErrorKind::Usage,
            "请求内容无法读取",
            "the body of the request cannot be read",
        );
        // The parser names the field and its place; its words are English.
        let reason = rejection.body_text();
        Self::new(status, error.with_hint(reason.clone(), reason))
    }

    /// Puts a bare status into words.
    fn of(status: StatusCode) -> Self {
        let (kind, zh, en) = match status {
            StatusCode::NOT_FOUND => (ErrorKind::NotFound, "没有这个地址", "there is no such page"),
            StatusCode::METHOD_NOT_ALLOWED => (
                ErrorKind::Usage,
                "这个地址不接受此方法，见响应头 Allow",
                "this method is not allowed here, the header Allow names those that are",
            ),
            StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => {
                (ErrorKind::Limit, "处理超时", "the request took too long")
            }
            StatusCode::PAYLOAD_TOO_LARGE => (
                ErrorKind::Limit,
                "请求内容过大",
                "the body of the request is too large",
            ),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                ErrorKind::Usage,
                "请求内容须为 application/json",
                "the body must be application/json",
            ),
            _ if status.is_server_error() => return Self::internal(),
            _ => (ErrorKind::Usage, "请求有误", "the request is not valid"),
        };
        Self::new(status, Error::new(kind, zh, en))
    }

    /// Returns the fault in a language.
    pub(crate) fn problem(&self, language: Language) -> Problem {
        let (input, span) = match self.error.place() {
            Some((input, span)) => (Some(input.to_owned()), Some([span.start, span.end])),
            None => (None, None),
        };
        Problem {
            kind: format!("urn:zhengsou:{}", name(self.error.kind())),
            title: self.status.canonical_reason().unwrap_or("").to_owned(),
            status: self.status.as_u16(),
            detail: self.error.message(language).to_owned(),
            hint: self.error.hint(language).map(str::to_owned),
            input,
            span,
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let status = match error.kind() {
            ErrorKind::Query | ErrorKind::UnknownValue | ErrorKind::Usage | ErrorKind::Input => {
                StatusCode::BAD_REQUEST
            }
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::Limit => StatusCode::PAYLOAD_TOO_LARGE,
            ErrorKind::Unsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorKind::Cancelled
            | ErrorKind::IndexMissing
            | ErrorKind::IndexDamaged
            | ErrorKind::IndexMismatch
            | ErrorKind::IndexLocked => StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::Io | ErrorKind::Schema | ErrorKind::Internal => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        if status.is_server_error() {
            // Paths and causes are the administrator's, not the reader's.
            tracing::error!(%error, "a request failed");
        }
        Fault::new(status, error)
    }
}

/// Returns a kind as it stands in the type of a problem.
fn name(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Io => "io",
        ErrorKind::Input => "input",
        ErrorKind::Unsupported => "unsupported",
        ErrorKind::Limit => "limit",
        ErrorKind::IndexMissing => "index-missing",
        ErrorKind::IndexDamaged => "index-damaged",
        ErrorKind::IndexMismatch => "index-mismatch",
        ErrorKind::IndexLocked => "index-locked",
        ErrorKind::Query => "query",
        ErrorKind::UnknownValue => "unknown-value",
        ErrorKind::NotFound => "not-found",
        ErrorKind::Schema => "schema",
        ErrorKind::Usage => "usage",
        ErrorKind::Cancelled => "cancelled",
        ErrorKind::Internal => "internal",
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Takes what ended a request early off its response.
pub(crate) fn take(response: &mut Response) -> Option<Arc<Fault>> {
    response.extensions_mut().remove::<Arc<Fault>>()
}

/// Returns the language that a request asks for: English if that is preferred to Chinese.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or("");
    let mut best = (Language::Zh, 0.0);
    for part in accepted.split(',') {
        let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
        let weight = rest.trim().strip_prefix("q=");
        let weight = weight.map_or(Some(1.0), |weight| weight.parse::<f32>().ok());
        let language = match tag.trim().split('-').next() {
            Some("en") => Language::En,
            Some("zh") => Language::Zh,
            _ => continue,
        };
        let weight = weight.unwrap_or(0.0);
        if weight > best.1 {
            best = (language, weight);
        }
    }
    best.0
}

/// Writes down what ended a request early.
pub(crate) async fn explain(request: Request, next: Next) -> Response {
    let language = language(request.headers());
    let mut response = next.run(request).await;
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_bare = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let fault = match take(&mut response) {
        Some(fault) => fault,
        None if is_error && is_bare => Arc::new(Fault::of(status)),
        None => return response,
    };
    let mut explained = (fault.status, Json(fault.problem(language))).into_response();
    let headers = explained.headers_mut();
    // What layers have said besides: Allow, Retry-After, WWW-Authenticate.
    for (name, value) in response.headers() {
        if ![header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = fault.again_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    explained
}

/// Answers a request for an address that there is not.
pub(crate) async fn no_such_page() -> Fault {
    Fault::of(StatusCode::NOT_FOUND)
}

/// Answers a request with a method that an address does not take.
pub(crate) async fn no_such_method() -> Fault {
    Fault::of(StatusCode::METHOD_NOT_ALLOWED)
}

/// Answers a request whose handler panicked.
#[expect(clippy::needless_pass_by_value, reason = "as the layer hands it over")]
pub(crate) fn panicked(payload: Box<dyn Any + Send + 'static>) -> Response {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    tracing::error!(panic = text.unwrap_or_default(), "a handler panicked");
    Fault::internal().into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages() {
        let cases = [
            ("", Language::Zh),
            ("en", Language::En),
            ("en-US,en;q=0.9,zh;q=0.8", Language::En),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Zh),
            ("fr, en;q=0.5, zh;q=0.7", Language::Zh),
            ("en;q=x", Language::Zh),
        ];
        for (accepted, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accepted));
            assert_eq!(language(&headers), expected, "{accepted}");
        }
    }
}
