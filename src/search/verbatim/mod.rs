//! The verbatim face: passages in which characters stand side by side.
//!
//! A form of *n* characters is a run of bigrams: every second one is enough, and the last. The
//! rarest leads; the others are asked whether they stand at their distances. A single character
//! stands at the places of all bigrams that begin with it. Runs with gaps between them, where a query holds
//! wildcards, are joined by their places.
//!
//! Invariant: matches exactly the passages whose folded text contains the form; the score of a
//! match is the number of its occurrences.

mod gapped;
mod lists;
mod starts;

use std::sync::Arc;

use tantivy::postings::Postings;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

pub(super) use self::lists::Lists;

use self::gapped::Gapped;
use self::starts::Starts;
use super::Index;
use crate::index::Bigrams;
use crate::index::bigrams::{CountedDocuments, Documents, Texts};
use crate::plan::Form;

/// Finds passages that hold one of several folded forms.
#[derive(Debug, Clone)]
pub(super) struct VerbatimQuery {
    /// A field of bigrams.
    field: Field,
    /// Folded forms without blanks, none of them empty.
    forms: Vec<Form>,
    bigrams: Bigrams,
}

impl VerbatimQuery {
    /// Seeks forms, without blanks and none of them empty, in a field of bigrams.
    pub(super) fn new(field: Field, forms: Vec<Form>, index: &Index<'_>) -> Self {
        VerbatimQuery {
            field,
            forms,
            bigrams: index.bigrams.clone(),
        }
    }

