//! Filter values as typed → the facet values that they keep.
//!
//! A value may be typed in full, as an alias (卫健委), as a part of a region's path (江苏, 南京), or as
//! a range of years. A value that the index does not hold is an error that names the nearest ones.

use super::Index;
use crate::analyze::strip_blanks;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{FacetField, Filter, Level, ReportKind, SectionKind};
use crate::schema::Schema;

/// A facet's filters, resolved.
#[derive(Debug, Clone, PartialEq)]
pub enum Kept {
    /// For each value of the facet, whether it is kept; whether passages without one are.
    Values {
        /// By the value's number.
        kept: Vec<bool>,
        /// Whether passages without a value are kept.
        without: bool,
    },
    /// Ranges of years that are kept (empty: all) and those that are not.
    Years {
        /// Ranges of which one must hold the year, ends included; none: every year.
        kept: Vec<(i64, i64)>,
        /// Ranges that must not hold it.
        dropped: Vec<(i64, i64)>,
    },
}

impl Kept {
    /// Returns whether a passage of that year is kept.
    pub fn keeps_year(&self, year: Option<i64>) -> bool {
        let Kept::Years { kept, dropped } = self else {
            return true;
        };
        let inside = |ranges: &[(i64, i64)]| {
            year.is_some_and(|year| {
                ranges
                    .iter()
                    .any(|(from, to)| (*from..=*to).contains(&year))
            })
        };
        (kept.is_empty() || inside(kept)) && !inside(dropped)
    }
}

/// Resolves all filters of one facet against its values.
///
/// # Errors
/// [`ErrorKind::UnknownValue`] or, for a year that is none, [`ErrorKind::Usage`].
pub fn resolve(
    field: FacetField,
    filters: &[&Filter],
    values: &[String],
    schema: &Schema,
) -> Result<Kept> {
    if field.is_year() {
        let mut kept = Vec::new();
        let mut dropped = Vec::new();
        for filter in filters {
            let range = years(&filter.value).ok_or_else(|| not_a_year(&filter.value))?;
            if filter.negated {
                dropped.push(range)
            } else {
                kept.push(range)
            }
        }
        return Ok(Kept::Years { kept, dropped });
    }
    let positive = filters.iter().any(|filter| !filter.negated);
    let mut kept = vec![!positive; values.len()];
    for negated in [false, true] {
        for filter in filters.iter().filter(|filter| filter.negated == negated) {
            for number in matching(field, &filter.value, values, schema)? {
                kept[number] = !negated;
            }
        }
    }
    Ok(Kept::Values {
        kept,
        without: !positive,
    })
}

/// Reads a year or a range of years, ends included.
///
/// ```
/// use zhengsou::search::filter::years;
/// assert_eq!(years("2019..2023"), Some((2019, 2023)));
/// assert_eq!(years(">=2020"), Some((2020, 9999)));
/// assert_eq!(years("２０２３年"), Some((2023, 2023)));
/// assert_eq!(years("去年"), None);
/// ```
pub fn years(text: &str) -> Option<(i64, i64)> {
    use unicode_normalization::UnicodeNormalization;
    let text: String = text
        .nfkc()
        .filter(|c| !c.is_whitespace() && *c != '年')
        .collect();
    let year = |text: &str| match text.len() {
        1..=4 => text
            .parse::<i64>()
            .ok()
            .filter(|year| (0..=9999).contains(year)),
        _ => None,
    };
    for joint in ["..", "-", "~", "—", "–", "至", "到"] {
        if let Some((from, to)) = text.split_once(joint) {
            let from = if from.is_empty() { 0 } else { year(from)? };
            let to = if to.is_empty() { 9999 } else { year(to)? };
            return (from <= to && text.len() > joint.len()).then_some((from, to));
        }
    }
    for (sign, range) in [
        (">=", (|year| (year, 9999)) as fn(i64) -> (i64, i64)),
        ("≥", |year| (year, 9999)),
        ("<=", |year| (0, year)),
        ("≤", |year| (0, year)),
        (">", |year| (year + 1, 9999)),
        ("<", |year| (0, year - 1)),
    ] {
        if let Some(rest) = text.strip_prefix(sign) {
            return year(rest).map(range);
        }
    }
    year(&text).map(|year| (year, year))
}

/// Returns the numbers of the values that a typed value means.
fn matching(
    field: FacetField,
    typed: &str,
    values: &[String],
    schema: &Schema,
) -> Result<Vec<usize>> {
    let typed = typed.trim();
    let find = |keeps: &dyn Fn(&str) -> bool| -> Vec<usize> {
        (0..values.len())
            .filter(|&number| keeps(&values[number]))
            .collect()
    };
    let found = match field {
        FacetField::Region => find(&|value| region(value, typed)),
        FacetField::Source => find(&|value| source(value, typed)),
        _ => {
            let exact = find(&|value| value == typed);
            if exact.is_empty() {
                find(&|value| loosely(field, value, typed, schema))
            } else {
                exact
            }
        }
    };
    // A value of a fixed list may simply not occur.
    if found.is_empty() && !listed(field).contains(&typed) {
        Err(unknown(field, typed, values))
    } else {
        Ok(found)
    }
}

