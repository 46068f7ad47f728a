//! `count`, `trend` and `kwic`: how often, since when and in what context, as JSON or CSV.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::json;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{
    Axis, Concept, Copies, CountRequest, CountResponse, DataTable, FacetField, KwicRequest,
    KwicResponse, KwicSort, Language, Rate, TrendRequest, TrendResponse,
};
use crate::present::count::{Layout, Measure};
use crate::present::{count as counts, data, kwic as lines, trend as trends};
use crate::serve::App;
use crate::serve::asked::{Asked, FilterParams, Nothing, Parameters, Posted};
use crate::serve::fault::{Fault, Faults, language};
use crate::typed;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum TableFormat {
    /// One JSON document.
    #[default]
    Json,
    /// Comma-separated values under lines with `#` that say what they were made from.
    Csv,
}

/// What is counted.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct CountParams {
    /// What is counted, one concept each: `乡村振兴`, `环保: 环保|环境保护|-环保局`.
    #[param(max_length = 1000)]
    term: Vec<String>,
    /// By what passages are told apart, two at most: `year`, `province`, `agency` …
    #[param(max_length = 40)]
    by: Vec<String>,
    /// How near copies count.
    #[param(inline)]
    copies: Copies,
    /// How the answer is written.
    #[param(inline)]
    format: TableFormat,
}

impl Parameters for CountParams {
    const FILTERED: bool = true;
}

/// Reads a concept each; at least one is needed.
fn concepts(terms: &[String]) -> Result<Vec<Concept>> {
    if terms.is_empty() {
        return Err(Error::new(
            ErrorKind::Usage,
            "缺少参数 term",
            "the parameter term is missing",
        )
        .with_hint("例如 term=乡村振兴", "for example term=乡村振兴"));
    }
    terms.iter().map(|term| typed::concept(term)).collect()
}

fn axis(name: &String) -> Result<Axis> {
    Axis::parse(name.trim()).ok_or_else(|| {
        let names: Vec<&str> = FacetField::ALL.iter().map(|field| field.name()).collect();
        let names = format!("{}, province, city, county", names.join(", "));
        Error::new(
            ErrorKind::Usage,
            format!("没有叫“{name}”的方面"),
            format!("there is no facet '{name}'"),
        )
        .with_hint(format!("可用：{names}"), format!("use one of {names}"))
    })
}

/// How often concepts occur
///
/// Occurrences, passages and reports, with their denominators.
#[utoipa::path(
    get,
    path = "/api/v1/count",
    tag = "count",
    params(CountParams, FilterParams),
    responses((status = 200, description = "Counts", content(
        (CountResponse = "application/json"),
        (String = "text/csv")
    )), Faults)
)]
pub(super) async fn count(
    State(app): State<App>,
    headers: HeaderMap,
    asked: Asked<CountParams>,
) -> std::result::Result<Response, Fault> {
    let params = asked.params;
    let request = CountRequest {
        terms: concepts(&params.term)?,
        by: params.by.iter().map(axis).collect::<Result<_>>()?,
        filters: asked.filters,
        copies: params.copies,
        date: None,
    };
    let search = move |engine: &Engine| engine.count(&request);
    let table = |found: &CountResponse| counts::table(found, Layout::Long, Measure::default());
    answer(&app, search, table, params.format, language(&headers)).await
}

/// How often concepts occur, of a list too long for an address
#[utoipa::path(
    post,
    path = "/api/v1/count",
    tag = "count",
    request_body = CountRequest,
    responses((status = 200, description = "Counts", body = CountResponse), Faults)
)]
pub(super) async fn count_terms(
    State(app): State<App>,
    _asked: Asked<Nothing>,
    Posted(request): Posted<CountRequest>,
) -> std::result::Result<Response, Fault> {
    app.json(move |engine| engine.count(&request)).await
}

/// What is followed through the years.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct TrendParams {
    /// What is counted, one concept each: `乡村振兴`, `环保: 环保|环境保护|-环保局`.
    #[param(max_length = 1000)]
    term: Vec<String>,
    /// Which year: that of the section or that of the report.
    #[param(inline)]
    by: YearField,
    /// How near copies count.
    #[param(inline)]
    copies: Copies,
    /// What is drawn.
    #[param(inline)]
    rate: Rate,
    /// Years of a centred moving average, an odd number; 0 for none.
    #[param(minimum = 0, maximum = 99)]
    smooth: usize,
    /// Whether each rate has its confidence interval of 95 %.
    band: bool,
    /// How the answer is written.
    #[param(inline)]
    format: TableFormat,
}

/// A facet that is a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum YearField {
    /// The year that the section speaks of.
    #[default]
    Year,
    /// The year by which the report is known.
    ReportYear,
}

impl Default for TrendParams {
    fn default() -> Self {
        let request = TrendRequest::default();
        TrendParams {
            term: Vec::new(),
            by: YearField::default(),
            copies: request.copies,
            rate: request.rate,
            smooth: request.smooth,
            band: request.band,
            format: TableFormat::default(),
        }
    }
}

impl Parameters for TrendParams {
    const FILTERED: bool = true;
}

