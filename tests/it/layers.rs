//! The architecture as a test: who may import whom, which crate may stand where.
//!
//! Imports across modules are written `crate::module::…`; this test reads them from the source
//! text, so it sees what is written, not what a macro makes. Unit tests are exempt: they may build
//! what they need with a neighbour.

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Each module of the library with what it may import besides itself. A longer path allows only
/// what lies below it.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("error", &["model"]),
    ("cancellation", &["error"]),
    ("schema", &["model", "error"]),
    ("read", &["model", "error", "schema"]),
    ("split", &["model", "error", "schema"]),
    (
        "tag",
        // What the stage before hands over.
        &[
            "model",
            "error",
            "schema",
            "split::Split",
            "split::ReportDraft",
            "split::Block",
            "split::BlockKind",
        ],
    ),
    ("analyze", &["model", "error", "schema"]),
    // What counts as a blank is one fact for texts and queries.
    ("query", &["model", "error", "schema", "analyze::fold"]),
    ("near", &["model", "error", "analyze"]),
    ("index", &["model", "error", "schema", "analyze", "near"]),
    (
        "plan",
        &[
            "model",
            "error",
            "schema",
            "analyze",
            "query",
            "index::fields",
        ],
    ),
    ("statistics", &[]),
    ("formulas", &["analyze"]),
    (
        "search",
        &[
            "model",
            "error",
            "cancellation",
            "schema",
            "analyze",
            "index",
            "plan",
            "statistics",
        ],
    ),
    (
        "pipeline",
        &[
            "model", "error", "schema", "read", "split", "tag", "analyze", "index",
        ],
    ),
    (
        "engine",
        &[
            "model",
            "error",
            "cancellation",
            "schema",
            "analyze",
            "near",
            "query",
            "index",
            "plan",
            "search",
            "statistics",
            "formulas",
        ],
    ),
    ("typed", &["model", "error", "query::concept"]),
    ("eval", &["model", "error"]),
    // It asks an open index as any other program would; what texts are made of comes from the schema.
    ("bench", &["model", "error", "schema", "analyze", "engine"]),
    ("present", &["model", "error"]),
    (
        "serve",
        &[
            "model",
            "error",
            "cancellation",
            "typed",
            "engine",
            "present",
        ],
    ),
];

/// Names at the crate's root with the module that they come from.
const REEXPORTS: &[(&str, &str)] = &[
    ("Error", "error"),
    ("ErrorKind", "error"),
    ("Result", "error"),
    ("Engine", "engine"),
    ("SearchRequest", "model"),
    ("SearchResponse", "model"),
    ("say", "present"),
];

/// Crates with the files and folders of `src/` that may name them.
const FENCES: &[(&str, &[&str])] = &[
    (
        "tantivy",
        &["index/", "search/", "engine.rs", "engine/snapshot.rs"],
    ),
    ("aho_corasick", &["bench/scan.rs"]),
    ("foldhash", &["index/words/plugin.rs"]),
    ("zstd", &["index/records/"]),
    ("rustix", &["bench/measure.rs"]),
    ("calamine", &["read/table/"]),
    ("html5ever", &["read/html/tree.rs"]),
    ("flate2", &["read/archive/", "read/pdf/unpack.rs"]),
    ("hayro_cmap", &["read/pdf/"]),
    ("hayro_syntax", &["read/pdf/"]),
    ("tar", &["read/archive/tar.rs"]),
    ("quick_xml", &["read/xml.rs"]),
    (
        "zip",
        &[
            "read/archive/zip.rs",
            "read/package.rs",
            "read/table/workbook.rs",
        ],
    ),
    ("argon2", &["serve/guard.rs"]),
    ("askama", &["serve/page/"]),
    ("axum", &["serve/"]),
    ("clap", &["bin/"]),
    ("clap_complete", &["bin/"]),
    ("ctrlc", &["bin/"]),
    ("hyper", &["serve/listen.rs", "serve/stream.rs"]),
    ("hyper_util", &["serve/listen.rs"]),
    ("indicatif", &["bin/"]),
    ("plotters", &["present/chart/"]),
    ("plotters_backend", &["present/chart/canvas.rs"]),
    ("png", &["present/chart/mod.rs"]),
    ("unifont_bitmap", &["present/chart/canvas.rs"]),
    ("rust_xlsxwriter", &["present/workbook.rs"]),
    ("similar", &["near/diff.rs"]),
    ("terminal_size", &["bin/"]),
    ("prometheus_client", &["serve/observe.rs"]),
    ("rmcp", &["serve/mcp/"]),
    ("tokio", &["serve/"]),
    ("tokio_rustls", &["serve/listen.rs", "serve/tls.rs"]),
    ("tower_http", &["serve/"]),
    ("anyhow", &["bin/"]),
    ("cfb", &["read/doc/", "read/table/legacy.rs"]),
];

/// A Rust file: its path below the package, `/` between parts, and its text.
struct Source {
    path: String,
    text: String,
}

fn sources(folder: &str) -> Vec<Source> {
    fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, paths);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                paths.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(&root.join(folder), &mut paths);
    paths.retain(|path| path.file_name().is_none_or(|name| name != "tests.rs"));
    paths.sort();
    paths
        .into_iter()
        .map(|path| Source {
            path: path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/"),
            text: std::fs::read_to_string(&path).unwrap(),
        })
        .collect()
}

/// Returns the text without its unit tests and with comments blanked, so that lines keep their
/// numbers.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let tests = text.find("#[cfg(test)]\nmod tests {");
    for line in text[..tests.unwrap_or(text.len())].lines() {
        if !line.trim_start().starts_with("//") {
            code.push_str(line);
        }
        code.push('\n');
    }
    code
}

