//! Places in bulk → documents with how many places lie in each.

use tantivy::DocId;

use super::texts::Texts;

/// Documents in ascending order, each with how often something stands there: at least once.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    pub(crate) docs: Vec<DocId>,
    /// For each of them.
    pub(crate) counts: Vec<u32>,
}

impl Counted {
    /// Begins with none, with room for some.
    fn with_capacity(documents: usize) -> Self {
        Counted {
            docs: Vec::with_capacity(documents),
            counts: Vec::with_capacity(documents),
        }
    }

    /// Adds a document behind those before.
    #[inline]
    pub(crate) fn push(&mut self, document: DocId, count: u32) {
        self.docs.push(document);
        self.counts.push(count);
    }

    /// Adds documents behind those before.
    pub(crate) fn extend(&mut self, docs: &[DocId], counts: &[u32]) {
        self.docs.extend_from_slice(docs);
        self.counts.extend_from_slice(counts);
    }

    /// Returns the documents of both, with the sums of their counts.
    pub(crate) fn merged(self, other: Self) -> Self {
        if other.docs.is_empty() {
            return self;
        }
        if self.docs.is_empty() {
            return other;
        }
        let mut merged = Counted::with_capacity(self.docs.len() + other.docs.len());
        let mut first = 0;
        for (&doc, &count) in other.docs.iter().zip(&other.counts) {
            // Of a list of a few, most of the other lies between two.
            let before = self.docs[first..].iter().take_while(|own| **own < doc);
            let end = first + before.count();
            merged.extend(&self.docs[first..end], &self.counts[first..end]);
            let both = self.docs.get(end) == Some(&doc);
            let own = if both { self.counts[end] } else { 0 };
            merged.push(doc, own + count);
            first = end + usize::from(both);
        }
        merged.extend(&self.docs[first..], &self.counts[first..]);
        merged
    }
}

/// Places that are counted together.
const CHUNK: usize = 128;

/// Counts ascending places by document, as they come.
pub(crate) struct Counting<'a> {
    texts: &'a Texts,
    counted: Counted,
}

impl<'a> Counting<'a> {
    /// Begins with none, with room for so many documents.
    pub(crate) fn new(texts: &'a Texts, most: u32) -> Self {
        let most = most.min(texts.documents()) as usize;
        Counting {
            texts,
            counted: Counted::with_capacity(most),
        }
    }

    /// Adds places behind those before.
    ///
    /// Without a branch for each place: whether it lies in the document of the one before is
    /// anybody's guess.
    pub(crate) fn add(&mut self, places: &[u32]) {
        for places in places.chunks(CHUNK) {
            // The last document may go on.
            let last = self.counted.docs.pop().zip(self.counted.counts.pop());
            let mut docs = [0; CHUNK + 1];
            let mut counts = [0; CHUNK + 1];
            (docs[0], counts[0]) = last.unwrap_or_default();
            let (mut document, mut at) = (docs[0], 0);
            for &place in places {
                let before = document;
                document = self.texts.document(place, document);
                at += usize::from(document != before);
                docs[at] = document;
                counts[at] += 1;
            }
            // What began at the first document began nowhere.
            let first = usize::from(counts[0] == 0);
            self.counted.extend(&docs[first..=at], &counts[first..=at]);
        }
    }

    /// Returns what was counted.
    pub(crate) fn finish(self) -> Counted {
        self.counted
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn merging_adds_up(
            one in prop::collection::btree_map(0..40_u32, 1..9_u32, 0..30),
            other in prop::collection::btree_map(0..40_u32, 1..9_u32, 0..30),
        ) {
            let counted = |map: &BTreeMap<u32, u32>| Counted {
                docs: map.keys().copied().collect(),
                counts: map.values().copied().collect(),
            };
            let merged = counted(&one).merged(counted(&other));
            let mut sums = one;
            for (document, count) in other {
                *sums.entry(document).or_default() += count;
            }
            let expected = counted(&sums);
            prop_assert_eq!((merged.docs, merged.counts), (expected.docs, expected.counts));
        }
    }
}
