//! Counts of facets → lists of values, each a link that chooses it, lets it go or leaves it out.

use std::collections::BTreeSet;

use super::address::{Address, lies_in};
use super::words;
use crate::model::{FacetCount, FacetField, Filter, SearchResponse};
use crate::present::grouped;
use crate::present::layout::clean;

/// The facets beside hits, in this order; years stand in the histogram.
pub(super) const SHOWN: &[FacetField] = &[
    FacetField::Section,
    FacetField::Level,
    FacetField::Region,
    FacetField::Agency,
    FacetField::System,
    FacetField::ReportKind,
];

/// Most values of a facet that a page holds; others are found by their characters.
pub(super) const LISTED: usize = 300;
/// Values of a facet that are shown before it is unfolded.
const OPEN: usize = 8;
/// A facet with more values than these can be searched.
const SEARCHED: usize = 12;

/// One facet.
pub(super) struct Facet {
    /// Contract name.
    pub(super) name: &'static str,
    /// Label.
    pub(super) label: &'static str,
    /// Values shown at once.
    pub(super) first: Vec<Value>,
    /// Values shown when it is unfolded.
    pub(super) rest: Vec<Value>,
    /// How many of `rest` do not lie below another.
    pub(super) folded: usize,
    /// How many more there are.
    pub(super) more: String,
    /// What is sought among the values.
    pub(super) find: String,
    /// Whether values can be sought.
    pub(super) is_searched: bool,
    /// What the form must carry on.
    pub(super) carried: Vec<(String, String)>,
}

/// One value of a facet.
pub(super) struct Value {
    /// As shown; of a region's path the last part.
    pub(super) name: String,
    /// As queries and addresses have it, where it is shown otherwise.
    pub(super) canonical: String,
    /// In full.
    pub(super) whole: String,
    /// Passages; empty if it was not counted.
    pub(super) count: String,
    /// How deep it lies below the top, 0 to 2.
    pub(super) depth: usize,
    /// Chosen, left out, or neither.
    pub(super) state: Choice,
    /// Chooses it or lets it go.
    pub(super) link: String,
    /// Leaves it out or lets it in again.
    pub(super) without: String,
}

/// What the filters say of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// Nothing.
    Open,
    /// It is kept.
    Kept,
    /// It is left out.
    Out,
}

impl Value {
    /// Returns whether it is chosen or left out.
    pub(super) fn is_set(&self) -> bool {
        self.state != Choice::Open
    }

    /// Returns whether it is left out.
    pub(super) fn is_out(&self) -> bool {
        self.state == Choice::Out
    }
}

/// A filter as it stands above the hits, with a link to the page without it.
pub(super) struct Chip {
    /// Facet and value.
    pub(super) text: String,
    /// Whether it leaves the value out.
    pub(super) is_out: bool,
    /// The page without it.
    pub(super) link: String,
}

/// Returns the filters of an address.
pub(super) fn chips(address: &Address, path: &str) -> Vec<Chip> {
    let chip = |filter: &Filter| {
        let language = address.language;
        let label = words::facet(filter.field, language);
        let value = words::value(filter.field, &filter.value.replace("..", "–"), language);
        Chip {
            text: match filter.negated {
                true => format!("{label} {} {value}", language.pick("不含", "without")),
                false => format!("{label} {value}"),
            },
            is_out: filter.negated,
            link: address.without(filter).link(path),
        }
    };
    address.filters.iter().map(chip).collect()
}

/// Returns the facets of an answer; those with nothing to choose from are left out.
pub(super) fn facets(address: &Address, response: &SearchResponse, path: &str) -> Vec<Facet> {
    let facet = |field: &FacetField| facet(address, response, path, *field);
    SHOWN.iter().filter_map(facet).collect()
}

fn facet(
    address: &Address,
    response: &SearchResponse,
    path: &str,
    field: FacetField,
) -> Option<Facet> {
    let none = Vec::new();
    let counts = response.facets.get(&field).unwrap_or(&none);
    let find = match address.params.find_in == field.name() {
        true => address.params.find.clone(),
        false => String::new(),
    };
    let is_filtered = address.filters_on(field).next().is_some();
    if counts.len() < 2 && !is_filtered && find.is_empty() {
        return None;
    }
    let maker = Maker {
        address,
        path,
        field,
    };
    let mut values = match field {
        FacetField::Region if find.is_empty() => maker.tree(counts),
        _ => counts.iter().map(|found| maker.counted(found, 0)).collect(),
    };
    for (at, filter) in maker.uncounted(counts).into_iter().enumerate() {
        values.insert(at, maker.value(&filter.value, String::new(), 0));
    }
    // What is chosen is never folded away.
    let mut tops = 0;
    let last = |value: &Value| value.is_set();
    let last_set = values.iter().rposition(last).map_or(0, |at| at + 1);
    let fits = values.iter().position(|value| {
        tops += usize::from(value.depth == 0);
        tops > OPEN
    });
    let cut = fits.unwrap_or(values.len()).max(last_set);
    let rest = values.split_off(cut);
    let all = response.facet_values.get(&field).copied().unwrap_or(0);
    let more = all.saturating_sub(counts.len() as u64);
    Some(Facet {
        name: field.name(),
        label: words::facet(field, address.language),
        folded: rest.iter().filter(|value| value.depth == 0).count(),
        is_searched: counts.len() > SEARCHED || !find.is_empty(),
        first: values,
        rest,
        more: if more > 0 {
            grouped(more)
        } else {
            String::new()
        },
        find,
        carried: address.with(|_| ()).carried(&["find", "find_in"]),
    })
}

