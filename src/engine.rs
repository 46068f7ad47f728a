//! A [`SearchRequest`] → a [`SearchResponse`]: the read side as one object.

mod collocates;
mod compare;
pub mod count;
mod facets;
mod first_use;
mod follow_up;
mod formulas;
mod keyness;
mod kwic;
mod rates;
mod related;
mod similar;
mod snapshot;
mod stamp;
mod stream;
mod suggest;
mod trend;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use tantivy::Term;
use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;

use self::snapshot::Snapshot;
use crate::analyze::Analyzer;
use crate::cancellation::Cancellation;
use crate::error::{Error, ErrorKind, Result};
use crate::index::{failed, guarded};
use crate::model::{
    CharSpan, CopyStats, Difference, FacetCount, FacetField, Hit, IndexStamp, Matching, NearCopies,
    NearCopy, Note, PassageId, PassageRecord, SearchRequest, SearchResponse, Sort, SourceStatus,
};
use crate::near::{self, Print, Shingles};
use crate::plan::{self, Plan};
use crate::query::{self, Expr};
use crate::schema::Schema;
use crate::search::{
    self, Folded, Keep, Matches, Numbered, Page, Wanted, WantedFacet, highlight, snippet,
};

/// Most hits that one answer holds; `stream` has no such limit.
pub const MAX_HITS: usize = 10_000;
/// Fewer passages than this do not answer a sentence.
const FEW: u64 = 10;
/// Most copies that a hit names.
const NAMED_COPIES: usize = 20;

/// An open index that answers requests; one snapshot of it, until it is opened again. Its clones
/// share the snapshot.
///
/// ```no_run
/// use zhengsou::{Engine, SearchRequest, schema::Schema};
/// let engine = Engine::open(".zhengsou".as_ref(), Schema::embedded()?)?;
/// let answer = engine.search(&SearchRequest { query: "乡村振兴".into(), ..Default::default() })?;
/// println!("{} 段", answer.total.passages);
/// # Ok::<(), zhengsou::Error>(())
/// ```
#[derive(Clone)]
pub struct Engine {
    snapshot: Arc<Snapshot>,
    cancellation: Cancellation,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("folder", &self.snapshot.store.folder)
            .finish_non_exhaustive()
    }
}

/// A request's plan and matches, the query as it was understood, remarks.
type Matched = (Plan, Matches, String, Vec<Note>);

/// Returns which of the matches a request shows.
fn shown(request: &SearchRequest, plan: &Plan) -> Page {
    // Where years or the order of reading decide, no report steps back.
    let ranked = request.sort == Sort::Relevance && plan.leaves.iter().any(|leaf| leaf.ranked);
    Page {
        fold: request.fold,
        by_report: request.group_by_report,
        per_report: if ranked { request.per_report } else { 0 },
        offset: request.offset,
        limit: request.limit,
    }
}

/// Refuses a slice without a text.
fn empty_slice() -> Error {
    Error::new(
        ErrorKind::NotFound,
        "没有符合筛选的段落",
        "the filters keep no passage",
    )
    .with_hint(
        "放宽筛选；zhengsou stats 列出索引里有什么",
        "use fewer filters; zhengsou stats lists what the index holds",
    )
}

/// Numbers about an index.
#[derive(Debug, Clone, Default, serde::Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Stats {
    /// Which index.
    pub index: IndexStamp,
    /// Number of sources; archives count as their members.
    pub sources: u64,
    /// Number of sources that were left out, since their kind is not read or they are no reports.
    pub skipped: u64,
    /// Number of sources that could not be read.
    pub failed: u64,
    /// Number of reports.
    pub reports: u64,
    /// Number of passages.
    pub passages: u64,
    /// Characters of passage text without white space and punctuation.
    pub characters: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// Segments of the index.
    pub segments: usize,
    /// How much of it is copied.
    pub copies: CopyStats,
    /// Version of the program that made it.
    pub version: String,
    /// Facet values with their numbers of passages.
    pub facets: BTreeMap<FacetField, Vec<FacetCount>>,
}

