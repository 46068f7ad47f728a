//! `similar` and `related` over the samples, against a comparison of all passages.
//!
//! 1. a pasted sentence is found where it stands, with nothing missing;
//! 2. every passage that holds half of a wording is found, with the overlap of a direct comparison;
//! 3. what is marked stands in both texts, and what differs is what the two stretches do not share;
//! 4. filters restrict, and counts by year and order add up;
//! 5. related terms are counted as a scan counts them.

use std::collections::HashSet;

use zhengsou::ErrorKind;
use zhengsou::model::{
    FacetField, Filter, Measure, PassageRecord, RelatedRequest, SearchRequest, SimilarRequest,
    SimilarResponse, Sort,
};
use zhengsou::near::Asked;

use crate::properties::{Draw, Fixture, fixture};

fn similar(text: &str, least: f64) -> SimilarResponse {
    let request = SimilarRequest {
        text: text.to_owned(),
        least,
        limit: 400,
        ..SimilarRequest::default()
    };
    fixture().engine.similar(&request).unwrap()
}

/// Draws sentences of 12 characters or more, each with its passage.
fn sentences(count: usize) -> Vec<(String, &'static PassageRecord)> {
    let Fixture { passages, .. } = fixture();
    let mut draw = Draw(20_261_127);
    let mut sentences = Vec::new();
    while sentences.len() < count {
        let passage = &passages[draw.below(passages.len())];
        let cut: Vec<&str> = passage.text.split_inclusive('。').collect();
        let sentence = cut[draw.below(cut.len())];
        let letters = sentence.chars().filter(|at| at.is_alphanumeric()).count();
        // A redaction at the edge may be restored by its neighbour only.
        if letters >= 12 && sentence.is_ascii() == passage.text.is_ascii() {
            sentences.push((sentence.to_owned(), passage));
        }
    }
    sentences
}

#[test]
fn a_pasted_sentence_is_found_where_it_stands() {
    for (sentence, passage) in sentences(200) {
        let answer = similar(&sentence, 0.9);
        let found = answer.hits.iter().find(|hit| hit.passage.id == passage.id);
        let found = found.unwrap_or_else(|| panic!("{sentence} of {}", passage.id));
        assert!(found.overlap > 0.9, "{sentence}: {}", found.overlap);
        assert!(answer.hits[0].overlap >= found.overlap);
    }
}

#[test]
fn half_of_a_wording_is_found_with_its_overlap() {
    let Fixture {
        passages, analyzer, ..
    } = fixture();
    let folded: Vec<String> = passages.iter().map(|at| analyzer.fold(&at.text)).collect();
    let mut others = 0;
    for (sentence, _) in sentences(120) {
        let asked = Asked::of(&analyzer.fold_mapped(&sentence)).unwrap();
        let mut expected: Vec<(&str, f64)> = passages
            .iter()
            .zip(&folded)
            .map(|(passage, text)| (passage.id.as_str(), asked.overlap(text).contained))
            .filter(|(_, contained)| *contained >= 0.5)
            .collect();
        let answer = similar(&sentence, 0.5);
        let mut found: Vec<(&str, f64)> = answer
            .hits
            .iter()
            .map(|hit| (hit.passage.id.as_str(), hit.overlap))
            .collect();
        assert!(
            found.windows(2).all(|pair| pair[0].1 >= pair[1].1),
            "best first"
        );
        let by_id = |one: &(&str, f64), two: &(&str, f64)| one.0.cmp(two.0);
        expected.sort_by(by_id);
        found.sort_by(by_id);
        assert_eq!(found, expected, "{sentence}");
        assert_eq!(answer.total.passages, expected.len() as u64);
        others += expected.len() - 1;
    }
    assert!(others > 0, "the samples hold copies");
}

#[test]
fn marks_and_changes_are_those_of_the_texts() {
    let Fixture { analyzer, .. } = fixture();
    let letters = |text: &str| -> String {
        let folded = analyzer.fold(text);
        folded
            .chars()
            .filter(|at| at.is_alphanumeric() || "×*○□".contains(*at))
            .collect()
    };
    let cut = |text: &str, [start, end]: [usize; 2]| -> String {
        text.chars().skip(start).take(end - start).collect()
    };
    let mut changed = 0;
    for (sentence, _) in sentences(120) {
        let answer = similar(&sentence, 0.3);
        let whole = letters(&sentence);
        for hit in &answer.hits {
            let text = &hit.passage.text;
            for mark in &hit.highlights {
                let piece = letters(&cut(text, *mark));
                // Pieces that touch are marked as one.
                let starts = piece.chars().take(5).collect::<String>();
                assert!(whole.contains(&starts), "{piece} in {sentence}");
            }
            assert!(hit.longest >= 5 && hit.longest <= whole.chars().count());
            // Taking the changes over makes one stretch of the other.
            let mut made = String::new();
            let mut at = hit.here[0];
            for change in &hit.changes {
                assert!(hit.here[0] <= change.here[0] && change.here[1] <= hit.here[1]);
                assert!(hit.there[0] <= change.there[0] && change.there[1] <= hit.there[1]);
                made += &cut(&answer.text, [at, change.here[0]]);
                made += &cut(text, change.there);
                at = change.here[1];
                changed += 1;
            }
            made += &cut(&answer.text, [at, hit.here[1]]);
            assert_eq!(made, cut(text, hit.there), "{sentence}");
        }
    }
    assert!(changed > 0, "some wordings differ");
}

