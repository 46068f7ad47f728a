//! What an index outlasts: full disks, folders that cannot be written, a second writer, readers
//! while it changes, and other rules than those it was made under.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use zhengsou::analyze::Analyzer;
use zhengsou::index::{Lock, Payload, Store, Writer, optimize, verify};
use zhengsou::pipeline::{self, BuildOptions, Observer};
use zhengsou::schema::Schema;
use zhengsou::{Engine, ErrorKind, SearchRequest};

use crate::support::{Ran, finish, zhengsou};

struct Silent;
impl Observer for Silent {}

struct Bench(tempfile::TempDir);

impl Bench {
    fn new(files: usize) -> Self {
        let bench = Bench(tempfile::tempdir().unwrap());
        fs::create_dir(bench.path("reports")).unwrap();
        for number in 0..files {
            bench.write(number, "乡村振兴稳步推进");
        }
        bench
    }

    fn indexed(files: usize) -> Self {
        let bench = Bench::new(files);
        bench.expect(&["index", "reports", "-q"], 0);
        bench
    }

    fn write(&self, number: usize, what: &str) {
        let mut text = format!("第{number}县教育局2022年工作总结\n\n一、主要工作\n");
        for paragraph in 0..20 {
            text += &format!(
                "第{paragraph}项：{what}，新建学校{}所。\n",
                number * 31 + paragraph
            );
        }
        fs::write(self.path(&format!("reports/{number:03}.txt")), text).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn index(&self) -> PathBuf {
        self.path(".zhengsou")
    }

    fn run(&self, args: &[&str]) -> Ran {
        let mut command = zhengsou();
        finish(command.current_dir(self.0.path()).args(args))
    }

    fn expect(&self, args: &[&str], status: i32) -> Ran {
        let ran = self.run(args);
        assert_eq!(ran.status, status, "{args:?}: {ran:?}");
        ran
    }

    fn export(&self, args: &[&str]) -> String {
        self.expect(&[&["export", "-q"], args].concat(), 0).stdout
    }

    fn options(&self) -> BuildOptions {
        BuildOptions {
            paths: vec![self.path("reports")],
            index: self.index(),
            jobs: 2,
            ..BuildOptions::default()
        }
    }

    /// A copy of the rules with one more word, so that the fingerprint differs.
    fn other_rules(&self) -> PathBuf {
        let rules = self.path("rules");
        fs::create_dir(&rules).unwrap();
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("index_schema");
        for entry in fs::read_dir(ours).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                fs::copy(entry.path(), rules.join(entry.file_name())).unwrap();
            }
        }
        let variants = rules.join("sections.toml");
        let mut text = fs::read_to_string(&variants).unwrap();
        text.push_str("\n# another edition\n");
        fs::write(variants, text).unwrap();
        rules
    }
}

fn schema() -> Schema {
    Schema::embedded().unwrap()
}

fn passages(engine: &Engine) -> u64 {
    let mut count = 0;
    engine
        .export(&[], &mut |_| {
            count += 1;
            true
        })
        .unwrap();
    count
}

#[test]
fn a_second_writer_is_turned_away() {
    let bench = Bench::indexed(2);
    let held = Lock::take(&bench.index()).unwrap();
    for args in [&["index", "reports"][..], &["optimize"]] {
        let ran = bench.expect(args, 2);
        assert!(
            ran.stderr.contains("另一个程序正在写这个索引"),
            "{}",
            ran.stderr
        );
    }
    // Readers go on.
    bench.expect(&["search", "乡村振兴", "-q"], 0);
    bench.expect(&["verify"], 0);
    drop(held);
    bench.expect(&["index", "reports", "-q"], 0);
}

#[test]
fn readers_see_the_old_or_the_new_while_writers_commit_merge_and_swap() {
    let bench = Bench::indexed(6);
    let over = AtomicBool::new(false);
    let standing = Engine::open(&bench.index(), schema()).unwrap();
    let (mut opened, mut checked) = (0, 0);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let schema = std::sync::Arc::new(schema());
            for round in 0..12 {
                let mut options = bench.options();
                match round % 3 {
                    0 => options.rebuild = true,
                    1 => bench.write(round % 6, &format!("乡村振兴第{round}轮推进")),
                    _ => {
                        optimize(&bench.index(), &Analyzer::new(&schema)).unwrap();
                        continue;
                    }
                }
                pipeline::build(&options, &schema, &Silent).unwrap();
            }
            over.store(true, Ordering::Relaxed);
        });
        let readers = scope.spawn(|| {
            let mut opened = 0;
            while !over.load(Ordering::Relaxed) {
                let engine = Engine::open(&bench.index(), schema()).unwrap();
                let request = SearchRequest {
                    query: "“新建学校”".to_owned(),
                    ..SearchRequest::default()
                };
                assert_eq!(engine.search(&request).unwrap().total.passages, 120);
                assert_eq!(passages(&engine), 120);
                opened += 1;
            }
            opened
        });
        while !over.load(Ordering::Relaxed) && !writer.is_finished() {
            let found = verify(&bench.index(), &schema(), false).unwrap();
            assert!(found.sound, "{found:#?}");
            checked += 1;
        }
        writer.join().unwrap();
        opened = readers.join().unwrap();
    });
    println!("{opened} readers, {checked} checks");
    assert!(opened > 5 && checked > 5);
    // One that was open all the time still sees what it saw.
    assert_eq!(passages(&standing), 120);
    let found = verify(&bench.index(), &schema(), true).unwrap();
    assert!(found.sound && found.notes.is_empty(), "{found:#?}");
}

