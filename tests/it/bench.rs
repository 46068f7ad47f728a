//! `bench` and `bench generate`: every class is measured with the right answers, comparisons, made
//! corpora that are read as reports.

use serde_json::Value;

use crate::support::{Ran, finish, zhengsou};

/// An index over a made corpus, with the folder that holds both.
fn made(bytes: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for args in [
        &["bench", "generate", "corpus", "--bytes", bytes][..],
        &["index", "corpus"],
    ] {
        let ran = run(&folder, args);
        assert_eq!(ran.status, 0, "{ran:?}");
    }
    folder
}

fn run(folder: &tempfile::TempDir, args: &[&str]) -> Ran {
    finish(zhengsou().current_dir(folder.path()).args(args))
}

fn json(ran: &Ran) -> Value {
    assert_eq!(ran.status, 0, "{ran:?}");
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn every_class_is_measured_and_compared() {
    let folder = made("600K");
    let args = ["bench", "--draw", "4", "--rounds", "2", "--format", "json"];
    let first = run(&folder, &args);
    let report = json(&first);
    let classes = report["classes"].as_array().unwrap();
    let names: Vec<&str> = classes
        .iter()
        .map(|class| class["name"].as_str().unwrap())
        .collect();
    let all: Vec<&str> = zhengsou::model::CLASSES
        .iter()
        .map(|class| class.name)
        .collect();
    assert_eq!(names, all);
    for class in classes {
        let count = class["queries"].as_array().unwrap().len();
        assert!(count > 0, "{class}");
        assert_eq!(class["medians"].as_array().unwrap().len(), count, "{class}");
        let warm = |name: &str| class["warm"][name].as_f64().unwrap();
        assert!(warm("p50") > 0.0 && warm("p50") <= warm("p95"), "{class}");
        assert!(
            warm("p95") <= warm("p99") && warm("p99") <= warm("max"),
            "{class}"
        );
        assert!(class["cold"]["p50"].as_f64().unwrap() > 0.0, "{class}");
    }
    let sum = |name: &str| -> u64 {
        let class = classes.iter().find(|class| class["name"] == name).unwrap();
        let found = class["found"].as_array().unwrap().iter();
        found.map(|found| found.as_u64().unwrap()).sum()
    };
    assert!(sum("phrase-2-common") >= sum("phrase-2-rare"));
    assert!(sum("phrase-16-rare") >= 4, "what was drawn is found");

    std::fs::write(folder.path().join("old.json"), &first.stdout).unwrap();
    let compared = run(
        &folder,
        &[
            "bench",
            "--draw",
            "4",
            "--rounds",
            "2",
            "--warm",
            "--class",
            "phrase-4",
            "--compare",
            "old.json",
            "--format",
            "json",
        ],
    );
    let report = json(&compared);
    let compared = report["compared"].as_array().unwrap();
    assert_eq!(compared.len(), 2, "common and rare");
    for class in compared {
        assert_eq!(
            class["paired"], true,
            "the same seed asks the same: {class}"
        );
        let (low, high) = (&class["interval"][0], &class["interval"][1]);
        assert!(low.as_f64().unwrap() <= high.as_f64().unwrap());
    }
    let text = run(
        &folder,
        &["bench", "--draw", "2", "--rounds", "1", "--class", "prefix"],
    );
    assert!(
        text.stdout.contains("prefix") && text.stdout.contains("前缀"),
        "{text:?}"
    );
}

#[test]
fn typed_queries_and_faults() {
    let folder = made("60K");
    std::fs::write(
        folder.path().join("q.txt"),
        "# 注\n问\t如何推进工作\n推进\n",
    )
    .unwrap();
    let report = json(&run(
        &folder,
        &[
            "bench",
            "--queries",
            "q.txt",
            "--rounds",
            "1",
            "--warm",
            "--format",
            "json",
        ],
    ));
    assert_eq!(report["classes"][0]["name"], "问");
    assert_eq!(report["classes"][1]["queries"][0], "推进");
    for (args, said) in [
        (&["bench", "--class", "colour"][..], "phrase-16-rare"),
        (&["bench", "--compare", "q.txt"], "q.txt"),
        (&["bench", "--queries", "none.txt"], "none.txt"),
        (&["bench", "generate", "corpus"], "空"),
    ] {
        let ran = run(&folder, args);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.stderr.contains(said), "{ran:?}");
        assert!(ran.stdout.is_empty());
    }
}

#[test]
fn made_reports_are_read_as_reports() {
    let folder = made("300K");
    let stats = json(&run(&folder, &["stats", "--format", "json"]));
    assert_eq!(stats["reports"], stats["sources"]);
    let exported = run(&folder, &["export"]);
    for line in exported.stdout.lines() {
        let passage: Value = serde_json::from_str(line).unwrap();
        assert_eq!(passage["region"], "北京市", "{passage}");
        assert!(
            passage["report_year"].as_u64().unwrap() >= 2003,
            "{passage}"
        );
        if passage["role"] != "称呼" {
            assert_ne!(passage["section_kind"], "其他", "{passage}");
        }
    }
}
