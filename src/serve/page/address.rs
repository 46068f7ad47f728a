//! The address of a page ↔ everything that it shows: query, filters, order, page, language.
//!
//! Invariant: whatever can be changed on a page is a link or a form to another address, so that
//! every view can be kept, sent, and returned to.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::model::{FacetField, Filter, KwicSort, Language, Matching, Rate, Sort};
use crate::serve::asked::{self, Asked, Parameters};
use crate::serve::fault::{self, Fault};

/// Most characters of a pasted wording: an address must stay short enough for every proxy.
pub(super) const MAX_WORDING: usize = 1_000;

/// Which years the histogram shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub(super) enum Years {
    /// Those by which reports are known.
    #[default]
    #[serde(rename = "report_year")]
    Report,
    /// Those that sections speak of.
    #[serde(rename = "year")]
    Section,
}

impl Years {
    /// Returns the facet.
    pub(super) fn field(self) -> FacetField {
        match self {
            Years::Report => FacetField::ReportYear,
            Years::Section => FacetField::Year,
        }
    }
}

/// Languages of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Tongue {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// What an address says besides facet filters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct Params {
    /// The query.
    #[param(max_length = 2000)]
    #[serde(skip_serializing_if = "is_usual")]
    pub(super) q: String,
    /// How leaves match.
    #[param(inline)]
    #[serde(skip_serializing_if = "is_usual")]
    pub(super) mode: Matching,
    /// Most of the words are enough.
    #[serde(skip_serializing_if = "is_usual")]
    pub(super) any: bool,
    /// Order of hits.
    #[param(inline)]
    #[serde(skip_serializing_if = "is_usual")]
    pub(super) sort: Sort,
    /// Whether near-duplicates fold under one hit.
    #[serde(skip_serializing_if = "Clone::clone")]
    pub(super) fold: bool,
    /// Whether only the best passage of each report is shown.
    #[serde(skip_serializing_if = "is_usual")]
    pub(super) group_by_report: bool,
    /// Which page of hits, 1-based.
    #[param(minimum = 1, maximum = 10_000_000)]
    #[serde(skip_serializing_if = "is_first")]
    pub(super) page: usize,
    /// Which years the histogram shows.
    #[param(inline)]
    #[serde(skip_serializing_if = "is_usual")]
    pub(super) years: Years,
    /// Characters that the listed values of the facet `find_in` must hold.
    #[param(max_length = 100)]
    #[serde(skip_serializing_if = "is_usual")]
    pub(super) find: String,
    /// The facet of which values are sought.
    #[param(max_length = 40)]
    #[serde(skip_serializing_if = "is_usual")]
    pub(super) find_in: String,
    /// First year of the form beside the histogram.
    #[param(max_length = 6)]
    #[serde(skip_serializing_if = "is_usual")]
    pub(super) from: String,
    /// Last year of the form beside the histogram.
    #[param(max_length = 6)]
    #[serde(skip_serializing_if = "is_usual")]
    pub(super) to: String,
    /// A wording whose like is sought.
    #[param(max_length = 1000)]
    #[serde(skip_serializing_if = "is_usual")]
    pub(super) text: String,
    /// Id of a passage whose like is sought.
    #[param(max_length = 16)]
    #[serde(skip_serializing_if = "is_usual")]
    pub(super) id: String,
    /// What of a year's counts is drawn: `per-10k`, `per-report`, `reports`, `occurrences`.
    #[param(value_type = String, max_length = 20)]
    #[serde(skip_serializing_if = "is_usual")]
    pub(super) rate: Rate,
    /// Years of a moving average, an odd number; 0 for none.
    #[param(minimum = 0, maximum = 99)]
    #[serde(skip_serializing_if = "is_usual")]
    pub(super) smooth: usize,
    /// Order of a concordance: `place`, `left`, `right`, `year`, `agency`.
    #[param(value_type = String, max_length = 20)]
    #[serde(skip_serializing_if = "is_usual")]
    pub(super) order: KwicSort,
    /// Language of the page, instead of the browser's.
    #[param(inline)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lang: Option<Tongue>,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            q: String::new(),
            mode: Matching::default(),
            any: false,
            sort: Sort::default(),
            fold: true,
            group_by_report: false,
            page: 1,
            years: Years::default(),
            find: String::new(),
            find_in: String::new(),
            from: String::new(),
            to: String::new(),
            text: String::new(),
            id: String::new(),
            rate: Rate::default(),
            smooth: 0,
            order: KwicSort::default(),
            lang: None,
        }
    }
}

impl Parameters for Params {
    const FILTERED: bool = true;
}

