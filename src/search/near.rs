//! Texts that stand close together: within so many characters, in one sentence, in one passage.
//!
//! Invariant: matches exactly the passages in which one occurrence of each part can be chosen so
//! that the condition holds; parts may overlap and come in any order.

use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use super::verbatim::{Place, VerbatimQuery, VerbatimScorer, align};
use crate::plan::Within;

/// Finds passages that hold all parts close together.
#[derive(Debug, Clone)]
pub(super) struct NearQuery {
    /// What must stand there: for each part one of its forms.
    pub parts: Vec<VerbatimQuery>,
    /// How close.
    pub within: Within,
}

impl Query for NearQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for NearQuery {
    fn scorer(&self, reader: &SegmentReader, _boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let parts = self.parts.iter().map(|part| part.open(reader, true));
        let mut scorer = NearScorer {
            parts: parts.collect::<tantivy::Result<_>>()?,
            within: self.within,
            sentences: match self.within {
                Within::Sentence => Some(Arc::new(reader.fast_fields().u64("sentence_ends")?)),
                _ => None,
            },
            doc: 0,
            found: 0,
            places: vec![Vec::new(); self.parts.len()],
        };
        match scorer.settle() {
            TERMINATED => Ok(Box::new(EmptyScorer)),
            _ => Ok(Box::new(scorer)),
        }
    }

    fn explain(&self, _reader: &SegmentReader, _doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(
            "matching has no score".to_owned(),
        ))
    }
}

/// Passages that hold all parts close together.
struct NearScorer {
    parts: Vec<VerbatimScorer>,
    within: Within,
    /// For each passage the characters behind which its sentences end.
    sentences: Option<Arc<Column<u64>>>,
    doc: DocId,
    /// How many places of the first part were found with the others near.
    found: u32,
    places: Vec<Vec<Place>>,
}

impl NearScorer {
    /// Moves on to the next passage that holds all parts close together.
    fn settle(&mut self) -> DocId {
        loop {
            self.doc = align(&mut self.parts);
            if self.doc == TERMINATED {
                return TERMINATED;
            }
            for (part, places) in self.parts.iter().zip(&mut self.places) {
                part.places(places);
            }
            self.found = match self.within {
                Within::Passage => self.places[0].len() as u32,
                Within::Characters(most) => count_close(&self.places, most),
                Within::Sentence => {
                    let column = self.sentences.iter();
                    let ends = column.flat_map(|column| column.values_for_doc(self.doc));
                    count_in_sentences(&self.places, &ends.collect::<Vec<u64>>())
                }
            };
            if self.found > 0 {
                return self.doc;
            }
            self.parts[0].advance();
        }
    }
}

impl DocSet for NearScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        self.parts[0].advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        self.parts[0].seek(target);
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let parts = self.parts.iter().map(DocSet::size_hint);
        parts.min().unwrap_or(0)
    }
}

impl Scorer for NearScorer {
    fn score(&mut self) -> Score {
        self.found as Score
    }
}

/// Counts the places that end first, or with the first, of a choice of one place for each part in
/// which from there to the last start at most `most` characters lie.
fn count_close(parts: &[Vec<Place>], most: u32) -> u32 {
    let mut found = 0;
    for (index, part) in parts.iter().enumerate() {
        for first in part {
            let reaches = |places: &Vec<Place>| {
                let behind = places.partition_point(|place| place.start <= first.end + most);
                let mut near = places[..behind].iter().rev();
                near.any(|place| place.end >= first.end)
            };
            let mut others = parts
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index);
            found += u32::from(others.all(|(_, places)| reaches(places)));
        }
    }
    found
}

/// Counts the sentences that hold all parts.
fn count_in_sentences(parts: &[Vec<Place>], ends: &[u64]) -> u32 {
    common_sentences(parts, ends).len() as u32
}

/// Returns the numbers of the sentences that hold all parts, in order.
fn common_sentences(parts: &[Vec<Place>], ends: &[u64]) -> Vec<usize> {
    let here = |places: &Vec<Place>| {
        let mut here: Vec<usize> = places.iter().filter_map(|at| sentence(at, ends)).collect();
        here.dedup();
        here
    };
    let Some((first, others)) = parts.split_first() else {
        return Vec::new();
    };
    let mut common = here(first);
    for places in others {
        let here = here(places);
        common.retain(|sentence| here.binary_search(sentence).is_ok());
    }
    common
}

