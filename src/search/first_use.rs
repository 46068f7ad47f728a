//! Matches, parted by a value and by report year → the passages of the first year of each value.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::DocAddress;

use super::Candidate;
use super::slices::{NONE, Slices};

/// Stands for the year of reports without one: after all others.
const WITHOUT: i32 = i32::MAX;

/// The uses of a phrase under one value.
#[derive(Debug, Default)]
pub struct Uses {
    /// The passages of the first year, in no order; empty if there is no use.
    pub first: Vec<DocAddress>,
    /// The first report year; `None` if no report that holds it has one.
    pub first_year: Option<i32>,
    /// The last report year.
    pub last_year: Option<i32>,
    /// The first report year under this value, whether it holds the phrase or not.
    pub covered_from: Option<i32>,
    /// Reports that hold it.
    pub reports: u64,
    /// Passages that hold it.
    pub passages: u64,
}

/// Sorts matches by value and year. The last axis of the slices is the report year; a value is that
/// of the axis before, `None` where there is no other.
pub fn uses(candidates: &[Candidate], slices: &Slices) -> BTreeMap<Option<String>, Uses> {
    let year = |values: &[Option<String>]| {
        let year = values.last().and_then(Option::as_ref);
        year.and_then(|year| year.parse().ok()).unwrap_or(WITHOUT)
    };
    let value = |values: &[Option<String>]| match values {
        [value, _] => value.clone(),
        _ => None,
    };
    let known = |year: i32| (year != WITHOUT).then_some(year);
    let mut found: BTreeMap<Option<String>, Uses> = BTreeMap::new();
    for slice in &slices.slices {
        let uses = found.entry(value(&slice.values)).or_default();
        let earlier = known(year(&slice.values))
            .into_iter()
            .chain(uses.covered_from);
        uses.covered_from = earlier.min();
    }
    let mut by_slice: BTreeMap<u32, Vec<&Candidate>> = BTreeMap::new();
    for candidate in candidates {
        let address = candidate.address;
        let pair = slices.pair_of[address.segment_ord as usize][address.doc_id as usize];
        if pair != NONE {
            let (slice, _) = slices.pairs[pair as usize];
            by_slice.entry(slice).or_default().push(candidate);
        }
    }
    let mut reports: BTreeMap<Option<String>, BTreeSet<u64>> = BTreeMap::new();
    let mut slices_of: Vec<(i32, Option<String>, Vec<&Candidate>)> = by_slice
        .into_iter()
        .map(|(slice, held)| {
            let values = &slices.slices[slice as usize].values;
            (year(values), value(values), held)
        })
        .collect();
    slices_of.sort_by(|one, two| (one.0, &one.1).cmp(&(two.0, &two.1)));
    for (year, value, held) in slices_of {
        let uses = found.entry(value.clone()).or_default();
        if uses.first.is_empty() {
            uses.first = held.iter().map(|candidate| candidate.address).collect();
            uses.first_year = known(year);
        }
        uses.last_year = known(year).or(uses.last_year);
        uses.passages += held.len() as u64;
        let reports = reports.entry(value).or_default();
        reports.extend(held.iter().map(|candidate| candidate.report));
        uses.reports = reports.len() as u64;
    }
    found
}
