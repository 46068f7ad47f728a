//! `count`, `trend` and `kwic`:
//!
//! 1. every count equals a scan of the exported passages, whatever the term and the grouping;
//! 2. words that overlap count once, words within exceptions not at all;
//! 3. near copies counted once are the groups that a search folds;
//! 4. the same stamp gives the same bytes, whatever threads, segments and order of files;
//! 5. a panel of provinces and years is what a regular expression counts in the exported text;
//! 6. a concordance lists what is counted, and a sample is a part of it;
//! 7. workbooks hold what CSV holds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use calamine::{Data, Reader};
use zhengsou::Engine;
use zhengsou::analyze::{Analyzer, strip_blanks};
use zhengsou::model::{
    Axis, Concept, Copies, Count, CountRequest, FacetField, Filter, KwicRequest, KwicSort,
    PassageRecord, SearchRequest, TrendRequest,
};
use zhengsou::query::concept;
use zhengsou::schema::Schema;

use crate::properties::{Draw, fixture};
use crate::support::{Ran, finish, zhengsou};

/// Groupings that are counted: one facet, a depth of regions, two facets.
const GROUPINGS: [&[&str]; 3] = [
    &["year"],
    &["province", "report_year"],
    &["section", "agency"],
];

fn axes(names: &[&str]) -> Vec<Axis> {
    names
        .iter()
        .map(|name| Axis::parse(name).unwrap())
        .collect()
}

/// Returns the value by which a passage is told apart.
fn value(passage: &PassageRecord, axis: &str) -> Option<String> {
    let text = |value: &Option<String>| value.clone();
    match axis {
        "year" => passage.year.map(|year| year.to_string()),
        "report_year" => passage.report_year.map(|year| year.to_string()),
        "province" => passage.region.as_ref().map(|path| {
            let (province, _) = path.split_once('/').unwrap_or((path, ""));
            province.to_owned()
        }),
        "section" => Some(passage.section_kind.clone()),
        "agency" => text(&passage.agency),
        other => panic!("{other}"),
    }
}

/// What a scan finds in a slice.
#[derive(Debug, Default, PartialEq, Eq)]
struct Scanned {
    occurrences: u64,
    passages: u64,
    reports: BTreeSet<String>,
}

impl Scanned {
    fn add(&mut self, passage: &PassageRecord, occurrences: u64) {
        if occurrences > 0 {
            self.occurrences += occurrences;
            self.passages += 1;
            self.reports.insert(passage.report_id.clone());
        }
    }

    fn check(&self, count: &Count, what: &str) {
        let found = (count.occurrences, count.passages, count.reports);
        let scanned = (self.occurrences, self.passages, self.reports.len() as u64);
        assert_eq!(found, scanned, "{what}");
    }
}

/// Counts a concept in a folded text by trying its words at every character.
fn scan(text: &str, words: &[String], except: &[String]) -> u64 {
    let characters: Vec<char> = text.chars().collect();
    let stands = |word: &str, at: usize| {
        let word: Vec<char> = word.chars().collect();
        characters[at..]
            .starts_with(&word)
            .then_some(at + word.len())
    };
    let exceptions: Vec<(usize, usize)> = (0..characters.len())
        .flat_map(|at| {
            except
                .iter()
                .filter_map(move |word| Some((at, stands(word, at)?)))
        })
        .collect();
    let (mut count, mut at) = (0, 0);
    while at < characters.len() {
        let ends = words.iter().filter_map(|word| stands(word, at));
        let longest = ends
            .filter(|end| !exceptions.iter().any(|(from, to)| *from <= at && end <= to))
            .max();
        count += u64::from(longest.is_some());
        at = longest.unwrap_or(at + 1);
    }
    count
}

fn folded(words: &[String], analyzer: &Analyzer) -> Vec<String> {
    words
        .iter()
        .flat_map(|word| analyzer.query_forms(word))
        .collect()
}

