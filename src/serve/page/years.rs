//! Counts by year → a histogram whose bars are links: what is found and the filter in one.

use super::address::{Address, Years, keep, year_range};
use super::words;
use crate::model::{FacetField, SearchResponse};
use crate::present::grouped;
use crate::say;

/// Most years; older ones are left out.
const MOST: i32 = 120;
/// Height of the tallest bar, in pixels.
const HEIGHT: u64 = 52;
/// Room for a year under its bar, in pixels.
const FOOT: u64 = 20;
/// Width that the years share, in pixels, and the least and most that each gets.
const WIDTH: i32 = 736;
const SLOT: (i32, i32) = (24, 56);

/// The histogram.
pub(super) struct Histogram {
    /// Size of the picture, in pixels.
    pub(super) width: i32,
    /// Height of the picture, in pixels.
    pub(super) height: u64,
    /// Where the bars stand, in pixels from above.
    pub(super) ground: u64,
    /// One bar a year, the earliest first.
    pub(super) bars: Vec<Bar>,
    /// Which years are shown, as links.
    pub(super) kinds: Vec<(&'static str, String, bool)>,
    /// First and last year of the filter, as the form has them.
    pub(super) from: String,
    /// Last year of the filter.
    pub(super) to: String,
    /// What the form must carry on.
    pub(super) carried: Vec<(String, String)>,
}

/// A year.
pub(super) struct Bar {
    /// The year.
    pub(super) year: i32,
    /// Year and count in words.
    pub(super) label: String,
    /// What stands under the bar.
    pub(super) short: String,
    /// Chooses the year alone, or lets it go.
    pub(super) link: String,
    /// Whether the filter keeps it.
    pub(super) is_kept: bool,
    /// Left edge and width of its column, in pixels.
    pub(super) left: i32,
    /// Width of the column.
    pub(super) slot: i32,
    /// Top of the bar.
    pub(super) top: u64,
    /// Height of the bar.
    pub(super) tall: u64,
}

impl Bar {
    /// Returns where the column's middle is.
    pub(super) fn middle(&self) -> i32 {
        self.left + self.slot / 2
    }

    /// Returns the bar's left edge.
    pub(super) fn edge(&self) -> i32 {
        self.left + 3
    }

    /// Returns the bar's width.
    pub(super) fn wide(&self) -> i32 {
        self.slot - 6
    }
}

impl Histogram {
    /// Makes the histogram of an answer, with the years that the address asks for.
    pub(super) fn of(address: &Address, response: &SearchResponse, path: &str) -> Self {
        let none = Vec::new();
        let field = address.params.years.field();
        let counts = response.facets.get(&field).unwrap_or(&none);
        let counts = counts
            .iter()
            .filter_map(|found| Some((found.value.parse().ok()?, found.count)))
            .collect();
        Self::make(address, field, counts, path)
    }

    /// Makes a histogram of report years.
    pub(super) fn of_reports(address: &Address, counts: Vec<(i32, u64)>, path: &str) -> Self {
        Self::make(address, FacetField::ReportYear, counts, path)
    }

    fn make(address: &Address, field: FacetField, counts: Vec<(i32, u64)>, path: &str) -> Self {
        let ranges: Vec<(i32, i32)> = address
            .filters_on(field)
            .filter(|filter| !filter.negated)
            .filter_map(|filter| year_range(&filter.value))
            .collect();
        let years = || counts.iter().map(|(year, _)| *year);
        let ends = years().min().zip(years().max());
        let span = ends.map(|(first, last)| first.max(last - MOST + 1)..=last);
        let span = span.into_iter().flatten();
        let slots = i32::try_from(span.clone().count()).unwrap_or(1).max(1);
        let slot = (WIDTH / slots).clamp(SLOT.0, SLOT.1);
        let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(1);
        let scale = Scale {
            address,
            field,
            path,
            ranges: &ranges,
            slot,
            most: most.max(1),
        };
        let bars = (0..).zip(span).map(|(index, year)| {
            let found = counts.iter().find(|(other, _)| *other == year);
            scale.bar(index, year, found.map_or(0, |(_, count)| *count))
        });
        let end = |year: Option<i32>| match year {
            Some(year) if (0..=9999).contains(&year) => year.to_string(),
            _ => String::new(),
        };
        Histogram {
            width: slot * slots,
            height: HEIGHT + FOOT,
            ground: HEIGHT,
            bars: bars.collect(),
            kinds: [Years::Report, Years::Section]
                .into_iter()
                .map(|years| kind(address, years, path))
                .collect(),
            from: end(ranges.iter().map(|(from, _)| *from).min()),
            to: end(ranges.iter().map(|(_, to)| *to).max()),
            carried: address.with(|_| ()).carried(&["from", "to", field.name()]),
        }
    }
}

/// Returns a link to the other kind of years: its label, where it leads, whether it is in force.
fn kind(address: &Address, years: Years, path: &str) -> (&'static str, String, bool) {
    let label = match years {
        Years::Report => words::facet(FacetField::ReportYear, address.language),
        // In Chinese the facet is called 年份, which says too little beside the other.
        Years::Section => address.language.pick("内容年份", "Year spoken of"),
    };
    let link = address.with(|params| params.years = years).link(path);
    (label, link, years == address.params.years)
}

/// What all bars of a histogram share.
struct Scale<'a> {
    address: &'a Address,
    field: FacetField,
    path: &'a str,
    ranges: &'a [(i32, i32)],
    slot: i32,
    most: u64,
}

impl Scale<'_> {
    fn bar(&self, index: i32, year: i32, count: u64) -> Bar {
        // What is there can be seen, however little it is.
        let tall = (count * HEIGHT / self.most).max(2 * u64::from(count > 0));
        let (name, grouped) = (year.to_string(), grouped(count));
        let mut filters = self.address.filters.clone();
        filters.retain(|filter| filter.field != self.field || filter.negated);
        if self.ranges != [(year, year)] {
            filters.push(keep(self.field, &name));
        }
        let contains = |(from, to): &(i32, i32)| (*from..=*to).contains(&year);
        Bar {
            year,
            label: say!(
                self.address.language,
                "{year} 年，{grouped} 段",
                "{year}: {grouped} passages"
            ),
            short: match self.slot {
                32.. => name,
                _ => format!("’{:02}", year % 100),
            },
            link: self.address.filtered(filters).link(self.path),
            is_kept: self.ranges.iter().any(contains),
            left: index * self.slot,
            slot: self.slot,
            top: HEIGHT - tall,
            tall,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;

    fn histogram(query: &str) -> Histogram {
        let address = Address::read(query, &HeaderMap::new()).unwrap();
        Histogram::of_reports(&address, vec![(2021, 1), (2023, 200)], "/search")
    }

    #[test]
    fn years_without_passages_have_their_place() {
        let bars = histogram("").bars;
        let shown: Vec<_> = bars.iter().map(|bar| (bar.year, bar.tall)).collect();
        assert_eq!(shown, [(2021, 2), (2022, 0), (2023, HEIGHT)]);
    }

    #[test]
    fn a_bar_chooses_its_year_alone_and_lets_it_go() {
        let bars = histogram("q=a&report_year=2019..2021").bars;
        assert_eq!(bars[2].link, "/search?q=a&report_year=2023");
        assert!(bars[0].is_kept && !bars[1].is_kept);
        let bars = histogram("q=a&report_year=2023").bars;
        assert_eq!(bars[2].link, "/search?q=a");
    }
}
