//! What a search reads of each matched passage besides its postings: filters, facets, keys.

use std::collections::BTreeMap;

use tantivy::SegmentReader;
use tantivy::columnar::Column;

use super::filter::{self, Kept};
use super::{Index, values};
use crate::error::Result;
use crate::model::{FacetCount, FacetField, Filter, Sort};

/// Filters by facet, resolved.
pub(super) struct Filters {
    pub(super) fields: Vec<(FacetField, Kept)>,
}

impl Filters {
    pub(super) fn resolve(filters: &[Filter], index: &Index<'_>) -> Result<Self> {
        let mut fields = Vec::new();
        for &field in FacetField::ALL {
            let own: Vec<&Filter> = filters
                .iter()
                .filter(|filter| filter.field == field)
                .collect();
            if own.is_empty() {
                continue;
            }
            let none = Vec::new();
            let values = if field.is_year() {
                &none
            } else {
                &index.values(field)?.values
            };
            fields.push((field, filter::resolve(field, &own, values, index.schema)?));
        }
        Ok(Filters { fields })
    }
}

/// Which facets' filters a passage fails.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Failing {
    None,
    One(FacetField),
    Several,
}

/// Counts the values of one facet over all segments.
pub(super) struct Counter {
    pub(super) field: FacetField,
    by_number: Vec<u64>,
    by_year: BTreeMap<i64, u64>,
}

impl Counter {
    pub(super) fn new(field: FacetField, index: &Index<'_>) -> Result<Self> {
        let size = if field.is_year() {
            0
        } else {
            index.values(field)?.values.len()
        };
        Ok(Counter {
            field,
            by_number: vec![0; size],
            by_year: BTreeMap::new(),
        })
    }

    /// Returns the most frequent values; years in descending order.
    pub(super) fn top(self, limit: usize, index: &Index<'_>) -> Result<Vec<FacetCount>> {
        let mut counts: Vec<FacetCount> = if self.field.is_year() {
            let years = self.by_year.into_iter().rev();
            years
                .map(|(year, count)| FacetCount {
                    value: year.to_string(),
                    count,
                })
                .collect()
        } else {
            let values = &index.values(self.field)?.values;
            let counted = values
                .iter()
                .zip(self.by_number)
                .filter(|(_, count)| *count > 0);
            let mut counts: Vec<FacetCount> = counted
                .map(|(value, count)| FacetCount {
                    value: value.clone(),
                    count,
                })
                .collect();
            counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
            counts
        };
        counts.truncate(limit);
        Ok(counts)
    }
}

/// A facet's column in one segment.
pub(super) enum FacetColumn<'a> {
    Strings {
        ordinals: Option<Column<u64>>,
        numbers: &'a [u32],
    },
    Years(Option<Column<i64>>),
}

impl<'a> FacetColumn<'a> {
    pub(super) fn open(
        field: FacetField,
        reader: &SegmentReader,
        ordinal: usize,
        index: &Index<'a>,
    ) -> tantivy::Result<Self> {
        if field.is_year() {
            return Ok(FacetColumn::Years(values::years(field, reader)?));
        }
        let numbers = &index
            .values
            .of(field, index.searcher.segment_readers())?
            .numbers[ordinal];
        let ordinals = values::strings(field, reader)?.map(|column| column.ords().clone());
        Ok(FacetColumn::Strings { ordinals, numbers })
    }

    pub(super) fn number(&self, doc: u32) -> Option<usize> {
        let FacetColumn::Strings { ordinals, numbers } = self else {
            return None;
        };
        let ordinal = ordinals.as_ref()?.first(doc)?;
        numbers.get(ordinal as usize).map(|&number| number as usize)
    }

    pub(super) fn year(&self, doc: u32) -> Option<i64> {
        let FacetColumn::Years(column) = self else {
            return None;
        };
        column.as_ref()?.first(doc)
    }

    pub(super) fn kept(&self, doc: u32, kept: &Kept) -> bool {
        match kept {
            Kept::Years { .. } => kept.keeps_year(self.year(doc)),
            Kept::Values { kept, without } => match self.number(doc) {
                Some(number) => kept.get(number).copied().unwrap_or(false),
                None => *without,
            },
        }
    }
}

/// The columns of one segment that a search reads.
pub(super) struct Columns<'a> {
    id: Column<u64>,
    fold: Column<u64>,
    report: Column<u64>,
    year: Option<Column<i64>>,
    filtered: Vec<FacetColumn<'a>>,
    counted: Vec<FacetColumn<'a>>,
}

impl<'a> Columns<'a> {
    pub(super) fn open(
        reader: &SegmentReader,
        ordinal: usize,
        filters: &Filters,
        counters: &[Counter],
        index: &Index<'a>,
    ) -> tantivy::Result<Self> {
        let fast = reader.fast_fields();
        let column = |field| FacetColumn::open(field, reader, ordinal, index);
        Ok(Columns {
            id: fast.u64("id")?,
            fold: fast.u64("fold")?,
            report: fast.u64("report")?,
            year: values::years(FacetField::Year, reader)?,
            filtered: filters
                .fields
                .iter()
                .map(|(field, _)| column(*field))
                .collect::<tantivy::Result<_>>()?,
            counted: counters
                .iter()
                .map(|counter| column(counter.field))
                .collect::<tantivy::Result<_>>()?,
        })
    }

    pub(super) fn id(&self, doc: u32) -> u64 {
        self.id.first(doc).unwrap_or(0)
    }

    pub(super) fn fold(&self, doc: u32) -> u64 {
        self.fold.first(doc).unwrap_or(0)
    }

    pub(super) fn report(&self, doc: u32) -> u64 {
        self.report.first(doc).unwrap_or(0)
    }

    pub(super) fn order(&self, doc: u32, sort: Sort) -> i64 {
        let year = || self.year.as_ref().and_then(|column| column.first(doc));
        match sort {
            Sort::Relevance => 0,
            Sort::YearAscending => year().unwrap_or(i64::MAX),
            Sort::YearDescending => year().map_or(i64::MAX, |year| -year),
        }
    }

    pub(super) fn failing(&self, doc: u32, filters: &Filters) -> Failing {
        let mut failing = Failing::None;
        for ((field, kept), column) in filters.fields.iter().zip(&self.filtered) {
            if !column.kept(doc, kept) {
                match failing {
                    Failing::None => failing = Failing::One(*field),
                    _ => return Failing::Several,
                }
            }
        }
        failing
    }

    pub(super) fn count(&mut self, doc: u32, failing: Failing, counters: &mut [Counter]) {
        if failing == Failing::Several {
            return;
        }
        for (counter, column) in counters.iter_mut().zip(&self.counted) {
            if matches!(failing, Failing::One(field) if field != counter.field) {
                continue;
            }
            if let Some(number) = column.number(doc) {
                if let Some(count) = counter.by_number.get_mut(number) {
                    *count += 1;
                }
            } else if let Some(year) = column.year(doc) {
                *counter.by_year.entry(year).or_default() += 1;
            }
        }
    }
}