/// Draws a stretch of 1 to 8 characters out of a random passage, as it is written.
fn fragment(draw: &mut Draw, passages: &[PassageRecord]) -> String {
    loop {
        let text: Vec<char> = passages[draw.below(passages.len())].text.chars().collect();
        let (start, length) = (draw.below(text.len()), 1 + draw.below(8));
        let piece: String = text[start..].iter().take(length).collect();
        let quoted = piece.contains(['"', '“', '”', '|', '｜', ':', '：', '\n']);
        if !quoted && piece.chars().any(char::is_alphanumeric) {
            return piece;
        }
    }
}

/// Passages with their folded text, counted by an engine over them.
struct Corpus<'a> {
    engine: &'a Engine,
    passages: &'a [PassageRecord],
    folded: &'a [String],
    analyzer: &'a Analyzer,
}

impl Corpus<'_> {
    /// Holds the counts of concepts against a scan, in all groupings.
    fn check(&self, concepts: &[Concept]) {
        for grouping in GROUPINGS {
            let counted = self
                .engine
                .count(&CountRequest {
                    terms: concepts.to_vec(),
                    by: axes(grouping),
                    ..CountRequest::default()
                })
                .unwrap();
            let key = |passage: &PassageRecord| -> Vec<Option<String>> {
                grouping.iter().map(|axis| value(passage, axis)).collect()
            };
            let keys: Vec<Vec<Option<String>>> = self.passages.iter().map(key).collect();
            self.check_denominators(&counted.slices, &keys);
            for (concept, found) in concepts.iter().zip(&counted.terms) {
                let words = folded(&concept.words, self.analyzer);
                let except = folded(&concept.except, self.analyzer);
                let mut total = Scanned::default();
                let mut slices: BTreeMap<&[Option<String>], Scanned> = BTreeMap::new();
                for ((passage, text), key) in self.passages.iter().zip(self.folded).zip(&keys) {
                    let may = words.iter().any(|word| text.contains(word));
                    let occurrences = if may { scan(text, &words, &except) } else { 0 };
                    slices.entry(key).or_default().add(passage, occurrences);
                    total.add(passage, occurrences);
                }
                total.check(&found.total, &format!("{concept} in all"));
                for (slice, count) in counted.slices.iter().zip(&found.counts) {
                    let what = format!("{concept} in {:?}", slice.values);
                    match (slices.get(slice.values.as_slice()), count) {
                        (Some(scanned), Some(count)) => scanned.check(count, &what),
                        (None, None) => {}
                        (scanned, count) => panic!("{what}: {scanned:?} {count:?}"),
                    }
                }
            }
        }
    }

    fn check_denominators(&self, slices: &[zhengsou::model::Slice], keys: &[Vec<Option<String>>]) {
        let mut scanned: BTreeMap<&[Option<String>], [u64; 3]> = BTreeMap::new();
        let texts = self.passages.iter().zip(self.folded).zip(keys);
        for ((passage, text), key) in texts {
            let characters = text
                .chars()
                .filter(|letter| letter.is_alphanumeric())
                .count();
            let words = self.analyzer.words(&passage.text).len();
            let sums = scanned.entry(key).or_default();
            let numbers = [1, characters as u64, words as u64];
            sums.iter_mut()
                .zip(numbers)
                .for_each(|(sum, number)| *sum += number);
        }
        for slice in slices {
            let numbers = [slice.passages, slice.characters, slice.words];
            let expected = scanned.get(slice.values.as_slice()).copied();
            assert_eq!(numbers, expected.unwrap_or_default(), "{:?}", slice.values);
        }
        assert!(scanned.len() <= slices.len());
    }
}

fn samples() -> Corpus<'static> {
    let fixture = fixture();
    Corpus {
        engine: &fixture.engine,
        passages: &fixture.passages,
        folded: &fixture.folded,
        analyzer: &fixture.analyzer,
    }
}

