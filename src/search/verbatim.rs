//! The verbatim face: passages in which characters stand side by side.
//!
//! A form of *n* characters is a run of bigrams: every second one is enough, and the last. The
//! rarest leads; a passage that holds all of them is checked by their positions. A single character
//! is the range of all bigrams that begin with it.
//!
//! Invariant: matches exactly the passages whose folded text contains the form; the score of a
//! match is the number of its occurrences.

use std::collections::BTreeMap;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

/// Finds passages that hold one of several folded forms.
#[derive(Debug, Clone)]
pub(super) struct VerbatimQuery {
    /// A field of bigrams with positions.
    pub field: Field,
    /// Folded forms without blanks, none of them empty.
    pub forms: Vec<String>,
}

impl Query for VerbatimQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for VerbatimQuery {
    fn scorer(&self, reader: &SegmentReader, _boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut forms = Vec::with_capacity(self.forms.len());
        for form in &self.forms {
            if let Some(found) = Occurrences::open(reader, self.field, form)? {
                forms.push(found);
            }
        }
        if forms.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        Ok(Box::new(VerbatimScorer::new(forms)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() <= doc && scorer.seek(doc) == doc {
            return Ok(Explanation::new("occurrences", scorer.score()));
        }
        Err(TantivyError::InvalidArgument(
            "the passage does not match".to_owned(),
        ))
    }
}

/// Returns the bigrams that stand for a form, with their offsets in characters.
///
/// A form of one character has none.
pub(super) fn bigrams(form: &str) -> Vec<(u32, String)> {
    let chars: Vec<char> = form.chars().collect();
    let last = chars.len().saturating_sub(2);
    (0..chars.len().saturating_sub(1))
        .filter(|&at| at % 2 == 0 || at == last)
        .map(|at| (at as u32, chars[at..at + 2].iter().collect()))
        .collect()
}

/// Passages that hold one of the forms.
struct VerbatimScorer {
    forms: Vec<Occurrences>,
    doc: DocId,
}

impl VerbatimScorer {
    fn new(forms: Vec<Occurrences>) -> Self {
        let mut scorer = VerbatimScorer { forms, doc: 0 };
        scorer.settle();
        scorer
    }

    fn settle(&mut self) -> DocId {
        self.doc = self
            .forms
            .iter()
            .map(Occurrences::doc)
            .min()
            .unwrap_or(TERMINATED);
        self.doc
    }
}

impl DocSet for VerbatimScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        for form in &mut self.forms {
            if form.doc() == self.doc {
                form.advance();
            }
        }
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for form in &mut self.forms {
            if form.doc() < target {
                form.seek(target);
            }
        }
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.forms.iter().map(Occurrences::size_hint).sum()
    }
}

impl Scorer for VerbatimScorer {
    fn score(&mut self) -> Score {
        let doc = self.doc;
        self.forms
            .iter_mut()
            .filter(|form| form.doc() == doc)
            .map(|form| form.count() as Score)
            .sum()
    }
}

/// Passages that hold one form, with the number of its occurrences.
enum Occurrences {
    /// One bigram: its postings say everything.
    Pair(Box<SegmentPostings>),
    /// Several bigrams at fixed distances.
    Run(Box<Run>),
    /// A single character, gathered from all bigrams that begin with it.
    Single {
        counts: Vec<(DocId, u32)>,
        at: usize,
    },
}

impl Occurrences {
    fn open(reader: &SegmentReader, field: Field, form: &str) -> tantivy::Result<Option<Self>> {
        let inverted = reader.inverted_index(field)?;
        let bigrams = bigrams(form);
        if bigrams.is_empty() {
            return single(reader, field, form);
        }
        let detail = if bigrams.len() == 1 {
            IndexRecordOption::WithFreqs
        } else {
            IndexRecordOption::WithFreqsAndPositions
        };
        let mut postings = Vec::with_capacity(bigrams.len());
        for (offset, bigram) in &bigrams {
            let term = Term::from_field_text(field, bigram);
            match inverted.read_postings(&term, detail)? {
                Some(found) => postings.push((*offset, found)),
                None => return Ok(None),
            }
        }
        Ok(Some(match <[_; 1]>::try_from(postings) {
            Ok([(_, only)]) => Occurrences::Pair(Box::new(only)),
            Err(postings) => Occurrences::Run(Box::new(Run::new(postings))),
        }))
    }

    fn doc(&self) -> DocId {
        match self {
            Occurrences::Pair(postings) => postings.doc(),
            Occurrences::Run(run) => run.doc,
            Occurrences::Single { counts, at } => {
                counts.get(*at).map_or(TERMINATED, |(doc, _)| *doc)
            }
        }
    }

    fn advance(&mut self) {
        match self {
            Occurrences::Pair(postings) => {
                postings.advance();
            }
            Occurrences::Run(run) => {
                run.postings[0].1.advance();
                run.settle();
            }
            Occurrences::Single { at, .. } => *at += 1,
        }
    }

