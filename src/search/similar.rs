//! A wording → passages that may hold much of it, by the pairs of characters that they share.
//!
//! Of every few neighbouring pairs the rarest is looked up, so that a passage that holds a longer
//! piece of the wording holds some of them, wherever the piece begins.

use std::collections::HashMap;

use tantivy::{DocAddress, DocSet, TERMINATED};

use super::columns::{Columns, Failing, Filters};
use super::verbatim::Pair;
use super::{Index, values};
use crate::analyze::is_letter;
use crate::error::Result;
use crate::index::bigrams::Texts;
use crate::model::{FacetField, Filter};

/// Neighbouring pairs of which one is looked up.
const WINDOW: usize = 4;
/// Most pairs that are looked up; a long wording is read with wider windows.
const MOST_PAIRS: usize = 160;

/// A passage that holds pairs of a wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// Where it stands.
    pub address: DocAddress,
    /// Its id.
    pub id: u64,
    /// Its report.
    pub report: u64,
    /// Its report's year.
    pub year: Option<i64>,
    /// How many of the pairs it holds.
    pub pairs: u32,
}

/// Passages that hold pairs of a wording.
#[derive(Debug, Default)]
pub struct Holders {
    /// Those that hold the most, ties by id.
    pub best: Vec<Holder>,
    /// How many hold enough.
    pub all: usize,
}

/// Finds the `most` passages that hold the most pairs of a wording, at least a share `least` of
/// them. `folded` are its folded characters without blanks.
///
/// # Errors
/// If a filter names an unknown value, or the index cannot be read.
pub fn holders(
    folded: &[char],
    filters: &[Filter],
    least: f64,
    most: usize,
    index: &Index<'_>,
) -> Result<Holders> {
    index.guarded(|| {
        let filters = Filters::resolve(filters, index)?;
        let pairs = pairs(folded, index)?;
        let all: u32 = pairs.iter().map(|(_, weight)| weight).sum();
        let enough = ((f64::from(all) * least).ceil() as u32).max(1);
        let mut found = Vec::new();
        for (ordinal, reader) in index.segments() {
            let collect = || -> tantivy::Result<()> {
                let texts = index.bigrams.of(reader, index.fields.chars)?;
                let mut counts = vec![0_u32; reader.max_doc() as usize];
                for ((first, second), weight) in &pairs {
                    let documents = Texts::documents_with(texts, *first, *second)?;
                    let Some(mut documents) = documents else {
                        continue;
                    };
                    while documents.doc() != TERMINATED {
                        counts[documents.doc() as usize] += weight;
                        documents.advance();
                    }
                }
                let columns = Columns::open(reader, ordinal, &filters, &[], false, index)?;
                let years = values::years(FacetField::ReportYear, reader)?;
                for (doc, pairs) in (0..).zip(counts) {
                    if pairs < enough
                        || reader.is_deleted(doc)
                        || columns.facets.failing(doc, &filters) != Failing::None
                    {
                        continue;
                    }
                    found.push(Holder {
                        address: DocAddress::new(ordinal as u32, doc),
                        id: columns.id(doc),
                        report: columns.report(doc),
                        year: years.as_ref().and_then(|years| years.first(doc)),
                        pairs,
                    });
                }
                Ok(())
            };
            let mut collect = collect;
            index.checked(collect())?;
        }
        let all = found.len();
        found.sort_unstable_by_key(|holder| (std::cmp::Reverse(holder.pairs), holder.id));
        found.truncate(most);
        Ok(Holders { best: found, all })
    })
}

/// Returns the pairs to look up, each with the number of windows in which it is the rarest; none
/// that no passage holds.
fn pairs(folded: &[char], index: &Index<'_>) -> Result<Vec<(Pair, u32)>> {
    // Pairs with punctuation say little: copies differ in it.
    let places: Vec<Pair> = folded
        .windows(2)
        .filter(|pair| pair.iter().copied().all(is_letter))
        .map(|pair| (pair[0], pair[1]))
        .collect();
    let window = WINDOW.max(places.len().div_ceil(MOST_PAIRS));
    let mut rarest: Vec<(Pair, u32)> = Vec::new();
    let mut known: HashMap<Pair, u64> = HashMap::new();
    for window in places.chunks(window) {
        let mut best: Option<(u64, Pair)> = None;
        for &pair in window {
            let frequency = match known.get(&pair) {
                Some(frequency) => *frequency,
                None => {
                    let frequency = index.pair_frequency(index.fields.chars, pair)?;
                    known.insert(pair, frequency);
                    frequency
                }
            };
            if frequency > 0 && best.is_none_or(|(least, _)| frequency < least) {
                best = Some((frequency, pair));
            }
        }
        let Some((_, pair)) = best else {
            continue;
        };
        match rarest.iter_mut().find(|(known, _)| *known == pair) {
            Some((_, weight)) => *weight += 1,
            None => rarest.push((pair, 1)),
        }
    }
    Ok(rarest)
}

/// Reads the text of a stored passage.
///
/// # Errors
/// If the index cannot be read.
pub fn text(address: DocAddress, index: &Index<'_>) -> Result<String> {
    index.guarded(|| index.checked(index.records.text(address)))
}

/// Returns how rare a pair of letters is: the natural logarithm of the passages for each one that
/// holds it; 0 for a pair that none holds.
///
/// # Errors
/// If the index cannot be read.
pub fn rarity(pair: [char; 2], index: &Index<'_>) -> Result<f64> {
    index.guarded(|| {
        let [first, second] = pair;
        Ok(
            match index.pair_frequency(index.fields.chars, (first, second))? {
                0 => 0.0,
                holders => (index.passages as f64 / holders as f64).ln().max(0.0),
            },
        )
    })
}
