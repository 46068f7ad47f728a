//! A plan → ranked hits, exact totals and facet counts, in one pass over the matches.
//!
//! Each matched passage is looked at once: its filters, its facets, its score. A passage that fails
//! the filters of one facet only still counts in that facet: choosing a value does not change the
//! facet's other counts.
//!
//! Where the order of reading was made, a ranked page is found list by list: all matches of a segment
//! at once (`matching`), counted by place (`gather`), scored term by term (`rank`). Elsewhere
//! matches come one by one, and are scored in batches.
//!
//! Invariant: ties are broken by passage id; totals and counts are exact.

pub mod bm25;
pub mod collocates;
mod columns;
mod context;
mod copies;
pub mod corpus;
pub mod count;
pub mod digest;
mod facets;
pub mod filter;
pub mod first_use;
mod gather;
pub mod highlight;
pub mod kwic;
mod lower;
mod matching;
mod near;
mod numbered;
pub mod occurrences;
mod order;
mod page;
mod quick;
mod rank;
pub mod related;
pub mod similar;
pub mod slices;
pub mod snippet;
pub mod suggest;
mod sums;
mod values;
mod verbatim;
mod word;

use std::collections::{HashMap, HashSet};

use tantivy::query::EnableScoring;
use tantivy::schema::Field;
use tantivy::{DocAddress, DocId, DocSet, Searcher, SegmentReader, TERMINATED};

pub use copies::{copied, differs};
pub use facets::WantedFacet;
pub use numbered::{Numbered, numbered};
pub use order::ReadingOrder;
pub use page::{Candidate, Folded, Matches, Page};
pub use rank::Parts;
pub use values::{FacetValues, FieldValues};

use self::columns::{Columns, Failing, Filters};
use self::facets::Counter;
use self::gather::{Gathering, is_ranked_page};
use self::matching::Matching;
use self::rank::{Known, Ranker};
use self::sums::Questions;
use self::verbatim::Pair;
use crate::analyze::Analyzer;
use crate::cancellation::Cancellation;
use crate::error::Result;
use crate::index::{Bigrams, Groups, Handles, Identity, Records, Words, failed, guarded};
use crate::model::{FacetField, Filter, PassageRecord, Sort, Totals};
use crate::plan::Plan;
use crate::schema::Schema;

/// A generation of an index as a search sees it.
#[derive(Clone, Copy)]
pub struct Index<'a> {
    /// Whether the answer is still wanted.
    pub cancellation: &'a Cancellation,
    /// tantivy's snapshot.
    pub searcher: &'a Searcher,
    /// Places of the bigrams.
    pub bigrams: &'a Bigrams,
    /// The stored passages.
    pub records: &'a Records,
    /// Handles of the fields.
    pub fields: Handles,
    /// Values of the facets.
    pub values: &'a FacetValues,
    /// In which order passages are read.
    pub order: &'a ReadingOrder,
    /// In which passages words stand, and how many words passages have.
    pub words: &'a Words,
    /// Which passages are near copies.
    pub groups: &'a Groups,
    /// Names and weights.
    pub schema: &'a Schema,
    /// The analyzer under which the index was made.
    pub analyzer: &'a Analyzer,
    /// Folder of the index, for errors.
    pub folder: &'a std::path::Path,
    /// Number of passages.
    pub passages: u64,
}

impl std::fmt::Debug for Index<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl<'a> Index<'a> {
    /// Runs what reads files that may be damaged, and throws away what was made if it was cancelled
    /// meanwhile.
    fn guarded<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let made = guarded(self.searcher.index(), self.folder, work)?;
        self.cancellation.check()?;
        Ok(made)
    }

    /// Returns the segments with their numbers, until the search is cancelled: for work within
    /// [`Index::guarded`] that only this search needs.
    fn segments(&self) -> impl Iterator<Item = (usize, &'a SegmentReader)> {
        let (segments, cancellation) = (self.searcher.segment_readers(), self.cancellation);
        let wanted = move |_: &_| !cancellation.is_cancelled();
        segments.iter().enumerate().take_while(wanted)
    }

    fn checked<T>(&self, result: tantivy::Result<T>) -> Result<T> {
        result.map_err(|cause| failed(self.folder, cause))
    }

    fn values(&self, field: FacetField) -> Result<&FieldValues> {
        self.checked(self.values.of(field, self.searcher.segment_readers()))
    }

    fn word_frequency(&self, field: Field, word: &str) -> Result<u64> {
        self.checked(self.words.document_frequency(field, word))
    }

    fn letter_frequency(&self, field: Field, letter: char) -> Result<u64> {
        self.checked(self.bigrams.character_frequency(field, letter))
    }

    fn pair_frequency(&self, field: Field, pair: Pair) -> Result<u64> {
        self.checked(self.bigrams.document_frequency(field, pair))
    }

    /// Returns the mean number of words of a passage.
    fn average_length(&self) -> Result<f32> {
        let words = self.checked(self.words.total(self.fields.words))?;
        Ok(words as f32 / self.passages.max(1) as f32)
    }
}

