//! Near copies from outside: groups against all pairs, whatever order and increments brought the
//! passages; folding, marking and listing.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zhengsou::Engine;
use zhengsou::analyze::Analyzer;
use zhengsou::model::{Difference, PassageRecord, SearchRequest};
use zhengsou::near::{Print, SHORT, letters};
use zhengsou::pipeline::{self, BuildOptions, DeleteOptions, Observer, delete};
use zhengsou::schema::Schema;

struct Silent;
impl Observer for Silent {}

fn build(paths: &[PathBuf], index: &Path, jobs: usize) {
    let options = BuildOptions {
        paths: paths.to_vec(),
        index: index.to_path_buf(),
        jobs,
        prune: true,
        ..BuildOptions::default()
    };
    let schema = Arc::new(Schema::embedded().unwrap());
    let summary = pipeline::build(&options, &schema, &Silent).unwrap();
    assert_eq!(summary.failed, 0);
}

fn open(index: &Path) -> Engine {
    Engine::open(index, Schema::embedded().unwrap()).unwrap()
}

fn passages(engine: &Engine) -> Vec<PassageRecord> {
    let mut passages = Vec::new();
    engine
        .export(&[], &mut |passage| {
            passages.push(passage);
            true
        })
        .unwrap();
    passages
}

/// Returns each passage's copies with how they differ.
fn groups(engine: &Engine) -> BTreeMap<String, Vec<(String, Difference)>> {
    let copies = |passage: &PassageRecord| {
        let copies = engine.copies(&passage.id, usize::MAX).unwrap();
        assert_eq!(copies.count, copies.listed.len() as u64);
        let mut named: Vec<_> = copies
            .listed
            .into_iter()
            .map(|copy| (copy.passage.id, copy.differs))
            .collect();
        named.sort_by(|one, two| one.0.cmp(&two.0));
        named
    };
    let passages = passages(engine);
    passages
        .iter()
        .map(|passage| (passage.id.clone(), copies(passage)))
        .collect()
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data_samples")
}

fn seed() -> Option<PathBuf> {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seed");
    seed.is_dir().then_some(seed)
}

/// Jaccard similarity of the sets of runs of five characters, straight from its definition.
fn jaccard(one: &BTreeSet<Vec<char>>, two: &BTreeSet<Vec<char>>) -> f64 {
    let shared = one.intersection(two).count();
    shared as f64 / (one.len() + two.len() - shared) as f64
}

/// Returns the text with every run of digits, `x` and `×` as one `#`.
fn masked(text: &str) -> String {
    let mut masked = String::new();
    for character in letters(text) {
        if character.is_ascii_digit() || "x×*○□某".contains(character) {
            if !masked.ends_with('#') {
                masked.push('#');
            }
        } else {
            masked.push(character);
        }
    }
    masked
}

/// Checks the groups of an index against all pairs of its texts, and returns the pairs of different
/// texts at 0.8 and more.
fn against_all_pairs(engine: &Engine) -> usize {
    let analyzer = Analyzer::new(&Schema::embedded().unwrap());
    let mut distinct: BTreeMap<String, PassageRecord> = BTreeMap::new();
    for passage in passages(engine) {
        let text: String = letters(&analyzer.fold(&passage.text)).into_iter().collect();
        distinct.entry(text).or_insert(passage);
    }
    distinct.retain(|text, _| text.chars().count() > SHORT);
    let sets: Vec<BTreeSet<Vec<char>>> = distinct
        .keys()
        .map(|text| {
            let chars: Vec<char> = text.chars().collect();
            chars.windows(5).map(<[char]>::to_vec).collect()
        })
        .collect();
    let texts: Vec<&String> = distinct.keys().collect();
    let records: Vec<&PassageRecord> = distinct.values().collect();
    let place: HashMap<&str, usize> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| (text.as_str(), at))
        .collect();
    let copies: Vec<BTreeMap<usize, (f64, Difference)>> = records
        .iter()
        .map(|record| {
            let copies = engine.copies(&record.id, usize::MAX).unwrap();
            let listed = copies.listed.iter().map(|copy| {
                let text: String = letters(&analyzer.fold(&copy.passage.text))
                    .into_iter()
                    .collect();
                (place[text.as_str()], (copy.jaccard, copy.differs))
            });
            listed.collect()
        })
        .collect();
    let (mut all, mut kept) = (0, 0);
    for one in 0..texts.len() {
        for two in 0..texts.len() {
            if one == two {
                continue;
            }
            let exact = jaccard(&sets[one], &sets[two]);
            let same_mask = masked(texts[one]) == masked(texts[two]);
            all += usize::from(exact >= 0.8);
            let Some((shown, differs)) = copies[one].get(&two) else {
                continue;
            };
            kept += usize::from(exact >= 0.8);
            assert!(
                (shown - exact).abs() < 1e-9,
                "{} {}",
                texts[one],
                texts[two]
            );
            let expected = if same_mask {
                Difference::Figures
            } else {
                Difference::Wording
            };
            assert_eq!(*differs, expected, "{} {}", texts[one], texts[two]);
            assert!(
                exact >= 0.8 || same_mask,
                "no copy: {} {}",
                texts[one],
                texts[two]
            );
        }
    }
    assert!(
        kept * 100 >= all * 95,
        "{kept} of {all} pairs are in one group"
    );
    all / 2
}

