//! `lexicon.tsv`: terms of government reports that the segmenter's own dictionary lacks.

use super::Files;
use super::files::{broken, tab_separated};
use crate::error::Result;

const FILE: &str = "lexicon.tsv";

/// Terms with the frequency under which the segmenter keeps them whole.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    terms: Vec<(String, usize)>,
}

impl Lexicon {
    /// Reads and checks the terms.
    ///
    /// # Errors
    /// If a line lacks a positive frequency (a word without one is never chosen), or the terms are
    /// not sorted and unique.
    pub(crate) fn load(files: &Files) -> Result<Self> {
        let mut terms: Vec<(String, usize)> = Vec::new();
        for (line, columns) in tab_separated(files.get(FILE)) {
            let frequency = columns
                .get(1)
                .and_then(|text| text.parse().ok())
                .unwrap_or(0);
            if frequency == 0 || columns[0].is_empty() {
                return Err(broken(
                    FILE,
                    &format!("line {line}: want a term and its frequency"),
                ));
            }
            if terms
                .last()
                .is_some_and(|(last, _)| last.as_str() >= columns[0])
            {
                return Err(broken(
                    FILE,
                    &format!("line {line}: not sorted or repeated"),
                ));
            }
            terms.push((columns[0].to_owned(), frequency));
        }
        Ok(Lexicon { terms })
    }

    /// Returns the terms with their frequencies, sorted by term.
    pub fn terms(&self) -> &[(String, usize)] {
        &self.terms
    }
}
