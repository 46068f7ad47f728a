//! `/download/…`: what a view shows, all of it, as CSV or as a workbook.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::address::Address;
use super::{kwic, search, trend};
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::model::{Cell, Column, ColumnKind};
use crate::present::rows::Rows;
use crate::present::workbook::{self, Sheets};
use crate::present::{citation, data};
use crate::serve::App;
use crate::serve::fault::Fault;

/// Most hits of a file, which stands in memory until it is written; the API streams all of them.
const MOST: usize = 50_000;

/// Answers with a file.
pub(super) async fn file(
    State(app): State<App>,
    Path(name): Path<String>,
    address: Address,
) -> std::result::Result<Response, Fault> {
    let Some((view, kind)) = kind(&name) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let bytes = app
        .run(move |engine| write(engine, view, kind, &address))
        .await?;
    let disposition = format!("attachment; filename=\"zhengsou-{name}\"");
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.media()));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

#[derive(Clone, Copy)]
enum View {
    Hits,
    Trend,
    Kwic,
}

#[derive(Clone, Copy)]
enum Kind {
    Csv,
    Xlsx,
}

impl Kind {
    fn media(self) -> &'static str {
        match self {
            Kind::Csv => "text/csv; charset=utf-8",
            Kind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

fn kind(name: &str) -> Option<(View, Kind)> {
    let (view, kind) = name.split_once('.')?;
    let view = match view {
        "hits" => View::Hits,
        "trend" => View::Trend,
        "kwic" => View::Kwic,
        _ => return None,
    };
    let kind = match kind {
        "csv" => Kind::Csv,
        "xlsx" => Kind::Xlsx,
        _ => return None,
    };
    Some((view, kind))
}

fn write(engine: &Engine, view: View, kind: Kind, address: &Address) -> Result<Vec<u8>> {
    let language = address.language;
    let table = match view {
        View::Hits => return hits(engine, kind, address),
        View::Trend => crate::present::trend::table(&trend::answer(engine, address)?),
        View::Kwic => crate::present::kwic::table(&kwic::answer(engine, address)?),
    };
    let mut bytes = Vec::new();
    match kind {
        // Excel takes a file without the mark for GBK.
        Kind::Csv => data::csv(&mut bytes, &table, true, language),
        Kind::Xlsx => workbook::write(&mut bytes, &table, language),
    }
    .map_err(unwritten)?;
    Ok(bytes)
}

/// Writes the hits of an address, copies folded as there.
fn hits(engine: &Engine, kind: Kind, address: &Address) -> Result<Vec<u8>> {
    let request = search::request(address);
    let mut bytes = Vec::new();
    let mut done: std::io::Result<()> = Ok(());
    match kind {
        Kind::Csv => {
            let mut rows = Rows::hits_csv(&mut bytes, true).map_err(unwritten)?;
            let mut left = MOST;
            engine.stream(&request, &mut |hit| {
                done = rows.hit(&hit);
                left -= 1;
                done.is_ok() && left > 0
            })?;
            rows.finish().map_err(unwritten)?;
        }
        Kind::Xlsx => {
            let mut columns = vec![citation::text_column()];
            columns.extend(citation::columns());
            let copies = Column::new("dup_count", "相近表述", "copies", ColumnKind::Integer);
            columns.push(copies);
            let mut sheets = Sheets::new(columns, address.language).map_err(unwritten)?;
            let mut left = MOST;
            engine.stream(&request, &mut |hit| {
                let mut cells = vec![Cell::from(&hit.passage.text)];
                cells.extend(citation::cells(&hit.passage));
                cells.push(Cell::from(hit.dup_count));
                done = sheets.row(&cells);
                left -= 1;
                done.is_ok() && left > 0
            })?;
            sheets.finish(&mut bytes, None).map_err(unwritten)?;
        }
    }
    done.map_err(unwritten)?;
    Ok(bytes)
}

fn unwritten(cause: std::io::Error) -> Error {
    Error::io("download", cause)
}
