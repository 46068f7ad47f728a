//! The invariants, over the samples always and over the corpora beside the project where they are:
//!
//! 1. spans tile: every character that is no white space has one owner;
//! 2. every substring of a passage is found verbatim, and counted as a scan counts it;
//! 3. highlights cut out of the text are what was asked for, after folding;
//! 4. facet counts equal a scan, and choosing a value leaves the facet's other counts alone;
//! 5. a query and its negation split the index;
//! 6. threads and file order change nothing;
//! 8. an index made under another schema is refused, and queries fold as texts do.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zhengsou::analyze::{Analyzer, strip_blanks};
use zhengsou::model::{
    CharSpan, FacetField, Filter, Hit, Matching, PassageRecord, SearchRequest, Sort,
};
use zhengsou::pipeline::{self, BuildOptions, Observer, Parsed};
use zhengsou::read::{self, Origin};
use zhengsou::schema::Schema;
use zhengsou::{Engine, ErrorKind};

struct Silent;
impl Observer for Silent {}

/// Folders of real reports: the samples, and the compilation beside the project if it is there.
fn corpora() -> Vec<PathBuf> {
    present(&["data_samples", "../shared/seed"])
}

fn present(folders: &[&str]) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    folders
        .iter()
        .map(|folder| root.join(folder))
        .filter(|folder| folder.is_dir())
        .collect()
}

fn build(paths: &[PathBuf], index: &Path, jobs: usize) {
    let options = BuildOptions {
        paths: paths.to_vec(),
        index: index.to_path_buf(),
        jobs,
        ..BuildOptions::default()
    };
    let summary =
        pipeline::build(&options, &Arc::new(Schema::embedded().unwrap()), &Silent).unwrap();
    assert_eq!(summary.failed, 0);
}

fn open(index: &Path) -> Engine {
    Engine::open(index, Schema::embedded().unwrap()).unwrap()
}

/// An index over all corpora, made once, with its passages.
pub(crate) struct Fixture {
    pub(crate) engine: Engine,
    pub(crate) passages: Vec<PassageRecord>,
    /// Folded texts of the passages, without blanks.
    pub(crate) folded: Vec<String>,
    pub(crate) analyzer: Analyzer,
    _folder: tempfile::TempDir,
}

pub(crate) fn fixture() -> &'static Fixture {
    static FIXTURE: std::sync::OnceLock<Fixture> = std::sync::OnceLock::new();
    FIXTURE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        build(&corpora(), folder.path(), 2);
        let engine = open(folder.path());
        let analyzer = Analyzer::new(&Schema::embedded().unwrap());
        let mut passages = Vec::new();
        engine
            .export(&[], &mut |passage| {
                passages.push(passage);
                true
            })
            .unwrap();
        let folded = passages
            .iter()
            .map(|passage| strip_blanks(&analyzer.fold(&passage.text)))
            .collect();
        Fixture {
            engine,
            passages,
            folded,
            analyzer,
            _folder: folder,
        }
    })
}

/// A small generator of numbers (xorshift), so that every run draws the same.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

fn verbatim(text: &str) -> SearchRequest {
    SearchRequest {
        query: format!("\"{text}\""),
        mode: Matching::Verbatim,
        fold: false,
        limit: 0,
        ..SearchRequest::default()
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path))
        } else {
            found.push(path)
        }
    }
    found.sort();
    found
}

