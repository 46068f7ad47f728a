//! `/download/…`: what a view shows, all of it, as CSV or as a workbook.

use std::io::{self, Write};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::address::Address;
use super::{kwic, search, trend};
use crate::engine::Engine;
use crate::error::Result;
use crate::model::{Cell, Column, ColumnKind, DataTable, Language, Note, SearchRequest};
use crate::present::rows::Rows;
use crate::present::workbook::{self, Sheets};
use crate::present::{citation, data, grouped, kwic as lines, trend as trends};
use crate::say;
use crate::serve::App;
use crate::serve::fault::Fault;
use crate::serve::stream::File;

/// Most hits of a workbook, which stands in memory until it is written; CSV holds all of them.
const MOST: u64 = 50_000;

/// Answers with a file.
pub(super) async fn file(
    State(app): State<App>,
    Path(name): Path<String>,
    address: Address,
) -> std::result::Result<Response, Fault> {
    let Some((view, kind)) = kind(&name) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let file = File {
        media: kind.media(),
        name: format!("zhengsou-{name}"),
    };
    let table: fn(&Engine, &Address) -> Result<DataTable> = match view {
        View::Hits => return hits(&app, kind, &file, &address).await,
        View::Trend => |engine, address| Ok(trends::table(&trend::answer(engine, address)?)),
        View::Kwic => |engine, address| Ok(lines::table(&kwic::answer(engine, address)?)),
    };
    let write = move |engine: &Engine| {
        let (table, language) = (table(engine, &address)?, address.language);
        let mut bytes = Vec::new();
        let written = match kind {
            // Excel takes a file without the mark for GBK.
            Kind::Csv => data::csv(&mut bytes, &table, true, language),
            Kind::Xlsx => workbook::write(&mut bytes, &table, language),
        };
        Ok(written.map(|()| bytes))
    };
    let written = app.run(write).await?;
    Ok(file.answer(written.map_err(|_| Fault::internal())?))
}

/// Streams the hits of an address.
async fn hits(
    app: &App,
    kind: Kind,
    file: &File,
    address: &Address,
) -> std::result::Result<Response, Fault> {
    let language = address.language;
    let write = move |engine: &Engine, request: &SearchRequest, out: &mut dyn Write| match kind {
        Kind::Csv => csv_of_hits(engine, request, out),
        Kind::Xlsx => workbook_of_hits(engine, request, language, out),
    };
    app.stream(file, search::request(address), write).await
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

/// Writes all hits, copies folded as the page has them.
fn csv_of_hits(
    engine: &Engine,
    request: &SearchRequest,
    out: &mut dyn Write,
) -> Result<io::Result<()>> {
    let mut rows = match Rows::hits_csv(out, true) {
        Ok(rows) => rows,
        Err(error) => return Ok(Err(error)),
    };
    let mut written = Ok(());
    engine.stream(request, &mut |hit| {
        written = rows.hit(&hit);
        written.is_ok()
    })?;
    Ok(written.and_then(|()| rows.finish()))
}

/// Writes the first hits, the text ahead; where there are more, a sheet says so.
fn workbook_of_hits(
    engine: &Engine,
    request: &SearchRequest,
    language: Language,
    out: &mut dyn Write,
) -> Result<io::Result<()>> {
    let mut columns = vec![citation::text_column()];
    columns.extend(citation::columns());
    let copies = Column::new("dup_count", "相近表述", "copies", ColumnKind::Integer);
    columns.push(copies);
    let mut sheets = match Sheets::new(columns, language) {
        Ok(sheets) => sheets,
        Err(error) => return Ok(Err(error)),
    };
    let (mut count, mut written) = (0, Ok(()));
    engine.stream(request, &mut |hit| {
        count += 1;
        if count > MOST {
            return false;
        }
        let mut cells = vec![Cell::from(&hit.passage.text)];
        cells.extend(citation::cells(&hit.passage));
        cells.push(Cell::from(hit.dup_count));
        written = sheets.row(&cells);
        written.is_ok()
    })?;
    let cut = (count > MOST).then(|| {
        let most = grouped(MOST);
        Note::new(
            format!("本表只有前 {most} 条，后面还有；要全部结果请下载 CSV"),
            format!("this table holds the first {most} hits and there are more; download CSV for all of them"),
        )
    });
    Ok(written.and_then(|()| sheets.finish(out, None, cut.as_slice())))
}

/// Says that a workbook will not hold all hits; empty where it will.
pub(super) fn only_first(all: u64, language: Language) -> String {
    let most = grouped(MOST);
    match all > MOST {
        true => say!(language, "（前 {most} 条）", " (first {most})"),
        false => String::new(),
    }
}
