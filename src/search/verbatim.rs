//! The verbatim face: passages in which characters stand side by side.
//!
//! A form of *n* characters is a run of bigrams: every second one is enough, and the last. The
//! rarest leads; a passage that holds all of them is checked by their positions. A single character
//! is the range of all bigrams that begin with it. Runs with gaps between them, where a query holds
//! wildcards, are joined by their places.
//!
//! Invariant: matches exactly the passages whose folded text contains the form; the score of a
//! match is the number of its occurrences.

use std::collections::BTreeMap;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use crate::plan::{Form, Gap};

/// Finds passages that hold one of several folded forms.
#[derive(Debug, Clone)]
pub(super) struct VerbatimQuery {
    /// A field of bigrams with positions.
    pub field: Field,
    /// Folded forms without blanks, none of them empty.
    pub forms: Vec<Form>,
}

impl VerbatimQuery {
    /// Opens the postings of one segment; `places` tells whether [`VerbatimScorer::places`] will
    /// be asked for.
    pub(super) fn open(
        &self,
        reader: &SegmentReader,
        places: bool,
    ) -> tantivy::Result<VerbatimScorer> {
        let mut forms = Vec::with_capacity(self.forms.len());
        for form in &self.forms {
            if let Some(found) = Occurrences::open_form(reader, self.field, form, places)? {
                let length = form.runs().map(|run| run.chars().count() as u32).sum();
                forms.push((found, length));
            }
        }
        Ok(VerbatimScorer::new(forms))
    }
}

impl Query for VerbatimQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for VerbatimQuery {
    fn scorer(&self, reader: &SegmentReader, _boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let scorer = self.open(reader, false)?;
        if scorer.doc == TERMINATED {
            return Ok(Box::new(EmptyScorer));
        }
        Ok(Box::new(scorer))
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
pub(super) struct VerbatimScorer {
    /// Each with its length in characters, gaps not counted.
    forms: Vec<(Occurrences, u32)>,
    doc: DocId,
}

/// A stretch of a passage, in characters without blanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// First character, 0-based.
    pub start: u32,
    /// Behind the last one.
    pub end: u32,
}

impl VerbatimScorer {
    /// Adds where the forms stand in the current passage, sorted by start.
    pub(super) fn places(&mut self, places: &mut Vec<Place>) {
        places.clear();
        let doc = self.doc;
        let mut starts = Vec::new();
        for (form, length) in &mut self.forms {
            if form.doc() != doc {
                continue;
            }
            if let Occurrences::Gapped(gapped) = form {
                places.extend(gapped.ends.iter().map(|&(start, end)| Place { start, end }));
                continue;
            }
            form.starts(&mut starts);
            places.extend(starts.iter().map(|&start| Place {
                start,
                end: start + *length,
            }));
        }
        places.sort_unstable();
    }

    fn new(forms: Vec<(Occurrences, u32)>) -> Self {
        let mut scorer = VerbatimScorer { forms, doc: 0 };
        scorer.settle();
        scorer
    }

    fn settle(&mut self) -> DocId {
        self.doc = self
            .forms
            .iter()
            .map(|(form, _)| form.doc())
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
        for (form, _) in &mut self.forms {
            if form.doc() == self.doc {
                form.advance();
            }
        }
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for (form, _) in &mut self.forms {
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
        self.forms.iter().map(|(form, _)| form.size_hint()).sum()
    }
}

impl Scorer for VerbatimScorer {
    fn score(&mut self) -> Score {
        let doc = self.doc;
        self.forms
            .iter_mut()
            .filter(|(form, _)| form.doc() == doc)
            .map(|(form, _)| form.count() as Score)
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
    /// A single character with its places.
    Placed {
        places: Vec<(DocId, u32)>,
        at: usize,
    },
    /// Runs with gaps between them.
    Gapped(Box<Gapped>),
}

impl Occurrences {
    fn open_form(
        reader: &SegmentReader,
        field: Field,
        form: &Form,
        places: bool,
    ) -> tantivy::Result<Option<Self>> {
        if form.tail.is_empty() {
            return Self::open(reader, field, &form.head, places);
        }
        let mut runs = Vec::with_capacity(form.tail.len() + 1);
        for run in form.runs() {
            match Self::open(reader, field, run, true)? {
                Some(found) => runs.push((found, run.chars().count() as u32)),
                None => return Ok(None),
            }
        }
        let gaps = form.tail.iter().map(|(gap, _)| *gap).collect();
        Ok(Some(Occurrences::Gapped(Box::new(Gapped::new(runs, gaps)))))
    }

