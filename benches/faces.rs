//! Which tokens should carry exactness and ranking? The candidates side by side on one corpus:
//! build time, bytes of index, phrase latency and phrase recall against a scan.
//!
//! Passages are the lines of the corpus, folded; nothing is stored. Phrases are random runs of Han
//! characters; recall is hits found over hits of the scan.

mod common;

use std::sync::Arc;

use tantivy::collector::Count;
use tantivy::query::{PhraseQuery, Query, TermQuery};
use tantivy::schema::{
    Field, IndexRecordOption, Schema as TantivySchema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, IndexWriter, TantivyDocument, Term};
use zhengsou::analyze::{Analyzer, strip_blanks};
use zhengsou::schema::Schema;

const PHRASES: usize = 40;
const ROUNDS: usize = 9;

/// Makes the tokens of a text: position and characters.
type Cut = Arc<dyn Fn(&str) -> Vec<(usize, String)> + Send + Sync>;

struct Candidate {
    name: &'static str,
    /// Face that answers phrases, with positions.
    exact: Cut,
    /// Tokens of a phrase, where the query side differs.
    asked: Cut,
    /// A further face without positions, for ranking.
    words: Option<Cut>,
}

fn main() {
    let corpus = common::corpus();
    let Ok(schema) = Schema::embedded() else {
        panic!("the embedded schema is whole")
    };
    let analyzer = Analyzer::new(&schema);
    let mut passages: Vec<String> = Vec::new();
    for text in common::texts(&corpus) {
        passages.extend(text.lines().map(|line| strip_blanks(&analyzer.fold(line))));
    }
    passages.retain(|passage| passage.chars().count() > 1);
    let bytes: usize = passages.iter().map(String::len).sum();
    println!(
        "corpus {}: {} passages, {:.1} MB folded; 1 writing thread, nothing stored",
        corpus.display(),
        passages.len(),
        bytes as f64 / 1e6
    );
    println!(
        "{:<44} {:>8} {:>11} {:>26} {:>26} {:>8}",
        "exact face / ranking face",
        "MB/s",
        "size/text",
        "2 characters p50/p95 µs",
        "6 characters p50/p95 µs",
        "recall"
    );
    for candidate in candidates() {
        measure(&candidate, &passages, bytes);
    }
}

fn candidates() -> Vec<Candidate> {
    let jieba = Arc::new(jieba_rs::Jieba::new());
    let shared = || Arc::clone(&jieba);
    let words: Cut = {
        let jieba = shared();
        Arc::new(move |text| places(jieba.cut(text, false)))
    };
    let search: Cut = {
        let jieba = shared();
        Arc::new(move |text| places(jieba.cut_for_search(text, false)))
    };
    let all: Cut = {
        let jieba = shared();
        Arc::new(move |text| places(jieba.cut_all(text)))
    };
    let unigrams: Cut = Arc::new(|text| text.chars().map(String::from).enumerate().collect());
    let bigrams: Cut = Arc::new(|text| {
        let chars: Vec<char> = text.chars().collect();
        (0..chars.len())
            .map(|at| (at, chars[at..chars.len().min(at + 2)].iter().collect()))
            .collect()
    });
    let every_second: Cut = Arc::new(|text| {
        let chars: Vec<char> = text.chars().collect();
        let last = chars.len().saturating_sub(2);
        (0..=last)
            .filter(|at| at % 2 == 0 || *at == last)
            .map(|at| (at, chars[at..chars.len().min(at + 2)].iter().collect()))
            .collect()
    });
    let one = |name, exact: &Cut, asked: &Cut, words: Option<&Cut>| Candidate {
        name,
        exact: Arc::clone(exact),
        asked: Arc::clone(asked),
        words: words.map(Arc::clone),
    };
    vec![
        one("words (HMM off), positions", &words, &words, None),
        one("search mode (HMM off), positions", &search, &search, None),
        one("cut_all, positions; asked by words", &all, &words, None),
        one("unigrams, positions", &unigrams, &unigrams, None),
        one(
            "unigrams, positions / words, frequencies",
            &unigrams,
            &unigrams,
            Some(&words),
        ),
        one("bigrams, positions", &bigrams, &every_second, None),
        one(
            "bigrams, positions / words, frequencies (ours)",
            &bigrams,
            &every_second,
            Some(&words),
        ),
    ]
}

