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
    /// Adds a document behind those before.
    #[inline]
    pub(crate) fn push(&mut self, document: DocId, count: u32) {
        self.docs.push(document);
        self.counts.push(count);
    }
}

/// Counts ascending places by document, as they come.
pub(crate) struct Counting<'a> {
    texts: &'a Texts,
    counted: Counted,
    document: DocId,
    /// Places in the document so far.
    count: u32,
    /// Where the document ends.
    end: u32,
}

impl<'a> Counting<'a> {
    /// Begins with none.
    pub(crate) fn new(texts: &'a Texts) -> Self {
        Counting {
            texts,
            counted: Counted::default(),
            document: 0,
            count: 0,
            end: 0,
        }
    }

    /// Adds places behind those before; only the numbers of damaged lists may come down again.
    pub(crate) fn add(&mut self, places: &[u32]) {
        let (mut document, mut count, mut end) = (self.document, self.count, self.end);
        for &place in places {
            if place >= end {
                if count > 0 {
                    self.counted.push(document, count);
                    count = 0;
                }
                document = self.texts.document(place, document);
                end = self.texts.start(document + 1);
            }
            count += 1;
        }
        (self.document, self.count, self.end) = (document, count, end);
    }

    /// Returns what was counted.
    pub(crate) fn finish(mut self) -> Counted {
        if self.count > 0 {
            self.counted.push(self.document, self.count);
        }
        self.counted
    }
}