#[test]
fn counts_equal_a_scan() {
    let corpus = samples();
    let mut draw = Draw(20261127);
    let mut terms: BTreeSet<String> = BTreeSet::new();
    while terms.len() < 500 {
        terms.insert(fragment(&mut draw, corpus.passages));
    }
    let terms: Vec<Concept> = terms.into_iter().map(Concept::word).collect();
    let short = terms
        .iter()
        .filter(|term| term.name.chars().count() == 1)
        .count();
    let latin = terms
        .iter()
        .filter(|term| term.name.contains(|c: char| c.is_ascii_digit()));
    assert!(short > 20 && latin.count() > 20);
    corpus.check(&terms);
}

#[test]
fn words_that_overlap_count_once() {
    let corpus = samples();
    let mut draw = Draw(7);
    let mut concepts = Vec::new();
    for number in 0..60 {
        // Parts of one stretch overlap each other; what it stands in is an exception.
        let whole: Vec<char> = loop {
            let text = fragment(&mut draw, corpus.passages);
            if text.chars().count() > 3 {
                break text.chars().collect();
            }
        };
        let mut part = || {
            let start = draw.below(whole.len() - 1);
            let length = 1 + draw.below(3);
            whole[start..].iter().take(length).collect::<String>()
        };
        let parts: BTreeSet<String> = [part(), part(), part(), part()]
            .into_iter()
            .filter(|part| part.chars().any(char::is_alphanumeric))
            .collect();
        let mut words: Vec<String> = parts.into_iter().collect();
        let Some(except) = words.pop().filter(|_| !words.is_empty()) else {
            continue;
        };
        concepts.push(Concept {
            name: number.to_string(),
            words,
            except: vec![except, whole.iter().collect()],
        });
    }
    assert!(concepts.len() > 30);
    corpus.check(&concepts);
    // 人人 stands twice in 人人人人, once in 人人人.
    let counted = |text: &str| scan(text, &["人人".to_owned()], &[]);
    assert_eq!((counted("人人人人"), counted("人人人")), (2, 1));
}

#[test]
fn near_copies_once_are_the_groups_of_a_search() {
    let engine = samples().engine;
    for region in [None, Some("江苏省")] {
        let filters: Vec<Filter> = region
            .map(|region| Filter {
                field: FacetField::Region,
                value: region.to_owned(),
                negated: false,
            })
            .into_iter()
            .collect();
        let counted = |copies| {
            let request = CountRequest {
                terms: vec![Concept::word("发展")],
                by: axes(&["year"]),
                filters: filters.clone(),
                copies,
                ..CountRequest::default()
            };
            engine.count(&request).unwrap()
        };
        let (each, once) = (counted(Copies::Each), counted(Copies::Once));
        let found = engine
            .search(&SearchRequest {
                filters: filters.clone(),
                limit: 0,
                ..SearchRequest::default()
            })
            .unwrap();
        assert_eq!(each.whole.passages, found.total.passages);
        assert_eq!(once.whole.passages, found.total.folded);
        assert!(once.terms[0].total.occurrences <= each.terms[0].total.occurrences);
        assert_ne!(once.stamp, each.stamp);
    }
    let whole = |copies| {
        let request = CountRequest {
            terms: vec![Concept::word("发展")],
            copies,
            ..CountRequest::default()
        };
        engine.count(&request).unwrap().whole.passages
    };
    assert!(
        whole(Copies::Once) < whole(Copies::Each),
        "the samples hold copies"
    );
}

/// Runs the binary over an index.
fn over(index: &Path, args: &[&str]) -> Ran {
    let ran = finish(zhengsou().arg("--index").arg(index).args(args));
    assert_eq!(ran.status, 0, "{args:?}: {}", ran.stderr);
    ran
}