    fn open(
        reader: &SegmentReader,
        field: Field,
        form: &str,
        places: bool,
    ) -> tantivy::Result<Option<Self>> {
        let inverted = reader.inverted_index(field)?;
        let bigrams = bigrams(form);
        if bigrams.is_empty() {
            return match places {
                true => placed(reader, field, form),
                false => single(reader, field, form),
            };
        }
        let detail = if bigrams.len() == 1 && !places {
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
            Occurrences::Placed { places, at } => {
                places.get(*at).map_or(TERMINATED, |(doc, _)| *doc)
            }
            Occurrences::Gapped(gapped) => gapped.doc,
        }
    }

    /// Gives where the form starts in the current passage; it was opened with places.
    fn starts(&mut self, starts: &mut Vec<u32>) {
        starts.clear();
        match self {
            Occurrences::Pair(postings) => postings.append_positions_with_offset(0, starts),
            Occurrences::Run(run) => starts.extend(&run.starts),
            Occurrences::Single { .. } => {}
            Occurrences::Placed { places, at } => {
                let rest = places.get(*at..).unwrap_or_default();
                if let Some(&(doc, _)) = rest.first() {
                    let here = rest.iter().take_while(|(other, _)| *other == doc);
                    starts.extend(here.map(|(_, place)| *place));
                }
            }
            Occurrences::Gapped(gapped) => {
                starts.extend(gapped.ends.iter().map(|(start, _)| *start));
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
            Occurrences::Placed { places, at } => {
                if let Some(&(doc, _)) = places.get(*at) {
                    *at += places[*at..].partition_point(|(other, _)| *other == doc);
                }
            }
            Occurrences::Gapped(gapped) => gapped.advance(),
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
            Occurrences::Placed { places, at } => {
                *at += places[*at..].partition_point(|(doc, _)| *doc < target);
            }
            Occurrences::Gapped(gapped) => gapped.seek(target),
        }
    }

    fn count(&mut self) -> u32 {
        match self {
            Occurrences::Pair(postings) => postings.term_freq(),
            Occurrences::Run(run) => run.starts.len() as u32,
            Occurrences::Single { counts, at } => counts.get(*at).map_or(0, |(_, count)| *count),
            Occurrences::Placed { .. } => {
                let mut starts = Vec::new();
                self.starts(&mut starts);
                starts.len() as u32
            }
            Occurrences::Gapped(gapped) => gapped.ends.len() as u32,
        }
    }

    fn size_hint(&self) -> u32 {
        match self {
            Occurrences::Pair(postings) => postings.size_hint(),
            Occurrences::Run(run) => run.postings[0].1.size_hint(),
            Occurrences::Single { counts, .. } => counts.len() as u32,
            Occurrences::Placed { places, .. } => places.len() as u32,
            Occurrences::Gapped(gapped) => gapped.runs[0].0.size_hint(),
        }
    }
}

/// Runs with gaps between them, in order.
struct Gapped {
    /// Each with its length in characters; there are two at least.
    runs: Vec<(Occurrences, u32)>,
    gaps: Vec<Gap>,
    doc: DocId,
    /// Start of the first run and end of the last, for each start that leads to an end.
    ends: Vec<(u32, u32)>,
}

impl Gapped {
    fn new(runs: Vec<(Occurrences, u32)>, gaps: Vec<Gap>) -> Self {
        let mut gapped = Gapped {
            runs,
            gaps,
            doc: 0,
            ends: Vec::new(),
        };
        gapped.settle();
        gapped
    }

