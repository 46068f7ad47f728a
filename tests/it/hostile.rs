//! Bad input: broken files, odd names, damaged indexes, queries at their limits.
//!
//! Whatever comes in, the rest of the work is done, the message says what was wrong, and nothing
//! of Rust's own panic report reaches the reader.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Ran, finish, zhengsou};

pub(crate) const GOOD: &str =
    "甲县教育局2023年工作总结\n\n一、主要工作\n全面推进乡村振兴，职业教育稳步发展。\n";

/// A folder to work in.
pub(crate) struct Bench(pub(crate) tempfile::TempDir);

impl Bench {
    /// Makes a folder with one good report, `reports/good.txt`.
    pub(crate) fn new() -> Self {
        let bench = Bench(tempfile::tempdir().unwrap());
        bench.write("reports/good.txt", GOOD);
        bench
    }

    /// Makes one with the index over it.
    pub(crate) fn indexed() -> Self {
        let bench = Bench::new();
        bench.expect(&["index", "reports", "-q"], 0);
        bench
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Runs a command that must not panic.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let ran = finish(zhengsou().current_dir(self.0.path()).args(args));
        assert!(!ran.stderr.contains("panicked"), "{args:?}: {ran:?}");
        ran
    }

    #[track_caller]
    pub(crate) fn expect(&self, args: &[&str], status: i32) -> Ran {
        let ran = self.run(args);
        assert_eq!(ran.status, status, "{args:?}: {ran:?}");
        ran
    }

    /// Runs a command that must fail with status 2, with this in its message.
    #[track_caller]
    pub(crate) fn refused(&self, args: &[&str], message: &str) -> Ran {
        let ran = self.expect(args, 2);
        assert!(ran.stderr.contains(message), "{args:?}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{args:?}");
        ran
    }

    /// Indexes `reports` and returns what `--report` says of one source.
    pub(crate) fn outcome(&self, source: &str) -> (Ran, Value) {
        let ran = self.run(&["index", "reports", "--report", "details.jsonl"]);
        let details = fs::read_to_string(self.path("details.jsonl")).unwrap();
        let found = details
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .find(|line| line["source"] == source);
        let found = found.unwrap_or_else(|| panic!("{source} is not in {details}"));
        (ran, found)
    }

    /// Returns the number of passages in the index.
    pub(crate) fn passages(&self) -> u64 {
        let ran = self.expect(&["stats", "--format", "json"], 0);
        let stats: Value = serde_json::from_str(&ran.stdout).unwrap();
        stats["passages"].as_u64().unwrap()
    }

    /// Returns the number of passages that a query finds.
    pub(crate) fn found(&self, query: &str) -> u64 {
        let ran = self.expect(&["search", query, "--format", "json"], 0);
        let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
        answer["total"]["passages"].as_u64().unwrap()
    }
}

/// Returns the number in a row of the summary of `index`.
pub(crate) fn row<'a>(ran: &'a Ran, label: &str) -> &'a str {
    let found = ran.stderr.lines().find_map(|line| line.strip_prefix(label));
    found.unwrap_or_else(|| panic!("{label}: {ran:?}")).trim()
}

#[test]
fn an_empty_file_is_skipped_and_said() {
    for content in ["", " \n\n\t\n", "\u{feff}"] {
        let bench = Bench::new();
        bench.write("reports/empty.txt", content);
        let (ran, empty) = bench.outcome("reports/empty.txt");
        assert_eq!(ran.status, 0, "{content:?}: {ran:?}");
        assert_eq!(empty["status"], "skipped", "{content:?}");
        assert!(ran.stderr.contains("空文件"), "{}", ran.stderr);
    }
}

