//! Every passage against its postings: its text is analysed again, and its terms stand in the index
//! at their places, no more and no fewer.
//!
//! Both sides are added up by document as sums of hashes, so that the order of postings does not
//! matter and memory is a number a document.

use std::hash::{DefaultHasher, Hasher};

use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::tokenizer::MAX_TOKEN_LEN;
use tantivy::{DocSet, Searcher, SegmentReader, TERMINATED, TantivyDocument};

use super::counts::each_passage;
use super::{Finding, Verification, changed};
use crate::analyze::Analyzer;
use crate::index::Store;
use crate::model::PassageRecord;

/// Checks every passage.
pub(super) fn check(
    store: &Store,
    searcher: &Searcher,
    analyzer: &Analyzer,
    found: &mut Verification,
) -> tantivy::Result<()> {
    let fields = &store.fields;
    let fields = [
        (fields.chars, true),
        (fields.words, false),
        (fields.heading, true),
        (fields.opening, true),
        (fields.title, true),
    ];
    for reader in searcher.segment_readers() {
        let mut standing = vec![0u64; reader.max_doc() as usize];
        for (field, positions) in fields {
            add_postings(reader, field, positions, &mut standing)?;
        }
        let mut docs = Vec::new();
        each_passage(store, reader, |doc| docs.push(doc))?;
        let stored = reader.get_store_reader(1)?;
        let id = reader.fast_fields().u64("id")?;
        for doc in docs {
            let document: TantivyDocument = stored.get(doc)?;
            let value = document.get_first(store.fields.record);
            let bytes = value.and_then(|value| value.as_bytes()).unwrap_or_default();
            let Ok(record) = serde_json::from_slice::<PassageRecord>(bytes) else {
                found.faults.push(changed(&found.generation));
                continue;
            };
            let mut expected = 0u64;
            for (field, positions) in fields {
                let texts = texts(store, field, &record, analyzer);
                expected = expected.wrapping_add(sum(store, field, positions, &texts)?);
            }
            let number = id.first(doc).unwrap_or_default();
            if expected != standing[doc as usize] || format!("{number:016x}") != record.id {
                found.faults.push(Finding::new(
                    record.id,
                    "索引里的词与正文不符",
                    "its terms in the index are not those of its text",
                ));
            }
        }
    }
    Ok(())
}

/// Returns the texts that were indexed in a field.
fn texts(store: &Store, field: Field, record: &PassageRecord, analyzer: &Analyzer) -> Vec<String> {
    let fields = &store.fields;
    let fold = |texts: Vec<&str>| texts.into_iter().map(|text| analyzer.fold(text)).collect();
    if field == fields.chars || field == fields.words {
        fold(vec![&record.text])
    } else if field == fields.heading {
        fold(record.section_path.iter().map(String::as_str).collect())
    } else if field == fields.opening {
        fold(record.opens.iter().map(|heading| &*heading.text).collect())
    } else if record.sequence == 0 {
        fold(vec![&record.report_title])
    } else {
        Vec::new()
    }
}

/// Adds up the terms of texts as the library's writer places them.
fn sum(store: &Store, field: Field, positions: bool, texts: &[String]) -> tantivy::Result<u64> {
    let mut analyzer = store.index.tokenizer_for_field(field)?;
    let (mut total, mut base) = (0u64, 0u32);
    for text in texts {
        let mut end = base;
        let mut stream = analyzer.token_stream(text);
        while stream.advance() {
            let token = stream.token();
            if token.text.len() > MAX_TOKEN_LEN {
                // The library leaves it out.
                continue;
            }
            let at = base + token.position as u32;
            end = end.max(at + token.position_length as u32);
            let place = if positions { at } else { 0 };
            let term = hash(field, token.text.as_bytes());
            total = total.wrapping_add(mixed(term, place));
        }
        // One place stays empty between two values.
        base = end + 1;
    }
    Ok(total)
}

/// Adds up, for every document, the terms that stand in the index.
fn add_postings(
    reader: &SegmentReader,
    field: Field,
    positions: bool,
    standing: &mut [u64],
) -> tantivy::Result<()> {
    let inverted = reader.inverted_index(field)?;
    let option = match positions {
        true => IndexRecordOption::WithFreqsAndPositions,
        false => IndexRecordOption::WithFreqs,
    };
    let mut places = Vec::new();
    let mut terms = inverted.terms().stream()?;
    while terms.advance() {
        let term = hash(field, terms.key());
        let mut postings = inverted.read_postings_from_terminfo(terms.value(), option)?;
        while postings.doc() != TERMINATED {
            let standing = &mut standing[postings.doc() as usize];
            if positions {
                postings.positions(&mut places);
                for &place in &places {
                    *standing = standing.wrapping_add(mixed(term, place));
                }
            } else {
                let count = u64::from(postings.term_freq());
                *standing = standing.wrapping_add(mixed(term, 0).wrapping_mul(count));
            }
            postings.advance();
        }
    }
    Ok(())
}

fn hash(field: Field, term: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write_u32(field.field_id());
    hasher.write(term);
    hasher.finish()
}

/// Mixes a term with its place (the finalizer of SplitMix64).
fn mixed(term: u64, place: u32) -> u64 {
    let mut mixed = term ^ u64::from(place).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
