//! Passages that hold a word.

use tantivy::postings::Postings;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, SegmentReader, TantivyError};

use super::Index;
use crate::cancellation::Cancellation;
use crate::index::Words;
use crate::index::bigrams::{Counted, CountedDocuments};

/// Reads the rest of a list in bulk, unless it is cancelled meanwhile.
pub(super) fn counted(documents: &mut CountedDocuments, cancellation: &Cancellation) -> Counted {
    let mut counted = Counted::default();
    let mut known = None;
    while known != Some(counted.docs.len()) && !cancellation.is_cancelled() {
        known = Some(counted.docs.len());
        documents.fill(&mut counted);
    }
    counted
}

/// Finds the passages that hold a word.
#[derive(Debug, Clone)]
pub(super) struct WordQuery {
    words: Words,
    field: Field,
    word: String,
}

impl WordQuery {
    /// Makes a query for a folded word.
    pub(super) fn new(word: &str, index: &Index<'_>) -> Self {
        WordQuery {
            words: index.words.clone(),
            field: index.fields.words,
            word: word.to_owned(),
        }
    }
}

impl Query for WordQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for WordQuery {
    fn scorer(&self, reader: &SegmentReader, _boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let lexicon = self.words.of(reader, self.field)?;
        Ok(match lexicon.documents_with(&self.word)? {
            Some(documents) => Box::new(WordScorer(documents)),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, _reader: &SegmentReader, _doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(
            "matching has no score".to_owned(),
        ))
    }
}

/// The passages of a segment that hold a word; each scores how often.
struct WordScorer(CountedDocuments);

impl DocSet for WordScorer {
    fn advance(&mut self) -> DocId {
        self.0.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.0.seek(target)
    }

    fn doc(&self) -> DocId {
        self.0.doc()
    }

    fn size_hint(&self) -> u32 {
        self.0.size_hint()
    }
}

impl Scorer for WordScorer {
    fn score(&mut self) -> Score {
        self.0.term_freq() as Score
    }
}
