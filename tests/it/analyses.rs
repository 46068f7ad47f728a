//! `collocates`, `keyness`, `formulas`, `first-use`, `compare` and `follow-up` against a scan of the
//! exported passages.
//!
//! 1. measures are those of the reference implementations in `tests/golden/measures.tsv`;
//! 2. the tables of collocates and key words are those of a recount, word by word;
//! 3. formulas stand as often as a scan finds them, and none that should be listed is missing;
//! 4. a first use is the first that a scan finds, in all and for each region;
//! 5. every passage of two compared reports is of one class, and that class is right;
//! 6. a follow-up holds every passage of a plan once, answered by a later report of the same author;
//! 7. each command writes every format, and the same bytes again.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use zhengsou::ErrorKind;
use zhengsou::analyze::strip_blanks;
use zhengsou::model::{
    Answered, Axis, CollocatesRequest, CompareRequest, Concept, Copies, FacetField, Fate, Filter,
    FirstUseRequest, FollowUpRequest, FormulasRequest, KeynessRequest, PassageRecord, Side, Window,
};
use zhengsou::near::letters;
use zhengsou::statistics::association::log_dice;
use zhengsou::statistics::{Contingency, Frequencies};

use crate::properties::{Draw, Fixture, fixture};
use crate::support::run;

/// A date that no run changes.
const DAY: &str = "2026-11-27";

fn filter(field: FacetField, value: &str) -> Filter {
    Filter {
        field,
        value: value.to_owned(),
        negated: false,
    }
}

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-6 * expected.abs().max(1.0)
}

#[test]
fn measures_are_those_of_the_reference_implementations() {
    let golden = include_str!("../golden/measures.tsv");
    let rows = golden.lines().filter(|line| !line.starts_with('#'));
    let mut checked = HashMap::new();
    for row in rows {
        let cells: Vec<&str> = row.split('\t').collect();
        let count = |at: usize| -> u64 { cells[at].parse().unwrap() };
        let value = |at: usize| -> f64 { cells[at].parse().unwrap() };
        *checked.entry(cells[0]).or_insert(0) += 1;
        match cells[0] {
            "collocate" => {
                let table = Contingency {
                    both: count(2),
                    one: count(3),
                    other: count(4),
                    all: count(5),
                };
                assert!(near(table.log_likelihood(), value(7)), "{row}");
                assert!(near(table.mutual_information(), value(8)), "{row}");
                assert!(
                    near(log_dice(count(2), count(6), count(4)), value(9)),
                    "{row}"
                );
            }
            "keyness" => {
                let word = Frequencies {
                    here: count(2),
                    size: count(3),
                    there: count(4),
                    other_size: count(5),
                };
                assert!(near(word.log_likelihood(), value(6)), "{row}");
                assert!(near(word.log_ratio(), value(7)), "{row}");
                let percent = word.percent_difference();
                assert_eq!(percent.is_none(), cells[8].is_empty(), "{row}");
                assert!(
                    percent.is_none_or(|percent| near(percent, value(8))),
                    "{row}"
                );
            }
            other => panic!("{other}"),
        }
    }
    assert!(checked["collocate"] >= 50 && checked["keyness"] >= 50);
}

/// A folded text as a scan sees it.
struct Scanned {
    /// Folded characters without blanks.
    dense: Vec<char>,
    /// Words with their places in `dense`.
    words: Vec<(String, usize, usize)>,
    /// Number of the sentence of each of `dense`.
    sentence: Vec<usize>,
}

fn scanned(text: &str) -> Scanned {
    let Fixture { analyzer, .. } = fixture();
    let folded = analyzer.fold(text);
    let dense: Vec<char> = folded.chars().filter(|&at| at != ' ').collect();
    let place = |byte: usize| folded[..byte].chars().filter(|&at| at != ' ').count();
    let words = analyzer.word_ranges(&folded).into_iter().map(|word| {
        (
            folded[word.clone()].to_owned(),
            place(word.start),
            place(word.end),
        )
    });
    let (mut number, mut ended) = (0, false);
    let mut sentence = Vec::new();
    for &character in &dense {
        let closes = "。!?”’\"')]》".contains(character);
        if ended && !closes {
            (number, ended) = (number + 1, false);
        }
        ended |= "。!?".contains(character);
        sentence.push(number);
    }
    Scanned {
        words: words.collect(),
        dense,
        sentence,
    }
}

