//! Whole answers by class of query: verbatim phrases, closeness, wildcards, prefixes, NOT, filters
//! with facets, beside bare tantivy doing the same work over the same passages; `similar` and
//! `related`.
//!
//! The same work: matching, filters and four facets by fast fields with each facet's counts freed of
//! its own filter, exact numbers of passages, reports and groups, the best ten by BM25, their stored
//! records, and a snippet of each by tantivy's generator. Where tantivy has no such query (characters
//! between, same sentence, wildcards) it gets the conjunction of the phrases, which matches more.
//!
//! Per-query medians of alternating runs, corpus and seed as printed.

#![expect(
    clippy::unwrap_used,
    reason = "a bench that cannot run says why by panicking"
)]

mod common;

use std::collections::{BTreeMap, HashSet};

use common::bare::Bare;
use common::{Draw, median, quantile, timed};
use tantivy::collector::{Collector, SegmentCollector, TopDocs};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::snippet::SnippetGenerator;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, TantivyDocument, Term};
use zhengsou::Engine;
use zhengsou::analyze::Analyzer;
use zhengsou::model::{
    FacetField, Filter, Matching, RelatedRequest, SearchRequest, SimilarRequest,
};
use zhengsou::schema::Schema;

const ROUNDS: usize = 9;
const QUERIES: usize = 40;
const FACETS: [&str; 3] = ["region", "agency", "section_kind"];

/// Filters and facets as one pass over the matches, written for this index.
struct Counting {
    filtered: bool,
}

struct CountingSegment {
    filtered: bool,
    facets: Vec<(Option<StrColumn>, Vec<u64>)>,
    years: Option<Column<i64>>,
    by_year: BTreeMap<i64, u64>,
    report: Column<u64>,
    fold: Column<u64>,
    count: u64,
    reports: HashSet<u64>,
    groups: HashSet<u64>,
}

#[derive(Default)]
struct Counted {
    count: u64,
    reports: HashSet<u64>,
    groups: HashSet<u64>,
    facets: Vec<BTreeMap<String, u64>>,
}

impl Collector for Counting {
    type Fruit = Counted;
    type Child = CountingSegment;

