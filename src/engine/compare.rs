//! Two reports, or two years → which passages were kept, reworded, new, dropped.

use std::collections::{BTreeMap, BTreeSet};

use super::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{
    CompareRequest, CompareResponse, ComparedPassages, ComparedSide, Copies, FacetField, Fate,
    Filter, PassageRecord, Side,
};
use crate::near::{Pair, Piece, align, changes, readable};

/// Most passages of a side.
const MOST: usize = 10_000;

impl Engine {
    /// Holds two sides against each other, passage by passage. Every passage of both sides is of
    /// one class; a row has two passages that correspond, or one that has no counterpart.
    ///
    /// # Errors
    /// If a side holds no passage or too many, a filter is on report years while a side is one or names
    /// an unknown value, the smallest overlap lies outside of 0 to 1, or the index cannot be read.
    pub fn compare(&self, request: &CompareRequest) -> Result<CompareResponse> {
        super::similar::check_share(request.least)?;
        check_filters(request)?;
        let old = self.side(&request.old, &request.filters)?;
        let new = self.side(&request.new, &request.filters)?;
        let pieces = |passages: &[PassageRecord]| -> Vec<Piece> {
            let folded = passages
                .iter()
                .map(|passage| self.snapshot.analyzer.fold(&passage.text));
            folded.map(|text| Piece::of(&text)).collect()
        };
        // A share of nothing would pair what has nothing in common.
        let pairs = align(&pieces(&old), &pieces(&new), request.least.max(0.01));
        let mut rows = rows(&old, &new, &pairs);
        if !request.only.is_empty() {
            rows.retain(|row| request.only.contains(&row.fate));
        }
        let name = |side: &Side| match side {
            Side::Report(id) => id.clone(),
            Side::Year(year) => year.to_string(),
        };
        let options = [
            ("old", name(&request.old)),
            ("new", name(&request.new)),
            ("least", request.least.to_string()),
            ("only", only(&request.only, |fate| fate.as_str())),
        ];
        let options = options.into_iter().filter(|(_, value)| !value.is_empty());
        Ok(CompareResponse {
            stamp: self.stamped(
                "compare",
                Vec::new(),
                &request.filters,
                Copies::Each,
                request.date.as_deref(),
                options,
            )?,
            notes: Vec::new(),
            old: told(&old, &pairs, |pair| pair.old),
            new: told(&new, &pairs, |pair| pair.new),
            rows,
        })
    }

    /// Returns the passages of a side in reading order.
    fn side(&self, side: &Side, filters: &[Filter]) -> Result<Vec<PassageRecord>> {
        let filters = filters.iter().cloned();
        let (passages, missing) = match side {
            Side::Report(id) => {
                self.check_report(id)?;
                let mut passages = self.report(&id.to_ascii_lowercase())?;
                let filters: Vec<Filter> = filters.collect();
                if !filters.is_empty() {
                    let mut kept = BTreeSet::new();
                    self.export(&filters, &mut |passage| {
                        kept.insert(passage.id);
                        true
                    })?;
                    passages.retain(|passage| kept.contains(&passage.id));
                }
                (
                    passages,
                    Error::new(
                        ErrorKind::NotFound,
                        format!("报告 {id} 没有符合筛选的段落"),
                        format!("the filters keep no passage of the report {id}"),
                    ),
                )
            }
            Side::Year(year) => {
                let filters: Vec<Filter> = filters
                    .chain([Filter {
                        field: FacetField::ReportYear,
                        value: year.to_string(),
                        negated: false,
                    }])
                    .collect();
                let mut passages = Vec::new();
                self.export(&filters, &mut |passage| {
                    passages.push(passage);
                    passages.len() <= MOST
                })?;
                (
                    passages,
                    Error::new(
                        ErrorKind::NotFound,
                        format!("没有符合筛选的 {year} 年报告"),
                        format!("the filters keep no report of {year}"),
                    ),
                )
            }
        };
        match passages.len() {
            0 => Err(missing.with_hint(
                "zhengsou search --facets report_year 加同样的筛选，列出有哪些年度",
                "zhengsou search --facets report_year with the same filters lists the years",
            )),
            count if count > MOST => Err(Error::new(
                ErrorKind::Limit,
                format!("一边超过 {MOST} 段"),
                format!("a side has more than {MOST} passages"),
            )
            .with_hint("用筛选缩小范围", "narrow it down with filters")),
            _ => Ok(passages),
        }
    }
}

