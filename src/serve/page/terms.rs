//! A query → the concepts that are counted: its words, without operators and fields.

use crate::error::Result;
use crate::model::{Concept, FacetField};
use crate::typed;

/// Most concepts of a chart: more cannot be told apart.
const MOST: usize = 8;
/// What stands between words of a query and is none.
const OPERATORS: &[&str] = &["AND", "OR", "NOT", "与", "或", "非", "同句", "同段"];

/// Reads the concepts of a query: what blanks, commas and brackets set apart, quotes kept together;
/// `养老|托育` counts as one.
///
/// # Errors
/// If one of them cannot be read.
pub(super) fn read(query: &str) -> Result<Vec<Concept>> {
    let mut concepts: Vec<Concept> = Vec::new();
    for word in words(query) {
        let concept = typed::concept(&word)?;
        if concepts.len() < MOST && !concepts.contains(&concept) {
            concepts.push(concept);
        }
    }
    Ok(concepts)
}

fn words(query: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut closing = None;
    for character in query.chars() {
        let parts = character.is_whitespace() || "，,、;；()（）".contains(character);
        match (closing, character) {
            (Some(end), _) if character == end => closing = None,
            (Some(_), _) => {}
            (None, '“') => closing = Some('”'),
            (None, '「') => closing = Some('」'),
            (None, '"' | '＂') => closing = Some(character),
            (None, _) if parts => {
                words.push(String::new());
                continue;
            }
            (None, _) => {}
        }
        if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    words.retain(|word| is_word(word));
    words
}

fn is_word(word: &str) -> bool {
    let name = word.split([':', '：']).next().unwrap_or("");
    let is_field = name.len() < word.len()
        && (FacetField::parse(name).is_some()
            || ["title", "heading", "section", "report", "标题", "小标题"].contains(&name));
    let is_operator = OPERATORS.contains(&word) || word.starts_with("NEAR/");
    // A sign without a word, or one that leaves the word out.
    let is_left_out = word.starts_with(['-', '－', '!', '！']);
    let has_letters = word.chars().any(char::is_alphanumeric);
    has_letters && !is_field && !is_operator && !is_left_out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_queries() {
        for (query, expected) in [
            ("", ""),
            ("乡村振兴", "乡村振兴"),
            ("乡村振兴　教育，养老|托育", "乡村振兴/教育/养老|托育"),
            ("“高质量 发展” AND 部分：存在问题 非 -改革", "“高质量 发展”"),
            ("（养老 OR 托育） 年份：2019..2022", "养老/托育"),
        ] {
            assert_eq!(words(query).join("/"), expected);
        }
        let names: Vec<_> = read("环保:环保|环境保护 党建 党建").unwrap();
        assert_eq!(names.len(), 2, "{names:?}");
    }
}
