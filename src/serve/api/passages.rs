//! `passages` and `reports`: a passage among its neighbours, an outline, a whole report.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{NearCopies, PassageRecord};
use crate::present::report::{self, OutlineEntry};
use crate::serve::App;
use crate::serve::asked::{Asked, Nothing, Parameters};
use crate::serve::fault::{Fault, Faults};

/// What is shown around a passage.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct PassageParams {
    /// Neighbours on each side.
    #[param(minimum = 0, maximum = 100)]
    around: usize,
    /// At most so many near copies.
    #[param(minimum = 0, maximum = 1000)]
    copies: usize,
}

impl Default for PassageParams {
    fn default() -> Self {
        PassageParams {
            around: 1,
            copies: 20,
        }
    }
}

impl Parameters for PassageParams {
    const FILTERED: bool = false;
}

/// A passage among its neighbours, with its near copies.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PassageAnswer {
    /// Where the passage stands in `passages`, 0-based.
    position: usize,
    /// The passage among its neighbours.
    passages: Vec<PassageRecord>,
    /// Passages with nearly the same wording.
    copies: NearCopies,
}

/// The headings of a report.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OutlineAnswer {
    /// Its first passage, which carries the report's title, tags and source.
    first: PassageRecord,
    /// Number of its passages.
    passages: usize,
    /// Its headings in reading order.
    outline: Vec<OutlineEntry>,
}

/// A whole report.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReportAnswer {
    /// Its passages in reading order; headings stand in `opens`.
    passages: Vec<PassageRecord>,
}

/// A passage among its neighbours, with its near copies
#[utoipa::path(
    get,
    path = "/api/v1/passages/{id}",
    tag = "read",
    params(("id" = String, Path, description = "Id of a passage, 16 hexadecimal digits"), PassageParams),
    responses((status = 200, description = "The passage", body = PassageAnswer), Faults)
)]
pub(super) async fn passage(
    State(app): State<App>,
    Path(id): Path<String>,
    asked: Asked<PassageParams>,
) -> std::result::Result<Response, Fault> {
    let answer = app.json(move |engine| {
        let id = id.trim().to_ascii_lowercase();
        let found = engine.passage(&id, asked.params.around)?;
        let (passages, position) = found.ok_or_else(|| unknown(&id, "段落", "passage"))?;
        let copies = engine.copies(&id, asked.params.copies)?;
        Ok(PassageAnswer {
            position,
            passages,
            copies,
        })
    });
    answer.await
}

/// The headings of a report
#[utoipa::path(
    get,
    path = "/api/v1/reports/{id}",
    tag = "read",
    params(("id" = String, Path, description = "Id of a report, 16 hexadecimal digits")),
    responses((status = 200, description = "The outline", body = OutlineAnswer), Faults)
)]
pub(super) async fn outline(
    State(app): State<App>,
    Path(id): Path<String>,
    _asked: Asked<Nothing>,
) -> std::result::Result<Response, Fault> {
    let answer = app.json(move |engine| {
        let passages = passages(engine, &id)?;
        let first = passages.first().cloned();
        Ok(OutlineAnswer {
            outline: report::outline(&passages),
            passages: passages.len(),
            first: first.ok_or_else(|| unknown(&id, "报告", "report"))?,
        })
    });
    answer.await
}

/// A whole report
#[utoipa::path(
    get,
    path = "/api/v1/reports/{id}/passages",
    tag = "read",
    params(("id" = String, Path, description = "Id of a report, 16 hexadecimal digits")),
    responses((status = 200, description = "The report", body = ReportAnswer), Faults)
)]
pub(super) async fn report(
    State(app): State<App>,
    Path(id): Path<String>,
    _asked: Asked<Nothing>,
) -> std::result::Result<Response, Fault> {
    let answer = app.json(move |engine| {
        let passages = passages(engine, &id)?;
        Ok(ReportAnswer { passages })
    });
    answer.await
}

fn passages(engine: &Engine, id: &str) -> Result<Vec<PassageRecord>> {
    let passages = engine.report(&id.trim().to_ascii_lowercase())?;
    match passages.is_empty() {
        true => Err(unknown(id, "报告", "report")),
        false => Ok(passages),
    }
}

fn unknown(id: &str, zh: &str, en: &str) -> Error {
    let id: String = id.chars().take(40).collect();
    Error::new(
        ErrorKind::NotFound,
        format!("索引里没有编号为“{id}”的{zh}"),
        format!("the index holds no {en} with the id '{id}'"),
    )
    .with_hint(
        "编号是 16 位十六进制数，search 的每条结果都写着：段落为 id，报告为 report_id",
        "ids have 16 hexadecimal digits; each hit of a search shows its own: `id` of the passage, `report_id` of the report",
    )
}
