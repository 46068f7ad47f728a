//! Near copies: what they cost a build, and whether the groups hold against all pairs.
//!
//! Prints in MB of text a second; the whole grouping of an index, with nothing known from before;
//! its share of the build; then recall and precision against an exact join of all pairs (prefix
//! filter: every pair at 0.8 shares one of the rarest shingles). The corpus is
//! `ZHENGSOU_BENCH_CORPUS`, the reports beside the project, or the samples.

mod common;

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;
use zhengsou::Engine;
use zhengsou::analyze::Analyzer;
use zhengsou::index::Store;
use zhengsou::near::{self, Near, Print, SHORT, Shingles, Text};
use zhengsou::schema::Schema;

const ROUNDS: usize = 5;

fn main() {
    let corpus = common::corpus();
    let (Ok(folder), Ok(schema)) = (tempfile::tempdir(), Schema::embedded()) else {
        panic!("no temporary folder or no schema")
    };
    let (summary, build) = common::timed(|| common::build(&corpus, folder.path(), 0));
    let analyzer = Analyzer::new(&schema);
    let (Ok(engine), Ok(store)) = (
        Engine::open(folder.path(), schema),
        Store::open(folder.path(), &analyzer),
    ) else {
        panic!("the index does not open")
    };
    let mut texts = Vec::new();
    let exported = engine.export(&[], &mut |passage| {
        texts.push(analyzer.fold(&passage.text));
        true
    });
    assert!(exported.is_ok());
    let bytes: usize = texts.iter().map(String::len).sum();
    println!(
        "corpus       {} ({} passages, {:.1} MB folded), built in {:.1} s",
        corpus.display(),
        summary.passages,
        bytes as f64 / 1e6,
        build / 1e6
    );

    let prints = || texts.iter().map(|text| Print::of(text)).collect::<Vec<_>>();
    let rounds: Vec<f64> = (0..ROUNDS).map(|_| common::timed(prints).1).collect();
    let hashing = common::median(&rounds);
    println!(
        "prints       {:.2} s, {:.0} MB/s, one thread",
        hashing / 1e6,
        bytes as f64 / hashing
    );

    let generation = folder.path().join(&store.manifest.generation);
    let sidecars = || {
        let files = std::fs::read_dir(&generation)
            .into_iter()
            .flatten()
            .flatten();
        files.filter(|file| file.file_name().to_string_lossy().starts_with("near-"))
    };
    let sidecar: u64 = sidecars()
        .filter_map(|file| file.metadata().ok())
        .map(|metadata| metadata.len())
        .sum();
    let grouping = || {
        // As if it had never been done.
        sidecars().for_each(|file| drop(std::fs::remove_file(file.path())));
        let (done, micros) = common::timed(|| store.group_near_copies(&analyzer));
        assert!(done.is_ok_and(|name| name.is_some()));
        micros
    };
    let rounds: Vec<f64> = (0..ROUNDS).map(|_| grouping()).collect();
    let grouping = common::median(&rounds);
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as f64;
    println!(
        "grouping     {:.2} s, file {sidecar} bytes; with prints {:.1} % of the build",
        grouping / 1e6,
        (grouping + hashing / threads) / build * 100.0
    );
    against_all_pairs(&texts);
}

/// A distinct text.
struct Unit<'a> {
    near: Near,
    text: &'a str,
}

