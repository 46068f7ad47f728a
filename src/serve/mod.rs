//! Requests over HTTP → answers of the engine: a JSON API and the web page.
//!
//! | module | does |
//! |---|---|
//! | `api` | `/api/v1/…`: what is asked in a query string, what is answered as JSON |
//! | `page` | `/`: the web page |
//! | [`mcp`] | `/mcp`: tools for assistants, over stdio as well |
//! | `options` | what the server is told: the configuration |
//! | `asked` | query strings and bodies → requests of the contract |
//! | `fault` | every error → problem details (RFC 9457), in the reader's language |
//! | `live` | the engine that answers now; a new one when the index was committed to |
//! | `work` | searches on a bounded pool of threads |
//! | `stream` | rows as they are found, sent as they are taken |
//! | `guard`, `buckets` | who may ask, and how often |
//! | `tag` | answers that a client may keep until the next commit |
//! | `headers` | what every response forbids the browser |
//! | `observe`, `log` | logs and metrics |
//! | `listen`, `tls` | sockets: bounded connections, slow clients, an orderly end |
//!
//! Invariant: what it answers is what the engine answers; it searches nothing itself.
//! Invariant: no search runs on a thread that serves sockets.
//! Invariant: nothing a request says is ever used as the path of a file.

mod api;
mod asked;
mod buckets;
mod fault;
mod guard;
mod headers;
mod listen;
mod live;
mod log;
pub mod mcp;
mod observe;
mod options;
mod page;
mod stream;
mod tag;
mod tls;
mod work;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use serde::Serialize;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

pub use guard::{hash_password, new_key};
pub use log::log_to_stderr;
pub use options::Options;

use self::fault::Fault;
use self::guard::Guard;
use self::live::Live;
use self::observe::Metrics;
use self::work::Work;
use crate::cancellation::{CancelOnDrop, Cancellation};
use crate::engine::Engine;
use crate::error::{ErrorKind, Result};

/// What handlers share.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

struct Shared {
    options: Options,
    live: Live,
    work: Work,
    guard: Guard,
    metrics: Metrics,
}

impl App {
    fn new(options: Options, engine: Engine) -> Result<Self> {
        options.check()?;
        Ok(App(Arc::new(Shared {
            work: Work::new(&options),
            guard: Guard::new(&options)?,
            metrics: Metrics::new(),
            live: Live::new(engine),
            options,
        })))
    }

    /// Returns how long a request may take.
    fn patience(&self) -> Duration {
        Duration::from_secs(self.0.options.timeout)
    }

    /// Returns the engine that answers now; what one request asks it, asks one snapshot.
    pub(crate) fn engine(&self) -> Engine {
        self.0.live.engine()
    }

    /// Runs a search on the pool, and ends it where the request is gone or its time is up.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        search: impl FnOnce(&Engine) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, Fault> {
        let unwanted = CancelOnDrop(Cancellation::new());
        let engine = self.engine().cancelled_by(&unwanted.0);
        let cancelled = self.0.metrics.cancelled.clone();
        let ran = self.0.work.run(move || {
            search(&engine).inspect_err(|error| {
                if error.kind() == ErrorKind::Cancelled {
                    cancelled.inc();
                }
            })
        });
        let ran = tokio::time::timeout(self.patience(), ran).await;
        ran.unwrap_or_else(|_| Err(Fault::timed_out()))
    }

    /// Runs a search on the pool, and writes its answer as JSON there.
    pub(crate) async fn json<T: Serialize>(
        &self,
        search: impl FnOnce(&Engine) -> Result<T> + Send + 'static,
    ) -> std::result::Result<Response, Fault> {
        let written =
            self.run(move |engine| search(engine).map(|found| serde_json::to_vec(&found)));
        let text = written.await?.map_err(|_| Fault::internal())?;
        Ok(api::json(text))
    }
}