/// What a search collects besides the matches.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// Filters on facets.
    pub filters: &'a [Filter],
    /// Facets to count.
    pub facets: Vec<WantedFacet<'a>>,
    /// At most so many values a facet; 0 for all.
    pub facet_limit: usize,
    /// Order of the candidates.
    pub sort: Sort,
    /// Whether reports are ranked, each by its best passage and as a whole.
    pub by_report: bool,
    /// How many of the first candidates will be looked at; the rest need no order.
    pub first: usize,
    /// Which of the matches are kept.
    pub keep: Keep<'a>,
    /// Whether candidates behind those that are looked at may be left out; totals are exact.
    pub may_be_partial: bool,
}

impl<'a> Wanted<'a> {
    /// Asks for matches only, all of them in order.
    pub fn of(filters: &'a [Filter], keep: Keep<'a>) -> Self {
        Wanted {
            filters,
            facets: Vec::new(),
            facet_limit: 0,
            sort: Sort::Relevance,
            by_report: false,
            first: usize::MAX,
            keep,
            may_be_partial: false,
        }
    }

    /// Returns how many candidates must stand in order for the first ones: copies and passages of
    /// one report take several places.
    fn looked_at(&self) -> usize {
        self.first.saturating_mul(4).saturating_add(64)
    }
}

/// Which matches of a search are kept.
#[derive(Debug, Clone, Copy)]
pub enum Keep<'a> {
    /// All of them; totals are exact.
    All,
    /// In order, the first ones behind a candidate: as much as is held in memory at once. Totals of
    /// groups and reports are not counted.
    Next {
        /// The last one of those before; `None` for the very first.
        after: Option<&'a Candidate>,
        /// At most so many.
        most: usize,
    },
}

/// Finds, filters, counts, ranks and sorts.
///
/// # Errors
/// If a filter or a facet in the plan names an unknown value, or the index cannot be read.
pub fn run(plan: &Plan, wanted: &Wanted<'_>, index: &Index<'_>) -> Result<Matches> {
    index.guarded(|| collect(plan, wanted, index))
}

fn collect(plan: &Plan, wanted: &Wanted<'_>, index: &Index<'_>) -> Result<Matches> {
    let filters = Filters::resolve(wanted.filters, index)?;
    let questions = Questions::new(plan, wanted.by_report, index)?;
    let ranker = Ranker::new(plan, &questions, index)?;
    if let Some(matches) = quick::matches(plan, wanted, &filters, &questions, &ranker, index)? {
        return Ok(matches);
    }
    let ranked = plan.leaves.iter().any(|leaf| leaf.ranked);
    if let Some(order) = index.order.made()
        && ranked
        && is_ranked_page(wanted)
    {
        let matching = Matching::new(plan, &questions, index)?;
        let mut gathering = Gathering::new(wanted, &filters, order, index)?;
        for (segment, reader) in index.segments() {
            let gathered = gather(&mut gathering, &matching, &ranker, segment, reader, index);
            index.checked(gathered)?;
        }
        return gathering.finish(wanted, &questions, index);
    }
    let query = lower::lower(plan, &questions, index)?;
    let scoring = EnableScoring::disabled_from_searcher(index.searcher);
    let weight = index.checked(query.weight(scoring))?;
    let mut counters = counters(wanted, index)?;
    // Nothing to rank by: the order of reading.
    let by_place = wanted.sort == Sort::Relevance && !ranked;
    let mut matches = Matches::default();
    let mut groups: HashSet<u64, Identity> = HashSet::default();
    let mut reports = Reports::default();
    for (ordinal, reader) in index.segments() {
        let mut collect = || -> tantivy::Result<()> {
            let mut matching = weight.scorer(reader, 1.0)?;
            let mut ranker = ranker.segment(reader, ordinal, Known::default())?;
            let columns = Columns::open(reader, ordinal, &filters, &counters, by_place, index)?;
            let mut batch = Batch::default();
            loop {
                batch.clear();
                while matching.doc() != TERMINATED
                    && batch.docs.len() < BATCH
                    && !index.cancellation.is_cancelled()
                {
                    let doc = matching.doc();
                    let failing = match reader.is_deleted(doc) {
                        true => Failing::Several,
                        false => columns.facets.failing(doc, &filters),
                    };
                    if failing != Failing::Several {
                        let report = columns.report(doc);
                        if !counters.is_empty() {
                            let number = reports.number(report);
                            columns.facets.count(doc, number, failing, &mut counters);
                        }
                        if failing == Failing::None {
                            batch.docs.push(doc);
                            batch.reports.push(report);
                            if ranker.asks_matching() {
                                batch.counts.push(matching.score() as u32);
                            }
                        }
                    }
                    matching.advance();
                }
                if batch.docs.is_empty() {
                    return Ok(());
                }
                let report = |number: usize| batch.reports[number];
                let scores = ranker.score(&batch.docs, report, &batch.counts);
                matches.has_verbatim |= scores.has_verbatim();
                for (number, score) in scores.totals().into_iter().enumerate() {
                    let (doc, report) = (batch.docs[number], batch.reports[number]);
                    let candidate = Candidate {
                        address: DocAddress::new(ordinal as u32, doc),
                        id: columns.id(doc),
                        group: index.groups.id(columns.fold(doc)),
                        report,
                        score,
                        parts: scores.parts(number),
                        order: columns.order(doc, wanted.sort),
                    };
                    if let Keep::Next { after, most } = wanted.keep {
                        if after.is_none_or(|after| candidate.compare(after).is_gt()) {
                            matches.candidates.push(candidate);
                        }
                        if matches.candidates.len() >= most.saturating_mul(2) {
                            matches.keep_first(most);
                        }
                        continue;
                    }
                    groups.insert(candidate.group);
                    reports.matched.insert(candidate.report);
                    matches.candidates.push(candidate);
                }
            }
        };
        index.checked(collect())?;
    }
    match wanted.keep {
        Keep::All => {
            questions.add_context(&mut matches.candidates, &index.schema.ranking);
            matches.sort(wanted.looked_at());
        }
        Keep::Next { most, .. } => {
            matches.keep_first(most);
            matches.sort(usize::MAX);
        }
    }
    matches.total = Totals {
        passages: matches.candidates.len() as u64,
        folded: groups.len() as u64,
        reports: reports.matched.len() as u64,
    };
    for counter in counters {
        matches
            .facets
            .insert(counter.field, counter.top(wanted.facet_limit, index)?);
    }
    Ok(matches)
}