    fn seek(&mut self, target: DocId) {
        match self {
            Occurrences::Pair(postings) => {
                postings.seek(target);
            }
            Occurrences::Run(run) => {
                run.postings[0].1.seek(target);
                run.settle();
            }
            Occurrences::Single { counts, at } => {
                *at += counts[*at..].partition_point(|(doc, _)| *doc < target);
            }
        }
    }

    fn count(&mut self) -> u32 {
        match self {
            Occurrences::Pair(postings) => postings.term_freq(),
            Occurrences::Run(run) => run.starts.len() as u32,
            Occurrences::Single { counts, at } => counts.get(*at).map_or(0, |(_, count)| *count),
        }
    }

    fn size_hint(&self) -> u32 {
        match self {
            Occurrences::Pair(postings) => postings.size_hint(),
            Occurrences::Run(run) => run.postings[0].1.size_hint(),
            Occurrences::Single { counts, .. } => counts.len() as u32,
        }
    }
}

/// Gathers a single character's passages from the dictionary range of its bigrams.
fn single(
    reader: &SegmentReader,
    field: Field,
    form: &str,
) -> tantivy::Result<Option<Occurrences>> {
    let inverted = reader.inverted_index(field)?;
    let mut counts: BTreeMap<DocId, u32> = BTreeMap::new();
    let mut dense: Vec<u32> = Vec::new();
    let mut terms = inverted.terms().range().ge(form.as_bytes()).into_stream()?;
    while terms.advance() {
        if !terms.key().starts_with(form.as_bytes()) {
            break;
        }
        let mut postings =
            inverted.read_postings_from_terminfo(terms.value(), IndexRecordOption::WithFreqs)?;
        if dense.is_empty() && counts.len() > reader.max_doc() as usize / 64 {
            // A common character: an array over the segment is cheaper than a tree.
            dense.resize(reader.max_doc() as usize, 0);
            for (doc, count) in std::mem::take(&mut counts) {
                dense[doc as usize] = count;
            }
        }
        let mut doc = postings.doc();
        while doc != TERMINATED {
            let count = postings.term_freq();
            match dense.get_mut(doc as usize) {
                Some(total) => *total += count,
                None => *counts.entry(doc).or_default() += count,
            }
            doc = postings.advance();
        }
    }
    let counts: Vec<(DocId, u32)> = if dense.is_empty() {
        counts.into_iter().collect()
    } else {
        (0..).zip(dense).filter(|(_, count)| *count > 0).collect()
    };
    Ok((!counts.is_empty()).then_some(Occurrences::Single { counts, at: 0 }))
}

/// Bigrams at fixed distances; the rarest leads.
struct Run {
    postings: Vec<(u32, SegmentPostings)>,
    doc: DocId,
    /// Where the run starts in the current passage.
    starts: Vec<u32>,
    positions: Vec<u32>,
}

impl Run {
    fn new(mut postings: Vec<(u32, SegmentPostings)>) -> Self {
        postings.sort_by_key(|(offset, postings)| (postings.size_hint(), *offset));
        let mut run = Run {
            postings,
            doc: 0,
            starts: Vec::new(),
            positions: Vec::new(),
        };
        run.settle();
        run
    }

    /// Moves on from the lead's place to the next passage that holds the run.
    fn settle(&mut self) {
        loop {
            let candidate = self.align();
            self.doc = candidate;
            if candidate == TERMINATED || self.meet() {
                return;
            }
            self.postings[0].1.advance();
        }
    }

    /// Brings all postings to the same passage.
    fn align(&mut self) -> DocId {
        let mut candidate = self.postings[0].1.doc();
        'again: loop {
            if candidate == TERMINATED {
                return TERMINATED;
            }
            for at in 1..self.postings.len() {
                let other = &mut self.postings[at].1;
                let doc = if other.doc() < candidate {
                    other.seek(candidate)
                } else {
                    other.doc()
                };
                if doc > candidate {
                    candidate = self.postings[0].1.seek(doc);
                    continue 'again;
                }
            }
            return candidate;
        }
    }

    /// Keeps the places at which all bigrams stand at their distances.
    fn meet(&mut self) -> bool {
        self.starts.clear();
        for (index, (offset, postings)) in self.postings.iter_mut().enumerate() {
            self.positions.clear();
            postings.append_positions_with_offset(0, &mut self.positions);
            if index == 0 {
                self.starts.extend(
                    self.positions
                        .iter()
                        .filter_map(|at| at.checked_sub(*offset)),
                );
            } else {
                let mut next = 0;
                self.starts.retain(|start| {
                    let wanted = start + *offset;
                    while self.positions.get(next).is_some_and(|&at| at < wanted) {
                        next += 1;
                    }
                    self.positions.get(next) == Some(&wanted)
                });
            }
            if self.starts.is_empty() {
                return false;
            }
        }
        true
    }
}