/// Concepts through the years
#[utoipa::path(
    get,
    path = "/api/v1/trend",
    tag = "count",
    params(TrendParams, FilterParams),
    responses((status = 200, description = "A series for each concept", content(
        (TrendResponse = "application/json"),
        (String = "text/csv")
    )), Faults)
)]
pub(super) async fn trend(
    State(app): State<App>,
    headers: HeaderMap,
    asked: Asked<TrendParams>,
) -> std::result::Result<Response, Fault> {
    let params = asked.params;
    let request = TrendRequest {
        terms: concepts(&params.term)?,
        by: match params.by {
            YearField::Year => FacetField::Year,
            YearField::ReportYear => FacetField::ReportYear,
        },
        filters: asked.filters,
        copies: params.copies,
        rate: params.rate,
        smooth: params.smooth,
        band: params.band,
        date: None,
    };
    let search = move |engine: &Engine| engine.trend(&request);
    answer(
        &app,
        search,
        trends::table,
        params.format,
        language(&headers),
    )
    .await
}

/// Concepts through the years, of a list too long for an address
#[utoipa::path(
    post,
    path = "/api/v1/trend",
    tag = "count",
    request_body = TrendRequest,
    responses((status = 200, description = "A series for each concept", body = TrendResponse), Faults)
)]
pub(super) async fn trend_terms(
    State(app): State<App>,
    _asked: Asked<Nothing>,
    Posted(request): Posted<TrendRequest>,
) -> std::result::Result<Response, Fault> {
    app.json(move |engine| engine.trend(&request)).await
}

/// What is shown in its context.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct KwicParams {
    /// What is shown, one concept each: `乡村振兴`, `环保: 环保|环境保护|-环保局`.
    #[param(max_length = 1000)]
    term: Vec<String>,
    /// How near copies count.
    #[param(inline)]
    copies: Copies,
    /// Most characters of context on each side.
    #[param(minimum = 0, maximum = 1000)]
    width: usize,
    /// Order of the lines.
    #[param(inline)]
    sort: KwicSort,
    /// So many occurrences at random, the same ones for the same seed.
    #[param(minimum = 1, maximum = 100_000)]
    sample: Option<usize>,
    /// Which sample.
    #[param(minimum = 0, maximum = 1_000_000_000)]
    seed: u64,
    /// At most so many lines.
    #[param(minimum = 0, maximum = 1000)]
    limit: usize,
    /// Lines to skip.
    #[param(minimum = 0, maximum = 100_000)]
    offset: usize,
    /// How the answer is written.
    #[param(inline)]
    format: TableFormat,
}

impl Default for KwicParams {
    fn default() -> Self {
        let request = KwicRequest::default();
        KwicParams {
            term: Vec::new(),
            copies: request.copies,
            width: request.width,
            sort: request.sort,
            sample: request.sample,
            seed: request.seed,
            limit: request.limit,
            offset: request.offset,
            format: TableFormat::default(),
        }
    }
}

impl Parameters for KwicParams {
    const FILTERED: bool = true;
}

/// Occurrences in their context
#[utoipa::path(
    get,
    path = "/api/v1/kwic",
    tag = "count",
    params(KwicParams, FilterParams),
    responses((status = 200, description = "A line for each occurrence", content(
        (KwicResponse = "application/json"),
        (String = "text/csv")
    )), Faults)
)]
pub(super) async fn kwic(
    State(app): State<App>,
    headers: HeaderMap,
    asked: Asked<KwicParams>,
) -> std::result::Result<Response, Fault> {
    let params = asked.params;
    let request = KwicRequest {
        terms: concepts(&params.term)?,
        filters: asked.filters,
        copies: params.copies,
        width: params.width,
        sort: params.sort,
        sample: params.sample,
        seed: params.seed,
        limit: params.limit,
        offset: params.offset,
        date: None,
    };
    let search = move |engine: &Engine| engine.kwic(&request);
    answer(
        &app,
        search,
        lines::table,
        params.format,
        language(&headers),
    )
    .await
}

/// Occurrences in their context, of a list too long for an address
#[utoipa::path(
    post,
    path = "/api/v1/kwic",
    tag = "count",
    request_body = KwicRequest,
    responses((status = 200, description = "A line for each occurrence", body = KwicResponse), Faults)
)]
pub(super) async fn kwic_terms(
    State(app): State<App>,
    _asked: Asked<Nothing>,
    Posted(request): Posted<KwicRequest>,
) -> std::result::Result<Response, Fault> {
    app.json(move |engine| engine.kwic(&request)).await
}

/// Answers as JSON, or as CSV in the reader's language.
async fn answer<T: Serialize>(
    app: &App,
    search: impl FnOnce(&Engine) -> Result<T> + Send + 'static,
    table: impl FnOnce(&T) -> DataTable + Send + 'static,
    format: TableFormat,
    language: Language,
) -> std::result::Result<Response, Fault> {
    let written = app.run(move |engine| {
        let found = search(engine)?;
        let mut text = Vec::new();
        let written = match format {
            TableFormat::Json => serde_json::to_writer(&mut text, &found).map_err(Into::into),
            TableFormat::Csv => data::csv(&mut text, &table(&found), true, language),
        };
        Ok(written.map(|()| text))
    });
    let text = written.await?.map_err(|_| Fault::internal())?;
    Ok(match format {
        TableFormat::Json => json(text),
        TableFormat::Csv => {
            ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response()
        }
    })
}
