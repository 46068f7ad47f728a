//! An author at the start of a text: 县卫健委, XX镇人民政府, 国家税务总局XX县税务局.

use super::place::{Place, place_at, rank_level};
use crate::model::Level;
use crate::schema::{AgencyName, Schema};

/// What an author is, apart from its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Unit<'a> {
    /// The government of the place.
    Government,
    /// The government of a township: canonical name, with the place where it is known.
    Township(String),
    /// A type of the authority file.
    Agency(AgencyName<'a>),
}

/// Who a text begins with.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Author<'a> {
    /// Where it is.
    pub(super) place: Place,
    /// What it is; `None` where only a place is named.
    pub(super) unit: Option<Unit<'a>>,
    /// Its level.
    pub(super) level: Option<Level>,
    /// Bytes read.
    pub(super) end: usize,
}

/// How sure an author must be of what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    /// A title: a name that is a common noun as well needs the tail of a title after it.
    Title,
    /// A clause of body text: its verb must follow.
    Clause,
    /// A text that holds a name and nothing else: a signature, `我代表…`.
    Name,
}

/// Between place and type may stand so many characters of a proper name: XX县|第一|人民医院.
const INFIX_CHARS: usize = 8;

/// Reads the author with which a folded text begins; `None` if it begins with neither a place
/// nor an agency, or if what follows shows that it is not the author.
pub(super) fn author_at<'a>(
    schema: &'a Schema,
    text: &str,
    setting: Setting,
) -> Option<Author<'a>> {
    let skipped = ["中国共产党", "中共"]
        .iter()
        .find(|party| text.starts_with(**party))
        .map_or(0, |party| party.len());
    let mut place = place_at(schema, &text[skipped..]);
    place.end += skipped;
    let rest = &text[place.end..];
    let (mut unit, length) = match unit_at(schema, rest, &place, setting) {
        Some(found) => found,
        None if place.end > skipped && setting != Setting::Clause => {
            let (level, end) = (place.level, place.end);
            return Some(Author {
                place,
                unit: None,
                level,
                end,
            });
        }
        None => return None,
    };
    let mut end = place.end + length;
    let mut level = match &unit {
        Unit::Township(_) => Some(Level::Township),
        Unit::Agency(agency) => agency_level(agency, &rest[..length]).or(place.level),
        Unit::Government => place.level,
    };
    if let Unit::Agency(agency) = &unit {
        // The place may follow the name: 共青团XX县委, 生态环境局XX分局, 国家税务总局XX县税务局.
        let tail = place_at(schema, &text[end..]);
        let named = !tail.ids.is_empty() || schema.cues.redacted.is_match(&text[end..]);
        let after = &text[end + tail.end..];
        if named && after.starts_with("分局") {
            level = Some(Level::County);
            end += tail.end + "分局".len();
        } else if named && place.end == skipped {
            level = tail.level;
            end += tail.end;
            place = tail;
            if let Some((form, found)) = schema.agencies.longest_at(after)
                && found.agency == agency.agency
            {
                end += form.len();
                unit = Unit::Agency(found);
            } else if let Some(tail) = ["委员会", "委"]
                .iter()
                .find(|tail| after.starts_with(**tail))
            {
                end += tail.len();
            }
        }
    }
    if setting == Setting::Clause && !schema.cues.author_verb.is_match(&text[end..]) {
        return None;
    }
    Some(Author {
        place,
        unit: Some(unit),
        level,
        end,
    })
}

fn unit_at<'a>(
    schema: &'a Schema,
    rest: &str,
    place: &Place,
    setting: Setting,
) -> Option<(Unit<'a>, usize)> {
    let agency = agency_at(schema, rest, setting);
    if place.level.is_some() || !place.ids.is_empty() {
        for form in ["人民政府", "政府", "行政公署", "行署"] {
            if rest.starts_with(form) && agency.as_ref().is_none_or(|(_, end)| *end <= form.len()) {
                return Some((Unit::Government, form.len()));
            }
        }
    }
    if let Some((found, end)) = agency {
        return Some((Unit::Agency(found), end));
    }
    if let Some(found) = township_at(schema, rest, setting) {
        return Some(found);
    }
    // A proper name between place and type needs the place, or the tail of a title: XX县实验小学.
    if setting == Setting::Clause || place.end == 0 && setting != Setting::Title {
        return None;
    }
    let starts = rest.char_indices().skip(1).take(INFIX_CHARS);
    for (start, _) in starts {
        if rest[..start]
            .ends_with(|c: char| "年,。;:、()《》的和".contains(c) || c.is_ascii_digit())
        {
            return None;
        }
        let placed = |end: usize| place.end > 0 || schema.cues.title_tail.is_match(&rest[end..]);
        if let Some((found, length)) = agency_at(schema, &rest[start..], setting)
            && placed(start + length)
        {
            return Some((Unit::Agency(found), start + length));
        }
    }
    None
}

/// Reads a name of the authority file; of 公安局交警大队 the last part.
fn agency_at<'a>(
    schema: &'a Schema,
    rest: &str,
    setting: Setting,
) -> Option<(AgencyName<'a>, usize)> {
    let (form, mut found) = schema.agencies.longest_at(rest)?;
    let mut end = form.len();
    while let Some((form, next)) = schema.agencies.longest_at(&rest[end..]) {
        found = next;
        end += form.len();
    }
    let tail = &rest[end..];
    let doubtful = found.agency.generic && setting == Setting::Title;
    (!doubtful || schema.cues.title_tail.is_match(tail)).then_some((found, end))
}

