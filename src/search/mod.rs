//! A plan → ranked hits, exact totals and facet counts, in one pass over the matches.
//!
//! Each matched passage is looked at once: its filters, its facets, its score. A passage that fails
//! the filters of one facet only still counts in that facet: choosing a value does not change the
//! facet's other counts.
//!
//! Invariant: ties are broken by passage id; totals and counts are exact.

pub mod bm25;
pub mod filter;
pub mod highlight;
mod lower;
mod rank;
pub mod snippet;
mod values;
mod verbatim;

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use tantivy::columnar::Column;
use tantivy::query::EnableScoring;
use tantivy::{DocAddress, DocSet, Searcher, SegmentReader, TERMINATED, TantivyDocument, Term};

pub use rank::Parts;
pub use values::{FacetValues, FieldValues};

use self::filter::Kept;
use self::rank::Ranker;
use crate::analyze::Analyzer;
use crate::error::Result;
use crate::index::{Handles, failed, guarded};
use crate::model::{FacetCount, FacetField, Filter, PassageRecord, Sort, Totals};
use crate::plan::Plan;
use crate::schema::Schema;

/// A generation of an index as a search sees it.
#[derive(Clone, Copy)]
pub struct Index<'a> {
    /// tantivy's snapshot.
    pub searcher: &'a Searcher,
    /// Handles of the fields.
    pub fields: Handles,
    /// Values of the facets.
    pub values: &'a FacetValues,
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

impl Index<'_> {
    /// Runs what reads files that may be damaged.
    fn guarded<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        guarded(self.searcher.index(), self.folder, work)
    }

    fn checked<T>(&self, result: tantivy::Result<T>) -> Result<T> {
        result.map_err(|cause| failed(self.folder, cause))
    }

    fn values(&self, field: FacetField) -> Result<&FieldValues> {
        self.checked(self.values.of(field, self.searcher.segment_readers()))
    }

    fn document_frequency(&self, term: &Term) -> Result<u64> {
        self.checked(self.searcher.doc_freq(term))
    }

    /// Returns the mean number of words of a passage.
    fn average_length(&self) -> Result<f32> {
        let mut words = 0;
        for segment in self.searcher.segment_readers() {
            words += self
                .checked(segment.inverted_index(self.fields.words))?
                .total_num_tokens();
        }
        Ok(words as f32 / self.passages.max(1) as f32)
    }
}

/// A passage that matched.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Where it stands.
    pub address: DocAddress,
    /// Its id.
    pub id: u64,
    /// Hash that its copies share.
    pub fold: u64,
    /// Its report.
    pub report: u64,
    /// Its score.
    pub score: f32,
    /// The parts of its score.
    pub parts: Parts,
    /// First key of its place in the order; smaller is first.
    order: i64,
}

impl Candidate {
    fn compare(&self, other: &Self) -> Ordering {
        self.order
            .cmp(&other.order)
            .then(other.score.total_cmp(&self.score))
            .then(self.id.cmp(&other.id))
    }
}

/// Everything that matched, in order.
#[derive(Debug, Default)]
pub struct Matches {
    /// The passages that the filters keep.
    pub candidates: Vec<Candidate>,
    /// How many of them stand in order; the others come after those.
    sorted: usize,
    /// How many they are.
    pub total: Totals,
    /// Counts of the facets asked for.
    pub facets: BTreeMap<FacetField, Vec<FacetCount>>,
}

