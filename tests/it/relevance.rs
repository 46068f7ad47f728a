//! How good the answers are: `eval` over judged queries, ours and public ones, where the texts are
//! beside the project.
//!
//! `tests/golden/queries.tsv` holds 122 queries of the five things that readers do: look for
//! earlier wordings (旧提法), for who does or lacks something (谁做谁缺), for figures (查数字), count
//! terms (计词), find where a piece of text came from (找出处). `qrels.tsv` names what answers them,
//! as `source:line`, found by scans of every passage: the wording itself and the ways of writing it.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Ran, finish, zhengsou};

/// Sources of the judged set that are indexed here; all of them take too long for a test.
const SOURCES: [&str; 4] = [
    "国务院",
    "省自治区/江苏省",
    "省自治区/浙江省",
    "省自治区/湖北省",
];

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(path);
    path.exists().then_some(path)
}

fn golden(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// An index of some paths, and the files of one set.
struct Judged {
    folder: tempfile::TempDir,
}

impl Judged {
    fn new(paths: &[PathBuf], queries: &str, qrels: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("queries.tsv"), queries).unwrap();
        std::fs::write(folder.path().join("qrels.tsv"), qrels).unwrap();
        let judged = Judged { folder };
        let ran = finish(judged.command().arg("index").args(paths));
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        judged
    }

    fn command(&self) -> assert_cmd::Command {
        let mut command = zhengsou();
        command.arg("--index").arg(self.folder.path().join("index"));
        command
    }

    fn eval(&self, more: &[&str]) -> Ran {
        let mut command = self.command();
        command.arg("eval");
        for (option, file) in [("--queries", "queries.tsv"), ("--qrels", "qrels.tsv")] {
            command.arg(option).arg(self.folder.path().join(file));
        }
        finish(command.args(more))
    }

    /// Returns the figures, and the run file.
    fn figures(&self) -> (Value, String) {
        let run = self.folder.path().join("run.txt");
        let ran = self.eval(&["--format", "json", "--run", run.to_str().unwrap()]);
        assert!(ran.status < 2, "{}", ran.stderr);
        let run = std::fs::read_to_string(run).unwrap();
        (serde_json::from_str(&ran.stdout).unwrap(), run)
    }
}

fn figure(of: &Value, name: &str) -> f64 {
    of[name].as_f64().unwrap()
}

#[test]
fn every_use_finds_what_answers_it() {
    let (Some(reports), Some(seed)) = (shared("corpora/gov-reports"), shared("seed")) else {
        return;
    };
    let mut paths: Vec<PathBuf> = SOURCES.iter().map(|part| reports.join(part)).collect();
    paths.push(seed);
    let is_here = |line: &&str| {
        let place = line.split('\t').nth(1).unwrap();
        SOURCES.iter().any(|part| place.starts_with(part)) || place.starts_with("compilation")
    };
    let qrels = golden("qrels.tsv");
    // Each folder is indexed by itself, and cited from there on.
    let cited = |line: &str| line.replace("省自治区/", "");
    let here: Vec<String> = qrels.lines().filter(is_here).map(cited).collect();
    let judged = Judged::new(&paths, &golden("queries.tsv"), &here.join("\n"));
    let (figures, _) = judged.figures();
    // Success at 1 and recall among the first hundred. Of what is counted and of earlier wordings
    // nearly everything is found; a figure is written in more ways than a query names.
    let bounds = [
        ("旧提法", 0.88, 0.94),
        ("谁做谁缺", 0.72, 0.76),
        ("查数字", 0.88, 0.82),
        ("计词", 0.99, 0.99),
        ("找出处", 0.83, 0.99),
    ];
    let mut report = String::new();
    for class in figures["classes"].as_array().unwrap() {
        let _ = writeln!(report, "{class}");
    }
    for (class, success, recall) in bounds {
        let classes = figures["classes"].as_array().unwrap();
        let found = classes.iter().find(|one| one["class"] == class).unwrap();
        assert!(figure(found, "success@1") >= success, "{class}\n{report}");
        assert!(figure(found, "recall@100") >= recall, "{class}\n{report}");
    }
}

/// Questions as plain input over public sets, a sample of each: the bounds lie below what was
/// measured on all of them, by what a sample of this size may lose.
#[test]
fn questions_over_public_sets_find_their_passages() {
    for (set, every, bound) in [("cmrc2018", 16, 0.97), ("ncp_policy_passages", 5, 0.74)] {
        let Some(folder) = shared(&format!("ir/{set}")) else {
            continue;
        };
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        let queries = read("queries.dev.tsv");
        let sample: Vec<&str> = queries.lines().step_by(every).collect();
        let judged = Judged::new(
            &[folder.join("corpus.jsonl")],
            &sample.join("\n"),
            &read("qrels.dev.tsv"),
        );
        let (figures, run) = judged.figures();
        assert!(figures["queries"].as_u64().unwrap() >= 100);
        let mean = &figures["mean"];
        assert!(figure(mean, "ndcg@10") >= bound, "{set}: {mean}");
        // The run file says the same: each query's first answer stands where the figures have it.
        let mut first: HashMap<&str, Vec<&str>> = HashMap::new();
        for line in run.lines() {
            let columns: Vec<&str> = line.split(' ').collect();
            let [query, "Q0", document, rank, score, "zhengsou"] = columns[..] else {
                panic!("{line}")
            };
            let documents = first.entry(query).or_default();
            documents.push(document);
            assert_eq!(rank.parse::<usize>().unwrap(), documents.len(), "{line}");
            assert!(score.parse::<f32>().unwrap().is_finite(), "{line}");
        }
        for row in figures["per_query"].as_array().unwrap() {
            let found = first.get(row["id"].as_str().unwrap());
            let found = found.and_then(|documents| documents.first());
            assert_eq!(found.copied(), row["first_found"].as_str(), "{row}");
        }
    }
}

#[test]
fn records_keep_their_ids_and_losses_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus.jsonl");
    let records = "{\"id\":\"a 1\",\"title\":\"甲\",\"text\":\"发展特色农业，推进农产品加工。\"}\n\
                   {\"id\":\"b\",\"title\":\"乙\",\"text\":\"整治农村人居环境，改造厕所。\"}\n";
    std::fs::write(&corpus, records).unwrap();
    let judged = Judged::new(
        &[corpus],
        "q1\t农产品怎么加工\nq2\t如何改造厕所\nq3\t没有评判\n",
        "q1 0 a%201 1\nq2\tb\t1\n",
    );
    let (figures, run) = judged.figures();
    assert_eq!(
        (figures["queries"].as_u64(), figures["unjudged"].as_u64()),
        (Some(2), Some(1))
    );
    assert!(run.starts_with("q1 Q0 a%201 1 "), "{run}");
    assert_eq!(figure(&figures["mean"], "ndcg@10"), 1.0);
    let worse = Judged {
        folder: judged.folder,
    };
    std::fs::write(
        worse.folder.path().join("qrels.tsv"),
        "q1 0 b 1\nq2\tb\t1\n",
    )
    .unwrap();
    let ran = worse.eval(&["--lang", "en"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("queries that lose (the worst of 1: 1)"),
        "{}",
        ran.stdout
    );
}
