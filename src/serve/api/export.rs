//! `export`: every passage or hit, as a stream.

use std::io::{self, Write};

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::engine::Engine;
use crate::error::Result;
use crate::model::{Matching, SearchRequest, Sort};
use crate::present::rows::Rows;
use crate::serve::App;
use crate::serve::asked::{Asked, FilterParams, Parameters};
use crate::serve::fault::{Fault, Faults};
use crate::serve::stream::File;

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
    let (media, name) = match format {
        RowFormat::Jsonl => ("application/x-ndjson", "zhengsou.jsonl"),
        RowFormat::Csv => ("text/csv; charset=utf-8", "zhengsou.csv"),
    };
    let file = File {
        media,
        name: name.to_owned(),
    };
    let write = move |engine: &Engine, request: &SearchRequest, out: &mut dyn Write| {
        write(engine, request, format, params.bom, out)
    };
    app.stream(&file, request, write).await
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
