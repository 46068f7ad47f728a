//! Other names of what is sought: synonyms, the names in the authority file, other spellings of
//! numbers.

use super::{Alias, Form};
use crate::analyze::{Analyzer, strip_blanks};
use crate::model::Note;
use crate::schema::Schema;

/// Returns the other names of a text, in the order of the schema; empty if it has none.
///
/// The whole text must be a name: 卫健委 has other names, 县卫健委 has not.
pub(super) fn aliases(text: &str, analyzer: &Analyzer, schema: &Schema) -> Vec<Alias> {
    let fold = |name: &str| strip_blanks(&analyzer.fold(name));
    let folded = fold(text);
    let mut aliases: Vec<Alias> = Vec::new();
    let mut add = |name: &str, as_word: bool, until: Option<i32>| {
        let form = Form::plain(fold(name));
        // What the segmenter cuts in two has no word of its own, and is long enough to be plain.
        let as_word = as_word && analyzer.words(name).len() == 1;
        if !form.head.is_empty()
            && form.head != folded
            && !aliases.iter().any(|known| known.form == form)
        {
            aliases.push(Alias {
                name: name.to_owned(),
                form,
                as_word,
                until,
            });
        }
    };
    for written in [text.trim(), folded.as_str(), &folded.to_uppercase()] {
        if let Some(group) = schema.synonyms.group(written) {
            for name in &group.terms {
                add(name, group.words_only, group.until);
            }
        }
        if let Some(known) = schema.agencies.named(written) {
            add(known.name, false, None);
            // 卫生健康委 for 卫生健康委员会: the authority file leaves this short form out.
            if let Some(stem) = known.name.strip_suffix("员会")
                && stem.ends_with('委')
            {
                add(stem, false, None);
            }
            let same = |form: &str| {
                !form.starts_with("国家")
                    && schema
                        .agencies
                        .named(form)
                        .is_some_and(|other| other.name == known.name)
            };
            for form in known.agency.short.iter().filter(|form| same(form)) {
                add(form, false, None);
            }
            for (form, until) in known.agency.former.iter().filter(|(form, _)| same(form)) {
                add(form, false, Some(*until));
            }
        }
    }
    if let Some(number) = respelt(&folded) {
        add(&number, false, None);
    }
    aliases
}

/// Says what else is searched.
pub(super) fn note(text: &str, aliases: &[Alias]) -> Option<Note> {
    if aliases.is_empty() {
        return None;
    }
    let named = |dated: &dyn Fn(i32) -> String, comma: &str| {
        let names: Vec<String> = aliases
            .iter()
            .map(|alias| match alias.until {
                Some(year) => format!("{}{}", alias.name, dated(year)),
                None => alias.name.clone(),
            })
            .collect();
        names.join(comma)
    };
    let zh = named(&|year| format!("（{year} 年及以前）"), "、");
    let en = named(&|year| format!(" (up to {year})"), ", ");
    Some(Note {
        zh: format!("「{text}」也检索：{zh}"),
        en: format!("{text} also searched as: {en}"),
    })
}

/// Returns a text with its numbers spelt the other way: `1600` as `1,600` and back; `None` if it
/// holds no such number.
fn respelt(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    let mut changed = false;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let end = number
            .find(|character: char| !(character.is_ascii_digit() || character == ','))
            .unwrap_or(number.len());
        let number = number[..end].trim_end_matches(',');
        let after = &rest[start + number.len()..];
        out.push_str(before);
        // Behind a decimal point nothing is grouped, and 2023年 is no quantity.
        let grouped = match before.ends_with('.') || after.starts_with('年') {
            true => None,
            false => grouping(number),
        };
        changed |= grouped.is_some();
        out.push_str(grouped.as_deref().unwrap_or(number));
        rest = after;
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// Adds commas to a number of four digits or more, or takes them out of a well-grouped one.
fn grouping(number: &str) -> Option<String> {
    let groups: Vec<&str> = number.split(',').collect();
    match groups.as_slice() {
        [digits] if digits.len() >= 4 && !digits.starts_with('0') => {
            let first = digits.len() % 3;
            let mut out = digits[..first].to_owned();
            for at in (first..digits.len()).step_by(3) {
                if !out.is_empty() {
                    out.push(',');
                }
                out.push_str(&digits[at..at + 3]);
            }
            Some(out)
        }
        [first, rest @ ..]
            if !rest.is_empty()
                && (1..=3).contains(&first.len())
                && rest.iter().all(|group| group.len() == 3) =>
        {
            Some(groups.concat())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spelt_both_ways() {
        let check = |text: &str, other: Option<&str>| {
            assert_eq!(respelt(text).as_deref(), other, "{text}");
        };
        check("1600", Some("1,600"));
        check("1,600", Some("1600"));
        check("新增就业12345人", Some("新增就业12,345人"));
        check("1,234,567.25元", Some("1234567.25元"));
        check("2023年", None);
        check("2023年1600户", Some("2023年1,600户"));
        check("90.6412%", None);
        check("1,60", None);
        check("160", None);
        check("0571", None);
    }
}
