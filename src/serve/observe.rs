//! Requests → log lines and Prometheus metrics, under an id that the client sees.
//!
//! Invariant: what is asked for stands in no log line and no label: paths without queries only.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tracing::Instrument;

use super::App;
use super::fault::Fault;
use super::listen::Peer;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id of a client's own that is taken over, in bytes.
const MAX_ID: usize = 64;
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Upper bounds of the histogram, in seconds.
const BOUNDS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

/// What is counted.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
    under_way: Gauge,
    pub(super) connections: Gauge,
    pub(super) refused: Counter,
    pub(super) cancelled: Counter,
    pub(super) reloads: Counter,
    pub(super) failed_reloads: Counter,
    pub(super) passages: Gauge,
    ids: AtomicU64,
    /// Sets ids of this process apart from those of others.
    epoch: u64,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let seconds: fn() -> Histogram = || Histogram::new(BOUNDS);
        let mut metrics = Metrics {
            registry: Registry::with_prefix("zhengsou"),
            requests: Family::default(),
            seconds: Family::new_with_constructor(seconds),
            under_way: Gauge::default(),
            connections: Gauge::default(),
            refused: Counter::default(),
            cancelled: Counter::default(),
            reloads: Counter::default(),
            failed_reloads: Counter::default(),
            passages: Gauge::default(),
            ids: AtomicU64::new(0),
            epoch: std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0, |since| since.as_millis() as u64),
        };
        let registry = &mut metrics.registry;
        registry.register("requests", "Requests answered", metrics.requests.clone());
        registry.register(
            "request_seconds",
            "Seconds until an answer began",
            metrics.seconds.clone(),
        );
        registry.register(
            "requests_under_way",
            "Requests that wait for their answer",
            metrics.under_way.clone(),
        );
        registry.register(
            "connections",
            "Connections open",
            metrics.connections.clone(),
        );
        registry.register(
            "connections_refused",
            "Connections closed at once, for want of room",
            metrics.refused.clone(),
        );
        registry.register(
            "searches_cancelled",
            "Searches ended early, since nobody waited for them any more",
            metrics.cancelled.clone(),
        );
        registry.register(
            "index_reloads",
            "Times that the index was opened anew",
            metrics.reloads.clone(),
        );
        registry.register(
            "index_reloads_failed",
            "Times that the index could not be opened anew",
            metrics.failed_reloads.clone(),
        );
        registry.register(
            "index_passages",
            "Passages in the index",
            metrics.passages.clone(),
        );
        metrics
    }

    /// Returns an id: the client's own if it is short and plain, else a new one.
    fn id(&self, request: &Request) -> HeaderValue {
        let is_plain = |id: &&HeaderValue| {
            let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
            (1..=MAX_ID).contains(&id.len()) && id.as_bytes().iter().all(plain)
        };
        if let Some(id) = request.headers().get(&REQUEST_ID).filter(is_plain) {
            return id.clone();
        }
        let number = self.ids.fetch_add(1, Ordering::Relaxed);
        let id = format!("{:x}-{number:x}", self.epoch);
        HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("-"))
    }
}

/// Counts a gauge up, and down again however the request ends.
struct Present<'a>(&'a Gauge);

impl<'a> Present<'a> {
    fn new(gauge: &'a Gauge) -> Self {
        gauge.inc();
        Present(gauge)
    }
}

impl Drop for Present<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Gives a request its id, counts it and logs it.
pub(super) async fn watch(State(app): State<App>, request: Request, next: Next) -> Response {
    let metrics = &app.0.metrics;
    let _present = Present::new(&metrics.under_way);
    let started = Instant::now();
    let id = metrics.id(&request);
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("other", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let peer = Peer::of(&request).0;
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or(""));
    let mut response = next.run(request).instrument(span.clone()).await;
    let took = started.elapsed();
    let status = response.status().as_u16();
    let answered = Answered {
        route: route.clone(),
        status,
    };
    metrics.requests.get_or_create(&answered).inc();
    let seconds = Route {
        route: route.clone(),
    };
    metrics
        .seconds
        .get_or_create(&seconds)
        .observe(took.as_secs_f64());
    span.in_scope(|| {
        let (method, ms) = (method.as_str(), milliseconds(took));
        tracing::info!(%peer, method, route, status, ms, "answered");
    });
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e6).round() / 1e3
}

/// `/metrics`: what was counted, in the OpenMetrics text format.
pub(super) async fn metrics(State(app): State<App>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &app.0.metrics.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, TEXT)], text).into_response(),
        Err(_) => Fault::internal().into_response(),
    }
}
