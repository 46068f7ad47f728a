//! The terms of a question → what each passage and each report scores by them.
//!
//! Most passages hold some term of a question, so that going through the terms one by one, each
//! adding to the sums of all passages that hold it, costs least. What a passage lacks and one of
//! those before it holds counts for a share: a place or a subject is named once and holds on.
//!
//! What a passage holds of the words and pairs, by weight, decides whether it matches at all.
//!
//! Invariant: amounts are added up in the order of the terms, whatever the segments.

use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, TERMINATED, Term};

use super::order::{Length, Order};
use super::{Index, bm25};
use crate::error::Result;
use crate::plan::{Leaf, Plan, Terms};
use crate::schema::Ranking;

/// What a passage scores by the terms.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Amounts {
    pub(super) words: f32,
    pub(super) bigrams: f32,
    pub(super) letters: f32,
    pub(super) context: f32,
    /// Weight of the words and pairs that it holds: their idf, by how much they count.
    held: f32,
}

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

    /// Returns the documents of a segment that hold enough of a leaf, in ascending order.
    pub(super) fn matching(&self, number: usize, segment: usize) -> Vec<DocId> {
        let Some(sums) = self.leaf(number) else {
            return Vec::new();
        };
        let places = (0..).zip(self.order.places(segment));
        places
            .filter(|(_, place)| {
                let passage = sums.passages.get(**place as usize);
                passage.is_some_and(|passage| passage.held > 0.0 && passage.held >= sums.enough)
            })
            .map(|(doc, _)| doc)
            .collect()
    }
}

/// What all passages score.
pub(super) struct Sums {
    /// By place in the order of reading.
    passages: Vec<Amounts>,
    /// By number of the report; empty where passages are ranked.
    reports: Vec<f32>,
    /// The weight that is enough to match.
    enough: f32,
}

/// The terms of one kind.
struct Kind<'a> {
    terms: &'a [(String, f32)],
    /// Fields in which a term stands; their occurrences are added.
    fields: &'a [Field],
    weight: f32,
    k1: f32,
    /// Share of the passages above which a term tells nothing.
    common: f32,
    part: fn(&mut Amounts) -> &mut f32,
    /// Whether its terms decide what matches.
    decides: bool,
}

impl Kind<'_> {
    fn terms(&self) -> impl Iterator<Item = (&Self, &(String, f32))> {
        self.terms.iter().map(move |term| (self, term))
    }
}

/// Passages from which a common term is left out; below, it costs little.
const COSTLY: u64 = 1_000;

