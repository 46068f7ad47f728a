//! A warm verbatim phrase search with two filters, four facets, ten hits and their snippets,
//! beside bare tantivy's phrase query over bigrams of the same passages.
//!
//! Per-query medians of alternating runs; both must count the same passages.

mod common;

use std::collections::BTreeMap;

use common::bare::Bare;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::PhraseQuery;
use tantivy::{TantivyDocument, Term};
use zhengsou::Engine;
use zhengsou::analyze::Analyzer;
use zhengsou::model::{FacetField, Filter, Matching, SearchRequest};
use zhengsou::schema::Schema;

const ROUNDS: usize = 15;
const PHRASES: usize = 60;

fn main() {
    let corpus = common::corpus();
    let Ok(folder) = tempfile::tempdir() else {
        panic!("no temporary folder")
    };
    let summary = common::build(&corpus, folder.path(), 0);
    let (Ok(schema), Ok(again)) = (Schema::embedded(), Schema::embedded()) else {
        panic!("the embedded schema is whole")
    };
    let analyzer = Analyzer::new(&schema);
    let Ok(engine) = Engine::open(folder.path(), again) else {
        panic!("the index opens")
    };
    let Ok(beside) = tempfile::tempdir() else {
        panic!("no temporary folder")
    };
    let bare = Bare::of(&engine, &analyzer, beside.path());
    let (searcher, field) = (bare.searcher, bare.chars);
    let texts = common::texts(&corpus);
    println!(
        "corpus   {} ({} passages)",
        corpus.display(),
        summary.passages
    );
    println!(
        "{PHRASES} random phrases a length, per-query medians of {ROUNDS} alternating runs, µs: p50 / p95"
    );
    println!(
        "length   bare: top 10 + count   bare + fetch ten    ours: phrase only    ours: filters, facets, snippets   ratio to bare / to bare + fetch (medians of p50)"
    );
    for length in [2, 4, 8] {
        let mut columns: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for phrase in common::pieces(&texts, length, PHRASES, length as u64) {
            let chars: Vec<char> = analyzer.fold(&phrase).chars().collect();
            let terms: Vec<Term> = chars
                .windows(2)
                .map(|pair| Term::from_field_text(field, &pair.iter().collect::<String>()))
                .collect();
            let bare = |fetch: bool| -> usize {
                let top = TopDocs::with_limit(10).order_by_score();
                let found = match terms.as_slice() {
                    [only] => {
                        let query = tantivy::query::TermQuery::new(
                            only.clone(),
                            tantivy::schema::IndexRecordOption::WithFreqs,
                        );
                        searcher.search(&query, &(top, Count))
                    }
                    _ => searcher.search(&PhraseQuery::new(terms.clone()), &(top, Count)),
                };
                let Ok((hits, count)) = found else {
                    panic!("the query runs")
                };
                if fetch {
                    for (_, address) in hits {
                        let Ok(document) = searcher.doc::<TantivyDocument>(address) else {
                            panic!("the passage is stored")
                        };
                        std::hint::black_box(document);
                    }
                }
                count
            };
            let plain = SearchRequest {
                query: format!("\"{phrase}\""),
                mode: Matching::Verbatim,
                ..SearchRequest::default()
            };
            let filter = |field, value: &str| Filter {
                field,
                value: value.to_owned(),
                negated: false,
            };
            let full = SearchRequest {
                filters: vec![
                    filter(FacetField::ReportYear, "1990..2026"),
                    Filter {
                        negated: true,
                        ..filter(FacetField::Section, "其他")
                    },
                ],
                facets: vec![
                    FacetField::Region,
                    FacetField::Agency,
                    FacetField::ReportYear,
                    FacetField::Section,
                ],
                ..plain.clone()
            };
            let run = |request: &SearchRequest| match engine.search(request) {
                Ok(answer) => answer.total.passages,
                Err(error) => panic!("{phrase}: {error}"),
            };
            assert_eq!(bare(false) as u64, run(&plain), "{phrase}");
            let mut rounds: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
            for _ in 0..ROUNDS {
                rounds
                    .entry("bare")
                    .or_default()
                    .push(common::timed(|| bare(false)).1);
                rounds
                    .entry("fetch")
                    .or_default()
                    .push(common::timed(|| bare(true)).1);
                rounds
                    .entry("plain")
                    .or_default()
                    .push(common::timed(|| run(&plain)).1);
                rounds
                    .entry("full")
                    .or_default()
                    .push(common::timed(|| run(&full)).1);
            }
            for (name, micros) in rounds {
                columns
                    .entry(name)
                    .or_default()
                    .push(common::median(&micros));
            }
        }
        let show = |name: &str| {
            format!(
                "{:.0} / {:.0}",
                common::median(&columns[name]),
                common::quantile(&columns[name], 0.95)
            )
        };
        let ratio = |to: &str| common::median(&columns["full"]) / common::median(&columns[to]);
        println!(
            "{length:<8} {:<22} {:<19} {:<20} {:<33} {:.2} / {:.2}",
            show("bare"),
            show("fetch"),
            show("plain"),
            show("full"),
            ratio("bare"),
            ratio("fetch"),
        );
    }
}
