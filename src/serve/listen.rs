//! Sockets → requests: connections, bounds on slow clients, an orderly end.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};

use crate::error::{Error, ErrorKind, Result};

/// Longest that a client may take for its headers, and may keep an idle connection.
const HEADERS_WITHIN: Duration = Duration::from_secs(15);
/// Most bytes of a request's line and headers.
const MAX_HEADERS: usize = 32 << 10;
/// Longest that requests under way may take to finish at the end.
const FINISH_WITHIN: Duration = Duration::from_secs(10);

/// A socket that takes connections.
pub(super) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
}

impl Listener {
    pub(super) async fn bind(address: SocketAddr) -> Result<Self> {
        let bound = TcpListener::bind(address)
            .await
            .and_then(|socket| Ok((socket.local_addr()?, socket)));
        let (address, socket) = bound.map_err(|error| taken(address, error))?;
        Ok(Listener { socket, address })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes connections until `stop` ends, then waits for requests under way.
    pub(super) async fn run(self, router: Router, stop: impl Future<Output = ()>) {
        let open = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                () = &mut stop => break,
            };
            match accepted {
                Ok((stream, _peer)) => connect(stream, router.clone(), &open),
                Err(error) => {
                    // Out of file handles, mostly: others will end and give theirs back.
                    tracing::warn!(%error, "a connection cannot be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop(self.socket);
        let _ = tokio::time::timeout(FINISH_WITHIN, open.shutdown()).await;
    }
}

/// Serves one connection on a task of its own.
fn connect(stream: TcpStream, router: Router, open: &GracefulShutdown) {
    let _ = stream.set_nodelay(true);
    let mut server = http1::Builder::new();
    server
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(MAX_HEADERS);
    let service = TowerToHyperService::new(router);
    let served = open.watch(server.serve_connection(TokioIo::new(stream), service));
    tokio::spawn(async move {
        // A client that breaks off or breaks the protocol is its own concern.
        if let Err(error) = served.await {
            tracing::debug!(%error, "a connection broke");
        }
    });
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
