//! The commands over a small index: what goes where, in which form, with which exit status.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Ran, finish, golden, zhengsou};

/// A report with two sections, for headings and neighbours.
const REPORT: &str = "\
县卫健委2023年工作总结和2024年工作计划

一、2023年工作总结
（一）公共卫生。全年家庭医生签约12万人，乡村振兴重点人群应签尽签。
（二）医保服务。异地就医备案全部网上办理。

二、2024年工作计划
继续做好巩固拓展脱贫攻坚成果同乡村振兴有效衔接。
";

/// Records whose tags are given.
const RECORDS: &str = r#"{"id":"a1","title":"甲县农业农村局2022年工作总结","agency":"农业农村局","region":"江苏省/南京市","year":2022,"text":"乡村振兴稳步推进，\"三农\"工作再上台阶。"}
{"id":"a2","title":"乙县教育局2021年工作总结","agency":"教育局","region":"浙江省/杭州市","year":2021,"text":"职业教育服务乡村振兴。"}
"#;

/// A folder of reports and the index over it.
struct Corpus {
    folder: tempfile::TempDir,
}

impl Corpus {
    /// Writes the reports without indexing them.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let reports = folder.path().join("reports");
        std::fs::create_dir(&reports).unwrap();
        std::fs::write(reports.join("county.txt"), REPORT).unwrap();
        std::fs::write(reports.join("records.jsonl"), RECORDS).unwrap();
        Corpus { folder }
    }

    /// Writes and indexes the reports.
    fn indexed() -> Self {
        let corpus = Corpus::new();
        let ran = corpus.run(["index", "reports"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        corpus
    }

    fn command(&self) -> assert_cmd::Command {
        let mut command = zhengsou();
        command.current_dir(self.folder.path());
        command
    }

    fn run<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Ran {
        finish(self.command().args(args))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns the hits of a search as JSON.
    fn hits(&self, query: &str) -> Vec<Value> {
        let ran = self.run(["search", query, "--format", "jsonl"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        json_lines(&ran.stdout)
    }
}

fn json_lines(text: &str) -> Vec<Value> {
    let read = |line| serde_json::from_str(line).unwrap();
    text.lines().map(read).collect()
}

#[test]
fn index_says_what_it_did_on_stderr_only() {
    let corpus = Corpus::new();
    let first = corpus.run(["index", "reports", "--report", "details.jsonl"]);
    assert_eq!((first.status, first.stdout.as_str()), (0, ""));
    assert!(
        first.stderr.contains("索引在 .zhengsou"),
        "{}",
        first.stderr
    );

    let details = std::fs::read_to_string(corpus.path("details.jsonl")).unwrap();
    let mut sources: Vec<_> = json_lines(&details)
        .iter()
        .map(|line| (line["source"].to_string(), line["reports"].to_string()))
        .collect();
    sources.sort();
    let expected = [
        ("\"reports/county.txt\"", "1"),
        ("\"reports/records.jsonl\"", "2"),
    ];
    assert_eq!(sources, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));

    let again = corpus.run(["index", "reports", "--quiet"]);
    assert_eq!(
        again,
        Ran {
            status: 0,
            stdout: String::new(),
            stderr: String::new()
        }
    );
}

#[test]
fn a_dry_run_writes_nothing() {
    let corpus = Corpus::new();
    let ran = corpus.run(["index", "reports", "--dry-run"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(!corpus.path(".zhengsou").exists());
}

#[test]
fn a_file_that_fails_is_named_and_the_rest_is_indexed() {
    let corpus = Corpus::new();
    std::fs::write(corpus.path("reports/broken.jsonl"), "{oops\n").unwrap();
    let ran = corpus.run(["index", "reports", "--quiet"]);
    assert_eq!(ran.status, 1);
    assert!(
        ran.stderr.contains("失败：reports/broken.jsonl："),
        "{}",
        ran.stderr
    );
    assert_eq!(corpus.hits("“乡村振兴”").len(), 4);
}

#[test]
fn errors_end_with_2_and_say_what_to_do() {
    let corpus = Corpus::new();
    let missing = corpus.run(["search", "乡村振兴"]);
    assert_eq!((missing.status, missing.stdout.as_str()), (2, ""));
    assert!(missing.stderr.contains("提示："), "{}", missing.stderr);

    let corpus = Corpus::indexed();
    let cases: &[(&[&str], &str)] = &[
        (&["index", "nowhere"], "错误：nowhere：找不到文件或文件夹"),
        (&["search", "乡村 AND (教育"], "错误：括号没有闭合"),
        (
            &["search", "--agency", "不存在的局"],
            "错误：索引里没有这个部门：不存在的局",
        ),
        (
            &["show", "0123456789abcdef"],
            "错误：索引里没有编号为 '0123456789abcdef' 的段落或报告",
        ),
        (&["show", "x"], "错误：索引里没有编号为 'x' 的段落或报告"),
        (
            &["export", "--output", "no/such/folder"],
            "错误：无法写入 --output 指定的文件：no/such/folder：找不到文件或文件夹",
        ),
        (&["stats", "--schema", "nowhere"], "错误：nowhere"),
    ];
    for (args, message) in cases {
        let ran = corpus.run(args.iter().copied());
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{args:?}");
        assert!(ran.stderr.starts_with(message), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn carets_stand_under_what_cannot_be_read() {
    let ran = Corpus::indexed().run(["search", "乡村 AND (教育"]);
    let lines: Vec<_> = ran.stderr.lines().collect();
    assert_eq!(lines[1..3], ["  乡村 AND (教育", "           ^"]);
}

#[test]
fn answers_for_reading() {
    let corpus = Corpus::indexed();
    let searches: &[&[&str]] = &[
        &["乡村振兴", "--facets", "年份,region"],
        &[
            "乡村振兴",
            "--year",
            "2021..2022",
            "--sort",
            "-year",
            "--limit",
            "1",
        ],
        &["“脱贫攻坚成果同乡村”", "--lang", "en"],
        &["没有这样的话"],
        &["", "--agency", "!教育局", "--all"],
    ];
    let mut shown = String::new();
    for args in searches {
        let ran = corpus.run(["search"].into_iter().chain(args.iter().copied()));
        assert_eq!(ran.status, 0, "{ran:?}");
        shown += &format!("$ zhengsou search {}\n{}\n", args.join(" "), ran.stdout);
    }
    golden("search", &without_times(&shown));
}

/// Replaces what differs from run to run.
fn without_times(text: &str) -> String {
    let mut kept = String::new();
    for line in text.lines() {
        let timed = line
            .strip_suffix(" 毫秒")
            .or_else(|| line.strip_suffix(" ms"))
            .map(|line| line.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.'));
        match timed {
            Some(rest) => kept += &format!("{rest}[TIME]\n"),
            None => kept += &format!("{line}\n"),
        }
    }
    kept
}

#[test]
fn a_wording_is_found_in_every_form() {
    let corpus = Corpus::indexed();
    let wording = "做好巩固拓展脱贫攻坚成果同乡村振兴有效衔接";
    let read = corpus.run(["similar", wording]);
    assert_eq!(read.status, 0, "{read:?}");
    for line in [
        "共 1 段，1 份报告",
        "历年：2023 ×1（1.00）",
        "    重合 1.00，最长相同 21 字，一字不差",
        "    继续做好巩固拓展脱贫攻坚成果同乡村振兴有效衔接。",
    ] {
        assert!(read.stdout.contains(line), "{line} in {}", read.stdout);
    }
    let ran = corpus.run(["similar", wording, "--format", "jsonl"]);
    let [hit] = json_lines(&ran.stdout).try_into().unwrap();
    assert_eq!(hit["overlap"], 1.0);
    assert_eq!(hit["highlights"], serde_json::json!([[2, 23]]));
    let id = hit["id"].as_str().unwrap();
    let by_id = corpus.run(["similar", id, "--lang", "en"]);
    assert!(
        by_id.stdout.contains("nothing like it was found"),
        "{}",
        by_id.stdout
    );
    let ran = corpus.run(["similar", wording, "--format", "json"]);
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(answer["total"]["passages"], 1);
    let csv = corpus.run(["similar", wording, "--format", "csv", "--bom"]);
    let mut lines = csv.stdout.lines();
    let head = lines.next().unwrap();
    assert!(head.starts_with('\u{feff}') && head.ends_with("jaccard,longest,years_later"));
    assert_eq!(lines.count(), 1);
    let piped = finish(corpus.command().args(["similar", "-"]).write_stdin(wording));
    assert_eq!(without_times(&piped.stdout), without_times(&read.stdout));
    let none = corpus.run(["similar", wording, "--year", "2021"]);
    assert_eq!(none.status, 0);
    assert!(
        none.stdout.contains("没有找到相近的说法"),
        "{}",
        none.stdout
    );
    let short = corpus.run(["similar", "乡村"]);
    assert_eq!((short.status, short.stdout.as_str()), (2, ""));
    assert!(short.stderr.contains("提示：短语请用"), "{}", short.stderr);
}

#[test]
fn related_terms_in_every_form() {
    let corpus = Corpus::indexed();
    let ask = |more: &[&'static str]| {
        let args = ["related", "“签约”", "--least", "1"];
        let ran = corpus.run(args.into_iter().chain(more.iter().copied()));
        assert_eq!(ran.status, 0, "{ran:?}");
        ran.stdout
    };
    let text = ask(&[]);
    assert!(text.contains("1 段与全库 5 段对比"), "{text}");
    assert!(text.contains("重点人群"), "{text}");
    let terms = json_lines(&ask(&["--format", "jsonl", "--measure", "log-dice"]));
    let family = terms
        .iter()
        .find(|term| term["term"] == "重点人群")
        .unwrap();
    assert_eq!(family["log_dice"], 14.0);
    let csv = ask(&["--format", "csv", "-n", "1"]);
    assert!(
        csv.starts_with("term,matches,passages,log_likelihood,log_dice\n"),
        "{csv}"
    );
    assert_eq!(csv.lines().count(), 2);
    let answer: Value = serde_json::from_str(&ask(&["--format", "json"])).unwrap();
    assert_eq!(
        (&answer["matches"], &answer["passages"]),
        (&1.into(), &5.into())
    );
    let all = corpus.run(["related", "--lang", "en"]);
    assert!(
        all.stdout.contains("nothing to hold it against"),
        "{}",
        all.stdout
    );
}

#[test]
fn facets_are_searched_by_their_values() {
    let corpus = Corpus::indexed();
    let ask = |facets: &str| {
        let ran = corpus.run([
            "search",
            "--facets",
            facets,
            "-n",
            "0",
            "--facet-limit",
            "1",
        ]);
        assert_eq!(ran.status, 0, "{ran:?}");
        ran.stdout
    };
    let found = ask("agency=卫健委");
    assert!(
        found.contains("卫生健康委员会") && !found.contains("教育局"),
        "{found}"
    );
    assert!(ask("部门=农业").contains("农业农村局"));
    assert!(ask("agency=教育居").contains("相近的有：教育局"));
    assert!(ask("agency").contains("另有 2 个"));
    let place = corpus.run(["search", "乡村 部门：教育居", "--lang", "en"]);
    let lines: Vec<_> = place.stderr.lines().collect();
    assert_eq!(place.status, 2);
    assert_eq!(
        lines[1..3],
        ["  乡村 部门：教育居", "             ^^^^^^"],
        "{lines:?}"
    );
}

#[test]
fn the_json_answer_has_the_shape_of_the_contract() {
    let corpus = Corpus::indexed();
    let args = [
        "search",
        "乡村振兴",
        "--format",
        "json",
        "--facets",
        "agency,year",
    ];
    let ran = corpus.run(args);
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    let keys: Vec<_> = answer.as_object().unwrap().keys().cloned().collect();
    let expected = [
        "query",
        "understood",
        "notes",
        "total",
        "hits",
        "facets",
        "took_ms",
        "index",
    ];
    assert_eq!(keys, expected);
    assert_eq!(answer["total"]["passages"], 4);
    assert_eq!(
        answer["facets"]["agency"][0]["count"], 2,
        "{}",
        answer["facets"]
    );
    assert_eq!(ran.stdout.lines().count(), 1, "a pipe gets one line");
}

#[test]
fn hits_carry_the_fields_of_the_contract() {
    let fields = "id source line report_id report_title report_kind agency agency_raw system level \
        region report_year date section_path section_kind year text score snippet highlights \
        dup_count dup_ids";
    let hits = Corpus::indexed().hits("“乡村振兴”");
    assert_eq!(hits.len(), 4);
    for hit in hits {
        for field in fields.split_whitespace() {
            assert!(hit.get(field).is_some(), "{field}: {hit}");
        }
        let text: Vec<char> = hit["text"].as_str().unwrap().chars().collect();
        for pair in hit["highlights"].as_array().unwrap() {
            let at = |index: usize| pair[index].as_u64().unwrap() as usize;
            let marked: String = text[at(0)..at(1)].iter().collect();
            assert_eq!(marked, "乡村振兴");
        }
    }
}

#[test]
fn every_form_of_export_holds_the_same_passages() {
    let corpus = Corpus::indexed();
    let lines = corpus.run(["export", "--quiet"]);
    assert_eq!((lines.status, lines.stderr.as_str()), (0, ""));
    let texts: BTreeSet<String> = json_lines(&lines.stdout)
        .iter()
        .map(|passage| passage["text"].as_str().unwrap().to_owned())
        .collect();
    assert!(texts.contains("乡村振兴稳步推进，\"三农\"工作再上台阶。"));

    let table = corpus.run(["export", "--format", "csv", "--bom"]);
    let table = table.stdout.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let column = reader
        .headers()
        .unwrap()
        .iter()
        .position(|name| name == "text")
        .unwrap();
    let cells: BTreeSet<String> = reader
        .records()
        .map(|row| row.unwrap()[column].to_owned())
        .collect();
    assert_eq!(cells, texts);

    corpus.run(["export", "--output", "out.jsonl"]);
    assert_eq!(
        std::fs::read_to_string(corpus.path("out.jsonl")).unwrap(),
        lines.stdout
    );

    let stats = corpus.run(["stats", "--format", "json"]);
    let stats: Value = serde_json::from_str(&stats.stdout).unwrap();
    assert_eq!(
        stats["passages"].as_u64().unwrap() as usize,
        lines.stdout.lines().count()
    );
}

#[test]
fn show_a_passage_an_outline_a_report() {
    let corpus = Corpus::indexed();
    let hit = &corpus.hits("“异地就医”")[0];
    let id = hit["id"].as_str().unwrap();
    let report = hit["report_id"].as_str().unwrap();

    let passage = corpus.run(["show", id]);
    assert!(
        passage.stdout.contains("\n> 异地就医备案全部网上办理。\n"),
        "{}",
        passage.stdout
    );
    assert!(passage.stdout.contains("应签尽签"), "{}", passage.stdout);

    let outline = corpus.run(["show", report]);
    assert!(
        outline.stdout.contains("（二）医保服务"),
        "{}",
        outline.stdout
    );
    assert_eq!(corpus.run(["show", id, "--outline"]), outline);

    let full = corpus.run(["show", report, "--full", "--format", "json"]);
    let full: Value = serde_json::from_str(&full.stdout).unwrap();
    assert_eq!(full["passages"].as_array().unwrap().len(), 3);
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let corpus = Corpus::indexed();
    for args in [
        &["export"][..],
        &["search", "乡村振兴"],
        &["search", "", "--all"],
        &["stats"],
    ] {
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("zhengsou"));
        command
            .args(args)
            .args(["--quiet", "--index"])
            .arg(corpus.path(".zhengsou"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    }
}

#[test]
fn stages_of_a_file_and_of_a_query() {
    let corpus = Corpus::new();
    let inspect = |args: &[&str]| -> Value {
        let typed = ["inspect"].into_iter().chain(args.iter().copied());
        let ran = corpus.run(typed.chain(["--format", "json"]));
        assert_eq!(ran.status, 0, "{ran:?}");
        serde_json::from_str(&ran.stdout).unwrap()
    };
    assert_eq!(
        inspect(&["text", "reports/county.txt"])["texts"][0]["text"],
        REPORT
    );
    assert_eq!(
        inspect(&["text", "reports/records.jsonl"])["texts"][1]["given"]["year"],
        2021
    );
    let outline = inspect(&["outline", "reports/county.txt"]);
    assert_eq!(outline["reports"][0]["outline"][1]["text"], "公共卫生");
    let passages = inspect(&["passages", "reports/county.txt"]);
    assert_eq!(passages["passages"].as_array().unwrap().len(), 3);
    let tags = inspect(&["tags", "reports/records.jsonl"]);
    assert_eq!(tags["reports"][0]["agency"], "农业农村局");
    let tokens = inspect(&["tokens", "Ｄ建引领"]);
    assert_eq!(tokens["folded"], "党建引领");
    assert_eq!(
        inspect(&["query", "教育 非 职业"])["understood"],
        "教育 AND NOT 职业"
    );
    assert!(inspect(&["plan", "卫健委"])["plan"][0].is_string());
}

#[test]
fn export_adds_words_as_the_segmenter_cuts_them() {
    let corpus = Corpus::indexed();
    let ran = corpus.run(["export", "--words", "--region", "江苏省"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let passage: Value = serde_json::from_str(&ran.stdout).unwrap();
    let words: Vec<&str> = passage["words"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect();
    assert_eq!(words[..2], ["乡村振兴", "稳步"]);
    assert_eq!(words.concat(), "乡村振兴稳步推进三农工作再上台阶");
    let ran = corpus.run(["export", "--words", "--format", "csv", "--region", "江苏省"]);
    let mut lines = ran.stdout.lines();
    assert!(lines.next().unwrap().ends_with(",words"));
    assert!(lines.next().unwrap().contains("乡村振兴 稳步"));
}
