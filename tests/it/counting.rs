//! `count` and `trend` against scans of the exported passages:
//!
//! 1. every count equals a scan, whatever the term and the grouping;
//! 2. words that overlap count once, words within exceptions not at all;
//! 3. near copies counted once are the groups that a search folds;
//! 4. trends are counts by year.

use std::collections::{BTreeMap, BTreeSet};

use zhengsou::Engine;
use zhengsou::analyze::{Analyzer, strip_blanks};
use zhengsou::model::{
    Axis, Concept, Copies, Count, CountRequest, FacetField, Filter, PassageRecord, SearchRequest,
    TrendRequest,
};
use zhengsou::schema::Schema;

use crate::panels::{indexed, provinces, root};
use crate::properties::{Draw, fixture};
use crate::support::{finish, zhengsou};

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
    let spelt = |words: &[String]| -> Vec<Vec<char>> {
        words.iter().map(|word| word.chars().collect()).collect()
    };
    let (words, except) = (spelt(words), spelt(except));
    let characters: Vec<char> = text.chars().collect();
    let stands = |word: &[char], at: usize| {
        let found = characters[at..].starts_with(word);
        found.then_some(at + word.len())
    };
    let mut exceptions: Vec<(usize, usize)> = Vec::new();
    for at in 0..characters.len() {
        let ends = except.iter().filter_map(|word| stands(word, at));
        exceptions.extend(ends.map(|end| (at, end)));
    }
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
        let scanned: Vec<Vec<(usize, u64)>> =
            concepts.iter().map(|concept| self.scan(concept)).collect();
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
            let with_text: BTreeSet<&[Option<String>]> = keys.iter().map(Vec::as_slice).collect();
            for ((concept, found), scanned) in concepts.iter().zip(&counted.terms).zip(&scanned) {
                let mut total = Scanned::default();
                let mut slices: BTreeMap<&[Option<String>], Scanned> = BTreeMap::new();
                for &(at, occurrences) in scanned {
                    let slice = slices.entry(&keys[at]).or_default();
                    slice.add(&self.passages[at], occurrences);
                    total.add(&self.passages[at], occurrences);
                }
                total.check(&found.total, &format!("{concept} in all"));
                for (slice, count) in counted.slices.iter().zip(&found.counts) {
                    let values = slice.values.as_slice();
                    let what = format!("{concept} in {values:?}");
                    assert_eq!(count.is_some(), with_text.contains(values), "{what}");
                    if let Some(count) = count {
                        slices
                            .remove(values)
                            .unwrap_or_default()
                            .check(count, &what);
                    }
                }
                assert!(slices.is_empty(), "{concept}: {slices:?}");
            }
        }
    }

    /// Returns the passages in which a concept occurs, with the number of its occurrences.
    fn scan(&self, concept: &Concept) -> Vec<(usize, u64)> {
        let words = folded(&concept.words, self.analyzer);
        let except = folded(&concept.except, self.analyzer);
        let texts = self.folded.iter().enumerate();
        let may = texts.filter(|(_, text)| words.iter().any(|word| text.contains(word)));
        let found = may.map(|(at, text)| (at, scan(text, &words, &except)));
        found.filter(|(_, occurrences)| *occurrences > 0).collect()
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

/// Holds 500 random terms against a scan.
fn check_random(corpus: &Corpus<'_>) {
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
fn counts_equal_a_scan() {
    check_random(&samples());
}

#[test]
fn counts_equal_a_scan_of_provinces() {
    let Some(provinces) = provinces() else {
        return;
    };
    let analyzer = Analyzer::new(&Schema::embedded().unwrap());
    let passages: Vec<PassageRecord> = provinces
        .passages
        .iter()
        .map(|passage| serde_json::from_value(passage.clone()).unwrap())
        .collect();
    let fold = |passage: &PassageRecord| strip_blanks(&analyzer.fold(&passage.text));
    let folded: Vec<String> = passages.iter().map(fold).collect();
    check_random(&Corpus {
        engine: &Engine::open(provinces.index.path(), Schema::embedded().unwrap()).unwrap(),
        passages: &passages,
        folded: &folded,
        analyzer: &analyzer,
    });
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
fn faults_are_told() {
    let index = indexed(&[root().join("data_samples/部门")], "2");
    let list = index.path().join("词表.txt");
    std::fs::write(&list, "# 词\n环保: 环保|\n").unwrap();
    let list = list.to_str().unwrap();
    let cases: [(&[&str], &str); 8] = [
        (&["count"], "缺少 <TERM>"),
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