/// Matches that are scored together.
const BATCH: usize = 1_024;

/// Matches of one segment that pass all filters.
#[derive(Default)]
struct Batch {
    docs: Vec<DocId>,
    reports: Vec<u64>,
    /// How often the plan's one leaf stands in each, where matching counts that.
    counts: Vec<u32>,
}

impl Batch {
    fn clear(&mut self) {
        self.docs.clear();
        self.reports.clear();
        self.counts.clear();
    }
}

/// Gathers the matches of one segment.
fn gather(
    gathering: &mut Gathering<'_>,
    matching: &Matching,
    ranker: &Ranker<'_>,
    segment: usize,
    reader: &SegmentReader,
    index: &Index<'_>,
) -> tantivy::Result<()> {
    let order = gathering.order;
    let (docs, known) = matching.of(segment, reader, order, index.cancellation)?;
    if !docs.is_empty() {
        let mut ranker = ranker.segment(reader, segment, known)?;
        gathering.add_documents(segment, docs, &mut ranker);
    }
    Ok(())
}

/// Makes a counter for each facet that is asked for.
fn counters<'a>(wanted: &Wanted<'a>, index: &Index<'_>) -> Result<Vec<Counter<'a>>> {
    let mut counters: Vec<Counter<'_>> = Vec::with_capacity(wanted.facets.len());
    for &facet in &wanted.facets {
        if counters.iter().all(|counter| counter.field != facet.field) {
            counters.push(Counter::new(facet, index)?);
        }
    }
    Ok(counters)
}

/// The reports that a search meets.
#[derive(Default)]
struct Reports {
    /// Those whose passages pass all filters.
    matched: HashSet<u64, Identity>,
    /// Numbers, in the order of meeting, of those that count in a facet.
    numbers: HashMap<u64, u32, Identity>,
}

impl Reports {
    fn number(&mut self, report: u64) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(report).or_insert(next)
    }
}

/// Reads a stored passage.
///
/// # Errors
/// If the index cannot be read.
pub fn fetch(address: DocAddress, index: &Index<'_>) -> Result<PassageRecord> {
    index.guarded(|| index.checked(index.records.passage(address)))
}

/// Returns the number of letters and digits of the candidates' texts.
///
/// # Errors
/// If the index cannot be read.
pub fn characters(candidates: &[Candidate], index: &Index<'_>) -> Result<u64> {
    index.guarded(|| {
        let mut columns = Vec::new();
        for reader in index.searcher.segment_readers() {
            columns.push(index.checked(reader.fast_fields().u64("length"))?);
        }
        Ok(candidates
            .iter()
            .filter_map(|candidate| {
                columns[candidate.address.segment_ord as usize].first(candidate.address.doc_id)
            })
            .sum())
    })
}