/// Reads a township, town or street: its name carries the place where it is not redacted.
fn township_at<'a>(schema: &Schema, rest: &str, setting: Setting) -> Option<(Unit<'a>, usize)> {
    let found = schema.cues.township.captures(rest)?;
    let (whole, name, rank) = (found.get(0)?, found.name("name")?, found.name("rank")?);
    let tail = &rest[whole.end()..];
    let written_out = whole.end() > rank.end();
    let follows = match setting {
        Setting::Title => schema.cues.title_tail.is_match(tail) || tail.starts_with("政府"),
        Setting::Clause => schema.cues.author_verb.is_match(tail),
        Setting::Name => tail.is_empty(),
    };
    if !written_out && !follows {
        return None;
    }
    // 城镇, 乡镇 and the like are no names.
    let common = [
        "城", "乡", "村", "集", "重点", "小城", "各", "全", "我", "本", "市", "县",
    ];
    let name = match name.as_str() {
        name if common.contains(&name) && !written_out => return None,
        name if common.contains(&name) || schema.cues.redacted.is_match(name) => "",
        name => name,
    };
    let office = match rank.as_str() {
        "街道" => "办事处",
        _ => "人民政府",
    };
    Some((
        Unit::Township(format!("{name}{}{office}", rank.as_str())),
        whole.end(),
    ))
}

/// Returns the level that an agency's name shows by itself: 县委, 团市委, 镇人民政府, 教育部.
fn agency_level(found: &AgencyName<'_>, form: &str) -> Option<Level> {
    if found.agency.system == "乡镇街道" {
        return Some(Level::Township);
    }
    if form.starts_with("国家") || form.starts_with("国务院") || form.starts_with("中央") {
        return Some(Level::Nation);
    }
    if found.name.ends_with('厅') {
        return Some(Level::Province);
    }
    let form = form.strip_prefix('团').unwrap_or(form);
    let (rank, _) = form.split_once('委')?;
    rank_level(rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(author: &Author<'_>) -> String {
        let unit = match &author.unit {
            None => "-".to_owned(),
            Some(Unit::Government) => "人民政府".to_owned(),
            Some(Unit::Township(name)) => name.clone(),
            Some(Unit::Agency(agency)) => agency.name.to_owned(),
        };
        format!("{unit} {}", author.level.map_or("-", Level::as_str))
    }

    #[test]
    fn authors_in_titles() {
        let schema = Schema::embedded().unwrap();
        let check = |text: &str, wanted: Option<&str>, raw: &str| {
            let author = author_at(&schema, text, Setting::Title);
            assert_eq!(author.as_ref().map(show).as_deref(), wanted, "{text}");
            assert_eq!(
                author.map_or("", |author| &text[..author.end]),
                raw,
                "{text}"
            );
        };
        check(
            "区卫健委乡村振兴2023年工作总结",
            Some("卫生健康委员会 县"),
            "区卫健委",
        );
        check("市供销社2023年工作总结", Some("供销合作社 市"), "市供销社");
        check(
            "县生态环境分局2023年",
            Some("生态环境局 县"),
            "县生态环境分局",
        );
        check("街道2023年工作总结", Some("街道办事处 乡"), "街道");
        check("乡2023年工作总结", Some("乡人民政府 乡"), "乡");
        check("乡村振兴2023年工作总结", None, "");
        check("XX县健康中国工作总结", Some("- 县"), "XX县");
        check("政务公开工作总结", None, "");
        check(
            "市场监督管理局2023年工作总结",
            Some("市场监督管理局 -"),
            "市场监督管理局",
        );
        check(
            "XX县公安局交警大队2023年",
            Some("交通警察大队 县"),
            "XX县公安局交警大队",
        );
        check("县委组织部2023年工作总结", Some("组织部 县"), "县委组织部");
        check(
            "国家税务总局XX县税务局2023年",
            Some("税务局 县"),
            "国家税务总局XX县税务局",
        );
        check(
            "XX市生态环境局XX分局2023年",
            Some("生态环境局 县"),
            "XX市生态环境局XX分局",
        );
        check(
            "共青团XX县委2023年工作总结",
            Some("共产主义青年团 县"),
            "共青团XX县委",
        );
        check(
            "XX县实验小学2023年工作总结",
            Some("小学 县"),
            "XX县实验小学",
        );
        check("学校安全工作总结", None, "");
        check("优化营商环境工作总结", None, "");
        check(
            "和田地区行政公署2022年",
            Some("人民政府 市"),
            "和田地区行政公署",
        );
        check("义门镇2023年工作总结", Some("义门镇人民政府 乡"), "义门镇");
        check("XX县XX镇2023年工作总结", Some("镇人民政府 乡"), "XX县XX镇");
        check(
            "江苏省人民政府2023年工作报告",
            Some("人民政府 省"),
            "江苏省人民政府",
        );
        check("江苏省教育厅2023年", Some("教育厅 省"), "江苏省教育厅");
        check(
            "县人民政府办公室2023年",
            Some("人民政府办公室 县"),
            "县人民政府办公室",
        );
        check("XX县人民法院工作报告", Some("人民法院 县"), "XX县人民法院");
        check("", None, "");
    }

    #[test]
    fn authors_of_clauses() {
        let schema = Schema::embedded().unwrap();
        let check = |text: &str, wanted: Option<&str>| {
            let author = author_at(&schema, text, Setting::Clause);
            assert_eq!(author.as_ref().map(show).as_deref(), wanted, "{text}");
        };
        check("县卫健委紧紧围绕高质量发展目标", Some("卫生健康委员会 县"));
        check("XX街道在县委、县政府的坚强领导下", Some("街道办事处 乡"));
        check("省卫健委印发的通知", None);
        check("市卫健委对我县", None);
        check("县委、县政府的坚强领导", None);
        check("县财政局党组高度重视", Some("财政局 县"));
    }
}