/// What an address says, with the language that the reader gets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Address {
    /// All but the filters.
    pub(super) params: Params,
    /// The facet filters, in the order of the address.
    pub(super) filters: Vec<Filter>,
    /// Language of the page.
    pub(super) language: Language,
    /// Whether fields of a form became filters, so that this address has a better spelling.
    pub(super) is_rewritten: bool,
}

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Fault> {
        Ok(Address::read(
            parts.uri.query().unwrap_or(""),
            &parts.headers,
        )?)
    }
}

impl Address {
    /// Reads a query string; the language falls back to what the browser prefers.
    ///
    /// # Errors
    /// If a parameter is unknown or its value is not allowed.
    pub(super) fn read(query: &str, headers: &HeaderMap) -> crate::Result<Self> {
        let Asked { params, filters } = asked::read::<Params>(query)?;
        let mut address = Address {
            language: language(&params, headers),
            params,
            filters,
            is_rewritten: false,
        };
        address.take_years();
        Ok(address)
    }

    /// Returns the address of an empty page, for one that cannot be read.
    pub(super) fn unread(query: &str, headers: &HeaderMap) -> Self {
        let asks_for = |lang: &str| query.split('&').any(|pair| pair == lang);
        let lang = match (asks_for("lang=en"), asks_for("lang=zh")) {
            (true, _) => Some(Tongue::En),
            (_, true) => Some(Tongue::Zh),
            _ => None,
        };
        let params = Params {
            lang,
            ..Params::default()
        };
        Address {
            language: language(&params, headers),
            params,
            filters: Vec::new(),
            is_rewritten: false,
        }
    }

    /// Turns the two fields of the years' form into a filter.
    fn take_years(&mut self) {
        let from = std::mem::take(&mut self.params.from);
        let to = std::mem::take(&mut self.params.to);
        let value = match (from.trim(), to.trim()) {
            ("", "") => return,
            (from, "") => format!(">={from}"),
            ("", to) => format!("<={to}"),
            (from, to) if from == to => from.to_owned(),
            (from, to) => format!("{from}..{to}"),
        };
        self.is_rewritten = true;
        let field = self.params.years.field();
        self.filters
            .retain(|filter| filter.field != field || filter.negated);
        self.filters.push(keep(field, &value));
    }

    /// Returns whether the address asks for anything but a look at everything.
    pub(super) fn is_plain(&self) -> bool {
        self.params.q.trim().is_empty() && self.filters.is_empty()
    }

    /// Returns the query string; what is usual is left out.
    pub(super) fn query(&self) -> String {
        let filters = self.filters.iter().map(|filter| {
            let sign = if filter.negated { "!" } else { "" };
            (filter.field.name(), format!("{sign}{}", filter.value))
        });
        let filters: Vec<_> = filters.collect();
        let parts = [
            serde_html_form::to_string(&self.params).unwrap_or_default(),
            serde_html_form::to_string(filters).unwrap_or_default(),
        ];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("&")
    }