#[test]
fn groups_hold_against_all_pairs() {
    let index = tempfile::tempdir().unwrap();
    build(&[samples()], index.path(), 2);
    assert_eq!(against_all_pairs(&open(index.path())), 7);
    if let Some(seed) = seed() {
        let index = tempfile::tempdir().unwrap();
        build(&[seed], index.path(), 2);
        let engine = open(index.path());
        // The report of one county that is printed twice: five paragraphs are equal, two nearly so.
        assert_eq!(against_all_pairs(&engine), 2);
        let stats = engine.stats().unwrap().copies;
        assert_eq!((stats.groups, stats.passages, stats.largest), (8, 16, 2));
        // A third one had its figures blacked out: 0.56 alike, but for figures equal.
        assert_eq!((stats.figures, stats.wording), (2, 1));
    }
}

#[test]
fn order_threads_and_increments_change_nothing() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("报告");
    std::fs::create_dir(&folder).unwrap();
    let mut files = Vec::new();
    for entry in walk(&samples())
        .into_iter()
        .chain(seed().map(|seed| walk(&seed)).unwrap_or_default())
    {
        if entry
            .extension()
            .is_some_and(|kind| kind != "tsv" && kind != "jsonl")
        {
            files.push(entry);
        }
    }
    // Variants of a report: chains of paragraphs, each nearly the one before.
    let report = samples().join("云溪县/2024年云溪县政府工作报告.txt");
    let text = std::fs::read_to_string(report).unwrap();
    let mut draw = 0x2545_f491_4f6c_dd1d_u64;
    let mut varied: Vec<char> = text.chars().collect();
    let mut texts = vec![text];
    for _ in 0..6 {
        for character in &mut varied {
            draw ^= draw << 13;
            draw ^= draw >> 7;
            draw ^= draw << 17;
            if draw.is_multiple_of(70) && ('\u{4e00}'..='\u{9fff}').contains(character) {
                *character = '某';
            } else if draw.is_multiple_of(5) && character.is_ascii_digit() {
                *character = char::from(b'0' + (draw >> 20) as u8 % 10);
            }
        }
        texts.push(varied.iter().collect());
    }
    let write = |part: usize| {
        for (at, file) in files.iter().enumerate().filter(|(at, _)| at % 3 == part) {
            let name = file.file_name().unwrap().to_string_lossy();
            std::fs::copy(file, folder.join(format!("{at}-{name}"))).unwrap();
        }
        for (at, text) in texts.iter().enumerate().filter(|(at, _)| at % 3 == part) {
            std::fs::write(folder.join(format!("变体{at}.txt")), text).unwrap();
        }
    };
    let paths = std::slice::from_ref(&folder);
    let grown = root.path().join("grown");
    for (part, jobs) in [(0, 1), (1, 4), (2, 2)] {
        write(part);
        build(paths, &grown, jobs);
    }
    let whole = root.path().join("whole");
    build(paths, &whole, 4);
    let expected = groups(&open(&whole));
    assert!(
        expected.values().flatten().count() > 200,
        "there are copies"
    );
    assert!(expected == groups(&open(&grown)), "one run or three");

    let files: Vec<PathBuf> = walk(&folder).into_iter().rev().collect();
    let single = root.path().join("single");
    build(&files, &single, 1);
    let texts = |groups: BTreeMap<String, Vec<(String, Difference)>>| -> Vec<usize> {
        let mut sizes: Vec<usize> = groups.into_values().map(|copies| copies.len()).collect();
        sizes.sort_unstable();
        sizes
    };
    // Sources given one by one have other names, hence other ids.
    assert_eq!(texts(groups(&open(&single))), texts(expected.clone()));

    // Taken out and brought back.
    let file = folder.join("变体2.txt");
    let text = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    build(paths, &grown, 2);
    let without = groups(&open(&grown));
    assert!(without != expected);
    let fresh = root.path().join("fresh");
    build(paths, &fresh, 2);
    assert!(without == groups(&open(&fresh)), "without a file");
    std::fs::write(&file, text).unwrap();
    build(paths, &grown, 2);
    assert!(expected == groups(&open(&grown)), "brought back");

    let options = DeleteOptions {
        index: grown.clone(),
        targets: vec!["报告/变体2.txt".to_owned()],
        dry_run: false,
    };
    delete(&options, &Schema::embedded().unwrap()).unwrap();
    assert!(without == groups(&open(&grown)), "deleted");
    build(paths, &grown, 2);
    assert!(expected == groups(&open(&grown)), "read again");

    // Nothing to do, nothing written.
    let before = sidecars(&grown);
    assert_eq!(before.len(), 1, "{before:?}");
    build(paths, &grown, 2);
    assert_eq!(sidecars(&grown), before);
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(walk(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

/// Returns the files of groups with their times.
fn sidecars(index: &Path) -> Vec<(PathBuf, std::time::SystemTime)> {
    walk(index)
        .into_iter()
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("near-")
        })
        .map(|path| {
            let modified = path.metadata().unwrap().modified().unwrap();
            (path, modified)
        })
        .collect()
}

