//! Passages of one segment → scores, term by term: each list is gone through once, against all
//! passages that are asked about.
//!
//! Invariant: what a passage scores does not depend on which others are asked about with it; each
//! part is added up in the order of terms and leaves.

use std::collections::HashSet;

use tantivy::postings::Postings;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

use super::parts::{Part, Scores};
use super::{Ranker, Sought};
use crate::cancellation::Cancellation;
use crate::index::Identity;
use crate::index::bigrams::{Counted, CountedDocuments};
use crate::index::words::Lexicon;
use crate::search::bm25;
use crate::search::verbatim::{Lists, VerbatimQuery};
use crate::search::word::counted;

/// How often leaves of a plan stand in the passages of one segment, by their numbers, as far as
/// matching has found out.
#[derive(Debug, Default)]
pub(in crate::search) struct Known {
    /// By their own forms.
    pub(in crate::search) exact: Vec<Option<Counted>>,
    /// By other names that simply stand there.
    pub(in crate::search) alias: Vec<Option<Counted>>,
}

impl Known {
    /// Returns room for so many leaves.
    pub(in crate::search) fn of(leaves: usize) -> Self {
        let nothing = || std::iter::repeat_with(|| None).take(leaves).collect();
        Known {
            exact: nothing(),
            alias: nothing(),
        }
    }
}

/// Scores passages of one segment, in ascending order.
pub(in crate::search) struct SegmentRanker<'a> {
    ranker: &'a Ranker<'a>,
    /// Number of the segment.
    segment: usize,
    terms: Vec<OpenTerm>,
    leaves: Vec<OpenLeaf<'a>>,
    /// How long the passages are.
    lexicon: &'a Lexicon,
}

struct OpenTerm {
    found: Found,
    weight: f32,
}

/// The passages of a term in one segment.
enum Found {
    Word(Occurrences),
    Pair(Occurrences),
    /// Those of one of the open leaves.
    Leaf(usize),
}

struct OpenLeaf<'a> {
    weight: f32,
    /// `None` where matching itself counts the occurrences.
    exact: Option<Occurrences>,
    alias: Option<Occurrences>,
    heading: Option<Occurrences>,
    titled: &'a HashSet<u64, Identity>,
}

/// How often something stands in passages: known of all that hold it, with how many of them lie
/// behind, or to be looked up.
enum Occurrences {
    Known(Counted, usize),
    Lists(Lists),
    Word(Box<CountedDocuments>),
}

/// To read all of a word's postings costs less than to seek passages in them, of which there are not
/// fewer by this factor.
const DENSE: usize = 8;

impl Occurrences {
    fn open(
        query: &VerbatimQuery,
        reader: &SegmentReader,
        known: Option<Counted>,
    ) -> tantivy::Result<Self> {
        Ok(match known {
            Some(counted) => Occurrences::Known(counted, 0),
            None => Occurrences::Lists(query.lists(reader)?),
        })
    }

    /// Opens a word's postings; `None` if there are none.
    fn word(word: &str, lexicon: &Lexicon) -> tantivy::Result<Option<Self>> {
        let documents = lexicon.documents_with(word)?;
        Ok(documents.map(|postings| Occurrences::Word(Box::new(postings))))
    }

    fn is_anywhere(&self) -> bool {
        match self {
            Occurrences::Known(known, _) => !known.docs.is_empty(),
            Occurrences::Lists(lists) => lists.most() > 0,
            Occurrences::Word(_) => true,
        }
    }

    /// Finds out all that will be asked, about these passages alone.
    fn look_up(&mut self, docs: &[DocId], cancellation: &Cancellation) {
        match self {
            Occurrences::Lists(lists) => {
                *self = Occurrences::Known(lists.counted(Some(docs), cancellation), 0);
            }
            Occurrences::Word(postings)
                if postings.size_hint() as usize <= docs.len().saturating_mul(DENSE) =>
            {
                *self = Occurrences::Known(counted(postings, cancellation), 0);
            }
            _ => {}
        }
    }

