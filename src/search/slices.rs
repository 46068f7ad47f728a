//! Filters and axes → which passages count, each with the slice that it stands in.
//!
//! Made once for a request; every concept is then counted by one look into an array for each passage
//! that holds it.
//!
//! Invariant: the slices part the passages that the filters keep, copies of one text counted once
//! where that was asked for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tantivy::SegmentReader;
use tantivy::columnar::Column;

use super::columns::{FacetColumn, Failing, Filters, failing};
use super::{Identity, Index};
use crate::error::Result;
use crate::index::words::Lexicon;
use crate::model::{Axis, Copies, FacetField, Filter, Slice};

/// Stands for a document that does not count.
pub(super) const NONE: u32 = u32::MAX;

/// Most axes.
pub const MAX_AXES: usize = 2;

/// The value of an axis: the number of a facet's value, or a year. Passages without one come last.
type Key = i64;
const WITHOUT: Key = Key::MAX;

/// Which passages count, and where.
#[derive(Debug, Default)]
pub struct Slices {
    /// By segment and document: the number of its pair of slice and report, or [`NONE`].
    pub(super) pair_of: Vec<Vec<u32>>,
    /// By pair: number of the slice and of the report.
    pub(super) pairs: Vec<(u32, u32)>,
    /// How many reports there are.
    pub(super) reports: usize,
    /// The slices that hold passages, in no order.
    pub slices: Vec<Slice>,
    /// All passages.
    pub whole: Slice,
    /// For each axis its values in order, `None` for passages without one; years without gaps.
    pub values: Vec<Vec<Option<String>>>,
}

/// A passage that counts.
struct Counted {
    segment: usize,
    doc: u32,
    report: u64,
    keys: [Key; MAX_AXES],
}

impl Slices {
    /// Parts the passages that the filters keep.
    ///
    /// # Errors
    /// If a filter names an unknown value or the index cannot be read.
    pub fn new(
        axes: &[Axis],
        filters: &[Filter],
        copies: Copies,
        index: &Index<'_>,
    ) -> Result<Self> {
        index.guarded(|| {
            let named = axes
                .iter()
                .map(|axis| Named::of(*axis, index))
                .collect::<Result<Vec<_>>>()?;
            let counted = counted(&named, filters, true, copies, index)?;
            parted(&named, counted, index)
        })
    }

    /// Takes the passages that the filters do not keep, as one slice.
    ///
    /// # Errors
    /// As for [`Slices::new`].
    pub fn rest(filters: &[Filter], copies: Copies, index: &Index<'_>) -> Result<Self> {
        index.guarded(|| parted(&[], counted(&[], filters, false, copies, index)?, index))
    }

    /// Returns the number of the report that a document belongs to; `None` if it does not count.
    pub(super) fn report(&self, segment: usize, doc: usize) -> Option<u32> {
        let pair = self.pair_of[segment][doc];
        (pair != NONE).then(|| self.pairs[pair as usize].1)
    }
}

/// An axis with the names of its values.
struct Named {
    axis: Axis,
    /// By number of the facet's value: number of the axis's value. Empty for years.
    numbers: Vec<u32>,
    names: Vec<String>,
}

impl Named {
    fn of(axis: Axis, index: &Index<'_>) -> Result<Self> {
        if axis.field.is_year() {
            return Ok(Named {
                axis,
                numbers: Vec::new(),
                names: Vec::new(),
            });
        }
        let values = &index.values(axis.field)?.values;
        let cut = |value: &'_ str| match axis.depth {
            Some(depth) => value.split('/').take(depth).collect::<Vec<_>>().join("/"),
            None => value.to_owned(),
        };
        let names: BTreeSet<String> = values.iter().map(|value| cut(value)).collect();
        let names: Vec<String> = names.into_iter().collect();
        let number = |value: &String| {
            let found = names.binary_search(&cut(value));
            found.map_or(NONE, |number| number as u32)
        };
        Ok(Named {
            axis,
            numbers: values.iter().map(number).collect(),
            names,
        })
    }

    fn key(&self, column: &FacetColumn<'_>, doc: u32) -> Key {
        match self.axis.field.is_year() {
            true => column.year(doc).unwrap_or(WITHOUT),
            false => {
                let number = column
                    .number(doc)
                    .and_then(|number| self.numbers.get(number));
                number.map_or(WITHOUT, |&number| Key::from(number))
            }
        }
    }

    fn name(&self, key: Key) -> Option<String> {
        match key {
            WITHOUT => None,
            year if self.axis.field.is_year() => Some(year.to_string()),
            number => self.names.get(number as usize).cloned(),
        }
    }

    /// Adds the years between the first and the last.
    fn fill(&self, keys: &mut BTreeSet<Key>) {
        if !self.axis.field.is_year() {
            return;
        }
        let known = |key: &Key| *key != WITHOUT;
        let mut years = keys.iter().copied().filter(known);
        if let (Some(first), Some(last)) = (years.next(), years.next_back())
            // A year that is none would fill in thousands.
            && last - first < 1_000
        {
            keys.extend(first..=last);
        }
    }
}

