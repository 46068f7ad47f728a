//! Other names of what is sought: synonyms, the names in the authority file, other spellings of
//! numbers.

use super::{Alias, Form, numbers};
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
    for spelling in numbers::spellings(&folded) {
        add(&spelling, false, None);
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
