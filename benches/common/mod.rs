//! What the benches share: a corpus, a seeded draw, medians.
#![allow(dead_code, reason = "each bench uses its part")]
#![expect(
    clippy::unwrap_used,
    reason = "a bench that cannot run says why by panicking"
)]

pub(crate) mod bare;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use zhengsou::pipeline::{self, BuildOptions, BuildSummary, Observer};
use zhengsou::read::Origin;
use zhengsou::schema::Schema;

/// Returns the folder to measure on: `ZHENGSOU_BENCH_CORPUS`, the reports beside the project, or
/// the samples.
pub(crate) fn corpus() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if let Ok(folder) = std::env::var("ZHENGSOU_BENCH_CORPUS") {
        return folder.into();
    }
    let beside = root.join("../shared/corpora/gov-reports");
    if beside.is_dir() {
        beside
    } else {
        root.join("data_samples")
    }
}

struct Silent;
impl Observer for Silent {}

/// Builds an index from scratch.
pub(crate) fn build(corpus: &Path, index: &Path, jobs: usize) -> BuildSummary {
    let options = BuildOptions {
        paths: vec![corpus.to_path_buf()],
        index: index.to_path_buf(),
        jobs,
        rebuild: true,
        ..BuildOptions::default()
    };
    pipeline::build(&options, &Arc::new(Schema::embedded().unwrap()), &Silent).unwrap()
}

/// Returns the decoded texts of a corpus.
pub(crate) fn texts(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|kind| kind == "txt" || kind == "md")
            {
                let bytes = std::fs::read(&path).unwrap();
                let mut each = |text: zhengsou::model::SourceText| texts.push(text.text);
                let _ = zhengsou::read::read(&Origin::new("bench", &path), bytes, &mut each);
            }
        }
    }
    texts.sort();
    texts
}

/// A small generator of numbers (xorshift), so that every run draws the same.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    /// Returns a number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Draws pieces of Han characters of the given length out of texts.
pub(crate) fn pieces(texts: &[String], length: usize, count: usize, seed: u64) -> Vec<String> {
    let mut draw = Draw(seed);
    let mut pieces = Vec::new();
    while pieces.len() < count {
        let chars: Vec<char> = texts[draw.below(texts.len())].chars().collect();
        if chars.len() < length {
            continue;
        }
        let start = draw.below(chars.len() - length + 1);
        let piece = &chars[start..start + length];
        if piece
            .iter()
            .all(|character| ('\u{4e00}'..='\u{9fff}').contains(character))
        {
            pieces.push(piece.iter().collect());
        }
    }
    pieces
}

/// Runs `work` and returns its result and the microseconds it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let started = Instant::now();
    let result = work();
    (result, started.elapsed().as_secs_f64() * 1e6)
}

/// Returns the value below which a share of the values lies.
pub(crate) fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}

/// Returns the median.
pub(crate) fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}
