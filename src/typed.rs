//! What is typed at any door, command line or query string → filters and facets of the contract.
//!
//! Invariant: one reading for all doors, with the same errors.

use std::collections::BTreeMap;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Concept, FacetField, Filter};
use crate::query::concept;

/// Reads a facet filter; a leading `!` (or `！`) leaves the value out.
///
/// ```
/// use zhengsou::model::FacetField;
/// let filter = zhengsou::typed::filter(FacetField::Region, "!江苏省")?;
/// assert_eq!((filter.value.as_str(), filter.negated), ("江苏省", true));
/// assert!(zhengsou::typed::filter(FacetField::Region, "! ").is_err());
/// # Ok::<(), zhengsou::Error>(())
/// ```
///
/// # Errors
/// If there is no value.
pub fn filter(field: FacetField, typed: &str) -> Result<Filter> {
    let kept = typed.strip_prefix(['!', '！']);
    let value = kept.unwrap_or(typed).trim();
    if value.is_empty() {
        let label = field.label();
        return Err(Error::new(
            ErrorKind::Usage,
            format!("筛选“{label}”没有给出值"),
            format!("the filter on {field} has no value"),
        ));
    }
    Ok(Filter {
        field,
        value: value.to_owned(),
        negated: kept.is_some(),
    })
}

/// Reads names of facets, in contract form or Chinese, with commas of either width between, and
/// what the values of some of them must hold: `agency=卫生,year`.
///
/// # Errors
/// If there is no such facet.
pub fn facets(lists: &[String]) -> Result<(Vec<FacetField>, BTreeMap<FacetField, String>)> {
    let mut fields = Vec::new();
    let mut find = BTreeMap::new();
    let names = lists.iter().flat_map(|list| list.split([',', '，', '、']));
    for typed in names.map(str::trim).filter(|name| !name.is_empty()) {
        let (name, value) = typed.split_once(['=', '＝']).unwrap_or((typed, ""));
        let field = facet(name)?;
        if !fields.contains(&field) {
            fields.push(field);
        }
        if !value.trim().is_empty() {
            find.insert(field, value.trim().to_owned());
        }
    }
    Ok((fields, find))
}

/// Reads a concept to be counted: `环保: 环保|环境保护|-环保局`.
///
/// # Errors
/// [`ErrorKind::Query`] with the place.
pub fn concept(typed: &str) -> Result<Concept> {
    concept::one(typed)
}

/// Reads the name of a facet, in contract form or Chinese.
///
/// # Errors
/// If there is no such facet.
pub fn facet(name: &str) -> Result<FacetField> {
    FacetField::parse(name.trim()).ok_or_else(|| unknown_facet(name))
}

fn unknown_facet(name: &str) -> Error {
    let known = |label: fn(FacetField) -> &'static str, between: &str| {
        let names: Vec<_> = FacetField::ALL.iter().map(|field| label(*field)).collect();
        names.join(between)
    };
    Error::new(
        ErrorKind::Usage,
        format!("没有叫“{name}”的计数方面"),
        format!("there is no facet '{name}'"),
    )
    .with_hint(
        format!(
            "可用：{}，或 {}",
            known(FacetField::label, "、"),
            known(FacetField::name, ",")
        ),
        format!("use one of {}", known(FacetField::name, ", ")),
    )
}