/// What a search collects besides the matches.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// Filters on facets.
    pub filters: &'a [Filter],
    /// Facets to count.
    pub facets: &'a [FacetField],
    /// At most so many values a facet.
    pub facet_limit: usize,
    /// Order of the candidates.
    pub sort: Sort,
    /// How many of the first candidates will be looked at; the rest need no order.
    pub first: usize,
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
    let query = lower::lower(plan, index)?;
    let scoring = EnableScoring::disabled_from_searcher(index.searcher);
    let weight = index.checked(query.weight(scoring))?;
    let ranker = Ranker::new(plan, index)?;
    let mut counters = Vec::with_capacity(wanted.facets.len());
    for &field in wanted.facets {
        if counters
            .iter()
            .all(|counter: &Counter| counter.field != field)
        {
            counters.push(Counter::new(field, index)?);
        }
    }
    let mut matches = Matches::default();
    let mut folds: HashSet<u64, Identity> = HashSet::default();
    let mut reports: HashSet<u64, Identity> = HashSet::default();
    for (ordinal, reader) in index.searcher.segment_readers().iter().enumerate() {
        let collect = || -> tantivy::Result<()> {
            let mut matching = weight.scorer(reader, 1.0)?;
            let mut ranker = ranker.segment(reader)?;
            let mut columns = Columns::open(reader, ordinal, &filters, &counters, index)?;
            while matching.doc() != TERMINATED {
                let doc = matching.doc();
                let failing = match reader.is_deleted(doc) {
                    true => Failing::Several,
                    false => columns.failing(doc, &filters),
                };
                columns.count(doc, failing, &mut counters);
                if failing != Failing::None {
                    matching.advance();
                    continue;
                }
                let report = columns.report(doc);
                let parts = ranker.score(doc, report, matching.as_mut());
                matching.advance();
                let candidate = Candidate {
                    address: DocAddress::new(ordinal as u32, doc),
                    id: columns.id(doc),
                    fold: columns.fold(doc),
                    report,
                    score: parts.total(),
                    parts,
                    order: columns.order(doc, wanted.sort),
                };
                folds.insert(candidate.fold);
                reports.insert(candidate.report);
                matches.candidates.push(candidate);
            }
            Ok(())
        };
        let mut collect = collect;
        index.checked(collect())?;
    }
    let ranked = plan.leaves.iter().any(|leaf| leaf.ranked);
    if wanted.sort == Sort::Relevance && !ranked {
        // Nothing to rank by: the order of reading.
        sort_by_place(&mut matches.candidates, index)?;
        matches.sorted = matches.candidates.len();
    } else {
        // Copies and passages of one report take several places of the order.
        matches.sort(wanted.first.saturating_mul(4).saturating_add(64));
    }
    matches.total = Totals {
        passages: matches.candidates.len() as u64,
        folded: folds.len() as u64,
        reports: reports.len() as u64,
    };
    for counter in counters {
        matches
            .facets
            .insert(counter.field, counter.top(wanted.facet_limit, index)?);
    }
    Ok(matches)
}

/// Reads a stored passage.
///
/// # Errors
/// If the index cannot be read.
pub fn fetch(address: DocAddress, index: &Index<'_>) -> Result<PassageRecord> {
    use tantivy::schema::Value;
    let document: TantivyDocument = index.guarded(|| index.checked(index.searcher.doc(address)))?;
    let value = document.get_first(index.fields.record);
    let bytes = value.and_then(|value| value.as_bytes()).unwrap_or_default();
    serde_json::from_slice(bytes)
        .map_err(|cause| crate::index::manifest::damaged(index.folder).with_cause(cause))
}

/// Filters by facet, resolved.
struct Filters {
    fields: Vec<(FacetField, Kept)>,
}

impl Filters {
    fn resolve(filters: &[Filter], index: &Index<'_>) -> Result<Self> {
        let mut fields = Vec::new();
        for &field in FacetField::ALL {
            let own: Vec<&Filter> = filters
                .iter()
                .filter(|filter| filter.field == field)
                .collect();
            if own.is_empty() {
                continue;
            }
            let none = Vec::new();
            let values = if field.is_year() {
                &none
            } else {
                &index.values(field)?.values
            };
            fields.push((field, filter::resolve(field, &own, values, index.schema)?));
        }
        Ok(Filters { fields })
    }
}

/// Which facets' filters a passage fails.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Failing {
    None,
    One(FacetField),
    Several,
}

/// Counts the values of one facet over all segments.
struct Counter {
    field: FacetField,
    by_number: Vec<u64>,
    by_year: BTreeMap<i64, u64>,
}

impl Counter {
    fn new(field: FacetField, index: &Index<'_>) -> Result<Self> {
        let size = if field.is_year() {
            0
        } else {
            index.values(field)?.values.len()
        };
        Ok(Counter {
            field,
            by_number: vec![0; size],
            by_year: BTreeMap::new(),
        })
    }

