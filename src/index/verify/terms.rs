//! Every passage against its postings: its text is analysed again, and its terms stand in the index
//! at their places, no more and no fewer.
//!
//! Both sides are added up by document as sums of hashes, so that the order of postings does not
//! matter and memory is a number a document.

use std::hash::{DefaultHasher, Hasher};

use tantivy::schema::Field;
use tantivy::{DocAddress, Searcher};

use super::counts::each_passage;
use super::{Finding, Verification, changed};
use crate::analyze::Analyzer;
use crate::index::bigrams::{Counted, characters};
use crate::index::words::Lexicon;
use crate::index::{Bigrams, Records, Store, Words};
use crate::model::PassageRecord;

/// Checks every passage.
pub(super) fn check(
    store: &Store,
    searcher: &Searcher,
    analyzer: &Analyzer,
    found: &mut Verification,
) -> tantivy::Result<()> {
    let fields = &store.fields;
    let counted = [fields.words, fields.opening_words];
    let placed = [fields.chars, fields.heading, fields.opening, fields.title];
    let bigrams = Bigrams::open(searcher)?;
    let words = Words::open(searcher)?;
    let records = Records::open(searcher)?;
    for (ordinal, reader) in (0..).zip(searcher.segment_readers()) {
        let mut standing = vec![0u64; reader.max_doc() as usize];
        for field in counted {
            add_postings(words.of(reader, field)?, field, &mut standing)?;
        }
        for field in placed {
            bigrams.of(reader, field)?.each(|pair, document, place| {
                if let Some(standing) = standing.get_mut(document as usize) {
                    *standing = standing.wrapping_add(mixed(of_pair(field, pair), place));
                }
            })?;
        }
        let mut docs = Vec::new();
        each_passage(store, reader, |doc| docs.push(doc))?;
        for doc in docs {
            let Ok(record) = records.passage(DocAddress::new(ordinal, doc)) else {
                found.faults.push(changed(&found.generation));
                continue;
            };
            let mut expected = 0u64;
            for field in counted {
                let texts = texts(store, field, &record, analyzer);
                expected = expected.wrapping_add(sum(field, &texts, analyzer));
            }
            for field in placed {
                let texts = texts(store, field, &record, analyzer);
                expected = expected.wrapping_add(sum_of_pairs(field, &texts));
            }
            if expected != standing[doc as usize] {
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
    } else if field == fields.opening || field == fields.opening_words {
        fold(record.opens.iter().map(|heading| &*heading.text).collect())
    } else if record.sequence == 0 {
        fold(vec![&record.report_title])
    } else {
        Vec::new()
    }
}

/// Adds up the words of texts.
fn sum(field: Field, texts: &[String], analyzer: &Analyzer) -> u64 {
    let mut total = 0u64;
    for text in texts {
        for word in analyzer.word_ranges(text) {
            total = total.wrapping_add(mixed(hash(field, text[word].as_bytes()), 0));
        }
    }
    total
}

/// Adds up the bigrams of texts with their places.
fn sum_of_pairs(field: Field, texts: &[String]) -> u64 {
    let row: Vec<u32> = texts.iter().flat_map(|text| characters(text)).collect();
    let pairs = (0..).zip(row.windows(2)).filter(|(_, pair)| pair[0] != 0);
    pairs.fold(0, |total: u64, (place, pair)| {
        total.wrapping_add(mixed(of_pair(field, (pair[0], pair[1])), place))
    })
}

/// Adds up, for every document, the words that stand in the index.
fn add_postings(lexicon: &Lexicon, field: Field, standing: &mut [u64]) -> tantivy::Result<()> {
    let mut entries = lexicon.entries();
    let mut holders = Counted::default();
    while entries.advance()? {
        let word = hash(field, entries.word());
        lexicon.read(&entries.entry(), &mut holders)?;
        for (&doc, &count) in holders.docs.iter().zip(&holders.counts) {
            if let Some(standing) = standing.get_mut(doc as usize) {
                *standing = standing.wrapping_add(mixed(word, 0).wrapping_mul(u64::from(count)));
            }
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

fn of_pair(field: Field, (first, second): (u32, u32)) -> u64 {
    let pair = u64::from(first) << 32 | u64::from(second);
    mixed(pair, field.field_id())
}

/// Mixes a term with its place (the finalizer of SplitMix64).
fn mixed(term: u64, place: u32) -> u64 {
    let mut mixed = term ^ u64::from(place).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
