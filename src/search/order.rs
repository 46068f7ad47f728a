//! Documents of all segments → the order in which their passages are read.
//!
//! Made once per generation, when first asked for: by source and by place in it, whatever the
//! segments and the order of writing.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use tantivy::DocAddress;

use super::columns::{FacetColumn, WITHOUT};
use super::{Identity, Index};
use crate::error::Result;
use crate::model::FacetField;

/// Stands for a document that is no passage, or was deleted.
const NONE: u32 = u32::MAX;

/// The order of reading, made on first use.
#[derive(Debug, Default)]
pub struct ReadingOrder {
    made: OnceLock<Order>,
}

/// All passages in the order of reading. What is asked of every passage stands by itself.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// For each segment, the place of each document, or [`NONE`].
    places: Vec<Vec<u32>>,
    /// The passages, by place.
    pub(super) passages: Vec<Placed>,
    /// By place: number of the source.
    source_of: Vec<u32>,
    /// By place: number of the report in [`Order::reports`].
    pub(super) report_of: Vec<u32>,
    /// By place: number of the group in [`Order::groups`].
    pub(super) group_of: Vec<u32>,
    /// By place: number of words, as a multiple of the mean.
    pub(super) lengths: Vec<f32>,
    /// The reports, in order of their first passage.
    pub(super) reports: Vec<PlacedReport>,
    /// What the copies of each group share.
    pub(super) groups: Vec<u64>,
    /// By facet, on first use, by place: the number of its value or the year.
    facets: [OnceLock<Vec<u32>>; FacetField::ALL.len()],
}

/// A passage at its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    /// Where it is stored.
    pub(super) address: DocAddress,
    /// Its id.
    pub(super) id: u64,
}

/// A report at its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlacedReport {
    /// Its id.
    pub(super) id: u64,
    /// Place of its first passage.
    pub(super) first: u32,
    /// Number of words, as a multiple of the mean.
    pub(super) length: f32,
}

impl Order {
    /// Returns the order of nothing, for where none is asked for.
    pub(super) fn none() -> &'static Order {
        static NONE: Order = Order {
            places: Vec::new(),
            passages: Vec::new(),
            source_of: Vec::new(),
            report_of: Vec::new(),
            group_of: Vec::new(),
            lengths: Vec::new(),
            reports: Vec::new(),
            groups: Vec::new(),
            facets: [const { OnceLock::new() }; FacetField::ALL.len()],
        };
        &NONE
    }

    /// Returns a passage's place; `None` for what is none.
    pub(super) fn place(&self, segment: usize, doc: u32) -> Option<usize> {
        let place = *self.places.get(segment)?.get(doc as usize)?;
        (place != NONE).then_some(place as usize)
    }

    /// Returns the id of the report of the passage at a place.
    #[inline]
    pub(super) fn report(&self, place: u32) -> u64 {
        self.reports[self.report_of[place as usize] as usize].id
    }

    /// Returns the places, at most `reach` of them, that come right before a place in its source.
    pub(super) fn before(&self, place: usize, reach: usize) -> Range<usize> {
        let source = self.source_of[place];
        let others = self.source_of[place.saturating_sub(reach)..place].iter();
        place - others.rev().take_while(|other| **other == source).count()..place
    }

    /// Returns a facet's column, by place.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn facet<'a>(
        &'a self,
        field: FacetField,
        index: &Index<'_>,
    ) -> tantivy::Result<FacetColumn<'a>> {
        let cell = &self.facets[field as usize];
        let values = match cell.get() {
            Some(values) => values,
            None => {
                let values = self.read_facet(field, index)?;
                cell.get_or_init(|| values)
            }
        };
        Ok(match field.is_year() {
            true => FacetColumn::PlacedYears(values),
            false => FacetColumn::PlacedStrings(values),
        })
    }

    fn read_facet(&self, field: FacetField, index: &Index<'_>) -> tantivy::Result<Vec<u32>> {
        let mut values = vec![WITHOUT; self.passages.len()];
        for (segment, reader) in index.searcher.segment_readers().iter().enumerate() {
            let column = FacetColumn::open(field, reader, segment, index)?;
            for (doc, place) in (0..).zip(self.places(segment)) {
                if let Some(value) = values.get_mut(*place as usize) {
                    let number = column.number(doc).map(|number| number as u32);
                    let year = || column.year(doc).and_then(|year| u32::try_from(year).ok());
                    *value = number.or_else(year).unwrap_or(WITHOUT);
                }
            }
        }
        Ok(values)
    }

    /// Returns the places of a segment's documents, [`u32::MAX`] for those that have none.
    pub(super) fn places(&self, segment: usize) -> &[u32] {
        self.places.get(segment).map_or(&[], Vec::as_slice)
    }
}