/// Builds an index of paths with the binary.
fn indexed(paths: &[PathBuf], jobs: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut command = zhengsou();
    command
        .arg("--index")
        .arg(folder.path())
        .arg("index")
        .args(["--jobs", jobs, "-q"]);
    let ran = finish(command.args(paths));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    folder
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_same_stamp_gives_the_same_bytes() {
    let samples = root().join("data_samples");
    let whole = indexed(std::slice::from_ref(&samples), "2");
    // The same files in two runs, one thread, other segments.
    let parts = indexed(&[samples.join("部门")], "1");
    let mut command = zhengsou();
    command
        .arg("--index")
        .arg(parts.path())
        .args(["index", "-q"])
        .arg(&samples);
    assert_eq!(finish(&mut command).status, 0);
    let commands: [&[&str]; 5] = [
        &[
            "count",
            "乡村振兴",
            "的",
            "--by",
            "year,agency",
            "--format",
            "csv",
        ],
        &[
            "count",
            "乡村振兴",
            "--by",
            "province,year",
            "--layout",
            "cross",
            "--format",
            "json",
        ],
        &[
            "trend",
            "乡村振兴",
            "--smooth",
            "3",
            "--band",
            "--format",
            "jsonl",
        ],
        &[
            "kwic", "发展", "--sample", "20", "--sort", "left", "--format", "csv",
        ],
        &["kwic", "发展", "--sort", "year", "--format", "text"],
    ];
    for args in commands {
        let args: Vec<&str> = args
            .iter()
            .chain(&["--date", "2026-11-27"])
            .copied()
            .collect();
        let one = over(whole.path(), &args);
        let mut alone = zhengsou();
        alone
            .env("RAYON_NUM_THREADS", "1")
            .arg("--index")
            .arg(parts.path());
        let other = finish(alone.args(&args));
        // Files below another folder are cited with it.
        let cited = |text: &str| text.replace("部门/", "");
        assert_eq!(cited(&one.stdout), cited(&other.stdout), "{args:?}");
        assert!(one.stdout.contains("2026-11-27"));
    }
}

/// Reports of provinces of every third year from 2003 on, and of all 31 of 2025.
struct Provinces {
    index: tempfile::TempDir,
    passages: Vec<serde_json::Value>,
}

/// Returns `None` where the reports are not beside the project.
fn provinces() -> Option<&'static Provinces> {
    static PROVINCES: OnceLock<Option<Provinces>> = OnceLock::new();
    let make = || {
        let shared = root().join("../shared/corpora");
        let all = shared.join("gov-reports/省自治区");
        let documents = shared.join("prov2025-docx");
        if !all.is_dir() || !documents.is_dir() {
            return None;
        }
        let mut paths: Vec<PathBuf> = Vec::new();
        for province in std::fs::read_dir(&all).unwrap() {
            let province = province.unwrap().path();
            let years = (2003..=2026).step_by(3);
            paths.extend(years.map(|year| province.join(format!("{year}.md"))));
        }
        for document in std::fs::read_dir(&documents).unwrap() {
            paths.push(document.unwrap().path());
        }
        paths.retain(|path| path.is_file() && path.extension().is_some_and(|end| end != "zip"));
        // Cited by province: the file names say the year only.
        let index = indexed(&paths, "2");
        let exported = over(index.path(), &["export", "-q"]);
        let lines = exported.stdout.lines();
        let passages = lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        Some(Provinces { index, passages })
    };
    PROVINCES.get_or_init(make).as_ref()
}

/// Reads CSV below its stamp, by column.
fn csv_rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