#[test]
fn files_that_are_no_text_are_skipped_and_the_rest_is_done() {
    let elf = [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 400]].concat();
    let noise: Vec<u8> = (0..=255u8).cycle().take(5000).collect();
    let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &noise].concat();
    for (name, content) in [("elf.txt", elf), ("noise.txt", noise), ("png.md", png)] {
        let bench = Bench::new();
        bench.write(&format!("reports/{name}"), content);
        let (ran, outcome) = bench.outcome(&format!("reports/{name}"));
        assert_eq!(
            (ran.status, &outcome["status"]),
            (0, &"skipped".into()),
            "{name}"
        );
        let line = ran.stderr.lines().find(|line| line.starts_with("跳过"));
        assert!(
            line.is_some_and(|line| line.contains("不是文本") || line.contains("暂不支持")),
            "{name}: {}",
            ran.stderr
        );
        assert_eq!(bench.passages(), 1, "{name}");
    }
}

#[test]
fn a_line_of_twenty_megabytes() {
    let sentence = "扎实推进乡村振兴和脱贫攻坚成果有效衔接，完成生产总值128.6亿元。";
    let count = 20_000_000 / sentence.len();
    let bench = Bench::new();
    bench.write("reports/long.txt", sentence.repeat(count));
    // Without any mark at which a sentence could end.
    bench.write("reports/one.txt", "振".repeat(1_000_000));
    bench.expect(&["index", "reports", "-q"], 0);
    let export = bench.expect(&["export", "--source", "reports/long.txt", "-q"], 0);
    let mut together = String::new();
    for line in export.stdout.lines() {
        let passage: Value = serde_json::from_str(line).unwrap();
        together += passage["text"].as_str().unwrap();
    }
    assert!(together == sentence.repeat(count), "the passages tile it");
    assert!(bench.found("“乡村振兴”") > 1000);
}

#[test]
fn what_cannot_be_decoded_is_counted_and_the_rest_is_kept() {
    let long = GOOD.repeat(4);
    let gb = encoding_rs::GB18030.encode(&long).0.into_owned();
    let little: Vec<u8> = long.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = long.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let spoilt = |bad: &[u8]| {
        [
            long.as_bytes(),
            "全县经".as_bytes(),
            bad,
            "济平稳".as_bytes(),
        ]
        .concat()
    };
    let cases: &[(&str, Vec<u8>, &str, u64, u64)] = &[
        // Name, content, encoding, undecodable, warnings.
        ("invalid", spoilt(b"\xff\xfe"), "UTF-8", 2, 2),
        ("surrogate", spoilt(b"\xed\xa0\x80"), "UTF-8", 3, 3),
        ("nul", spoilt(b"\0"), "UTF-8", 0, 1),
        ("cut", gb[..gb.len() - 2].to_vec(), "GB18030", 1, 1),
        ("little", little, "UTF-16LE", 0, 0),
        ("big", big, "UTF-16BE", 0, 0),
    ];
    for (name, content, encoding, undecodable, warnings) in cases {
        let bench = Bench::new();
        bench.write(&format!("reports/{name}.txt"), content);
        let (ran, report) = bench.outcome(&format!("reports/{name}.txt"));
        assert_eq!(ran.status, 0, "{name}: {ran:?}");
        let found = (
            report["encoding"].as_str().unwrap(),
            report["undecodable"].as_u64().unwrap(),
            report["warnings"].as_array().unwrap().len() as u64,
        );
        assert_eq!(
            found,
            (*encoding, *undecodable, *warnings),
            "{name}: {report}"
        );
        assert!(bench.found("“职业教育稳步发展”") > 1, "{name}");
    }
    // A NUL inside a word hides nothing.
    let bench = Bench::new();
    bench.write("reports/nul.txt", spoilt(b"\0"));
    bench.outcome("reports/nul.txt");
    assert_eq!(bench.found("“全县经济平稳”"), 1);
}

