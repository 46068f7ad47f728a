//! Facets of a request: values that a query seeks, values that a facet is searched for, counts.

use std::collections::BTreeMap;

use super::Engine;
use crate::error::Result;
use crate::model::{FacetCount, FacetCounts, FacetField, Note};
use crate::query::Expr;
use crate::{plan, search};

impl Engine {
    /// Refuses a query that seeks in a field what the index does not hold, with the place.
    pub(super) fn check_values(&self, tree: &Expr, typed: &str) -> Result<()> {
        let index = self.index();
        let mut checked = Ok(());
        tree.for_each_value(&mut |field, text| {
            if checked.is_err() {
                return;
            }
            let found = match plan::facet(field) {
                Some(facet) => search::filter::check(facet, &text.text, &index),
                None => self.check_report(&text.text),
            };
            checked = found.map_err(|error| error.with_place(typed, text.origin.0));
        });
        checked
    }
}

/// Returns the values of each facet with their counts.
pub(super) fn counts(
    found: BTreeMap<FacetField, FacetCounts>,
) -> BTreeMap<FacetField, Vec<FacetCount>> {
    let counts = found.into_iter();
    counts.map(|(field, found)| (field, found.counts)).collect()
}

/// Says that a facet has no value such as was sought; `None` if it has.
pub(super) fn not_found(field: FacetField, find: &str, found: &FacetCounts) -> Option<Note> {
    if found.values > 0 {
        return None;
    }
    let (zh, en) = match found.near.as_slice() {
        [] => (String::new(), String::new()),
        near => (
            format!("，相近的有：{}", near.join("、")),
            format!("; near ones: {}", near.join(", ")),
        ),
    };
    Some(Note::new(
        format!("结果里没有含「{find}」的{}{zh}", field.label()),
        format!("no {field} of the results holds {find}{en}"),
    ))
}