/// Refuses a filter on what the sides say themselves.
fn check_filters(request: &CompareRequest) -> Result<()> {
    let by_year = [&request.old, &request.new]
        .iter()
        .any(|side| matches!(side, Side::Year(_)));
    let is_year = |filter: &Filter| filter.field == FacetField::ReportYear;
    match by_year && request.filters.iter().any(is_year) {
        true => Err(Error::new(
            ErrorKind::Usage,
            "两边已写明年度，不能再按报告年度筛选",
            "the sides name their years, report_year cannot be filtered as well",
        )
        .with_hint(
            "例如 zhengsou compare 2023 2024 --region 江苏省",
            "for example zhengsou compare 2023 2024 --region 江苏省",
        )),
        false => Ok(()),
    }
}

/// Writes what is asked for.
pub(super) fn only<T: Copy>(wanted: &[T], name: fn(T) -> &'static str) -> String {
    let names: Vec<&str> = wanted.iter().map(|one| name(*one)).collect();
    names.join(",")
}

/// Returns a report's title, or its source where it has none.
fn name(passage: &PassageRecord) -> String {
    match passage.report_title.as_str() {
        "" => passage.source.clone(),
        title => title.to_owned(),
    }
}

fn told(
    passages: &[PassageRecord],
    pairs: &[Pair],
    number: impl Fn(&Pair) -> usize,
) -> ComparedSide {
    let mut seen = BTreeSet::new();
    let titles = passages
        .iter()
        .filter(|passage| seen.insert(&passage.report_id));
    let fates: BTreeMap<usize, bool> = pairs
        .iter()
        .map(|pair| (number(pair), pair.is_kept))
        .collect();
    let kept = fates.values().filter(|is_kept| **is_kept).count() as u64;
    ComparedSide {
        reports: titles.map(name).collect(),
        passages: passages.len() as u64,
        kept,
        reworded: fates.len() as u64 - kept,
        alone: (passages.len() - fates.len()) as u64,
    }
}

/// Returns the rows in the order of the new side; what was dropped stands behind what it followed.
fn rows(old: &[PassageRecord], new: &[PassageRecord], pairs: &[Pair]) -> Vec<ComparedPassages> {
    let mut partners: Vec<Vec<&Pair>> = vec![Vec::new(); new.len()];
    let mut place_of: Vec<Option<usize>> = vec![None; old.len()];
    for pair in pairs {
        partners[pair.new].push(pair);
        place_of[pair.old].get_or_insert(pair.new);
    }
    // By the new passage behind which they stand; `None` for the very beginning.
    let mut dropped: BTreeMap<Option<usize>, Vec<&PassageRecord>> = BTreeMap::new();
    let mut behind = None;
    for (passage, place) in old.iter().zip(&place_of) {
        match place {
            Some(place) => behind = Some(*place),
            None => dropped.entry(behind).or_default().push(passage),
        }
    }
    let gone = |place: Option<usize>| {
        let passages = dropped.get(&place).into_iter().flatten();
        passages.map(|passage| ComparedPassages {
            fate: Fate::Dropped,
            overlap: None,
            old: Some((*passage).clone()),
            new: None,
            changes: Vec::new(),
        })
    };
    let mut rows: Vec<ComparedPassages> = gone(None).collect();
    for (place, passage) in new.iter().enumerate() {
        for pair in &partners[place] {
            let before = &old[pair.old];
            let fate = if pair.is_kept {
                Fate::Kept
            } else {
                Fate::Reworded
            };
            rows.push(ComparedPassages {
                fate,
                overlap: Some(pair.overlap),
                old: Some(before.clone()),
                new: Some(passage.clone()),
                changes: readable(changes(&before.text, &passage.text)),
            });
        }
        if partners[place].is_empty() {
            rows.push(ComparedPassages {
                fate: Fate::New,
                overlap: None,
                old: None,
                new: Some(passage.clone()),
                changes: Vec::new(),
            });
        }
        rows.extend(gone(Some(place)));
    }
    rows
}