impl Engine {
    /// Opens the index in `folder` for reading.
    ///
    /// # Errors
    /// If there is no index, it is damaged, or it was made under another fingerprint.
    pub fn open(folder: &Path, schema: Schema) -> Result<Self> {
        let analyzer = Arc::new(Analyzer::new(&schema));
        let snapshot = Snapshot::open(folder, Arc::new(schema), analyzer)?;
        Ok(Engine {
            snapshot: Arc::new(snapshot),
            cancellation: Cancellation::new(),
        })
    }

    /// Returns an engine over the same snapshot whose answers end early, with
    /// [`ErrorKind::Cancelled`], once `cancellation` is set.
    ///
    /// ```no_run
    /// use zhengsou::{Cancellation, Engine, SearchRequest, schema::Schema};
    /// let engine = Engine::open(".zhengsou".as_ref(), Schema::embedded()?)?;
    /// let cancellation = Cancellation::new();
    /// let patient = engine.cancelled_by(&cancellation);
    /// std::thread::spawn(move || {
    ///     std::thread::sleep(std::time::Duration::from_secs(5));
    ///     cancellation.cancel();
    /// });
    /// let within_five_seconds = patient.search(&SearchRequest::default());
    /// # Ok::<(), zhengsou::Error>(())
    /// ```
    #[must_use]
    pub fn cancelled_by(&self, cancellation: &Cancellation) -> Self {
        Engine {
            snapshot: Arc::clone(&self.snapshot),
            cancellation: cancellation.clone(),
        }
    }