#[test]
fn a_panel_is_what_regular_expressions_count() {
    let Some(provinces) = provinces() else {
        return;
    };
    let list = root().join("examples/环境.txt");
    let concepts = concept::list(&std::fs::read_to_string(&list).unwrap()).unwrap();
    assert!(concepts.len() >= 15);
    let list = list.to_str().unwrap();
    let args = [
        "count",
        "--terms",
        list,
        "--by",
        "province,report_year",
        "--level",
        "省",
    ];
    let filters = ["--report-year", "2003..2026", "--format", "csv"];
    let ran = over(provinces.index.path(), &[&args[..], &filters].concat());
    let rows = csv_rows(&ran.stdout);

    // The texts by province and year, without blanks, as they were exported.
    let mut texts: BTreeMap<(String, String), Vec<(String, String)>> = BTreeMap::new();
    for passage in &provinces.passages {
        let field = |name: &str| passage[name].as_str().unwrap_or_default().to_owned();
        let year = passage["report_year"].as_i64().unwrap_or(0);
        if field("level") == "省" && (2003..=2026).contains(&year) {
            let text = field("text").replace(char::is_whitespace, "");
            let region = field("region");
            let province = region.split('/').next().unwrap().to_owned();
            let slice = texts.entry((province, year.to_string())).or_default();
            slice.push((field("report_id"), text));
        }
    }
    let names: BTreeSet<&String> = texts.keys().map(|(province, _)| province).collect();
    assert_eq!(names.len(), 31, "{names:?}");
    let years: BTreeSet<&String> = rows.iter().map(|row| &row["report_year"]).collect();
    assert_eq!(rows.len(), concepts.len() * 31 * years.len());
    assert_eq!(
        years.len(),
        24 - 2,
        "2003 to 2024, 2025; none of 2026 among every third"
    );

    for concept in &concepts {
        // At one place the longest word is tried first; an exception takes the place of its words.
        let mut words: Vec<&String> = concept.words.iter().chain(&concept.except).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let words: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
        let words = regex::Regex::new(&format!("(?i-u:){}", words.join("|"))).unwrap();
        for row in rows.iter().filter(|row| row["term"] == concept.name) {
            let slice = (row["province"].clone(), row["report_year"].clone());
            let what = format!("{} {slice:?}", concept.name);
            let Some(passages) = texts.get(&slice) else {
                assert_eq!(row["occurrences"], "", "{what}");
                assert_eq!(row["slice_characters"], "", "{what}");
                continue;
            };
            let mut scanned = [0, 0];
            let mut reports: BTreeSet<&str> = BTreeSet::new();
            let mut characters = 0;
            for (report, text) in passages {
                let found = words.find_iter(text);
                let count = found
                    .filter(|found| !concept.except.iter().any(|word| word == found.as_str()))
                    .count();
                scanned[0] += count;
                scanned[1] += usize::from(count > 0);
                if count > 0 {
                    reports.insert(report);
                }
                characters += text
                    .chars()
                    .filter(|letter| letter.is_alphanumeric())
                    .count();
            }
            let found: [usize; 2] =
                ["occurrences", "passages"].map(|name| row[name].parse().unwrap());
            assert_eq!(found, scanned, "{what}");
            assert_eq!(row["reports"], reports.len().to_string(), "{what}");
            let counted: usize = row["slice_characters"].parse().unwrap();
            assert_eq!(counted, characters, "{what}");
            let rate: f64 = row["per_10k_characters"].parse().unwrap();
            let expected = scanned[0] as f64 * 10_000.0 / characters as f64;
            assert!((rate - expected).abs() < 1e-9, "{what}");
        }
    }
}

#[test]
fn a_slogan_has_its_first_year_and_its_chart() {
    let Some(provinces) = provinces() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (svg, png) = (
        folder.path().join("趋势.svg"),
        folder.path().join("趋势.png"),
    );
    let chart = |path: &Path| path.to_str().unwrap().to_owned();
    let ran = over(
        provinces.index.path(),
        &[
            "trend",
            "乡村振兴",
            "--by",
            "report_year",
            "--chart",
            &chart(&svg),
            "--chart",
            &chart(&png),
            "--format",
            "json",
        ],
    );
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    // The slogan is of October 2017.
    assert_eq!(answer["series"][0]["first"], 2018);
    assert!(std::fs::read(&png).unwrap().starts_with(b"\x89PNG"));
    assert!(std::fs::read_to_string(&svg).unwrap().contains("乡村振兴"));
    let beside = std::fs::read_to_string(folder.path().join("趋势.csv")).unwrap();
    let rows = csv_rows(&beside);
    let occurrences = |row: &BTreeMap<String, String>| row["occurrences"].parse().unwrap_or(0);
    let sum: u64 = rows.iter().map(occurrences).sum();
    assert_eq!(answer["series"][0]["total"]["occurrences"], sum);
    assert!(sum > 100);
}

