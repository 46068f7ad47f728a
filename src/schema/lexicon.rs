//! `lexicon.tsv`: terms of government reports that the segmenter's own dictionary lacks.

use super::Files;
use super::files::{broken, tab_separated};
use crate::error::Result;

pub(super) const FILE: &str = "lexicon.tsv";

/// Terms with the frequency under which the segmenter keeps them whole.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    terms: Vec<(String, u64)>,
}

impl Lexicon {
    /// Reads and checks the terms.
    ///
    /// # Errors
    /// If a line lacks a positive frequency (a word without one is never chosen), or the terms are
    /// not sorted and unique.
    pub(crate) fn load(files: &Files) -> Result<Self> {
        let terms = terms(FILE, files.get(FILE))?;
        Ok(Lexicon { terms })
    }

    /// Returns the terms with their frequencies, sorted by term.
    pub fn terms(&self) -> &[(String, u64)] {
        &self.terms
    }
}

/// Reads and checks terms with their frequencies.
pub(super) fn terms(file: &str, text: &str) -> Result<Vec<(String, u64)>> {
    let mut terms: Vec<(String, u64)> = Vec::new();
    for (line, columns) in tab_separated(text) {
        let frequency = columns
            .get(1)
            .and_then(|text| text.parse().ok())
            .unwrap_or(0);
        if frequency == 0 || columns[0].is_empty() {
            return Err(broken(
                file,
                &format!("line {line}: want a term and its frequency"),
            ));
        }
        if terms
            .last()
            .is_some_and(|(last, _)| last.as_str() >= columns[0])
        {
            return Err(broken(
                file,
                &format!("line {line}: not sorted or repeated"),
            ));
        }
        terms.push((columns[0].to_owned(), frequency));
    }
    Ok(terms)
}