fn against_all_pairs(texts: &[String]) {
    let mut units: BTreeMap<u64, Unit<'_>> = BTreeMap::new();
    for text in texts {
        let print = Print::of(text);
        if let Some(near) = print.near {
            units.entry(print.fold).or_insert(Unit { near, text });
        }
    }
    let folds: Vec<u64> = units.keys().copied().collect();
    let units: Vec<Unit<'_>> = units.into_values().collect();
    let shingles: Vec<Shingles> = units
        .par_iter()
        .map(|unit| Shingles::of(unit.text))
        .collect();
    let nears: Vec<Near> = units.iter().map(|unit| unit.near).collect();

    let components = near::components(&nears);
    let mut component_of = vec![usize::MAX; units.len()];
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (number, component) in components.iter().enumerate() {
        let members = component.iter().map(|&unit| unit as usize);
        let texts: Vec<Text<'_>> = members
            .map(|unit| {
                component_of[unit] = number;
                let (fold, mask) = (folds[unit], nears[unit].mask);
                Text {
                    fold,
                    mask,
                    shingles: &shingles[unit],
                }
            })
            .collect();
        let place = |fold: u64| folds.binary_search(&fold).unwrap_or(usize::MAX);
        let found = near::groups(&texts).into_iter();
        groups.extend(found.map(|group| group.into_iter().map(place).collect()));
    }
    let largest = |sizes: &mut dyn Iterator<Item = usize>| {
        let mut sizes: Vec<usize> = sizes.collect();
        sizes.sort_unstable_by(|one, two| two.cmp(one));
        sizes.truncate(5);
        sizes
    };
    println!(
        "texts        {} of more than {SHORT} letters; {} components, largest {:?}",
        units.len(),
        components.len(),
        largest(&mut components.iter().map(Vec::len))
    );
    println!(
        "groups       {} with {} texts, largest {:?}",
        groups.len(),
        groups.iter().map(Vec::len).sum::<usize>(),
        largest(&mut groups.iter().map(Vec::len))
    );

    let mut folded: HashSet<(usize, usize)> = HashSet::new();
    let (mut figures, mut wrong) = (0, 0);
    for group in &groups {
        for (at, &one) in group.iter().enumerate() {
            for &two in &group[at + 1..] {
                folded.insert((one.min(two), one.max(two)));
                let is_near = shingles[one].similarity(&shingles[two]).is_near();
                let same_mask = nears[one].mask == nears[two].mask;
                figures += usize::from(same_mask);
                wrong += usize::from(!is_near && !same_mask);
            }
        }
    }
    let (all, micros) = common::timed(|| pairs(&units, &shingles));
    let linked = all
        .iter()
        .filter(|(one, two)| component_of[*one] == component_of[*two])
        .filter(|(one, _)| component_of[*one] != usize::MAX)
        .count();
    let kept = all.iter().filter(|pair| folded.contains(pair)).count();
    let share = |part: usize| part as f64 / all.len().max(1) as f64;
    println!(
        "all pairs    {} at 0.8 and more ({:.0} s): found {linked} ({:.4}), in one group {kept} ({:.4})",
        all.len(),
        micros / 1e6,
        share(linked),
        share(kept)
    );
    println!(
        "folded pairs {}, of which {figures} differ in figures only; {wrong} are no near copies",
        folded.len()
    );
}

/// Joins all pairs at 0.8 and more by runs of five characters themselves, not by their hashes.
fn pairs(units: &[Unit<'_>], shingles: &[Shingles]) -> Vec<(usize, usize)> {
    let mut numbers: HashMap<[char; 5], u32> = HashMap::new();
    let mut frequency: Vec<u32> = Vec::new();
    let mut sets: Vec<Vec<u32>> = Vec::new();
    for unit in units {
        let letters: Vec<char> = near::letters(unit.text);
        let mut set: Vec<u32> = Vec::new();
        for window in letters.windows(5) {
            let Ok(window) = <[char; 5]>::try_from(window) else {
                continue;
            };
            let next = numbers.len() as u32;
            set.push(*numbers.entry(window).or_insert(next));
        }
        set.sort_unstable();
        set.dedup();
        frequency.resize(numbers.len(), 0);
        set.iter()
            .for_each(|&number| frequency[number as usize] += 1);
        sets.push(set);
    }
    for set in &mut sets {
        set.sort_unstable_by_key(|&number| (frequency[number as usize], number));
    }
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by_key(|&unit| sets[unit].len());
    let mut postings: HashMap<u32, Vec<usize>> = HashMap::new();
    let mut seen = vec![usize::MAX; units.len()];
    let mut found = Vec::new();
    for (round, &one) in order.iter().enumerate() {
        let size = sets[one].len();
        let prefix = &sets[one][..size - (size * 4).div_ceil(5) + 1];
        for number in prefix {
            for &two in postings.get(number).into_iter().flatten() {
                if std::mem::replace(&mut seen[two], round) != round
                    && shingles[one].similarity(&shingles[two]).is_near()
                {
                    found.push((one.min(two), one.max(two)));
                }
            }
        }
        for &number in prefix {
            postings.entry(number).or_default().push(one);
        }
    }
    found
}
