//! `facets`: the values of one facet under a query.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::{Error, ErrorKind};
use crate::model::{FacetCount, FacetField, IndexStamp, Matching, Note, SearchRequest};
use crate::serve::App;
use crate::serve::asked::{Asked, FilterParams, Parameters};
use crate::serve::fault::{Fault, Faults};

/// Which values are listed.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct FacetParams {
    /// The query; without it, every passage that the filters keep counts.
    #[param(max_length = 2000)]
    q: String,
    /// How leaves match.
    #[param(inline)]
    mode: Matching,
    /// Only values that this names or that hold its characters.
    #[param(max_length = 200)]
    find: String,
    /// At most so many values; 0 for all.
    #[param(minimum = 0, maximum = 100_000)]
    limit: usize,
}

impl Default for FacetParams {
    fn default() -> Self {
        FacetParams {
            q: String::new(),
            mode: Matching::default(),
            find: String::new(),
            limit: 100,
        }
    }
}

impl Parameters for FacetParams {
    const FILTERED: bool = true;
}

/// Values of a facet with their numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FacetAnswer {
    /// The facet.
    field: FacetField,
    /// Its values, the most frequent first (years: latest first).
    values: Vec<FacetCount>,
    /// How many there are, listed or not.
    all: u64,
    /// Remarks for the reader.
    notes: Vec<Note>,
    /// Which index answered.
    index: IndexStamp,
}

/// Values of one facet under a query
///
/// Filters on the facet itself do not count, so that other values can be chosen.
#[utoipa::path(
    get,
    path = "/api/v1/facets/{field}",
    tag = "search",
    params(("field" = FacetField, Path, description = "The facet"), FacetParams, FilterParams),
    responses((status = 200, description = "Values with their numbers", body = FacetAnswer), Faults)
)]
pub(super) async fn facet(
    State(app): State<App>,
    Path(name): Path<String>,
    asked: Asked<FacetParams>,
) -> Result<Response, Fault> {
    let known = FacetField::ALL.iter().find(|field| field.name() == name);
    let field = *known.ok_or_else(|| unknown(&name))?;
    let params = asked.params;
    let find = params.find.trim().to_owned();
    let request = SearchRequest {
        query: params.q,
        mode: params.mode,
        filters: asked.filters,
        facets: vec![field],
        facet_limit: params.limit,
        facet_find: [(field, find)]
            .into_iter()
            .filter(|(_, find)| !find.is_empty())
            .collect(),
        limit: 0,
        ..SearchRequest::default()
    };
    let answer = app.json(move |engine| {
        let mut response = engine.search(&request)?;
        let values = response.facets.remove(&field).unwrap_or_default();
        let all = response.facet_values.get(&field).copied();
        Ok(FacetAnswer {
            field,
            all: all.unwrap_or(values.len() as u64),
            values,
            notes: response.notes,
            index: response.index,
        })
    });
    answer.await
}

fn unknown(name: &str) -> Error {
    let names: Vec<&str> = FacetField::ALL.iter().map(|field| field.name()).collect();
    let names = names.join(", ");
    Error::new(
        ErrorKind::NotFound,
        format!("没有叫“{name}”的方面"),
        format!("there is no facet '{name}'"),
    )
    .with_hint(format!("可用：{names}"), format!("use one of {names}"))
}
