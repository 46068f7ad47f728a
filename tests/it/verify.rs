//! `verify` and `optimize`: every flipped byte is found, and what is whole is said to be.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use zhengsou::index::{Verification, verify};
use zhengsou::schema::Schema;
use zhengsou::{Engine, SearchRequest};

use crate::support::{Ran, finish, zhengsou};

const REPORT: &str = "\
县卫健委2023年工作总结和2024年工作计划

一、2023年工作总结
（一）公共卫生。全年家庭医生签约12万人，乡村振兴重点人群应签尽签。
（二）医保服务。异地就医备案全部网上办理。

二、2024年工作计划
继续做好巩固拓展脱贫攻坚成果同乡村振兴有效衔接。
";

struct Bench(tempfile::TempDir);

impl Bench {
    /// An index of several segments, one of them with deleted documents.
    fn indexed() -> Self {
        let bench = Bench(tempfile::tempdir().unwrap());
        fs::create_dir(bench.path("reports")).unwrap();
        for run in 0..3 {
            for number in 0..2 {
                bench.write(run * 2 + number, "");
            }
            bench.expect(&["index", "reports", "-q", "--jobs", "1"], 0);
        }
        bench.write(0, "新增一句。");
        bench.expect(&["index", "reports", "-q", "--jobs", "1"], 0);
        bench
    }

    fn write(&self, number: usize, more: &str) {
        let text = format!("{REPORT}第{number}条措施。{more}\n");
        fs::write(self.path(&format!("reports/{number}.txt")), text).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn expect(&self, args: &[&str], status: i32) -> Ran {
        let mut command = zhengsou();
        let ran = finish(command.current_dir(self.0.path()).args(args));
        assert_eq!(ran.status, status, "{args:?}: {ran:?}");
        ran
    }

    fn json(&self, args: &[&str], status: i32) -> Value {
        let ran = self.expect(&[args, &["--format", "json"]].concat(), status);
        serde_json::from_str(&ran.stdout).unwrap()
    }

    /// Files with content of the index, sorted.
    fn files(&self) -> Vec<PathBuf> {
        let entries = walkdir::WalkDir::new(self.path(".zhengsou")).sort_by_file_name();
        let files = entries.into_iter().map(|entry| entry.unwrap().into_path());
        files
            .filter(|path| path.is_file() && fs::metadata(path).unwrap().len() > 0)
            .collect()
    }
}

fn check(folder: &Path, deep: bool) -> Verification {
    verify(folder, &Schema::embedded().unwrap(), deep).unwrap()
}

#[test]
fn a_sound_index_is_said_to_be_sound() {
    let bench = Bench::indexed();
    for deep in [&[][..], &["--deep"]] {
        let found = bench.json(&[&["verify"], deep].concat(), 0);
        assert_eq!(found["sound"], true);
        assert_eq!(found["faults"], Value::Array(Vec::new()));
        assert_eq!(found["notes"], Value::Array(Vec::new()));
        assert_eq!(found["sources"], 6);
        assert_eq!(found["passages"], 18 + 6);
    }
    let ran = bench.expect(&["verify"], 0);
    assert!(ran.stdout.starts_with("索引完好\n"), "{}", ran.stdout);
    let ran = bench.expect(&["verify", "--lang", "en"], 0);
    assert!(ran.stdout.starts_with("the index is sound\n"));
    bench.expect(&["verify", "--index", "nowhere"], 2);
    assert!(!bench.path("nowhere").exists());
}

#[test]
fn every_flipped_bit_is_found_and_no_search_panics() {
    let flips = std::env::var("ZHENGSOU_FLIPS").map_or(6, |count| count.parse().unwrap());
    let bench = Bench::indexed();
    let folder = bench.path(".zhengsou");
    let mut seed = 1u64;
    let mut below = |bound: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % bound
    };
    let (mut count, mut refused, mut missed) = (0, 0, Vec::new());
    for path in bench.files() {
        let whole = fs::read(&path).unwrap();
        for flip in 0..flips {
            let mut bytes = whole.clone();
            // The first and the last bytes for sure, where formats keep what matters.
            let at = match flip {
                0 => 0,
                1 => bytes.len() - 1,
                _ => below(bytes.len()),
            };
            bytes[at] ^= 1 << below(8);
            fs::write(&path, bytes).unwrap();
            count += 1;
            let found = check(&folder, false);
            if found.sound || found.faults.is_empty() {
                missed.push((path.clone(), at));
            } else {
                let name = path.file_name().unwrap().to_str().unwrap();
                assert!(found.faults[0].about.contains(name), "{path:?}: {found:?}");
            }
            let request = SearchRequest {
                query: "“乡村振兴” 医保".to_owned(),
                ..SearchRequest::default()
            };
            let searched = Engine::open(&folder, Schema::embedded().unwrap()).and_then(|engine| {
                engine
                    .search(&request)
                    .and(engine.export(&[], &mut |_| true))
            });
            refused += u32::from(searched.is_err());
        }
        fs::write(&path, whole).unwrap();
    }
    println!(
        "{count} flips, {} missed, {refused} refused by a search",
        missed.len()
    );
    assert_eq!(missed, []);
    assert!(count > 100);
    assert!(check(&folder, true).sound);
}

