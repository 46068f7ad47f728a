//! Tables and charts that a paper can print:
//!
//! 1. the same stamp gives the same bytes, whatever threads, segments and order of files;
//! 2. a panel of provinces and years is what a regular expression counts in the exported text;
//! 3. a slogan has its first year, and its chart is drawn.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;
use zhengsou::query::concept;

use crate::support::{Ran, finish, zhengsou};

/// Runs the binary over an index.
pub(crate) fn over(index: &Path, args: &[&str]) -> Ran {
    let ran = finish(zhengsou().arg("--index").arg(index).args(args));
    assert_eq!(ran.status, 0, "{args:?}: {}", ran.stderr);
    ran
}

/// Builds an index of paths with the binary.
pub(crate) fn indexed(paths: &[PathBuf], jobs: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut command = zhengsou();
    command
        .arg("--index")
        .arg(folder.path())
        .arg("index")
        .args(["--jobs", jobs, "-q"]);
    let ran = finish(command.args(paths));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    folder
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Copies the files of a folder that are wanted into another.
fn copy(from: &Path, to: &Path, wanted: &dyn Fn(&Path) -> bool) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copied = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &copied, wanted),
            false if wanted(&path) => drop(std::fs::copy(&path, &copied).unwrap()),
            false => {}
        }
    }
}

#[test]
fn the_same_stamp_gives_the_same_bytes() {
    let samples = root().join("data_samples");
    let folder = tempfile::tempdir().unwrap();
    let reports = folder.path().join("reports");
    let is_early = |path: &Path| path.to_string_lossy().contains("部门");
    copy(&samples, &reports, &is_early);
    // The same files in two runs with one thread, and in one run with two.
    let parts = indexed(std::slice::from_ref(&reports), "1");
    copy(&samples, &reports, &|path| !is_early(path));
    let mut again = zhengsou();
    again
        .arg("--index")
        .arg(parts.path())
        .args(["index", "-q"])
        .arg(&reports);
    assert_eq!(finish(&mut again).status, 0);
    let whole = indexed(&[reports], "2");
    let commands: [&[&str]; 5] = [
        &[
            "count",
            "乡村振兴",
            "的",
            "--by",
            "year,agency",
            "--format",
            "csv",
        ],
        &[
            "count",
            "乡村振兴",
            "--by",
            "province,year",
            "--layout",
            "cross",
            "--format",
            "json",
        ],
        &[
            "trend",
            "乡村振兴",
            "--smooth",
            "3",
            "--band",
            "--format",
            "jsonl",
        ],
        &[
            "kwic", "发展", "--sample", "20", "--sort", "left", "--format", "csv",
        ],
        &[
            "kwic", "发展", "--sort", "year", "--copies", "once", "--format", "text",
        ],
    ];
    for args in commands {
        let args: Vec<&str> = args
            .iter()
            .chain(&["--date", "2026-11-27"])
            .copied()
            .collect();
        let one = over(whole.path(), &args);
        let mut alone = zhengsou();
        alone
            .env("RAYON_NUM_THREADS", "1")
            .arg("--index")
            .arg(parts.path());
        let other = finish(alone.args(&args));
        assert_eq!(one.stdout, other.stdout, "{args:?}");
        assert!(one.stdout.contains("2026-11-27"));
    }
}

/// Reports of provinces of every third year from 2003 to 2026, and of all 31 of 2025.
pub(crate) struct Provinces {
    pub(crate) index: tempfile::TempDir,
    /// Its passages as they are exported.
    pub(crate) passages: Vec<serde_json::Value>,
}

/// Returns `None` where the reports are not beside the project.
pub(crate) fn provinces() -> Option<&'static Provinces> {
    static PROVINCES: OnceLock<Option<Provinces>> = OnceLock::new();
    let make = || {
        let shared = root().join("../shared/corpora");
        let all = shared.join("gov-reports/省自治区");
        let documents = shared.join("prov2025-docx");
        if !all.is_dir() || !documents.is_dir() {
            return None;
        }
        // Where a report lies tells whose it is: the names of files hold the year only.
        let folder = tempfile::tempdir().unwrap();
        let reports = folder.path().join("省自治区");
        copy(&all, &reports, &|path| {
            let year = path
                .file_stem()
                .and_then(|year| year.to_str()?.parse::<u32>().ok());
            year.is_some_and(|year| year >= 2003 && year % 3 == 2)
        });
        copy(&documents, &reports.join("2025"), &|path| {
            path.extension().is_some_and(|end| end == "docx")
        });
        let index = indexed(&[reports], "2");
        let exported = over(index.path(), &["export", "-q"]);
        let lines = exported.stdout.lines();
        let passages = lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        Some(Provinces { index, passages })
    };
    PROVINCES.get_or_init(make).as_ref()
}

/// Reads CSV below its stamp, by column.
fn csv_rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

