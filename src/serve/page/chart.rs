//! A trend → the lines of its chart, in pixels. Colours are the style sheet's, so that they follow
//! light and dark.

use crate::model::{TrendPoint, TrendResponse, TrendSeries};
use crate::present::layout::clean;

/// Size of the picture, and the room around the plot, in pixels.
const SIZE: (f64, f64) = (736.0, 300.0);
const LEFT: f64 = 44.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 26.0;
/// Least pixels between two years that are named.
const APART: f64 = 38.0;
/// Years before the first occurrence that are drawn.
const BEFORE: i32 = 3;
/// Years of which each has a mark of full size.
const ROOMY: usize = 30;
/// Series beyond these take up the colours again.
const COLORS: usize = 8;

/// A chart.
pub(super) struct Chart {
    /// Size of the picture.
    pub(super) width: f64,
    /// Height of the picture.
    pub(super) height: f64,
    /// Lines across: where, and what they stand for.
    pub(super) rules: Vec<(f64, String)>,
    /// Where lines across begin and end.
    pub(super) across: (f64, f64),
    /// Years: where, and which.
    pub(super) years: Vec<(f64, i32)>,
    /// Radius of a year's mark.
    pub(super) radius: f64,
    /// The lines.
    pub(super) series: Vec<Line>,
}

/// A concept through the years.
pub(super) struct Line {
    /// Number of its colour.
    pub(super) color: usize,
    /// Stretches without a gap, as path data.
    pub(super) paths: Vec<String>,
    /// Each year: where, and what.
    pub(super) points: Vec<Dot>,
}

/// A year of a line.
pub(super) struct Dot {
    /// From the left.
    pub(super) x: f64,
    /// From above.
    pub(super) y: f64,
    /// Year and rate in words.
    pub(super) label: String,
}

/// Draws a trend; `None` if nothing occurs.
pub(super) fn draw(response: &TrendResponse) -> Option<Chart> {
    let last = response.years.last()?.year;
    // A flat line before the first occurrence would only take room.
    let earliest = response.series.iter().filter_map(|series| series.first);
    let first = response.years.first()?.year;
    let first = first.max(earliest.min()? - BEFORE);
    let points = response.series.iter().flat_map(|series| &series.points);
    let rates = points.flatten().filter_map(shown);
    let step = step(rates.fold(0.0, f64::max));
    let top = step * 4.0;
    let span = f64::from((last - first).max(1));
    let x = |year: i32| LEFT + f64::from(year - first) / span * (SIZE.0 - LEFT - RIGHT);
    let y = |rate: f64| SIZE.1 - BOTTOM - rate / top * (SIZE.1 - TOP - BOTTOM);
    let every = (APART / ((SIZE.0 - LEFT - RIGHT) / span)).ceil().max(1.0);
    let drawn = || response.years.iter().filter(|year| year.year >= first);
    let years = drawn().rev().step_by(every as usize);
    let line = |(index, series): (usize, &TrendSeries)| {
        let dots = response.years.iter().zip(&series.points);
        let dots: Vec<Option<Dot>> = dots
            .map(|(year, point)| {
                let rate = shown(point.as_ref()?).filter(|_| year.year >= first)?;
                Some(Dot {
                    x: x(year.year),
                    y: y(rate),
                    label: format!(
                        "{} {}：{}",
                        clean(&series.term.name),
                        year.year,
                        number(rate)
                    ),
                })
            })
            .collect();
        Line {
            color: index % COLORS,
            paths: paths(&dots),
            points: dots.into_iter().flatten().collect(),
        }
    };
    Some(Chart {
        width: SIZE.0,
        height: SIZE.1,
        rules: (0..=4)
            .map(|count| step * f64::from(count))
            .map(|rate| (y(rate), number(rate)))
            .collect(),
        across: (LEFT, SIZE.0 - RIGHT),
        years: years.map(|year| (x(year.year), year.year)).collect(),
        radius: if drawn().count() > ROOMY { 2.0 } else { 3.5 },
        series: response.series.iter().enumerate().map(line).collect(),
    })
}

/// Returns the rate that is drawn: the moving average, where one was asked for.
fn shown(point: &TrendPoint) -> Option<f64> {
    point.smoothed.or(point.rate)
}

/// Returns a round number of which four reach the highest rate.
fn step(highest: f64) -> f64 {
    let least = (highest / 4.0).max(1e-6);
    let magnitude = 10f64.powf(least.log10().floor());
    let rounds = [1.0, 2.0, 2.5, 5.0, 10.0];
    let fits = rounds.iter().find(|round| *round * magnitude >= least);
    fits.unwrap_or(&10.0) * magnitude
}

/// Returns a rate with as many decimals as matter.
pub(super) fn number(rate: f64) -> String {
    let text = match rate {
        _ if rate >= 100.0 => format!("{rate:.0}"),
        _ if rate >= 1.0 => format!("{rate:.2}"),
        _ => format!("{rate:.3}"),
    };
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

fn paths(dots: &[Option<Dot>]) -> Vec<String> {
    let runs = dots.split(|dot| dot.is_none());
    let path = |run: &[Option<Dot>]| {
        let places = run.iter().flatten().enumerate().map(|(index, dot)| {
            let letter = if index == 0 { 'M' } else { 'L' };
            format!("{letter}{:.1} {:.1}", dot.x, dot.y)
        });
        places.collect::<String>()
    };
    runs.filter(|run| run.len() > 1).map(path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_steps_reach_the_highest_rate() {
        for (highest, expected) in [
            (0.0, 1e-6),
            (3.9, 1.0),
            (4.1, 2.0),
            (0.09, 0.025),
            (96.0, 25.0),
        ] {
            let step = step(highest);
            assert!((step - expected).abs() < 1e-9, "{highest}: {step}");
            assert!(step * 4.0 >= highest);
        }
    }

    #[test]
    fn a_year_without_text_parts_the_line() {
        let dot = |x| {
            Some(Dot {
                x,
                y: 1.0,
                label: String::new(),
            })
        };
        let dots = [dot(0.0), dot(1.0), None, dot(3.0), None, dot(5.0), dot(6.0)];
        assert_eq!(paths(&dots), ["M0.0 1.0L1.0 1.0", "M5.0 1.0L6.0 1.0"]);
    }

    #[test]
    fn numbers() {
        for (rate, expected) in [(0.0, "0"), (0.0256, "0.026"), (2.5, "2.5"), (131.4, "131")] {
            assert_eq!(number(rate), expected);
        }
    }
}
