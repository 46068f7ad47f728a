//! One scan of all passages → what each query must find.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;

use super::classes::{Class, Task};
use crate::analyze::strip_blanks;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{FacetField, Filter, PassageRecord};

/// What a query must find.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    pieces: Vec<String>,
    rule: Rule,
    against: Against,
    passages: u64,
    years: Option<BTreeMap<String, u64>>,
}

/// Which passages are counted.
#[derive(Debug, Clone)]
enum Rule {
    All,
    Any,
    /// The first piece and not the second.
    Without,
    Filtered(Vec<Filter>),
}

/// How the answer compares with the scan.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Against {
    Equal,
    AtLeast,
    AtMost,
    /// Something must be found.
    Some,
    /// Nothing is known of it.
    Unknown,
}

impl Expected {
    fn new(pieces: &[&str], rule: Rule, against: Against) -> Self {
        Expected {
            pieces: pieces.iter().map(|&piece| piece.to_owned()).collect(),
            rule,
            against,
            passages: 0,
            years: None,
        }
    }

    /// As many passages as hold all of the pieces.
    pub(super) fn total(pieces: &[&str]) -> Self {
        Expected::new(pieces, Rule::All, Against::Equal)
    }

    /// As many passages as hold any of the pieces.
    pub(super) fn any(pieces: &[&str]) -> Self {
        Expected::new(pieces, Rule::Any, Against::Equal)
    }

    /// As many passages as hold the first and not the second.
    pub(super) fn without(one: &str, two: &str) -> Self {
        Expected::new(&[one, two], Rule::Without, Against::Equal)
    }

    /// As many passages as hold the piece and pass the filters, which keep one value or a range of
    /// years each.
    pub(super) fn filtered(piece: &str, filters: &[Filter]) -> Self {
        Expected::new(&[piece], Rule::Filtered(filters.to_vec()), Against::Equal)
    }

    /// As many passages of each report year as hold the piece.
    pub(super) fn by_year(piece: &str) -> Self {
        Expected {
            years: Some(BTreeMap::new()),
            ..Expected::total(&[piece])
        }
    }

    /// No fewer passages than hold all of the pieces.
    pub(super) fn at_least(pieces: &[&str]) -> Self {
        Expected::new(pieces, Rule::All, Against::AtLeast)
    }

    /// No more passages than hold all of the pieces.
    pub(super) fn at_most(pieces: &[&str]) -> Self {
        Expected::new(pieces, Rule::All, Against::AtMost)
    }

    /// Something.
    pub(super) fn some() -> Self {
        Expected::new(&[], Rule::All, Against::Some)
    }

    /// Whatever it finds.
    pub(super) fn nothing_known() -> Self {
        Expected::new(&[], Rule::All, Against::Unknown)
    }

    /// Returns how many passages the scan counted.
    pub(super) fn passages(&self) -> u64 {
        self.passages
    }

    fn keeps(&self, passage: &PassageRecord, holds: impl Fn(usize) -> bool) -> bool {
        let mut each = 0..self.pieces.len();
        match &self.rule {
            Rule::All => each.all(holds),
            Rule::Any => each.any(holds),
            Rule::Without => holds(0) && !holds(1),
            Rule::Filtered(filters) => {
                each.all(holds) && filters.iter().all(|filter| passes(passage, filter))
            }
        }
    }

    fn count(&mut self, passage: &PassageRecord) {
        self.passages += 1;
        if let (Some(years), Some(year)) = (&mut self.years, passage.report_year) {
            *years.entry(year.to_string()).or_default() += 1;
        }
    }

    /// Checks an answer to a query.
    ///
    /// # Errors
    /// If it is not what the scan found.
    pub(super) fn check(
        &self,
        typed: &str,
        found: u64,
        years: &BTreeMap<String, u64>,
    ) -> Result<()> {
        let right = match self.against {
            Against::Equal => found == self.passages,
            Against::AtLeast => found >= self.passages,
            Against::AtMost => found <= self.passages,
            Against::Some => found > 0,
            Against::Unknown => true,
        };
        let years_right = self.years.as_ref().is_none_or(|own| own == years);
        if right && years_right {
            return Ok(());
        }
        let scanned = self.passages;
        Err(Error::new(
            ErrorKind::Internal,
            format!("查询 {typed} 找到 {found} 段，逐段扫描是 {scanned} 段"),
            format!("the query {typed} finds {found} passages, a scan {scanned}"),
        )
        .with_hint(
            "请运行 zhengsou verify --deep，并把结果报告给我们",
            "run zhengsou verify --deep, and report what it says",
        ))
    }
}

fn passes(passage: &PassageRecord, filter: &Filter) -> bool {
    match filter.field {
        FacetField::ReportYear => {
            let years = filter.value.split_once("..");
            let years = years.and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
            match (years, passage.report_year) {
                (Some((from, to)), Some(year)) => (from..=to).contains(&year),
                _ => false,
            }
        }
        FacetField::Agency => passage.agency.as_deref() == Some(&filter.value),
        _ => false,
    }
}

/// Scans all passages for what the queries of `classes` must find; returns the bytes of their texts.
///
/// # Errors
/// If the index cannot be read.
pub(super) fn expect(engine: &Engine, classes: &mut [Class]) -> Result<u64> {
    let mut tasks: Vec<&mut Task> = classes
        .iter_mut()
        .flat_map(|class| &mut class.tasks)
        .collect();
    let analyzer = engine.analyzer();
    let mut patterns: Vec<String> = Vec::new();
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    // For each pattern, the queries that ask for it; for each query, its patterns.
    let mut asked_by: Vec<Vec<usize>> = Vec::new();
    let mut asks: Vec<Vec<usize>> = Vec::with_capacity(tasks.len());
    for (task_number, task) in tasks.iter().enumerate() {
        let mut own = Vec::new();
        for piece in &task.expected.pieces {
            let folded = strip_blanks(&analyzer.fold(piece));
            let number = *numbers.entry(folded.clone()).or_insert_with(|| {
                patterns.push(folded);
                asked_by.push(Vec::new());
                patterns.len() - 1
            });
            asked_by[number].push(task_number);
            own.push(number);
        }
        asks.push(own);
    }
    let automaton = AhoCorasick::new(&patterns).map_err(|cause| {
        Error::new(
            ErrorKind::Usage,
            "查询太多，无法逐一核对",
            "there are too many queries to check",
        )
        .with_cause(cause)
    })?;
    let mut bytes = 0;
    // The passage, by number, in which a pattern was last seen and a query last looked at.
    let mut seen = vec![0_u64; patterns.len()];
    let mut looked_at = vec![0_u64; tasks.len()];
    let mut number = 0;
    engine.export(&[], &mut |passage| {
        number += 1;
        bytes += passage.text.len() as u64;
        let folded = strip_blanks(&analyzer.fold(&passage.text));
        let mut found = Vec::new();
        for hit in automaton.find_overlapping_iter(&folded) {
            let pattern = hit.pattern().as_usize();
            if seen[pattern] != number {
                seen[pattern] = number;
                found.push(pattern);
            }
        }
        for pattern in found {
            for &task in &asked_by[pattern] {
                if looked_at[task] == number {
                    continue;
                }
                looked_at[task] = number;
                let expected = &mut tasks[task].expected;
                if expected.keeps(&passage, |piece| seen[asks[task][piece]] == number) {
                    expected.count(&passage);
                }
            }
        }
        true
    })?;
    Ok(bytes)
}
