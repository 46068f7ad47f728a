//! Filters → a slice of the index: a corpus of its own, in which near copies count once.
//!
//! Of the near copies in a slice the one with the smallest id stands for all, whatever the segments
//! and the order of writing.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED, Term};

use super::similar::text;
use super::{Candidate, Identity, Index, Keep, Wanted, run};
use crate::error::Result;
use crate::model::{Filter, SliceSize};
use crate::plan::Plan;

/// Passages whose texts are read at once.
const AT_ONCE: usize = 1024;

/// A slice of an index.
#[derive(Debug)]
pub struct Slice {
    /// Its passages in reading order, near copies once.
    pub passages: Vec<Candidate>,
    /// By segment and document, whether it is one of them.
    marks: Vec<Vec<bool>>,
    /// How large it is; its words are not counted yet.
    pub size: SliceSize,
}

/// How often words stand in `N` slices.
#[derive(Debug)]
pub struct WordCounts<const N: usize> {
    /// For each word its occurrences.
    pub words: HashMap<String, [u64; N]>,
    /// Occurrences of all words.
    pub all: [u64; N],
}

impl Slice {
    /// Takes the passages that the filters keep; where near copies count each, `fold` is not set.
    ///
    /// # Errors
    /// If a filter names an unknown value, or the index cannot be read.
    pub fn of(filters: &[Filter], fold: bool, index: &Index<'_>) -> Result<Self> {
        let matches = run(&Plan::all(), &Wanted::of(filters, Keep::All), index)?;
        Ok(Slice::folded(matches.candidates, fold, index))
    }

    /// Takes the passages that the filters do not keep.
    ///
    /// # Errors
    /// As for [`Slice::of`].
    pub fn rest(filters: &[Filter], fold: bool, index: &Index<'_>) -> Result<Self> {
        let kept = run(&Plan::all(), &Wanted::of(filters, Keep::All), index)?;
        let kept = kept.candidates.iter().map(|candidate| candidate.address);
        let kept: HashSet<DocAddress> = kept.collect();
        let mut others = run(&Plan::all(), &Wanted::of(&[], Keep::All), index)?.candidates;
        others.retain(|candidate| !kept.contains(&candidate.address));
        Ok(Slice::folded(others, fold, index))
    }

    fn folded(mut passages: Vec<Candidate>, fold: bool, index: &Index<'_>) -> Self {
        let all = passages.len() as u64;
        let reports: HashSet<u64, Identity> =
            passages.iter().map(|passage| passage.report).collect();
        let mut first: HashMap<u64, u64, Identity> = HashMap::default();
        for passage in &passages {
            let first = first.entry(passage.group).or_insert(passage.id);
            *first = passage.id.min(*first);
        }
        let size = SliceSize {
            passages: all,
            folded: first.len() as u64,
            reports: reports.len() as u64,
            words: 0,
        };
        if fold {
            passages.retain(|passage| first.get(&passage.group) == Some(&passage.id));
        }
        let segments = index.searcher.segment_readers().iter();
        let mut marks: Vec<Vec<bool>> = segments
            .map(|reader| vec![false; reader.max_doc() as usize])
            .collect();
        for passage in &passages {
            let DocAddress {
                segment_ord,
                doc_id,
            } = passage.address;
            marks[segment_ord as usize][doc_id as usize] = true;
        }
        Slice {
            passages,
            marks,
            size,
        }
    }

    /// Reads the texts in reading order, hands each to `work` on several threads, and what it made
    /// of them in order to `each`.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn texts<T: Send>(
        &self,
        index: &Index<'_>,
        work: impl Fn(&Candidate, String) -> T + Sync,
        mut each: impl FnMut(&Candidate, T),
    ) -> Result<()> {
        for passages in self.passages.chunks(AT_ONCE) {
            let made: Vec<T> = passages
                .par_iter()
                .map(|passage| Ok(work(passage, text(passage.address, index)?)))
                .collect::<Result<_>>()?;
            for (passage, made) in passages.iter().zip(made) {
                each(passage, made);
            }
        }
        Ok(())
    }
}

/// Counts the words of slices, in one pass over the postings.
///
/// # Errors
/// If the index cannot be read.
pub fn words<const N: usize>(slices: [&Slice; N], index: &Index<'_>) -> Result<WordCounts<N>> {
    index.guarded(|| {
        let mut counts = WordCounts {
            words: HashMap::new(),
            all: [0; N],
        };
        for (ordinal, reader) in index.searcher.segment_readers().iter().enumerate() {
            let mut collect = || -> tantivy::Result<()> {
                let inverted = reader.inverted_index(index.fields.words)?;
                let mut terms = inverted.terms().stream()?;
                while terms.advance() {
                    let Ok(word) = std::str::from_utf8(terms.key()) else {
                        continue;
                    };
                    let mut found = [0; N];
                    let mut postings = inverted
                        .read_postings_from_terminfo(terms.value(), IndexRecordOption::WithFreqs)?;
                    while postings.doc() != TERMINATED {
                        let doc = postings.doc() as usize;
                        for (found, slice) in found.iter_mut().zip(slices) {
                            if slice.marks[ordinal][doc] {
                                *found += u64::from(postings.term_freq());
                            }
                        }
                        postings.advance();
                    }
                    if found == [0; N] {
                        continue;
                    }
                    let known = match counts.words.get_mut(word) {
                        Some(known) => known,
                        None => counts.words.entry(word.to_owned()).or_insert([0; N]),
                    };
                    for ((known, all), found) in known.iter_mut().zip(&mut counts.all).zip(found) {
                        *known += found;
                        *all += found;
                    }
                }
                Ok(())
            };
            index.checked(collect())?;
        }
        Ok(counts)
    })
}

/// Returns in how many reports of each slice a word stands.
///
/// # Errors
/// If the index cannot be read.
pub fn reports<const N: usize>(
    word: &str,
    slices: [&Slice; N],
    index: &Index<'_>,
) -> Result<[u64; N]> {
    index.guarded(|| {
        let term = Term::from_field_text(index.fields.words, word);
        let mut reports: [HashSet<u64, Identity>; N] = [(); N].map(|()| HashSet::default());
        for (ordinal, reader) in index.searcher.segment_readers().iter().enumerate() {
            let mut collect = || -> tantivy::Result<()> {
                let inverted = reader.inverted_index(index.fields.words)?;
                let column = reader.fast_fields().u64("report")?;
                let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)?
                else {
                    return Ok(());
                };
                while postings.doc() != TERMINATED {
                    let doc = postings.doc();
                    for (reports, slice) in reports.iter_mut().zip(slices) {
                        if slice.marks[ordinal][doc as usize] {
                            reports.insert(column.first(doc).unwrap_or(0));
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

/// Returns whether a word can say what a text is about: single characters, figures and words that
/// only join others do not.
pub fn says_something(word: &str, index: &Index<'_>) -> bool {
    word.chars().nth(1).is_some()
        && !word.starts_with(|first: char| first.is_numeric())
        && !index.schema.function_words.contains(word)
}
