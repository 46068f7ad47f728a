//! A [`TrendRequest`] → a [`TrendResponse`]: concepts through the years.

use super::{Engine, rates, stamp};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{
    Axis, Count, CountRequest, FacetField, Note, Rate, Slice, TermCounts, TrendPoint, TrendRequest,
    TrendResponse, TrendSeries, TrendYear,
};

/// Longest moving average, in years.
const MOST_SMOOTH: usize = 99;

impl Engine {
    /// Follows concepts through the years; what counts is what [`Engine::count`] counts.
    ///
    /// Intervals are Poisson's for occurrences and Wilson's for shares of reports, 95 %; the moving
    /// average is the mean of the yearly rates around a year, the year in the middle.
    ///
    /// # Errors
    /// As for [`Engine::count`], or if the facet is no year or the average is not of an odd number
    /// of years.
    pub fn trend(&self, request: &TrendRequest) -> Result<TrendResponse> {
        check(request)?;
        let counted = self.count(&CountRequest {
            terms: request.terms.clone(),
            by: vec![Axis::of(request.by)],
            filters: request.filters.clone(),
            copies: request.copies,
            date: request.date.clone(),
        })?;
        // Passages without a year come last.
        let year = |slice: &Slice| -> Option<i32> { slice.values.first()?.as_ref()?.parse().ok() };
        let years: Vec<TrendYear> = counted
            .slices
            .iter()
            .filter_map(|slice| {
                Some(TrendYear {
                    year: year(slice)?,
                    slice: Slice {
                        values: Vec::new(),
                        ..slice.clone()
                    },
                })
            })
            .collect();
        let mut notes = counted.notes;
        if let Some(without) = counted.slices.last().filter(|slice| year(slice).is_none()) {
            let passages = without.passages;
            notes.push(Note::new(
                format!("{passages} 段没有年份，不在图中"),
                format!("{passages} passages without a year are left out"),
            ));
        }
        let series = counted.terms.into_iter();
        let series = series.map(|counts| self::series(counts, &years, request));
        let rate = match request.rate {
            Rate::Per10kCharacters => "per-10k",
            Rate::PerReport => "per-report",
            Rate::ReportShare => "report-share",
            Rate::Occurrences => "occurrences",
        };
        let mut options = vec![
            ("by", request.by.name().to_owned()),
            ("measure", rate.to_owned()),
        ];
        if request.smooth > 1 {
            options.push(("smooth", request.smooth.to_string()));
        }
        if request.band {
            options.push(("band", "95%".to_owned()));
        }
        Ok(TrendResponse {
            stamp: self.stamped(
                "trend",
                stamp::printed(&request.terms),
                &request.filters,
                request.copies,
                request.date.as_deref(),
                options,
            )?,
            notes,
            by: request.by,
            rate: request.rate,
            smooth: if request.smooth > 1 {
                request.smooth
            } else {
                0
            },
            series: series.collect(),
            years,
        })
    }
}

fn check(request: &TrendRequest) -> Result<()> {
    if !matches!(request.by, FacetField::Year | FacetField::ReportYear) {
        let field = request.by;
        return Err(Error::new(
            ErrorKind::Usage,
            format!("{}不是年份", field.label()),
            format!("{field} is no year"),
        )
        .with_hint("用 year 或 report_year", "use year or report_year"));
    }
    if request.smooth > 0 && (request.smooth.is_multiple_of(2) || request.smooth > MOST_SMOOTH) {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("移动平均的年数应为 1 到 {MOST_SMOOTH} 的奇数"),
            format!("a moving average takes an odd number of years, 1 to {MOST_SMOOTH}"),
        )
        .with_hint("例如 --smooth 3", "for example --smooth 3"));
    }
    Ok(())
}

fn series(counts: TermCounts, years: &[TrendYear], request: &TrendRequest) -> TrendSeries {
    let points = counts.counts.iter().zip(years).map(|(count, year)| {
        let count = (*count)?;
        let rate = rate(&count, &year.slice, request.rate);
        let band = request
            .band
            .then(|| band(&count, &year.slice, request.rate))
            .flatten();
        Some(TrendPoint {
            count,
            rate,
            smoothed: None,
            band,
        })
    });
    let mut points: Vec<Option<TrendPoint>> = points.collect();
    let rates: Vec<Option<f64>> = points.iter().map(|point| point.as_ref()?.rate).collect();
    if request.smooth > 1 {
        let smoothed = rates::smoothed(&rates, request.smooth);
        for (point, smoothed) in points.iter_mut().zip(smoothed) {
            if let Some(point) = point {
                point.smoothed = smoothed;
            }
        }
    }
    let occurs = |point: &Option<TrendPoint>| {
        point
            .as_ref()
            .is_some_and(|point| point.count.occurrences > 0)
    };
    let first = points.iter().position(occurs).map(|at| years[at].year);
    let mut peak: Option<(f64, i32)> = None;
    for (rate, year) in rates.iter().zip(years) {
        match (*rate, peak) {
            (Some(rate), None) if rate > 0.0 => peak = Some((rate, year.year)),
            (Some(rate), Some((highest, _))) if rate > highest => peak = Some((rate, year.year)),
            _ => {}
        }
    }
    TrendSeries {
        term: counts.term,
        total: counts.total,
        first,
        peak: peak.map(|(_, year)| year),
        points,
    }
}

fn rate(count: &Count, slice: &Slice, rate: Rate) -> Option<f64> {
    match rate {
        Rate::Per10kCharacters => count.per_10k_characters,
        Rate::PerReport => count.per_report,
        Rate::ReportShare => {
            let share = count.reports as f64 * 100.0 / slice.reports as f64;
            (slice.reports > 0).then_some(share)
        }
        Rate::Occurrences => Some(count.occurrences as f64),
    }
}

fn band(count: &Count, slice: &Slice, rate: Rate) -> Option<[f64; 2]> {
    let per = |denominator: u64, unit: f64| {
        let limits = rates::poisson(count.occurrences);
        (denominator > 0).then(|| limits.map(|limit| limit * unit / denominator as f64))
    };
    match rate {
        Rate::Per10kCharacters => per(slice.characters, 10_000.0),
        Rate::PerReport => per(slice.reports, 1.0),
        Rate::ReportShare => {
            let limits = rates::wilson(count.reports, slice.reports)?;
            Some(limits.map(|limit| limit * 100.0))
        }
        Rate::Occurrences => per(1, 1.0),
    }
}
