//! An index → how fast it answers, by class of query, with every answer checked.
//!
//! Queries are drawn from the texts of the index itself by a seed, so that two runs over equal
//! indexes ask the same; one scan of all passages says what each must find before anything is timed.
//!
//! Invariant: a figure is told only for a query whose answer was right.

mod classes;
mod compare;
mod draw;
pub mod generate;
mod measure;
mod scan;

use std::path::Path;
use std::time::Instant;

pub use compare::compare;

use self::classes::Class;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{BenchReport, CLASSES, Latency};

/// What is measured.
#[derive(Debug, Clone)]
pub struct BenchOptions {
    /// What the queries are drawn by.
    pub seed: u64,
    /// Queries a class.
    pub queries: usize,
    /// Times that each query is asked; its median counts.
    pub rounds: usize,
    /// Names of the classes to measure; empty for all.
    pub classes: Vec<String>,
    /// Queries to measure in place of drawn ones, each with the name of its class.
    pub typed: Vec<(String, String)>,
    /// Whether first searches of a newly opened index are measured as well.
    pub cold: bool,
}

impl Default for BenchOptions {
    fn default() -> Self {
        BenchOptions {
            seed: 1,
            queries: 40,
            rounds: 7,
            classes: Vec::new(),
            typed: Vec::new(),
            cold: true,
        }
    }
}

/// What a run says while it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage<'a> {
    /// Draws queries out of the texts.
    Drawing,
    /// Scans all passages for what must be found.
    Scanning,
    /// Measures a class, warm.
    Warm(&'a str),
    /// Measures a class, cold.
    Cold(&'a str),
}

/// Measures an index that `open` opens, in the folder `folder`.
///
/// # Errors
/// If the index cannot be read, holds too little text to draw from, a class is unknown, a typed
/// query cannot be read, or an answer is wrong.
pub fn run(
    folder: &Path,
    open: &dyn Fn() -> Result<Engine>,
    options: &BenchOptions,
    progress: &mut dyn FnMut(Stage<'_>),
) -> Result<BenchReport> {
    check_names(&options.classes)?;
    let engine = open()?;
    progress(Stage::Drawing);
    let mut classes = match options.typed.is_empty() {
        true => classes::drawn(&engine, options)?,
        false => classes::typed(&options.typed),
    };
    progress(Stage::Scanning);
    let text_bytes = scan::expect(&engine, &mut classes)?;
    classes::split_by_frequency(&mut classes);
    if !options.classes.is_empty() {
        classes.retain(|class| options.classes.iter().any(|name| class.answers_to(name)));
    }
    // Warm means a process that has been asked before.
    engine.prepare()?;
    let mut reports = Vec::with_capacity(classes.len());
    for class in &classes {
        progress(Stage::Warm(&class.name));
        reports.push(measure::warm(&engine, class, options.rounds)?);
    }
    let index = engine.stamp();
    drop(engine);
    let mut opened = Vec::new();
    let mut cache_dropped = options.cold;
    for (class, report) in classes.iter().zip(&mut reports) {
        if options.cold {
            progress(Stage::Cold(&class.name));
            let cold = measure::cold(folder, open, class, &mut opened)?;
            cache_dropped &= cold.cache_dropped;
            report.cold = Some(Latency::of(&cold.times));
        }
    }
    while opened.len() < options.rounds {
        let started = Instant::now();
        drop(open()?);
        opened.push(started.elapsed().as_secs_f64() * 1e6);
    }
    Ok(BenchReport {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        index,
        machine: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        processors: std::thread::available_parallelism().map_or(1, usize::from),
        seed: options.seed,
        rounds: options.rounds,
        open: Latency::of(&opened),
        cache_dropped,
        classes: reports,
        peak_memory: measure::peak_memory(),
        disk: measure::disk(folder),
        text_bytes,
    })
}

fn check_names(names: &[String]) -> Result<()> {
    let known = |name: &&String| !CLASSES.iter().any(|class| class.answers_to(name));
    match names.iter().find(known) {
        None => Ok(()),
        Some(name) => {
            let all: Vec<&str> = CLASSES.iter().map(|class| class.name).collect();
            Err(Error::new(
                ErrorKind::Usage,
                format!("没有叫“{name}”的查询类别"),
                format!("there is no class of queries '{name}'"),
            )
            .with_hint(
                format!("可用：{}", all.join("、")),
                format!("use one of {}", all.join(", ")),
            ))
        }
    }
}

/// Returns the error of an index that holds too little to measure.
fn too_little() -> Error {
    Error::new(
        ErrorKind::Usage,
        "索引里的文字太少，抽不出足够的查询",
        "the index holds too little text to draw queries from",
    )
    .with_hint(
        "先用 zhengsou index 收录更多报告，或用 --queries 给出查询",
        "index more reports first, or give queries with --queries",
    )
}

impl Class {
    fn answers_to(&self, name: &str) -> bool {
        self.name == name
            || self.name.strip_suffix("-common") == Some(name)
            || self.name.strip_suffix("-rare") == Some(name)
    }
}