fn parsed(path: &Path, schema: &Schema) -> Vec<Parsed> {
    let mut texts = Vec::new();
    if path.extension().is_some_and(|kind| kind != "tsv") {
        let bytes = std::fs::read(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let mut each = |text| texts.push(pipeline::parse(text, schema));
        read::read(&Origin::new(&name, path), bytes, &mut each).unwrap();
    }
    texts
}

#[test]
fn spans_tile_every_source() {
    let schema = Schema::embedded().unwrap();
    let mut sources = 0;
    let mut folders = corpora();
    folders.extend(present(&[
        "../shared/corpora/socrates-onefile",
        "../shared/corpora/gov-reports/省自治区/湖南省",
        "../shared/corpora/gov-reports/国务院",
    ]));
    for path in folders.iter().flat_map(|folder| files(folder)) {
        for source in parsed(&path, &schema) {
            sources += 1;
            check_tiles(&source, &path.display().to_string());
        }
    }
    assert!(sources >= 12, "only {sources} sources");
}

/// Checks that each character has one owner: a passage, a heading (a title is one of level 0) or
/// the list of what was dropped.
fn check_tiles(source: &Parsed, name: &str) {
    let chars: Vec<char> = source.text.text.chars().collect();
    let mut owners = vec![0_u8; chars.len()];
    let mut own = |start: usize, end: usize| {
        owners[start..end]
            .iter_mut()
            .for_each(|owner| *owner = owner.saturating_add(1));
    };
    let mut cut = vec![false; chars.len()];
    for dropped in &source.dropped {
        cut[dropped.chars.range()].fill(true);
    }
    for report in &source.reports {
        for passage in &report.passages {
            own(passage.chars.start, passage.chars.end);
            let bytes = &source.text.text[passage.bytes.range()];
            let span = &chars[passage.chars.range()];
            assert!(
                bytes.chars().eq(span.iter().copied()),
                "{name}: both spans name one place"
            );
            let kept = passage
                .chars
                .range()
                .filter(|&at| !cut[at])
                .map(|at| chars[at]);
            let dense = |text: &mut dyn Iterator<Item = char>| -> String {
                text.filter(|character| !character.is_whitespace())
                    .collect()
            };
            let (text, kept) = (dense(&mut passage.text.chars()), dense(&mut { kept }));
            assert_eq!(text, kept, "{name}:{}", passage.line);
        }
        let opened = report.passages.iter().flat_map(|passage| &passage.opens);
        for heading in opened.chain(&report.trailing) {
            own(heading.chars.start, heading.chars.end);
        }
    }
    let mut start = 0;
    for (line, characters) in chars.split(|&character| character == '\n').enumerate() {
        let place = format!("{name} line {}", line + 1);
        let mut orphans = String::new();
        for (offset, &character) in characters.iter().enumerate() {
            let at = start + offset;
            assert!(
                owners[at] <= 1,
                "{place}: {character:?} has {} owners",
                owners[at]
            );
            let blank =
                character.is_whitespace() || character.is_control() || character == '\u{feff}';
            if owners[at] == 0 && !cut[at] && !blank {
                orphans.push(character);
            }
        }
        assert!(orphans.is_empty(), "{place}: nobody owns {orphans}");
        start += characters.len() + 1;
    }
}

#[test]
fn every_substring_is_found_and_counted_as_a_scan_counts_it() {
    let Fixture {
        engine,
        passages,
        folded,
        analyzer,
        ..
    } = fixture();
    let mut draw = Draw(20_261_123);
    let mut asked: BTreeMap<String, u64> = BTreeMap::new();
    let mut drawn = 0;
    while drawn < 10_000 {
        let text: Vec<char> = passages[draw.below(passages.len())].text.chars().collect();
        let length = 1 + draw.below(12);
        if text.len() < length {
            continue;
        }
        let start = draw.below(text.len() - length + 1);
        let piece: String = text[start..start + length].iter().collect();
        // A piece of a redaction is none of what it stands for: AA群 in AAA群, which is 微信群.
        let whole: String = text.iter().collect();
        let cuts = |at: usize| move |span: &CharSpan| span.start < at && at < span.end;
        let spans = analyzer.fold_mapped(&whole).spans;
        if spans.iter().any(cuts(start)) || spans.iter().any(cuts(start + length)) {
            continue;
        }
        // Within a sentence; quotes are the query's own signs.
        if piece.contains([
            '"', '“', '”', '「', '」', '『', '』', '＂', '〝', '〞', '\n',
        ]) {
            continue;
        }
        let forms: Vec<String> = analyzer
            .query_forms(&piece)
            .into_iter()
            .filter(|form| !form.is_empty())
            .collect();
        if forms.is_empty() {
            continue;
        }
        drawn += 1;
        let found = *asked.entry(piece.clone()).or_insert_with(|| {
            let total = engine.search(&verbatim(&piece)).unwrap().total.passages;
            let scan = |text: &&String| forms.iter().any(|form| text.contains(form.as_str()));
            let scanned = folded.iter().filter(scan).count() as u64;
            assert_eq!(total, scanned, "{piece:?}");
            total
        });
        assert!(found > 0, "{piece:?} stands in a passage and is not found");
    }
}

/// The first characters of the occurrences of a piece.
fn starts(text: &[char], piece: &[char]) -> Vec<usize> {
    let windows = text.windows(piece.len()).enumerate();
    windows
        .filter(|(_, window)| *window == piece)
        .map(|(start, _)| start)
        .collect()
}

#[test]
fn closeness_and_wildcards_are_what_a_scan_finds() {
    let Fixture { engine, folded, .. } = fixture();
    let texts: Vec<Vec<char>> = folded.iter().map(|text| text.chars().collect()).collect();
    let mut draw = Draw(20_261_124);
    let mut checked = 0;
    while checked < 400 {
        let text = &texts[draw.below(texts.len())];
        let mut piece = || {
            let length = 1 + draw.below(3);
            let start = draw.below(text.len());
            text.get(start..start + length).filter(|piece| {
                piece
                    .iter()
                    .all(|character| ('\u{4e00}'..='\u{9fff}').contains(character))
            })
        };
        let (Some(a), Some(b)) = (piece(), piece()) else {
            continue;
        };
        checked += 1;
        let most = draw.below(30);
        let holds = |query: &str, close: &dyn Fn(&[char], usize, usize) -> bool| {
            let scanned = texts.iter().filter(|text| {
                let (from, to) = (starts(text, a), starts(text, b));
                from.iter().any(|&x| to.iter().any(|&y| close(text, x, y)))
            });
            let request = SearchRequest {
                query: query.to_owned(),
                // Headings that open on a passage are left out.
                mode: Matching::Verbatim,
                limit: 1,
                ..SearchRequest::default()
            };
            let total = engine.search(&request).unwrap().total.passages;
            assert_eq!(total, scanned.count() as u64, "{query}");
        };
        let (la, lb) = (a.len(), b.len());
        let (a_text, b_text): (String, String) = (a.iter().collect(), b.iter().collect());
        holds(&format!("\"{a_text} {b_text}\"~{most}"), &|_, x, y| {
            x.max(y) <= (x + la).min(y + lb) + most
        });
        holds(
            &format!("\"{a_text}\" NEAR/S \"{b_text}\""),
            &|text, x, y| {
                let inside = &text[x.min(y)..(x + la).max(y + lb)];
                !inside.iter().any(|character| "。!?".contains(*character))
            },
        );
        holds(&format!("\"{a_text}\" NEAR/P \"{b_text}\""), &|_, _, _| {
            true
        });
        holds(&format!("{a_text}*{b_text}"), &|_, x, y| {
            (x + la..=x + la + 20).contains(&y)
        });
        holds(&format!("{a_text}??{b_text}"), &|_, x, y| y == x + la + 2);
    }
}

#[test]
fn highlights_are_what_was_asked_for() {
    let Fixture {
        engine,
        passages,
        analyzer,
        ..
    } = fixture();
    let mut draw = Draw(7);
    let mut checked = 0;
    while checked < 500 {
        let text: Vec<char> = passages[draw.below(passages.len())].text.chars().collect();
        let length = 2 + draw.below(6);
        if text.len() < length {
            continue;
        }
        let start = draw.below(text.len() - length + 1);
        let piece: String = text[start..start + length].iter().collect();
        if !piece
            .chars()
            .all(|character| ('\u{4e00}'..='\u{9fff}').contains(&character))
        {
            continue;
        }
        checked += 1;
        let asked = strip_blanks(&analyzer.fold(&piece));
        let answer = engine
            .search(&SearchRequest {
                limit: 3,
                ..verbatim(&piece)
            })
            .unwrap();
        for hit in &answer.hits {
            assert!(!hit.highlights.is_empty(), "{piece}");
            check_marks(hit, |marked| {
                // A redaction is cut off from its neighbours here; occurrences that overlap are
                // marked as one: 哈哈 in 哈哈哈.
                let mut forms = analyzer.query_forms(marked).into_iter();
                assert!(
                    forms.any(|form| form.starts_with(&asked) && form.ends_with(&asked)),
                    "{piece}: {marked}"
                );
            });
        }
    }
}

fn check_marks(hit: &Hit, check: impl Fn(&str)) {
    for (text, marks) in [
        (&hit.passage.text, &hit.highlights),
        (&hit.snippet, &hit.snippet_highlights),
    ] {
        let chars: Vec<char> = text.chars().collect();
        for [start, end] in marks {
            let marked: String = chars[*start..*end].iter().collect();
            // A window may cut a long mark; the passage's own marks are whole.
            if text == &hit.passage.text {
                check(&marked);
            }
        }
    }
}

fn value(passage: &PassageRecord, field: FacetField) -> Option<String> {
    match field {
        FacetField::Agency => passage.agency.clone(),
        FacetField::System => passage.system.clone(),
        FacetField::Level => passage.level.clone(),
        FacetField::Region => passage.region.clone(),
        FacetField::Year => passage.year.map(|year| year.to_string()),
        FacetField::ReportYear => passage.report_year.map(|year| year.to_string()),
        FacetField::Section => Some(passage.section_kind.clone()),
        FacetField::ReportKind => Some(passage.report_kind.clone()),
        FacetField::Source => Some(passage.source.clone()),
    }
}

/// The values under which a passage counts: its own, and the regions above it.
pub(crate) fn values(passage: &PassageRecord, field: FacetField) -> Vec<String> {
    let own = value(passage, field);
    let mut values: Vec<String> = own.iter().cloned().collect();
    if let (FacetField::Region, Some(path)) = (field, own) {
        values.extend(
            path.match_indices('/')
                .map(|(end, _)| path[..end].to_owned()),
        );
    }
    values
}

#[test]
fn facet_counts_equal_a_scan_and_choosing_a_value_leaves_the_others_alone() {
    let Fixture {
        engine,
        passages,
        folded,
        ..
    } = fixture();
    let filter = |field, value: &str| Filter {
        field,
        value: value.to_owned(),
        negated: false,
    };
    let plan = filter(FacetField::Section, "工作计划");
    let negated = Filter {
        negated: true,
        ..filter(FacetField::Level, "乡")
    };
    let years = filter(FacetField::Year, "2021..2024");
    for query in ["发展", "党建", "\"的\"", "建设 工作"] {
        for filters in [
            vec![],
            vec![plan.clone()],
            vec![plan.clone(), years.clone(), negated.clone()],
        ] {
            let request = SearchRequest {
                query: query.to_owned(),
                filters: filters.clone(),
                facets: FacetField::ALL.to_vec(),
                facet_limit: 0,
                fold: false,
                limit: 0,
                mode: Matching::Verbatim,
                ..SearchRequest::default()
            };
            let answer = engine.search(&request).unwrap();
            let keeps = |passage: &PassageRecord, filter: &Filter| {
                let value = value(passage, filter.field);
                let is = match filter.value.split_once("..") {
                    Some((from, to)) => {
                        value.is_some_and(|value| (from..=to).contains(&value.as_str()))
                    }
                    None => value.as_deref() == Some(&filter.value),
                };
                is != filter.negated
            };
            let matching: Vec<&PassageRecord> = passages
                .iter()
                .zip(folded)
                .filter(|(_, text)| {
                    query
                        .trim_matches('"')
                        .split(' ')
                        .all(|part| text.contains(part))
                })
                .map(|(passage, _)| passage)
                .collect();
            let total = matching
                .iter()
                .filter(|p| filters.iter().all(|f| keeps(p, f)))
                .count();
            assert_eq!(answer.total.passages, total as u64, "{query} {filters:?}");
            let first = engine
                .search(&SearchRequest {
                    facet_limit: 1,
                    ..request
                })
                .unwrap();
            for &field in FacetField::ALL {
                let mut scanned: BTreeMap<String, (u64, BTreeSet<&str>)> = BTreeMap::new();
                for passage in &matching {
                    let others = filters.iter().filter(|filter| filter.field != field);
                    if !others.into_iter().all(|filter| keeps(passage, filter)) {
                        continue;
                    }
                    for value in values(passage, field) {
                        let (passages, reports) = scanned.entry(value).or_default();
                        *passages += 1;
                        reports.insert(&passage.report_id);
                    }
                }
                let scanned: BTreeMap<String, (u64, u64)> = scanned
                    .into_iter()
                    .map(|(value, (passages, reports))| (value, (passages, reports.len() as u64)))
                    .collect();
                let counted: BTreeMap<String, (u64, u64)> = answer.facets[&field]
                    .iter()
                    .map(|f| (f.value.clone(), (f.count, f.reports)))
                    .collect();
                assert_eq!(counted, scanned, "{query} {field} {filters:?}");
                let all = first.facet_values.get(&field).copied();
                assert_eq!(
                    all.unwrap_or(1).max(1),
                    counted.len().max(1) as u64,
                    "{field}"
                );
                assert!(
                    first.facets[&field]
                        .iter()
                        .eq(answer.facets[&field].iter().take(1))
                );
            }
        }
    }
}

#[test]
fn a_query_and_its_negation_split_the_index() {
    let Fixture {
        engine, passages, ..
    } = fixture();
    let ids = |query: &str| -> HashSet<String> {
        let mut ids = HashSet::new();
        let request = SearchRequest {
            query: query.to_owned(),
            fold: false,
            ..SearchRequest::default()
        };
        engine
            .stream(&request, &mut |hit| {
                assert!(ids.insert(hit.passage.id.clone()), "{query}: twice");
                true
            })
            .unwrap();
        ids
    };
    for query in [
        "党建",
        "\"乡村振兴\"",
        "推进乡村振兴",
        "(教育 OR 医疗)",
        "部门:卫生健康局",
        "的",
        "年份:2023",
    ] {
        let with = ids(query);
        let without = ids(&format!("NOT {query}"));
        assert!(with.is_disjoint(&without), "{query}");
        assert_eq!(with.len() + without.len(), passages.len(), "{query}");
        let narrowed = ids(&format!("发展 -{query}"));
        assert!(narrowed.is_disjoint(&with), "NOT lets {query} back in");
    }
}

#[test]
fn a_stream_in_batches_is_the_whole_in_order() {
    let engine = &fixture().engine;
    for query in ["发展", "", "教育 建设", "NOT 的"] {
        for sort in [Sort::Relevance, Sort::YearAscending, Sort::YearDescending] {
            let request = SearchRequest {
                query: query.to_owned(),
                sort,
                fold: false,
                // Turns of reports are an order of pages.
                per_report: 0,
                limit: 10_000,
                ..SearchRequest::default()
            };
            let answer = engine.search(&request).unwrap();
            let whole: Vec<String> = answer.hits.into_iter().map(|hit| hit.passage.id).collect();
            assert_eq!(whole.len() as u64, answer.total.passages);
            for most in [1, 7, whole.len().max(1), usize::MAX] {
                let mut ids = Vec::new();
                let mut each = |hit: Hit| {
                    ids.push(hit.passage.id);
                    // One at a time is a pass each.
                    most > 1 || ids.len() < 20
                };
                engine.stream_in_batches(&request, most, &mut each).unwrap();
                let count = if most > 1 {
                    whole.len()
                } else {
                    whole.len().min(20)
                };
                assert_eq!(ids, whole[..count], "{query} {sort:?} {most}");
            }
        }
    }
}

#[test]
fn threads_and_file_order_change_nothing() {
    let root = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data_samples");
    let mut parts = vec![samples];
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seed");
    if seed.is_dir() {
        parts.push(seed);
    }
    let backward: Vec<PathBuf> = parts.iter().rev().cloned().collect();
    let mut answers = Vec::new();
    for (name, paths, jobs) in [("one", &parts, 1), ("many", &backward, 4)] {
        let index = root.path().join(name);
        build(paths, &index, jobs);
        let engine = open(&index);
        let mut exported = Vec::new();
        engine
            .export(&[], &mut |passage| {
                exported.push(passage.id);
                true
            })
            .unwrap();
        let mut hits = Vec::new();
        for query in [
            "乡村振兴",
            "\"的\"",
            "推进 乡村振兴 教育",
            "如何提高医疗卫生服务能力水平",
            "全县哪些部门的教育经费增长最快？",
            "卫健委",
        ] {
            let request = SearchRequest {
                query: query.to_owned(),
                limit: 200,
                explain: true,
                group_by_report: query.ends_with('？'),
                facets: FacetField::ALL.to_vec(),
                ..SearchRequest::default()
            };
            let answer = engine.search(&request).unwrap();
            let ranked: Vec<(String, u32)> = answer
                .hits
                .iter()
                .map(|hit| (hit.passage.id.clone(), hit.score.to_bits()))
                .collect();
            for hit in &answer.hits {
                let parts = hit.explanation.iter().map(|(_, amount)| amount);
                assert_eq!(
                    parts.sum::<f32>(),
                    hit.score,
                    "{query}: parts make the score"
                );
            }
            // Without facets, a question has a shorter way.
            let plain = SearchRequest {
                facets: Vec::new(),
                ..request.clone()
            };
            let short = engine.search(&plain).unwrap();
            assert_eq!(short.total, answer.total, "{query}");
            assert_eq!(short.hits, answer.hits, "{query}");
            let few = SearchRequest { limit: 3, ..plain };
            assert_eq!(
                engine.search(&few).unwrap().hits,
                answer.hits[..answer.hits.len().min(3)],
                "{query}"
            );
            hits.push((query, answer.total, ranked, answer.facets));
        }
        answers.push((exported, hits));
    }
    assert_eq!(answers[0].0, answers[1].0, "ids and their order");
    for (one, many) in answers[0].1.iter().zip(&answers[1].1) {
        assert_eq!(one, many);
    }
}

#[test]
fn ids_name_one_passage_each() {
    let passages = &fixture().passages;
    let ids: BTreeSet<&str> = passages.iter().map(|passage| passage.id.as_str()).collect();
    assert_eq!(ids.len(), passages.len());
}

#[test]
fn a_second_run_finds_nothing_to_do_and_a_changed_file_is_replaced() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("报告");
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("县教育局2022年工作总结.txt");
    std::fs::write(
        &file,
        "县教育局2022年工作总结\n\n一、主要工作\n新建学校三所。\n",
    )
    .unwrap();
    let index = root.path().join("index");
    build(std::slice::from_ref(&folder), &index, 1);
    let total = |query: &str| {
        let request = SearchRequest {
            query: query.to_owned(),
            ..SearchRequest::default()
        };
        open(&index).search(&request).unwrap().total.passages
    };
    assert_eq!(total("新建学校"), 1);
    let options = BuildOptions {
        paths: vec![folder],
        index: index.clone(),
        jobs: 1,
        ..BuildOptions::default()
    };
    let schema = Arc::new(Schema::embedded().unwrap());
    let again = pipeline::build(&options, &schema, &Silent).unwrap();
    assert_eq!((again.indexed, again.unchanged), (0, 1));
    std::fs::write(
        &file,
        "县教育局2022年工作总结\n\n一、主要工作\n改建食堂五处。\n",
    )
    .unwrap();
    let changed = pipeline::build(&options, &schema, &Silent).unwrap();
    assert_eq!((changed.indexed, changed.unchanged), (1, 0));
    assert_eq!((total("新建学校"), total("改建食堂"), total("")), (0, 1, 1));
}

