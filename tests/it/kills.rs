//! Builds killed at random moments: what was committed is found, ids stay, and a run in peace ends
//! where one that was never disturbed would have.
//!
//! `ZHENGSOU_KILLS` is how many (a few by default), `ZHENGSOU_SEED` which.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use zhengsou::model::Filter;
use zhengsou::read::{self, Origin};
use zhengsou::schema::Schema;
use zhengsou::{Engine, SearchRequest, pipeline};

use crate::support::{run, zhengsou};

/// Passages of a source, id and text.
type Passages = BTreeSet<(String, String)>;

/// A generator of numbers (xorshift): the same runs for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }
}

struct Bench {
    root: tempfile::TempDir,
    schema: Schema,
    dice: Dice,
    /// Versions of every file ever written, with their passages.
    parsed: BTreeMap<(String, String), Passages>,
    /// What stands on disk.
    files: BTreeMap<String, String>,
    /// What the index held when it was last looked at.
    held: BTreeMap<String, Passages>,
    killed: u32,
}

impl Bench {
    fn new(seed: u64) -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("reports")).unwrap();
        let mut bench = Bench {
            root,
            schema: Schema::embedded().unwrap(),
            dice: Dice(seed.max(1)),
            parsed: BTreeMap::new(),
            files: BTreeMap::new(),
            held: BTreeMap::new(),
            killed: 0,
        };
        for number in 0..12 {
            bench.write(number);
        }
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Writes a file, new or changed.
    fn write(&mut self, number: u64) {
        let name = format!("reports/{number:02}.txt");
        let mut text = format!("第{number}县教育局2022年工作总结\n\n一、主要工作\n");
        for paragraph in 0..3 + self.dice.below(40) {
            let figure = self.dice.below(1_000_000);
            text += &format!(
                "第{paragraph}项工作：新建学校{figure}所，乡村振兴稳步推进，群众满意度不断提高。\n"
            );
        }
        fs::write(self.path(&name), &text).unwrap();
        let path = self.path(&name);
        let origin = Origin::new(&name, &path);
        let mut passages = Passages::new();
        read::read(&origin, text.clone().into_bytes(), &mut |text| {
            for report in pipeline::parse(text, &self.schema).reports {
                for passage in report.passages {
                    passages.insert((passage.id.to_string(), passage.text));
                }
            }
        })
        .unwrap();
        assert!(passages.len() >= 3);
        self.parsed.insert((name.clone(), text.clone()), passages);
        self.files.insert(name, text);
    }

    fn change(&mut self) {
        for _ in 0..1 + self.dice.below(6) {
            let number = self.dice.below(30);
            let name = format!("reports/{number:02}.txt");
            if self.dice.below(5) == 0 && self.files.len() > 6 {
                if self.files.remove(&name).is_some() {
                    fs::remove_file(self.path(&name)).unwrap();
                }
            } else {
                self.write(number);
            }
        }
    }

    /// Starts a run and kills it: at any moment, or soon after it has begun to write.
    fn kill_one(&mut self, usual: Duration) -> bool {
        let args: &[&str] = match self.dice.below(8) {
            0 => &["optimize"],
            1 | 2 => &["index", "reports", "--rebuild"],
            _ => &["index", "reports"],
        };
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("zhengsou"))
            .current_dir(self.root.path())
            .args(args)
            .args(["--quiet", "--index", "index"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let before = listing(&self.path("index"));
        let started = Instant::now();
        if self.dice.below(4) > 0 {
            while listing(&self.path("index")) == before
                && child.try_wait().unwrap().is_none()
                && started.elapsed() < Duration::from_secs(60)
            {
                std::thread::sleep(Duration::from_micros(300));
            }
            std::thread::sleep(Duration::from_micros(self.dice.below(60_000)));
        } else {
            let span = usual.as_micros() as u64;
            std::thread::sleep(Duration::from_micros(self.dice.below(span)));
        }
        let _ = child.kill();
        let status = child.wait().unwrap();
        self.killed += u32::from(status.code().is_none());
        args.contains(&"--rebuild")
    }

    /// Looks at the index: whole, and every source as it was or as it is now.
    fn check(&mut self, rebuilt: bool, deep: bool) {
        if !self.path("index/manifest.json").exists() && self.held.is_empty() {
            return;
        }
        let index = self.path("index");
        let verified = zhengsou::index::verify(&index, &self.schema, deep).unwrap();
        assert!(verified.sound, "{verified:#?}");
        let engine = Engine::open(&index, Schema::embedded().unwrap()).unwrap();
        let mut holds: BTreeMap<String, Passages> = BTreeMap::new();
        engine
            .export(&[], &mut |passage| {
                let passages = holds.entry(passage.source).or_default();
                assert!(passages.insert((passage.id, passage.text)), "twice");
                true
            })
            .unwrap();
        let names: BTreeSet<&String> = self.held.keys().chain(self.files.keys()).collect();
        let mut replaced = 0;
        for name in names {
            let now = holds.get(name);
            let before = self.held.get(name);
            let text = self.files.get(name).cloned();
            let fresh = text.and_then(|text| self.parsed.get(&(name.clone(), text)));
            let legitimate = now == before || now.is_some() && now == fresh;
            // A rebuild takes what is on disk, all or nothing.
            let dropped = rebuilt && now.is_none() && fresh.is_none();
            assert!(legitimate || dropped, "{name}: {before:?} → {now:?}");
            replaced += u32::from(now != before);
        }
        assert!(replaced > 0 || holds == self.held);
        self.held = holds;
        self.find(&engine);
    }

    /// Looks for some passages by their words.
    fn find(&mut self, engine: &Engine) {
        let all: Vec<_> = self.held.values().flatten().collect();
        if all.is_empty() {
            return;
        }
        for _ in 0..3 {
            let (id, text) = all[self.dice.below(all.len() as u64) as usize];
            let request = SearchRequest {
                query: format!("“{text}”"),
                filters: Vec::<Filter>::new(),
                fold: false,
                limit: 100,
                ..SearchRequest::default()
            };
            let found = engine.search(&request).unwrap();
            assert!(
                found.hits.iter().any(|hit| hit.passage.id == *id),
                "{id}: {text}"
            );
        }
    }
}