/// Returns the number of the sentence in which a place stands; `None` for one that reaches over an
/// end.
fn sentence(place: &Place, ends: &[u64]) -> Option<usize> {
    let first = ends.partition_point(|&end| end <= u64::from(place.start));
    let last = ends.partition_point(|&end| end < u64::from(place.end));
    (first == last).then_some(first)
}

/// Returns for each place of each part, sorted by start, whether it stands close to the others;
/// `ends` are those of the sentences.
pub(super) fn close(parts: &[Vec<Place>], within: Within, ends: &[u64]) -> Vec<Vec<bool>> {
    let all = |value: bool| parts.iter().map(|part| vec![value; part.len()]).collect();
    match within {
        Within::Passage => all(parts.iter().all(|part| !part.is_empty())),
        Within::Sentence => {
            let common = common_sentences(parts, ends);
            let holds =
                |place: &Place| sentence(place, ends).is_some_and(|at| common.contains(&at));
            let close = |part: &Vec<Place>| part.iter().map(&holds).collect();
            parts.iter().map(close).collect()
        }
        Within::Characters(most) => {
            let mut kept: Vec<Vec<bool>> = all(false);
            for (index, part) in parts.iter().enumerate() {
                for (at, first) in part.iter().enumerate() {
                    let near =
                        |place: &Place| place.end >= first.end && place.start <= first.end + most;
                    let others = || {
                        parts
                            .iter()
                            .enumerate()
                            .filter(|(other, _)| *other != index)
                    };
                    if !others().all(|(_, places)| places.iter().any(near)) {
                        continue;
                    }
                    kept[index][at] = true;
                    for (other, places) in others() {
                        for (kept, place) in kept[other].iter_mut().zip(places) {
                            *kept |= near(place);
                        }
                    }
                }
            }
            kept
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places(starts: &[u32], length: u32) -> Vec<Place> {
        let place = |&start: &u32| Place {
            start,
            end: start + length,
        };
        starts.iter().map(place).collect()
    }

    #[test]
    fn closeness_counts_what_stands_between() {
        let parts = [places(&[0, 40], 2), places(&[7], 3)];
        assert_eq!(count_close(&parts, 5), 1);
        assert_eq!(count_close(&parts, 4), 0);
        assert_eq!(count_close(&parts, 30), 2);
        // From the end of the first to the start of the last.
        let three = [places(&[0], 2), places(&[10], 2), places(&[5], 2)];
        assert_eq!((count_close(&three, 7), count_close(&three, 8)), (0, 1));
        // 乡村 inside 乡村振兴.
        assert_eq!(count_close(&[places(&[3], 2), places(&[3], 4)], 0), 1);
        assert_eq!(count_close(&[places(&[3], 2), places(&[], 4)], 9), 0);
    }

    proptest! {
        #[test]
        fn what_is_close_is_what_is_counted(
            starts in proptest::collection::vec(proptest::collection::btree_set(0u32..60, 0..6), 2..4),
            ends in proptest::collection::btree_set(1u64..60, 0..5),
            most in 0u32..20,
        ) {
            let parts: Vec<Vec<Place>> = starts
                .iter()
                .map(|starts| places(&starts.iter().copied().collect::<Vec<_>>(), 2))
                .collect();
            let ends: Vec<u64> = ends.into_iter().collect();
            let any = |within| close(&parts, within, &ends).iter().flatten().any(|kept| *kept);
            prop_assert_eq!(any(Within::Characters(most)), count_close(&parts, most) > 0);
            prop_assert_eq!(any(Within::Sentence), count_in_sentences(&parts, &ends) > 0);
        }
    }

    #[test]
    fn a_sentence_holds_its_end() {
        let ends = [10, 20];
        let check = |a: u32, b: u32, count: u32| {
            let parts = [places(&[a], 2), places(&[b], 2)];
            assert_eq!(count_in_sentences(&parts, &ends), count, "{a} {b}");
        };
        check(0, 8, 1);
        check(0, 10, 0);
        check(12, 18, 1);
        // Behind the last end is a sentence too.
        check(20, 25, 1);
        check(9, 0, 0);
    }
}