/// Returns the paths after `crate::` with their lines (1-based); `crate::{a, b::{c, d}}` gives
/// three.
fn imports(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, root) in code.match_indices("crate::") {
        let line = code[..at].matches('\n').count() + 1;
        let mut paths = Vec::new();
        expand("", &code[at + root.len()..], &mut paths);
        found.extend(paths.into_iter().map(|path| (line, path)));
    }
    found
}

/// Adds the paths that a text begins with, brace groups spelled out.
fn expand(prefix: &str, text: &str, paths: &mut Vec<String>) {
    let text = text.trim_start();
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let end = text.find(|c| !is_path(c)).unwrap_or(text.len());
    let path = format!("{prefix}{}", &text[..end]);
    match text[end..].strip_prefix('{') {
        Some(group) => {
            for part in top_level(group) {
                expand(&path, part, paths);
            }
        }
        None if path.is_empty() || end == 0 => {}
        None => paths.push(path),
    }
}

/// Returns the parts of a brace group between its outermost commas.
fn top_level(group: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&group[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts
}

/// Returns the module whose file this is, `None` for `lib.rs` and the binary.
fn module(path: &str) -> Option<&str> {
    let below = path.strip_prefix("src/")?;
    let name = below.split(['/', '.']).next()?;
    (name != "lib" && name != "bin").then_some(name)
}

fn is_allowed(module: &str, import: &str) -> bool {
    let first = import.split("::").next().unwrap_or(import);
    let home = REEXPORTS.iter().find(|(name, _)| *name == first);
    let path = home.map_or(import, |(_, home)| home);
    let within = |allowed: &str| {
        path.strip_prefix(allowed)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    let row = MAY_IMPORT.iter().find(|(name, _)| *name == module);
    within(module) || row.is_some_and(|(_, allowed)| allowed.iter().any(|path| within(path)))
}

#[test]
fn modules_import_only_what_stands_below_them() {
    let mut faults = String::new();
    for source in sources("src") {
        let Some(module) = module(&source.path) else {
            continue;
        };
        let code = code_of(&source.text);
        for (line, import) in imports(&code) {
            if !is_allowed(module, &import) {
                let path = &source.path;
                let _ = writeln!(
                    faults,
                    "{path}:{line}: `{module}` may not import `{import}`"
                );
            }
        }
        for (number, line) in (1..).zip(code.lines()) {
            if line.contains("super::super::") {
                let path = &source.path;
                let _ = writeln!(faults, "{path}:{number}: write `crate::…` across modules");
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn every_module_has_its_row() {
    for source in sources("src") {
        if let Some(module) = module(&source.path) {
            let known = MAY_IMPORT.iter().any(|(name, _)| *name == module);
            assert!(
                known,
                "{}: `{module}` has no row in MAY_IMPORT",
                source.path
            );
        }
    }
}

#[test]
fn crates_stay_behind_their_fences() {
    let mut faults = String::new();
    for source in sources("src") {
        let below = source.path.trim_start_matches("src/");
        for (number, line) in (1..).zip(code_of(&source.text).lines()) {
            for (name, places) in FENCES {
                let is_inside = places.iter().any(|place| below.starts_with(place));
                if names_crate(line, name) && !is_inside {
                    let path = &source.path;
                    let _ = writeln!(faults, "{path}:{number}: `{name}` belongs in {places:?}");
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

fn names_crate(line: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = &line[at + name.len()..];
        !before.is_some_and(|c| is_word(c) || c == ':' || c == '"')
            && (after.starts_with("::") || line.trim_start().starts_with("use ") && after == ";")
    })
}

#[test]
fn every_file_says_what_it_is() {
    for source in sources("src").iter().chain(&sources("tests")) {
        let path = &source.path;
        assert!(
            source.text.starts_with("//! "),
            "{path}: no `//!` at its top"
        );
    }
}

#[test]
fn imports_are_read() {
    let cases: &[(&str, &[&str])] = &[
        ("use crate::model::Report;", &["model::Report"]),
        (
            "let x = crate::error::Error::new();",
            &["error::Error::new"],
        ),
        (
            "use crate::{\n    model::{Report, Passage},\n    error,\n};",
            &["model::Report", "model::Passage", "error"],
        ),
        ("// use crate::index;", &[]),
        ("/// See [`x`](crate::index).", &[]),
        ("use super::fold;", &[]),
    ];
    for (code, expected) in cases {
        let found: Vec<_> = imports(&code_of(code))
            .into_iter()
            .map(|(_, path)| path)
            .collect();
        assert_eq!(found, *expected, "{code}");
    }
}

#[test]
fn rules_are_applied() {
    let cases = [
        ("plan", "index::fields::Fields", true),
        ("plan", "index::writer::Writer", false),
        ("plan", "index", false),
        ("present", "SearchResponse", true),
        ("present", "Engine", false),
        ("split", "tag::Rules", false),
        ("tag", "split::Block", true),
        ("tag", "split::headings::Headings", false),
        ("split", "split::headings", true),
        ("nowhere", "model", false),
    ];
    for (module, import, expected) in cases {
        assert_eq!(is_allowed(module, import), expected, "{module}: {import}");
    }
    assert!(names_crate("use tantivy::Index;", "tantivy"));
    assert!(names_crate("    tantivy::Index::open()", "tantivy"));
    assert!(!names_crate("mod tantivy_like;", "tantivy"));
    assert!(!names_crate("crate::tantivy::x", "tantivy"));
}

#[test]
fn the_map_names_files_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let map = include_str!("../../ARCHITECTURE.md");
    let named = map.split('`').filter(|word| {
        ["src/", "tests/", "index_schema/"]
            .iter()
            .any(|top| word.starts_with(top))
    });
    let missing: Vec<_> = named.filter(|path| !root.join(path).exists()).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md: {missing:?}");
}
