//! Files → committed index, beside jieba-rs alone (HMM off) on the same text and cores.
//!
//! Alternating rounds in one run; the ratio is that of the medians. The corpus is
//! `ZHENGSOU_BENCH_CORPUS`, the reports beside the project, or the samples.

mod common;

use rayon::prelude::*;

const ROUNDS: usize = 5;

fn main() {
    let corpus = common::corpus();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let texts = common::texts(&corpus);
    let bytes: usize = texts.iter().map(String::len).sum();
    let jieba = jieba_rs::Jieba::new();
    let mut alone = Vec::new();
    let mut whole = Vec::new();
    let mut summaries = Vec::new();
    for _ in 0..ROUNDS {
        let (tokens, micros) = common::timed(|| -> usize {
            let lines = texts.par_iter().flat_map(|text| text.par_lines());
            lines.map(|line| jieba.cut(line, false).len()).sum()
        });
        assert!(tokens > 0);
        alone.push(micros / 1e6);
        let Ok(folder) = tempfile::tempdir() else {
            panic!("no temporary folder")
        };
        let (summary, micros) = common::timed(|| common::build(&corpus, folder.path(), 0));
        assert_eq!(summary.failed, 0);
        whole.push(micros / 1e6);
        summaries.push((summary.reports, summary.passages));
    }
    assert!(
        summaries.windows(2).all(|pair| pair[0] == pair[1]),
        "every round indexes the same"
    );
    let (alone, whole) = (common::median(&alone), common::median(&whole));
    let megabytes = bytes as f64 / 1e6;
    println!(
        "corpus        {} ({megabytes:.1} MB, {} passages)",
        corpus.display(),
        summaries[0].1
    );
    println!("threads       {threads}, {ROUNDS} alternating rounds, medians");
    println!("jieba alone   {alone:.2} s  {:.1} MB/s", megabytes / alone);
    println!("whole build   {whole:.2} s  {:.1} MB/s", megabytes / whole);
    println!("ratio         {:.2}", whole / alone);
}
