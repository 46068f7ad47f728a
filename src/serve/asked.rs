//! Query strings → parameters, checked against what the API's description says of them.
//!
//! Invariant: a name, number, choice or length that the description does not allow is refused, with
//! what to write instead; one place holds both.

use std::any::TypeId;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::IntoParams;

use super::fault::Fault;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{FacetField, Filter};
use crate::typed;

/// Facet filters. Values of one facet are alternatives; facets restrict each other; a leading `!`
/// leaves a value out.
#[derive(Debug, Default, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct FilterParams {
    /// Agency; short names will do: `卫健委`.
    #[param(max_length = 200)]
    agency: Vec<String>,
    /// Policy field: `卫生健康`.
    #[param(max_length = 200)]
    system: Vec<String>,
    /// Level: `国家`, `省`, `市`, `县`, `乡`.
    #[param(max_length = 200)]
    level: Vec<String>,
    /// Region with all below it: `江苏省`, `江苏省/南京市`.
    #[param(max_length = 200)]
    region: Vec<String>,
    /// Year spoken of: `2023`, `2019..2023`, `>=2020`.
    #[param(max_length = 200)]
    year: Vec<String>,
    /// Year of the report, written likewise.
    #[param(max_length = 200)]
    report_year: Vec<String>,
    /// Kind of section: `工作总结`, `工作计划`, `存在问题` …
    #[param(max_length = 200)]
    section_kind: Vec<String>,
    /// Kind of report: `政府工作报告`, `工作总结和计划`.
    #[param(max_length = 200)]
    report_kind: Vec<String>,
    /// File or folder as cited; `*` is allowed.
    #[param(max_length = 400)]
    source: Vec<String>,
}

/// Parameters of a query string.
pub(crate) trait Parameters: IntoParams + DeserializeOwned + 'static {
    /// Whether facet filters may stand beside them.
    const FILTERED: bool;
}

/// No parameters.
#[derive(Debug, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Nothing {}

impl Parameters for Nothing {
    const FILTERED: bool = false;
}

/// What a query string asks.
pub(crate) struct Asked<T> {
    /// Its parameters.
    pub(crate) params: T,
    /// Its facet filters.
    pub(crate) filters: Vec<Filter>,
}

impl<T: Parameters, S: Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Fault;

    async fn from_request_parts(
        parts: &mut Parts,
        _state: &S,
    ) -> std::result::Result<Self, Self::Rejection> {
        Ok(read(parts.uri.query().unwrap_or(""))?)
    }
}

/// A request of the contract, posted as JSON.
pub(crate) struct Posted<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Posted<T> {
    type Rejection = Fault;

    async fn from_request(
        request: Request,
        state: &S,
    ) -> std::result::Result<Self, Self::Rejection> {
        match Json::from_request(request, state).await {
            Ok(Json(posted)) => Ok(Posted(posted)),
            Err(rejection) => Err(Fault::rejected(&rejection)),
        }
    }
}

/// Reads a query string.
pub(crate) fn read<T: Parameters>(query: &str) -> Result<Asked<T>> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).map_err(unreadable)?;
    let described = described::<T>();
    let mut filters = Vec::new();
    let mut others = Vec::with_capacity(pairs.len());
    for (index, (name, value)) in pairs.iter().enumerate() {
        let Some(allowed) = described.get(name) else {
            return Err(unknown(name, described.keys()));
        };
        check(name, value, allowed)?;
        let is_list = allowed["type"] == "array";
        if !is_list && pairs[..index].iter().any(|(other, _)| other == name) {
            return Err(refused(name, value).with_hint("只能给一次", "give it once only"));
        }
        let field = FacetField::parse(name).filter(|_| T::FILTERED && is_list);
        match field.filter(|field| field.name() == name) {
            // An empty field of a form asks nothing.
            Some(_) if value.is_empty() => {}
            Some(field) => filters.push(typed::filter(field, value)?),
            None => others.push((name, value)),
        }
    }
    let others = serde_html_form::to_string(others).map_err(unreadable)?;
    let params = serde_html_form::from_str(&others).map_err(unreadable)?;
    Ok(Asked { params, filters })
}