/// Makes the whole service.
fn router(app: &App) -> Router {
    let routes = Router::new()
        .merge(page::routes())
        .nest("/api/v1", api::routes(app))
        .merge(api::around())
        .route("/metrics", get(observe::metrics))
        .route_service("/mcp", mcp::service(app))
        .fallback(fault::no_such_page)
        .method_not_allowed_fallback(fault::no_such_method);
    // From the inside out.
    routes
        .layer(DefaultBodyLimit::max(options::MAX_BODY))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            app.patience(),
        ))
        .layer(CatchPanicLayer::custom(fault::panicked))
        .layer(from_fn_with_state(app.clone(), guard::check))
        .layer(from_fn(page::explain))
        .layer(from_fn(fault::explain))
        .layer(CompressionLayer::new())
        .layer(from_fn(headers::add))
        .layer(from_fn_with_state(app.clone(), observe::watch))
        .with_state(app.clone())
}

/// A server that holds its socket and waits for [`Server::run`].
pub struct Server {
    app: App,
    listener: listen::Listener,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("address", &self.address())
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Takes the socket.
    ///
    /// # Errors
    /// If the options contradict themselves or would let anybody in from elsewhere, the files for
    /// TLS cannot be used, or the address is in use or not of this machine.
    pub async fn bind(options: Options, engine: Engine) -> Result<Self> {
        let app = App::new(options, engine)?;
        let listener = listen::Listener::bind(&app.0.options).await?;
        Ok(Server { app, listener })
    }

    /// Returns the address that it listens on, with the port that it got if it asked for any.
    pub fn address(&self) -> SocketAddr {
        self.listener.address()
    }

    /// Answers until `stop` ends, then finishes what is under way.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let watched = self.app.clone();
        let watch = tokio::spawn(async move { watched.watch().await });
        let router = router(&self.app);
        self.listener.run(self.app, router, stop).await;
        watch.abort();
    }
}

/// Runs a server until Ctrl-C or a signal to end, on a runtime of its own.
///
/// `ready` is told the address once connections are taken.
///
/// # Errors
/// As for [`Server::bind`].
pub fn run(options: Options, engine: Engine, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    runtime()?.block_on(async {
        let server = Server::bind(options, engine).await?;
        ready(server.address());
        server.run(listen::asked_to_stop()).await;
        Ok(())
    })
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| crate::Error::io("tokio", error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SearchRequest;
    use crate::pipeline::{self, BuildOptions, Observer};
    use crate::schema::Schema;

    struct Silent;
    impl Observer for Silent {}

    /// A search that ends only because nobody waits for it.
    fn endless(engine: &Engine) -> Result<()> {
        loop {
            engine.search(&SearchRequest::default())?;
        }
    }

    #[test]
    fn a_search_that_nobody_waits_for_gives_its_turn_up() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("a.txt"),
            "县教育局2023年工作总结\n乡村振兴。\n",
        )
        .unwrap();
        let options = BuildOptions {
            paths: vec![folder.path().join("a.txt")],
            index: folder.path().join("index"),
            ..BuildOptions::default()
        };
        let schema = Arc::new(Schema::embedded().unwrap());
        pipeline::build(&options, &schema, &Silent).unwrap();
        let engine = Engine::open(&options.index, Schema::embedded().unwrap()).unwrap();
        let options = Options {
            searches: 1,
            waiting: 0,
            timeout: 1,
            ..Options::default()
        };
        let app = App::new(options, engine).unwrap();
        let freed = async || {
            while app.run(|engine| Ok(engine.stamp())).await.is_err() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        runtime().unwrap().block_on(async {
            // Its client goes away.
            let gone = tokio::time::timeout(Duration::from_millis(20), app.run(endless));
            assert!(gone.await.is_err());
            freed().await;
            // Its time is up.
            let late = app.run(endless).await.unwrap_err();
            assert_eq!(late.status, StatusCode::SERVICE_UNAVAILABLE);
            freed().await;
        });
        assert_eq!(app.0.metrics.cancelled.get(), 2);
    }
}
