//! Facet values of an index: one global numbering over all segments, made once per generation.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use tantivy::SegmentReader;
use tantivy::columnar::{Column, StrColumn};

use crate::model::FacetField;

/// Values of every facet, numbered on first use.
#[derive(Debug, Default)]
pub struct FacetValues {
    fields: [OnceLock<FieldValues>; FacetField::ALL.len()],
}

/// Values of one facet.
#[derive(Debug, Default)]
pub struct FieldValues {
    /// The values, sorted.
    pub values: Vec<String>,
    /// For each segment, the global number of each of its ordinals.
    pub numbers: Vec<Vec<u32>>,
}

impl FacetValues {
    /// Returns the values of a keyword facet.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn of(
        &self,
        field: FacetField,
        segments: &[SegmentReader],
    ) -> tantivy::Result<&FieldValues> {
        let cell = &self.fields[field as usize];
        if let Some(values) = cell.get() {
            return Ok(values);
        }
        let values = FieldValues::read(field, segments)?;
        Ok(cell.get_or_init(|| values))
    }
}

impl FieldValues {
    fn read(field: FacetField, segments: &[SegmentReader]) -> tantivy::Result<Self> {
        let mut by_segment: Vec<Vec<String>> = Vec::with_capacity(segments.len());
        let mut all: BTreeSet<String> = BTreeSet::new();
        for segment in segments {
            let mut values = Vec::new();
            if let Some(column) = strings(field, segment)? {
                let mut stream = column.dictionary().stream()?;
                while stream.advance() {
                    values.push(String::from_utf8_lossy(stream.key()).into_owned());
                }
            }
            all.extend(values.iter().cloned());
            by_segment.push(values);
        }
        let values: Vec<String> = all.into_iter().collect();
        let numbers = by_segment
            .into_iter()
            .map(|own| {
                own.iter()
                    .map(|value| {
                        values
                            .binary_search(value)
                            .map_or(u32::MAX, |number| number as u32)
                    })
                    .collect()
            })
            .collect();
        Ok(FieldValues { values, numbers })
    }
}

/// Returns a keyword facet's column in a segment; `None` if no passage there has a value.
pub(super) fn strings(
    field: FacetField,
    segment: &SegmentReader,
) -> tantivy::Result<Option<StrColumn>> {
    segment.fast_fields().str(field.name())
}

/// Returns a year facet's column in a segment; `None` if no passage there has a year.
pub(super) fn years(
    field: FacetField,
    segment: &SegmentReader,
) -> tantivy::Result<Option<Column<i64>>> {
    segment.fast_fields().column_opt::<i64>(field.name())
}