#[test]
fn an_index_made_under_another_schema_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data_samples");
    build(std::slice::from_ref(&samples), root.path(), 1);
    let manifest = root.path().join("manifest.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let engine = open(root.path());
    let other = text.replace(&engine.stamp().fingerprint, "0000000000000000");
    assert_ne!(text, other);
    std::fs::write(&manifest, other).unwrap();
    let refused = Engine::open(root.path(), Schema::embedded().unwrap()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::IndexMismatch);
    assert!(
        refused
            .hint(zhengsou::model::Language::En)
            .unwrap()
            .contains("--rebuild")
    );
    let options = BuildOptions {
        paths: vec![samples],
        index: root.path().to_path_buf(),
        jobs: 1,
        ..BuildOptions::default()
    };
    let schema = Arc::new(Schema::embedded().unwrap());
    pipeline::build(&options, &schema, &Silent).unwrap();
    let engine = open(root.path());
    assert!(engine.stamp().passages > 0, "the next run mends it");
    let made = std::fs::read_to_string(&manifest).unwrap();
    assert!(made.contains("generation-2"), "{made}");
}

#[test]
fn a_missing_and_a_damaged_index_say_so() {
    let root = tempfile::tempdir().unwrap();
    let open = || Engine::open(root.path(), Schema::embedded().unwrap());
    assert_eq!(open().unwrap_err().kind(), ErrorKind::IndexMissing);
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data_samples");
    build(&[samples], root.path(), 1);
    std::fs::write(root.path().join("generation-1/meta.json"), "{").unwrap();
    assert_eq!(open().unwrap_err().kind(), ErrorKind::IndexDamaged);
    std::fs::write(root.path().join("manifest.json"), [0xff, 0xfe]).unwrap();
    assert_eq!(open().unwrap_err().kind(), ErrorKind::IndexDamaged);
}