    /// Returns a link to a view of what this address asks.
    pub(super) fn link(&self, path: &str) -> String {
        match self.query() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    /// Returns the names and values that a form must carry on, without those of its own fields.
    pub(super) fn carried(&self, own: &[&str]) -> Vec<(String, String)> {
        let pairs = serde_html_form::from_str(&self.query());
        let mut pairs: Vec<(String, String)> = pairs.unwrap_or_default();
        pairs.retain(|(name, _)| !own.contains(&name.as_str()));
        pairs
    }

    /// Returns the same address with other parameters, on its first page.
    pub(super) fn with(&self, change: impl FnOnce(&mut Params)) -> Self {
        let mut address = self.clone();
        address.params.page = 1;
        address.is_rewritten = false;
        change(&mut address.params);
        address
    }

    /// Returns the same address with other filters, on its first page.
    pub(super) fn filtered(&self, filters: Vec<Filter>) -> Self {
        let mut address = self.with(|_| ());
        address.filters = filters;
        address
    }

    /// Returns the filters on a facet.
    pub(super) fn filters_on(&self, field: FacetField) -> impl Iterator<Item = &Filter> {
        self.filters
            .iter()
            .filter(move |filter| filter.field == field)
    }

    /// Returns the address after a value was chosen, or let go if it was chosen before. A region
    /// takes the place of those that hold it or lie in it.
    pub(super) fn toggled(&self, field: FacetField, value: &str, negated: bool) -> Self {
        let is_it = |filter: &Filter| filter.field == field && filter.value == value;
        let was_chosen = self
            .filters
            .iter()
            .any(|filter| is_it(filter) && filter.negated == negated);
        let gives_way = |filter: &Filter| {
            let one_in_the_other = field == FacetField::Region
                && !negated
                && (lies_in(&filter.value, value) || lies_in(value, &filter.value));
            filter.field == field && !filter.negated && one_in_the_other
        };
        let mut filters = self.filters.clone();
        filters.retain(|filter| !is_it(filter) && !gives_way(filter));
        if !was_chosen {
            let value = value.to_owned();
            filters.push(Filter {
                field,
                value,
                negated,
            });
        }
        self.filtered(filters)
    }

    /// Returns the address with one filter fewer.
    pub(super) fn without(&self, gone: &Filter) -> Self {
        let mut filters = self.filters.clone();
        filters.retain(|filter| filter != gone);
        self.filtered(filters)
    }
}

/// Returns whether a region path lies at or below another.
pub(super) fn lies_in(path: &str, region: &str) -> bool {
    path.strip_prefix(region)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Makes a filter that keeps a value.
pub(super) fn keep(field: FacetField, value: &str) -> Filter {
    Filter {
        field,
        value: value.to_owned(),
        negated: false,
    }
}

/// Reads a filter on years as its first and last: `2019..2023`, `>=2020`, `2021`; `None` for a
/// spelling that the page does not make itself.
pub(super) fn year_range(value: &str) -> Option<(i32, i32)> {
    let year = |text: &str| text.trim().parse::<i32>().ok();
    if let Some((from, to)) = value.split_once("..") {
        return Some((year(from)?, year(to)?));
    }
    match (value.strip_prefix(">="), value.strip_prefix("<=")) {
        (Some(from), _) => Some((year(from)?, i32::MAX)),
        (_, Some(to)) => Some((i32::MIN, year(to)?)),
        _ => year(value).map(|year| (year, year)),
    }
}

fn language(params: &Params, headers: &HeaderMap) -> Language {
    match params.lang {
        Some(Tongue::Zh) => Language::Zh,
        Some(Tongue::En) => Language::En,
        None => fault::language(headers),
    }
}

fn is_usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_first(page: &usize) -> bool {
    *page <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(query: &str) -> Address {
        Address::read(query, &HeaderMap::new()).unwrap()
    }

    #[test]
    fn what_is_usual_is_left_out_and_all_else_reads_back() {
        for query in [
            "",
            "q=%E4%B9%A1%E6%9D%91&sort=-year&fold=false&page=3&lang=en&year=2019..2022",
            "group_by_report=true&years=year&find=a&find_in=agency&agency=%21x&agency=y",
        ] {
            assert_eq!(address(query).query(), query);
            assert_eq!(address(&address(query).query()), address(query));
        }
        assert_eq!(address("q=&page=1&fold=true&sort=relevance").query(), "");
    }

    #[test]
    fn a_value_is_chosen_and_let_go() {
        let chosen = address("q=a&page=4").toggled(FacetField::Agency, "x", false);
        assert_eq!(chosen.query(), "q=a&agency=x");
        let left_out = chosen.toggled(FacetField::Agency, "x", true);
        assert_eq!(left_out.query(), "q=a&agency=%21x");
        assert_eq!(
            left_out.toggled(FacetField::Agency, "x", true).query(),
            "q=a"
        );
    }

    #[test]
    fn a_region_takes_the_place_of_what_holds_it() {
        let province = address("").toggled(FacetField::Region, "A", false);
        let city = province.toggled(FacetField::Region, "A/B", false);
        assert_eq!(city.filters, [keep(FacetField::Region, "A/B")]);
        let both = city.toggled(FacetField::Region, "AB", false);
        assert_eq!(both.filters.len(), 2);
        let province = both.toggled(FacetField::Region, "A", false);
        let left: Vec<_> = province
            .filters
            .iter()
            .map(|filter| &*filter.value)
            .collect();
        assert_eq!(left, ["AB", "A"]);
    }

    #[test]
    fn the_form_of_years_becomes_a_filter() {
        for (query, expected) in [
            (
                "report_year=2001&from=2019&to=2022",
                "report_year=2019..2022",
            ),
            ("years=year&from=2019&to=", "years=year&year=%3E%3D2019"),
            ("from=2020&to=2020", "report_year=2020"),
            ("report_year=2001&from=&to=", "report_year=2001"),
        ] {
            assert_eq!(address(query).query(), expected);
        }
    }

    #[test]
    fn ranges_of_years() {
        for (value, expected) in [
            ("2021", Some((2021, 2021))),
            ("2019..2022", Some((2019, 2022))),
            (">=2019", Some((2019, i32::MAX))),
            ("<=2019", Some((i32::MIN, 2019))),
            ("x", None),
        ] {
            assert_eq!(year_range(value), expected);
        }
    }
}