fn places(tokens: Vec<jieba_rs::Token<'_>>) -> Vec<(usize, String)> {
    let mut places: Vec<(usize, String)> = tokens
        .into_iter()
        .map(|token| (token.start, token.word.to_owned()))
        .collect();
    places.sort_by_key(|(start, _)| *start);
    places
}

fn measure(candidate: &Candidate, passages: &[String], bytes: usize) {
    let mut builder = TantivySchema::builder();
    let field = |detail| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_index_option(detail),
        )
    };
    let exact = builder.add_text_field("exact", field(IndexRecordOption::WithFreqsAndPositions));
    let ranking = builder.add_text_field("ranking", field(IndexRecordOption::WithFreqs));
    let Ok(folder) = tempfile::tempdir() else {
        panic!("no temporary folder")
    };
    let (index, micros) = common::timed(|| {
        let Ok(index) = Index::create_in_dir(folder.path(), builder.build()) else {
            panic!("the index is made")
        };
        let Ok(mut writer) = index.writer_with_num_threads::<TantivyDocument>(1, 400_000_000)
        else {
            panic!("the index is written")
        };
        for passage in passages {
            let mut document = TantivyDocument::default();
            document.add_pre_tokenized_text(exact, pre_tokenized(&candidate.exact, passage));
            if let Some(words) = &candidate.words {
                document.add_pre_tokenized_text(ranking, pre_tokenized(words, passage));
            }
            add(&writer, document);
        }
        assert!(writer.commit().is_ok(), "the index is committed");
        assert!(writer.wait_merging_threads().is_ok(), "the index is merged");
        index
    });
    let size: u64 = std::fs::read_dir(folder.path())
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.metadata().ok()?.len()))
        .sum();
    let Ok(reader) = index.reader() else {
        panic!("the index opens")
    };
    let searcher = reader.searcher();
    let mut shown = Vec::new();
    let (mut found, mut wanted) = (0, 0);
    for length in [2, 6] {
        let mut latencies = Vec::new();
        for phrase in common::pieces(passages, length, PHRASES, 11) {
            let query = phrase_query(exact, &(candidate.asked)(&phrase));
            let count = || searcher.search(query.as_ref(), &Count).unwrap_or(0);
            let micros: Vec<f64> = (0..ROUNDS).map(|_| common::timed(count).1).collect();
            latencies.push(common::median(&micros));
            found += count();
            wanted += passages
                .iter()
                .filter(|passage| passage.contains(&phrase))
                .count();
        }
        shown.push(format!(
            "{:.0} / {:.0}",
            common::median(&latencies),
            common::quantile(&latencies, 0.95)
        ));
    }
    println!(
        "{:<44} {:>8.1} {:>11.2} {:>26} {:>26} {:>8.3}",
        candidate.name,
        bytes as f64 / micros,
        size as f64 / bytes as f64,
        shown[0],
        shown[1],
        found as f64 / wanted.max(1) as f64,
    );
}

fn add(writer: &IndexWriter, document: TantivyDocument) {
    assert!(
        writer.add_document(document).is_ok(),
        "the passage is added"
    );
}

fn pre_tokenized(cut: &Cut, text: &str) -> PreTokenizedString {
    let tokens = cut(text)
        .into_iter()
        .map(|(position, text)| Token {
            position,
            text,
            ..Token::default()
        })
        .collect();
    PreTokenizedString {
        text: String::new(),
        tokens,
    }
}

fn phrase_query(field: Field, tokens: &[(usize, String)]) -> Box<dyn Query> {
    let first = tokens.first().map_or(0, |(position, _)| *position);
    let terms: Vec<(usize, Term)> = tokens
        .iter()
        .map(|(position, text)| (position - first, Term::from_field_text(field, text)))
        .collect();
    match terms.as_slice() {
        [(_, only)] => Box::new(TermQuery::new(only.clone(), IndexRecordOption::Basic)),
        _ => Box::new(PhraseQuery::new_with_offset(terms)),
    }
}
