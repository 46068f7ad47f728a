//! The terms of a question → what each passage and each report scores by them.
//!
//! Most passages hold some term of a question, so that going through the terms one by one, each
//! adding to the sums of all passages that hold it, costs least. What a passage holds of the words
//! and pairs, by weight, decides whether it matches at all.
//!
//! Invariant: amounts are added up in the order of the terms, whatever the segments.

use tantivy::schema::Field;
use tantivy::{DocAddress, DocId, SegmentReader};

use super::context::contexts;
use super::order::Order;
use super::page::Candidate;
use super::rank::Parts;
use super::verbatim::{Lists, Pair};
use super::word::counted;
use super::{Index, bm25};
use crate::error::Result;
use crate::index::bigrams::Counted;
use crate::plan::{Leaf, Plan, Terms};
use crate::schema::Ranking;

/// Candidates to whose scores the passages before them add.
pub(super) const WITH_CONTEXT: usize = 200;

/// Passages from which a common term is left out; below, it costs little.
const COSTLY: u64 = 1_000;

/// The part of the pairs of characters among [`Sums::parts`].
const PAIRS: usize = 1;

/// That of single letters.
const LETTERS: usize = 2;

/// The questions of a plan: what its passages score, for each leaf that is one.
pub(super) struct Questions<'a> {
    pub(super) order: &'a Order,
    leaves: Vec<Option<Sums>>,
}

impl<'a> Questions<'a> {
    /// Goes through the terms of every leaf of which most words are enough.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn new(plan: &Plan, by_report: bool, index: &Index<'a>) -> Result<Self> {
        let order = match plan.leaves.iter().any(|leaf| leaf.most.is_some()) {
            true => index.order.of(index)?,
            false => Order::none(),
        };
        let sums = |leaf: &Leaf| match leaf.most {
            Some(share) => Sums::new(&leaf.terms, share, by_report, order, index).map(Some),
            None => Ok(None),
        };
        let leaves = plan.leaves.iter().map(sums).collect::<Result<_>>()?;
        Ok(Questions { order, leaves })
    }

    /// Returns what passages score by a leaf; `None` if all of its words must occur.
    pub(super) fn leaf(&self, number: usize) -> Option<&Sums> {
        self.leaves.get(number)?.as_ref()
    }

    /// Adds to the scores of the best candidates what stands before them. How many they are is
    /// fixed, so that the order holds from page to page. Returns whether there was a question.
    pub(super) fn add_context(&self, candidates: &mut [Candidate], weights: &Ranking) -> bool {
        if self.leaves.iter().all(Option::is_none) {
            return false;
        }
        if candidates.len() > WITH_CONTEXT {
            candidates.select_nth_unstable_by(WITH_CONTEXT, Candidate::compare);
        }
        let count = WITH_CONTEXT.min(candidates.len());
        let best = &mut candidates[..count];
        let place = |candidate: &Candidate| {
            let DocAddress {
                segment_ord,
                doc_id,
            } = candidate.address;
            self.order.place(segment_ord as usize, doc_id)
        };
        let Some(places) = best.iter().map(place).collect::<Option<Vec<usize>>>() else {
            return false;
        };
        for sums in self.leaves.iter().flatten() {
            let contexts = contexts(sums, &places, self.order, weights);
            for (candidate, (in_passage, in_report)) in best.iter_mut().zip(contexts) {
                candidate.parts.context += in_passage;
                candidate.parts.report += in_report;
            }
        }
        for candidate in best {
            candidate.score = candidate.parts.total();
        }
        true
    }

    /// Returns the documents of a segment that hold enough of a leaf, in ascending order.
    pub(super) fn matching(&self, number: usize, segment: usize) -> Vec<DocId> {
        let Some(sums) = self.leaf(number) else {
            return Vec::new();
        };
        let places = (0..).zip(self.order.places(segment));
        places
            .filter(|(_, place)| sums.matches(**place as usize))
            .map(|(doc, _)| doc)
            .collect()
    }
}

/// What all passages score by the terms of one leaf.
pub(super) struct Sums {
    /// By place in the order of reading: what the words, pairs and letters score.
    parts: [Vec<f32>; 3],
    /// By place: the weight of the words and pairs that stand there, their idf by how much they
    /// count.
    held: Vec<f32>,
    /// The weight that is enough to match.
    enough: f32,
    /// By number of the report; empty where passages are ranked.
    reports: Vec<f32>,
    /// For each term in order, what it scores.
    pub(super) terms: Vec<Scored>,
}

/// What one term scores: where, and how much.
#[derive(Default)]
pub(super) struct Scored {
    /// By place in the order of reading.
    pub(super) passages: Vec<(u32, f32)>,
    /// By number of the report; empty where passages are ranked.
    pub(super) reports: Vec<(u32, f32)>,
}

