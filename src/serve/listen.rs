//! Sockets → requests: bounded connections, bounds on slow clients, TLS, an orderly end.
//!
//! Invariant: connections are bounded in number, altogether and for each address; none outlasts a
//! client that sends or takes nothing.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep};
use tokio_rustls::TlsAcceptor;

use super::App;
use super::buckets::network;
use super::options::Options;
use super::tls;
use crate::error::{Error, ErrorKind, Result};

/// Longest that a client may take for its headers, and may keep an idle connection.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// Longest that a client may take to agree on TLS.
const TLS_WITHIN: Duration = Duration::from_secs(10);
/// Most bytes of a request's line and headers.
const MAX_HEADERS: usize = 32 << 10;
/// Most headers of a request.
const MAX_HEADER_COUNT: usize = 64;
/// Longest that requests under way may take to finish at the end.
const FINISH_WITHIN: Duration = Duration::from_secs(10);

/// Who sent a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

impl Peer {
    /// Returns who sent a request; nobody for one that came over no socket.
    pub(super) fn of(request: &Request) -> Self {
        let peer = request.extensions().get::<Peer>();
        peer.copied()
            .unwrap_or(Peer((Ipv4Addr::UNSPECIFIED, 0).into()))
    }
}

/// A socket that takes connections.
pub(super) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
}

impl Listener {
    pub(super) async fn bind(options: &Options) -> Result<Self> {
        let tls = tls::acceptor(options)?;
        let bound = TcpListener::bind(options.listen)
            .await
            .and_then(|socket| Ok((socket.local_addr()?, socket)));
        let (address, socket) = bound.map_err(|error| taken(options.listen, error))?;
        Ok(Listener {
            socket,
            address,
            tls,
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes connections until `stop` ends, then waits for requests under way.
    pub(super) async fn run(self, app: App, router: Router, stop: impl Future<Output = ()>) {
        let open = GracefulShutdown::new();
        let places = Arc::new(Places::new(&app));
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                () = &mut stop => break,
            };
            match accepted {
                Ok((stream, peer)) => match places.clone().take(peer.ip()) {
                    Some(place) => {
                        let _ = stream.set_nodelay(true);
                        let connection = Connection {
                            stream,
                            peer,
                            tls: self.tls.clone(),
                            patience: app.patience(),
                            place,
                        };
                        connection.serve(router.clone(), &open);
                    }
                    // Closed at once; waiting ones would keep others from being seen.
                    None => drop(stream),
                },
                Err(error) => {
                    // Out of file handles, mostly: others will end and give theirs back.
                    tracing::warn!(%error, "a connection cannot be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop(self.socket);
        if tokio::time::timeout(FINISH_WITHIN, open.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("requests under way were broken off");
        }
    }
}

/// A connection that has its place.
struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    patience: Duration,
    place: Place,
}

impl Connection {
    /// Serves it on a task of its own.
    fn serve(self, router: Router, open: &GracefulShutdown) {
        let watcher = open.watcher();
        tokio::spawn(async move {
            let _place = self.place;
            let stream = Stalling::new(self.stream, self.patience);
            let router = TowerToHyperService::new(router);
            let peer = Peer(self.peer);
            let service = service_fn(move |mut request: hyper::Request<Incoming>| {
                request.extensions_mut().insert(peer);
                router.call(request)
            });
            let mut server = http1::Builder::new();
            server
                .timer(TokioTimer::new())
                .header_read_timeout(HEADERS_WITHIN)
                .max_buf_size(MAX_HEADERS)
                .max_headers(MAX_HEADER_COUNT);
            let served = match self.tls {
                None => {
                    let served = server.serve_connection(TokioIo::new(stream), service);
                    watcher.watch(served).await
                }
                Some(tls) => {
                    let agreed = tokio::time::timeout(TLS_WITHIN, tls.accept(stream)).await;
                    let Ok(Ok(stream)) = agreed else {
                        tracing::debug!("no agreement on TLS");
                        return;
                    };
                    let served = server.serve_connection(TokioIo::new(stream), service);
                    watcher.watch(served).await
                }
            };
            // A client that breaks off or breaks the protocol is its own concern.
            if let Err(error) = served {
                tracing::debug!(%error, "a connection broke");
            }
        });
    }
}

/// The places for connections.
struct Places {
    app: App,
    /// Connections by address.
    open: Mutex<HashMap<IpAddr, usize>>,
}

impl Places {
    fn new(app: &App) -> Self {
        Places {
            app: app.clone(),
            open: Mutex::default(),
        }
    }

    /// Takes a place; `None` where all of them, or all of this address, are taken.
    fn take(self: Arc<Self>, address: IpAddr) -> Option<Place> {
        let (options, metrics) = (&self.app.0.options, &self.app.0.metrics);
        let address = network(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let own = open.get(&address).copied().unwrap_or(0);
        if all >= options.connections || own >= options.connections_per_address {
            metrics.refused.inc();
            return None;
        }
        open.insert(address, own + 1);
        metrics.connections.inc();
        drop(open);
        Some(Place {
            places: self,
            address,
        })
    }
}

/// The place of a connection; given back when it ends.
struct Place {
    places: Arc<Places>,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let open = self.places.open.lock();
        let mut open = open.unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.address);
            }
        }
        self.places.app.0.metrics.connections.dec();
    }
}

/// A stream that breaks off when the other side takes nothing for too long.
struct Stalling<S> {
    stream: S,
    patience: Duration,
    /// When a write that waits is given up.
    until: Option<Pin<Box<Sleep>>>,
}

impl<S> Stalling<S> {
    fn new(stream: S, patience: Duration) -> Self {
        Stalling {
            stream,
            patience,
            until: None,
        }
    }

    /// Passes on how a write went, and counts the time that it waits.
    fn watch<T>(
        &mut self,
        context: &mut Context<'_>,
        went: Poll<std::io::Result<T>>,
    ) -> Poll<std::io::Result<T>> {
        if went.is_ready() {
            self.until = None;
            return went;
        }
        let deadline = Instant::now() + self.patience;
        let until = self
            .until
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        ready!(until.as_mut().poll(context));
        Poll::Ready(Err(std::io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Stalling<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Stalling<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let went = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, went)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let went = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.watch(context, went)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        let went = Pin::new(&mut self.stream).poll_flush(context);
        self.watch(context, went)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        let went = Pin::new(&mut self.stream).poll_shutdown(context);
        self.watch(context, went)
    }
}

fn taken(address: SocketAddr, error: std::io::Error) -> Error {
    let (zh, en) = match error.kind() {
        std::io::ErrorKind::AddrInUse => ("已被占用", "is in use"),
        std::io::ErrorKind::AddrNotAvailable => ("不是本机的地址", "is not of this machine"),
        std::io::ErrorKind::PermissionDenied => ("没有权限监听", "is not permitted"),
        _ => ("无法监听", "cannot be listened on"),
    };
    Error::new(
        ErrorKind::Io,
        format!("地址 {address} {zh}"),
        format!("the address {address} {en}"),
    )
    .with_hint(
        "用 --listen 指定其他地址或端口，如 127.0.0.1:8080",
        "give another address or port with --listen, such as 127.0.0.1:8080",
    )
    .with_cause(error)
}

/// Ends with Ctrl-C or a signal to end.
pub(super) async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        };
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
