//! Ascending places → documents, each with its places.

use std::sync::Arc;

use tantivy::postings::Postings;
use tantivy::{DocId, DocSet, TERMINATED};

use super::file::Texts;
use super::list::{Ascending, END};

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