#[test]
fn a_sidecar_is_committed_with_the_documents_or_not_at_all() {
    let bench = Bench::indexed(1);
    let analyzer = Analyzer::new(&schema());
    let payload = || {
        Store::open(&bench.index(), &analyzer)
            .unwrap()
            .payload()
            .unwrap()
    };
    let store = Store::open(&bench.index(), &analyzer).unwrap();
    let folder = store.generation();
    let built = payload().near.unwrap();
    assert!(built.is_whole(&folder).unwrap());
    for name in ["near-1.bin", "near-2.bin", "near-3.bin"] {
        fs::write(folder.join(name), name).unwrap();
    }
    let mut writer = Writer::open(&store, 1, 32 << 20).unwrap();
    assert!(!folder.join("near-1.bin").exists(), "no commit names it");
    fs::write(folder.join("near-4.bin"), "four").unwrap();
    writer.commit_with(Some("near-4.bin")).unwrap();
    let near = payload().near.unwrap();
    assert_eq!(near.name, "near-4.bin");
    assert!(near.is_whole(&folder).unwrap());
    assert!(
        !folder.join(&built.name).exists(),
        "that of the commit before"
    );
    writer.delete("reports/000.txt");
    writer.commit().unwrap();
    writer.close().unwrap();
    assert_eq!(
        payload().near.unwrap(),
        near,
        "it stays until another comes"
    );
    // It holds no groups: a build makes them.
    bench.expect(&["index", "reports", "-q"], 0);
    let built = payload().near.unwrap();
    assert_ne!(built, near);
    bench.expect(&["optimize"], 0);
    assert_eq!(payload().near.unwrap(), built);
    assert!(verify(&bench.index(), &schema(), true).unwrap().sound);

    let mut writer = Writer::open(&store, 1, 32 << 20).unwrap();
    let error = writer.commit_with(Some("near-9.bin")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert_eq!(payload().near.unwrap(), built);
    fs::write(folder.join("near-5.bin"), "five").unwrap();
    writer.commit_with(Some("near-5.bin")).unwrap();
    assert!(!folder.join(&built.name).exists());
    writer.commit_with(None).unwrap();
    assert!(!folder.join("near-5.bin").exists());
    writer.close().unwrap();
    assert_eq!(payload(), Payload::default());

    let mut writer = Writer::open(&store, 1, 32 << 20).unwrap();
    fs::write(folder.join("near-6.bin"), "six").unwrap();
    writer.commit_with(Some("near-6.bin")).unwrap();
    writer.close().unwrap();
    fs::write(folder.join("near-6.bin"), "sixx").unwrap();
    let found = verify(&bench.index(), &schema(), false).unwrap();
    assert_eq!(
        found.faults[0].about, "generation-1/near-6.bin",
        "{found:#?}"
    );
}

#[test]
fn an_index_made_under_other_rules_is_made_anew() {
    let bench = Bench::indexed(3);
    let before = bench.export(&[]);
    let rules = bench.other_rules();
    let rules = rules.to_str().unwrap();
    let refused = bench.expect(&["search", "乡村振兴", "--schema", rules], 2);
    assert!(
        refused.stderr.contains("另一套词典或规则"),
        "{}",
        refused.stderr
    );
    let reader = Engine::open(&bench.index(), schema()).unwrap();

    // All that it knows, and the path that is given.
    fs::create_dir(bench.path("more")).unwrap();
    fs::copy(bench.path("reports/001.txt"), bench.path("more/x.txt")).unwrap();
    let ran = bench.expect(&["index", "more", "--schema", rules], 0);
    assert!(
        ran.stderr.contains("重新索引其中全部 3 个文件"),
        "{}",
        ran.stderr
    );
    let after = bench.export(&["--schema", rules]);
    let of = |export: &str, source: &str| -> Vec<String> {
        let lines = export.lines().filter(|line| line.contains(source));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(of(&after, "\"reports/").join("\n"), before.trim_end());
    assert_eq!(of(&after, "\"more/x.txt\"").len(), 20);
    bench.expect(&["search", "乡村振兴"], 2);
    assert_eq!(passages(&reader), 60, "a reader goes on with the old one");

    // And back, but one of the files is gone.
    fs::remove_file(bench.path("reports/002.txt")).unwrap();
    let refused = bench.expect(&["index", "reports"], 2);
    assert!(
        refused.stderr.contains("1 个原文件已不在："),
        "{}",
        refused.stderr
    );
    assert!(
        refused.stderr.contains("reports/002.txt"),
        "{}",
        refused.stderr
    );
    assert!(refused.stderr.contains("--prune"), "{}", refused.stderr);
    assert_eq!(
        bench.export(&["--schema", rules]),
        after,
        "nothing has changed"
    );
    bench.expect(&["index", "reports", "--prune"], 0);
    let pruned = bench.export(&[]);
    assert_eq!(pruned.lines().count(), 60);
    assert_eq!(of(&pruned, "reports/002.txt").len(), 0);
    bench.expect(&["verify", "--deep"], 0);
}

#[test]
fn an_old_index_that_cannot_be_read_leaves_the_given_paths() {
    let bench = Bench::indexed(3);
    let rules = bench.other_rules();
    let rules = rules.to_str().unwrap();
    fs::write(bench.path(".zhengsou/generation-1/meta.json"), "{").unwrap();
    let ran = bench.expect(&["index", "reports/001.txt", "--schema", rules], 0);
    assert!(ran.stderr.contains("只索引所给的路径"), "{}", ran.stderr);
    assert_eq!(bench.export(&["--schema", rules]).lines().count(), 20);
}

#[test]
fn a_folder_that_a_killed_run_left_is_no_hindrance() {
    let bench = Bench::new(2);
    // Killed before the first manifest was written.
    fs::create_dir_all(bench.path(".zhengsou/generation-1")).unwrap();
    fs::write(bench.path(".zhengsou/generation-1/meta.json"), "{").unwrap();
    fs::write(bench.path(".zhengsou/manifest.json.new"), "{").unwrap();
    bench.expect(&["index", "reports", "-q"], 0);
    assert_eq!(bench.export(&[]).lines().count(), 40);
    let names: Vec<_> = fs::read_dir(bench.index())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("generation") || name.ends_with(".new"))
        .collect();
    assert_eq!(names, ["generation-2"]);
}

#[cfg(unix)]
mod unix {
    //! What needs the limits and permissions of Unix.

    use std::process::Command;

    use super::*;

    /// Runs the binary where no file may grow beyond so many blocks of 512 bytes.
    fn limited(bench: &Bench, blocks: u64, args: &[&str]) -> (Option<i32>, String) {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let output = Command::new("sh")
            .current_dir(bench.0.path())
            .args(["-c", &script, "sh"])
            .arg(assert_cmd::cargo::cargo_bin!("zhengsou"))
            .args(args)
            .args(["--lang", "zh"])
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), stderr)
    }

    #[test]
    fn where_the_disk_takes_no_more_the_last_commit_stands() {
        let bench = Bench::indexed(1);
        let before = bench.export(&[]);
        for number in 1..60 {
            bench.write(number, "乡村振兴");
        }
        let mut failed = 0;
        // At the first file, in the middle of a segment, at its end.
        for blocks in [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512] {
            let (status, stderr) = limited(&bench, blocks, &["index", "reports", "-q"]);
            if status == Some(0) {
                break;
            }
            failed += 1;
            assert_eq!(status, Some(2), "{blocks}: {stderr}");
            assert!(
                stderr.contains("文件超过系统允许的大小"),
                "{blocks}: {stderr}"
            );
            assert_eq!(bench.export(&[]), before, "{blocks}");
            assert!(verify(&bench.index(), &schema(), false).unwrap().sound);
        }
        assert!(failed >= 4, "{failed}");
        bench.expect(&["index", "reports", "-q"], 0);
        assert_eq!(bench.export(&[]).lines().count(), 1200);
        let found = verify(&bench.index(), &schema(), true).unwrap();
        assert!(found.sound && found.notes.is_empty(), "{found:#?}");

        bench.write(0, "乡村振兴"); // A deletion, for there to be something to merge.
        bench.expect(&["index", "reports", "-q"], 0);
        let before = bench.export(&[]);
        let (status, stderr) = limited(&bench, 16, &["optimize"]);
        assert_eq!(status, Some(2), "{stderr}");
        assert!(stderr.contains("文件超过系统允许的大小"), "{stderr}");
        assert_eq!(bench.export(&[]), before);
        assert!(verify(&bench.index(), &schema(), false).unwrap().sound);
    }

    #[test]
    fn a_folder_that_may_only_be_read_can_be_searched_but_not_written() {
        use std::os::unix::fs::PermissionsExt;

        let bench = Bench::indexed(1);
        let set = |mode| {
            for name in [".zhengsou", ".zhengsou/generation-1"] {
                let path = bench.path(name);
                fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
            }
            for entry in walkdir::WalkDir::new(bench.index()) {
                let path = entry.unwrap().into_path();
                if path.is_file() {
                    let mode = fs::Permissions::from_mode(mode & 0o666);
                    fs::set_permissions(path, mode).unwrap();
                }
            }
        };
        set(0o555);
        // The superuser may do anything; then there is nothing to see.
        if fs::write(bench.path(".zhengsou/probe"), "").is_err() {
            bench.expect(&["search", "乡村振兴", "-q"], 0);
            bench.expect(&["verify", "--deep"], 0);
            for args in [&["index", "reports"][..], &["optimize"]] {
                let ran = bench.expect(args, 2);
                assert!(ran.stderr.contains("没有读写权限"), "{}", ran.stderr);
            }
        }
        set(0o755);
    }
}
