//! What each stage does in a second, one after the other, in bytes of the files: read, split, tag,
//! fold, words, print for near copies, write; then a verbatim match, facets, a fetch with snippets.
//!
//! The write side runs on one thread over 4 MB of the corpus, but `write` with one thread of the
//! library's beside it; the read side asks an index of the whole corpus 60 phrases a round.

#![expect(
    clippy::unwrap_used,
    reason = "a bench that cannot run says why by panicking"
)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use zhengsou::Engine;
use zhengsou::analyze::{Analyzer, Scratch};
use zhengsou::index::{Store, Writer};
use zhengsou::model::{FacetField, Matching, Report, SearchRequest, SourceText};
use zhengsou::near::Print;
use zhengsou::read::{self, Origin};
use zhengsou::schema::Schema;
use zhengsou::split::split;
use zhengsou::tag::tag;

/// Bytes of files for the write side.
const BYTES: usize = 4_000_000;
/// Memory of a writer, in bytes.
const MEMORY: u64 = 120_000_000;
const PHRASES: usize = 60;

/// The corpus's text files, up to [`BYTES`].
struct Material {
    files: Vec<(PathBuf, Vec<u8>)>,
    bytes: usize,
    texts: Vec<SourceText>,
    tagged: Vec<(String, Vec<Report>)>,
    folded: Vec<String>,
}

static SCHEMA: LazyLock<Arc<Schema>> = LazyLock::new(|| Arc::new(Schema::embedded().unwrap()));
static ANALYZER: LazyLock<Analyzer> = LazyLock::new(|| Analyzer::new(&SCHEMA));
static MATERIAL: LazyLock<Material> = LazyLock::new(material);
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap().keep();
    common::build(&common::corpus(), &folder, 0);
    let engine = Engine::open(&folder, Schema::embedded().unwrap()).unwrap();
    engine.prepare().unwrap();
    // The files stay readable while they are open; on Windows they stay until the system clears up.
    let _ = fs::remove_dir_all(&folder);
    engine
});
static QUERIES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let texts: Vec<String> = MATERIAL
        .texts
        .iter()
        .map(|source| source.text.clone())
        .collect();
    [2, 3, 4, 6, 8]
        .into_iter()
        .flat_map(|length| common::pieces(&texts, length, PHRASES / 5, length as u64))
        .collect()
});

fn main() {
    divan::main();
}

fn material() -> Material {
    let (mut files, mut bytes) = (Vec::new(), 0);
    let mut folders = vec![common::corpus()];
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<PathBuf> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
            } else if is_text(&path) && bytes < BYTES {
                let content = fs::read(&path).unwrap();
                bytes += content.len();
                files.push((path, content));
            }
        }
    }
    let texts: Vec<SourceText> = files
        .iter()
        .flat_map(|(path, content)| read_all(path, content.clone()))
        .collect();
    let tagged: Vec<(String, Vec<Report>)> = texts
        .iter()
        .map(|text| {
            let tagged = tag(text, split(text, &SCHEMA), &SCHEMA);
            (text.source.clone(), tagged.reports)
        })
        .collect();
    let passages = tagged
        .iter()
        .flat_map(|(_, reports)| reports)
        .flat_map(|report| &report.passages);
    let folded = passages
        .map(|passage| ANALYZER.fold(&passage.text))
        .collect();
    Material {
        files,
        bytes,
        texts,
        tagged,
        folded,
    }
}

fn is_text(path: &Path) -> bool {
    path.extension()
        .is_some_and(|kind| kind == "txt" || kind == "md")
}

fn read_all(path: &Path, content: Vec<u8>) -> Vec<SourceText> {
    let mut texts = Vec::new();
    let source = path.to_string_lossy();
    let mut each = |text| texts.push(text);
    read::read(&Origin::new(&source, path), content, &mut each).unwrap();
    texts
}

fn bytes() -> BytesCount {
    BytesCount::new(MATERIAL.bytes)
}

#[divan::bench_group(sample_count = 10, sample_size = 1)]
mod write_side {
    use super::*;

    #[divan::bench]
    fn a_read(bencher: Bencher<'_, '_>) {
        bencher.counter(bytes()).bench(|| {
            let files = MATERIAL.files.iter();
            let texts = files.flat_map(|(path, content)| read_all(path, content.clone()));
            texts.map(|text| text.text.len()).sum::<usize>()
        });
    }

