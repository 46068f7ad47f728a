//! Data → the words around it: labels, counts, places and citations in the reader's language.

use crate::model::{Differs, FacetField, HighlightKind, Hit, Language, PassageRecord};
use crate::present::grouped;
use crate::present::layout::clean;
use crate::present::vocabulary::english;
use crate::say;

/// Most other forms that a hit names.
const NAMED: usize = 5;

/// Returns the name of a facet.
pub(super) fn facet(field: FacetField, language: Language) -> &'static str {
    match (language, field) {
        (Language::Zh, _) => field.label(),
        (Language::En, FacetField::Agency) => "Agency",
        (Language::En, FacetField::System) => "Policy field",
        (Language::En, FacetField::Level) => "Level",
        (Language::En, FacetField::Region) => "Region",
        (Language::En, FacetField::Year) => "Year spoken of",
        (Language::En, FacetField::ReportYear) => "Report year",
        (Language::En, FacetField::Section) => "Section",
        (Language::En, FacetField::ReportKind) => "Kind of report",
        (Language::En, FacetField::Source) => "File",
    }
}

/// Returns what a value of a facet is called, where the reader's language has a word for it.
pub(super) fn called(field: FacetField, value: &str, language: Language) -> Option<&'static str> {
    match language {
        Language::Zh => None,
        Language::En => english(field, value),
    }
}

/// Returns a value of a facet in the reader's language; names stay as they are.
pub(super) fn value(field: FacetField, value: &str, language: Language) -> String {
    clean(called(field, value, language).unwrap_or(value))
}

/// Returns a title, or that there is none.
pub(super) fn title(title: &str, language: Language) -> String {
    match clean(title) {
        title if title.trim().is_empty() => language.pick("（无题）", "(untitled)").to_owned(),
        title => title,
    }
}

/// Returns a passage's place: `seed.txt:27`, or the path alone where a format has no lines.
pub(super) fn place(passage: &PassageRecord) -> String {
    match passage.line {
        0 => clean(&passage.source),
        line => format!("{}:{line}", clean(&passage.source)),
    }
}

/// Returns a passage's tags, one by one: section and year, agency, region, date.
pub(super) fn tags(passage: &PassageRecord, language: Language) -> Vec<String> {
    let section = value(FacetField::Section, &passage.section_kind, language);
    let section = match passage.year {
        Some(year) => format!("{section} {year}"),
        None => section,
    };
    let when = passage.date.clone();
    let when = when.or_else(|| passage.report_year.map(|year| year.to_string()));
    let tags = [
        Some(section),
        passage.agency.clone(),
        passage.region.clone(),
        when,
    ];
    tags.into_iter().flatten().map(|tag| clean(&tag)).collect()
}

/// Returns the headings above a passage: `工作总结 › 党建引领`.
pub(super) fn path(passage: &PassageRecord) -> String {
    clean(&passage.section_path.join(" › "))
}

/// Returns the source line that a copied passage carries, the same in both languages, since it goes
/// into a Chinese text: `（云溪县人民政府：《2024年政府工作报告》，2024-01-11，“工作回顾”部分，a.txt:17）`.
pub(super) fn citation(passage: &PassageRecord) -> String {
    let title = title(&passage.report_title, Language::Zh);
    let title = format!("《{}》", title.replace('《', "〈").replace('》', "〉"));
    // The canonical name may lack the place (卫生健康委员会), the written one too (省人民政府).
    let names = passage.agency.iter().chain(&passage.agency_raw);
    let author = names.max_by_key(|name| name.chars().count());
    let title = match author {
        Some(author) => format!("{author}：{title}"),
        None => title,
    };
    let when = match (&passage.date, passage.report_year) {
        (Some(date), _) => Some(date.clone()),
        (None, Some(year)) => Some(format!("{year}年")),
        (None, None) => None,
    };
    let section = passage.section_path.join(" › ");
    let section = (!section.is_empty()).then(|| format!("“{section}”部分"));
    let parts = [Some(title), when, section, Some(place(passage))];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    clean(&format!("（{}）", parts.join("，")))
}

/// Returns what matched that was typed otherwise: `D建（还原）、卫计委（别名）`; empty for nothing.
pub(super) fn otherwise(hit: &Hit, language: Language) -> String {
    let text: Vec<char> = hit.passage.text.chars().collect();
    let mut named: Vec<String> = Vec::new();
    for ([start, end], kind) in hit.highlights.iter().zip(&hit.highlight_kinds) {
        if !matches!(kind, HighlightKind::Restored | HighlightKind::Alias) {
            continue;
        }
        let written: String = text.get(*start..*end).unwrap_or_default().iter().collect();
        let how = match kind {
            HighlightKind::Restored => language.pick("还原", "restored"),
            _ => language.pick("别名", "another name"),
        };
        let written = say!(language, "{}（{how}）", "{} ({how})", clean(&written));
        if !named.contains(&written) && named.len() < NAMED {
            named.push(written);
        }
    }
    named.join(language.pick("、", ", "))
}

/// Returns how near copies differ: `7 处数字不同，5 处文字有出入`; empty where they do not.
pub(super) fn differs(differs: &Differs, language: Language) -> String {
    let mut parts = Vec::new();
    if differs.figures > 0 {
        let count = grouped(differs.figures);
        parts.push(say!(
            language,
            "{count} 处数字不同",
            "{count} with other figures"
        ));
    }
    if differs.wording > 0 {
        let count = grouped(differs.wording);
        parts.push(say!(
            language,
            "{count} 处文字有出入",
            "{count} with other words"
        ));
    }
    parts.join(language.pick("，", ", "))
}