impl ReadingOrder {
    /// Returns the order if it has been made.
    pub(super) fn made(&self) -> Option<&Order> {
        self.made.get()
    }

    /// Makes the order, if it has not been made.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn make(&self, index: &Index<'_>) -> Result<()> {
        index.guarded(|| self.of(index).map(drop))
    }

    /// Returns the order.
    pub(super) fn of(&self, index: &Index<'_>) -> Result<&Order> {
        if let Some(order) = self.made.get() {
            return Ok(order);
        }
        let order = read(index)?;
        Ok(self.made.get_or_init(|| order))
    }
}

fn read(index: &Index<'_>) -> Result<Order> {
    struct Found {
        source: u32,
        start: u64,
        id: u64,
        report: u64,
        fold: u64,
        words: u32,
        address: DocAddress,
    }
    let mut found: Vec<Found> = Vec::with_capacity(index.passages as usize);
    let mut places = Vec::new();
    for (segment, reader) in index.searcher.segment_readers().iter().enumerate() {
        places.push(vec![NONE; reader.max_doc() as usize]);
        let source = FacetColumn::open(FacetField::Source, reader, segment, index);
        let source = index.checked(source)?;
        let column = |name| index.checked(reader.fast_fields().u64(name));
        let (ids, starts, reports) = (column("id")?, column("start")?, column("report")?);
        let folds = column("fold")?;
        let words = index.checked(index.words.of(reader, index.fields.words))?;
        for doc in reader.doc_ids_alive() {
            let Some(id) = ids.first(doc) else { continue };
            found.push(Found {
                source: source.number(doc).map_or(NONE, |number| number as u32),
                start: starts.first(doc).unwrap_or(0),
                id,
                report: reports.first(doc).unwrap_or(0),
                fold: folds.first(doc).unwrap_or(0),
                words: words.length(doc),
                address: DocAddress::new(segment as u32, doc),
            });
        }
    }
    found.sort_unstable_by_key(|one| (one.source, one.start, one.id));
    let mut order = Order {
        places,
        ..Order::default()
    };
    let mean = index.average_length()?.max(1.0);
    let mut group_numbers: HashMap<u64, u32, Identity> = HashMap::default();
    let mut report_numbers: HashMap<u64, u32, Identity> = HashMap::default();
    for (place, one) in (0..).zip(&found) {
        order.places[one.address.segment_ord as usize][one.address.doc_id as usize] = place;
        let group = index.groups.id(one.fold);
        let group = *group_numbers.entry(group).or_insert_with(|| {
            order.groups.push(group);
            order.groups.len() as u32 - 1
        });
        let report = *report_numbers.entry(one.report).or_insert_with(|| {
            order.reports.push(PlacedReport {
                id: one.report,
                first: place,
                length: 0.0,
            });
            order.reports.len() as u32 - 1
        });
        order.reports[report as usize].length += one.words as f32;
        order.passages.push(Placed {
            address: one.address,
            id: one.id,
        });
        order.source_of.push(one.source);
        order.report_of.push(report);
        order.group_of.push(group);
        order.lengths.push(one.words as f32 / mean);
    }
    let mean = mean * found.len() as f32 / order.reports.len().max(1) as f32;
    for report in &mut order.reports {
        report.length /= mean.max(1.0);
    }
    Ok(order)
}