#[test]
fn collocates_are_those_of_a_recount() {
    let Fixture {
        engine, passages, ..
    } = fixture();
    for (node, window) in [
        ("发展", Window::Words(4)),
        ("教育", Window::Words(1)),
        ("群众", Window::Characters(6)),
    ] {
        let letters: Vec<char> = node.chars().collect();
        let (mut together, mut parts, mut all): (
            HashMap<String, u64>,
            HashMap<String, u64>,
            HashMap<String, u64>,
        ) = Default::default();
        let (mut occurrences, mut in_windows, mut in_node, mut size) = (0, 0, 0, 0);
        for passage in passages {
            let text = scanned(&passage.text);
            let mut nodes: Vec<(usize, usize)> = Vec::new();
            for at in 0..text.dense.len().saturating_sub(letters.len() - 1) {
                if text.dense[at..at + letters.len()] == letters[..] {
                    nodes.push((at, at + letters.len()));
                }
            }
            occurrences += nodes.len() as u64;
            for (number, (word, start, end)) in text.words.iter().enumerate() {
                size += 1;
                *all.entry(word.clone()).or_default() += 1;
                if nodes.iter().any(|node| *start < node.1 && node.0 < *end) {
                    in_node += 1;
                    *parts.entry(word.clone()).or_default() += 1;
                    continue;
                }
                let is_near = nodes.iter().any(|&(from, to)| {
                    let (is_left, edge) = (*end <= from, if *end <= from { from } else { to - 1 });
                    let span = if is_left {
                        *start..=from
                    } else {
                        to - 1..=*end - 1
                    };
                    let is_inside = text.sentence[*span.start()] == text.sentence[*span.end()];
                    let between =
                        text.words
                            .iter()
                            .enumerate()
                            .filter(|(other, (_, first, last))| match is_left {
                                true => *other >= number && *last <= from,
                                false => *other <= number && *first >= to,
                            });
                    let characters = if is_left { edge - start } else { end - to };
                    is_inside
                        && match window {
                            Window::Words(words) => between.count() <= words,
                            Window::Characters(most) => characters <= most,
                        }
                });
                if is_near {
                    in_windows += 1;
                    *together.entry(word.clone()).or_default() += 1;
                }
            }
        }
        let answer = engine
            .collocates(&CollocatesRequest {
                node: Concept::word(node),
                copies: Copies::Each,
                window,
                least: 1,
                all_words: true,
                limit: usize::MAX,
                ..CollocatesRequest::default()
            })
            .unwrap();
        assert_eq!(answer.occurrences, occurrences, "{node}");
        assert_eq!(
            (answer.window_words, answer.node_words),
            (in_windows, in_node),
            "{node}"
        );
        assert_eq!(answer.corpus.words, size);
        let mut attracted = 0;
        let found: HashMap<&str, _> = answer
            .words
            .iter()
            .map(|word| (word.word.as_str(), word))
            .collect();
        for (word, &count) in &together {
            let table = Contingency {
                both: count,
                one: in_windows,
                other: all[word] - parts.get(word).copied().unwrap_or(0),
                all: size - in_node,
            };
            let listed = found.get(word.as_str());
            assert_eq!(listed.is_some(), table.is_attracted(), "{word}");
            if let Some(listed) = listed {
                attracted += 1;
                assert_eq!(
                    (listed.together, listed.corpus),
                    (count, table.other),
                    "{word}"
                );
                assert_eq!(listed.left + listed.right, count, "{word}");
                assert_eq!(listed.log_likelihood, table.log_likelihood(), "{word}");
                assert_eq!(
                    listed.log_dice,
                    log_dice(count, occurrences, table.other),
                    "{word}"
                );
            }
        }
        assert!(attracted > 20 && attracted == answer.words.len(), "{node}");
    }
}

