//! Slices of the index as corpora: how often words stand in them, and their texts.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;
use tantivy::{DocAddress, DocSet, TERMINATED};

use super::Index;
use super::similar::text;
use super::slices::{NONE, Slices};
use crate::error::Result;
use crate::index::bigrams::Counted;

/// Passages whose texts are read at once.
const AT_ONCE: usize = 1024;

/// How often words stand in `N` slices.
#[derive(Debug)]
pub struct Frequencies<const N: usize> {
    /// For each word its occurrences.
    pub words: HashMap<String, [u64; N]>,
}

/// A passage of a slice.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Where it stands.
    pub address: DocAddress,
    /// Number of its report.
    pub report: u32,
    /// Which of the slices it stands in.
    pub slice: u32,
}

/// Counts the words of slices, in one pass over the postings.
///
/// # Errors
/// If the index cannot be read.
pub fn frequencies<const N: usize>(
    slices: [&Slices; N],
    index: &Index<'_>,
) -> Result<Frequencies<N>> {
    index.guarded(|| {
        let mut words: HashMap<String, [u64; N]> = HashMap::new();
        let mut holders = Counted::default();
        for (ordinal, reader) in index.segments() {
            let mut collect = || -> tantivy::Result<()> {
                let lexicon = index.words.of(reader, index.fields.words)?;
                let mut entries = lexicon.entries();
                while entries.advance()? && !index.cancellation.is_cancelled() {
                    let Ok(word) = std::str::from_utf8(entries.word()) else {
                        continue;
                    };
                    let mut found = [0; N];
                    lexicon.read(&entries.entry(), &mut holders)?;
                    for (found, slices) in found.iter_mut().zip(slices) {
                        let pairs = &slices.pair_of[ordinal];
                        for (&doc, &count) in holders.docs.iter().zip(&holders.counts) {
                            let is_in = pairs.get(doc as usize).is_some_and(|pair| *pair != NONE);
                            *found += if is_in { u64::from(count) } else { 0 };
                        }
                    }
                    if found == [0; N] {
                        continue;
                    }
                    let known = match words.get_mut(word) {
                        Some(known) => known,
                        None => words.entry(word.to_owned()).or_insert([0; N]),
                    };
                    for (known, found) in known.iter_mut().zip(found) {
                        *known += found;
                    }
                }
                Ok(())
            };
            index.checked(collect())?;
        }
        Ok(Frequencies { words })
    })
}

/// Returns in how many reports of each slice a word stands.
///
/// # Errors
/// If the index cannot be read.
pub fn reports<const N: usize>(
    word: &str,
    slices: [&Slices; N],
    index: &Index<'_>,
) -> Result<[u64; N]> {
    index.guarded(|| {
        let mut reports = [(); N].map(|()| HashSet::new());
        for (ordinal, reader) in index.segments() {
            let mut collect = || -> tantivy::Result<()> {
                let lexicon = index.words.of(reader, index.fields.words)?;
                let Some(mut postings) = lexicon.documents_with(word)? else {
                    return Ok(());
                };
                while postings.doc() != TERMINATED {
                    let doc = postings.doc() as usize;
                    for (reports, slices) in reports.iter_mut().zip(slices) {
                        if let Some(report) = slices.report(ordinal, doc) {
                            reports.insert(report);
                        }
                    }
                    postings.advance();
                }
                Ok(())
            };
            index.checked(collect())?;
        }
        Ok(reports.map(|reports| reports.len() as u64))
    })
}

/// Returns the passages of slices in reading order.
///
/// # Errors
/// If the index cannot be read.
pub fn members(slices: &Slices, index: &Index<'_>) -> Result<Vec<Member>> {
    let order = index.order.of(index)?;
    let members = order.passages.iter().filter_map(|placed| {
        let DocAddress {
            segment_ord,
            doc_id,
        } = placed.address;
        let pair = slices.pair_of[segment_ord as usize][doc_id as usize];
        let (slice, report) = *slices.pairs.get(pair as usize)?;
        Some(Member {
            address: placed.address,
            report,
            slice,
        })
    });
    Ok(members.collect())
}

/// Reads texts in the order given, hands each to `work` on several threads, and what it made of them
/// in order to `each`. `address` says where the text of an item is stored.
///
/// # Errors
/// If the index cannot be read.
pub fn texts<I: Sync, T: Send>(
    items: &[I],
    address: impl Fn(&I) -> DocAddress + Sync,
    work: impl Fn(&I, &str) -> T + Sync,
    mut each: impl FnMut(&I, T),
    index: &Index<'_>,
) -> Result<()> {
    for items in items.chunks(AT_ONCE) {
        let made: Vec<T> = items
            .par_iter()
            .map(|item| Ok(work(item, &text(address(item), index)?)))
            .collect::<Result<_>>()?;
        for (item, made) in items.iter().zip(made) {
            each(item, made);
        }
    }
    Ok(())
}

/// Returns whether a word can say what a text is about: single characters, figures, redactions (xx)
/// and words that only join others do not.
pub fn says_something(word: &str, index: &Index<'_>) -> bool {
    word.chars().nth(1).is_some()
        && !word.starts_with(|first: char| first.is_numeric())
        && word.chars().any(|character| character != 'x')
        && !index.schema.function_words.contains(word)
}
