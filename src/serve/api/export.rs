//! `export`: every passage or hit, as a stream of constant memory.
//!
//! A thread reads the index and writes rows into a short queue; it waits while the client takes its
//! time, and ends when the client goes away.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use utoipa::{IntoParams, ToSchema};

use crate::engine::Engine;
use crate::error::Result;
use crate::model::{Matching, SearchRequest, Sort};
use crate::present::rows::Rows;
use crate::serve::App;
use crate::serve::asked::{Asked, FilterParams, Parameters};
use crate::serve::fault::{Fault, Faults};

/// Bytes of a piece.
const PIECE: usize = 64 << 10;
/// Pieces that wait for the client.
const WAITING: usize = 4;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum RowFormat {
    /// One JSON object a line.
    #[default]
    Jsonl,
    /// Comma-separated values under a line of column names.
    Csv,
}

/// What is exported.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct ExportParams {
    /// The query; without it, every passage that the filters keep, by source and place.
    #[param(max_length = 2000)]
    q: String,
    /// How leaves match.
    #[param(inline)]
    mode: Matching,
    /// Most of the words are enough.
    any: bool,
    /// Order of hits.
    #[param(inline)]
    sort: Sort,
    /// Whether near-duplicates fold under one hit.
    fold: bool,
    /// How rows are written.
    #[param(inline)]
    format: RowFormat,
    /// Whether CSV begins with a byte order mark, for Excel.
    bom: bool,
}

impl Parameters for ExportParams {
    const FILTERED: bool = true;
}

/// Every passage or hit, as JSONL or CSV
#[utoipa::path(
    get,
    path = "/api/v1/export",
    tag = "read",
    params(ExportParams, FilterParams),
    responses(
        (status = 200, description = "The rows, as they are found", content(
            (String = "application/x-ndjson"),
            (String = "text/csv")
        )),
        Faults
    )
)]
pub(super) async fn export(
    State(app): State<App>,
    asked: Asked<ExportParams>,
) -> std::result::Result<Response, Fault> {
    let place = app.0.work.export_place()?;
    let params = asked.params;
    let format = params.format;
    let request = SearchRequest {
        query: params.q,
        mode: params.mode,
        any: params.any,
        filters: asked.filters,
        sort: params.sort,
        fold: params.fold,
        ..SearchRequest::default()
    };
    // A question that cannot be answered is refused before a stream has begun.
    let checked = SearchRequest {
        limit: 0,
        ..request.clone()
    };
    app.run(move |engine| engine.search(&checked)).await?;

    let (sender, receiver) = channel(WAITING);
    let mut pieces = Pieces {
        sender,
        runtime: Handle::current(),
        patience: Duration::from_secs(app.0.options.timeout),
        buffer: Vec::with_capacity(PIECE),
    };
    let engine = app.engine();
    tokio::task::spawn_blocking(move || {
        let written = write(&engine, &request, format, params.bom, &mut pieces);
        let failed = match written {
            Ok(Ok(())) => pieces.flush().err(),
            Ok(Err(error)) => Some(error),
            Err(error) => Some(io::Error::other(error)),
        };
        if let Some(error) = failed {
            tracing::info!(%error, "an export was broken off");
            pieces.fail(error);
        }
        drop(place);
    });
    let (kind, name) = match format {
        RowFormat::Jsonl => (
            "application/x-ndjson",
            "attachment; filename=\"zhengsou.jsonl\"",
        ),
        RowFormat::Csv => (
            "text/csv; charset=utf-8",
            "attachment; filename=\"zhengsou.csv\"",
        ),
    };
    let mut response = Body::new(Rest(receiver)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    Ok(response)
}

/// Writes the rows; the outer error is the engine's, the inner one the client's.
fn write(
    engine: &Engine,
    request: &SearchRequest,
    format: RowFormat,
    byte_order_mark: bool,
    out: &mut dyn Write,
) -> Result<io::Result<()>> {
    let is_search = !request.query.trim().is_empty();
    let rows = match (format, is_search) {
        (RowFormat::Jsonl, _) => Ok(Rows::json_lines(out)),
        (RowFormat::Csv, true) => Rows::hits_csv(out, byte_order_mark),
        (RowFormat::Csv, false) => Rows::passages_csv(out, byte_order_mark),
    };
    let mut rows = match rows {
        Ok(rows) => rows,
        Err(error) => return Ok(Err(error)),
    };
    let mut written = Ok(());
    match is_search {
        true => engine.stream(request, &mut |hit| {
            written = rows.hit(&hit);
            written.is_ok()
        })?,
        false => engine.export(&request.filters, &mut |passage| {
            written = rows.passage(&passage);
            written.is_ok()
        })?,
    }
    Ok(written.and_then(|()| rows.finish()))
}

/// Rows that wait for the client, piece by piece.
struct Pieces {
    sender: Sender<io::Result<Bytes>>,
    runtime: Handle,
    patience: Duration,
    buffer: Vec<u8>,
}

impl Pieces {
    fn send(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.buffer, Vec::with_capacity(PIECE));
        let sent = self.sender.send_timeout(Ok(piece.into()), self.patience);
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.runtime.block_on(sent).map_err(gone)
    }

    /// Breaks the stream off, so that the client does not take a part for the whole.
    fn fail(&self, error: io::Error) {
        let _ = self.sender.try_send(Err(error));
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
        self.send()
    }
}

/// What is still to be sent.
struct Rest(Receiver<io::Result<Bytes>>);

impl hyper::body::Body for Rest {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let piece = ready!(self.0.poll_recv(context));
        Poll::Ready(piece.map(|piece| piece.map(Frame::data)))
    }
}