/// Returns of each group of near copies among passages only the earliest.
fn once<'a>(passages: &[&'a PassageRecord]) -> Vec<&'a PassageRecord> {
    let Fixture { engine, .. } = fixture();
    let age = |passage: &PassageRecord| {
        let year = |year: Option<i32>| year.unwrap_or(i32::MAX);
        (
            year(passage.year),
            year(passage.report_year),
            passage.id.clone(),
        )
    };
    let ids: HashSet<&str> = passages.iter().map(|passage| passage.id.as_str()).collect();
    let is_first = |passage: &&&PassageRecord| {
        let copies = engine.copies(&passage.id, usize::MAX).unwrap().listed;
        let mut others = copies
            .iter()
            .filter(|copy| ids.contains(copy.passage.id.as_str()));
        others.all(|copy| age(passage) < age(&copy.passage))
    };
    passages.iter().filter(is_first).copied().collect()
}

#[test]
fn key_words_are_those_of_a_recount() {
    let Fixture {
        engine,
        passages,
        analyzer,
        ..
    } = fixture();
    let kind = "政府工作报告";
    let sides = || {
        let parted: (Vec<&PassageRecord>, Vec<&PassageRecord>) = passages
            .iter()
            .partition(|passage| passage.report_kind == kind);
        parted
    };
    for copies in [Copies::Each, Copies::Once] {
        let (mut here, mut there) = sides();
        if copies == Copies::Once {
            (here, there) = (once(&here), once(&there));
        }
        let mut counts: HashMap<String, [u64; 2]> = HashMap::new();
        let mut reports: HashMap<String, [BTreeSet<&str>; 2]> = HashMap::new();
        let mut sizes = [0; 2];
        for (side, passages) in [here, there].iter().enumerate() {
            for passage in passages {
                for word in analyzer.words(&passage.text) {
                    sizes[side] += 1;
                    counts.entry(word.clone()).or_default()[side] += 1;
                    reports.entry(word).or_default()[side].insert(&passage.report_id);
                }
            }
        }
        for under in [false, true] {
            let answer = engine
                .keyness(&KeynessRequest {
                    filters: vec![filter(FacetField::ReportKind, kind)],
                    copies,
                    under,
                    least: 1,
                    least_reports: 1,
                    cutoff: 0.0,
                    all_words: true,
                    limit: usize::MAX,
                    ..KeynessRequest::default()
                })
                .unwrap();
            assert_eq!([answer.here.words, answer.there.words], sizes);
            assert_eq!(answer.found, answer.words.len() as u64);
            let expected = counts.values().filter(|[here, there]| {
                let (here, there) = (here * sizes[1], there * sizes[0]);
                if under { there > here } else { here > there }
            });
            assert_eq!(answer.words.len(), expected.count());
            for word in &answer.words {
                assert_eq!([word.here, word.there], counts[&word.word], "{word:?}");
                let known = &reports[&word.word];
                let expected = [0, 1].map(|side| known[side].len() as u64);
                assert_eq!(
                    [word.here_reports, word.there_reports],
                    expected,
                    "{word:?}"
                );
            }
            let sorted = answer
                .words
                .is_sorted_by(|one, two| one.log_likelihood >= two.log_likelihood);
            assert!(sorted);
        }
    }
    let empty = engine.keyness(&KeynessRequest::default());
    assert_eq!(
        empty.unwrap_err().kind(),
        ErrorKind::NotFound,
        "nothing is left to compare with"
    );
}

