//! What a segment says of its texts, written, merged or with documents deleted, against the texts.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tantivy::merge_policy::NoMergePolicy;
use tantivy::postings::Postings;
use tantivy::schema::{FAST, INDEXED, Schema};
use tantivy::{DocSet, Index, IndexWriter, TERMINATED, TantivyDocument, Term};

use super::*;

/// Documents of a segment: each the values of a field.
type Segment = Vec<Vec<String>>;

struct Bench {
    index: Index,
    writer: IndexWriter,
    field: Field,
    number: Field,
}

impl Bench {
    fn of(segments: &[Segment]) -> Self {
        let mut schema = Schema::builder();
        let field = schema.add_custom_field("texts", TYPE, serde_json::Value::Null);
        let number = schema.add_u64_field("number", INDEXED | FAST);
        let index = Index::builder()
            .schema(schema.build())
            .register_plugin(Arc::new(BigramPlugin))
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
            index,
            writer,
            field,
            number,
        }
    }

    /// Checks every segment against the documents, which are named by their numbers.
    fn check(&self, documents: &[&Vec<String>]) -> Searcher {
        let searcher = self.index.reader().unwrap().searcher();
        let bigrams = Bigrams::open(&searcher).unwrap();
        for reader in searcher.segment_readers() {
            let numbers = reader.fast_fields().u64("number").unwrap();
            let of = |document| documents[numbers.first(document).unwrap() as usize];
            let own: Vec<&Vec<String>> = (0..reader.max_doc()).map(of).collect();
            check(bigrams.of(reader, self.field).unwrap(), &own);
        }
        searcher
    }
}

/// A row of places as text: `\0` behind each value.
fn row(values: &[String]) -> Vec<char> {
    let values = values.iter().map(|value| value.replace(' ', "") + "\0");
    values.collect::<String>().chars().collect()
}

/// Checks one segment against its documents.
fn check(texts: &Arc<Texts>, documents: &[&Vec<String>]) {
    let mut pairs: BTreeMap<(char, char), BTreeMap<u32, Vec<u32>>> = BTreeMap::new();
    let mut letters: BTreeMap<char, BTreeMap<u32, u32>> = BTreeMap::new();
    for (document, values) in (0..).zip(documents) {
        for (place, pair) in (0..).zip(row(values).windows(2)) {
            if pair[0] != '\0' {
                let places = pairs.entry((pair[0], pair[1])).or_default();
                places.entry(document).or_default().push(place);
                let counts = letters.entry(pair[0]).or_default();
                *counts.entry(document).or_default() += 1;
            }
        }
    }
    let mut seen = 0;
    texts.each(|_, _, _| seen += 1).unwrap();
    let all = pairs.values().flat_map(BTreeMap::values).map(Vec::len);
    assert_eq!(seen, all.sum::<usize>());
    for ((first, second), expected) in &pairs {
        if *second == '\0' {
            continue;
        }
        let entry = texts.pair(*first, *second).unwrap().unwrap();
        assert_eq!(entry.documents as usize, expected.len());
        let mut found = Texts::documents_with(texts, *first, *second)
            .unwrap()
            .unwrap();
        for (document, places) in expected {
            assert_eq!((found.doc(), found.own()), (*document, places.as_slice()));
            found.advance();
        }
        assert_eq!(found.doc(), TERMINATED);
        if let Some((last, _)) = expected.last_key_value() {
            let mut found = Texts::documents_with(texts, *first, *second)
                .unwrap()
                .unwrap();
            assert_eq!(found.seek(*last), *last);
        }
    }
    for (letter, expected) in &letters {
        let character = texts.character(*letter).unwrap().unwrap();
        let mut found = texts.holders(&character).unwrap();
        for (document, count) in expected {
            assert_eq!((found.doc(), found.term_freq()), (*document, *count));
            found.advance();
        }
        assert_eq!(found.doc(), TERMINATED);
        for (document, count) in expected.iter().step_by(3) {
            let mut found = texts.holders(&character).unwrap();
            assert_eq!(found.seek(*document), *document);
            assert_eq!(found.term_freq(), *count);
        }
        let entries = texts.beginning(*letter).unwrap();
        let occurrences: u32 = entries.iter().map(|entry| entry.count).sum();
        assert_eq!(occurrences, expected.values().sum::<u32>());
    }
    assert_eq!(texts.pair('々', '此').unwrap(), None);
    assert_eq!(texts.character('々').unwrap(), None);
    assert_eq!(texts.beginning('々').unwrap(), []);
}

fn segments() -> impl Strategy<Value = Vec<Segment>> {
    let value = "[甲乙丙a1𠮷 。]{0,9}|[一-龥]{0,60}";
    let document = proptest::collection::vec(value, 0..3);
    let segment = proptest::collection::vec(document, 1..20);
    proptest::collection::vec(segment, 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_segment_says_what_stands_in_its_texts(
        segments in segments(),
        deleted in proptest::collection::btree_set(0_u64..40, 0..12),
    ) {
        let mut bench = Bench::of(&segments);
        let documents: Vec<&Vec<String>> = segments.iter().flatten().collect();
        bench.check(&documents);
        for number in &deleted {
            let term = Term::from_field_u64(bench.number, *number);
            bench.writer.delete_term(term);
        }
        bench.writer.commit().unwrap();
        let ids = bench.index.searchable_segment_ids().unwrap();
        if !ids.is_empty() {
            bench.writer.merge(&ids).wait().unwrap();
        }
        let searcher = bench.check(&documents);
        let kept = documents.len() - deleted.range(..documents.len() as u64).count();
        let standing = searcher.segment_readers().iter().map(|reader| reader.max_doc() as usize);
        prop_assert_eq!(standing.sum::<usize>(), kept);
    }
}
