//! Other names of what is sought: synonyms, and the names in the authority file.

use crate::analyze::{Analyzer, strip_blanks};
use crate::schema::Schema;

/// Returns the other names of a text, in the order of the schema; empty if it has none.
///
/// The whole text must be a name: 卫健委 has other names, 县卫健委 has not.
pub(super) fn names(text: &str, analyzer: &Analyzer, schema: &Schema) -> Vec<String> {
    let folded = strip_blanks(&analyzer.fold(text));
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        if strip_blanks(&analyzer.fold(name)) != folded && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    };
    for written in [text.trim(), folded.as_str(), &folded.to_uppercase()] {
        schema
            .synonyms
            .group(written)
            .into_iter()
            .flatten()
            .for_each(|name| add(name));
        if let Some(known) = schema.agencies.named(written) {
            add(known.name);
            // 卫生健康委 for 卫生健康委员会: the authority file leaves this short form out.
            if let Some(stem) = known
                .name
                .strip_suffix("员会")
                .filter(|stem| stem.ends_with('委'))
            {
                add(stem);
            }
            let same = |form: &&String| {
                !form.starts_with("国家")
                    && schema
                        .agencies
                        .named(form)
                        .is_some_and(|other| other.name == known.name)
            };
            known
                .agency
                .short
                .iter()
                .filter(same)
                .for_each(|form| add(form));
        }
    }
    names
}
