//! The ledger against the passages: each source with as many as it says, no passage without a
//! source, no id twice.

use std::collections::HashMap;

use tantivy::postings::SegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Searcher, SegmentReader, TERMINATED, Term};

use super::{Finding, Verification};
use crate::index::Store;
use crate::index::fields::PASSAGE;
use crate::model::{PassageId, SourceRecord};

/// Checks the numbers.
pub(super) fn check(
    store: &Store,
    searcher: &Searcher,
    ledger: &[SourceRecord],
    found: &mut Verification,
) -> tantivy::Result<()> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut ids = Vec::new();
    for reader in searcher.segment_readers() {
        let source = reader.fast_fields().str("source")?;
        let id = reader.fast_fields().u64("id")?;
        let mut by_number: HashMap<u64, usize> = HashMap::new();
        each_passage(store, reader, |doc| {
            ids.extend(id.first(doc));
            let numbers = source.as_ref().map(|column| column.term_ords(doc));
            for number in numbers.into_iter().flatten() {
                *by_number.entry(number).or_default() += 1;
            }
        })?;
        for (number, count) in by_number {
            let mut name = String::new();
            if let Some(column) = &source {
                column.ord_to_str(number, &mut name)?;
            }
            *counts.entry(name).or_default() += count;
        }
    }
    found.passages = counts.values().sum::<usize>() as u64;
    found.sources = ledger.len() as u64;
    let mut lines: HashMap<&str, usize> = HashMap::new();
    for line in ledger {
        *lines.entry(&line.source).or_default() += 1;
        let count = counts.get(&line.source).copied().unwrap_or(0);
        if count != line.passages {
            let expected = line.passages;
            found.faults.push(Finding::new(
                &line.source,
                format!("应有 {expected} 段，实有 {count} 段"),
                format!("{count} passages, but {expected} in the ledger"),
            ));
        }
    }
    for source in counts.keys() {
        if !lines.contains_key(source.as_str()) {
            found.faults.push(Finding::new(
                source,
                "有段落，但没有登记",
                "passages, but no line in the ledger",
            ));
        }
    }
    for (source, count) in lines {
        if count > 1 {
            found.faults.push(Finding::new(
                source,
                "登记了不止一次",
                "more than one line in the ledger",
            ));
        }
    }
    ids.sort_unstable();
    for pair in ids.windows(2) {
        if pair[0] == pair[1] {
            found.faults.push(Finding::new(
                PassageId(pair[0]).to_string(),
                "不止一段用这个编号",
                "more than one passage has this id",
            ));
        }
    }
    found.faults.sort();
    found.faults.dedup();
    Ok(())
}

/// Hands every passage of a segment that is not deleted to `each`.
pub(super) fn each_passage(
    store: &Store,
    reader: &SegmentReader,
    mut each: impl FnMut(u32),
) -> tantivy::Result<()> {
    let term = Term::from_field_text(store.fields.kind, PASSAGE);
    let inverted = reader.inverted_index(store.fields.kind)?;
    let Some(mut passages) = inverted.read_postings(&term, IndexRecordOption::Basic)? else {
        return Ok(());
    };
    while SegmentPostings::doc(&passages) != TERMINATED {
        let doc = passages.doc();
        if !reader.is_deleted(doc) {
            each(doc);
        }
        passages.advance();
    }
    Ok(())
}