/// The runs of letters of all passages, each with the number of its passage and where words begin or
/// end in it.
fn runs() -> Vec<(usize, Vec<char>, Vec<bool>)> {
    let Fixture {
        passages, analyzer, ..
    } = fixture();
    let mut runs = Vec::new();
    for (number, passage) in passages.iter().enumerate() {
        let folded = analyzer.fold(&passage.text);
        let edges: HashSet<usize> = analyzer
            .word_ranges(&folded)
            .into_iter()
            .flat_map(|word| [word.start, word.end])
            .collect();
        let (mut run, mut edge): (Vec<char>, Vec<bool>) = Default::default();
        for (byte, character) in folded.char_indices().chain([(folded.len(), '。')]) {
            if character.is_alphanumeric() {
                edge.push(run.is_empty() || edges.contains(&byte));
                run.push(character);
            } else if !run.is_empty() {
                edge.push(true);
                runs.push((number, std::mem::take(&mut run), std::mem::take(&mut edge)));
            }
        }
    }
    runs
}

#[test]
fn formulas_stand_as_often_as_a_scan_finds_them() {
    let Fixture {
        engine, passages, ..
    } = fixture();
    let request = FormulasRequest {
        copies: Copies::Each,
        longest: 20,
        least: 3,
        limit: usize::MAX,
        ..FormulasRequest::default()
    };
    let answer = engine.formulas(&request).unwrap();
    let runs = runs();
    // Where each string of twenty letters at most stands: run and place.
    let mut places: HashMap<&[char], Vec<(usize, usize)>> = HashMap::new();
    let listed: Vec<Vec<char>> = answer
        .formulas
        .iter()
        .map(|line| line.formula.chars().collect())
        .collect();
    assert!(listed.len() > 100, "{}", listed.len());
    let lengths: BTreeSet<usize> = listed.iter().map(Vec::len).collect();
    assert!(lengths.iter().all(|length| (4..=20).contains(length)));
    for (number, (_, run, _)) in runs.iter().enumerate() {
        for length in 4..=20 {
            for (at, string) in run.windows(length).enumerate() {
                places.entry(string).or_default().push((number, at));
            }
        }
    }
    let report = |run: usize| passages[runs[run].0].report_id.as_str();
    for line in &answer.formulas {
        let string: Vec<char> = line.formula.chars().collect();
        let found = &places[string.as_slice()];
        assert_eq!(line.count, found.len() as u64, "{line:?}");
        let reports: HashSet<&str> = found.iter().map(|(run, _)| report(*run)).collect();
        assert_eq!(line.reports, reports.len() as u64, "{line:?}");
        let first = found.iter().map(|(run, _)| &passages[runs[*run].0]);
        let year = |passage: &PassageRecord| passage.report_year.unwrap_or(i32::MAX);
        let earliest = first.clone().map(year).min();
        assert_eq!(Some(year(&line.passage)), earliest, "{line:?}");
        assert!(
            first
                .map(|passage| &passage.id)
                .any(|id| *id == line.passage.id)
        );
    }
    // Every string that is no mere piece and mostly stands between words is listed, or folded.
    let candidates: HashMap<&[char], u64> = places
        .iter()
        .filter(|(string, found)| {
            let reports: HashSet<&str> = found.iter().map(|(run, _)| report(*run)).collect();
            let next = |(run, at): &(usize, usize)| runs[*run].1.get(at + string.len()).copied();
            let before = |(run, at): &(usize, usize)| at.checked_sub(1).map(|at| runs[*run].1[at]);
            let is_one = |letters: Vec<Option<char>>| {
                letters[0].is_some() && letters.iter().all(|letter| *letter == letters[0])
            };
            let is_edge = |(run, at): &&(usize, usize)| {
                let edges = &runs[*run].2;
                edges[*at] && edges[at + string.len()]
            };
            let is_figure = [string[0], string[string.len() - 1]]
                .iter()
                .any(char::is_ascii_digit);
            found.len() >= 3
                && !is_figure
                && reports.len() >= 2
                && !is_one(found.iter().map(next).collect())
                && !is_one(found.iter().map(before).collect())
                && found.iter().filter(is_edge).count() * 2 > found.len()
        })
        .map(|(string, found)| (*string, found.len() as u64))
        .collect();
    let mut folded: HashSet<&[char]> = HashSet::new();
    for (longer, count) in &candidates {
        for piece in (4..longer.len()).flat_map(|length| longer.windows(length)) {
            if candidates
                .get(piece)
                .is_some_and(|own| count * 5 >= own * 4)
            {
                folded.insert(piece);
            }
        }
    }
    let expected: BTreeSet<&[char]> = candidates
        .keys()
        .filter(|string| !folded.contains(*string))
        .copied()
        .collect();
    let found: BTreeSet<&[char]> = listed.iter().map(Vec::as_slice).collect();
    assert_eq!(found, expected);
    let refused = FormulasRequest {
        shortest: 1,
        ..request
    };
    assert_eq!(
        engine.formulas(&refused).unwrap_err().kind(),
        ErrorKind::Usage
    );
}

