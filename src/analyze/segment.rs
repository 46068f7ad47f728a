//! Folded text → words.
//!
//! Invariant: the hidden Markov model stays off: with it a word's cut depends on its neighbours,
//! and index and query are cut in different company.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use jieba_rs::Jieba;

use crate::schema::{Lexicon, Schema};

/// Version of the segmenter crate, part of the index fingerprint: upgrades change tokens.
pub(crate) const SEGMENTER: &str = "jieba-rs 0.11, default dictionary, HMM off";

/// Cuts folded text into words with one shared dictionary.
///
/// Cheap to clone. The dictionary is loaded at the first cut: verbatim work never needs it.
#[derive(Clone)]
pub struct Segmenter {
    shared: Arc<Shared>,
}

struct Shared {
    lexicon: Lexicon,
    dictionary: OnceLock<Jieba>,
}

impl std::fmt::Debug for Segmenter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Segmenter").finish_non_exhaustive()
    }
}

impl Segmenter {
    /// Makes a segmenter with the default dictionary and the schema's lexicon.
    pub fn new(schema: &Schema) -> Self {
        Segmenter {
            shared: Arc::new(Shared {
                lexicon: schema.lexicon.clone(),
                dictionary: OnceLock::new(),
            }),
        }
    }

    /// Returns the byte ranges of the words of a folded text, in order; punctuation is no word.
    pub fn words(&self, folded: &str) -> Vec<Range<usize>> {
        self.dictionary()
            .cut(folded, false)
            .into_iter()
            .filter(|token| token.word.chars().any(super::is_letter))
            .map(|token| token.byte_start..token.byte_end)
            .collect()
    }

    fn dictionary(&self) -> &Jieba {
        self.shared.dictionary.get_or_init(|| {
            let mut jieba = Jieba::new();
            for (term, frequency) in self.shared.lexicon.terms() {
                jieba.add_word(term, Some(*frequency), None);
            }
            jieba
        })
    }
}