    /// Returns how often it stands in each of some passages, behind those that were asked about
    /// before.
    fn count(&mut self, docs: &[DocId], cancellation: &Cancellation) -> Vec<u32> {
        let mut counts = vec![0; docs.len()];
        match self {
            Occurrences::Lists(lists) => lists.count_in(docs, &mut counts, cancellation),
            Occurrences::Word(postings) => {
                let asked = docs.iter().zip(&mut counts);
                for (&doc, count) in asked.take_while(|_| !cancellation.is_cancelled()) {
                    if postings.doc() < doc {
                        postings.seek(doc);
                    }
                    if postings.doc() == doc {
                        *count = postings.term_freq();
                    }
                }
            }
            Occurrences::Known(known, at) => {
                let mut holders = known.docs[*at..].iter().zip(&known.counts[*at..]);
                let nowhere = (&TERMINATED, &0);
                let mut next = holders.next().unwrap_or(nowhere);
                for (&doc, count) in docs.iter().zip(&mut counts) {
                    // Mostly all of them are asked about.
                    while *next.0 < doc {
                        next = holders.next().unwrap_or(nowhere);
                    }
                    // Without a branch: whether one of several holds is anybody's guess.
                    let holds = *next.0 == doc;
                    *count = if holds { *next.1 } else { 0 };
                }
                *at = known.docs.len() - holders.len() - usize::from(*next.0 != TERMINATED);
            }
        }
        counts
    }
}

impl<'a> SegmentRanker<'a> {
    pub(super) fn open(
        ranker: &'a Ranker<'a>,
        reader: &SegmentReader,
        segment: usize,
        mut known: Known,
    ) -> tantivy::Result<Self> {
        let take = |known: &mut Vec<Option<Counted>>, number: usize| {
            known.get_mut(number).and_then(Option::take)
        };
        let mut leaves = Vec::with_capacity(ranker.leaves.len());
        for leaf in &ranker.leaves {
            let exact = take(&mut known.exact, leaf.number);
            let alias = take(&mut known.alias, leaf.number);
            let open = |query: &VerbatimQuery, known| Occurrences::open(query, reader, known);
            leaves.push(OpenLeaf {
                weight: leaf.weight,
                exact: match ranker.direct && exact.is_none() {
                    true => None,
                    false => Some(open(&leaf.exact, exact)?),
                },
                alias: match &leaf.alias {
                    Some(query) => Some(open(query, alias)?),
                    None => None,
                },
                heading: match &leaf.heading {
                    Some(query) => Some(open(query, None)?).filter(Occurrences::is_anywhere),
                    None => None,
                },
                titled: &leaf.titled,
            });
        }
        let lexicon = ranker.words.of(reader, ranker.words_field)?;
        let texts = ranker.bigrams.of(reader, ranker.chars_field)?;
        let mut terms = Vec::with_capacity(ranker.terms.len());
        for term in &ranker.terms {
            let own = |leaf: &usize| ranker.leaves.iter().position(|own| own.number == *leaf);
            let found = match (&term.sought, term.leaf.as_ref().and_then(own)) {
                (_, Some(leaf)) => Some(Found::Leaf(leaf)),
                (Sought::Word(word), None) => Occurrences::word(word, lexicon)?.map(Found::Word),
                (Sought::Pair(pair), None) => {
                    let lists = Lists::pair(texts, *pair)?;
                    Some(Found::Pair(Occurrences::Lists(lists)))
                }
            };
            let weight = term.weight;
            terms.extend(found.map(|found| OpenTerm { found, weight }));
        }
        Ok(SegmentRanker {
            ranker,
            segment,
            terms,
            leaves,
            lexicon,
        })
    }

    /// Finds out all that [`SegmentRanker::score`] will ask, where it is asked once, about these
    /// passages: in bulk, where that costs less than seeking each of them.
    pub(in crate::search) fn look_up(&mut self, docs: &[DocId]) {
        let terms = self
            .terms
            .iter_mut()
            .filter_map(|term| match &mut term.found {
                Found::Word(occurrences) | Found::Pair(occurrences) => Some(occurrences),
                Found::Leaf(_) => None,
            });
        let leaves = self.leaves.iter_mut();
        let leaves = leaves.flat_map(|leaf| [&mut leaf.exact, &mut leaf.alias, &mut leaf.heading]);
        for occurrences in terms.chain(leaves.flatten()) {
            occurrences.look_up(docs, self.ranker.cancellation);
        }
    }

