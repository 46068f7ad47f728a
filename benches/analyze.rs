//! The analyzer by stage, in bytes of written text a second: folding, bigrams, words, and the
//! segmenter crate alone.

mod common;

use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::BytesCount;
use tantivy::tokenizer::{TokenStream, Tokenizer};
use zhengsou::analyze::Analyzer;
use zhengsou::analyze::stream::BigramTokenizer;
use zhengsou::schema::Schema;

static TEXT: LazyLock<Vec<String>> = LazyLock::new(|| {
    let texts = common::texts(&common::corpus());
    let lines = texts.iter().flat_map(|text| text.lines());
    lines
        .filter(|line| line.len() > 30)
        .take(4_000)
        .map(str::to_owned)
        .collect()
});

static ANALYZER: LazyLock<Analyzer> = LazyLock::new(|| match Schema::embedded() {
    Ok(schema) => Analyzer::new(&schema),
    Err(error) => panic!("{error}"),
});

fn main() {
    divan::main();
}

fn bytes() -> BytesCount {
    BytesCount::new(TEXT.iter().map(String::len).sum::<usize>())
}

#[divan::bench]
fn fold(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(|| {
        TEXT.iter()
            .map(|line| ANALYZER.fold(line).len())
            .sum::<usize>()
    });
}

#[divan::bench]
fn bigrams(bencher: Bencher<'_, '_>) {
    let folded: Vec<String> = TEXT.iter().map(|line| ANALYZER.fold(line)).collect();
    bencher.counter(bytes()).bench(|| {
        let mut tokens = 0;
        for line in &folded {
            let mut tokenizer = BigramTokenizer;
            let mut stream = tokenizer.token_stream(line);
            while stream.advance() {
                tokens += stream.token().text.len();
            }
        }
        tokens
    });
}

#[divan::bench]
fn words(bencher: Bencher<'_, '_>) {
    let folded: Vec<String> = TEXT.iter().map(|line| ANALYZER.fold(line)).collect();
    bencher.counter(bytes()).bench(|| {
        folded
            .iter()
            .map(|line| ANALYZER.word_ranges(line).len())
            .sum::<usize>()
    });
}

#[divan::bench]
fn segmenter_alone(bencher: Bencher<'_, '_>) {
    let jieba = jieba_rs::Jieba::new();
    bencher.counter(bytes()).bench(|| {
        TEXT.iter()
            .map(|line| jieba.cut(line, false).len())
            .sum::<usize>()
    });
}
