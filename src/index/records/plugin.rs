//! The library's extension point for files of one's own in a segment; how segments are merged.

use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::DocId;
use tantivy::directory::{TerminatingWrite, WritePtr};
use tantivy::index::Segment;
use tantivy::indexer::doc_id_mapping::DocIdMapping;
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, Schema, Value};

use super::dictionary::{Dictionary, Effort};
use super::layout::broken;
use super::stored::Stored;
use super::writer::RecordWriter;
use super::{EXTENSION, TYPE, of_segment};
use crate::index::sidefile;

/// Bytes of records from which on a segment is large enough for the dictionary of others.
const SHARING: usize = 4 << 20;

/// Writes and merges the records of segments.
#[derive(Debug, Default)]
pub(in crate::index) struct RecordPlugin {
    /// What the first segment that was large enough was written with; later ones take it over, so
    /// that merges need not unpack their groups.
    dictionary: Arc<Mutex<Option<Arc<Dictionary>>>>,
    /// Whether merges pack everything anew, as small as it gets.
    optimizes: AtomicBool,
}

impl RecordPlugin {
    /// Lets merges from now on pack everything anew, as small as it gets.
    pub(in crate::index) fn optimize(&self) {
        self.optimizes.store(true, Ordering::Relaxed);
    }
}

impl SegmentPlugin for RecordPlugin {
    fn extensions(&self) -> &[&str] {
        &[EXTENSION]
    }

    fn create_writer(
        &self,
        context: &PluginWriterContext<'_>,
    ) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(SegmentRecords {
            field: sidefile::fields(&context.segment.schema(), TYPE).next(),
            writer: RecordWriter::new(context.segment.open_write(sidefile::component(EXTENSION))?)?,
            shared: Arc::clone(&self.dictionary),
        }))
    }

    fn merge(&self, context: PluginMergeContext<'_>) -> tantivy::Result<()> {
        merge(&context, self.optimizes.load(Ordering::Relaxed))
    }
}

/// The records of a segment while it is made.
struct SegmentRecords {
    field: Option<Field>,
    writer: RecordWriter<WritePtr>,
    shared: Arc<Mutex<Option<Arc<Dictionary>>>>,
}

impl SegmentRecords {
    /// Takes the dictionary that is shared, or trains it.
    fn choose(&mut self) -> tantivy::Result<()> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if shared.is_none() {
            *shared = self.writer.train().map(Arc::new);
        }
        let dictionary = shared.clone();
        drop(shared);
        Ok(self.writer.choose(dictionary)?)
    }
}

impl PluginWriter for SegmentRecords {
    fn add_document(
        &mut self,
        _document: DocId,
        document: &dyn ErasedDocument,
        _schema: &Schema,
    ) -> tantivy::Result<()> {
        let document = sidefile::document(document)?;
        let mut values = document.field_values();
        let own = values.find(|(field, _)| Some(*field) == self.field);
        let record = own.and_then(|(_, value)| value.as_custom());
        self.writer.push(record.unwrap_or_default())?;
        match self.writer.has_enough() {
            true => self.choose(),
            false => Ok(()),
        }
    }

    fn serialize(
        mut self: Box<Self>,
        _segment: &Segment,
        order: Option<&DocIdMapping>,
    ) -> tantivy::Result<()> {
        sidefile::check_order(order)?;
        if self.writer.gathered() >= SHARING {
            self.choose()?;
        }
        Ok(self.writer.finish()?.terminate()?)
    }

    fn mem_usage(&self) -> usize {
        self.writer.gathered()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// Writes the records of several segments as those of one, without deleted documents. Groups that
/// stay whole and were written with the same dictionary are copied as they stand.
fn merge(context: &PluginMergeContext<'_>, optimizes: bool) -> tantivy::Result<()> {
    sidefile::check_stacked(context)?;
    let files = context.readers.iter().map(of_segment);
    let files: Vec<Stored> = files.collect::<tantivy::Result<_>>()?;
    let out = context
        .target_segment
        .open_write(sidefile::component(EXTENSION))?;
    let with_one = files.iter().filter(|file| !file.dictionary().is_empty());
    let known = with_one
        .max_by_key(|file| file.documents())
        .map(Stored::dictionary);
    let dictionary = match (optimizes, known) {
        (true, _) => trained(&files)?,
        (false, Some(known)) => {
            let known = Dictionary::new(known.to_vec(), Effort::Build);
            Some(known.ok_or_else(broken)?)
        }
        (false, None) => None,
    };
    let mut writer = match dictionary {
        Some(dictionary) => RecordWriter::with(out, Arc::new(dictionary))?,
        None => RecordWriter::new(out)?,
    };
    for (reader, file) in context.readers.iter().zip(&files) {
        let is_same = !optimizes && known == Some(file.dictionary());
        if is_same && !reader.has_deletes() {
            for entry in file.groups()? {
                writer.frame(&file.frame(&entry)?, entry.records)?;
            }
            continue;
        }
        for document in (0..file.documents()).filter(|document| !reader.is_deleted(*document)) {
            file.with(document, |record| writer.push(record))??;
            if writer.has_enough() {
                let own = writer.train();
                writer.choose(own.map(Arc::new))?;
            }
        }
    }
    Ok(writer.finish()?.terminate()?)
}

/// Trains a dictionary on records of all files; `None` if they are few.
fn trained(files: &[Stored]) -> tantivy::Result<Option<Dictionary>> {
    let documents = files.iter().map(|file| file.documents() as usize).sum();
    let bytes = files.iter().map(Stored::bytes).sum();
    Dictionary::train(documents, bytes, Effort::Optimize, |mut number, sample| {
        for file in files {
            match number.checked_sub(file.documents() as usize) {
                Some(behind) => number = behind,
                None => {
                    let add = |record: &[u8]| sample.extend_from_slice(record);
                    return file.with(number as DocId, add);
                }
            }
        }
        Ok(())
    })
}