#[test]
fn near_copies_fold_and_say_how_they_differ() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("报告");
    std::fs::create_dir(&folder).unwrap();
    let write = |name: &str, text: &str| {
        let text = format!("{name}2023年工作总结\n\n一、主要工作\n{text}\n");
        std::fs::write(folder.join(format!("{name}2023年工作总结.txt")), text).unwrap();
    };
    let text = "全年新建高标准农田2800亩，改造低产田1200亩，完成投资1.6亿元，带动周边农户稳定增收。\
        坚持把保障粮食安全摆在首位，逐级压实耕地保护责任，严格落实补贴政策，引导大户规模经营；\
        推广良种良法良机，组织技术人员进村入户开展指导，病虫害统防统治实现全覆盖；\
        健全农产品质量追溯体系，开展投入品专项整治，抽检合格率稳步提升；\
        深入推进农村人居环境整治，完善垃圾收运和污水处理设施管护机制，群众满意度持续提高。";
    write("清溪县农业农村局", text);
    write(
        "云溪县农业农村局",
        &text.replace("2800", "3000").replace("1.6", "××"),
    );
    write("定川县农业农村局", &text.replace("周边农户", "周边群众"));
    write("苍岭县农业农村局", &text.replace('，', "、"));
    write("临川县农业农村局", "全年新建高标准农田。");
    write("云海县农业农村局", "全年新建高标准农田！");
    write("松源县农业农村局", "全年改建高标准农田。");
    let index = root.path().join("index");
    build(std::slice::from_ref(&folder), &index, 2);
    let engine = open(&index);
    let request = SearchRequest {
        query: "\"高标准农田\" agency:农业农村局".to_owned(),
        ..SearchRequest::default()
    };
    let answer = engine.search(&request).unwrap();
    assert_eq!((answer.total.passages, answer.total.folded), (7, 3));
    assert_eq!(answer.notes, []);
    let hit = answer.hits.iter().find(|hit| hit.dup_count == 3).unwrap();
    let differs = (hit.differs.figures, hit.differs.wording);
    // The shown one is one of two equal texts, or one of the others.
    assert!([(1, 1), (2, 1), (0, 3)].contains(&differs), "{differs:?}");
    let unfolded = engine
        .search(&SearchRequest {
            fold: false,
            ..request
        })
        .unwrap();
    assert_eq!(unfolded.hits.len(), 7);
    assert!(unfolded.hits.iter().all(|hit| hit.dup_count == 0));

    let first = passages(&engine)
        .into_iter()
        .find(|passage| passage.text == text)
        .unwrap();
    let copies = engine.copies(&first.id, 10).unwrap();
    let shown: Vec<_> = copies
        .listed
        .iter()
        .map(|copy| {
            let here: Vec<char> = text.chars().collect();
            let there: Vec<char> = copy.passage.text.chars().collect();
            let cut = |chars: &[char], [start, end]: [usize; 2]| -> String {
                chars[start..end].iter().collect()
            };
            let changes = copy.changes.iter();
            let changes: Vec<(String, String)> = changes
                .map(|change| (cut(&here, change.here), cut(&there, change.there)))
                .collect();
            (copy.differs, changes)
        })
        .collect();
    let pair = |one: &str, two: &str| (one.to_owned(), two.to_owned());
    assert_eq!(shown.len(), 3);
    assert_eq!(shown[0].0, Difference::None);
    assert!(shown.contains(&(
        Difference::Figures,
        vec![pair("2800", "3000"), pair("1.6", "××")]
    )));
    assert!(
        shown.contains(&(Difference::Wording, vec![pair("农户", "群众")])),
        "{shown:?}"
    );
}

#[test]
fn groups_that_are_lost_are_said_and_made_again() {
    let root = tempfile::tempdir().unwrap();
    let index = root.path();
    build(&[samples()], index, 2);
    let request = SearchRequest::default();
    let folded = |notes: usize| {
        let answer = open(index).search(&request).unwrap();
        assert_eq!(answer.notes.len(), notes);
        answer.total.folded
    };
    let whole = folded(0);
    let (file, _) = sidecars(index).pop().unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let damaged = folded(1);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(folded(1), damaged, "only equal passages fold");
    assert!(damaged > whole);
    build(&[samples()], index, 2);
    assert_eq!(folded(0), whole);
}

#[test]
fn a_print_hangs_on_letters_alone() {
    let analyzer = Analyzer::new(&Schema::embedded().unwrap());
    let print = |text: &str| Print::of(&analyzer.fold(text));
    let text = "坚持党建引领，全面推进乡村振兴，粮食总产达到60.7万吨。";
    assert_eq!(
        print(text),
        print("坚持Ｄ建引领　全面推进乡村振兴；粮食总产达到６０．７万吨")
    );
    assert_ne!(
        print(text).fold,
        print("坚持党建引领，全面推进乡村振兴，粮食总产达到61.2万吨。").fold
    );
}