/// The terms of one kind.
struct Kind<'a> {
    /// Its part among [`Sums::parts`].
    part: usize,
    terms: &'a [(String, f32)],
    /// Where a term stands in a passage.
    field: Field,
    /// Where it stands in the headings that open on the passage; its occurrences are added.
    opening: Option<Field>,
    weight: f32,
    k1: f32,
    /// By place: what the passage's length takes from frequencies under this k1.
    norms: &'a [f32],
    /// Share of the passages above which a term tells nothing.
    common: f32,
    /// Whether its terms decide what matches.
    decides: bool,
}

impl Sums {
    /// Adds up what the terms score; over reports as well where `by_report`.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn new(
        terms: &Terms,
        share: f32,
        by_report: bool,
        order: &Order,
        index: &Index<'_>,
    ) -> Result<Self> {
        let weights = &index.schema.ranking;
        let fields = &index.fields;
        let norms = |k1: f32| -> Vec<f32> {
            let lengths = order.lengths.iter();
            lengths
                .map(|length| bm25::norm(*length, 1.0, k1, weights.b))
                .collect()
        };
        let (norms, norms_bigrams) = (norms(weights.k1), norms(weights.k1_bigrams));
        let kinds = [
            Kind {
                part: 0,
                terms: &terms.words,
                field: fields.words,
                opening: Some(fields.opening_words),
                weight: weights.words,
                k1: weights.k1,
                norms: &norms,
                common: weights.common,
                decides: true,
            },
            Kind {
                part: PAIRS,
                terms: &terms.bigrams,
                field: fields.chars,
                opening: Some(fields.opening),
                weight: weights.bigrams,
                k1: weights.k1_bigrams,
                norms: &norms_bigrams,
                common: weights.common,
                decides: true,
            },
            Kind {
                part: LETTERS,
                terms: &terms.letters,
                field: fields.chars,
                opening: Some(fields.opening),
                weight: weights.letters,
                k1: weights.k1,
                norms: &norms,
                common: weights.common_letters,
                decides: false,
            },
        ];
        let nothing = || vec![0.0; order.passages.len()];
        let reports = if by_report { order.reports.len() } else { 0 };
        let mut sums = Sums {
            parts: [nothing(), nothing(), nothing()],
            held: nothing(),
            enough: 0.0,
            reports: vec![0.0; reports],
            terms: Vec::new(),
        };
        let mut counts_in_reports = vec![0; reports];
        let mut total = 0.0;
        // Where every term is common, the common ones are all there is.
        for everything in [false, true] {
            for kind in &kinds {
                let common = if everything { 1.0 } else { kind.common };
                for (text, counts) in kind.terms {
                    if let Some(found) = look_up(text, kind, common, index)? {
                        let amount = kind.weight * counts * found.idf;
                        sums.add(&found, amount, kind, &mut counts_in_reports, order, index)?;
                        total += if kind.decides { amount } else { 0.0 };
                    }
                }
            }
            if total > 0.0 {
                break;
            }
            for part in &mut sums.parts {
                part.fill(0.0);
            }
            sums.reports.fill(0.0);
            sums.terms.clear();
        }
        sums.enough = share * total;
        Ok(sums)
    }

    /// Adds what one term scores; `counted` is zero before and after.
    ///
    /// # Errors
    /// If the index cannot be read.
    fn add(
        &mut self,
        found: &Found<'_>,
        amount: f32,
        kind: &Kind<'_>,
        counted: &mut [u32],
        order: &Order,
        index: &Index<'_>,
    ) -> Result<()> {
        let weights = &index.schema.ranking;
        let by_report = self.by_report();
        let mut passages = Vec::with_capacity(found.frequency as usize);
        let mut reports: Vec<(u32, f32)> = Vec::new();
        let part = &mut self.parts[kind.part];
        for (segment, reader) in index.segments() {
            let places = order.places(segment);
            let holders = index.checked(found.counted(reader, index))?;
            let placed = |doc: &DocId| places.get(*doc as usize).copied().unwrap_or(u32::MAX);
            // One thing at a time: each of these loops is short enough to run ahead.
            let begun = passages.len();
            let holding = holders.docs.iter().zip(&holders.counts);
            passages.extend(holding.clone().map(|(doc, &count)| {
                let place = placed(doc);
                let norm = kind.norms.get(place as usize).copied().unwrap_or(1.0);
                (place, amount * bm25::saturate(count as f32, norm, kind.k1))
            }));
            let is_passage = |&(place, _): &(u32, f32)| (place as usize) < part.len();
            if !passages[begun..].iter().all(is_passage) {
                // Deleted ones, or damage.
                passages.retain(is_passage);
            }
            for &(place, own) in &passages[begun..] {
                part[place as usize] += own;
            }
            if kind.decides {
                for &(place, _) in &passages[begun..] {
                    self.held[place as usize] += amount;
                }
            }
            for (doc, &count) in holding.filter(|_| by_report) {
                if let Some(&report) = order.report_of.get(placed(doc) as usize) {
                    if counted[report as usize] == 0 {
                        reports.push((report, 0.0));
                    }
                    counted[report as usize] += count;
                }
            }
        }
        for (report, own) in &mut reports {
            let number = *report as usize;
            let norm = bm25::norm(order.reports[number].length, 1.0, kind.k1, weights.b);
            let count = std::mem::take(&mut counted[number]);
            *own = amount * bm25::saturate(count as f32, norm, kind.k1);
            self.reports[number] += weights.report * *own;
        }
        self.terms.push(Scored { passages, reports });
        Ok(())
    }

    /// Returns whether reports are ranked.
    pub(super) fn by_report(&self) -> bool {
        !self.reports.is_empty()
    }

    /// Returns whether the passage at a place holds enough to match.
    pub(super) fn matches(&self, place: usize) -> bool {
        let held = self.held.get(place);
        held.is_some_and(|held| *held > 0.0 && *held >= self.enough)
    }

    /// Returns the places of all passages that hold enough to match.
    pub(super) fn matching(&self) -> Vec<u32> {
        // Without a branch for each place.
        let mut places = vec![0; self.held.len()];
        let mut count = 0;
        for (place, &held) in (0..).zip(&self.held) {
            places[count] = place;
            count += usize::from(held > 0.0 && held >= self.enough);
        }
        places.truncate(count);
        places
    }

    /// Returns the sum of [`Sums::parts`], to the bit.
    pub(super) fn total(&self, place: usize, order: &Order) -> f32 {
        let [words, bigrams, letters] = &self.parts;
        let own = words[place] + bigrams[place] + letters[place];
        match self.by_report() {
            true => own + self.reports[order.report_of[place] as usize],
            false => own,
        }
    }

    /// Returns what the passage at a place scores, without context.
    pub(super) fn parts(&self, place: usize, order: &Order) -> Parts {
        let report = order.report_of[place] as usize;
        Parts {
            words: self.parts[0][place],
            bigrams: self.parts[PAIRS][place],
            letters: self.parts[LETTERS][place],
            report: self.reports.get(report).copied().unwrap_or(0.0),
            ..Parts::default()
        }
    }
}

