//! Queries → times. Answers are checked outside of what is timed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::classes::{Class, Task, Work};
use crate::engine::Engine;
use crate::error::Result;
use crate::model::{ClassReport, FacetField, Latency};

/// How long queries are counted for their number a second.
const COUNTED: Duration = Duration::from_millis(300);

/// Queries of a class that are asked cold.
const COLD: usize = 5;

/// Returns the median; 0 of nothing.
pub(super) fn median(times: &[f64]) -> f64 {
    Latency::of(times).p50
}

/// What an answer comes to.
struct Answer {
    found: u64,
    years: BTreeMap<String, u64>,
}

/// Does what a query asks.
fn answer(engine: &Engine, work: &Work) -> Result<Answer> {
    let mut years = BTreeMap::new();
    let found = match work {
        Work::Search(request) => {
            let response = engine.search(request)?;
            let counts = response.facets.get(&FacetField::ReportYear);
            for count in counts.into_iter().flatten() {
                years.insert(count.value.clone(), count.count);
            }
            response.total.passages
        }
        Work::Stream(request) => {
            let mut found = 0;
            engine.stream(request, &mut |hit| {
                std::hint::black_box(&hit);
                found += 1;
                true
            })?;
            found
        }
        Work::Similar(request) => engine.similar(request)?.hits.len() as u64,
        Work::Related(request) => engine.related(request)?.matches,
        Work::Show(id) => {
            let passages = engine.passage(id, 1)?;
            passages.map_or(0, |(passages, _)| passages.len() as u64)
        }
    };
    Ok(Answer { found, years })
}

fn timed(engine: &Engine, task: &Task) -> Result<(f64, Answer)> {
    let started = Instant::now();
    let answer = answer(engine, &task.work)?;
    Ok((started.elapsed().as_secs_f64() * 1e6, answer))
}

/// Asks every query of a class once for its answer, then in `rounds` for its time.
///
/// # Errors
/// If an answer is wrong or the index cannot be read.
pub(super) fn warm(engine: &Engine, class: &Class, rounds: usize) -> Result<ClassReport> {
    let mut found = Vec::with_capacity(class.tasks.len());
    for task in &class.tasks {
        let (_, answer) = timed(engine, task)?;
        task.expected
            .check(&task.typed, answer.found, &answer.years)?;
        found.push(answer.found);
    }
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); class.tasks.len()];
    for _ in 0..rounds.max(1) {
        for (task, times) in class.tasks.iter().zip(&mut times) {
            times.push(timed(engine, task)?.0);
        }
    }
    let medians: Vec<f64> = times.iter().map(|times| median(times)).collect();
    Ok(ClassReport {
        name: class.name.clone(),
        queries: class.tasks.iter().map(|task| task.typed.clone()).collect(),
        found,
        warm: Latency::of(&medians),
        medians,
        cold: None,
        per_second: [per_second(engine, class, 1)?, per_second(engine, class, 2)?],
    })
}

/// Returns how many queries a second some threads answer together.
fn per_second(engine: &Engine, class: &Class, threads: usize) -> Result<f64> {
    let next = AtomicUsize::new(0);
    let started = Instant::now();
    let work = || -> Result<usize> {
        let mut answered = 0;
        while started.elapsed() < COUNTED {
            let at = next.fetch_add(1, Ordering::Relaxed) % class.tasks.len().max(1);
            if let Some(task) = class.tasks.get(at) {
                std::hint::black_box(answer(engine, &task.work)?.found);
                answered += 1;
            }
        }
        Ok(answered)
    };
    let answered = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut answered = 0;
        for thread in running {
            match thread.join() {
                Ok(own) => answered += own?,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(answered)
    });
    Ok(answered? as f64 / started.elapsed().as_secs_f64())
}

/// First searches of an index just opened.
pub(super) struct Cold {
    /// In microseconds, without opening.
    pub(super) times: Vec<f64>,
    /// Whether the system's cache was dropped before each.
    pub(super) cache_dropped: bool,
}

/// Opens the index anew for each of some queries of a class; adds what opening takes to `opened`.
///
/// # Errors
/// If the index cannot be read.
pub(super) fn cold(
    folder: &Path,
    open: &dyn Fn() -> Result<Engine>,
    class: &Class,
    opened: &mut Vec<f64>,
) -> Result<Cold> {
    let mut cold = Cold {
        times: Vec::new(),
        cache_dropped: true,
    };
    for task in class.tasks.iter().take(COLD) {
        cold.cache_dropped &= drop_cache(folder);
        let started = Instant::now();
        let engine = open()?;
        opened.push(started.elapsed().as_secs_f64() * 1e6);
        cold.times.push(timed(&engine, task)?.0);
    }
    Ok(cold)
}

/// Asks the system to forget what it holds of a folder's files; returns whether it can be asked.
#[cfg(target_os = "linux")]
fn drop_cache(folder: &Path) -> bool {
    files(folder).iter().all(|(path, _)| {
        let dropped = std::fs::File::open(path)
            .map(|file| rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed).is_ok());
        dropped.unwrap_or(false)
    })
}

#[cfg(not(target_os = "linux"))]
fn drop_cache(_folder: &Path) -> bool {
    false
}

fn files(folder: &Path) -> Vec<(std::path::PathBuf, u64)> {
    let entries = walkdir::WalkDir::new(folder).into_iter().flatten();
    entries
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let bytes = entry.metadata().map_or(0, |metadata| metadata.len());
            (entry.into_path(), bytes)
        })
        .collect()
}

/// Returns the bytes of a folder's files by what comes last in their names.
pub(super) fn disk(folder: &Path) -> BTreeMap<String, u64> {
    let mut kinds = BTreeMap::new();
    for (path, bytes) in files(folder) {
        let kind = path.extension().or(path.file_name());
        let kind = kind.map_or_else(String::new, |kind| kind.to_string_lossy().into_owned());
        *kinds.entry(kind).or_default() += bytes;
    }
    kinds
}

/// Returns the largest resident size of this process so far, in bytes; `None` where the system does
/// not tell.
pub(super) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
