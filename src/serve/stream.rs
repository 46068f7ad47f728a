//! Rows that a thread writes → a response that is sent as they come, of constant memory.
//!
//! The thread reads the index and writes into a short queue; it waits while the client takes its
//! time, and ends when the client goes away or takes nothing for too long.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::App;
use super::fault::Fault;
use crate::cancellation::{CancelOnDrop, Cancellation};
use crate::engine::Engine;
use crate::error::Result;
use crate::model::SearchRequest;

/// Bytes of a piece.
const PIECE: usize = 64 << 10;
/// Pieces that wait for the client.
const WAITING: usize = 4;

/// What is streamed, and under what name it is saved.
pub(super) struct File {
    /// The media type.
    pub(super) media: &'static str,
    /// Name of the file.
    pub(super) name: String,
}

impl File {
    /// Answers with the file.
    pub(super) fn answer(&self, body: impl IntoResponse) -> Response {
        let mut response = body.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
        let disposition = format!("attachment; filename=\"{}\"", self.name);
        if let Ok(disposition) = HeaderValue::from_str(&disposition) {
            headers.insert(header::CONTENT_DISPOSITION, disposition);
        }
        response
    }
}

impl App {
    /// Answers with a file of all hits of a request, as `write` writes them; its outer error is the
    /// engine's, the inner one the client's.
    pub(super) async fn stream(
        &self,
        file: &File,
        request: SearchRequest,
        write: impl FnOnce(&Engine, &SearchRequest, &mut dyn Write) -> Result<io::Result<()>>
        + Send
        + 'static,
    ) -> std::result::Result<Response, Fault> {
        let place = self.0.work.export_place()?;
        // A question that cannot be answered is refused before a stream has begun.
        let checked = SearchRequest {
            facets: Vec::new(),
            limit: 0,
            offset: 0,
            ..request.clone()
        };
        self.run(move |engine| engine.search(&checked)).await?;

        let unwanted = CancelOnDrop(Cancellation::new());
        let engine = self.engine().cancelled_by(&unwanted.0);
        let (sender, receiver) = channel(WAITING);
        let mut pieces = Pieces {
            sender,
            runtime: Handle::current(),
            patience: self.patience(),
            buffer: Vec::with_capacity(PIECE),
        };
        tokio::task::spawn_blocking(move || {
            let written = write(&engine, &request, &mut pieces);
            let ended = match written {
                Ok(written) => written.and_then(|()| pieces.end()),
                Err(error) => Err(io::Error::other(error)),
            };
            if let Err(error) = ended {
                tracing::info!(%error, "an export was broken off");
            }
            drop(place);
        });
        let rest = Rest {
            receiver,
            is_whole: false,
            unwanted,
        };
        Ok(file.answer(Body::new(rest)))
    }
}

/// Rows that wait for the client, piece by piece; an empty piece is the end.
struct Pieces {
    sender: Sender<Bytes>,
    runtime: Handle,
    patience: Duration,
    buffer: Vec<u8>,
}

impl Pieces {
    fn send(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.buffer, Vec::with_capacity(PIECE));
        let sent = self.sender.send_timeout(piece.into(), self.patience);
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.runtime.block_on(sent).map_err(gone)
    }

    /// Sends the rest, and that it is the whole.
    fn end(&mut self) -> io::Result<()> {
        self.flush()?;
        self.send()
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PIECE {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.buffer.is_empty() {
            true => Ok(()),
            false => self.send(),
        }
    }
}

/// What is still to be sent. Where it is dropped, nobody wants the rest; where the thread ends without
/// an end, the connection is broken off, so that no client takes a part for the whole.
struct Rest {
    receiver: Receiver<Bytes>,
    is_whole: bool,
    #[expect(dead_code, reason = "its drop ends the thread")]
    unwanted: CancelOnDrop,
}

impl hyper::body::Body for Rest {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.is_whole {
            return Poll::Ready(None);
        }
        Poll::Ready(match ready!(self.receiver.poll_recv(context)) {
            Some(end) if end.is_empty() => {
                self.is_whole = true;
                None
            }
            Some(piece) => Some(Ok(Frame::data(piece))),
            None => Some(Err(io::ErrorKind::UnexpectedEof.into())),
        })
    }
}
