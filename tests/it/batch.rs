//! Builds over folders and archives that change: what is read again, what is not, what goes.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::hostile::{Bench, GOOD, row};
use crate::support::Ran;

/// A report of its own for each name, all of one length.
fn report(name: char) -> String {
    GOOD.replace('甲', &name.to_string())
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        let options = SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gzipped(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

fn set_modified(path: &Path, time: SystemTime) {
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(time).unwrap();
}

impl Bench {
    /// Indexes `reports` and returns what became of each source, in the order of the report file.
    fn index(&self, more: &[&str]) -> (Ran, Vec<(String, Value)>) {
        let mut args = vec!["index", "reports", "--report", "details.jsonl"];
        args.extend(more);
        let ran = self.run(&args);
        let details = fs::read_to_string(self.path("details.jsonl")).unwrap();
        let read = |line| {
            let line: Value = serde_json::from_str(line).unwrap();
            (line["source"].as_str().unwrap().to_owned(), line)
        };
        (ran, details.lines().map(read).collect())
    }

    /// Indexes `reports` and compares what became of each source.
    #[track_caller]
    fn becomes(&self, more: &[&str], status: i32, expected: &[(&str, &str)]) -> Ran {
        let (ran, details) = self.index(more);
        let found: Vec<(&str, &str)> = details
            .iter()
            .map(|(source, line)| (source.as_str(), line["status"].as_str().unwrap()))
            .collect();
        assert_eq!(found, expected, "{ran:?}");
        assert_eq!(ran.status, status, "{ran:?}");
        ran
    }

    /// Returns the passages that `export` gives, by text, with what does not depend on the source.
    fn exported(&self, index: &str) -> BTreeMap<String, String> {
        let ran = self.expect(&["export", "--index", index, "-q"], 0);
        let mut passages = BTreeMap::new();
        for line in ran.stdout.lines() {
            let mut passage: Value = serde_json::from_str(line).unwrap();
            let fields = passage.as_object_mut().unwrap();
            for name in ["id", "source", "report_id", "dup_ids"] {
                fields.remove(name);
            }
            let text = fields["text"].as_str().unwrap().to_owned();
            passages.insert(text, passage.to_string());
        }
        passages
    }
}

#[test]
fn a_zip_equals_the_folder_that_went_into_it() {
    let bench = Bench::new();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data_samples");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut count = 0;
    let mut folders = vec![(samples.clone(), "江苏省".to_owned())];
    while let Some((folder, name)) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{name}/{}", path.file_name().unwrap().to_str().unwrap());
            if path.is_dir() {
                folders.push((path, name));
                continue;
            }
            let content = fs::read(&path).unwrap();
            writer
                .start_file(&name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(&content).unwrap();
            bench.write(&format!("unpacked/全省/{name}"), content);
            count += 1;
        }
    }
    bench.write("packed/全省.zip", writer.finish().unwrap().into_inner());
    assert!(count > 5);
    for folder in ["packed", "unpacked"] {
        bench.run(&["index", folder, "--index", &format!("of-{folder}"), "-q"]);
    }
    let packed = bench.exported("of-packed");
    assert!(packed.len() > 50, "{}", packed.len());
    assert_eq!(packed, bench.exported("of-unpacked"));
    // Another number of threads shares the members out in another way.
    bench.run(&["index", "packed", "--index", "again", "-q", "--jobs", "4"]);
    assert_eq!(packed, bench.exported("again"));
}

#[test]
fn members_are_sources_of_their_own() {
    let bench = Bench::new();
    let (a, b, c) = (report('乙'), report('丙'), report('丁'));
    let pack = |members: &[(&str, &str)]| {
        let members: Vec<_> = members
            .iter()
            .map(|(name, text)| (*name, text.as_bytes()))
            .collect();
        bench.write("reports/a.zip", zipped(&members));
    };
    pack(&[
        ("一/a.txt", &a),
        ("b.txt", &b),
        ("README.md", "# about"),
        ("empty.txt", " "),
        ("__MACOSX/._a.txt", "x"),
        ("一/.DS_Store", "x"),
        ("一/Thumbs.db", "x"),
        ("~$a.docx", "x"),
    ]);
    bench.becomes(
        &[],
        0,
        &[
            ("reports/a.zip", "indexed"),
            ("reports/a.zip/README.md", "skipped"),
            ("reports/a.zip/b.txt", "indexed"),
            ("reports/a.zip/empty.txt", "skipped"),
            ("reports/a.zip/一/a.txt", "indexed"),
            ("reports/good.txt", "indexed"),
        ],
    );
    let ran = bench.expect(
        &[
            "search",
            "乡村振兴",
            "--source",
            "reports/a.zip",
            "--format",
            "json",
        ],
        0,
    );
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(answer["total"]["passages"], 2);
    let (_, details) = bench.index(&[]);
    let zip = &details[0].1;
    assert_eq!(
        (&zip["members"], &zip["format"]),
        (&Value::from(4), &Value::from("zip"))
    );
    assert_eq!(details[2].1["archive"], "reports/a.zip");
    let stats = bench.expect(&["stats", "--format", "json"], 0);
    let stats: Value = serde_json::from_str(&stats.stdout).unwrap();
    assert_eq!(
        (&stats["sources"], &stats["skipped"]),
        (&Value::from(3), &Value::from(2))
    );

    // An archive of the same size and time is not opened.
    let zip = bench.path("reports/a.zip");
    let (time, whole) = (modified(&zip), fs::read(&zip).unwrap());
    fs::write(&zip, vec![b'x'; whole.len()]).unwrap();
    set_modified(&zip, time);
    bench.becomes(
        &[],
        0,
        &[
            ("reports/a.zip", "unchanged"),
            ("reports/a.zip/README.md", "skipped"),
            ("reports/a.zip/b.txt", "unchanged"),
            ("reports/a.zip/empty.txt", "skipped"),
            ("reports/a.zip/一/a.txt", "unchanged"),
            ("reports/good.txt", "unchanged"),
        ],
    );
    // One that was only touched is known by its hash.
    fs::write(&zip, &whole).unwrap();
    set_modified(&zip, time + Duration::from_secs(5));
    for _ in 0..2 {
        let ran = bench.index(&[]).0;
        assert_eq!(row(&ran, "未变的文件"), "3");
        assert_eq!(row(&ran, "新读入的文件"), "0");
    }
    // In a changed one, members are.
    pack(&[("一/a.txt", &a), ("b.txt", &c), ("c.txt", &b)]);
    bench.becomes(
        &[],
        0,
        &[
            ("reports/a.zip", "indexed"),
            ("reports/a.zip/README.md", "removed"),
            ("reports/a.zip/b.txt", "indexed"),
            ("reports/a.zip/c.txt", "indexed"),
            ("reports/a.zip/empty.txt", "removed"),
            ("reports/a.zip/一/a.txt", "unchanged"),
            ("reports/good.txt", "unchanged"),
        ],
    );
    assert_eq!(bench.passages(), 4);
    // One that becomes a text takes its members with it.
    bench.write("reports/a.zip", report('戊'));
    let (_, details) = bench.index(&[]);
    assert_eq!(details[0].0, "reports/a.zip");
    assert_eq!(
        details
            .iter()
            .filter(|(_, line)| line["status"] == "removed")
            .count(),
        3
    );
    bench.expect(&["search", "乡村振兴", "--source", "reports/good.txt"], 0);
}

#[test]
fn archives_in_archives_and_what_is_wrong_with_them() {
    let bench = Bench::new();
    fs::remove_file(bench.path("reports/good.txt")).unwrap();
    let text = report('乙');
    let mut nested = zipped(&[("a.txt", text.as_bytes())]);
    for name in ["3.zip", "2.zip", "1.zip"] {
        let beside = report(name.chars().next().unwrap());
        nested = zipped(&[(name, &nested), ("beside.txt", beside.as_bytes())]);
    }
    bench.write("reports/0.zip", &nested);
    bench.write("reports/b.txt.gz", gzipped(report('丙').as_bytes()));
    let mut harmed = zipped(&[("a.txt", text.as_bytes()), ("b.txt", text.as_bytes())]);
    harmed.truncate(harmed.len() - 30);
    bench.write("reports/harmed.zip", harmed);
    let expected = [
        ("reports/0.zip", "indexed"),
        ("reports/0.zip/1.zip", "indexed"),
        ("reports/0.zip/1.zip/2.zip", "indexed"),
        ("reports/0.zip/1.zip/2.zip/3.zip", "skipped"),
        ("reports/0.zip/1.zip/2.zip/beside.txt", "indexed"),
        ("reports/0.zip/1.zip/beside.txt", "indexed"),
        ("reports/0.zip/beside.txt", "indexed"),
        ("reports/b.txt.gz", "indexed"),
        ("reports/b.txt.gz/b.txt", "indexed"),
        ("reports/harmed.zip", "failed"),
    ];
    let ran = bench.becomes(&["--jobs", "3"], 1, &expected);
    assert!(
        ran.stderr
            .contains("失败：reports/harmed.zip：压缩包已损坏"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("超过 3 层"), "{}", ran.stderr);
    // As it is known, without a look into it; --retry looks.
    let again = expected.map(|(source, status)| match status {
        "indexed" => (source, "unchanged"),
        other => (source, other),
    });
    let ran = bench.becomes(&[], 1, &again);
    assert!(
        ran.stderr.contains("没有重读；用 --retry 重试"),
        "{}",
        ran.stderr
    );
    let ran = bench.becomes(&["--retry"], 1, &again);
    assert!(!ran.stderr.contains("没有重读"), "{}", ran.stderr);
    assert_eq!(bench.passages(), 4);
}

#[test]
fn what_moved_is_gone_or_comes_back() {
    let bench = Bench::new();
    bench.write("reports/甲/a.txt", report('乙'));
    bench.write("reports/甲/b.txt", report('丙'));
    bench.index(&[]);
    // Moved: known by its content, read again since its path may say who wrote it.
    fs::rename(
        bench.path("reports/甲/a.txt"),
        bench.path("reports/moved.txt"),
    )
    .unwrap();
    let (ran, details) = bench.index(&[]);
    assert_eq!(row(&ran, "移动过的文件"), "1");
    let moved = details
        .iter()
        .find(|(source, _)| source == "reports/moved.txt")
        .unwrap();
    assert_eq!(moved.1["moved_from"], "reports/甲/a.txt");
    assert_eq!(bench.passages(), 3);
    // A copy is no move.
    fs::copy(
        bench.path("reports/moved.txt"),
        bench.path("reports/copy.txt"),
    )
    .unwrap();
    let (_, details) = bench.index(&[]);
    assert!(
        details
            .iter()
            .all(|(_, line)| line.get("moved_from").is_none())
    );
    assert_eq!(bench.passages(), 4);
    // Gone: named, and kept until it is asked to go.
    fs::remove_file(bench.path("reports/甲/b.txt")).unwrap();
    let (ran, _) = bench.index(&[]);
    assert!(
        ran.stderr
            .contains("1 个文件已不在磁盘上，仍留在索引里；用 --prune 移除：reports/甲/b.txt"),
        "{}",
        ran.stderr
    );
    assert_eq!(bench.passages(), 4);
    // What lies outside the given paths stays.
    fs::create_dir_all(bench.path("other")).unwrap();
    bench.write("other/c.txt", report('丁'));
    bench.expect(&["index", "other", "--prune", "-q"], 0);
    assert_eq!(bench.passages(), 5);
    let (ran, details) = bench.index(&["--prune"]);
    assert_eq!(row(&ran, "移除的文件"), "1");
    let removed = details
        .iter()
        .find(|(source, _)| source == "reports/甲/b.txt")
        .unwrap();
    assert_eq!(removed.1["status"], "removed");
    assert_eq!(bench.passages(), 4);
    // A folder that is empty or not there looks like a disk that is not mounted.
    fs::rename(bench.path("reports"), bench.path("away")).unwrap();
    let refused = "磁盘可能没有挂载";
    bench.refused(&["index", "other", "reports", "--prune"], refused);
    fs::create_dir(bench.path("reports")).unwrap();
    bench.refused(&["index", "other", "reports", "--prune"], refused);
    assert_eq!(bench.passages(), 4);
}

#[test]
fn a_run_reads_only_what_changed() {
    let bench = Bench::new();
    for number in 0..20 {
        bench.write(
            &format!("reports/{number:02}.txt"),
            GOOD.replace("甲", &number.to_string()),
        );
    }
    bench.write("reports/broken.jsonl", "{\"no\": 1}\n");
    let (ran, details) = bench.index(&[]);
    assert_eq!(row(&ran, "新读入的文件"), "21");
    assert!(
        details.is_sorted_by_key(|(source, _)| source),
        "{details:?}"
    );
    let commit = bench.path(".zhengsou/generation-1/meta.json");
    let before = fs::read(&commit).unwrap();
    let (ran, details) = bench.index(&[]);
    assert_eq!((ran.status, details.len()), (1, 22));
    assert_eq!(row(&ran, "未变的文件"), "21");
    assert_eq!(fs::read(&commit).unwrap(), before, "nothing to commit");
    // Touched: hashed once, and taken for what it is from then on.
    let touched = bench.path("reports/03.txt");
    set_modified(&touched, SystemTime::now() + Duration::from_secs(9));
    let (ran, _) = bench.index(&[]);
    assert_eq!(
        (row(&ran, "新读入的文件"), row(&ran, "未变的文件")),
        ("0", "21")
    );
    let before = fs::read(&commit).unwrap();
    bench.index(&[]);
    assert_eq!(fs::read(&commit).unwrap(), before, "nothing to commit");
    assert_eq!(bench.passages(), 21);
    // Changed.
    fs::write(&touched, report('辛')).unwrap();
    let (ran, details) = bench.index(&[]);
    assert_eq!(
        (row(&ran, "新读入的文件"), row(&ran, "未变的文件")),
        ("1", "20")
    );
    assert_eq!(details[3].1["status"], "indexed");
    assert_eq!(bench.passages(), 21);
    // Mended: what failed is read again when it changes.
    bench.write("reports/broken.jsonl", "{\"text\": \"乡村振兴。\"}\n");
    let (ran, _) = bench.index(&[]);
    assert_eq!((ran.status, row(&ran, "新读入的文件")), (0, "1"));
}

#[test]
fn bounds_are_kept_and_may_be_changed() {
    let bench = Bench::new();
    bench.write("reports/long.txt", GOOD.repeat(20_000));
    let good = |status| [("reports/good.txt", status), ("reports/long.txt", "failed")];
    let ran = bench.becomes(&["--max-file-size", "1M"], 1, &good("indexed"));
    assert!(
        ran.stderr.contains("失败：reports/long.txt：内容超过 1 MB"),
        "{}",
        ran.stderr
    );
    // The same bound fails it again without a look, another one does not.
    bench.becomes(&["--max-file-size", "1M"], 1, &good("unchanged"));
    bench.becomes(
        &[],
        0,
        &[
            ("reports/good.txt", "unchanged"),
            ("reports/long.txt", "indexed"),
        ],
    );
    for (args, message) in [
        (["--memory", "1.5G"], "写法如 512M"),
        (["--max-file-size", "x"], "写法如 512M"),
        (["--file-timeout", "1h"], "整数"),
    ] {
        bench.refused(&["index", "reports", args[0], args[1]], message);
    }
}

#[test]
fn records_are_streamed_in_little_memory() {
    let bench = Bench::new();
    let line = format!("{{\"text\":\"{}\"}}\n", "乡村振兴全面推进。".repeat(40));
    // Over the bound on a file as a whole, and one line over it by itself.
    let long = format!("{{\"text\":\"{}\"}}\n", "长".repeat(800_000));
    let count = (9 << 20) / line.len();
    bench.write("reports/many.txt", line.repeat(count) + &long + &line);
    let (ran, details) = bench.index(&["--max-file-size", "2M", "--memory", "64M"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let many = &details[1].1;
    assert_eq!(many["reports"], Value::from(count + 1), "{many}");
    let warnings = many["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0]["line"], Value::from(count + 1));
}

#[test]
fn deleting() {
    let bench = Bench::new();
    let zip = zipped(&[
        ("x.txt", report('乙').as_bytes()),
        ("y.txt", report('丙').as_bytes()),
    ]);
    bench.write("reports/a.zip", zip);
    bench.write("reports/old/1.txt", report('丁'));
    bench.write("reports/old/2.txt", report('戊'));
    bench.write(
        "reports/two.jsonl",
        "{\"text\":\"己。\"}\n{\"text\":\"庚。\"}\n",
    );
    bench.index(&[]);
    assert_eq!(bench.passages(), 7);
    for (target, message) in [
        (
            "reports/old/3.txt",
            "相近的有：reports/old/1.txt、reports/old/2.txt",
        ),
        ("good.txt", "相近的有：reports/good.txt"),
        ("reports/*.docx", "写法与检索结果中的出处一致"),
        ("0123456789abcdef", "没有这个文件、文件夹或报告"),
    ] {
        let ran = bench.run(&["delete", "reports/good.txt", target]);
        assert!(
            ran.status == 2 && ran.stderr.contains(message),
            "{target}: {ran:?}"
        );
        assert_eq!(bench.passages(), 7, "all or nothing");
    }
    let listed = bench.expect(
        &["delete", "reports/old", "--dry-run", "--format", "json"],
        0,
    );
    assert_eq!(bench.passages(), 7);
    let ran = bench.expect(&["delete", "reports/old/", "--format", "json", "-q"], 0);
    assert_eq!(ran.stdout, listed.stdout);
    let deleted: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (&deleted["passages"], &deleted["reports"]),
        (&2.into(), &2.into())
    );
    assert_eq!(deleted["sources"][1]["source"], "reports/old/2.txt");
    assert_eq!(bench.passages(), 5);
    // A member, which comes back as a file would.
    let ran = bench.expect(&["delete", "reports/a.zip/x*"], 0);
    assert!(ran.stderr.contains("仍在磁盘上"), "{}", ran.stderr);
    assert_eq!(bench.passages(), 4);
    let (ran, _) = bench.index(&[]);
    assert_eq!(
        (row(&ran, "新读入的文件"), row(&ran, "未变的文件")),
        ("3", "3")
    );
    assert_eq!(bench.passages(), 7);
    // A report by its id stays away until its file changes.
    let ran = bench.expect(&["export", "--source", "reports/two.jsonl", "-q"], 0);
    let first: Value = serde_json::from_str(ran.stdout.lines().next().unwrap()).unwrap();
    bench.expect(&["delete", first["report_id"].as_str().unwrap()], 0);
    bench.index(&[]);
    assert_eq!(bench.passages(), 6);
    bench.expect(&["delete", "reports/a.zip", "*.txt"], 0);
    assert_eq!(bench.passages(), 1);
    bench.refused(&["delete", "x", "--index", "nowhere"], "这里没有索引");
    assert!(!bench.path("nowhere").exists());
}

#[test]
fn a_file_that_grows_while_it_is_read_is_looked_at_again() {
    use zhengsou::pipeline::{BuildOptions, Observer, SourceReport, build};

    struct Grow(std::path::PathBuf, std::sync::Mutex<usize>);
    impl Observer for Grow {
        fn advanced(&self, _source: &str, _bytes: u64) {
            let mut file = fs::File::options().append(true).open(&self.0).unwrap();
            file.write_all(b"{\"text\":\"more\"}\n").unwrap();
        }
        fn finished(&self, report: &SourceReport) {
            *self.1.lock().unwrap() += report.warnings.len();
        }
    }
    let bench = Bench::new();
    let line = format!("{{\"text\":\"{}\"}}\n", "乡村振兴全面推进。".repeat(400));
    bench.write("reports/many.jsonl", line.repeat((9 << 20) / line.len()));
    let options = BuildOptions {
        paths: vec![bench.path("reports/many.jsonl")],
        index: bench.path(".zhengsou"),
        ..BuildOptions::default()
    };
    let observer = Grow(bench.path("reports/many.jsonl"), Default::default());
    let schema = std::sync::Arc::new(zhengsou::schema::Schema::embedded().unwrap());
    let summary = build(&options, &schema, &observer).unwrap();
    assert_eq!((summary.indexed, *observer.1.lock().unwrap()), (1, 1));
    let (ran, _) = bench.index(&[]);
    assert_eq!(row(&ran, "新读入的文件"), "2", "this one and good.txt");
    assert_eq!(row(&bench.index(&[]).0, "未变的文件"), "2");
}

#[cfg(unix)]
mod unix {
    //! What only Unix file systems can hold.

    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn what_is_no_plain_file_is_not_opened() {
        let bench = Bench::new();
        let pipe = bench.path("reports/pipe.txt");
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        let _socket =
            std::os::unix::net::UnixListener::bind(bench.path("reports/socket.txt")).unwrap();
        symlink("/dev/zero", bench.path("reports/zero.txt")).unwrap();
        for status in ["indexed", "unchanged"] {
            let ran = bench.becomes(
                &[],
                0,
                &[
                    ("reports/good.txt", status),
                    ("reports/pipe.txt", "skipped"),
                    ("reports/socket.txt", "skipped"),
                    ("reports/zero.txt", "skipped"),
                ],
            );
            assert!(
                ran.stderr.contains("跳过 3 个文件：不是普通文件"),
                "{}",
                ran.stderr
            );
        }
    }

    #[test]
    fn deep_and_long_paths() {
        let bench = Bench::new();
        let folder = "乡镇街道工作总结".repeat(8);
        let deep = format!("reports/{}", vec![folder; 12].join("/"));
        assert!(deep.len() > 2000);
        bench.write(&format!("{deep}/a.txt"), report('乙'));
        bench.expect(&["index", "reports", "-q"], 0);
        let ran = bench.expect(&["index", "reports"], 0);
        assert_eq!(row(&ran, "未变的文件"), "2");
        assert_eq!(bench.passages(), 2);
    }

    #[test]
    fn what_cannot_be_looked_into_is_not_taken_for_gone() {
        let bench = Bench::new();
        bench.write("reports/closed/a.txt", report('乙'));
        bench.expect(&["index", "reports", "-q"], 0);
        let set = |mode| {
            let closed = bench.path("reports/closed");
            fs::set_permissions(closed, fs::Permissions::from_mode(mode)).unwrap();
        };
        set(0o000);
        // The superuser may do anything; then there is nothing to see.
        let is_closed = fs::read_dir(bench.path("reports/closed")).is_err();
        let ran = bench.run(&["index", "reports", "--prune"]);
        set(0o755);
        assert_eq!(ran.status, i32::from(is_closed), "{ran:?}");
        assert_eq!(bench.passages(), 2);
        // A file that cannot be opened keeps what is known of it.
        let file = bench.path("reports/closed/a.txt");
        fs::write(&file, report('丙')).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
        if fs::read(&file).is_err() {
            bench.expect(&["index", "reports", "-q"], 1);
            assert_eq!(bench.found("“乙县教育局”"), 1);
        }
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        bench.expect(&["index", "reports", "-q"], 0);
        assert_eq!(bench.passages(), 2);
    }
}