#[test]
fn a_first_use_is_the_first_that_a_scan_finds() {
    let Fixture {
        engine,
        passages,
        folded,
        analyzer,
        ..
    } = fixture();
    let holds = |number: usize, phrase: &str| {
        let mut headings = passages[number].opens.iter();
        folded[number].contains(phrase)
            || headings.any(|heading| strip_blanks(&analyzer.fold(&heading.text)).contains(phrase))
    };
    let year = |number: &usize| passages[*number].report_year.unwrap_or(i32::MAX);
    for phrase in ["乡村振兴", "高质量发展", "营商环境", "医疗", "主题教育"] {
        let holding: Vec<usize> = (0..passages.len())
            .filter(|&number| holds(number, phrase))
            .collect();
        let answer = engine
            .first_use(&FirstUseRequest {
                query: format!("“{phrase}”"),
                by: Axis::parse("province"),
                ..FirstUseRequest::default()
            })
            .unwrap();
        let first = answer.first.unwrap();
        assert_eq!(first.passages, holding.len() as u64, "{phrase}");
        assert_eq!(first.first_year, holding.iter().map(year).min(), "{phrase}");
        assert!(
            holding
                .iter()
                .any(|&number| passages[number].id == first.passage.id)
        );
        let province = |passage: &PassageRecord| {
            let region = passage.region.as_deref()?;
            region.split('/').next().map(str::to_owned)
        };
        let mut by_province: BTreeMap<Option<String>, Vec<usize>> = BTreeMap::new();
        for &number in &holding {
            by_province
                .entry(province(&passages[number]))
                .or_default()
                .push(number);
        }
        assert_eq!(answer.uses.len(), by_province.len(), "{phrase}");
        for found in &answer.uses {
            let own = &by_province[&found.value];
            assert_eq!(found.passages, own.len() as u64);
            let expected = own.iter().map(year).min().filter(|year| *year != i32::MAX);
            assert_eq!(found.first_year, expected, "{phrase} {:?}", found.value);
            assert_eq!(province(&found.passage), found.value);
            let covered = passages
                .iter()
                .filter(|passage| province(passage) == found.value);
            assert_eq!(
                found.covered_from,
                covered.filter_map(|passage| passage.report_year).min()
            );
            assert!(!found.snippet_highlights.is_empty(), "{found:?}");
        }
        let all: BTreeSet<Option<String>> = passages.iter().map(province).collect();
        let without = all
            .iter()
            .flatten()
            .filter(|value| !by_province.contains_key(&Some((*value).clone())));
        assert_eq!(answer.without, without.cloned().collect::<Vec<_>>());
    }
    let nothing = FirstUseRequest::default();
    assert_eq!(
        engine.first_use(&nothing).unwrap_err().kind(),
        ErrorKind::Usage
    );
}