/// Returns whether a value is what a part of it, or another name, asks for.
pub fn finds(field: FacetField, value: &str, typed: &str, index: &Index<'_>) -> bool {
    let fold = |text: &str| strip_blanks(&index.analyzer.fold(text));
    match field {
        FacetField::Year | FacetField::ReportYear => match (years(typed), value.parse::<i64>()) {
            (Some((from, to)), Ok(year)) => (from..=to).contains(&year),
            _ => value.starts_with(typed),
        },
        FacetField::Region if region(value, typed) => true,
        _ => fold(value).contains(&fold(typed)) || loosely(field, value, typed, index.schema),
    }
}

/// Checks that the index holds a value that is sought in a facet.
///
/// # Errors
/// As for [`resolve`].
pub fn check(field: FacetField, value: &str, index: &Index<'_>) -> Result<()> {
    let filter = Filter {
        field,
        value: value.to_owned(),
        negated: false,
    };
    let none = Vec::new();
    let values = match field.is_year() {
        true => &none,
        false => &index.values(field)?.values,
    };
    resolve(field, &[&filter], values, index.schema).map(|_| ())
}

/// Returns whether a region path lies at or below the typed place.
fn region(path: &str, typed: &str) -> bool {
    let below = |place: &str| {
        path.strip_prefix(place)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if typed.contains('/') {
        return below(typed.trim_end_matches('/'));
    }
    path.split('/').any(|part| {
        part.strip_prefix(typed).is_some_and(|rest| {
            rest.is_empty()
                || (typed.chars().count() >= 2
                    && rest.ends_with(['省', '市', '县', '区', '州', '盟', '旗']))
        })
    })
}

/// Returns whether a source is the typed file, lies in the typed folder, or fits its stars.
fn source(path: &str, typed: &str) -> bool {
    let typed = typed.replace('\\', "/");
    if typed.contains('*') {
        return stars(path, &typed);
    }
    let typed = typed.trim_start_matches("./").trim_end_matches('/');
    let at_end = |path: &str| path == typed || path.ends_with(&format!("/{typed}"));
    at_end(path) || path.starts_with(&format!("{typed}/")) || path.contains(&format!("/{typed}/"))
}

/// Matches a pattern in which each `*` stands for any characters.
fn stars(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut last = "";
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        last = part;
        rest = &rest[at + part.len()..];
    }
    last.is_empty() || text.ends_with(last)
}

/// Returns whether a value is what a shorter or other name means.
fn loosely(field: FacetField, value: &str, typed: &str, schema: &Schema) -> bool {
    match field {
        FacetField::Level => typed.strip_suffix('级') == Some(value),
        FacetField::Agency => {
            schema
                .agencies
                .named(typed)
                .is_some_and(|known| known.name == value)
                || (typed.chars().count() >= 4 && value.ends_with(typed))
        }
        _ => typed.chars().count() >= 2 && value.contains(typed),
    }
}

fn not_a_year(typed: &str) -> Error {
    Error::new(
        ErrorKind::Usage,
        format!("「{typed}」不是年份"),
        format!("{typed} is no year"),
    )
    .with_hint(
        "写作 2023、2019..2023、>=2020 或 ..2015",
        "write 2023, 2019..2023, >=2020 or ..2015",
    )
}

fn unknown(field: FacetField, typed: &str, values: &[String]) -> Error {
    let near = nearest(typed, values);
    let error = Error::new(
        ErrorKind::UnknownValue,
        format!("索引里没有这个{}：{typed}", field.label()),
        format!("the index has no such {field}: {typed}"),
    );
    let listed = listed(field);
    if !listed.is_empty() {
        return error.with_hint(
            format!("可用：{}", listed.join("、")),
            format!("use one of {}", listed.join(", ")),
        );
    }
    if near.is_empty() {
        return error.with_hint(
            format!("用 zhengsou search --facets {field} -n 0 看有哪些值"),
            format!("see the values with zhengsou search --facets {field} -n 0"),
        );
    }
    error.with_hint(
        format!("相近的有：{}", near.join("、")),
        format!("near ones: {}", near.join(", ")),
    )
}

/// Returns the values of a facet that has a fixed list of them; empty for the others.
fn listed(field: FacetField) -> Vec<&'static str> {
    match field {
        FacetField::Level => Level::ALL.iter().map(|level| level.as_str()).collect(),
        FacetField::Section => SectionKind::ALL.iter().map(|kind| kind.as_str()).collect(),
        FacetField::ReportKind => ReportKind::ALL.iter().map(|kind| kind.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Returns up to five values that look like what was typed, the nearest first.
pub fn nearest<'a>(typed: &str, values: &'a [String]) -> Vec<&'a str> {
    let mut scored: Vec<(f64, &str)> = values
        .iter()
        .filter_map(|value| {
            // A region path is near if one of its parts is.
            let near = value
                .split('/')
                .chain([value.as_str()])
                .map(|part| strsim::normalized_levenshtein(part, typed).max(shared(part, typed)))
                .fold(0.0, f64::max);
            (near >= 0.34).then_some((near, value.as_str()))
        })
        .collect();
    scored.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then(a.1.len().cmp(&b.1.len()))
            .then(a.1.cmp(b.1))
    });
    scored.into_iter().take(5).map(|(_, value)| value).collect()
}

/// Returns the share of the typed characters that a value holds, which serves short forms.
fn shared(value: &str, typed: &str) -> f64 {
    let length = typed.chars().count().max(1) as f64;
    typed
        .chars()
        .filter(|&character| value.contains(character))
        .count() as f64
        / length
        * 0.9
}