#[test]
fn a_panel_is_what_regular_expressions_count() {
    let Some(provinces) = provinces() else {
        return;
    };
    let list = root().join("examples/环境.txt");
    let concepts = concept::list(&std::fs::read_to_string(&list).unwrap()).unwrap();
    assert!(concepts.len() >= 15);
    let list = list.to_str().unwrap();
    let args = [
        "count",
        "--terms",
        list,
        "--by",
        "province,report_year",
        "--level",
        "省",
    ];
    let filters = ["--report-year", "2003..2026", "--format", "csv"];
    let ran = over(provinces.index.path(), &[&args[..], &filters].concat());
    let rows = csv_rows(&ran.stdout);

    // The texts by province and year, without blanks, as they were exported.
    let mut texts: BTreeMap<(String, String), Vec<(String, String)>> = BTreeMap::new();
    for passage in &provinces.passages {
        let field = |name: &str| passage[name].as_str().unwrap_or_default().to_owned();
        let year = passage["report_year"].as_i64().unwrap_or(0);
        if field("level") == "省" && (2003..=2026).contains(&year) {
            let text = field("text").replace(char::is_whitespace, "");
            let region = field("region");
            let province = region.split('/').next().unwrap().to_owned();
            let slice = texts.entry((province, year.to_string())).or_default();
            slice.push((field("report_id"), text));
        }
    }
    let names: BTreeSet<&String> = texts.keys().map(|(province, _)| province).collect();
    assert_eq!(names.len(), 31, "{names:?}");
    let years: BTreeSet<&String> = rows.iter().map(|row| &row["report_year"]).collect();
    assert_eq!(rows.len(), concepts.len() * 31 * years.len());
    assert_eq!(
        years.len(),
        23,
        "2003 to 2025 without gaps; none of 2026 among every third"
    );

    for concept in &concepts {
        // At one place the longest word is tried first; an exception takes the place of its words.
        let mut words: Vec<&String> = concept.words.iter().chain(&concept.except).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let words: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
        let words = regex::Regex::new(&format!("(?i-u:){}", words.join("|"))).unwrap();
        for row in rows.iter().filter(|row| row["term"] == concept.name) {
            let slice = (row["province"].clone(), row["report_year"].clone());
            let what = format!("{} {slice:?}", concept.name);
            let Some(passages) = texts.get(&slice) else {
                assert_eq!(row["occurrences"], "", "{what}");
                assert_eq!(row["slice_characters"], "", "{what}");
                continue;
            };
            let mut scanned = [0, 0];
            let mut reports: BTreeSet<&str> = BTreeSet::new();
            let mut characters = 0;
            for (report, text) in passages {
                let found = words.find_iter(text);
                let count = found
                    .filter(|found| !concept.except.iter().any(|word| word == found.as_str()))
                    .count();
                scanned[0] += count;
                scanned[1] += usize::from(count > 0);
                if count > 0 {
                    reports.insert(report);
                }
                // ㎡ is two characters, ℃ one.
                let letters = text.nfkc().filter(|letter| letter.is_alphanumeric());
                characters += letters.count();
            }
            let found: [usize; 2] =
                ["occurrences", "passages"].map(|name| row[name].parse().unwrap());
            assert_eq!(found, scanned, "{what}");
            assert_eq!(row["reports"], reports.len().to_string(), "{what}");
            let counted: usize = row["slice_characters"].parse().unwrap();
            assert_eq!(counted, characters, "{what}");
            let rate: f64 = row["per_10k_characters"].parse().unwrap();
            let expected = scanned[0] as f64 * 10_000.0 / characters as f64;
            assert!((rate - expected).abs() < 1e-9, "{what}");
        }
    }
}

#[test]
fn a_slogan_has_its_first_year_and_its_chart() {
    let Some(provinces) = provinces() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (svg, png) = (
        folder.path().join("趋势.svg"),
        folder.path().join("趋势.png"),
    );
    let chart = |path: &Path| path.to_str().unwrap().to_owned();
    let ran = over(
        provinces.index.path(),
        &[
            "trend",
            "乡村振兴",
            "--by",
            "report_year",
            "--chart",
            &chart(&svg),
            "--chart",
            &chart(&png),
            "--format",
            "json",
        ],
    );
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    // The slogan is of October 2017.
    assert_eq!(answer["series"][0]["first"], 2018);
    assert!(std::fs::read(&png).unwrap().starts_with(b"\x89PNG"));
    assert!(std::fs::read_to_string(&svg).unwrap().contains("乡村振兴"));
    let beside = std::fs::read_to_string(folder.path().join("趋势.csv")).unwrap();
    let rows = csv_rows(&beside);
    let occurrences = |row: &BTreeMap<String, String>| row["occurrences"].parse().unwrap_or(0);
    let sum: u64 = rows.iter().map(occurrences).sum();
    assert_eq!(answer["series"][0]["total"]["occurrences"], sum);
    assert!(sum > 100);
}
