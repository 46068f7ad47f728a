//! What matched in a passage → spans of its characters as written.

use crate::analyze::Analyzer;
use crate::model::CharSpan;
use crate::plan::{Plan, Target};

/// Finds what matched in a text: verbatim forms where they stand, words where they do not.
///
/// Spans are in characters of `text`, sorted, without overlap; each cut out of `text` and folded
/// gives what was asked for.
pub fn highlights(text: &str, plan: &Plan, analyzer: &Analyzer) -> Vec<CharSpan> {
    let mapped = analyzer.fold_mapped(text);
    let dense = mapped.without_blanks();
    let mut found: Vec<CharSpan> = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    for leaf in plan
        .leaves
        .iter()
        .filter(|leaf| leaf.ranked && leaf.target == Target::Passage)
    {
        let before = found.len();
        if leaf.verbatim {
            for form in &leaf.forms {
                let form: Vec<char> = form.chars().collect();
                occurrences(&dense.chars, &form, |start, end| {
                    found.push(CharSpan::new(
                        dense.spans[start].start,
                        dense.spans[end - 1].end,
                    ));
                });
            }
        }
        if found.len() == before {
            words.extend(leaf.words.iter().map(String::as_str));
        }
    }
    if !words.is_empty() {
        let folded = mapped.text();
        let mut at_char = 0;
        let mut at_byte = 0;
        for range in analyzer.word_ranges(&folded) {
            at_char += folded[at_byte..range.start].chars().count();
            at_byte = range.start;
            if words.contains(&&folded[range.clone()]) {
                let length = folded[range].chars().count();
                found.push(CharSpan::new(
                    mapped.spans[at_char].start,
                    mapped.spans[at_char + length - 1].end,
                ));
            }
        }
    }
    merged(found)
}

/// Calls `each` with every occurrence of `form`, overlapping ones included.
fn occurrences(chars: &[char], form: &[char], mut each: impl FnMut(usize, usize)) {
    if form.is_empty() || form.len() > chars.len() {
        return;
    }
    for start in 0..=chars.len() - form.len() {
        if chars[start] == form[0] && chars[start..start + form.len()] == *form {
            each(start, start + form.len());
        }
    }
}

/// Sorts spans and joins those that overlap.
fn merged(mut spans: Vec<CharSpan>) -> Vec<CharSpan> {
    spans.sort_unstable();
    let mut merged: Vec<CharSpan> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Matching;
    use crate::schema::Schema;

    fn check(query: &str, text: &str, marked: &str) {
        let schema = Schema::embedded().unwrap();
        let analyzer = Analyzer::new(&schema);
        let tree = crate::query::parse(query).unwrap();
        let plan = crate::plan::plan(&tree, Matching::Auto, false, &analyzer, &schema).unwrap();
        let spans = highlights(text, &plan, &analyzer);
        let mut shown = String::new();
        for (index, character) in text.chars().enumerate() {
            if spans.iter().any(|span| span.start == index) {
                shown.push('[');
            }
            shown.push(character);
            if spans.iter().any(|span| span.end == index + 1) {
                shown.push(']');
            }
        }
        assert_eq!(shown, marked, "{query}");
    }

    #[test]
    fn marks_the_characters_as_written() {
        check("党建", "坚持D建引领。", "坚持[D建]引领。");
        check("2023", "２０２３年", "[２０２３]年");
        check(
            "政府工作",
            "政 府工\u{3000}作报告",
            "[政 府工\u{3000}作]报告",
        );
        check(
            "全面推进乡村振兴",
            "推进、全面，乡村振兴",
            "[推进]、[全面]，[乡村振兴]",
        );
        check("教育 -疫情", "教育和疫情", "[教育]和疫情");
        check("哈哈", "哈哈哈", "[哈哈哈]");
    }
}