#[test]
fn filters_restrict_and_years_add_up() {
    let Fixture {
        engine, passages, ..
    } = fixture();
    let with_copies = passages.iter().find(|passage| {
        let request = SimilarRequest {
            id: passage.id.clone(),
            least: 0.6,
            ..SimilarRequest::default()
        };
        passage.text.chars().count() > 40
            && engine
                .similar(&request)
                .is_ok_and(|answer| answer.total.passages > 0)
    });
    let passage = with_copies.unwrap();
    let request = SimilarRequest {
        id: passage.id.clone(),
        least: 0.1,
        limit: 400,
        sort: Sort::YearAscending,
        ..SimilarRequest::default()
    };
    let answer = engine.similar(&request).unwrap();
    assert_eq!(answer.passage.as_ref(), Some(passage));
    assert!(
        answer.hits.iter().all(|hit| hit.passage.id != passage.id),
        "not itself"
    );
    let years: Vec<Option<i32>> = answer
        .hits
        .iter()
        .map(|hit| hit.passage.report_year)
        .collect();
    let known: Vec<i32> = years.iter().flatten().copied().collect();
    assert!(known.is_sorted() && years[..known.len()].iter().all(Option::is_some));
    let counted: u64 = answer.years.iter().map(|year| year.passages).sum();
    assert_eq!(counted, known.len() as u64);
    let year = passage.report_year.unwrap();
    let earlier = known.iter().filter(|at| **at < year).count() as u64;
    let later = known.iter().filter(|at| **at > year).count() as u64;
    assert_eq!((answer.total.earlier, answer.total.later), (earlier, later));
    for hit in &answer.hits {
        assert_eq!(hit.years_later, hit.passage.report_year.map(|at| at - year));
    }
    let filter = Filter {
        field: FacetField::ReportYear,
        value: year.to_string(),
        negated: true,
    };
    let restricted = SimilarRequest {
        filters: vec![filter],
        ..request
    };
    let restricted = engine.similar(&restricted).unwrap();
    assert!(
        restricted
            .hits
            .iter()
            .all(|hit| hit.passage.report_year != Some(year))
    );
}

#[test]
fn what_cannot_be_sought_says_why() {
    let ask = |text: &str, id: &str| {
        let request = SimilarRequest {
            text: text.to_owned(),
            id: id.to_owned(),
            ..SimilarRequest::default()
        };
        fixture()
            .engine
            .similar(&request)
            .map_err(|error| error.kind())
    };
    assert_eq!(ask("乡村振兴", "").unwrap_err(), ErrorKind::Usage);
    assert_eq!(ask(&"长".repeat(5_001), "").unwrap_err(), ErrorKind::Usage);
    assert_eq!(
        ask("", "0000000000000000").unwrap_err(),
        ErrorKind::NotFound
    );
    assert_eq!(ask("", "é").unwrap_err(), ErrorKind::NotFound);
    for least in [-0.1, 1.1, f64::NAN] {
        let request = SimilarRequest {
            text: "推进乡村振兴".to_owned(),
            least,
            ..SimilarRequest::default()
        };
        let refused = fixture().engine.similar(&request).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Usage, "{least}");
    }
    assert_eq!(ask("鬱鬱鬱鬱鬱鬱", "").unwrap().total.passages, 0);
    assert_eq!(ask("，。，。x1y2z3，。", "").unwrap().total.passages, 0);
}

#[test]
fn related_terms_are_counted_as_a_scan_counts_them() {
    let Fixture {
        engine,
        passages,
        folded,
        analyzer,
        ..
    } = fixture();
    let words: Vec<HashSet<String>> = passages
        .iter()
        .map(|passage| analyzer.words(&passage.text).into_iter().collect())
        .collect();
    let totals = |query: &str| {
        let request = SearchRequest {
            query: query.to_owned(),
            limit: 0,
            ..SearchRequest::default()
        };
        engine.search(&request).unwrap().total
    };
    let all = totals("");
    for query in ["\"教育\"", "\"发展\"", "\"医疗\""] {
        let found = totals(query);
        for measure in [Measure::LogLikelihood, Measure::LogDice] {
            let request = RelatedRequest {
                query: query.to_owned(),
                measure,
                limit: 1_000,
                ..RelatedRequest::default()
            };
            let answer = engine.related(&request).unwrap();
            assert_eq!(
                (answer.matches, answer.passages),
                (found.folded, all.folded)
            );
            assert!(!answer.terms.is_empty(), "{query}");
            let ranks = answer.terms.iter().map(|term| match measure {
                Measure::LogLikelihood => term.log_likelihood,
                Measure::LogDice => term.log_dice,
            });
            assert!(
                ranks
                    .collect::<Vec<f64>>()
                    .is_sorted_by(|one, two| one >= two)
            );
            // A copy may lack a word or have one more.
            let copies = all.passages - all.folded;
            for term in &answer.terms {
                let holds = words.iter().map(|words| words.contains(&term.term));
                let asked = query.trim_matches('"');
                let both = folded.iter().zip(holds.clone());
                let both = both
                    .filter(|(text, holds)| *holds && text.contains(asked))
                    .count();
                let scanned = holds.filter(|holds| *holds).count();
                for (counted, scanned) in [(term.matches, both), (term.passages, scanned)] {
                    let scanned = scanned as u64;
                    assert!(
                        counted <= scanned && scanned <= counted + copies,
                        "{term:?}"
                    );
                }
                assert!(term.matches >= 3 && term.term != asked, "{term:?}");
            }
        }
    }
}
