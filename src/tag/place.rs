//! Names of places at the start of a text: 江苏省南京市玄武区, XX县, 自治区.

use crate::model::Level;
use crate::schema::{Regions, Schema};

/// A chain of places, from the broadest to the narrowest.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Place {
    /// What the narrowest name may mean, today's divisions first; empty if none is named.
    pub(super) ids: Vec<usize>,
    /// A name that is not in the table, with its rank: 滨海新区 of some city.
    pub(super) unlisted: Option<String>,
    /// Rank of the narrowest part, redacted ones included.
    pub(super) level: Option<Level>,
    /// Bytes read.
    pub(super) end: usize,
}

/// Names that are districts somewhere and common nouns everywhere.
const COMMON: [&str; 5] = ["城区", "郊区", "矿区", "新区", "市区"];
/// Longest name looked for outside the table, in characters, with its rank.
const UNLISTED_CHARS: usize = 6;

/// Reads the places with which a folded text begins.
pub(super) fn place_at(schema: &Schema, text: &str) -> Place {
    let mut place = Place::default();
    loop {
        let rest = &text[place.end..];
        // 市场监督管理局 and 区域协调办 begin with a rank only by spelling.
        if schema.agencies.longest_at(rest).is_some() && !names_place_first(schema, rest) {
            return place;
        }
        if !step(schema, rest, &mut place) {
            return place;
        }
    }
}

/// Reads one more part of the chain; says whether there was one.
fn step(schema: &Schema, rest: &str, place: &mut Place) -> bool {
    let regions = &schema.regions;
    if let Some((name, ids)) = regions.longest_at(rest) {
        let ids = fitting(regions, name, ids, place, &rest[name.len()..]);
        if let Some(first) = ids.first().and_then(|&id| regions.get(id)) {
            place.level = Some(first.level);
            place.ids = ids;
            place.end += name.len();
            return true;
        }
    }
    if let Some(found) = schema.cues.redacted.captures(rest) {
        if let Some(rank) = found.name("rank") {
            place.level = rank_level(rank.as_str());
        }
        place.end += found.get(0).map_or(0, |whole| whole.len());
        return true;
    }
    if let Some((name, level)) = unlisted_at(schema, rest, place) {
        place.level = Some(level);
        place.end += name.len();
        place.unlisted = Some(name.to_owned());
        return true;
    }
    if place.end == 0
        && let Some(found) = schema.cues.rank.captures(rest)
        && let (Some(whole), Some(rank)) = (found.get(0), found.name("rank"))
    {
        place.level = rank_level(rank.as_str());
        place.end = whole.end();
        return true;
    }
    false
}

/// Returns what a name may mean below the places read so far.
fn fitting(regions: &Regions, name: &str, ids: &[usize], above: &Place, tail: &str) -> Vec<usize> {
    if COMMON.contains(&name) && above.ids.is_empty() {
        return Vec::new();
    }
    let mut ids: Vec<usize> = ids
        .iter()
        .copied()
        .filter(|&id| {
            above.ids.is_empty()
                || above
                    .ids
                    .iter()
                    .any(|&up| up != id && regions.lies_in(id, up))
        })
        .collect();
    let rank = |id: usize| regions.get(id).map(|row| (row.until.is_some(), row.level));
    ids.sort_by_key(|&id| (rank(id), id));
    // A short form means the province, then today's divisions: 海南, 吉林.
    let full = |id: usize| regions.get(id).is_some_and(|row| row.name == name);
    if let Some(&first) = ids.first()
        && !ids.iter().any(|&id| full(id))
    {
        // 山南县 is no part of 山南.
        if tail.starts_with(['县', '镇', '乡', '旗', '村', '路', '街']) {
            return Vec::new();
        }
        let broadest = rank(first);
        ids.retain(|&id| rank(id) == broadest);
    }
    ids
}

/// Reads a county or district that the table lacks, where only a name can stand:
/// after a named place or at the start, and before 人民政府 or a year.
fn unlisted_at<'t>(schema: &Schema, rest: &'t str, above: &Place) -> Option<(&'t str, Level)> {
    if above.unlisted.is_some() || rest.starts_with("自治") {
        return None;
    }
    for (count, (at, c)) in rest.char_indices().enumerate().take(UNLISTED_CHARS) {
        if !('\u{4e00}'..='\u{9fff}').contains(&c) || "年月日在的和与及我全各本省委".contains(c)
        {
            return None;
        }
        let end = at + c.len_utf8();
        let level = match c {
            '市' => Level::City,
            '县' | '区' | '旗' => Level::County,
            _ => continue,
        };
        let tail = &rest[end..];
        if count >= 2
            && (tail.starts_with("人民政府") || tail.starts_with("政府") || starts_with_year(tail))
        {
            let common = COMMON.iter().any(|name| &rest[..end] == *name);
            return (!common && schema.agencies.longest_at(rest).is_none())
                .then_some((&rest[..end], level));
        }
    }
    None
}

fn starts_with_year(text: &str) -> bool {
    text.len() >= 4 && text.bytes().take(4).all(|byte| byte.is_ascii_digit())
}

/// Returns whether a name of the table, longer than the agency's, stands first.
fn names_place_first(schema: &Schema, rest: &str) -> bool {
    let agency = schema
        .agencies
        .longest_at(rest)
        .map_or(0, |(form, _)| form.len());
    schema
        .regions
        .longest_at(rest)
        .is_some_and(|(name, _)| name.len() > agency)
}

/// Returns the level of a rank.
pub(super) fn rank_level(rank: &str) -> Option<Level> {
    Some(match rank {
        "省" | "自治区" => Level::Province,
        "市" | "自治州" | "州" | "地区" | "盟" => Level::City,
        "县" | "区" | "自治县" | "自治旗" | "旗" => Level::County,
        "乡" | "镇" | "街道" | "苏木" => Level::Township,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_of_places() {
        let schema = Schema::embedded().unwrap();
        let check = |text: &str, paths: &[&str], level: Option<&str>, rest: &str| {
            let place = place_at(&schema, text);
            let found: Vec<_> = place
                .ids
                .iter()
                .filter_map(|&id| schema.regions.get(id))
                .map(|row| row.path.as_str())
                .collect();
            assert_eq!(found, paths, "{text}");
            assert_eq!(place.level.map(Level::as_str), level, "{text}");
            assert_eq!(&text[place.end..], rest, "{text}");
        };
        check(
            "江苏省南京市玄武区教育局",
            &["江苏省/南京市/玄武区"],
            Some("县"),
            "教育局",
        );
        check("海南2023年", &["海南省"], Some("省"), "2023年");
        check(
            "恩施州人民政府",
            &["湖北省/恩施土家族苗族自治州"],
            Some("市"),
            "人民政府",
        );
        check("XX省XX市XX县卫健委", &[], Some("县"), "卫健委");
        check("安徽省XX县", &["安徽省"], Some("县"), "");
        check("市市场监督管理局", &[], Some("市"), "市场监督管理局");
        check("市场监督管理局", &[], None, "市场监督管理局");
        check("自治区人民政府", &[], Some("省"), "人民政府");
        check(
            "巢湖市",
            &["安徽省/合肥市/巢湖市", "安徽省/巢湖市"],
            Some("县"),
            "",
        );
        check("山南县人民政府", &[], Some("县"), "人民政府");
        check("XX街道", &[], None, "街道");
        check("城区绿化", &[], None, "城区绿化");
        check("", &[], None, "");
    }
}
