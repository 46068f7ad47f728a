//! `function_words.tsv`: words that say little about what is sought.

use std::collections::BTreeMap;

use super::Files;
use super::files::{broken, tab_separated};
use crate::error::Result;

const FILE: &str = "function_words.tsv";

/// Words that ask or join; they count for little where most of the words are enough.
#[derive(Debug, Clone, Default)]
pub struct FunctionWords {
    /// For each word, whether it asks.
    words: BTreeMap<String, bool>,
}

impl FunctionWords {
    /// Reads and checks the words.
    ///
    /// # Errors
    /// If a line is no word with its kind, or the words are not sorted and unique.
    pub(crate) fn load(files: &Files) -> Result<Self> {
        let mut words: BTreeMap<String, bool> = BTreeMap::new();
        for (line, columns) in tab_separated(files.get(FILE)) {
            let (word, asks) = match columns.as_slice() {
                [word, "ask"] => (*word, true),
                [word, "fill"] => (*word, false),
                _ => {
                    return Err(broken(
                        FILE,
                        &format!("line {line}: want a word, ask or fill"),
                    ));
                }
            };
            if words
                .last_key_value()
                .is_some_and(|(last, _)| last.as_str() >= word)
            {
                return Err(broken(
                    FILE,
                    &format!("line {line}: not sorted or repeated"),
                ));
            }
            words.insert(word.to_owned(), asks);
        }
        Ok(FunctionWords { words })
    }

    /// Returns whether a folded word says little.
    pub fn contains(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// Returns whether a folded word asks.
    pub fn asks(&self, word: &str) -> bool {
        self.words.get(word).copied().unwrap_or(false)
    }
}
