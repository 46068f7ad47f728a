//! The bigrams of several segments → those of one, without deleted documents.
//!
//! The dictionaries are gone through side by side; each list is read, moved and written once.

use std::sync::Arc;

use tantivy::directory::TerminatingWrite;
use tantivy::index::SegmentReader;
use tantivy::plugin::PluginMergeContext;
use tantivy::postings::Postings;
use tantivy::{DocId, DocSet, TERMINATED};

use super::documents::CountedDocuments;
use super::layout::Key;
use super::list::{Ascending, END, Places};
use super::plugin::too_large;
use super::texts::{Entry, Texts};
use super::writer::FileWriter;
use super::{EXTENSION, TYPE, broken, in_field, of_segment};
use crate::index::sidefile;

/// Writes the merged file.
pub(super) fn merge(context: &PluginMergeContext<'_>) -> tantivy::Result<()> {
    sidefile::check_stacked(context)?;
    let files = context.readers.iter().map(of_segment);
    let files: Vec<Vec<Arc<Texts>>> = files.collect::<tantivy::Result<_>>()?;
    let component = sidefile::component(EXTENSION);
    let mut file = FileWriter::new(context.target_segment.open_write(component)?);
    for field in sidefile::fields(context.schema, TYPE) {
        let mut starts = vec![0];
        let mut sources = Vec::with_capacity(files.len());
        for (reader, texts) in context.readers.iter().zip(&files) {
            let texts = in_field(texts, field).ok_or_else(broken)?;
            let moved = Moved::stack(texts, reader, &mut starts)?;
            let mut entries = texts.entries();
            let next = entries.next()?;
            sources.push((texts, moved, entries, next));
        }
        let mut writer = file.field(field, starts);
        let mut first = 0;
        while let Some(key) = sources.iter().filter_map(|(.., next)| key(next)).min() {
            if key.0 != first {
                first = key.0;
                let mut holders = Vec::with_capacity(sources.len());
                for (texts, moved, entries, next) in &sources {
                    let character = entries.character;
                    if let Some(character) =
                        character.filter(|_| next.is_some_and(|entry| entry.key.0 == first))
                    {
                        holders.push(moved.holders(texts.holders(&character)?));
                    }
                }
                writer.character(holders.into_iter().flatten())?;
            }
            let mut lists = Vec::with_capacity(sources.len());
            for (texts, moved, entries, next) in &mut sources {
                if let Some(entry) = next.take_if(|entry| entry.key == key) {
                    lists.push(moved.places(texts, texts.places(&entry)?));
                    *next = entries.next()?;
                }
            }
            writer.bigram(key, lists.into_iter().flatten())?;
        }
        writer.finish()?;
    }
    Ok(file.finish()?.terminate()?)
}

fn key(entry: &Option<Entry>) -> Option<Key> {
    entry.map(|entry| entry.key)
}

/// How far the documents of a segment move, and their places with them.
struct Moved {
    /// Number of documents before them.
    documents: DocId,
    /// Places before them.
    places: u32,
    /// Where documents are deleted, for each the number that it takes among those that stay, and
    /// its new start.
    kept: Option<Vec<Option<(DocId, u32)>>>,
}

impl Moved {
    /// Adds the starts of a segment's documents behind those of the segments before.
    fn stack(
        texts: &Texts,
        reader: &SegmentReader,
        starts: &mut Vec<u32>,
    ) -> tantivy::Result<Self> {
        let documents = starts.len() as DocId - 1;
        let places = starts.last().copied().unwrap_or(0);
        let mut end = places;
        let mut kept = Vec::new();
        for document in 0..texts.documents() {
            let is_kept = !reader.is_deleted(document);
            if reader.has_deletes() {
                kept.push(is_kept.then_some((starts.len() as DocId - 1, end)));
            }
            if is_kept {
                let length = texts.start(document + 1).checked_sub(texts.start(document));
                let length = length.ok_or_else(broken)?;
                end = end.checked_add(length).ok_or_else(too_large)?;
                starts.push(end);
            }
        }
        match end {
            END => Err(too_large()),
            _ => Ok(Moved {
                documents,
                places,
                kept: reader.has_deletes().then_some(kept),
            }),
        }
    }

    /// Gives the documents that hold a character as they are numbered in the merged segment.
    fn holders(&self, mut holders: CountedDocuments) -> impl Iterator<Item = (DocId, u32)> {
        std::iter::from_fn(move || {
            loop {
                let (document, count) = match holders.doc() {
                    TERMINATED => return None,
                    document => (document, holders.term_freq()),
                };
                holders.advance();
                match &self.kept {
                    None => return Some((document.wrapping_add(self.documents), count)),
                    Some(kept) => {
                        if let Some(Some((document, _))) = kept.get(document as usize) {
                            return Some((*document, count));
                        }
                    }
                }
            }
        })
    }

    /// Gives the places of a list as they stand in the merged segment.
    fn places<'a>(
        &'a self,
        texts: &'a Texts,
        mut places: Places,
    ) -> impl Iterator<Item = u32> + 'a {
        let mut document = 0;
        std::iter::from_fn(move || {
            loop {
                let place = match places.place() {
                    END => return None,
                    place => place,
                };
                places.advance();
                match &self.kept {
                    None => return Some(place.wrapping_add(self.places)),
                    Some(kept) => {
                        document = texts.document(place, document);
                        if let Some(Some((_, start))) = kept.get(document as usize) {
                            let within = place.wrapping_sub(texts.start(document));
                            return Some(start.wrapping_add(within));
                        }
                    }
                }
            }
        })
    }
}