/// A term that tells something.
struct Found<'a> {
    term: Sought<'a>,
    /// Where it stands: its field, and that of the headings.
    fields: (Field, Option<Field>),
    /// In how many passages it stands; in more than one field of the same, more than once.
    frequency: u64,
    idf: f32,
}

/// A term by its kind.
#[derive(Clone, Copy)]
enum Sought<'a> {
    Word(&'a str),
    Pair(Pair),
    Letter(char),
}

/// Looks a term up; `None` if it tells nothing: it stands nowhere, or in more than the share `common`
/// of the passages.
fn look_up<'a>(
    text: &'a str,
    kind: &Kind<'_>,
    common: f32,
    index: &Index<'_>,
) -> Result<Option<Found<'a>>> {
    let mut chars = text.chars();
    let term = match (kind.part, chars.next(), chars.next()) {
        (PAIRS, Some(first), Some(second)) => Sought::Pair((first, second)),
        (LETTERS, Some(letter), None) => Sought::Letter(letter),
        _ => Sought::Word(text),
    };
    let mut frequency = 0;
    for field in std::iter::once(kind.field).chain(kind.opening) {
        frequency += match term {
            Sought::Word(word) => index.word_frequency(field, word)?,
            Sought::Pair(pair) => index.pair_frequency(field, pair)?,
            Sought::Letter(letter) => index.letter_frequency(field, letter)?,
        };
    }
    let is_common = frequency > COSTLY && frequency as f32 > common * index.passages as f32;
    if frequency == 0 || is_common {
        return Ok(None);
    }
    Ok(Some(Found {
        term,
        fields: (kind.field, kind.opening),
        frequency,
        idf: bm25::idf(frequency, index.passages),
    }))
}

impl Found<'_> {
    /// Returns the documents of a segment that hold the term, with how often they do.
    fn counted(&self, reader: &SegmentReader, index: &Index<'_>) -> tantivy::Result<Counted> {
        let (field, opening) = self.fields;
        let counted = self.counted_in(field, reader, index)?;
        match opening {
            Some(opening) => Ok(counted.merged(self.counted_in(opening, reader, index)?)),
            None => Ok(counted),
        }
    }

    /// Returns the documents that hold it in one field.
    fn counted_in(
        &self,
        field: Field,
        reader: &SegmentReader,
        index: &Index<'_>,
    ) -> tantivy::Result<Counted> {
        let texts = || index.bigrams.of(reader, field);
        match self.term {
            Sought::Word(word) => {
                let documents = index.words.of(reader, field)?.documents_with(word)?;
                let counted =
                    documents.map(|mut documents| counted(&mut documents, index.cancellation));
                Ok(counted.unwrap_or_default())
            }
            Sought::Pair(pair) => {
                Ok(Lists::pair(texts()?, pair)?.counted(None, index.cancellation))
            }
            Sought::Letter(letter) => {
                Ok(Lists::character(texts()?, letter)?.counted(None, index.cancellation))
            }
        }
    }
}