    /// Opens the lists of one segment, to go through them in bulk.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn lists(&self, reader: &SegmentReader) -> tantivy::Result<Lists> {
        Lists::open(self.bigrams.of(reader, self.field)?, &self.forms)
    }

    /// Opens the lists of one segment; `places` tells whether [`VerbatimScorer::places`] will be
    /// asked for.
    pub(super) fn open(
        &self,
        reader: &SegmentReader,
        places: bool,
    ) -> tantivy::Result<VerbatimScorer> {
        let texts = self.bigrams.of(reader, self.field)?;
        let mut forms = Vec::with_capacity(self.forms.len());
        for form in &self.forms {
            if let Some(found) = Occurrences::open_form(texts, form, places)? {
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

/// Two characters side by side.
pub(super) type Pair = (char, char);

/// Returns the bigrams that stand for a form, with their offsets in characters.
///
/// A form of one character has none.
pub(super) fn bigrams(form: &str) -> Vec<(u32, Pair)> {
    let chars: Vec<char> = form.chars().collect();
    let last = chars.len().saturating_sub(2);
    (0..chars.len().saturating_sub(1))
        .filter(|&at| at % 2 == 0 || at == last)
        .map(|at| (at as u32, (chars[at], chars[at + 1])))
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
    /// Gives where the forms stand in the current passage, sorted by start.
    pub(super) fn places(&self, places: &mut Vec<Place>) {
        places.clear();
        for (form, length) in &self.forms {
            if form.doc() != self.doc {
                continue;
            }
            match form {
                Occurrences::Gapped(gapped) => {
                    places.extend(gapped.ends.iter().map(|&(start, end)| Place { start, end }));
                }
                Occurrences::Single(_) => {}
                Occurrences::Plain(plain) => {
                    places.extend(plain.own().iter().map(|&start| Place {
                        start,
                        end: start + *length,
                    }));
                }
            }
        }
        places.sort_unstable();
    }

    fn new(forms: Vec<(Occurrences, u32)>) -> Self {
        let mut scorer = VerbatimScorer { forms, doc: 0 };
        scorer.settle();
        scorer
    }

    fn settle(&mut self) -> DocId {
        let docs = self.forms.iter().map(|(form, _)| form.doc());
        self.doc = docs.min().unwrap_or(TERMINATED);
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
            form.seek(target);
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
        let here = self.forms.iter().filter(|(form, _)| form.doc() == self.doc);
        here.map(|(form, _)| form.count() as Score).sum()
    }
}

/// Passages that hold one form, each with where it starts.
enum Occurrences {
    /// Characters side by side.
    Plain(Box<Documents<Starts>>),
    /// A single character whose places do not matter.
    Single(Box<CountedDocuments>),
    /// Runs with gaps between them.
    Gapped(Box<Gapped>),
}

impl Occurrences {
    /// Opens the lists of a form; `None` if it stands nowhere for want of a bigram.
    fn open_form(texts: &Arc<Texts>, form: &Form, places: bool) -> tantivy::Result<Option<Self>> {
        if form.tail.is_empty() {
            return Self::open(texts, &form.head, places);
        }
        let mut runs = Vec::with_capacity(form.tail.len() + 1);
        for run in form.runs() {
            match Self::open(texts, run, true)? {
                Some(found) => runs.push((found, run.chars().count() as u32)),
                None => return Ok(None),
            }
        }
        let gaps = form.tail.iter().map(|(gap, _)| *gap).collect();
        Ok(Some(Occurrences::Gapped(Box::new(Gapped::new(runs, gaps)))))
    }

    fn open(texts: &Arc<Texts>, run: &str, places: bool) -> tantivy::Result<Option<Self>> {
        let mut characters = run.chars();
        if let (Some(character), None, false) = (characters.next(), characters.next(), places) {
            let Some(character) = texts.character(character)? else {
                return Ok(None);
            };
            let holders = texts.holders(&character)?;
            return Ok(Some(Occurrences::Single(Box::new(holders))));
        }
        let starts = Starts::open(texts, run)?;
        Ok(starts.map(|starts| {
            let documents = Documents::new(Arc::clone(texts), starts);
            Occurrences::Plain(Box::new(documents))
        }))
    }

    fn doc(&self) -> DocId {
        match self {
            Occurrences::Plain(plain) => plain.doc(),
            Occurrences::Single(holders) => holders.doc(),
            Occurrences::Gapped(gapped) => gapped.doc,
        }
    }

    /// Returns how often the form stands in the current passage.
    fn count(&self) -> u32 {
        match self {
            Occurrences::Plain(plain) => plain.term_freq(),
            Occurrences::Single(holders) => holders.term_freq(),
            Occurrences::Gapped(gapped) => gapped.ends.len() as u32,
        }
    }

    /// Returns where the form starts in the current passage, in order; it was opened with places.
    fn starts(&self) -> impl ExactSizeIterator<Item = u32> {
        let (plain, gapped): (&[u32], &[(u32, u32)]) = match self {
            Occurrences::Plain(plain) => (plain.own(), &[]),
            Occurrences::Single(_) => (&[], &[]),
            Occurrences::Gapped(gapped) => (&[], &gapped.ends),
        };
        let count = plain.len() + gapped.len();
        (0..count).map(|at| match plain.is_empty() {
            true => gapped[at].0,
            false => plain[at],
        })
    }

    fn advance(&mut self) {
        match self {
            Occurrences::Plain(plain) => {
                plain.advance();
            }
            Occurrences::Single(holders) => {
                holders.advance();
            }
            Occurrences::Gapped(gapped) => gapped.advance(),
        }
    }

    /// Moves on to a passage at or behind `target`, if it stands before it.
    fn seek(&mut self, target: DocId) {
        match self {
            Occurrences::Plain(plain) => {
                plain.seek(target);
            }
            Occurrences::Single(holders) => {
                holders.seek(target);
            }
            Occurrences::Gapped(gapped) if gapped.doc < target => gapped.seek(target),
            Occurrences::Gapped(_) => {}
        }
    }

    fn size_hint(&self) -> u32 {
        match self {
            Occurrences::Plain(plain) => plain.size_hint(),
            Occurrences::Single(holders) => holders.size_hint(),
            Occurrences::Gapped(gapped) => gapped.runs[0].0.size_hint(),
        }
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