    fn index(&self) -> search::Index<'_> {
        search::Index {
            cancellation: &self.cancellation,
            searcher: &self.snapshot.searcher,
            bigrams: &self.snapshot.bigrams,
            records: &self.snapshot.records,
            fields: self.snapshot.store.fields,
            values: &self.snapshot.values,
            order: &self.snapshot.order,
            words: &self.snapshot.words,
            groups: &self.snapshot.groups,
            schema: &self.snapshot.schema,
            analyzer: &self.snapshot.analyzer,
            folder: &self.snapshot.store.folder,
            passages: self.snapshot.passages,
        }
    }

    /// Returns the analyzer under which the index was made.
    pub fn analyzer(&self) -> &Analyzer {
        &self.snapshot.analyzer
    }

    /// Returns which index answers.
    pub fn stamp(&self) -> IndexStamp {
        IndexStamp {
            fingerprint: self.snapshot.store.manifest.fingerprint.clone(),
            passages: self.snapshot.passages,
        }
    }

    /// Answers a request.
    ///
    /// # Errors
    /// If the query cannot be read, a filter names an unknown value, or more than [`MAX_HITS`] hits
    /// are asked for at once.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResponse> {
        let started = Instant::now();
        if request.limit > MAX_HITS {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("一次最多给出 {MAX_HITS} 条"),
                format!("at most {MAX_HITS} hits at once"),
            )
            .with_hint("要全部结果请用 --all", "use --all for every hit"));
        }
        let ((plan, matches, understood, notes), page) = self.paged(request)?;
        let hits = page
            .iter()
            .map(|folded| self.hit(folded, &plan, request))
            .collect::<Result<_>>()?;
        Ok(SearchResponse {
            query: request.query.clone(),
            understood,
            notes,
            total: matches.total,
            hits,
            facet_values: matches
                .facets
                .iter()
                .filter(|(_, found)| found.values > found.counts.len() as u64)
                .map(|(field, found)| (*field, found.values))
                .collect(),
            facets: facets::counts(matches.facets),
            took_ms: started.elapsed().as_secs_f64() * 1000.0,
            index: self.stamp(),
        })
    }

    /// Hands the best `limit` passages of the request with their scores to `each`, best first and
    /// as [`Engine::search`] orders them, without highlights and snippets; `each` returns whether
    /// to go on.
    ///
    /// # Errors
    /// As for [`Engine::search`].
    pub fn ranked(
        &self,
        request: &SearchRequest,
        each: &mut dyn FnMut(&PassageRecord, f32) -> bool,
    ) -> Result<()> {
        let index = self.index();
        for folded in self.paged(request)?.1 {
            let passage = search::fetch(folded.best.address, &index)?;
            if !each(&passage, folded.best.score) {
                break;
            }
        }
        Ok(())
    }

    /// Returns the passages of the report `id` in reading order; empty if there is no such report.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn report(&self, id: &str) -> Result<Vec<PassageRecord>> {
        let Some(PassageId(id)) = PassageId::parse(id) else {
            return Ok(Vec::new());
        };
        let mut passages =
            self.records(Term::from_field_u64(self.snapshot.store.fields.report, id))?;
        passages.sort_by_key(|passage| passage.sequence);
        Ok(passages)
    }

    /// Returns the passage `id` with up to `around` neighbours before and after it in its report,
    /// and its position in that list; `None` if there is no such passage.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn passage(&self, id: &str, around: usize) -> Result<Option<(Vec<PassageRecord>, usize)>> {
        let Some(PassageId(number)) = PassageId::parse(id) else {
            return Ok(None);
        };
        let found = self.numbered(Numbered::Id, &[number])?;
        let Some(passage) = found.first() else {
            return Ok(None);
        };
        let mut report = self.report(&passage.report_id)?;
        let Some(at) = report.iter().position(|other| other.id == passage.id) else {
            return Ok(Some((found, 0)));
        };
        let first = at.saturating_sub(around);
        report.truncate(at.saturating_add(around).saturating_add(1));
        report.drain(..first);
        Ok(Some((report, at - first)))
    }

    /// Returns the passage with an id that must exist.
    fn passage_named(&self, id: &str) -> Result<PassageRecord> {
        let number = PassageId::parse(&id.trim().to_ascii_lowercase());
        let found = match number {
            Some(PassageId(number)) => self.numbered(Numbered::Id, &[number])?,
            None => Vec::new(),
        };
        found.into_iter().next().ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                format!("索引里没有编号为 '{id}' 的段落"),
                format!("the index holds no passage with the id '{id}'"),
            )
            .with_hint(
                "编号是 16 位十六进制数，search 的每条结果都写着",
                "ids have 16 hexadecimal digits; each hit of a search shows its own",
            )
        })
    }

    /// Returns the near copies of a passage, at most `limit` of them; none if there is no such
    /// passage.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn copies(&self, id: &str, limit: usize) -> Result<NearCopies> {
        let Some(PassageId(number)) = PassageId::parse(id) else {
            return Ok(NearCopies::default());
        };
        let found = self.numbered(Numbered::Id, &[number])?;
        let Some(passage) = found.first() else {
            return Ok(NearCopies::default());
        };
        let folded = self.snapshot.analyzer.fold(&passage.text);
        let print = Print::of(&folded);
        let shingles = Shingles::of(&folded);
        let mut listed = Vec::new();
        let alone = [print.fold];
        let folds = match self.snapshot.groups.folds(print.fold) {
            [] => &alone,
            folds => folds,
        };
        let index = self.index();
        for (fold, address) in search::numbered(Numbered::Fold, folds, &index)? {
            let copy = search::fetch(address, &index)?;
            if copy.id != passage.id {
                let folded = self.snapshot.analyzer.fold(&copy.text);
                let near = Print::of(&folded).near;
                listed.push(NearCopy {
                    jaccard: Shingles::of(&folded).similarity(&shingles).jaccard(),
                    differs: if fold == print.fold {
                        Difference::None
                    } else if near.map(|near| near.mask) == print.near.map(|near| near.mask) {
                        Difference::Figures
                    } else {
                        Difference::Wording
                    },
                    changes: Vec::new(),
                    passage: copy,
                });
            }
        }
        listed.sort_by(|one, two| {
            let place = |copy: &NearCopy| (copy.passage.chars, copy.passage.id.clone());
            two.jaccard
                .total_cmp(&one.jaccard)
                .then_with(|| one.passage.source.cmp(&two.passage.source))
                .then_with(|| place(one).cmp(&place(two)))
        });
        let count = listed.len() as u64;
        listed.truncate(limit);
        for copy in &mut listed {
            copy.changes = near::changes(&passage.text, &copy.passage.text);
        }
        Ok(NearCopies { count, listed })
    }

    /// Returns numbers about the index.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn stats(&self) -> Result<Stats> {
        let facets = FacetField::ALL
            .iter()
            .filter(|field| **field != FacetField::Source)
            .map(|&field| WantedFacet { field, find: "" })
            .collect();
        let plan = Plan::all();
        let wanted = Wanted {
            facets,
            first: 0,
            ..Wanted::of(&[], Keep::All)
        };
        let index = self.index();
        let matches = search::run(&plan, &wanted, &index)?;
        let ledger = self.snapshot.store.ledger()?;
        let with = |status| {
            let records = ledger.values();
            records.filter(|record| record.status == status).count() as u64
        };
        Ok(Stats {
            index: self.stamp(),
            sources: ledger.values().filter(|record| record.is_text()).count() as u64,
            skipped: with(SourceStatus::Skipped),
            failed: with(SourceStatus::Failed),
            reports: matches.total.reports,
            passages: matches.total.passages,
            characters: search::characters(&matches.candidates, &index)?,
            bytes: self.snapshot.store.bytes(),
            segments: self.snapshot.searcher.segment_readers().len(),
            copies: search::copied(&matches.candidates, &index)?,
            version: self.snapshot.store.manifest.version.clone(),
            facets: facets::counts(matches.facets),
        })
    }

    /// Reads, plans and runs a request; falls back to most of the words where plain words that
    /// all must occur find nothing.
    fn matches(&self, request: &SearchRequest) -> Result<Matched> {
        self.matches_kept(request, Keep::All)
    }

    fn matches_kept(&self, request: &SearchRequest, keep: Keep<'_>) -> Result<Matched> {
        let first = request.offset.saturating_add(request.limit);
        self.matches_among(request, keep, first)
    }

    /// Finds the page of a request and what it needs.
    fn paged(&self, request: &SearchRequest) -> Result<(Matched, Vec<Folded>)> {
        let mut matched = self.matches(request)?;
        let wanted = shown(request, &matched.0);
        let mut page = matched.1.page(&wanted);
        if matched.1.lacks(page.len(), &wanted) {
            matched = self.matches_among(request, Keep::All, usize::MAX)?;
            page = matched.1.page(&wanted);
        }
        Ok((matched, page))
    }

    fn matches_among(
        &self,
        request: &SearchRequest,
        keep: Keep<'_>,
        first: usize,
    ) -> Result<Matched> {
        let tree = query::parse(&request.query)?;
        self.check_values(&tree, &request.query)?;
        let facets = request.facets.iter().map(|&field| WantedFacet {
            field,
            find: request
                .facet_find
                .get(&field)
                .map_or("", |find| find.trim()),
        });
        let wanted = Wanted {
            filters: &request.filters,
            facets: facets.collect(),
            facet_limit: request.facet_limit,
            sort: request.sort,
            by_report: request.group_by_report,
            first,
            keep,
            may_be_partial: first < usize::MAX,
        };
        let index = self.index();
        let run = |tree: &Expr, any: bool| -> Result<(Plan, Matches)> {
            let plan = plan::plan(
                tree,
                request.mode,
                any,
                &self.snapshot.analyzer,
                &self.snapshot.schema,
            )?;
            let matches = search::run(&plan, &wanted, &index)?;
            Ok((plan, matches))
        };
        let (mut plan, mut matches) = run(&tree, request.any)?;
        let mut notes = plan.notes.clone();
        if request.fold && self.snapshot.groups.is_stale {
            notes.push(Note::new(
                "相近表述的分组缺失或不是最新，只合并了完全相同的段落；再次运行 zhengsou index 即可补上",
                "the groups of near copies are missing or not up to date, only equal passages are sure to fold; run zhengsou index again to complete them",
            ));
        }
        let relaxable = request.mode == Matching::Auto && !request.any && plan::is_plain(&tree);
        let asks = || {
            // What stands there as it was typed was looked for, even if it asks. A sentence of
            // which little is found is meant like a question.
            let is_sentence = matches.total.passages < FEW
                && plan::is_sentence(&tree, &self.snapshot.analyzer, &self.snapshot.schema);
            !matches.has_verbatim
                && (is_sentence
                    || plan::asks(&tree, &self.snapshot.analyzer, &self.snapshot.schema))
        };
        if relaxable && tree != Expr::All && (matches.candidates.is_empty() || asks()) {
            let all = matches.total.passages;
            let (mut relaxed_plan, mut relaxed) = run(&tree, true)?;
            if relaxed.candidates.is_empty() {
                (relaxed_plan, relaxed) = run(&plan::unquoted(&tree), true)?;
            }
            if relaxed.total.passages > all {
                notes.push(match all {
                    0 => Note::new(
                        "没有段落包含全部词语，改为匹配其中大部分",
                        "no passage holds all of the words; matched most of them",
                    ),
                    _ => Note::new(
                        format!("按问句检索，匹配大部分词语；包含全部词语的有 {all} 段"),
                        format!("taken for a question, matched most of its words; passages with all of them: {all}"),
                    ),
                });
                (plan, matches) = (relaxed_plan, relaxed);
            }
        }
        notes.extend(matches.facets.iter().filter_map(|(field, found)| {
            let find = request.facet_find.get(field)?;
            facets::not_found(*field, find, found)
        }));
        Ok((plan, matches, tree.to_string(), notes))
    }

    fn check_report(&self, id: &str) -> Result<()> {
        let report = PassageId::parse(&id.to_ascii_lowercase());
        let term = report.map(|id| Term::from_field_u64(self.snapshot.store.fields.report, id.0));
        let known = match &term {
            Some(term) => self.snapshot.searcher.doc_freq(term),
            None => Ok(0),
        };
        match known.map_err(|cause| failed(&self.snapshot.store.folder, cause))? {
            0 => Err(Error::new(
                ErrorKind::UnknownValue,
                format!("索引里没有编号为 {id} 的报告"),
                format!("the index has no report with the id {id}"),
            )
            .with_hint(
                "编号是 16 位十六进制数，JSON 结果里的 report_id",
                "ids have 16 hexadecimal digits: report_id in JSON results",
            )),
            _ => Ok(()),
        }
    }

    fn hit(&self, folded: &Folded, plan: &Plan, request: &SearchRequest) -> Result<Hit> {
        let passage = search::fetch(folded.best.address, &self.index())?;
        let marked = highlight::highlights(
            &passage.text,
            passage.report_year,
            plan,
            &self.snapshot.analyzer,
        );
        let highlights: Vec<CharSpan> = marked.iter().map(|mark| mark.span).collect();
        let excerpt = snippet::snippet(&passage.text, &highlights, request.snippet_chars);
        Ok(Hit {
            score: folded.best.score,
            snippet: excerpt.text,
            snippet_highlights: excerpt.highlights,
            highlights: highlights
                .iter()
                .map(|span| [span.start, span.end])
                .collect(),
            highlight_kinds: marked.iter().map(|mark| mark.kind).collect(),
            dup_count: folded.copies.len() as u64,
            dup_ids: folded
                .copies
                .iter()
                .take(NAMED_COPIES)
                .map(|copy| PassageId(copy.id).to_string())
                .collect(),
            differs: search::differs(folded, &self.index())?,
            explanation: if request.explain {
                folded.best.parts.named()
            } else {
                Vec::new()
            },
            passage,
        })
    }

    /// Reads the passages with one of some numbers.
    fn numbered(&self, column: Numbered, numbers: &[u64]) -> Result<Vec<PassageRecord>> {
        let index = self.index();
        let found = search::numbered(column, numbers, &index)?.into_iter();
        found
            .map(|(_, address)| search::fetch(address, &index))
            .collect()
    }

    fn records(&self, term: Term) -> Result<Vec<PassageRecord>> {
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let index = self.index();
        let folder = &self.snapshot.store.folder;
        let found = guarded(&self.snapshot.store.index, folder, || {
            let found = self.snapshot.searcher.search(&query, &DocSetCollector);
            found.map_err(|cause| failed(folder, cause))
        })?;
        found
            .into_iter()
            .map(|address| search::fetch(address, &index))
            .collect()
    }
}
