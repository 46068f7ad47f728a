//! Requests over HTTP → answers of the engine: a JSON API and the web page.
//!
//! | module | does |
//! |---|---|
//! | [`mod@api`] | `/api/v1/…`: what is asked in a query string, what is answered as JSON |
//! | [`mod@page`] | `/`: the web page |
//! | [`mod@asked`] | query strings → requests of the contract |
//! | [`mod@fault`] | every error → problem details (RFC 9457), in the reader's language |
//! | [`mod@live`] | the engine that answers now; a new one when the index was committed to |
//! | [`mod@work`] | searches on a bounded pool of threads |
//! | [`mod@headers`] | what every response forbids the browser |
//! | [`mod@listen`] | sockets: bounded connections, slow clients, an orderly end |
//!
//! Invariant: what it answers is what the engine answers; it searches nothing itself.
//! Invariant: no search runs on a thread that serves sockets.
//! Invariant: nothing a request says is ever used as the path of a file.

mod api;
mod asked;
mod fault;
mod headers;
mod listen;
mod live;
mod options;
mod page;
mod work;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use options::Options;

use self::live::Live;
use self::work::Work;
use crate::engine::Engine;
use crate::error::Result;

/// What handlers share.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

struct Shared {
    live: Live,
    work: Work,
}

impl App {
    fn new(options: &Options, engine: Engine) -> Self {
        App(Arc::new(Shared {
            work: Work::new(options),
            live: Live::new(engine),
        }))
    }

    /// Returns the engine that answers now; what one request asks it, asks one snapshot.
    pub(crate) fn engine(&self) -> Arc<Engine> {
        self.0.live.engine()
    }

    /// Runs a search on the pool.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        search: impl FnOnce(&Engine) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, fault::Fault> {
        let engine = self.engine();
        self.0.work.run(move || search(&engine)).await
    }
}

/// Makes the whole service.
fn router(app: &App) -> Router {
    Router::new()
        .merge(page::routes())
        .nest("/api/v1", api::routes())
        .fallback(fault::no_such_page)
        .method_not_allowed_fallback(fault::no_such_method)
        .layer(DefaultBodyLimit::max(options::MAX_BODY))
        .layer(CatchPanicLayer::custom(fault::panicked))
        .layer(from_fn(page::explain))
        .layer(from_fn_with_state(app.clone(), fault::explain))
        .layer(CompressionLayer::new())
        .layer(from_fn(headers::add))
        .with_state(app.clone())
}

/// A server that holds its socket and waits for [`Server::run`].
pub struct Server {
    app: App,
    listener: listen::Listener,
}

impl Server {
    /// Takes the socket.
    ///
    /// # Errors
    /// If the address is in use or not of this machine.
    pub async fn bind(options: Options, engine: Engine) -> Result<Self> {
        let listener = listen::Listener::bind(options.listen).await?;
        Ok(Server {
            app: App::new(&options, engine),
            listener,
        })
    }

    /// Returns the address that it listens on, with the port that it got if it asked for any.
    pub fn address(&self) -> SocketAddr {
        self.listener.address()
    }

    /// Answers until `stop` ends, then finishes what is under way.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let watched = self.app.clone();
        let watch = tokio::spawn(async move { watched.0.live.watch().await });
        self.listener.run(router(&self.app), stop).await;
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
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| crate::Error::io("tokio", error))?;
    runtime.block_on(async {
        let server = Server::bind(options, engine).await?;
        ready(server.address());
        server.run(listen::asked_to_stop()).await;
        Ok(())
    })
}