struct Maker<'a> {
    address: &'a Address,
    path: &'a str,
    field: FacetField,
}

impl Maker<'_> {
    fn counted(&self, found: &FacetCount, depth: usize) -> Value {
        self.value(&found.value, grouped(found.count), depth)
    }

    fn value(&self, value: &str, count: String, depth: usize) -> Value {
        let chosen = self
            .address
            .filters_on(self.field)
            .find(|filter| filter.value == value);
        let link = |negated| {
            let address = self.address.toggled(self.field, value, negated);
            // What was sought was found.
            let address = address.with(|params| {
                if !negated {
                    params.find.clear();
                    params.find_in.clear();
                }
            });
            address.link(self.path)
        };
        let state = match chosen {
            None => Choice::Open,
            Some(filter) if filter.negated => Choice::Out,
            Some(_) => Choice::Kept,
        };
        let is_out = state == Choice::Out;
        let name = match depth {
            0 => value,
            _ => value.rsplit('/').next().unwrap_or(value),
        };
        let called = words::called(self.field, value, self.address.language);
        Value {
            name: clean(called.unwrap_or(name)),
            canonical: called.map_or_else(String::new, |_| clean(value)),
            whole: clean(value),
            count,
            depth,
            state,
            link: link(is_out),
            without: link(true),
        }
    }

    /// Returns the filters whose values were not counted: they match nothing, or are other names.
    fn uncounted(&self, counts: &[FacetCount]) -> Vec<&Filter> {
        let is_counted = |filter: &&Filter| counts.iter().any(|found| found.value == filter.value);
        let filters = self.address.filters_on(self.field);
        filters.filter(|filter| !is_counted(filter)).collect()
    }

    /// Puts regions under those that hold them; what lies below a region is shown where the region,
    /// or something in it, is chosen.
    fn tree(&self, counts: &[FacetCount]) -> Vec<Value> {
        let known: BTreeSet<&str> = counts.iter().map(|found| found.value.as_str()).collect();
        let parent = |value: &str| {
            let above = value.rsplit_once('/').map(|(above, _)| above.to_owned());
            above.filter(|above| known.contains(above.as_str()))
        };
        let mut values = Vec::new();
        for found in counts.iter().filter(|found| parent(&found.value).is_none()) {
            self.branch(found, 0, counts, &mut values);
        }
        values
    }

    fn branch(
        &self,
        found: &FacetCount,
        depth: usize,
        counts: &[FacetCount],
        values: &mut Vec<Value>,
    ) {
        values.push(self.counted(found, depth));
        let is_open = self
            .address
            .filters_on(self.field)
            .any(|filter| lies_in(&filter.value, &found.value));
        if !is_open {
            return;
        }
        let is_child = |other: &&FacetCount| {
            let above = other.value.rsplit_once('/').map(|(above, _)| above);
            above == Some(found.value.as_str())
        };
        for child in counts.iter().filter(is_child) {
            self.branch(child, depth + 1, counts, values);
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;

    fn values(query: &str) -> Vec<String> {
        let counts = [("A", 9), ("B", 5), ("A/x", 6), ("A/x/1", 2), ("C/y", 1)];
        let counts = counts.map(|(value, count)| FacetCount {
            value: value.to_owned(),
            count,
            reports: 1,
        });
        let address = Address::read(query, &HeaderMap::new()).unwrap();
        let maker = Maker {
            address: &address,
            path: "/search",
            field: FacetField::Region,
        };
        let show = |value: &Value| format!("{}{}", "-".repeat(value.depth), value.name);
        maker.tree(&counts).iter().map(show).collect()
    }

    #[test]
    fn a_region_opens_when_it_or_something_in_it_is_chosen() {
        assert_eq!(values(""), ["A", "B", "C/y"]);
        assert_eq!(values("region=A"), ["A", "-x", "B", "C/y"]);
        assert_eq!(values("region=A/x"), ["A", "-x", "--1", "B", "C/y"]);
        assert_eq!(values("region=B"), ["A", "B", "C/y"]);
    }
}
