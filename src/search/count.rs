//! Concepts and slices → how often each concept occurs in each slice.
//!
//! One pass over the postings of each concept, the concepts side by side on all processors.
//!
//! Invariant: the answer does not hang on threads, segments or the order of files.

use rayon::prelude::*;
use tantivy::TERMINATED;

use super::Index;
use super::occurrences::Sought;
use super::slices::{NONE, Slices};
use crate::error::Result;

/// What was counted somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Occurrences.
    pub occurrences: u64,
    /// Passages that hold one.
    pub passages: u64,
    /// Reports that hold one.
    pub reports: u64,
}

/// What was counted of one concept.
#[derive(Debug, Clone, Default)]
pub struct Tallies {
    /// Over all slices.
    pub total: Tally,
    /// By slice, those with none left out, in ascending order.
    pub by_slice: Vec<(u32, Tally)>,
}

/// Counts concepts, in their order.
///
/// # Errors
/// If the index cannot be read.
pub fn count(concepts: &[Sought], slices: &Slices, index: &Index<'_>) -> Result<Vec<Tallies>> {
    index.guarded(|| {
        let counted = concepts
            .par_iter()
            .map_init(
                || Counter::new(slices),
                |counter, concept| counter.count(concept, index),
            )
            .collect::<tantivy::Result<Vec<_>>>();
        index.checked(counted)
    })
}

/// What one thread counts with.
struct Counter<'a> {
    slices: &'a Slices,
    by_slice: Vec<Tally>,
    /// The concept, by number, that was last met in a pair of slice and report, or in a report.
    met_in_pair: Vec<u32>,
    met_in_report: Vec<u32>,
    concept: u32,
}

impl<'a> Counter<'a> {
    fn new(slices: &'a Slices) -> Self {
        Counter {
            slices,
            by_slice: vec![Tally::default(); slices.slices.len()],
            met_in_pair: vec![0; slices.pairs.len()],
            met_in_report: vec![0; slices.reports],
            concept: 0,
        }
    }

    fn count(&mut self, concept: &Sought, index: &Index<'_>) -> tantivy::Result<Tallies> {
        self.concept += 1;
        let mut total = Tally::default();
        for (segment, reader) in index.segments() {
            let pairs = &self.slices.pair_of[segment];
            let mut found = concept.open(index.fields.chars, reader, false, index)?;
            while found.doc() != TERMINATED && !index.cancellation.is_cancelled() {
                let pair = pairs[found.doc() as usize];
                if pair != NONE {
                    let count = found.count();
                    if count > 0 {
                        self.add(pair, u64::from(count), &mut total);
                    }
                }
                found.advance();
            }
        }
        let tallies = (0..).zip(&mut self.by_slice);
        let by_slice = tallies
            .filter(|(_, tally)| tally.passages > 0)
            .map(|(slice, tally)| (slice, std::mem::take(tally)))
            .collect();
        Ok(Tallies { total, by_slice })
    }

    fn add(&mut self, pair: u32, count: u64, total: &mut Tally) {
        let (slice, report) = self.slices.pairs[pair as usize];
        let is_new = |met: &mut u32| std::mem::replace(met, self.concept) != self.concept;
        let new_in_slice = is_new(&mut self.met_in_pair[pair as usize]);
        let new = is_new(&mut self.met_in_report[report as usize]);
        for (tally, is_new) in [
            (&mut self.by_slice[slice as usize], new_in_slice),
            (total, new),
        ] {
            tally.occurrences += count;
            tally.passages += 1;
            tally.reports += u64::from(is_new);
        }
    }
}