#[test]
fn every_compared_passage_is_of_one_class() {
    let Fixture {
        engine,
        passages,
        analyzer,
        ..
    } = fixture();
    let mut reports: BTreeMap<&str, Vec<&PassageRecord>> = BTreeMap::new();
    for passage in passages {
        reports.entry(&passage.report_id).or_default().push(passage);
    }
    let ids: Vec<&str> = reports.keys().copied().collect();
    let mut seen: HashMap<Fate, usize> = HashMap::new();
    let mut draw = Draw(7);
    for _ in 0..60 {
        let [old, new] = [ids[draw.below(ids.len())], ids[draw.below(ids.len())]];
        let answer = engine
            .compare(&CompareRequest {
                old: Side::Report(old.to_owned()),
                new: Side::Report(new.to_owned()),
                filters: Vec::new(),
                least: 0.3,
                only: Vec::new(),
                date: None,
            })
            .unwrap();
        let text = |passage: &PassageRecord| letters(&analyzer.fold(&passage.text));
        let mut classes: [BTreeMap<&str, Fate>; 2] = Default::default();
        for row in &answer.rows {
            *seen.entry(row.fate).or_default() += 1;
            for (side, passage) in [&row.old, &row.new].into_iter().enumerate() {
                if let Some(passage) = passage {
                    let known = classes[side].entry(&passage.id).or_insert(row.fate);
                    assert_eq!(*known, row.fate, "{}", passage.id);
                }
            }
            let both = row.old.as_ref().zip(row.new.as_ref());
            match (row.fate, both) {
                (Fate::Kept, Some((old, new))) => assert_eq!(text(old), text(new)),
                (Fate::Reworded, Some((old, new))) => {
                    assert_ne!(text(old), text(new));
                    assert!(row.overlap.unwrap() >= 0.3);
                }
                (Fate::New, None) => assert!(row.new.is_some()),
                (Fate::Dropped, None) => assert!(row.old.is_some()),
                _ => panic!("{row:?}"),
            }
        }
        for (side, (report, told)) in [(old, &answer.old), (new, &answer.new)]
            .into_iter()
            .enumerate()
        {
            let of = |fate: Fate| {
                classes[side]
                    .values()
                    .filter(|known| **known == fate)
                    .count() as u64
            };
            let alone = if side == 0 { Fate::Dropped } else { Fate::New };
            assert_eq!(classes[side].len(), reports[report].len(), "{report}");
            assert_eq!(told.passages, reports[report].len() as u64);
            assert_eq!(
                [told.kept, told.reworded, told.alone],
                [of(Fate::Kept), of(Fate::Reworded), of(alone)]
            );
        }
        // What has no counterpart has no equal either.
        let kept: HashSet<Vec<char>> = reports[old].iter().map(|passage| text(passage)).collect();
        for (id, fate) in &classes[1] {
            let passage = reports[new]
                .iter()
                .find(|passage| passage.id == *id)
                .unwrap();
            assert_eq!(*fate == Fate::Kept, kept.contains(&text(passage)), "{id}");
        }
    }
    assert_eq!(seen.len(), 4, "{seen:?}");
    let nowhere = engine.compare(&CompareRequest {
        old: Side::Year(1900),
        new: Side::Year(2023),
        filters: Vec::new(),
        least: 0.3,
        only: Vec::new(),
        date: None,
    });
    assert_eq!(nowhere.unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_follow_up_holds_every_plan_once() {
    let Fixture {
        engine, passages, ..
    } = fixture();
    let years: BTreeSet<i32> = passages
        .iter()
        .filter(|passage| passage.section_kind == "工作计划")
        .filter_map(|passage| passage.year)
        .collect();
    assert!(years.len() > 2);
    let mut states: HashMap<&str, usize> = HashMap::new();
    for &year in &years {
        let request = FollowUpRequest {
            year,
            filters: Vec::new(),
            least: 0.25,
            only: Vec::new(),
            date: None,
        };
        let answer = engine.follow_up(&request).unwrap();
        let planned = passages
            .iter()
            .filter(|passage| passage.section_kind == "工作计划" && passage.year == Some(year));
        let mut expected: Vec<&str> = planned.map(|passage| passage.id.as_str()).collect();
        let mut found: Vec<&str> = answer
            .plans
            .iter()
            .map(|plan| plan.plan.id.as_str())
            .collect();
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{year}");
        let counted = answer.answered + answer.unanswered + answer.without_summary;
        assert_eq!(counted, expected.len() as u64);
        for plan in &answer.plans {
            *states.entry(plan.answered.as_str()).or_default() += 1;
            assert_eq!(plan.answer.is_none(), plan.answered == Answered::NoSummary);
            let Some(summary) = &plan.answer else {
                continue;
            };
            assert_eq!(
                (&summary.region, &summary.agency),
                (&plan.plan.region, &plan.plan.agency)
            );
            assert!(summary.report_year > plan.plan.report_year && summary.year == Some(year));
            let similarity = plan.similarity.unwrap();
            assert!((0.0..=1.0).contains(&similarity));
            assert_eq!(
                plan.answered == Answered::Yes,
                similarity >= 0.25,
                "{plan:?}"
            );
            assert!(plan.answered_sentences <= plan.sentences);
        }
        let ranks: Vec<f64> = answer
            .plans
            .iter()
            .filter(|plan| plan.answered == Answered::Yes)
            .filter_map(|plan| plan.similarity)
            .collect();
        assert!(ranks.is_sorted_by(|one, two| one >= two));
    }
    assert_eq!(states.len(), 3, "{states:?}");
}

#[test]
fn every_command_writes_every_format_and_the_same_bytes_again() {
    let folder = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data_samples");
    let index = folder.path().join("index");
    let index = index.to_str().unwrap();
    let ran = run(["index", samples.to_str().unwrap(), "--index", index, "-q"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let commands = [
        "collocates 发展 --least 2",
        "keyness --report-kind 政府工作报告 --least 2",
        "formulas --least 2",
        "first-use 发展 --by province",
        "compare 2023 2024 --report-kind 政府工作报告",
        "follow-up 2023",
    ];
    for command in commands {
        for format in ["text", "json", "jsonl", "csv"] {
            let written = || {
                let words = command.split(' ');
                run(words.chain(["--index", index, "--format", format, "--date", DAY]))
            };
            let first = written();
            assert_eq!(
                (first.status, first.stderr.as_str()),
                (0, ""),
                "{command} {format}"
            );
            assert_eq!(written(), first, "{command} {format}");
            assert!(first.stdout.contains(DAY), "{command} {format}");
            match format {
                "json" => drop(serde_json::from_str::<serde_json::Value>(&first.stdout).unwrap()),
                "jsonl" => {
                    let lines = first.stdout.lines();
                    let objects =
                        lines.map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
                    assert!(
                        objects.skip(1).all(|object| object.is_object()),
                        "{command}"
                    );
                    assert!(first.stdout.lines().count() > 3, "{command}");
                }
                _ => assert!(first.stdout.lines().count() > 8, "{command} {format}"),
            }
        }
        let path = folder.path().join("table.xlsx");
        let to = [
            "--index",
            index,
            "--format",
            "xlsx",
            "-o",
            path.to_str().unwrap(),
        ];
        let ran = run(command.split(' ').chain(to));
        assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{command}");
        assert!(
            std::fs::read(&path).unwrap().starts_with(b"PK"),
            "{command}"
        );
    }
    for (wrong, message) in [
        (
            "keyness --against colour=red --year 2023",
            "没有叫“colour”的计数方面",
        ),
        ("keyness --against 2013 --year 2023", "“2013”没有写明方面"),
        ("formulas --length 1..3", "字数应在 2 与 100 之间"),
        ("formulas --length 四", "“四”不是字数范围"),
        ("first-use 发展 --by year", "首次使用本身就是年份"),
        ("compare 2023 next", "“next”不是年份，也不是报告编号"),
        ("compare 1900 2023", "没有符合筛选的 1900 年报告"),
        ("compare 2022 2023 --report-year 2023", "两边已写明年度"),
        ("follow-up 1900", "没有 1900 年的工作计划"),
        ("follow-up 2023 --section 工作总结", "这里不能按“部分”筛选"),
    ] {
        let ran = run(wrong.split(' ').chain(["--index", index]));
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{wrong}");
        assert!(ran.stderr.contains(message), "{wrong}: {}", ran.stderr);
    }
}
