//! The segmenter beside jieba-rs over the same words, in bytes of written text a second.

mod common;

use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::BytesCount;
use jieba_rs::Jieba;
use zhengsou::analyze::{Analyzer, Scratch};
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

/// jieba-rs over the same words.
static JIEBA: LazyLock<Jieba> = LazyLock::new(|| {
    let mut jieba = Jieba::new();
    let schema = Schema::embedded();
    for (term, frequency) in schema.iter().flat_map(|schema| schema.lexicon.terms()) {
        jieba.add_word(term, usize::try_from(*frequency).ok(), None);
    }
    jieba
});

const ROUNDS: usize = 7;

fn main() {
    compare_segmenters();
    divan::main();
}

fn bytes() -> BytesCount {
    BytesCount::new(TEXT.iter().map(String::len).sum::<usize>())
}

#[divan::bench]
fn segmenter(bencher: Bencher<'_, '_>) {
    let segmenter = ANALYZER.segmenter();
    bencher.counter(bytes()).bench(|| {
        let mut count = 0;
        let (mut scratch, mut tokens) = (Scratch::default(), Vec::new());
        for line in TEXT.iter() {
            segmenter.tokens_into(line, &mut scratch, &mut tokens);
            count += tokens.len();
        }
        count
    });
}

#[divan::bench]
fn segmenter_jieba_rs(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(|| {
        TEXT.iter()
            .map(|line| JIEBA.cut(line, false).len())
            .sum::<usize>()
    });
}

/// Compares the tokens of the whole corpus, then the speeds in alternating rounds.
fn compare_segmenters() {
    let segmenter = ANALYZER.segmenter();
    let texts = common::texts(&common::corpus());
    let lines: Vec<&str> = texts.iter().flat_map(|text| text.lines()).collect();
    let (mut scratch, mut tokens) = (Scratch::default(), Vec::new());
    for line in &lines {
        segmenter.tokens_into(line, &mut scratch, &mut tokens);
        let theirs = JIEBA.cut(line, false);
        let theirs = theirs.iter().map(|token| token.byte_start..token.byte_end);
        assert!(theirs.eq(tokens.iter().cloned()), "{line}");
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (count, micros) = common::timed(|| {
            let mut count = 0;
            for line in &lines {
                segmenter.tokens_into(line, &mut scratch, &mut tokens);
                count += tokens.len();
            }
            count
        });
        ours.push(micros);
        let (same, micros) = common::timed(|| {
            let counts = lines.iter().map(|line| JIEBA.cut(line, false).len());
            counts.sum::<usize>()
        });
        theirs.push(micros);
        assert_eq!(count, same);
    }
    let bytes = lines.iter().map(|line| line.len()).sum::<usize>() as f64;
    let ratios: Vec<f64> = ours
        .iter()
        .zip(&theirs)
        .map(|(us, them)| them / us)
        .collect();
    println!(
        "segmenter: equal tokens on {:.1} MB; {:.1} MB/s against jieba-rs (HMM off) {:.1} MB/s, \
         one thread; ratio {:.2} ({:.2} to {:.2}), {ROUNDS} alternating rounds",
        bytes / 1e6,
        bytes / common::median(&ours),
        bytes / common::median(&theirs),
        common::median(&ratios),
        common::quantile(&ratios, 0.0),
        common::quantile(&ratios, 1.0),
    );
}
