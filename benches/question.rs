//! A warm question (most of its words are enough): exact totals and ten hits, beside bare tantivy's
//! union of the same terms, top ten with the exact count, over the same passages.
//!
//! Questions are random runs of characters with a question word in front. Per-query medians of
//! alternating runs.

mod common;

use std::collections::BTreeMap;

use common::bare::Bare;
use tantivy::Term;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use zhengsou::Engine;
use zhengsou::analyze::Analyzer;
use zhengsou::model::{Matching, SearchRequest};
use zhengsou::plan::plan;
use zhengsou::schema::Schema;

const ROUNDS: usize = 9;
const QUESTIONS: usize = 40;

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
    let theirs = Bare::of(&engine, &analyzer, beside.path());
    let searcher = &theirs.searcher;
    let texts = common::texts(&corpus);
    println!(
        "corpus   {} ({} passages)",
        corpus.display(),
        summary.passages
    );
    println!(
        "{QUESTIONS} questions a length, per-query medians of {ROUNDS} alternating runs, µs: p50 / p95"
    );
    println!(
        "length   terms   bare: union, top 10 + count   ours: totals, no hits   ours: ten hits   ratio to bare: totals / ten hits"
    );
    for length in [6, 12, 24] {
        let mut columns: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        let mut count = 0;
        for piece in common::pieces(&texts, length, QUESTIONS, length as u64) {
            let question = format!("如何{piece}");
            let Ok(tree) = zhengsou::query::parse(&question) else {
                continue;
            };
            let Ok(plan) = plan(&tree, Matching::Auto, true, &analyzer, &schema) else {
                continue;
            };
            let Some(leaf) = plan.leaves.first().filter(|leaf| leaf.most.is_some()) else {
                continue;
            };
            let kinds = [
                (theirs.words, &leaf.terms.words),
                (theirs.chars, &leaf.terms.bigrams),
                (theirs.letters, &leaf.terms.letters),
            ];
            let terms = kinds
                .iter()
                .flat_map(|(field, terms)| terms.iter().map(|term| (*field, &term.0)));
            let clauses: Vec<(Occur, Box<dyn Query>)> = terms
                .map(|(field, text)| {
                    let term = Term::from_field_text(field, text);
                    let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                    (Occur::Should, Box::new(query) as Box<dyn Query>)
                })
                .collect();
            count += clauses.len();
            let union = BooleanQuery::new(clauses);
            let bare = || {
                let top = TopDocs::with_limit(10).order_by_score();
                match searcher.search(&union, &(top, Count)) {
                    Ok((_, count)) => count as u64,
                    Err(error) => panic!("{question}: {error}"),
                }
            };
            let request = |limit| SearchRequest {
                query: question.clone(),
                any: true,
                limit,
                ..SearchRequest::default()
            };
            let run = |request: &SearchRequest| match engine.search(request) {
                Ok(answer) => answer.total.passages,
                Err(error) => panic!("{question}: {error}"),
            };
            let (none, ten) = (request(0), request(10));
            let mut rounds: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
            let mut timed = |name, work: &dyn Fn() -> u64| {
                let micros = common::timed(|| work() as usize).1;
                rounds.entry(name).or_default().push(micros);
            };
            for _ in 0..ROUNDS {
                timed("bare", &bare);
                timed("none", &|| run(&none));
                timed("ten", &|| run(&ten));
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
        let ratio = |name: &str| common::median(&columns[name]) / common::median(&columns["bare"]);
        println!(
            "{length:<8} {:<7} {:<29} {:<23} {:<16} {:.2} / {:.2}",
            count / columns["bare"].len().max(1),
            show("bare"),
            show("none"),
            show("ten"),
            ratio("none"),
            ratio("ten"),
        );
    }
}