    fn for_segment(
        &self,
        _ordinal: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<CountingSegment> {
        let fast = reader.fast_fields();
        let mut facets = Vec::new();
        for field in FACETS {
            let column = fast.str(field)?;
            let terms = column.as_ref().map_or(0, |column| column.num_terms());
            facets.push((column, vec![0; terms]));
        }
        Ok(CountingSegment {
            filtered: self.filtered,
            facets,
            years: fast.column_opt::<i64>("report_year")?,
            by_year: BTreeMap::new(),
            report: fast.u64("report")?,
            fold: fast.u64("fold")?,
            count: 0,
            reports: HashSet::new(),
            groups: HashSet::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Counted>) -> tantivy::Result<Counted> {
        let mut all = Counted::default();
        for fruit in fruits {
            all.count += fruit.count;
            all.reports.extend(fruit.reports);
            all.groups.extend(fruit.groups);
            for (at, facet) in fruit.facets.into_iter().enumerate() {
                if all.facets.len() <= at {
                    all.facets.push(BTreeMap::new());
                }
                for (value, count) in facet {
                    *all.facets[at].entry(value).or_default() += count;
                }
            }
        }
        Ok(all)
    }
}

impl SegmentCollector for CountingSegment {
    type Fruit = Counted;

    fn collect(&mut self, doc: DocId, _score: Score) {
        let year = self.years.as_ref().and_then(|years| years.first(doc));
        let ordinals: Vec<Option<u64>> = self
            .facets
            .iter()
            .map(|(column, _)| column.as_ref().and_then(|column| column.ords().first(doc)))
            .collect();
        // The filter: years from 1990.
        let passes = !self.filtered || year.is_some_and(|year| year >= 1990);
        if let Some(year) = year {
            *self.by_year.entry(year).or_default() += 1;
        }
        if !passes {
            return;
        }
        for ((_, counts), ordinal) in self.facets.iter_mut().zip(ordinals) {
            if let Some(ordinal) = ordinal {
                counts[ordinal as usize] += 1;
            }
        }
        self.count += 1;
        self.reports.extend(self.report.first(doc));
        self.groups.extend(self.fold.first(doc));
    }

    fn harvest(self) -> Counted {
        let mut facets = Vec::new();
        for (column, counts) in self.facets {
            let mut facet = BTreeMap::new();
            for (ordinal, count) in (0..).zip(counts) {
                let mut value = String::new();
                if count > 0
                    && let Some(column) = &column
                    && column.ord_to_str(ordinal, &mut value).is_ok()
                {
                    facet.insert(value, count);
                }
            }
            facets.push(facet);
        }
        let years = self.by_year.into_iter();
        facets.push(
            years
                .map(|(year, count)| (year.to_string(), count))
                .collect(),
        );
        Counted {
            count: self.count,
            reports: self.reports,
            groups: self.groups,
            facets,
        }
    }
}

/// Bare tantivy and how a text is folded.
struct Theirs<'a> {
    bare: Bare,
    analyzer: &'a Analyzer,
}

impl Theirs<'_> {
    fn phrase(&self, text: &str) -> Box<dyn Query> {
        let chars: Vec<char> = self.analyzer.fold(text).chars().collect();
        let pairs = chars.windows(2).map(|pair| {
            let pair: String = pair.iter().collect();
            Term::from_field_text(self.bare.chars, &pair)
        });
        let mut terms: Vec<Term> = pairs.collect();
        match terms.len() {
            1 => Box::new(TermQuery::new(
                terms.remove(0),
                IndexRecordOption::WithFreqs,
            )),
            _ => Box::new(PhraseQuery::new(terms)),
        }
    }

    /// Returns the union of the terms by which a question is ranked; `None` if it is none.
    fn union(&self, question: &str, schema: &Schema) -> Option<Box<dyn Query>> {
        let tree = zhengsou::query::parse(question).unwrap();
        let plan =
            zhengsou::plan::plan(&tree, Matching::Auto, true, self.analyzer, schema).unwrap();
        let leaf = plan.leaves.first().filter(|leaf| leaf.most.is_some())?;
        let kinds = [
            (self.bare.words, &leaf.terms.words),
            (self.bare.chars, &leaf.terms.bigrams),
            (self.bare.letters, &leaf.terms.letters),
        ];
        let terms = kinds
            .iter()
            .flat_map(|(field, terms)| terms.iter().map(|term| (*field, &term.0)));
        let clauses = terms.map(|(field, text)| {
            let term = Term::from_field_text(field, text);
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            (Occur::Should, Box::new(query) as Box<dyn Query>)
        });
        Some(Box::new(BooleanQuery::new(clauses.collect())))
    }

    /// Answers a query whole and returns the number of passages.
    fn answer(&self, query: &dyn Query, filtered: bool) -> u64 {
        let top = TopDocs::with_limit(10).order_by_score();
        let searcher = &self.bare.searcher;
        let (hits, counted) = searcher
            .search(query, &(top, Counting { filtered }))
            .unwrap();
        let mut generator = SnippetGenerator::create(searcher, query, self.bare.chars).unwrap();
        generator.set_max_num_chars(360);
        for (_, address) in hits {
            let document: TantivyDocument = searcher.doc(address).unwrap();
            let record = document.get_first(self.bare.record);
            let bytes = record.and_then(|value| value.as_bytes()).unwrap();
            let record: zhengsou::model::PassageRecord = serde_json::from_slice(bytes).unwrap();
            std::hint::black_box(generator.snippet(&record.text));
        }
        std::hint::black_box(&counted.facets);
        counted.count
    }
}

/// A class of queries.
struct Class {
    name: &'static str,
    /// Whether both must count the same passages.
    same: bool,
    filtered: bool,
    /// Whether most of the words are enough.
    any: bool,
    queries: Vec<(String, Box<dyn Query>)>,
}

fn main() {
    let corpus = common::corpus();
    let folder = tempfile::tempdir().unwrap();
    let summary = common::build(&corpus, folder.path(), 0);
    let analyzer = Analyzer::new(&Schema::embedded().unwrap());
    let engine = Engine::open(folder.path(), Schema::embedded().unwrap()).unwrap();
    engine.prepare().unwrap();
    let mut texts = Vec::new();
    let mut passages = Vec::new();
    engine
        .export(&[], &mut |passage| {
            texts.push(passage.text);
            passages.push(passage.id);
            true
        })
        .unwrap();
    let beside = tempfile::tempdir().unwrap();
    let bare = Theirs {
        bare: Bare::of(&engine, &analyzer, beside.path()),
        analyzer: &analyzer,
    };
    println!(
        "corpus   {} ({} passages)",
        corpus.display(),
        summary.passages
    );
    println!(
        "{QUERIES} queries a class, per-query medians of {ROUNDS} alternating runs, µs: p50 / p95"
    );
    println!(
        "{:<28} {:>16} {:>16} {:>8}",
        "class", "bare", "ours", "ratio"
    );
    for class in classes(&bare, &texts) {
        measure(&class, &bare, &engine);
    }
    wordings(&engine, &texts, &passages);
}

fn classes(bare: &Theirs<'_>, texts: &[String]) -> Vec<Class> {
    let both = |occur: Occur, one: &str, two: &str| -> Box<dyn Query> {
        Box::new(BooleanQuery::new(vec![
            (Occur::Must, bare.phrase(one)),
            (occur, bare.phrase(two)),
        ]))
    };
    let mut classes = Vec::new();
    let names = ["phrase of 2", "phrase of 4", "phrase of 8"];
    for (name, length) in names.into_iter().zip([2, 4, 8]) {
        for (name, filtered) in [(name, false), ("  with filter", true)] {
            let pieces = common::pieces(texts, length, QUERIES, length as u64).into_iter();
            let queries = pieces.map(|piece| (format!("\"{piece}\""), bare.phrase(&piece)));
            classes.push(Class {
                name,
                same: true,
                filtered,
                any: false,
                queries: queries.collect(),
            });
        }
    }
    type Written = fn(&str, &str) -> String;
    let pairs: [(&'static str, bool, Occur, Written); 4] = [
        ("A NEAR/10 B", false, Occur::Must, |a, b| {
            format!("\"{a} {b}\"~10")
        }),
        ("A NEAR/S B", false, Occur::Must, |a, b| {
            format!("\"{a}\" NEAR/S \"{b}\"")
        }),
        ("A*B", false, Occur::Must, |a, b| format!("{a}*{b}")),
        ("A NOT B", true, Occur::MustNot, |a, b| {
            format!("\"{a}\" NOT \"{b}\"")
        }),
    ];
    for (name, same, occur, write) in pairs {
        let (one, two) = (
            common::pieces(texts, 2, QUERIES, 11),
            common::pieces(texts, 2, QUERIES, 12),
        );
        let queries = one.iter().zip(&two);
        let queries = queries.map(|(one, two)| (write(one, two), both(occur, one, two)));
        classes.push(Class {
            name,
            same,
            filtered: false,
            any: false,
            queries: queries.collect(),
        });
    }
    let pieces = common::pieces(texts, 2, QUERIES, 13).into_iter();
    let queries = pieces.map(|piece| (format!("{piece}*"), bare.phrase(&piece)));
    classes.push(Class {
        name: "A* (prefix)",
        same: true,
        filtered: false,
        any: false,
        queries: queries.collect(),
    });
    let schema = Schema::embedded().unwrap();
    let names = ["question of 6", "question of 12", "question of 24"];
    for (name, length) in names.into_iter().zip([6, 12, 24]) {
        for (name, filtered) in [(name, false), ("  with filter", true)] {
            let pieces = common::pieces(texts, length, QUERIES, length as u64).into_iter();
            let questions = pieces.map(|piece| format!("如何{piece}"));
            let queries = questions.filter_map(|question| {
                let union = bare.union(&question, &schema)?;
                Some((question, union))
            });
            classes.push(Class {
                name,
                same: false,
                filtered,
                any: true,
                queries: queries.collect(),
            });
        }
    }
    classes
}

fn measure(class: &Class, bare: &Theirs<'_>, engine: &Engine) {
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for (typed, query) in &class.queries {
        let year = Filter {
            field: FacetField::ReportYear,
            value: "1990..".to_owned(),
            negated: false,
        };
        let request = SearchRequest {
            query: typed.clone(),
            mode: match class.any {
                true => Matching::Auto,
                false => Matching::Verbatim,
            },
            any: class.any,
            filters: if class.filtered {
                vec![year]
            } else {
                Vec::new()
            },
            facets: vec![
                FacetField::Region,
                FacetField::Agency,
                FacetField::Section,
                FacetField::ReportYear,
            ],
            ..SearchRequest::default()
        };
        let answer = || engine.search(&request).unwrap().total.passages;
        let (mut one, mut two) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let (counted, micros) = timed(|| bare.answer(query.as_ref(), class.filtered));
            one.push(micros);
            let (found, micros) = timed(answer);
            two.push(micros);
            assert!(
                counted >= found && (!class.same || counted == found),
                "{typed}"
            );
        }
        theirs.push(median(&one));
        ours.push(median(&two));
    }
    let show = |times: &[f64]| format!("{:.0} / {:.0}", median(times), quantile(times, 0.95));
    let ratios: Vec<f64> = ours
        .iter()
        .zip(&theirs)
        .map(|(ours, theirs)| ours / theirs)
        .collect();
    println!(
        "{:<28} {:>16} {:>16} {:>8.2}",
        class.name,
        show(&theirs),
        show(&ours),
        median(&ratios)
    );
}

/// Measures `similar` over sentences, paragraphs and passages, and `related` over common terms.
fn wordings(engine: &Engine, texts: &[String], passages: &[String]) {
    let mut draw = Draw(17);
    let (mut sentences, mut paragraphs, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    while ids.len() < QUERIES {
        let at = draw.below(texts.len());
        let text = &texts[at];
        let sentence = text
            .split_inclusive('。')
            .max_by_key(|sentence| sentence.len());
        if let Some(sentence) = sentence.filter(|sentence| sentence.chars().count() >= 20) {
            let similar = |text: &str, id: &str| {
                let request = SimilarRequest {
                    text: text.to_owned(),
                    id: id.to_owned(),
                    ..SimilarRequest::default()
                };
                let times = (0..ROUNDS).map(|_| timed(|| engine.similar(&request).unwrap()).1);
                median(&times.collect::<Vec<_>>())
            };
            sentences.push(similar(sentence, ""));
            paragraphs.push(similar(text, ""));
            ids.push(similar("", &passages[at]));
        }
    }
    let terms = ["乡村振兴", "教育", "发展", "放管服", "医疗 改革", "碳达峰"];
    let related = terms.map(|query| {
        let request = RelatedRequest {
            query: query.to_owned(),
            ..RelatedRequest::default()
        };
        let times = (0..ROUNDS).map(|_| timed(|| engine.related(&request).unwrap()).1);
        median(&times.collect::<Vec<_>>())
    });
    for (name, times) in [
        ("similar: a sentence", &sentences[..]),
        ("similar: a paragraph", &paragraphs[..]),
        ("similar: a passage's id", &ids[..]),
        ("related", &related[..]),
    ] {
        let most = quantile(times, 1.0) / 1e3;
        let (half, high) = (median(times) / 1e3, quantile(times, 0.95) / 1e3);
        println!("{name:<28} ms: p50 {half:.1}, p95 {high:.1}, most {most:.1}");
    }
}