#[test]
fn what_is_missing_changed_or_too_much_is_named() {
    let bench = Bench::indexed();
    let folder = bench.path(".zhengsou");
    assert_eq!(check(&folder, false).advice, None);
    let store = bench
        .files()
        .into_iter()
        .find(|path| {
            path.extension()
                .is_some_and(|extension| extension == "store")
        })
        .unwrap();
    let away = bench.path("away");
    fs::rename(&store, &away).unwrap();
    let found = bench.json(&["verify"], 2);
    let named = found["faults"][0]["about"].as_str().unwrap();
    assert!(named.ends_with(".store"), "{found}");
    assert_eq!(found["faults"][0]["zh"], "文件不见了");
    let ran = bench.expect(&["verify"], 2);
    assert!(ran.stdout.starts_with("索引已损坏\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("zhengsou index --rebuild"));
    fs::rename(&away, &store).unwrap();

    // What no commit names is no damage, and goes with the next run.
    let generation = store.parent().unwrap();
    let left = generation.join("0123456789abcdef0123456789abcdef.idx");
    fs::write(&left, "x").unwrap();
    fs::write(generation.join("near-7.bin"), "x").unwrap();
    fs::write(generation.join("meta.json.new"), "x").unwrap();
    fs::write(folder.join("manifest.json.new"), "{").unwrap();
    fs::create_dir(folder.join("generation-9")).unwrap();
    fs::write(folder.join("generation-9/meta.json"), "{}").unwrap();
    fs::write(generation.join("notes.doc"), "x").unwrap();
    let found = bench.json(&["verify"], 0);
    assert!(
        found["notes"][0]["zh"]
            .as_str()
            .unwrap()
            .starts_with("5 个文件"),
        "{found}"
    );
    assert_eq!(found["notes"][1]["about"], "generation-1/notes.doc");
    bench.expect(&["index", "reports", "-q"], 0);
    let found = bench.json(&["verify"], 0);
    assert_eq!(found["notes"].as_array().unwrap().len(), 1, "{found}");
    assert!(!left.exists());

    // Sources that changed since are told apart from damage.
    bench.write(1, "改过。");
    fs::remove_file(bench.path("reports/2.txt")).unwrap();
    assert_eq!(check(&folder, false).notes.len(), 1);
    let found = check(&folder, true);
    assert!(found.sound);
    let about: Vec<_> = found
        .notes
        .iter()
        .map(|note| (&*note.about, &*note.note.zh))
        .collect();
    assert_eq!(
        about[1..],
        [
            ("reports/1.txt", "原文件在编入索引后有改动"),
            ("reports/2.txt", "原文件已不在"),
        ]
    );
}

#[test]
fn optimizing_leaves_one_segment_and_the_same_passages() {
    let bench = Bench::indexed();
    let folder = bench.path(".zhengsou");
    let before = bench.expect(&["export", "-q"], 0).stdout;
    let reader = Engine::open(&folder, Schema::embedded().unwrap()).unwrap();
    let done = bench.json(&["optimize"], 0);
    assert!(done["before"]["segments"].as_u64().unwrap() > 1, "{done}");
    assert!(done["before"]["deleted"].as_u64().unwrap() > 0, "{done}");
    assert_eq!(done["after"]["segments"], 1);
    assert_eq!(done["after"]["deleted"], 0);
    assert!(done["after"]["bytes"].as_u64() < done["before"]["bytes"].as_u64());
    assert_eq!(bench.expect(&["export", "-q"], 0).stdout, before);
    assert!(check(&folder, true).sound);
    // One that was open goes on.
    let mut passages = 0;
    reader
        .export(&[], &mut |_| {
            passages += 1;
            true
        })
        .unwrap();
    assert_eq!(passages, before.lines().count());
    // There is nothing left to do.
    let again = bench.json(&["optimize"], 0);
    assert_eq!(again["before"], again["after"]);
    assert_eq!(again["before"], done["after"]);
    bench.expect(&["optimize", "--index", "nowhere"], 2);
    assert!(!bench.path("nowhere").exists());
}
