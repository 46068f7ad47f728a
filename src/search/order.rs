//! Documents of all segments → the order in which their passages are read.
//!
//! Made once per generation, when first asked for: by source and by place in it, whatever the
//! segments and the order of writing.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::columns::FacetColumn;
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

/// All passages in the order of reading.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// For each segment, the place of each document, or [`NONE`].
    places: Vec<Vec<u32>>,
    /// The passages, by place.
    pub(super) passages: Vec<Placed>,
    /// The reports, in order of their first passage.
    pub(super) reports: Vec<Length>,
}

/// A passage at its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    /// Number of its source.
    pub(super) source: u32,
    /// Number of its report in [`Order::reports`].
    pub(super) report: u32,
    /// How long it is.
    pub(super) length: Length,
}

/// Number of words as a multiple of the mean.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Length(pub(super) f32);

impl Order {
    /// Returns the order of nothing, for where none is asked for.
    pub(super) fn none() -> &'static Order {
        static NONE: Order = Order {
            places: Vec::new(),
            passages: Vec::new(),
            reports: Vec::new(),
        };
        &NONE
    }

    /// Returns a passage's place; `None` for what is none.
    pub(super) fn place(&self, segment: usize, doc: u32) -> Option<usize> {
        let place = *self.places.get(segment)?.get(doc as usize)?;
        (place != NONE).then_some(place as usize)
    }

    /// Returns the places of a segment's documents, [`u32::MAX`] for those that have none.
    pub(super) fn places(&self, segment: usize) -> &[u32] {
        self.places.get(segment).map_or(&[], Vec::as_slice)
    }
}

impl ReadingOrder {
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
        words: u32,
        segment: usize,
        doc: u32,
    }
    let mut found: Vec<Found> = Vec::with_capacity(index.passages as usize);
    let mut places = Vec::new();
    for (segment, reader) in index.searcher.segment_readers().iter().enumerate() {
        places.push(vec![NONE; reader.max_doc() as usize]);
        let source = FacetColumn::open(FacetField::Source, reader, segment, index);
        let source = index.checked(source)?;
        let column = |name| index.checked(reader.fast_fields().u64(name));
        let (ids, starts, reports) = (column("id")?, column("start")?, column("report")?);
        let words = index.checked(reader.get_fieldnorms_reader(index.fields.words))?;
        for doc in reader.doc_ids_alive() {
            let Some(id) = ids.first(doc) else { continue };
            found.push(Found {
                source: source.number(doc).map_or(NONE, |number| number as u32),
                start: starts.first(doc).unwrap_or(0),
                id,
                report: reports.first(doc).unwrap_or(0),
                words: words.fieldnorm(doc),
                segment,
                doc,
            });
        }
    }
    found.sort_unstable_by_key(|one| (one.source, one.start, one.id));
    let mut order = Order {
        places,
        passages: Vec::with_capacity(found.len()),
        reports: Vec::new(),
    };
    let mut numbers: HashMap<u64, u32, Identity> = HashMap::default();
    for (place, one) in (0..).zip(&found) {
        order.places[one.segment][one.doc as usize] = place;
        let report = *numbers.entry(one.report).or_insert_with(|| {
            order.reports.push(Length(0.0));
            order.reports.len() as u32 - 1
        });
        order.reports[report as usize].0 += one.words as f32;
        order.passages.push(Placed {
            source: one.source,
            report,
            length: Length(one.words as f32),
        });
    }
    let words: f32 = index.average_length()?.max(1.0);
    let reports = order.reports.len().max(1) as f32;
    let mean = words * found.len() as f32 / reports;
    order
        .passages
        .iter_mut()
        .for_each(|one| one.length.0 /= words);
    order
        .reports
        .iter_mut()
        .for_each(|one| one.0 /= mean.max(1.0));
    Ok(order)
}
