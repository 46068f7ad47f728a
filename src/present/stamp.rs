//! A [`Stamp`] → lines with a label: the head of tables on screen and in CSV, a sheet of workbooks.

use super::grouped;
use crate::model::{Copies, FacetField, Filter, Language, Stamp};
use crate::say;

/// Returns what a stamp says, each with its label; what is empty is left out.
pub fn lines(stamp: &Stamp, language: Language) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        (
            language.pick("出处", "made by"),
            format!("{} {}", stamp.program, stamp.command),
        ),
        (language.pick("日期", "date"), stamp.date.clone()),
        (
            language.pick("索引", "index"),
            say!(
                language,
                "{}，规则 {}，内容 {}",
                "{}, rules {}, content {}",
                passages(stamp.index.passages, language),
                stamp.index.fingerprint,
                stamp.content
            ),
        ),
        (
            language.pick("相近段落", "near copies"),
            copies(stamp.copies, language).to_owned(),
        ),
        (language.pick("分词", "words"), stamp.segmenter.clone()),
    ];
    if !stamp.terms.is_empty() {
        lines.push((
            language.pick("词语", "terms"),
            stamp.terms.join(language.pick("；", "; ")),
        ));
    }
    if !stamp.filters.is_empty() {
        lines.push((language.pick("筛选", "filters"), filters(stamp, language)));
    }
    if !stamp.options.is_empty() {
        let options: Vec<String> = stamp
            .options
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        lines.push((language.pick("选项", "options"), options.join(" ")));
    }
    lines
}

/// Returns the filters of a stamp; empty if it has none.
pub fn filters(stamp: &Stamp, language: Language) -> String {
    let filters = stamp.filters.iter();
    let filters: Vec<String> = filters
        .map(|filter| self::filter(filter, language))
        .collect();
    filters.join(" ")
}

/// Says how near copies count.
pub fn copies(copies: Copies, language: Language) -> &'static str {
    match copies {
        Copies::Each => language.pick("每段都计", "each counts"),
        Copies::Once => language.pick(
            "每组只计最早的一段",
            "of each group only the earliest counts",
        ),
    }
}

fn passages(passages: u64, language: Language) -> String {
    let passages = grouped(passages);
    say!(language, "{passages} 段", "{passages} passages")
}

fn filter(filter: &Filter, language: Language) -> String {
    let sign = if filter.negated { "≠" } else { "=" };
    let name = name(filter.field, language);
    format!("{name}{sign}{}", filter.value)
}

fn name(field: FacetField, language: Language) -> &'static str {
    language.pick(field.label(), field.name())
}