/// Returns the passages that count: those that the filters keep, or the others.
fn counted(
    axes: &[Named],
    filters: &[Filter],
    kept: bool,
    copies: Copies,
    index: &Index<'_>,
) -> Result<Vec<Counted>> {
    let filters = Filters::resolve(filters, index)?;
    let mut counted = Vec::new();
    // Of each group: how early its earliest is, and which of `counted`.
    let mut earliest: HashMap<u64, ((Key, Key, u64), usize), Identity> = HashMap::default();
    for (segment, reader) in index.segments() {
        let mut collect = || -> tantivy::Result<()> {
            let column = |field| FacetColumn::open(field, reader, segment, index);
            let filtered = filters.open(reader, segment, index)?;
            let axes_columns = axes
                .iter()
                .map(|axis| column(axis.axis.field))
                .collect::<tantivy::Result<Vec<_>>>()?;
            let (year, report_year) = (column(FacetField::Year)?, column(FacetField::ReportYear)?);
            let number = |name| reader.fast_fields().u64(name);
            let (ids, folds, reports) = (number("id")?, number("fold")?, number("report")?);
            for doc in reader.doc_ids_alive() {
                // Sources of the ledger have no id.
                let Some(id) = ids.first(doc) else { continue };
                if (failing(doc, &filters, &filtered) == Failing::None) != kept {
                    continue;
                }
                let mut keys = [0; MAX_AXES];
                for ((key, axis), column) in keys.iter_mut().zip(axes).zip(&axes_columns) {
                    *key = axis.key(column, doc);
                }
                let passage = Counted {
                    segment,
                    doc,
                    report: reports.first(doc).unwrap_or(0),
                    keys,
                };
                if copies == Copies::Once {
                    let group = index.groups.id(folds.first(doc).unwrap_or(0));
                    let age = (
                        year.year(doc).unwrap_or(WITHOUT),
                        report_year.year(doc).unwrap_or(WITHOUT),
                        id,
                    );
                    match earliest.get_mut(&group) {
                        Some((known, _)) if *known <= age => {}
                        Some((known, at)) => {
                            *known = age;
                            counted[*at] = passage;
                        }
                        None => {
                            earliest.insert(group, (age, counted.len()));
                            counted.push(passage);
                        }
                    }
                    continue;
                }
                counted.push(passage);
            }
            Ok(())
        };
        index.checked(collect())?;
    }
    Ok(counted)
}

fn parted(axes: &[Named], counted: Vec<Counted>, index: &Index<'_>) -> Result<Slices> {
    let readers = index.searcher.segment_readers();
    let length = |reader: &SegmentReader| index.checked(reader.fast_fields().u64("length"));
    let lengths = readers
        .iter()
        .map(length)
        .collect::<Result<Vec<Column<u64>>>>()?;
    let words = readers
        .iter()
        .map(|reader| index.checked(index.words.of(reader, index.fields.words)))
        .collect::<Result<Vec<&Lexicon>>>()?;
    let mut parted = Slices {
        pair_of: readers
            .iter()
            .map(|reader| vec![NONE; reader.max_doc() as usize])
            .collect(),
        ..Slices::default()
    };
    let mut numbers: BTreeMap<[Key; MAX_AXES], u32> = BTreeMap::new();
    let mut reports: HashMap<u64, u32, Identity> = HashMap::default();
    let mut pairs: HashMap<(u32, u32), u32> = HashMap::new();
    // Neighbours mostly share slice and report.
    let mut last: Option<((u32, u32), u32)> = None;
    for passage in counted {
        let slice = *numbers.entry(passage.keys).or_insert_with(|| {
            let named = axes.iter().zip(passage.keys);
            parted.slices.push(Slice {
                values: named.map(|(axis, key)| axis.name(key)).collect(),
                ..Slice::default()
            });
            parted.slices.len() as u32 - 1
        });
        let next = reports.len() as u32;
        let report = *reports.entry(passage.report).or_insert(next);
        let pair = match last {
            Some((known, number)) if known == (slice, report) => number,
            _ => *pairs.entry((slice, report)).or_insert_with(|| {
                parted.pairs.push((slice, report));
                parted.slices[slice as usize].reports += 1;
                parted.pairs.len() as u32 - 1
            }),
        };
        last = Some(((slice, report), pair));
        let (segment, doc) = (passage.segment, passage.doc as usize);
        parted.pair_of[segment][doc] = pair;
        let slice = &mut parted.slices[slice as usize];
        slice.passages += 1;
        slice.characters += lengths[segment].first(passage.doc).unwrap_or(0);
        slice.words += u64::from(words[segment].length(passage.doc));
    }
    parted.reports = reports.len();
    parted.whole = Slice {
        values: Vec::new(),
        passages: parted.slices.iter().map(|slice| slice.passages).sum(),
        reports: reports.len() as u64,
        characters: parted.slices.iter().map(|slice| slice.characters).sum(),
        words: parted.slices.iter().map(|slice| slice.words).sum(),
    };
    parted.values = axes
        .iter()
        .enumerate()
        .map(|(at, axis)| {
            let mut keys: BTreeSet<Key> = numbers.keys().map(|keys| keys[at]).collect();
            axis.fill(&mut keys);
            keys.into_iter().map(|key| axis.name(key)).collect()
        })
        .collect();
    Ok(parted)
}