/// Names of the files of an index, and what its manifest says.
fn listing(index: &Path) -> BTreeSet<PathBuf> {
    walkdir::WalkDir::new(index)
        .into_iter()
        .filter_map(|entry| Some(entry.ok()?.into_path()))
        .collect()
}

#[test]
fn killed_builds_lose_nothing_that_was_committed() {
    let number = |name: &str, default| {
        std::env::var(name).map_or(default, |value| value.parse::<u64>().unwrap())
    };
    let (kills, seed) = (
        number("ZHENGSOU_KILLS", 8),
        number("ZHENGSOU_SEED", 20_261_123),
    );
    let mut bench = Bench::new(seed);
    let mut usual = Duration::from_secs(1);
    for round in 0..kills {
        bench.change();
        let rebuilt = bench.kill_one(usual);
        bench.check(rebuilt, round % 10 == 9);
        if round % 5 == 4 {
            // Now and then one is left in peace, and shows how long it takes.
            let started = Instant::now();
            let ran = run_at(&bench, &["index", "reports", "--index", "index"]);
            usual = started.elapsed().max(Duration::from_millis(50));
            assert_eq!(ran, 0);
            bench.check(false, false);
        }
    }
    println!("{} of {kills} runs ended by the kill", bench.killed);
    assert!(bench.killed * 2 >= kills as u32, "the kills came too late");

    // What is gone from the disk stays in the index; bring it back, to compare.
    for number in 0..30 {
        let name = format!("reports/{number:02}.txt");
        if !bench.files.contains_key(&name) && bench.held.contains_key(&name) {
            bench.write(number);
        }
    }
    assert_eq!(run_at(&bench, &["index", "reports", "--index", "index"]), 0);
    bench.check(false, true);
    assert_eq!(run_at(&bench, &["index", "reports", "--index", "peace"]), 0);
    let export = |index: &str| {
        let path = bench.path(index);
        let ran = run(["export", "--quiet", "--index", path.to_str().unwrap()]);
        assert_eq!(ran.status, 0, "{ran:?}");
        ran.stdout
    };
    assert_eq!(export("index"), export("peace"));
    let notes = zhengsou::index::verify(&bench.path("index"), &bench.schema, true).unwrap();
    assert_eq!(notes.notes, [], "leftovers are cleared away");
}

fn run_at(bench: &Bench, args: &[&str]) -> i32 {
    let mut command = zhengsou();
    command.current_dir(bench.root.path()).args(args).arg("-q");
    crate::support::finish(&mut command).status
}