#[test]
fn broken_records_are_named_and_the_others_read() {
    let bench = Bench::new();
    let good = |number: usize| {
        format!(
            r#"{{"id":"{number}","title":"甲县教育局2023年工作总结","text":"第{number}项完成。"}}"#
        )
    };
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let lines = [
        good(1),
        "{oops".to_owned(),
        "[1, 2]".to_owned(),
        r#"{"id":"3"}"#.to_owned(),
        r#"{"text":null}"#.to_owned(),
        format!(r#"{{"text":"深","x":{deep}}}"#),
        r#"{"text":"半个字\ud83d"}"#.to_owned(),
        good(2),
        r#"{"text":"没写完"#.to_owned(),
    ];
    bench.write("reports/broken.jsonl", lines.join("\n"));
    let (ran, report) = bench.outcome("reports/broken.jsonl");
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(report["reports"], 3, "{report}");
    assert_eq!(report["undecodable"], 1);
    let mut named: Vec<u64> = report["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|warning| warning["line"].as_u64().unwrap())
        .collect();
    named.sort_unstable();
    assert_eq!(named, [2, 3, 4, 5, 6, 7, 9]);
}

#[test]
fn fifty_thousand_records() {
    let bench = Bench::new();
    let record = |number: usize| {
        format!(
            "{{\"id\":\"{number}\",\"title\":\"县教育局2023年工作总结\",\"text\":\"第{number}项完成，乡村振兴推进。\"}}\n"
        )
    };
    bench.write(
        "reports/many.jsonl",
        (0..50_000).map(record).collect::<String>(),
    );
    let (ran, report) = bench.outcome("reports/many.jsonl");
    assert_eq!((ran.status, &report["reports"]), (0, &Value::from(50_000)));
    assert_eq!(bench.found("“第49999项”"), 1);
}

#[test]
fn queries_at_their_limits() {
    let bench = Bench::indexed();
    let nested = |depth: usize| format!("{}振兴{}", "(".repeat(depth), ")".repeat(depth));
    for query in [
        "振".repeat(2_000),
        nested(30),
        "-".repeat(30),
        "振兴\u{1b}[31m红\u{7}".to_owned(),
        "乡\n村\t振\r兴".to_owned(),
        "\u{202e}乡村\u{200b}振兴".to_owned(),
        "😀👨‍👩‍👧 🇨🇳".to_owned(),
        "乡村 ".repeat(600),
        "振 OR ".repeat(300) + "兴",
        "%_\\'*?[]{}^$".to_owned(),
    ] {
        let ran = bench.run(&["search", "--", &query]);
        let steers = |text: &str| text.contains(['\u{1b}', '\u{7}', '\r', '\u{202e}']);
        assert!(
            !steers(&ran.stdout) && !steers(&ran.stderr),
            "{query:?}: {ran:?}"
        );
        assert!(matches!(ran.status, 0 | 2), "{query:?}: {ran:?}");
    }
    let long = "振".repeat(2_001);
    bench.refused(&["search", &long], "查询有 2001 字，超过 2000 字");
    for query in [
        nested(1_000),
        "NOT ".repeat(500),
        "title:".repeat(300),
        "((((".to_owned(),
    ] {
        bench.refused(&["search", "--", &query], "错误：");
    }
}

#[test]
fn carets_are_in_the_right_column() {
    let bench = Bench::indexed();
    let cases = [
        ("乡村ＡＢ AND (教育", "  乡村ＡＢ AND (教育", 15),
        ("😀 (教育", "  😀 (教育", 5),
        ("abc\tOR", "  abc OR", 8),
        ("乡村）", "  乡村）", 6),
    ];
    for (query, line, column) in cases {
        let ran = bench.refused(&["search", query], "错误：");
        let lines: Vec<&str> = ran.stderr.lines().collect();
        let caret = lines[2].find('^');
        assert_eq!((lines[1], caret), (line, Some(column)), "{query}");
    }
}

#[test]
fn options_out_of_range() {
    let bench = Bench::indexed();
    for args in [
        &["search", "振兴", "--limit", "0"][..],
        &["search", "振兴", "--offset", "18446744073709551615"],
        &[
            "search",
            "振兴",
            "--offset",
            "18446744073709551615",
            "--no-fold",
        ],
        &["search", "振兴", "--snippet", "18446744073709551615"],
        &["search", "振兴", "--snippet", "1"],
    ] {
        let ran = bench.expect(args, 0);
        assert!(ran.stdout.contains("共 "), "{args:?}: {}", ran.stdout);
    }
    let hit = bench.expect(&["search", "振兴", "--format", "jsonl"], 0);
    let hit: Value = serde_json::from_str(&hit.stdout).unwrap();
    let id = hit["id"].as_str().unwrap();
    bench.expect(&["show", id, "--around", "18446744073709551615"], 0);

    for (args, message) in [
        (
            &["search", "振兴", "--limit", "10001"][..],
            "一次最多给出 10000 条",
        ),
        (&["search", "振兴", "--year", "abc"], "abc"),
        (&["search", "振兴", "--year", "2023..2019"], "2023..2019"),
        (&["search", "振兴", "--format", "word"], "'word' 不能作"),
        (&["search", "振兴", "--limit", "-1"], "没有 '-1' 这个选项"),
        (&["search", "振兴", "--agency", "教育剧"], "相近的有"),
        (&["search", "部门：教育剧"], "相近的有"),
        (&["search", "振兴", "--region", "\u{1b}[31m"], "错误："),
    ] {
        let ran = bench.refused(args, message);
        assert!(!ran.stderr.contains('\u{1b}'), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn paths_written_in_every_way_are_the_same_files() {
    let bench = Bench::new();
    let folder = bench.path("reports");
    let inside = |args: &[&str]| {
        let ran = finish(zhengsou().current_dir(&folder).args(args));
        assert_eq!(ran.status, 0, "{args:?}: {ran:?}");
        ran
    };
    bench.expect(&["index", "reports", "-q"], 0);
    let export = bench.expect(&["export", "-q"], 0);
    for args in [
        &["index", "reports/"][..],
        &["index", "./reports/../reports/."],
        &["index", "reports", "reports", "./reports/"],
        &["index", "reports", "reports/good.txt"],
    ] {
        let ran = bench.expect(args, 0);
        assert_eq!(row(&ran, "未变的文件"), "1", "{args:?}");
    }
    inside(&["index", ".", "--index", "../.zhengsou", "-q"]);
    inside(&["index", "../reports", "--index", "../.zhengsou", "-q"]);
    assert_eq!(bench.expect(&["export", "-q"], 0), export);
}

#[test]
fn files_are_known_again_and_told_apart() {
    let bench = Bench::new();
    bench.write("other/reports/good.txt", GOOD.replace("甲县", "乙县"));
    for (path, passages) in [
        ("reports", 1),
        // The same file, reached in another way.
        ("reports/good.txt", 1),
        // Another file of the same name in a folder of the same name.
        ("other/reports", 2),
        ("other", 2),
        ("reports", 2),
    ] {
        bench.expect(&["index", path, "-q"], 0);
        assert_eq!(bench.passages(), passages, "{path}");
    }
    // A folder that was moved keeps its names.
    fs::rename(bench.path("reports"), bench.path("moved")).unwrap();
    fs::create_dir(bench.path("new")).unwrap();
    fs::rename(bench.path("moved"), bench.path("new/reports")).unwrap();
    bench.expect(&["index", "new/reports", "-q"], 0);
    assert_eq!(bench.passages(), 2);
}

#[test]
fn the_index_may_lie_inside_the_folder_but_not_be_it() {
    let bench = Bench::new();
    for _ in 0..2 {
        bench.expect(&["index", "reports", "--index", "reports/idx", "-q"], 0);
    }
    let ran = bench.expect(&["stats", "--index", "reports/idx", "--format", "json"], 0);
    let stats: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(stats["sources"], 1);
    let refused = "索引不能就放在要索引的文件夹上";
    bench.refused(&["index", "reports", "--index", "reports"], refused);
}

#[test]
fn what_a_folder_says_about_itself_is_passed_over() {
    let bench = Bench::new();
    for name in [
        "README.md",
        "readme.zh.txt",
        "LICENSE",
        "License-MIT.txt",
        "CHANGELOG.md",
    ] {
        bench.write(&format!("reports/{name}"), GOOD);
        let (ran, about) = bench.outcome(&format!("reports/{name}"));
        assert_eq!((ran.status, &about["status"]), (0, &Value::from("skipped")));
        assert!(ran.stderr.contains("说明文件，不是报告"), "{}", ran.stderr);
    }
    bench.write("reports/readmeter.txt", GOOD);
    let (_, report) = bench.outcome("reports/readmeter.txt");
    assert_eq!(report["status"], "indexed");
    let ran = bench.expect(&["index", "reports", "--lang", "en"], 0);
    assert!(!ran.stderr.contains("文件"), "{}", ran.stderr);
    // Whoever names it wants it.
    bench.expect(&["index", "reports/README.md", "--index", "other", "-q"], 0);
}

#[test]
fn nothing_is_made_for_a_path_that_is_not_there() {
    let bench = Bench::new();
    bench.refused(&["index", "nowhere"], "错误：nowhere：找不到文件或文件夹");
    fs::create_dir(bench.path("bare")).unwrap();
    bench.refused(&["index", "bare"], "没有可索引的文件");
    assert!(!bench.path(".zhengsou").exists());
    // One that is there is enough to go on.
    let ran = bench.expect(&["index", "reports", "nowhere"], 1);
    assert!(
        ran.stderr.contains("失败：nowhere：找不到"),
        "{}",
        ran.stderr
    );
}

#[test]
fn an_index_that_is_missing_locked_or_a_file() {
    let bench = Bench::new();
    bench.write("file", "x");
    bench.refused(&["search", "振兴"], "这里没有索引");
    for args in [
        &["search", "振兴", "--index", "file"][..],
        &["index", "reports", "--index", "file"],
        &["index", "reports", "--index", "file/below"],
    ] {
        bench.refused(args, "这里是文件，不是文件夹");
    }
    let bench = Bench::indexed();
    let lock = fs::File::options()
        .write(true)
        .open(bench.path(".zhengsou/writer.lock"))
        .unwrap();
    lock.lock().unwrap();
    bench.refused(&["index", "reports"], "另一个程序正在写这个索引");
    assert_eq!(bench.passages(), 1, "readers do not mind");
}

#[test]
fn outputs_that_cannot_be_written() {
    let bench = Bench::indexed();
    let report = "无法写入 --report 指定的文件：no/where：找不到文件或文件夹";
    bench.refused(&["index", "reports", "--report", "no/where"], report);
    let output = "无法写入 --output 指定的文件：reports：这里是文件夹，不是文件";
    bench.refused(&["export", "--output", "reports"], output);
    if Path::new("/dev/full").exists() {
        bench.refused(&["export", "--output", "/dev/full"], "/dev/full：磁盘已满");
        let ran = bench.expect(&["index", "reports", "--report", "/dev/full"], 2);
        assert!(ran.stderr.contains("索引已经写好"), "{}", ran.stderr);
    }
}

/// Every file of an index, cut in half and with bytes flipped: commands answer or say that the
/// index is damaged.
#[test]
fn a_damaged_index_is_named_as_such() {
    let bench = Bench::new();
    for number in 0..40 {
        let text = GOOD.replace("甲县", &format!("{number}县")).repeat(3);
        bench.write(&format!("reports/{number}.txt"), text);
    }
    bench.expect(&["index", "reports", "-q", "--jobs", "1"], 0);
    // A changed file makes the next `index` delete and merge.
    bench.write("reports/1.txt", GOOD);
    let commands: &[&[&str]] = &[
        &[
            "search",
            "“乡村振兴” 教育",
            "--facets",
            "agency,year,source",
            "--explain",
            "-q",
        ],
        &[
            "search", "教育", "--all", "-q", "--sort", "year", "--year", "2023",
        ],
        &["export", "-q"],
        &["stats"],
        &["index", "reports", "-q"],
    ];
    let whole = bench.path(".zhengsou");
    let mut files: Vec<PathBuf> = ["", "generation-1"]
        .iter()
        .flat_map(|folder| fs::read_dir(whole.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && fs::metadata(path).unwrap().len() > 0)
        .collect();
    files.sort();
    assert!(files.len() > 5, "{files:?}");
    let harms: &[fn(&mut Vec<u8>)] = &[
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| bytes.truncate(1),
        |bytes| bytes.clear(),
        |bytes| bytes.iter_mut().step_by(7).for_each(|byte| *byte ^= 0xff),
        |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x55;
        },
        |bytes| {
            // The end, where formats keep their lengths and offsets.
            let length = bytes.len();
            bytes[length.saturating_sub(24)..]
                .iter_mut()
                .for_each(|byte| *byte = 0xff);
        },
    ];
    let mut told = 0;
    for path in &files {
        let name = path.strip_prefix(&whole).unwrap();
        for (number, harm) in harms.iter().enumerate() {
            for command in commands {
                let copy = bench.path("copy");
                let _ = fs::remove_dir_all(&copy);
                fs::create_dir_all(copy.join("generation-1")).unwrap();
                for file in &files {
                    let to = copy.join(file.strip_prefix(&whole).unwrap());
                    fs::copy(file, to).unwrap();
                }
                let mut bytes = fs::read(path).unwrap();
                harm(&mut bytes);
                fs::write(copy.join(name), bytes).unwrap();
                let mut args = command.to_vec();
                args.extend(["--index", "copy"]);
                let ran = bench.run(&args);
                let damaged = ran.stderr.contains("索引已损坏或不完整")
                    || ran.stderr.contains("索引是用另一套词典或规则建立的");
                assert!(
                    ran.status == 0 || (ran.status == 2 && damaged),
                    "{} harmed by {number}: {command:?}: {ran:?}",
                    name.display()
                );
                told += u32::from(damaged);
            }
        }
    }
    assert!(told > 50, "only {told} of the damages were noticed");
    // What the hint says helps.
    let rebuilt = bench.path("copy");
    fs::write(rebuilt.join("manifest.json"), "{").unwrap();
    bench.expect(
        &["index", "reports", "--index", "copy", "--rebuild", "-q"],
        0,
    );
    bench.expect(&["search", "教育", "--index", "copy"], 0);
}

#[test]
fn a_broken_schema_is_named_with_its_rule() {
    let bench = Bench::indexed();
    fs::create_dir(bench.path("rules")).unwrap();
    bench.refused(
        &["search", "振兴", "--schema", "rules"],
        "没有任何 index_schema 文件",
    );
    bench.refused(&["search", "振兴", "--schema", "nowhere"], "nowhere");
    bench.write("rules/noise.toml", "line = 3");
    bench.refused(&["search", "振兴", "--schema", "rules"], "noise.toml");
    let sections = include_str!("../../index_schema/sections.toml");
    let broken = sections.replace("counters = [\"附加值提升\"", "counters = [\"附件1\"");
    assert_ne!(broken, sections);
    bench.write(
        "rules/noise.toml",
        include_str!("../../index_schema/noise.toml"),
    );
    bench.write("rules/sections.toml", broken);
    let ran = bench.refused(&["search", "振兴", "--schema", "rules"], "sections.toml");
    assert!(
        ran.stderr.contains("规则 其他：误中反例“附件1”"),
        "{}",
        ran.stderr
    );
    bench.write("rules/sections.toml", [0xff, 0xfe, 0, 1]);
    bench.refused(&["search", "振兴", "--schema", "rules"], "sections.toml");
}

#[test]
fn a_file_that_vanishes_fails_alone() {
    use zhengsou::model::SourceStatus;
    use zhengsou::pipeline::{BuildOptions, Observer, SourceReport, build};

    struct Vanish(PathBuf, std::sync::Mutex<Vec<(String, SourceStatus)>>);
    impl Observer for Vanish {
        fn planned(&self, _files: u64, _bytes: u64) {
            fs::remove_file(&self.0).unwrap();
        }
        fn finished(&self, report: &SourceReport) {
            let seen = (report.record.source.clone(), report.record.status);
            self.1.lock().unwrap().push(seen);
        }
    }
    let bench = Bench::new();
    bench.write("reports/gone.txt", GOOD);
    let options = BuildOptions {
        paths: vec![bench.path("reports")],
        index: bench.path(".zhengsou"),
        jobs: 1,
        ..BuildOptions::default()
    };
    let observer = Vanish(bench.path("reports/gone.txt"), Default::default());
    let schema = std::sync::Arc::new(zhengsou::schema::Schema::embedded().unwrap());
    let summary = build(&options, &schema, &observer).unwrap();
    assert_eq!((summary.indexed, summary.failed), (1, 1));
    let mut seen = observer.1.into_inner().unwrap();
    seen.sort_by(|a, b| a.0.cmp(&b.0));
    let expected = [
        ("reports/gone.txt".to_owned(), SourceStatus::Failed),
        ("reports/good.txt".to_owned(), SourceStatus::Indexed),
    ];
    assert_eq!(seen, expected);
}

#[cfg(unix)]
mod unix {
    //! What only Unix file systems can hold, and its signals.

    use std::ffi::OsStr;
    use std::io::{BufRead, BufReader, Read};
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::{Child, Command, Stdio};

    use super::*;

    #[test]
    fn odd_names() {
        let bench = Bench::new();
        let names: &[&[u8]] = &[
            b"with blank.txt",
            b"'quotes\".txt",
            b"new\nline\x1b[31m.txt",
            "😀.txt".as_bytes(),
            b"-q.txt",
            b"\xb9\xa4.txt",
            b"\xb9\xa5.txt",
        ];
        for name in names {
            fs::write(bench.path("reports").join(OsStr::from_bytes(name)), GOOD).unwrap();
        }
        for _ in 0..2 {
            let ran = bench.expect(&["index", "reports", "-v"], 0);
            assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
            assert_eq!(bench.passages(), 8);
        }
        for source in ["reports/%B9%A4.txt", "reports/new\nline\u{1b}[31m.txt"] {
            let ran = bench.expect(&["search", "振兴", "--source", source], 0);
            assert!(ran.stdout.contains("共 1 段"), "{}", ran.stdout);
            assert!(!ran.stdout.contains('\u{1b}'), "{}", ran.stdout);
        }
    }

    #[test]
    fn links_that_lead_nowhere_or_back() {
        let bench = Bench::new();
        symlink("nowhere.txt", bench.path("reports/dangling.txt")).unwrap();
        symlink("../reports", bench.path("reports/loop")).unwrap();
        symlink("self", bench.path("reports/self")).unwrap();
        symlink("good.txt", bench.path("reports/link.txt")).unwrap();
        let (ran, dangling) = bench.outcome("reports/dangling.txt");
        assert_eq!(
            (ran.status, &dangling["status"]),
            (1, &Value::from("failed"))
        );
        assert!(
            ran.stderr.contains("链接指向的文件不存在"),
            "{}",
            ran.stderr
        );
        assert!(ran.stderr.contains("链接指回上级文件夹"), "{}", ran.stderr);
        assert_eq!(bench.passages(), 2);
    }

    #[test]
    fn folders_without_permission() {
        let bench = Bench::new();
        bench.write("reports/closed/a.txt", GOOD);
        let set = |name: &str, mode| {
            fs::set_permissions(bench.path(name), fs::Permissions::from_mode(mode)).unwrap();
        };
        set("reports/closed", 0o000);
        // The superuser may do anything; then there is nothing to see.
        if fs::read_dir(bench.path("reports/closed")).is_err() {
            let ran = bench.expect(&["index", "reports"], 1);
            assert!(ran.stderr.contains("没有读取权限"), "{}", ran.stderr);
            fs::create_dir(bench.path("shut")).unwrap();
            set("shut", 0o555);
            let args = ["index", "reports", "--index", "shut"];
            bench.refused(&args, "没有读写权限");
        }
        set("reports/closed", 0o755);
    }

    /// A build held up by a full pipe, so that Ctrl-C reaches it in the middle.
    struct HeldUp {
        child: Child,
        pipe: fs::File,
        stderr: BufReader<std::process::ChildStderr>,
    }

    const FILES: usize = 1_000;

    impl HeldUp {
        fn start(bench: &Bench, more: &[&str]) -> Self {
            for number in 0..FILES {
                bench.write(&format!("reports/{number}.txt"), GOOD);
            }
            let pipe = bench.path("details");
            let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
            assert!(made.success());
            let mut child = Command::new(assert_cmd::cargo::cargo_bin!("zhengsou"))
                .current_dir(bench.0.path())
                .args(["index", "reports", "--report", "details", "--lang", "zh"])
                .args(more)
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let stderr = BufReader::new(child.stderr.take().unwrap());
            let mut pipe = fs::File::open(pipe).unwrap();
            // The first bytes of the report: the build is under way.
            pipe.read_exact(&mut [0; 16]).unwrap();
            HeldUp {
                child,
                pipe,
                stderr,
            }
        }

        fn interrupt(&self) {
            let process = self.child.id().to_string();
            let sent = Command::new("kill").args(["-INT", &process]).status();
            assert!(sent.unwrap().success());
        }

        fn line(&mut self) -> String {
            let mut line = String::new();
            self.stderr.read_line(&mut line).unwrap();
            line
        }

        /// Lets the build go on, and returns its exit status and the rest of its messages.
        fn end(mut self) -> (Option<i32>, String) {
            std::io::copy(&mut self.pipe, &mut std::io::sink()).unwrap();
            let mut rest = String::new();
            self.stderr.read_to_string(&mut rest).unwrap();
            (self.child.wait().unwrap().code(), rest)
        }
    }

    #[test]
    fn ctrl_c_commits_what_is_done_and_the_next_run_finishes() {
        let bench = Bench::new();
        let mut held = HeldUp::start(&bench, &[]);
        held.interrupt();
        assert!(held.line().starts_with("正在停止"));
        let (status, rest) = held.end();
        assert_eq!(status, Some(1), "{rest}");
        assert!(rest.contains("再次运行同一命令即可接着做"), "{rest}");
        let done = bench.passages();
        assert!(0 < done && done < FILES as u64, "{done}");

        let ran = bench.expect(&["index", "reports"], 0);
        assert_eq!(row(&ran, "未变的文件"), done.to_string());
        assert_eq!(bench.passages(), FILES as u64 + 1);
    }

    #[test]
    fn a_rebuild_that_is_stopped_leaves_the_old_index() {
        let bench = Bench::indexed();
        let mut held = HeldUp::start(&bench, &["--rebuild"]);
        held.interrupt();
        assert!(held.line().starts_with("正在停止"));
        let (status, rest) = held.end();
        assert_eq!(status, Some(1), "{rest}");
        assert!(rest.contains("原来的索引未动"), "{rest}");
        assert_eq!(bench.passages(), 1);
    }

    #[test]
    fn a_second_ctrl_c_ends_it_at_once() {
        let bench = Bench::indexed();
        let mut held = HeldUp::start(&bench, &[]);
        held.interrupt();
        assert!(held.line().starts_with("正在停止"));
        held.interrupt();
        assert_eq!(held.child.wait().unwrap().code(), Some(130));
        assert_eq!(bench.passages(), 1, "the last commit stands");
        bench.expect(&["index", "reports", "-q"], 0);
        assert_eq!(bench.passages(), FILES as u64 + 1);
    }
}
