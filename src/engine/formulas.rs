//! A slice → strings that recur in it.

use std::cmp::Reverse;

use super::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::formulas::{Bounds, Formula, Texts};
use crate::model::{
    Axis, FacetField, FormulaLine, FormulaOrder, FormulasRequest, FormulasResponse, Slice,
};
use crate::search::corpus::{Member, members, texts};
use crate::search::fetch;
use crate::search::slices::Slices;

/// Most letters and digits of a formula that can be asked for.
const MAX_LENGTH: usize = 100;

impl Engine {
    /// Finds the set phrases of a slice: strings of letters and digits that recur, nested ones
    /// folded under those that mostly hold them. Every text of the slice is read.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for bounds out of range, [`ErrorKind::Limit`] for a slice of more than
    /// two thousand million letters; or if a filter names an unknown value, the slice is empty, or
    /// the index cannot be read.
    pub fn formulas(&self, request: &FormulasRequest) -> Result<FormulasResponse> {
        let mut bounds = checked(request)?;
        let index = self.index();
        // The earliest first, so that the first text that holds a formula is its first use.
        let by_year = [Axis::of(FacetField::ReportYear)];
        let slices = Slices::new(&by_year, &request.filters, request.copies, &index)?;
        if slices.whole.passages == 0 {
            return Err(super::empty_slice());
        }
        bounds.least_groups = bounds.least_groups.min(slices.whole.reports as usize);
        let mut letters = Texts::default();
        if !letters.has_room(slices.whole.characters as usize) {
            return Err(too_large(slices.whole.characters));
        }
        let years: Vec<i32> = slices.slices.iter().map(year).collect();
        let mut members = members(&slices, &index)?;
        members.sort_by_key(|member| years[member.slice as usize]);
        let analyzer = &self.snapshot.analyzer;
        let work = |_: &Member, text: &str| {
            let folded = analyzer.fold(text);
            let words = analyzer.word_ranges(&folded);
            (folded, words)
        };
        let address = |member: &Member| member.address;
        let each = |member: &Member, (folded, words): (String, Vec<std::ops::Range<usize>>)| {
            letters.add(&folded, &words, member.report);
        };
        texts(&members, address, work, each, &index)?;
        let mut recurring = letters.recurring(&bounds);
        sort(&mut recurring.formulas, request.order);
        let found = recurring.formulas.len() as u64;
        let shown = recurring.formulas.into_iter().take(request.limit);
        let all = slices.whole.characters as f64;
        let line = |formula: Formula| {
            let length = formula.text.chars().count() as u64;
            Ok(FormulaLine {
                length,
                coverage: (length * formula.count) as f64 * 1e4 / all,
                formula: formula.text,
                count: formula.count,
                reports: formula.groups,
                c_value: formula.c_value,
                passage: fetch(members[formula.first].address, &index)?,
            })
        };
        Ok(FormulasResponse {
            stamp: self.stamped(
                "formulas",
                Vec::new(),
                &request.filters,
                request.copies,
                request.date.as_deref(),
                options(request),
            )?,
            notes: self.stale_copies(request.copies).into_iter().collect(),
            formulas: shown.map(line).collect::<Result<_>>()?,
            corpus: slices.whole,
            found,
            longer: recurring.longer,
        })
    }
}

/// Sorts formulas that stand in order of their C-value: it decides among equals.
fn sort(formulas: &mut [Formula], order: FormulaOrder) {
    let length = |formula: &Formula| formula.text.chars().count() as u64;
    match order {
        FormulaOrder::CValue => {}
        FormulaOrder::Coverage => {
            formulas.sort_by_cached_key(|one| Reverse(length(one) * one.count))
        }
        FormulaOrder::Count => formulas.sort_by_key(|one| Reverse(one.count)),
        FormulaOrder::Reports => formulas.sort_by_key(|one| Reverse(one.groups)),
        FormulaOrder::Length => formulas.sort_by_cached_key(|one| Reverse(length(one))),
    }
}

/// Returns the report year of a slice, after all others for one without.
fn year(slice: &Slice) -> i32 {
    let year = slice.values.first().and_then(Option::as_ref);
    year.and_then(|year| year.parse().ok()).unwrap_or(i32::MAX)
}

fn checked(request: &FormulasRequest) -> Result<Bounds> {
    let (shortest, longest) = (request.shortest, request.longest);
    if shortest < 2 || longest > MAX_LENGTH || shortest > longest {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("字数应在 2 与 {MAX_LENGTH} 之间，不是 {shortest} 至 {longest}"),
            format!("lengths lie between 2 and {MAX_LENGTH}, not {shortest} to {longest}"),
        )
        .with_hint("例如 --length 4..15", "for example --length 4..15"));
    }
    Ok(Bounds {
        shortest,
        longest,
        least: usize::try_from(request.least.max(2)).unwrap_or(usize::MAX),
        least_groups: usize::try_from(request.least_reports).unwrap_or(usize::MAX),
    })
}

fn too_large(characters: u64) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("范围太大：{characters} 字"),
        format!("the slice is too large: {characters} characters"),
    )
    .with_hint("用筛选缩小范围", "narrow it down with filters")
}

fn options(request: &FormulasRequest) -> Vec<(&'static str, String)> {
    let order = match request.order {
        FormulaOrder::Coverage => "coverage",
        FormulaOrder::CValue => "c-value",
        FormulaOrder::Count => "count",
        FormulaOrder::Reports => "reports",
        FormulaOrder::Length => "length",
    };
    vec![
        (
            "length",
            format!("{}..{}", request.shortest, request.longest),
        ),
        ("least", request.least.to_string()),
        ("least-reports", request.least_reports.to_string()),
        ("sort", order.to_owned()),
    ]
}
