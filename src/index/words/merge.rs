//! The words of several segments → those of one, without deleted documents.
//!
//! The dictionaries are gone through side by side; each list is read, moved and written once.

use tantivy::directory::TerminatingWrite;
use tantivy::index::SegmentReader;
use tantivy::plugin::PluginMergeContext;
use tantivy::postings::Postings;
use tantivy::{DocId, DocSet, TERMINATED};

use super::lexicon::Lexicon;
use super::writer::FileWriter;
use super::{EXTENSION, TYPE, broken, in_field, of_segment};
use crate::index::bigrams::CountedDocuments;
use crate::index::sidefile;

/// Writes the merged file.
pub(super) fn merge(context: &PluginMergeContext<'_>) -> tantivy::Result<()> {
    sidefile::check_stacked(context)?;
    let files = context.readers.iter().map(of_segment);
    let files: Vec<Vec<Lexicon>> = files.collect::<tantivy::Result<_>>()?;
    let mut file = FileWriter::new(
        context
            .target_segment
            .open_write(sidefile::component(EXTENSION))?,
    );
    for field in sidefile::fields(context.schema, TYPE) {
        let mut lengths = Vec::new();
        let mut sources = Vec::with_capacity(files.len());
        for (reader, lexicons) in context.readers.iter().zip(&files) {
            let lexicon = in_field(lexicons, field).ok_or_else(broken)?;
            let moved = Moved::stack(lexicon, reader, &mut lengths);
            let mut entries = lexicon.entries();
            let has_next = entries.advance()?;
            sources.push((lexicon, moved, entries, has_next));
        }
        let mut writer = file.field(field, lengths);
        let mut word = Vec::new();
        loop {
            let standing = sources.iter().filter(|(.., has_next)| *has_next);
            let Some(least) = standing.map(|(_, _, entries, _)| entries.word()).min() else {
                break;
            };
            word.clear();
            word.extend_from_slice(least);
            let mut lists = Vec::with_capacity(sources.len());
            for (lexicon, moved, entries, has_next) in &mut sources {
                if *has_next && entries.word() == word {
                    lists.push(moved.documents(lexicon.holders(&entries.entry())?));
                    *has_next = entries.advance()?;
                }
            }
            writer.word(&word, lists.into_iter().flatten())?;
        }
        writer.finish()?;
    }
    Ok(file.finish()?.terminate()?)
}

/// How far the documents of a segment move.
struct Moved {
    /// Number of documents before them.
    before: DocId,
    /// Where documents are deleted, for each the number that it takes among all that stay.
    kept: Option<Vec<Option<DocId>>>,
}

impl Moved {
    /// Adds the lengths of a segment's documents behind those of the segments before.
    fn stack(lexicon: &Lexicon, reader: &SegmentReader, lengths: &mut Vec<u32>) -> Self {
        let before = lengths.len() as DocId;
        let mut kept = Vec::new();
        for document in 0..lexicon.documents() {
            let is_kept = !reader.is_deleted(document);
            if reader.has_deletes() {
                kept.push(is_kept.then_some(lengths.len() as DocId));
            }
            if is_kept {
                lengths.push(lexicon.length(document));
            }
        }
        Moved {
            before,
            kept: reader.has_deletes().then_some(kept),
        }
    }

    /// Gives the documents of a word as they are numbered in the merged segment.
    fn documents(&self, mut holders: CountedDocuments) -> impl Iterator<Item = (DocId, u32)> {
        std::iter::from_fn(move || {
            loop {
                let (document, count) = match holders.doc() {
                    TERMINATED => return None,
                    document => (document, holders.term_freq()),
                };
                holders.advance();
                match &self.kept {
                    None => return Some((document.wrapping_add(self.before), count)),
                    Some(kept) => {
                        if let Some(Some(document)) = kept.get(document as usize) {
                            return Some((*document, count));
                        }
                    }
                }
            }
        })
    }
}
