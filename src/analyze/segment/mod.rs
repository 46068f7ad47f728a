//! Folded text → words.
//!
//! Words and frequencies are those of `dictionary.tsv` and `lexicon.tsv`.
//!
//! Invariant: the hidden Markov model stays off: with it a word's cut depends on its neighbours,
//! and index and query are cut in different company.

mod route;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use self::route::Router;
pub use self::route::Scratch;
use crate::schema::{Dictionary, Schema};

/// Names the algorithm, part of the index fingerprint; changed by hand when tokens change.
pub(crate) const SEGMENTER: &str = "jieba without its model";

/// Cuts folded text into words with one shared dictionary. Cheap to clone.
#[derive(Clone)]
pub struct Segmenter {
    shared: Arc<Shared>,
}

struct Shared {
    dictionary: Dictionary,
    /// Weighed at the first cut: verbatim work never needs it.
    router: OnceLock<Router>,
}

impl std::fmt::Debug for Segmenter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Segmenter").finish_non_exhaustive()
    }
}

impl Segmenter {
    /// Makes a segmenter with the schema's dictionary and lexicon.
    pub fn new(schema: &Schema) -> Self {
        Segmenter {
            shared: Arc::new(Shared {
                dictionary: schema.dictionary.clone(),
                router: OnceLock::new(),
            }),
        }
    }

    /// Returns the byte ranges of the words of a folded text, in order; punctuation is no word.
    pub fn words(&self, folded: &str) -> Vec<Range<usize>> {
        let mut words = Vec::new();
        self.words_into(folded, &mut Scratch::default(), &mut words);
        words
    }

    /// Puts the byte ranges of the words of a folded text into `words`, in the stead of what it
    /// holds: for many texts, without allocating for each.
    pub fn words_into(&self, folded: &str, scratch: &mut Scratch, words: &mut Vec<Range<usize>>) {
        words.clear();
        self.router().cut(folded, scratch, |token| {
            if token.is_word {
                words.push(token.range);
            }
        });
    }

    /// Returns the byte ranges of all tokens of a text, punctuation and blanks too: they tile it.
    ///
    /// ```
    /// use zhengsou::{analyze::Segmenter, schema::Schema};
    /// let segmenter = Segmenter::new(&Schema::embedded()?);
    /// let text = "全面推进，乡村振兴";
    /// let tokens = segmenter.tokens(text);
    /// let tokens: Vec<&str> = tokens.into_iter().map(|token| &text[token]).collect();
    /// assert_eq!(tokens, ["全面", "推进", "，", "乡村振兴"]);
    /// # Ok::<(), zhengsou::Error>(())
    /// ```
    pub fn tokens(&self, text: &str) -> Vec<Range<usize>> {
        let mut tokens = Vec::new();
        self.tokens_into(text, &mut Scratch::default(), &mut tokens);
        tokens
    }

    /// Puts the byte ranges of all tokens of a text into `tokens`, in the stead of what it holds.
    pub fn tokens_into(&self, text: &str, scratch: &mut Scratch, tokens: &mut Vec<Range<usize>>) {
        tokens.clear();
        self.router()
            .cut(text, scratch, |token| tokens.push(token.range));
    }

    fn router(&self) -> &Router {
        let shared = &*self.shared;
        shared
            .router
            .get_or_init(|| Router::new(shared.dictionary.clone()))
    }
}
