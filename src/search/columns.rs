//! What a search reads of each matched passage besides its postings: filters, facets, keys.

use tantivy::SegmentReader;
use tantivy::columnar::Column;

use super::facets::Counter;
use super::filter::{self, Kept};
use super::{Index, values};
use crate::model::{FacetField, Filter, Sort};

/// Filters by facet, resolved.
pub(super) struct Filters {
    pub(super) fields: Vec<(FacetField, Kept)>,
}

impl Filters {
    pub(super) fn resolve(filters: &[Filter], index: &Index<'_>) -> crate::Result<Self> {
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

    /// Opens the columns of a segment that are filtered.
    pub(super) fn open<'a>(
        &self,
        reader: &SegmentReader,
        ordinal: usize,
        index: &Index<'a>,
    ) -> tantivy::Result<Vec<FacetColumn<'a>>> {
        let fields = self.fields.iter();
        fields
            .map(|(field, _)| FacetColumn::open(*field, reader, ordinal, index))
            .collect()
    }
}

/// Returns which facets' filters a passage fails, by the columns that [`Filters::open`] gave.
pub(super) fn failing(doc: u32, filters: &Filters, columns: &[FacetColumn<'_>]) -> Failing {
    let mut failing = Failing::None;
    for ((field, kept), column) in filters.fields.iter().zip(columns) {
        if !column.kept(doc, kept) {
            match failing {
                Failing::None => failing = Failing::One(*field),
                _ => return Failing::Several,
            }
        }
    }
    failing
}

/// Which facets' filters a passage fails.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Failing {
    None,
    One(FacetField),
    Several,
}

/// A facet's column: in one segment, by document, or over all of them, by place in the order of
/// reading.
pub(super) enum FacetColumn<'a> {
    Strings {
        ordinals: Option<Column<u64>>,
        numbers: &'a [u32],
    },
    Years(Option<Column<i64>>),
    PlacedStrings(&'a [u32]),
    PlacedYears(&'a [u32]),
}

/// Stands in a placed column for a passage without a value.
pub(super) const WITHOUT: u32 = u32::MAX;

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

    /// Returns the number of a passage's value among all values of the facet.
    pub(super) fn number(&self, doc: u32) -> Option<usize> {
        match self {
            FacetColumn::Strings { ordinals, numbers } => {
                let ordinal = ordinals.as_ref()?.first(doc)?;
                numbers.get(ordinal as usize).map(|&number| number as usize)
            }
            FacetColumn::PlacedStrings(numbers) => {
                let number = *numbers.get(doc as usize)?;
                (number != WITHOUT).then_some(number as usize)
            }
            _ => None,
        }
    }

    /// Returns a passage's year.
    pub(super) fn year(&self, doc: u32) -> Option<i64> {
        match self {
            FacetColumn::Years(column) => column.as_ref()?.first(doc),
            FacetColumn::PlacedYears(years) => {
                let year = *years.get(doc as usize)?;
                (year != WITHOUT).then_some(i64::from(year))
            }
            _ => None,
        }
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

/// The columns by which a search filters and counts.
pub(super) struct FacetColumns<'a> {
    filtered: Vec<FacetColumn<'a>>,
    counted: Vec<FacetColumn<'a>>,
}

/// The columns of one segment that a search reads.
pub(super) struct Columns<'a> {
    /// Those of facets.
    pub(super) facets: FacetColumns<'a>,
    id: Column<u64>,
    fold: Column<u64>,
    report: Column<u64>,
    year: Option<Column<i64>>,
    /// Source and place in it, where they are the order.
    place: Option<(FacetColumn<'a>, Column<u64>)>,
}

impl<'a> Columns<'a> {
    pub(super) fn open(
        reader: &SegmentReader,
        ordinal: usize,
        filters: &Filters,
        counters: &[Counter<'_>],
        by_place: bool,
        index: &Index<'a>,
    ) -> tantivy::Result<Self> {
        let fast = reader.fast_fields();
        let column = |field| FacetColumn::open(field, reader, ordinal, index);
        let place = match by_place {
            true => Some((column(FacetField::Source)?, fast.u64("start")?)),
            false => None,
        };
        Ok(Columns {
            place,
            id: fast.u64("id")?,
            fold: fast.u64("fold")?,
            report: fast.u64("report")?,
            year: values::years(FacetField::Year, reader)?,
            facets: FacetColumns::open(filters, counters, column)?,
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

    /// Returns the first keys of a passage in the order asked for.
    pub(super) fn order(&self, doc: u32, sort: Sort) -> (i64, u64) {
        if let Some((source, start)) = &self.place {
            let source = source.number(doc).map_or(i64::MAX, |number| number as i64);
            return (source, start.first(doc).unwrap_or(0));
        }
        let year = || self.year.as_ref().and_then(|column| column.first(doc));
        let key = match sort {
            Sort::Relevance => 0,
            Sort::YearAscending => year().unwrap_or(i64::MAX),
            Sort::YearDescending => year().map_or(i64::MAX, |year| -year),
        };
        (key, 0)
    }
}

impl<'a> FacetColumns<'a> {
    pub(super) fn open<E>(
        filters: &Filters,
        counters: &[Counter<'_>],
        column: impl Fn(FacetField) -> Result<FacetColumn<'a>, E>,
    ) -> Result<Self, E> {
        let filtered = filters.fields.iter().map(|(field, _)| column(*field));
        let counted = counters.iter().map(|counter| column(counter.field));
        Ok(FacetColumns {
            filtered: filtered.collect::<Result<_, E>>()?,
            counted: counted.collect::<Result<_, E>>()?,
        })
    }

    /// Returns which filters a passage fails.
    pub(super) fn failing(&self, doc: u32, filters: &Filters) -> Failing {
        failing(doc, filters, &self.filtered)
    }

    /// Counts a passage of a report, by its number in this search, in the facets for which it
    /// passes the other facets' filters.
    pub(super) fn count(
        &self,
        doc: u32,
        report: u32,
        failing: Failing,
        counters: &mut [Counter<'_>],
    ) {
        for (counter, column) in counters.iter_mut().zip(&self.counted) {
            if matches!(failing, Failing::One(field) if field != counter.field) {
                continue;
            }
            if let Some(number) = column.number(doc) {
                counter.add(number, report);
            } else if let Some(year) = column.year(doc) {
                counter.add_year(year, report);
            }
        }
    }
}