#[test]
fn trends_are_counts_by_year() {
    let engine = samples().engine;
    let terms = vec![Concept::word("乡村振兴"), Concept::word("产业")];
    let counted = engine
        .count(&CountRequest {
            terms: terms.clone(),
            by: axes(&["year"]),
            ..CountRequest::default()
        })
        .unwrap();
    let trend = engine
        .trend(&TrendRequest {
            terms,
            band: true,
            smooth: 3,
            ..TrendRequest::default()
        })
        .unwrap();
    for (series, counts) in trend.series.iter().zip(&counted.terms) {
        for (at, point) in series.points.iter().enumerate() {
            assert_eq!(point.map(|point| point.count), counts.counts[at]);
            let Some(point) = point else { continue };
            let [low, high] = point.band.unwrap();
            let rate = point.rate.unwrap();
            assert!(
                low <= rate && rate <= high && low >= 0.0,
                "{low} {rate} {high}"
            );
            assert!(point.smoothed.is_some());
        }
    }
}

#[test]
fn a_concordance_lists_what_is_counted() {
    let corpus = samples();
    let request = KwicRequest {
        terms: vec![
            Concept::word("党建"),
            concept::one("发展: 发展|高质量发展|-发展改革").unwrap(),
        ],
        limit: usize::MAX,
        ..KwicRequest::default()
    };
    let all = corpus.engine.kwic(&request).unwrap();
    let counted = corpus
        .engine
        .count(&CountRequest {
            terms: request.terms.clone(),
            ..CountRequest::default()
        })
        .unwrap();
    let counted: u64 = counted
        .terms
        .iter()
        .map(|term| term.total.occurrences)
        .sum();
    assert_eq!(
        (all.occurrences, all.lines.len() as u64),
        (counted, counted)
    );
    for line in &all.lines {
        let text: String = line.passage.text.chars().collect();
        assert!(text.contains(&format!("{}{}{}", line.left, line.keyword, line.right)));
        let keyword = strip_blanks(&corpus.analyzer.fold(&line.keyword));
        let concept = request
            .terms
            .iter()
            .find(|term| term.name == line.term)
            .unwrap();
        // A redaction is restored by what stands around it.
        let restored = line.keyword.contains(['D', 'Ｄ']) && keyword.len() < 7;
        assert!(restored || concept.words.contains(&keyword), "{line:?}");
    }
    let sample = |seed| {
        let request = KwicRequest {
            sample: Some(25),
            seed,
            ..request.clone()
        };
        corpus.engine.kwic(&request).unwrap()
    };
    let (one, again, other) = (sample(1), sample(1), sample(2));
    assert_eq!(one, again);
    assert_ne!(one.lines, other.lines);
    assert_eq!((one.sampled, one.lines.len()), (25, 25));
    assert!(one.lines.iter().all(|line| all.lines.contains(line)));

    let sorted = |sort| {
        let request = KwicRequest {
            sort,
            ..request.clone()
        };
        corpus.engine.kwic(&request).unwrap().lines
    };
    let years: Vec<i32> = sorted(KwicSort::Year)
        .iter()
        .map(|line| line.passage.year.unwrap_or(i32::MAX))
        .collect();
    assert!(years.is_sorted());
    let letters = |text: &str| -> String {
        let folded = corpus.analyzer.fold(text);
        folded
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .take(6)
            .collect()
    };
    let right: Vec<String> = sorted(KwicSort::Right)
        .iter()
        .map(|line| letters(&line.right))
        .collect();
    assert!(right.is_sorted());
    let left: Vec<String> = sorted(KwicSort::Left)
        .iter()
        .map(|line| letters(&line.left.chars().rev().collect::<String>()))
        .collect();
    assert!(left.is_sorted());
    // A page is a part of the whole.
    let page = KwicRequest {
        sort: KwicSort::Year,
        offset: 7,
        limit: 5,
        ..request.clone()
    };
    let page = corpus.engine.kwic(&page).unwrap().lines;
    assert_eq!(page, sorted(KwicSort::Year)[7..12]);
}