    /// Returns the most frequent values; years in descending order.
    fn top(self, limit: usize, index: &Index<'_>) -> Result<Vec<FacetCount>> {
        let mut counts: Vec<FacetCount> = if self.field.is_year() {
            let years = self.by_year.into_iter().rev();
            years
                .map(|(year, count)| FacetCount {
                    value: year.to_string(),
                    count,
                })
                .collect()
        } else {
            let values = &index.values(self.field)?.values;
            let counted = values
                .iter()
                .zip(self.by_number)
                .filter(|(_, count)| *count > 0);
            let mut counts: Vec<FacetCount> = counted
                .map(|(value, count)| FacetCount {
                    value: value.clone(),
                    count,
                })
                .collect();
            counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
            counts
        };
        counts.truncate(limit);
        Ok(counts)
    }
}

/// A facet's column in one segment.
enum FacetColumn<'a> {
    Strings {
        ordinals: Option<Column<u64>>,
        numbers: &'a [u32],
    },
    Years(Option<Column<i64>>),
}

impl<'a> FacetColumn<'a> {
    fn open(
        field: FacetField,
        reader: &SegmentReader,
        ordinal: usize,
        index: &Index<'a>,
    ) -> tantivy::Result<Self> {
        if field.is_year() {
            return Ok(FacetColumn::Years(values::years(field, reader)?));
        }
        let numbers = &index
            .values
            .of(field, index.searcher.segment_readers())?
            .numbers[ordinal];
        let ordinals = values::strings(field, reader)?.map(|column| column.ords().clone());
        Ok(FacetColumn::Strings { ordinals, numbers })
    }

    fn number(&self, doc: u32) -> Option<usize> {
        let FacetColumn::Strings { ordinals, numbers } = self else {
            return None;
        };
        let ordinal = ordinals.as_ref()?.first(doc)?;
        numbers.get(ordinal as usize).map(|&number| number as usize)
    }

    fn year(&self, doc: u32) -> Option<i64> {
        let FacetColumn::Years(column) = self else {
            return None;
        };
        column.as_ref()?.first(doc)
    }

    fn kept(&self, doc: u32, kept: &Kept) -> bool {
        match kept {
            Kept::Years { .. } => kept.keeps_year(self.year(doc)),
            Kept::Values { kept, without } => match self.number(doc) {
                Some(number) => kept.get(number).copied().unwrap_or(false),
                None => *without,
            },
        }
    }
}

/// The columns of one segment that a search reads.
struct Columns<'a> {
    id: Column<u64>,
    fold: Column<u64>,
    report: Column<u64>,
    year: Option<Column<i64>>,
    filtered: Vec<FacetColumn<'a>>,
    counted: Vec<FacetColumn<'a>>,
}

impl<'a> Columns<'a> {
    fn open(
        reader: &SegmentReader,
        ordinal: usize,
        filters: &Filters,
        counters: &[Counter],
        index: &Index<'a>,
    ) -> tantivy::Result<Self> {
        let fast = reader.fast_fields();
        let column = |field| FacetColumn::open(field, reader, ordinal, index);
        Ok(Columns {
            id: fast.u64("id")?,
            fold: fast.u64("fold")?,
            report: fast.u64("report")?,
            year: values::years(FacetField::Year, reader)?,
            filtered: filters
                .fields
                .iter()
                .map(|(field, _)| column(*field))
                .collect::<tantivy::Result<_>>()?,
            counted: counters
                .iter()
                .map(|counter| column(counter.field))
                .collect::<tantivy::Result<_>>()?,
        })
    }

    fn id(&self, doc: u32) -> u64 {
        self.id.first(doc).unwrap_or(0)
    }

    fn fold(&self, doc: u32) -> u64 {
        self.fold.first(doc).unwrap_or(0)
    }

    fn report(&self, doc: u32) -> u64 {
        self.report.first(doc).unwrap_or(0)
    }

    fn order(&self, doc: u32, sort: Sort) -> i64 {
        let year = || self.year.as_ref().and_then(|column| column.first(doc));
        match sort {
            Sort::Relevance => 0,
            Sort::YearAscending => year().unwrap_or(i64::MAX),
            Sort::YearDescending => year().map_or(i64::MAX, |year| -year),
        }
    }

    fn failing(&self, doc: u32, filters: &Filters) -> Failing {
        let mut failing = Failing::None;
        for ((field, kept), column) in filters.fields.iter().zip(&self.filtered) {
            if !column.kept(doc, kept) {
                match failing {
                    Failing::None => failing = Failing::One(*field),
                    _ => return Failing::Several,
                }
            }
        }
        failing
    }

