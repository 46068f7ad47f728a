//! `dictionary.tsv` and `lexicon.tsv` → the automaton of the segmenter's words.
//!
//! That of the embedded files is embedded as well: `build.rs` makes it, and nothing is read or
//! built at start.

use std::borrow::Cow;
use std::sync::Arc;

use super::Files;
use super::automaton::Automaton;
use super::files::broken;
use super::lexicon::{self, Lexicon};
use crate::error::Result;

const FILE: &str = "dictionary.tsv";

/// The segmenter's words with their frequencies; cheap to clone.
#[derive(Debug, Clone)]
pub struct Dictionary {
    automaton: Arc<Automaton>,
}

macro_rules! embedded {
    ($name:literal) => {
        Cow::Borrowed(include_bytes!(concat!(env!("OUT_DIR"), "/", $name)))
    };
}

impl Dictionary {
    /// Takes the embedded words, or reads and checks those that stand in their stead. A term of the
    /// lexicon replaces a word of the dictionary.
    ///
    /// # Errors
    /// If a line of the dictionary lacks a positive frequency, the words are not sorted and unique,
    /// or they are more than the automaton holds.
    pub(crate) fn load(files: &Files, lexicon: &Lexicon) -> Result<Self> {
        let automaton = if files.is_embedded(FILE) && files.is_embedded(lexicon::FILE) {
            Automaton {
                codes: embedded!("codes.bin"),
                nodes: embedded!("nodes.bin"),
                frequencies: embedded!("frequencies.bin"),
            }
        } else {
            let words = lexicon::terms(FILE, files.get(FILE))?;
            let entries = words.iter().chain(lexicon.terms());
            let entries = entries.map(|(word, frequency)| (word.as_str(), *frequency));
            Automaton::build(entries).map_err(|what| broken(FILE, what))?
        };
        Ok(Dictionary {
            automaton: Arc::new(automaton),
        })
    }

    /// Returns the embedded words with their frequencies, sorted by word, without the lexicon's.
    ///
    /// # Errors
    /// If the embedded file breaks its rules, which the tests rule out.
    pub(crate) fn embedded_words() -> Result<Vec<(String, u64)>> {
        lexicon::terms(FILE, Files::embedded().get(FILE))
    }

    /// Returns the automaton of the words.
    pub(crate) fn automaton(&self) -> &Automaton {
        &self.automaton
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_automaton_is_that_of_the_embedded_files() {
        let files = Files::embedded();
        let lexicon = Lexicon::load(&files).unwrap();
        let embedded = Dictionary::load(&files, &lexicon).unwrap();
        let words = lexicon::terms(FILE, files.get(FILE)).unwrap();
        let entries = words.iter().chain(lexicon.terms());
        let built = Automaton::build(entries.map(|(word, count)| (word.as_str(), *count)));
        assert_eq!(*embedded.automaton, built.unwrap());
    }
}
