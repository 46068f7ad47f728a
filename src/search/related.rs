//! Matches → words that are commoner in them than in the rest of the index.
//!
//! Every word of the index is held against all matches, in one pass over the postings of the words:
//! no sample, and no text is read. Near copies count once, for them the one with the smallest id.

use std::collections::{HashMap, HashSet};

use tantivy::DocAddress;

use super::{Candidate, Identity, Index};
use crate::error::Result;
use crate::index::bigrams::Counted;
use crate::model::{Measure, RelatedTerm};
use crate::statistics::Contingency;

/// Words held against matches.
#[derive(Debug, Default)]
pub struct Related {
    /// The words, best first.
    pub terms: Vec<RelatedTerm>,
    /// Matches, near copies counted once.
    pub matches: u64,
    /// Passages, near copies counted once.
    pub passages: u64,
}

/// What is asked of the words.
#[derive(Debug, Clone, Copy)]
pub struct WantedTerms<'a> {
    /// By what they are ranked; ties by the word.
    pub measure: Measure,
    /// Fewest matches that hold one.
    pub least: u64,
    /// At most so many.
    pub limit: usize,
    /// Words that are left out: those of the query.
    pub without: &'a HashSet<String>,
}

/// Finds the words that are commoner in the candidates than elsewhere.
///
/// # Errors
/// If the index cannot be read.
pub fn related(
    candidates: &[Candidate],
    wanted: &WantedTerms<'_>,
    index: &Index<'_>,
) -> Result<Related> {
    index.guarded(|| {
        let counted = Passages::of(candidates, index)?;
        let mut words: HashMap<String, (u64, u64)> = HashMap::new();
        let mut holders = Counted::default();
        for (ordinal, reader) in index.segments() {
            let mut collect = || -> tantivy::Result<()> {
                let lexicon = index.words.of(reader, index.fields.words)?;
                let marks = &counted.marks[ordinal];
                let mut entries = lexicon.entries();
                while entries.advance()? && !index.cancellation.is_cancelled() {
                    let Some(word) = std::str::from_utf8(entries.word()).ok() else {
                        continue;
                    };
                    if !says_something(word) || wanted.without.contains(word) {
                        continue;
                    }
                    let (mut matches, mut passages) = (0, 0);
                    lexicon.read(&entries.entry(), &mut holders)?;
                    for doc in &holders.docs {
                        let mark = marks.get(*doc as usize).copied().unwrap_or(Mark::Left);
                        passages += u64::from(mark != Mark::Left);
                        matches += u64::from(mark == Mark::Matched);
                    }
                    match words.get_mut(word) {
                        Some(known) => *known = (known.0 + matches, known.1 + passages),
                        None => {
                            words.insert(word.to_owned(), (matches, passages));
                        }
                    }
                }
                Ok(())
            };
            index.checked(collect())?;
        }
        let table = |(term, (matches, passages)): (String, (u64, u64))| {
            let table = Contingency {
                both: matches,
                one: counted.matches,
                other: passages,
                all: counted.passages,
            };
            (matches >= wanted.least && table.is_attracted()).then(|| RelatedTerm {
                term,
                matches,
                passages,
                log_likelihood: table.log_likelihood(),
                log_dice: table.log_dice(),
            })
        };
        let mut terms: Vec<RelatedTerm> = words.into_iter().filter_map(table).collect();
        let rank = |term: &RelatedTerm| match wanted.measure {
            Measure::LogLikelihood => term.log_likelihood,
            Measure::LogDice => term.log_dice,
        };
        terms.sort_unstable_by(|one, two| {
            let order = rank(two).total_cmp(&rank(one));
            order.then_with(|| one.term.cmp(&two.term))
        });
        terms.truncate(wanted.limit);
        Ok(Related {
            terms,
            matches: counted.matches,
            passages: counted.passages,
        })
    })
}

/// Returns whether a word can be a term: single characters and figures say little.
pub(super) fn says_something(word: &str) -> bool {
    word.chars().nth(1).is_some() && !word.starts_with(|first: char| first.is_numeric())
}

/// How a passage counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Not at all: it is none, or another one stands for it.
    Left,
    /// As one of the index.
    Other,
    /// As a match.
    Matched,
}

/// Which passages count, near copies once.
struct Passages {
    /// By segment and document.
    marks: Vec<Vec<Mark>>,
    matches: u64,
    passages: u64,
}

impl Passages {
    fn of(candidates: &[Candidate], index: &Index<'_>) -> Result<Self> {
        let mut matched: Vec<(u64, u64, DocAddress)> = candidates
            .iter()
            .map(|candidate| (candidate.id, candidate.group, candidate.address))
            .collect();
        matched.sort_unstable();
        let mut all: Vec<(u64, u64, DocAddress)> = Vec::new();
        let mut marks = Vec::new();
        for (ordinal, reader) in (0..).zip(index.searcher.segment_readers()) {
            let fast = reader.fast_fields();
            let (id, fold) = (
                index.checked(fast.u64("id"))?,
                index.checked(fast.u64("fold"))?,
            );
            marks.push(vec![Mark::Left; reader.max_doc() as usize]);
            for doc in reader.doc_ids_alive() {
                // Sources of the ledger have neither.
                if let (Some(id), Some(fold)) = (id.first(doc), fold.first(doc)) {
                    let address = DocAddress::new(ordinal, doc);
                    all.push((id, index.groups.id(fold), address));
                }
            }
        }
        all.sort_unstable();
        let mut counted = Passages {
            marks,
            matches: 0,
            passages: 0,
        };
        let mut groups: HashSet<u64, Identity> = HashSet::default();
        for (mark, passages) in [(Mark::Matched, matched), (Mark::Other, all)] {
            for (_, group, address) in passages {
                if groups.insert(group) {
                    counted.marks[address.segment_ord as usize][address.doc_id as usize] = mark;
                    counted.passages += 1;
                    counted.matches += u64::from(mark == Mark::Matched);
                }
            }
        }
        Ok(counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_single_characters_are_no_terms() {
        assert!(says_something("乡村") && says_something("gdp"));
        assert!(!says_something("的") && !says_something("2023"));
    }
}