/// What is known of one term; all zero between two terms.
struct Scratch {
    /// By place: occurrences, what they score, what the passages before score.
    count: Vec<u32>,
    own: Vec<f32>,
    lent: Vec<f32>,
    /// Places where `count` or `lent` is not zero.
    held: Vec<u32>,
    lending: Vec<u32>,
    /// By report: occurrences, what the passages before its first score.
    report_count: Vec<u32>,
    report_lent: Vec<f32>,
    in_reports: Vec<u32>,
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
        let kinds = [
            Kind {
                terms: &terms.words,
                fields: &[fields.words, fields.opening_words],
                weight: weights.words,
                k1: weights.k1,
                common: weights.common,
                part: |amounts| &mut amounts.words,
                decides: true,
            },
            Kind {
                terms: &terms.bigrams,
                fields: &[fields.chars, fields.opening],
                weight: weights.bigrams,
                k1: weights.k1_bigrams,
                common: weights.common,
                part: |amounts| &mut amounts.bigrams,
                decides: true,
            },
            Kind {
                terms: &terms.letters,
                fields: &[fields.letters],
                weight: weights.letters,
                k1: weights.k1,
                common: weights.common_letters,
                part: |amounts| &mut amounts.letters,
                decides: false,
            },
        ];
        let passages = order.passages.len();
        let reports = if by_report { order.reports.len() } else { 0 };
        let mut sums = Sums {
            passages: vec![Amounts::default(); passages],
            reports: vec![0.0; reports],
            enough: 0.0,
        };
        let mut scratch = Scratch {
            count: vec![0; passages],
            own: vec![0.0; passages],
            lent: vec![0.0; passages],
            held: Vec::new(),
            lending: Vec::new(),
            report_count: vec![0; reports],
            report_lent: vec![0.0; reports],
            in_reports: Vec::new(),
        };
        let mut total = 0.0;
        // Where every term is common, the common ones are all there is.
        for everything in [false, true] {
            for (kind, (text, counts)) in kinds.iter().flat_map(Kind::terms) {
                let amount = kind.weight * counts;
                if let Some(idf) = scratch.gather(text, kind, order, index, everything)?
                    && amount > 0.0
                {
                    sums.add(&mut scratch, amount * idf, kind, order, weights);
                    if kind.decides {
                        total += amount * idf;
                    }
                }
                scratch.clear();
            }
            if total > 0.0 {
                break;
            }
            sums.passages.fill(Amounts::default());
            sums.reports.fill(0.0);
        }
        sums.enough = share * total;
        Ok(sums)
    }

    /// Returns what the passage at a place scores.
    pub(super) fn passage(&self, place: usize) -> Amounts {
        self.passages.get(place).copied().unwrap_or_default()
    }

    /// Returns what a report scores.
    pub(super) fn report(&self, report: u32) -> f32 {
        self.reports.get(report as usize).copied().unwrap_or(0.0)
    }

    fn add(
        &mut self,
        scratch: &mut Scratch,
        amount: f32,
        kind: &Kind<'_>,
        order: &Order,
        weights: &Ranking,
    ) {
        let saturate = |count: u32, length: Length| {
            bm25::saturate(count as f32, length.0, 1.0, kind.k1, weights.b)
        };
        let by_report = !self.reports.is_empty();
        for &place in &scratch.held {
            let at = place as usize;
            let passage = &order.passages[at];
            let own = amount * saturate(scratch.count[at], passage.length);
            scratch.own[at] = own;
            *(kind.part)(&mut self.passages[at]) += own;
            if kind.decides {
                self.passages[at].held += amount;
            }
            let last = (at + weights.reach as usize).min(order.passages.len() - 1);
            for later in at + 1..=last {
                if order.passages[later].source != passage.source {
                    break;
                }
                if scratch.lent[later] == 0.0 {
                    scratch.lending.push(later as u32);
                }
                scratch.lent[later] = scratch.lent[later].max(own);
            }
            if by_report {
                let report = passage.report as usize;
                if scratch.report_count[report] == 0 {
                    scratch.in_reports.push(passage.report);
                }
                scratch.report_count[report] += scratch.count[at];
            }
        }
        for &place in &scratch.lending {
            let at = place as usize;
            let lacking = scratch.lent[at] - scratch.own[at];
            if lacking > 0.0 {
                self.passages[at].context += weights.context * lacking;
            }
            let report = order.passages[at].report;
            if by_report && (at == 0 || order.passages[at - 1].report != report) {
                let number = report as usize;
                if scratch.report_count[number] == 0 {
                    scratch.in_reports.push(report);
                }
                scratch.report_lent[number] = scratch.lent[at];
            }
        }
        for &report in &scratch.in_reports {
            let number = report as usize;
            let own = amount * saturate(scratch.report_count[number], order.reports[number]);
            let lacking = (scratch.report_lent[number] - own).max(0.0);
            self.reports[number] += weights.report * (own + weights.context * lacking);
        }
    }
}

impl Scratch {
    /// Counts a term in all passages and returns its idf; `None` if it tells nothing.
    fn gather(
        &mut self,
        text: &str,
        kind: &Kind<'_>,
        order: &Order,
        index: &Index<'_>,
        everything: bool,
    ) -> Result<Option<f32>> {
        let terms = kind
            .fields
            .iter()
            .map(|field| Term::from_field_text(*field, text));
        let terms: Vec<Term> = terms.collect();
        let mut frequency = 0;
        for term in &terms {
            frequency += index.document_frequency(term)?;
        }
        let is_common =
            frequency > COSTLY && frequency as f32 > kind.common * index.passages as f32;
        if frequency == 0 || (is_common && !everything) {
            return Ok(None);
        }
        for (segment, reader) in index.searcher.segment_readers().iter().enumerate() {
            let places = order.places(segment);
            for term in &terms {
                let inverted = index.checked(reader.inverted_index(term.field()))?;
                let found = inverted.read_postings(term, IndexRecordOption::WithFreqs);
                let Some(mut postings) = index.checked(found.map_err(Into::into))? else {
                    continue;
                };
                let mut doc = postings.doc();
                while doc != TERMINATED {
                    let place = places.get(doc as usize).copied().unwrap_or(u32::MAX);
                    if let Some(count) = self.count.get_mut(place as usize) {
                        if *count == 0 {
                            self.held.push(place);
                        }
                        *count += postings.term_freq();
                    }
                    doc = postings.advance();
                }
            }
        }
        Ok(Some(bm25::idf(frequency, index.passages)))
    }

    fn clear(&mut self) {
        for place in self.held.drain(..) {
            self.count[place as usize] = 0;
            self.own[place as usize] = 0.0;
        }
        for place in self.lending.drain(..) {
            self.lent[place as usize] = 0.0;
        }
        for report in self.in_reports.drain(..) {
            self.report_count[report as usize] = 0;
            self.report_lent[report as usize] = 0.0;
        }
    }
}