#[test]
fn workbooks_hold_what_csv_holds() {
    let index = indexed(&[root().join("data_samples")], "2");
    let folder = tempfile::tempdir().unwrap();
    let commands: [&[&str]; 4] = [
        &["count", "乡村振兴", "--by", "province,year"],
        &["kwic", "乡村振兴", "-n", "5"],
        &["search", "乡村振兴", "-n", "5"],
        &["export", "--year", "2023", "-q"],
    ];
    for args in commands {
        let path = folder.path().join("book.xlsx");
        let output = ["--format", "xlsx", "-o", path.to_str().unwrap()];
        over(index.path(), &[args, &output].concat());
        let csv = over(index.path(), &[args, &["--format", "csv"]].concat());
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .has_headers(false)
            .from_reader(csv.stdout.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
        let mut book = calamine::open_workbook_auto(&path).unwrap();
        let sheet = book.worksheet_range("数据").unwrap();
        assert_eq!(sheet.height(), rows.len(), "{args:?}");
        for (cells, row) in sheet.rows().zip(&rows).skip(1) {
            for (cell, text) in cells.iter().zip(row) {
                let same = match cell {
                    Data::Empty => text.is_empty(),
                    Data::Float(number) => text.parse::<f64>().is_ok_and(|text| text == *number),
                    Data::String(cell) => cell == text,
                    other => panic!("{other:?}"),
                };
                assert!(same, "{args:?}: {cell:?} {text}");
            }
        }
        let has_stamp = book.sheet_names().contains(&"出处".to_owned());
        assert_eq!(has_stamp, matches!(args[0], "count" | "kwic"));
    }
}

#[test]
fn faults_are_told() {
    let index = indexed(&[root().join("data_samples/部门")], "2");
    let list = index.path().join("词表.txt");
    std::fs::write(&list, "# 词\n环保: 环保|\n").unwrap();
    let list = list.to_str().unwrap();
    let cases: [(&[&str], &str); 8] = [
        (&["count"], "缺少 [TERM]"),
        (&["count", "--terms", list], "第 2 行第 8 字：这里缺一个词"),
        (&["count", "甲", "--by", "颜色"], "没有叫“颜色”的分组方面"),
        (&["count", "甲", "--by", "year,year"], "不能按年份分两次"),
        (
            &["count", "甲", "--by", "year", "--layout", "cross"],
            "--layout cross 需要按两个方面分组",
        ),
        (&["count", "甲", "甲"], "两个概念都叫「甲」"),
        (
            &["trend", "甲", "--chart", "图.gif"],
            "--chart 的文件名应以 .svg 或 .png 结尾",
        ),
        (
            &["trend", "甲", "--smooth", "4"],
            "移动平均的年数应为 1 到 99 的奇数",
        ),
    ];
    for (args, expected) in cases {
        let ran = finish(zhengsou().arg("--index").arg(index.path()).args(args));
        assert_eq!(ran.status, 2, "{args:?}");
        assert!(ran.stderr.contains(expected), "{args:?}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{args:?}");
    }
    let engine = Engine::open(index.path(), Schema::embedded().unwrap()).unwrap();
    let wrong = |request: CountRequest| engine.count(&request).unwrap_err();
    let blank = CountRequest {
        terms: vec![Concept::word("　")],
        ..CountRequest::default()
    };
    assert!(wrong(blank).to_string().contains("no character to count"));
    assert!(
        wrong(CountRequest::default())
            .to_string()
            .contains("no word to count")
    );
}