    /// Returns whether matching is to count how often the plan's one leaf stands in passages.
    pub(in crate::search) fn asks_matching(&self) -> bool {
        self.leaves.iter().any(|leaf| leaf.exact.is_none())
    }

    /// Scores passages, of which `report` gives the report by their number among them; each call
    /// asks for later ones. `matched` says how often the plan's one leaf stands in each, if
    /// [`SegmentRanker::asks_matching`].
    pub(in crate::search) fn score(
        &mut self,
        docs: &[DocId],
        report: impl Fn(usize) -> u64,
        matched: &[u32],
    ) -> Scores {
        let weights = &self.ranker.weights;
        let cancellation = self.ranker.cancellation;
        let mut scores = Scores::of(docs.len());
        let norm = |doc: &DocId| {
            let length = self.lexicon.length(*doc) as f32;
            bm25::norm(length, self.ranker.average_length, weights.k1, weights.b)
        };
        let norms: Vec<f32> = docs.iter().map(norm).collect();
        let exact: Vec<Vec<u32>> = self
            .leaves
            .iter_mut()
            .map(|leaf| match &mut leaf.exact {
                Some(exact) => exact.count(docs, cancellation),
                None => matched.to_vec(),
            })
            .collect();
        let add = |part: &mut [f32], counts: &[u32], weight: f32| {
            for ((part, &count), &norm) in part.iter_mut().zip(counts).zip(&norms) {
                // A choice of numbers, not of ways.
                let own = weight * bm25::saturate(count as f32, norm, weights.k1);
                *part += if count > 0 { own } else { 0.0 };
            }
        };
        for OpenTerm { found, weight } in &mut self.terms {
            match found {
                Found::Word(word) => {
                    let counts = word.count(docs, cancellation);
                    add(scores.part(Part::Words), &counts, *weight);
                }
                Found::Pair(pair) => {
                    let counts = pair.count(docs, cancellation);
                    add(scores.part(Part::Bigrams), &counts, *weight);
                }
                Found::Leaf(leaf) => add(scores.part(Part::Bigrams), &exact[*leaf], *weight),
            }
        }
        self.add_sums(docs, &mut scores);
        for (leaf, exact) in self.leaves.iter_mut().zip(&exact) {
            add(scores.part(Part::Exact), exact, weights.exact * leaf.weight);
            if let Some(alias) = &mut leaf.alias {
                let counts = alias.count(docs, cancellation);
                let weight = weights.exact * weights.alias * leaf.weight;
                add(scores.part(Part::Alias), &counts, weight);
            }
            if let Some(heading) = &mut leaf.heading {
                let counts = heading.count(docs, cancellation);
                let own = weights.heading * leaf.weight;
                for (part, count) in scores.part(Part::Heading).iter_mut().zip(counts) {
                    *part += if count > 0 { own } else { 0.0 };
                }
            }
            if !leaf.titled.is_empty() {
                // Neighbours are mostly of one report.
                let (mut last, mut own) = (None, 0.0);
                for (number, part) in scores.part(Part::Title).iter_mut().enumerate() {
                    let report = report(number);
                    if last != Some(report) {
                        last = Some(report);
                        own = match leaf.titled.contains(&report) {
                            true => weights.title * leaf.weight,
                            false => 0.0,
                        };
                    }
                    *part += own;
                }
            }
        }
        scores
    }

    /// Adds what passages score by the questions of the plan.
    fn add_sums(&self, docs: &[DocId], scores: &mut Scores) {
        let order = self.ranker.order;
        for sums in &self.ranker.sums {
            for (number, doc) in docs.iter().enumerate() {
                if let Some(place) = order.place(self.segment, *doc) {
                    let own = sums.parts(place, order);
                    scores.part(Part::Words)[number] += own.words;
                    scores.part(Part::Bigrams)[number] += own.bigrams;
                    scores.part(Part::Letters)[number] += own.letters;
                    scores.part(Part::Report)[number] += own.report;
                }
            }
        }
    }
}
