//! Ascending places → documents, each with its places.

use std::sync::Arc;

use tantivy::postings::Postings;
use tantivy::{DocId, DocSet, TERMINATED};

use super::counted::Counted;
use super::list::{Ascending, END, Places};
use super::texts::Texts;

/// The documents in which places lie; deleted ones are among them.
#[derive(Debug)]
pub(crate) struct Documents<P> {
    texts: Arc<Texts>,
    /// Behind the places of the current document.
    places: P,
    document: DocId,
    /// Places in the current document, from its start.
    own: Vec<u32>,
}

impl<P: Ascending> Documents<P> {
    /// Goes through the documents of places.
    pub(crate) fn new(texts: Arc<Texts>, places: P) -> Self {
        let mut documents = Documents {
            texts,
            places,
            document: 0,
            own: Vec::new(),
        };
        documents.settle();
        documents
    }

    /// Returns the places in the current document, in characters from its start.
    pub(crate) fn own(&self) -> &[u32] {
        &self.own
    }

    /// Takes the document of the next place.
    #[inline]
    fn settle(&mut self) -> DocId {
        self.own.clear();
        let mut place = self.places.place();
        if place == END {
            self.document = TERMINATED;
            return TERMINATED;
        }
        let document = self.texts.document(place, self.document);
        let (start, end) = (self.texts.start(document), self.texts.start(document + 1));
        loop {
            self.own.push(place.wrapping_sub(start));
            place = self.places.advance();
            if place >= end {
                break;
            }
        }
        self.document = document;
        document
    }
}

impl<P: Ascending + Send> DocSet for Documents<P> {
    #[inline]
    fn advance(&mut self) -> DocId {
        self.settle()
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        if self.document >= target {
            return self.document;
        }
        self.places.seek(self.texts.start(target));
        // Once, unless the list is damaged.
        while self.settle() < target {}
        self.document
    }

    #[inline]
    fn doc(&self) -> DocId {
        self.document
    }

    fn size_hint(&self) -> u32 {
        self.places.most()
    }
}

impl<P: Ascending + Send + 'static> Postings for Documents<P> {
    #[inline]
    fn term_freq(&self) -> u32 {
        self.own.len() as u32
    }

    fn append_positions_with_offset(&mut self, offset: u32, output: &mut Vec<u32>) {
        output.extend(self.own.iter().map(|place| place + offset));
    }
}

/// The documents that hold a character or a word, with how often; deleted ones are among them.
#[derive(Debug)]
pub(crate) struct CountedDocuments {
    documents: Places,
    /// How often beyond once in each it stands in the documents up to the current one; `None` if
    /// never.
    counts: Option<Places>,
    /// The same of those before.
    before: u32,
}

impl CountedDocuments {
    pub(in crate::index) fn new(documents: Places, counts: Option<Places>) -> Self {
        CountedDocuments {
            documents,
            counts,
            before: 0,
        }
    }

    /// Appends some documents from the current one on, and moves on behind them; none at the end.
    pub(crate) fn fill(&mut self, counted: &mut Counted) {
        let known = counted.docs.len();
        self.documents.fill(&mut counted.docs);
        let Some(counts) = &mut self.counts else {
            counted.counts.resize(counted.docs.len(), 1);
            return;
        };
        counts.fill(&mut counted.counts);
        // Two lists of as many numbers, unless they are damaged.
        counted.counts.resize(counted.docs.len(), 0);
        for count in counted.counts.iter_mut().skip(known) {
            let upto = std::mem::replace(&mut self.before, *count);
            *count = count.wrapping_sub(upto).wrapping_add(1);
        }
    }
}

impl DocSet for CountedDocuments {
    #[inline]
    fn advance(&mut self) -> DocId {
        if let Some(counts) = &mut self.counts {
            self.before = counts.place();
            counts.advance();
        }
        self.documents.advance();
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            self.documents.seek(target);
            if let Some(counts) = &mut self.counts
                && let Some(last) = self.documents.index().checked_sub(1)
                && self.documents.place() != END
            {
                self.before = counts.go(last);
                counts.advance();
            }
        }
        self.doc()
    }

    #[inline]
    fn doc(&self) -> DocId {
        // What stands behind the last place is above what stands behind the last document.
        self.documents.place().min(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        self.documents.most()
    }
}

impl Postings for CountedDocuments {
    #[inline]
    fn term_freq(&self) -> u32 {
        match &self.counts {
            Some(counts) => counts.place().wrapping_sub(self.before).wrapping_add(1),
            None => 1,
        }
    }

    fn append_positions_with_offset(&mut self, _offset: u32, _output: &mut Vec<u32>) {}
}
