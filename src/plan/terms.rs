//! A question → the terms by which passages are ranked, each with how much it counts.
//!
//! Every character counts as much as its word does: little in a function word (什么, 的), in full
//! elsewhere. A pair of characters counts as its two characters do on average.

use crate::analyze::{Analyzer, is_letter};
use crate::schema::Schema;

/// Terms of one text, each once and in reading order, with how much they count; repeated ones count
/// as often as they stand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Terms {
    /// Words.
    pub words: Vec<(String, f32)>,
    /// Pairs of letters that stand side by side.
    pub bigrams: Vec<(String, f32)>,
    /// Single letters.
    pub letters: Vec<(String, f32)>,
}

/// Returns the terms of a text.
pub(super) fn terms(text: &str, analyzer: &Analyzer, schema: &Schema) -> Terms {
    let folded = analyzer.fold(text);
    let mut terms = Terms::default();
    // The characters with how much each counts; those of no word are punctuation and blanks.
    let mut counted: Vec<(char, f32)> = Vec::new();
    let mut end = 0;
    let rest = |from: &str| {
        from.chars()
            .map(|character| (character, 1.0))
            .collect::<Vec<_>>()
    };
    for range in analyzer.word_ranges(&folded) {
        let word = &folded[range.clone()];
        let counts = match schema.function_words.contains(word) {
            true => schema.ranking.function_word,
            false => 1.0,
        };
        add(&mut terms.words, word, counts);
        counted.extend(rest(&folded[end..range.start]));
        counted.extend(word.chars().map(|character| (character, counts)));
        end = range.end;
    }
    counted.extend(rest(&folded[end..]));
    counted.retain(|(character, _)| *character != ' ');
    for pair in counted.windows(2) {
        if let [(first, one), (second, two)] = pair
            && is_letter(*first)
            && is_letter(*second)
        {
            let text: String = [*first, *second].iter().collect();
            add(&mut terms.bigrams, &text, (one + two) / 2.0);
        }
    }
    for (character, counts) in counted {
        if is_letter(character) {
            add(
                &mut terms.letters,
                character.encode_utf8(&mut [0; 4]),
                counts,
            );
        }
    }
    terms
}

fn add(terms: &mut Vec<(String, f32)>, text: &str, counts: f32) {
    match terms.iter_mut().find(|(known, _)| known == text) {
        Some((_, sum)) => *sum += counts,
        None => terms.push((text.to_owned(), counts)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_count_for_little() {
        let schema = Schema::embedded().unwrap();
        let analyzer = Analyzer::new(&schema);
        let terms = terms("什么是低保？低保", &analyzer, &schema);
        let little = schema.ranking.function_word;
        let owned = |list: &[(&str, f32)]| -> Vec<(String, f32)> {
            list.iter()
                .map(|(text, counts)| ((*text).to_owned(), *counts))
                .collect()
        };
        assert_eq!(
            terms.words,
            owned(&[("什么", little), ("是", little), ("低保", 2.0)])
        );
        assert_eq!(
            terms.bigrams,
            owned(&[
                ("什么", little),
                ("么是", little),
                ("是低", (little + 1.0) / 2.0),
                ("低保", 2.0),
            ])
        );
        assert_eq!(terms.letters.len(), 5);
    }
}
