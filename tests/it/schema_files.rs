//! `index_schema/`: every file listed, embedded, in order, proved by its samples, and replaceable.
//!
//! What a file's own loader checks stands beside it in `src/schema/`; here stands what holds between
//! files, and that loading does refuse what breaks a rule.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use zhengsou::analyze::Analyzer;
use zhengsou::model::Level;
use zhengsou::schema::{Files, Schema};
use zhengsou::{Error, ErrorKind};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("index_schema")
}

/// Loads the schema with some files in the stead of the embedded ones.
fn with(files: &[(&str, &str)]) -> Result<Schema, Error> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    Schema::load(&Files::from_folder(folder.path())?)
}

#[test]
fn every_file_is_listed_and_embedded() {
    let mut on_disk = BTreeSet::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            on_disk.insert(name);
        }
    }
    let files = Files::embedded();
    let embedded: BTreeSet<String> = files.names().map(str::to_owned).collect();
    assert_eq!(embedded, on_disk);
    let readme = files.get("README.md");
    for name in files.names().filter(|name| *name != "README.md") {
        let row = format!("\n| {name} | ");
        assert!(readme.contains(&row), "the README does not list {name}");
        let text = std::fs::read_to_string(folder().join(name)).unwrap();
        assert_eq!(files.get(name), text, "{name}");
        assert!(text.ends_with('\n') && !text.contains('\r'), "{name}");
    }
}

#[test]
fn every_term_of_the_lexicon_is_cut_as_one_word() {
    let schema = Schema::embedded().unwrap();
    let analyzer = Analyzer::new(&schema);
    let mut cut = Vec::new();
    for (term, _) in schema.lexicon.terms() {
        let words = analyzer.words(term);
        if words != [analyzer.fold(term)] {
            cut.push(format!("{term}: {}", words.join(" / ")));
        }
    }
    assert!(cut.is_empty(), "{cut:#?}");
}

#[test]
fn every_region_lies_in_its_parent() {
    let regions = Schema::embedded().unwrap().regions;
    for region in regions.iter() {
        let digits = region.code.len() == 6 && region.code.bytes().all(|b| b.is_ascii_digit());
        assert!(digits, "{region:?}");
        let parent = region.parent.and_then(|id| regions.get(id));
        match (region.level, parent) {
            (Level::Province, None) => assert!(region.code.ends_with("0000"), "{region:?}"),
            (Level::City | Level::County, Some(parent)) => {
                assert!(parent.level < region.level, "{region:?} in {parent:?}");
                assert_eq!(region.path, format!("{}/{}", parent.path, region.name));
            }
            _ => panic!("{region:?} in {parent:?}"),
        }
    }
}

/// A sample that its rule does not match, or a counter that it does, is refused, and the message
/// names file and rule.
#[test]
fn a_rule_that_its_samples_disprove_is_refused() {
    let files = Files::embedded();
    let cases = [
        (
            "noise.toml",
            "samples = [\"- 3 -\"",
            "samples = [\"工作\"",
            "page_number",
        ),
        (
            "noise.toml",
            "counters = [\"2023\"",
            "counters = [\"- 3 -\"",
            "page_number",
        ),
        (
            "sections.toml",
            "samples = [\"名词解释\"",
            "samples = [\"工作\"",
            "其他",
        ),
        (
            "sections.toml",
            "counters = [\"附加值提升\"",
            "counters = [\"附件1\"",
            "其他",
        ),
        (
            "tags.toml",
            "samples = [\"紧紧围绕高质量发展目标\"",
            "samples = [\"甲\"",
            "author_verb",
        ),
        (
            "tags.toml",
            "counters = [\"的正确领导下\"",
            "counters = [\"坚持发展\"",
            "author_verb",
        ),
        (
            "redactions.toml",
            "实现DP320.5亿元 → 实现GDP",
            "实现DP320.5亿元 → 实现党",
            "GDP before a figure",
        ),
        (
            "redactions.toml",
            "counter = [\"采购DP2型设备\"",
            "counter = [\"实现DP3亿元\"",
            "GDP before a figure",
        ),
    ];
    for (file, from, to, rule) in cases {
        let text = files.get(file).replacen(from, to, 1);
        assert_ne!(text, files.get(file), "{file} holds no {from}");
        let error = with(&[(file, &text)]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Schema);
        for language in [zhengsou::model::Language::Zh, zhengsou::model::Language::En] {
            let message = error.message(language);
            assert!(
                message.contains(file) && message.contains(rule),
                "{file}: {message}"
            );
        }
    }
}

/// Every list that has an order refuses to be out of it, and refuses a line that stands twice.
#[test]
fn lists_out_of_order_are_refused() {
    let files = Files::embedded();
    for name in ["lexicon.tsv", "regions.csv", "synonyms.tsv", "variants.tsv"] {
        let lines: Vec<&str> = files.get(name).lines().collect();
        let last = lines.len() - 1;
        let mut swapped = lines.clone();
        swapped.swap(last, last - 1);
        let mut doubled = lines.clone();
        doubled.push(lines[last]);
        for broken in [swapped, doubled] {
            let error = with(&[(name, &(broken.join("\n") + "\n"))]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Schema, "{name}");
            assert!(error.to_string().contains(name), "{name}: {error}");
        }
    }
    for (name, table) in [
        ("agencies.toml", "[[agency]]"),
        ("fields.toml", "[[field]]"),
        ("tags.toml", "[[cue]]"),
    ] {
        let text = files.get(name);
        let entries: Vec<&str> = text.split(table).collect();
        let first = table.to_owned() + entries[1];
        let doubled = text.to_owned() + &first;
        let error = with(&[(name, &doubled)]).unwrap_err();
        assert!(error.to_string().contains(name), "{name}: {error}");
    }
}

/// One file of a folder replaces the embedded one, and asks for a new index only where it decides
/// about one.
#[test]
fn one_file_may_be_replaced() {
    let files = Files::embedded();
    let embedded = Schema::embedded().unwrap();
    for name in files.names() {
        let comment = match name.rsplit('.').next() {
            Some("csv") => "999999,某某省,省,,,,\n",
            Some("md") => "\nMore.\n",
            _ => "# More.\n",
        };
        let changed = format!("{}{comment}", files.get(name));
        let schema = with(&[(name, &changed)]).unwrap();
        let same = schema.fingerprint() == embedded.fingerprint();
        let later = [
            "README.md",
            "function_words.tsv",
            "ranking.toml",
            "synonyms.tsv",
        ];
        let decides = !later.contains(&name);
        assert_eq!(same, !decides, "{name}");
    }
    let windows = files.get("noise.toml").replace('\n', "\r\n");
    let schema = with(&[("noise.toml", &windows)]).unwrap();
    assert_eq!(
        schema.fingerprint(),
        embedded.fingerprint(),
        "line ends decide nothing"
    );

    let lexicon = "一刻钟试验圈\t5\n";
    let analyzer = Analyzer::new(&with(&[("lexicon.tsv", lexicon)]).unwrap());
    assert_eq!(analyzer.words("一刻钟试验圈"), ["一刻钟试验圈"]);
    assert!(Analyzer::new(&embedded).words("一刻钟试验圈").len() > 1);
}
