//! Matched passages → counts of facet values: passages and reports, regions with all below them.
//!
//! Invariant: a value's count is the number of passages that a filter on this value alone would keep
//! under the query and the other facets' filters.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Identity, Index, filter};
use crate::error::Result;
use crate::model::{FacetCount, FacetCounts, FacetField};

/// What is asked of one facet.
#[derive(Debug, Clone, Copy)]
pub struct WantedFacet<'a> {
    /// The facet.
    pub field: FacetField,
    /// Only values that this names or that hold its characters; empty for all.
    pub find: &'a str,
}

/// Counts the values of one facet over all segments.
pub(super) struct Counter<'a> {
    pub(super) field: FacetField,
    find: &'a str,
    counts: Counts,
    /// Reports that have been counted, for a facet that a whole report shares.
    seen: Vec<bool>,
    /// Pairs of report and value that have been counted, for one that its passages do not.
    pairs: HashSet<u64, Identity>,
    /// The last of them: neighbours mostly share it.
    last: Option<(u32, u32)>,
}

/// Passages and reports by value.
enum Counts {
    Numbers(Vec<(u64, u64)>),
    Years(BTreeMap<i64, (u64, u64)>),
}

impl<'a> Counter<'a> {
    pub(super) fn new(wanted: WantedFacet<'a>, index: &Index<'_>) -> Result<Self> {
        let WantedFacet { field, find } = wanted;
        let counts = match field.is_year() {
            true => Counts::Years(BTreeMap::new()),
            false => Counts::Numbers(vec![(0, 0); index.values(field)?.values.len()]),
        };
        Ok(Counter {
            field,
            find,
            counts,
            seen: Vec::new(),
            pairs: HashSet::default(),
            last: None,
        })
    }

    pub(super) fn add(&mut self, number: usize, report: u32) {
        let is_new = self.is_new(number as u32, report);
        if let Counts::Numbers(counts) = &mut self.counts
            && let Some((passages, reports)) = counts.get_mut(number)
        {
            *passages += 1;
            *reports += u64::from(is_new);
        }
    }

    pub(super) fn add_year(&mut self, year: i64, report: u32) {
        let is_new = self.is_new(year as u32, report);
        if let Counts::Years(counts) = &mut self.counts {
            let (passages, reports) = counts.entry(year).or_default();
            *passages += 1;
            *reports += u64::from(is_new);
        }
    }

    /// Returns whether a report is counted for the first time under a value.
    fn is_new(&mut self, value: u32, report: u32) -> bool {
        if !matches!(self.field, FacetField::Year | FacetField::Section) {
            let report = report as usize;
            if self.seen.len() <= report {
                self.seen.resize(report + 1, false);
            }
            return !std::mem::replace(&mut self.seen[report], true);
        }
        if self.last == Some((report, value)) {
            return false;
        }
        self.last = Some((report, value));
        // Spread over the low bits, by which the table is filled.
        let pair = (u64::from(value) << 32 | u64::from(report)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.pairs.insert(pair.rotate_left(32))
    }

    /// Returns the most frequent values, years in descending order; a limit of 0 is none.
    pub(super) fn top(self, limit: usize, index: &Index<'_>) -> Result<FacetCounts> {
        let counted = |value: String, (count, reports)| FacetCount {
            value,
            count,
            reports,
        };
        let mut counts: Vec<FacetCount> = match self.counts {
            Counts::Years(years) => {
                let years = years.into_iter().rev();
                years
                    .map(|(year, found)| counted(year.to_string(), found))
                    .collect()
            }
            Counts::Numbers(numbers) => {
                let values = &index.values(self.field)?.values;
                let found = values.iter().zip(numbers).filter(|(_, found)| found.0 > 0);
                let mut counts: Vec<FacetCount> = match self.field {
                    FacetField::Region => with_what_lies_above(found)
                        .into_iter()
                        .map(|(value, found)| counted(value.to_owned(), found))
                        .collect(),
                    _ => found
                        .map(|(value, found)| counted(value.clone(), found))
                        .collect(),
                };
                // A region comes before those in it: it has as many passages, and a shorter path.
                counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
                counts
            }
        };
        let mut near = Vec::new();
        if !self.find.is_empty() {
            let finds = |value: &str| filter::finds(self.field, value, self.find, index);
            counts.retain(|found| finds(&found.value));
            if counts.is_empty() && !self.field.is_year() {
                let known = &index.values(self.field)?.values;
                let nearest = filter::nearest(self.find, known).into_iter();
                near = nearest.map(str::to_owned).collect();
            }
        }
        let values = counts.len() as u64;
        if limit > 0 {
            counts.truncate(limit);
        }
        Ok(FacetCounts {
            counts,
            values,
            near,
        })
    }
}

/// Adds up what lies at and below each region.
fn with_what_lies_above<'v>(
    found: impl Iterator<Item = (&'v String, (u64, u64))>,
) -> HashMap<&'v str, (u64, u64)> {
    let mut regions: HashMap<&str, (u64, u64)> = HashMap::new();
    for (path, (passages, reports)) in found {
        let ends = path.match_indices('/').map(|(end, _)| end);
        for end in ends.chain([path.len()]) {
            let region = regions.entry(&path[..end]).or_default();
            region.0 += passages;
            region.1 += reports;
        }
    }
    regions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_counts_what_lies_below() {
        let paths = [
            "江苏省".to_owned(),
            "江苏省/南京市".to_owned(),
            "江苏省/南京市/江宁区".to_owned(),
        ];
        let found = paths.iter().zip([(1, 1), (2, 1), (4, 2)]);
        let regions = with_what_lies_above(found);
        assert_eq!(regions["江苏省"], (7, 4));
        assert_eq!(regions["江苏省/南京市"], (6, 3));
        assert_eq!(regions["江苏省/南京市/江宁区"], (4, 2));
    }
}