    fn advance(&mut self) {
        self.runs[0].0.advance();
        self.settle();
    }

    fn seek(&mut self, target: DocId) {
        self.runs[0].0.seek(target);
        self.settle();
    }

    /// Moves on from the first run's place to the next passage that holds all in order.
    fn settle(&mut self) {
        loop {
            self.doc = align(&mut self.runs);
            if self.doc == TERMINATED || self.meet() {
                return;
            }
            self.runs[0].0.advance();
        }
    }

    /// Joins the runs' places from the last to the first: each start keeps its nearest end.
    fn meet(&mut self) -> bool {
        let mut starts = Vec::new();
        self.ends.clear();
        for at in (0..self.runs.len()).rev() {
            let (run, length) = &mut self.runs[at];
            run.starts(&mut starts);
            let length = *length;
            self.ends = match self.gaps.get(at) {
                None => starts
                    .iter()
                    .map(|&start| (start, start + length))
                    .collect(),
                Some(gap) => {
                    let next = &self.ends;
                    let joined = starts.iter().filter_map(|&start| {
                        let end = start + length;
                        let behind = next.partition_point(|(next, _)| *next < end + gap.least);
                        let (found, last) = next.get(behind)?;
                        (*found <= end + gap.most).then_some((start, *last))
                    });
                    joined.collect()
                }
            };
            if self.ends.is_empty() {
                return false;
            }
        }
        true
    }
}

/// Brings several to the same passage, at or behind that of the first.
pub(super) fn align<T: Aligned>(parts: &mut [T]) -> DocId {
    'again: loop {
        let candidate = parts.first().map_or(TERMINATED, Aligned::at);
        if candidate == TERMINATED {
            return TERMINATED;
        }
        for index in 1..parts.len() {
            if parts[index].at() < candidate {
                parts[index].seek_to(candidate);
            }
            let doc = parts[index].at();
            if doc == TERMINATED {
                return TERMINATED;
            }
            if doc > candidate {
                parts[0].seek_to(doc);
                continue 'again;
            }
        }
        return candidate;
    }
}

/// What [`align`] moves.
pub(super) trait Aligned {
    /// Where it stands.
    fn at(&self) -> DocId;
    /// Moves on to a passage at or behind `target`.
    fn seek_to(&mut self, target: DocId);
}

impl Aligned for (Occurrences, u32) {
    fn at(&self) -> DocId {
        self.0.doc()
    }

    fn seek_to(&mut self, target: DocId) {
        self.0.seek(target);
    }
}

impl Aligned for VerbatimScorer {
    fn at(&self) -> DocId {
        self.doc
    }

    fn seek_to(&mut self, target: DocId) {
        self.seek(target);
    }
}

/// Gathers the places of a single character from the dictionary range of its bigrams.
fn placed(
    reader: &SegmentReader,
    field: Field,
    form: &str,
) -> tantivy::Result<Option<Occurrences>> {
    let inverted = reader.inverted_index(field)?;
    let mut places: Vec<(DocId, u32)> = Vec::new();
    let mut terms = inverted.terms().range().ge(form.as_bytes()).into_stream()?;
    let mut positions = Vec::new();
    while terms.advance() && terms.key().starts_with(form.as_bytes()) {
        let mut postings = inverted
            .read_postings_from_terminfo(terms.value(), IndexRecordOption::WithFreqsAndPositions)?;
        let mut doc = postings.doc();
        while doc != TERMINATED {
            positions.clear();
            postings.append_positions_with_offset(0, &mut positions);
            places.extend(positions.iter().map(|&place| (doc, place)));
            doc = postings.advance();
        }
    }
    places.sort_unstable();
    Ok((!places.is_empty()).then_some(Occurrences::Placed { places, at: 0 }))
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