type Described = Arc<BTreeMap<String, Value>>;

/// Returns the schema of each parameter.
fn described<T: Parameters>() -> Described {
    static KNOWN: RwLock<Option<HashMap<TypeId, Described>>> = RwLock::new(None);
    let id = TypeId::of::<T>();
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(described) = known.as_ref().and_then(|known| known.get(&id)) {
        return described.clone();
    }
    drop(known);
    let mut parameters = T::into_params(|| None);
    if T::FILTERED {
        parameters.extend(FilterParams::into_params(|| None));
    }
    let schemas = parameters.into_iter().map(|parameter| {
        let schema = serde_json::to_value(&parameter.schema).unwrap_or_default();
        (parameter.name, schema)
    });
    let described = Arc::new(schemas.collect());
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    known.insert(id, Arc::clone(&described));
    described
}

/// Checks a value against its schema.
fn check(name: &str, value: &str, schema: &Value) -> Result<()> {
    if schema["type"] == "array" {
        return check(name, value, &schema["items"]);
    }
    let is = |kind: &str| match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(|other| other == kind),
        other => other == kind,
    };
    if let Value::Array(choices) = &schema["enum"] {
        if choices.iter().any(|choice| choice == value) {
            return Ok(());
        }
        let choices: Vec<&str> = choices.iter().filter_map(Value::as_str).collect();
        let choices = choices.join(", ");
        return Err(refused(name, value)
            .with_hint(format!("可用：{choices}"), format!("use one of {choices}")));
    }
    if is("integer") || is("number") {
        let least = schema["minimum"].as_f64().unwrap_or(f64::MIN);
        let most = schema["maximum"].as_f64().unwrap_or(f64::MAX);
        let number = match is("integer") {
            true => value.parse::<u64>().ok().map(|number| number as f64),
            false => value.parse::<f64>().ok(),
        };
        if !number.is_some_and(|number| (least..=most).contains(&number)) {
            return Err(refused(name, value).with_hint(
                format!("请给出 {least} 到 {most} 之间的数"),
                format!("give a number from {least} to {most}"),
            ));
        }
    } else if is("boolean") && !["true", "false"].contains(&value) {
        return Err(refused(name, value).with_hint("可用：true, false", "use true or false"));
    } else if let Some(most) = schema["maxLength"].as_u64() {
        let length = value.chars().count() as u64;
        if length > most {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("参数 {name} 有 {length} 字，超过 {most} 字"),
                format!("the parameter {name} has {length} characters, more than {most}"),
            ));
        }
    }
    Ok(())
}

fn refused(name: &str, value: &str) -> Error {
    let value: String = value.chars().take(40).collect();
    Error::new(
        ErrorKind::Usage,
        format!("参数 {name} 不能是“{value}”"),
        format!("the parameter {name} cannot be '{value}'"),
    )
}

fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Error {
    let name: String = name.chars().take(40).collect();
    let known: Vec<&str> = known.map(String::as_str).collect();
    let error = Error::new(
        ErrorKind::Usage,
        format!("没有叫“{name}”的参数"),
        format!("there is no parameter '{name}'"),
    );
    let near = known.iter().max_by(|one, two| {
        let like = |other: &&str| strsim::jaro_winkler(other, &name);
        like(one).total_cmp(&like(two))
    });
    match near.filter(|near| strsim::jaro_winkler(near, &name) > 0.8) {
        Some(near) => error.with_hint(
            format!("是不是想写 {near}？"),
            format!("did you mean {near}?"),
        ),
        None => {
            let known = known.join(", ");
            error.with_hint(format!("可用：{known}"), format!("use one of {known}"))
        }
    }
}

fn unreadable(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(
        ErrorKind::Usage,
        "查询串无法读取",
        "the query string cannot be read",
    )
    .with_hint(
        "各参数的写法见 /openapi.json",
        "/openapi.json says how parameters are written",
    )
    .with_cause(cause)
}