    #[divan::bench]
    fn b_split(bencher: Bencher<'_, '_>) {
        bencher.counter(bytes()).bench(|| {
            let drafts = MATERIAL.texts.iter().map(|text| split(text, &SCHEMA));
            drafts.map(|split| split.reports.len()).sum::<usize>()
        });
    }

    #[divan::bench]
    fn c_tag(bencher: Bencher<'_, '_>) {
        let texts = &MATERIAL.texts;
        let drafts = || -> Vec<_> { texts.iter().map(|text| split(text, &SCHEMA)).collect() };
        let bencher = bencher.counter(bytes()).with_inputs(drafts);
        bencher.bench_values(|drafts| {
            let tagged = texts.iter().zip(drafts);
            let tagged = tagged.map(|(text, split)| tag(text, split, &SCHEMA));
            tagged.map(|tagged| tagged.reports.len()).sum::<usize>()
        });
    }

    #[divan::bench]
    fn d_fold(bencher: Bencher<'_, '_>) {
        bencher.counter(bytes()).bench(|| {
            let reports = MATERIAL.tagged.iter().flat_map(|(_, reports)| reports);
            let passages = reports.flat_map(|report| &report.passages);
            let folded = passages.map(|passage| ANALYZER.fold(&passage.text));
            folded.map(|text| text.len()).sum::<usize>()
        });
    }

    #[divan::bench]
    fn e_words(bencher: Bencher<'_, '_>) {
        let (mut scratch, mut words) = (Scratch::default(), Vec::new());
        bencher.counter(bytes()).bench_local(|| {
            let segmenter = ANALYZER.segmenter();
            let mut count = 0;
            for text in &MATERIAL.folded {
                segmenter.words_into(text, &mut scratch, &mut words);
                count += words.len();
            }
            count
        });
    }

    #[divan::bench]
    fn f_print(bencher: Bencher<'_, '_>) {
        bencher.counter(bytes()).bench(|| {
            let prints = MATERIAL.folded.iter().map(|text| Print::of(text));
            prints.fold(0, |sum, print| sum ^ print.fold)
        });
    }

    /// Folding, words and prints are in it, and the commit.
    #[divan::bench]
    fn g_write(bencher: Bencher<'_, '_>) {
        bencher
            .counter(bytes())
            .with_inputs(|| tempfile::tempdir().unwrap())
            .bench_values(|folder| {
                let store = Store::create(folder.path(), 1, &ANALYZER, &SCHEMA).unwrap();
                let mut writer = Writer::open(&store, 1, MEMORY).unwrap();
                for (source, reports) in &MATERIAL.tagged {
                    for report in reports {
                        writer.add(source, report, &ANALYZER).unwrap();
                    }
                }
                writer.commit().unwrap();
                writer.close().unwrap();
                folder
            });
    }
}

#[divan::bench_group(sample_count = 20, sample_size = 1)]
mod read_side {
    use super::*;

    /// Makes the index and the queries before anything is timed.
    fn queries() -> ItemsCount {
        LazyLock::force(&ENGINE);
        ItemsCount::new(QUERIES.len())
    }

    /// Asks every query, and returns how many passages were found.
    fn ask(facets: &[FacetField], limit: usize, snippet_chars: usize) -> u64 {
        let found = QUERIES.iter().map(|query| {
            let request = SearchRequest {
                query: query.clone(),
                mode: Matching::Verbatim,
                facets: facets.to_vec(),
                limit,
                snippet_chars,
                ..SearchRequest::default()
            };
            let response = ENGINE.search(&request).unwrap();
            assert!(response.total.passages > 0, "{query}");
            response.total.passages
        });
        found.sum()
    }

    #[divan::bench]
    fn a_match_and_count(bencher: Bencher<'_, '_>) {
        bencher.counter(queries()).bench(|| ask(&[], 0, 0));
    }

    #[divan::bench]
    fn b_five_facets(bencher: Bencher<'_, '_>) {
        const FACETS: [FacetField; 5] = [
            FacetField::Agency,
            FacetField::Region,
            FacetField::ReportYear,
            FacetField::Section,
            FacetField::ReportKind,
        ];
        bencher
            .counter(queries())
            .bench(|| ask(black_box(&FACETS), 0, 0));
    }

    #[divan::bench]
    fn c_ten_hits_with_snippets(bencher: Bencher<'_, '_>) {
        bencher.counter(queries()).bench(|| ask(&[], 10, 120));
    }
}