    fn count(&mut self, doc: u32, failing: Failing, counters: &mut [Counter]) {
        if failing == Failing::Several {
            return;
        }
        for (counter, column) in counters.iter_mut().zip(&self.counted) {
            if matches!(failing, Failing::One(field) if field != counter.field) {
                continue;
            }
            if let Some(number) = column.number(doc) {
                if let Some(count) = counter.by_number.get_mut(number) {
                    *count += 1;
                }
            } else if let Some(year) = column.year(doc) {
                *counter.by_year.entry(year).or_default() += 1;
            }
        }
    }
}

/// Hashes ids by themselves: they are hashes already.
#[derive(Default)]
struct IdentityHasher(u64);

impl Hasher for IdentityHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, id: u64) {
        self.0 = id;
    }
}

type Identity = BuildHasherDefault<IdentityHasher>;

/// A candidate with the copies that fold under it.
#[derive(Debug, Clone)]
pub struct Folded {
    /// The best of them.
    pub best: Candidate,
    /// The others, in order; at most as many as are named.
    pub copies: Vec<u64>,
    /// How many others there are.
    pub copy_count: u64,
}

impl Matches {
    /// Puts the first `count` candidates in order.
    fn sort(&mut self, count: usize) {
        self.sorted = count.min(self.candidates.len());
        if self.sorted < self.candidates.len() {
            self.candidates
                .select_nth_unstable_by(self.sorted, Candidate::compare);
        }
        self.candidates[..self.sorted].sort_unstable_by(Candidate::compare);
    }

    /// Returns the candidates from `offset`, at most `limit`, each standing for those that share
    /// its key: copies where `fold`, passages of its report where `by_report`. At most `named`
    /// copies are named.
    pub fn page(
        &mut self,
        fold: bool,
        by_report: bool,
        offset: usize,
        limit: usize,
        named: usize,
    ) -> Vec<Folded> {
        let last = offset.saturating_add(limit);
        let mut shown = self.groups(fold, by_report, last, named);
        if shown.len() < last && self.sorted < self.candidates.len() {
            self.sort(usize::MAX);
            shown = self.groups(fold, by_report, last, named);
        }
        shown.drain(..offset.min(shown.len()));
        shown
    }

    fn groups(&self, fold: bool, by_report: bool, last: usize, named: usize) -> Vec<Folded> {
        let mut place: HashMap<u64, usize, Identity> = HashMap::default();
        let mut reports: HashSet<u64, Identity> = HashSet::default();
        let mut shown: Vec<(Candidate, Vec<Candidate>)> = Vec::new();
        let (sorted, rest) = self.candidates.split_at(self.sorted);
        for candidate in sorted {
            let known = place.get(&candidate.fold).filter(|_| fold);
            if let Some((_, copies)) = known.and_then(|&at| shown.get_mut(at)) {
                copies.push(*candidate);
            } else if shown.len() < last && (!by_report || reports.insert(candidate.report)) {
                place.insert(candidate.fold, shown.len());
                shown.push((*candidate, Vec::new()));
            }
        }
        if fold {
            for candidate in rest {
                let known = place.get(&candidate.fold);
                if let Some((_, copies)) = known.and_then(|&at| shown.get_mut(at)) {
                    copies.push(*candidate);
                }
            }
        }
        let folded = |(best, mut copies): (Candidate, Vec<Candidate>)| {
            copies.sort_unstable_by(Candidate::compare);
            Folded {
                best,
                copy_count: copies.len() as u64,
                copies: copies.iter().take(named).map(|copy| copy.id).collect(),
            }
        };
        shown.into_iter().map(folded).collect()
    }
}

/// Sorts candidates by source and place in it.
fn sort_by_place(candidates: &mut [Candidate], index: &Index<'_>) -> Result<()> {
    let segments = index.searcher.segment_readers();
    let mut columns = Vec::with_capacity(segments.len());
    for (ordinal, reader) in segments.iter().enumerate() {
        let source = index.checked(FacetColumn::open(
            FacetField::Source,
            reader,
            ordinal,
            index,
        ))?;
        columns.push((source, index.checked(reader.fast_fields().u64("start"))?));
    }
    candidates.sort_by_cached_key(|candidate| {
        let (source, start) = &columns[candidate.address.segment_ord as usize];
        let doc = candidate.address.doc_id;
        let source = source.number(doc).unwrap_or(usize::MAX);
        (source, start.first(doc).unwrap_or(0), candidate.id)
    });
    Ok(())
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
