//! The contract of collocates: a [`CollocatesRequest`] → a [`CollocatesResponse`].
//!
//! Invariant: plain data; another engine can answer the same requests.

use serde::{Deserialize, Serialize};

use super::{Concept, Copies, Filter, Note, Slice, Stamp};

/// How far around an occurrence words count; never beyond its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Window {
    /// So many words on each side.
    Words(usize),
    /// Words that lie within so many characters on each side, punctuation counted, blanks not.
    Characters(usize),
}

/// By what collocates are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Association {
    /// Log-likelihood ratio (Dunning 1993): how sure it is that word and node go together.
    #[default]
    #[serde(rename = "log-likelihood")]
    LogLikelihood,
    /// Mutual information (Church and Hanks 1990): how much more often than expected; favours rare
    /// words.
    #[serde(rename = "mi")]
    MutualInformation,
    /// logDice (Rychlý 2008): how exclusively; does not hang on the size of the corpus.
    #[serde(rename = "log-dice")]
    LogDice,
}

/// Whose neighbours are sought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CollocatesRequest {
    /// The node: words of which each occurrence counts, verbatim.
    pub node: Concept,
    /// Facet filters: the corpus.
    pub filters: Vec<Filter>,
    /// How near copies count.
    pub copies: Copies,
    /// How far words count.
    pub window: Window,
    /// By what words are ranked; ties by the word.
    pub measure: Association,
    /// Fewest occurrences in windows.
    pub least: u64,
    /// Whether single characters, figures and function words count as well.
    pub all_words: bool,
    /// At most so many words.
    pub limit: usize,
    /// The day that the stamp shall name instead of that of the index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

impl Default for CollocatesRequest {
    fn default() -> Self {
        CollocatesRequest {
            node: Concept::default(),
            filters: Vec::new(),
            copies: Copies::Once,
            window: Window::Words(5),
            measure: Association::default(),
            least: 5,
            all_words: false,
            limit: 50,
            date: None,
        }
    }
}

/// A word that goes with the node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Collocate {
    /// The word, folded.
    pub word: String,
    /// Occurrences in windows.
    pub together: u64,
    /// Those of them that stand left of the node; one between two nodes counts to the nearer, of two
    /// as near to the one before it.
    pub left: u64,
    /// Those that stand right of it.
    pub right: u64,
    /// Occurrences in the corpus, those that are parts of the node left out.
    pub corpus: u64,
    /// Occurrences that windows would hold by chance.
    pub expected: f64,
    /// Log-likelihood ratio of the table.
    pub log_likelihood: f64,
    /// Mutual information of the table.
    pub mutual_information: f64,
    /// logDice of the occurrences in windows, of the node and of the word.
    pub log_dice: f64,
}

/// The collocates of a node.
///
/// The table of a word has four numbers: its occurrences in windows (`together`), the words of all
/// windows (`window_words`), its occurrences in the corpus (`corpus`), the words of the corpus
/// (`corpus.words` without `node_words`). A word that stands in the windows of two occurrences counts
/// once (S. Evert, Corpora and collocations, in: Corpus Linguistics, 2008).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CollocatesResponse {
    /// From what and how.
    pub stamp: Stamp,
    /// Remarks for the reader.
    pub notes: Vec<Note>,
    /// The node as it was read.
    pub node: Concept,
    /// The corpus.
    pub corpus: Slice,
    /// Occurrences of the node.
    pub occurrences: u64,
    /// Passages that hold one.
    pub passages: u64,
    /// Words that are the node or parts of it.
    pub node_words: u64,
    /// Words that stand in windows.
    pub window_words: u64,
    /// How many words pass the bounds.
    pub found: u64,
    /// The words, best first.
    pub words: Vec<Collocate>,
}
