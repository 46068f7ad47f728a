//! What a segment says of its words, written, merged or with documents deleted, against the texts.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tantivy::merge_policy::NoMergePolicy;
use tantivy::postings::Postings;
use tantivy::schema::{FAST, INDEXED, Schema as TantivySchema};
use tantivy::{DocSet, Index, IndexWriter, TERMINATED, TantivyDocument, Term};

use super::*;
use crate::analyze::Segmenter;
use crate::schema::Schema;

struct Bench {
    segmenter: Segmenter,
    index: Index,
    writer: IndexWriter,
    field: Field,
    number: Field,
}

impl Bench {
    /// Writes segments of documents, each the values of a field.
    fn of(segments: &[Vec<Vec<String>>]) -> Self {
        let segmenter = Segmenter::new(&Schema::embedded().unwrap());
        let mut schema = TantivySchema::builder();
        let field = schema.add_custom_field("texts", TYPE, serde_json::Value::Null);
        let number = schema.add_u64_field("number", INDEXED | FAST);
        let index = Index::builder()
            .schema(schema.build())
            .register_plugin(Arc::new(WordPlugin::new(segmenter.clone())))
            .create_in_ram()
            .unwrap();
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let mut next = 0;
        for segment in segments {
            for values in segment {
                let mut document = TantivyDocument::default();
                document.add_u64(number, next);
                for value in values {
                    document.add_custom(field, value.as_bytes());
                }
                writer.add_document(document).unwrap();
                next += 1;
            }
            writer.commit().unwrap();
        }
        Bench {
            segmenter,
            index,
            writer,
            field,
            number,
        }
    }

    /// Checks every segment against the documents, which are named by their numbers.
    fn check(&self, documents: &[Vec<String>]) {
        let searcher = self.index.reader().unwrap().searcher();
        let words = Words::open(&searcher).unwrap();
        for reader in searcher.segment_readers() {
            let numbers = reader.fast_fields().u64("number").unwrap();
            let mut expected: BTreeMap<&str, BTreeMap<u32, u32>> = BTreeMap::new();
            let lexicon = words.of(reader, self.field).unwrap();
            let mut total = 0;
            for doc in 0..reader.max_doc() {
                let values = &documents[numbers.first(doc).unwrap() as usize];
                let mut length = 0;
                for value in values {
                    for word in self.segmenter.words(value) {
                        let documents = expected.entry(&value[word]).or_default();
                        *documents.entry(doc).or_default() += 1;
                        length += 1;
                    }
                }
                assert_eq!(lexicon.length(doc), length);
                total += u64::from(length);
            }
            assert_eq!(lexicon.total(), total);
            let mut entries = lexicon.entries();
            for (word, documents) in &expected {
                assert!(entries.advance().unwrap());
                assert_eq!(entries.word(), word.as_bytes());
                let entry = lexicon.entry(word).unwrap().unwrap();
                assert_eq!(entry, entries.entry());
                assert_eq!(entry.documents as usize, documents.len());
                let mut found = lexicon.holders(&entry).unwrap();
                for (doc, count) in documents {
                    assert_eq!((found.doc(), found.term_freq()), (*doc, *count));
                    found.advance();
                }
                assert_eq!(found.doc(), TERMINATED);
                let (last, count) = documents.last_key_value().unwrap();
                let mut found = lexicon.documents_with(word).unwrap().unwrap();
                assert_eq!(found.seek(*last), *last);
                assert_eq!(found.term_freq(), *count);
                let mut from = lexicon.from(word).unwrap();
                assert!(from.advance().unwrap() && from.word() == word.as_bytes());
            }
            assert!(!entries.advance().unwrap());
            assert_eq!(lexicon.entry("没有这个词").unwrap(), None);
            assert!(!lexicon.from("\u{10ffff}").unwrap().advance().unwrap());
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(vec![
            "全面", "推进", "乡村振兴", "，", "经济", "发展", "十四五", "增长", "5.5%", "2023年", "gdp", " ",
        ]).prop_map(str::to_owned),
        1 => "[一-龥]{1,3}",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_word_stands_where_the_texts_have_it(
        segments in proptest::collection::vec(
            proptest::collection::vec(proptest::collection::vec(text(), 0..3), 1..40),
            1..4,
        ),
        deleted in proptest::collection::vec(0_u64..120, 0..20),
    ) {
        let mut bench = Bench::of(&segments);
        let documents = segments.concat();
        bench.check(&documents);
        for number in &deleted {
            bench.writer.delete_term(Term::from_field_u64(bench.number, *number));
        }
        bench.writer.commit().unwrap();
        bench.check(&documents);
        let segments = bench.index.searchable_segment_ids().unwrap();
        bench.writer.merge(&segments).wait().unwrap();
        bench.check(&documents);
    }
}

proptest! {
    #[test]
    fn damaged_files_are_no_panic(
        postings in proptest::collection::btree_map("[a-c]{1,4}", proptest::collection::btree_map(0_u32..300, 1_u32..4, 1..200), 1..60),
        at: proptest::sample::Index,
        byte: u8,
    ) {
        let mut file = writer::FileWriter::new(Vec::new());
        let mut field = file.field(Field::from_field_id(0), vec![9; 300]);
        for (word, documents) in &postings {
            field.word(word.as_bytes(), documents.iter().map(|(doc, count)| (*doc, *count))).unwrap();
        }
        field.finish().unwrap();
        let mut bytes = file.finish().unwrap();
        let length = bytes.len();
        bytes[at.index(length)] ^= byte;
        let Ok(lexicons) = lexicon::open(&tantivy::directory::OwnedBytes::new(bytes), 300) else {
            return Ok(());
        };
        for lexicon in &lexicons {
            let mut entries = lexicon.entries();
            while entries.advance().unwrap_or(false) {
                if let Ok(mut holders) = lexicon.holders(&entries.entry()) {
                    for _ in 0..2_000 {
                        holders.advance();
                    }
                }
            }
            let _ = lexicon.entry("b");
        }
    }
}
