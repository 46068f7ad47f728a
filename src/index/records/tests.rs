//! What is read of records, written, merged or with documents deleted, against what was added.

use proptest::prelude::*;
use tantivy::directory::RamDirectory;
use tantivy::merge_policy::NoMergePolicy;
use tantivy::schema::{FAST, Field, INDEXED, Schema};
use tantivy::{Directory, Index, IndexWriter, TantivyDocument, Term};

use super::writer::RecordWriter;
use super::*;

struct Bench {
    index: Index,
    writer: IndexWriter,
    record: Field,
    number: Field,
    next: u64,
}

impl Bench {
    fn new() -> Self {
        let mut schema = Schema::builder();
        let record = schema.add_custom_field("record", TYPE, serde_json::Value::Null);
        let number = schema.add_u64_field("id", INDEXED | FAST);
        schema.add_u64_field("report", FAST);
        let index = Index::builder()
            .schema(schema.build())
            .register_plugin(Arc::new(RecordPlugin::default()))
            .create_in_ram()
            .unwrap();
        let writer: IndexWriter = index.writer_with_num_threads(1, 200_000_000).unwrap();
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Bench {
            index,
            writer,
            record,
            number,
            next: 0,
        }
    }

    fn add(&mut self, record: &[u8]) {
        let mut document = TantivyDocument::default();
        document.add_u64(self.number, self.next);
        document.add_custom(self.record, record);
        self.writer.add_document(document).unwrap();
        self.next += 1;
    }

    fn searcher(&self) -> Searcher {
        self.index.reader().unwrap().searcher()
    }

    /// Checks every document that is not deleted against the records by number, and returns how
    /// many there are.
    fn check(&self, records: &[Vec<u8>]) -> usize {
        let searcher = self.searcher();
        let stored = Records::open(&searcher).unwrap();
        let mut seen = 0;
        for (ordinal, reader) in (0..).zip(searcher.segment_readers()) {
            let numbers = reader.fast_fields().u64("id").unwrap();
            for doc in reader.doc_ids_alive() {
                let number = numbers.first(doc).unwrap() as usize;
                let address = DocAddress::new(ordinal, doc);
                assert_eq!(stored.bytes(address).unwrap(), records[number]);
                seen += 1;
            }
            assert!(
                stored
                    .bytes(DocAddress::new(ordinal, reader.max_doc()))
                    .is_err()
            );
        }
        seen
    }

    fn merge(&mut self) {
        let segments = self.index.searchable_segment_ids().unwrap();
        self.writer.merge(&segments).wait().unwrap();
    }
}

/// Text that repeats itself as reports do.
fn sentence(seed: u64) -> String {
    let words = [
        "推进", "乡村", "振兴", "建设", "公路", "公里", "完成", "投资", "亿元", "增长",
    ];
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut text = format!("{seed}：");
    for _ in 0..40 + seed % 60 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text += words[(state % 10) as usize];
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn records_are_read_as_they_were_added(
        segments in proptest::collection::vec(
            proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..900), 1..60),
            1..4,
        ),
        deleted in proptest::collection::vec(0_u64..180, 0..20),
    ) {
        let mut bench = Bench::new();
        for segment in &segments {
            segment.iter().for_each(|record| bench.add(record));
            bench.writer.commit().unwrap();
        }
        let records: Vec<Vec<u8>> = segments.concat();
        prop_assert_eq!(bench.check(&records), records.len());
        for number in &deleted {
            bench.writer.delete_term(Term::from_field_u64(bench.number, *number));
        }
        bench.writer.commit().unwrap();
        let left = bench.check(&records);
        bench.merge();
        prop_assert_eq!(bench.check(&records), left);
    }
}

#[test]
fn many_records_share_a_dictionary_over_merges() {
    let mut bench = Bench::new();
    let mut records = Vec::new();
    // Two segments of their own dictionary, and one that is too small for any.
    for count in [9_000, 9_500, 20] {
        for _ in 0..count {
            let record = sentence(records.len() as u64).into_bytes();
            bench.add(&record);
            records.push(record);
        }
        bench.writer.commit().unwrap();
    }
    let dictionaries = |bench: &Bench| -> Vec<bool> {
        let searcher = bench.searcher();
        let stored = Records::open(&searcher).unwrap();
        stored
            .segments
            .iter()
            .map(|segment| !segment.stored.dictionary().is_empty())
            .collect()
    };
    let mut has_dictionary = dictionaries(&bench);
    has_dictionary.sort_unstable();
    assert_eq!(has_dictionary, [false, true, true]);
    assert_eq!(bench.check(&records), records.len());
    bench
        .writer
        .delete_term(Term::from_field_u64(bench.number, 7));
    bench.writer.commit().unwrap();
    bench.merge();
    assert_eq!(dictionaries(&bench), [true]);
    assert_eq!(bench.check(&records), records.len() - 1);
}

/// Writes records as the file of a segment.
fn written(records: &[Vec<u8>]) -> Vec<u8> {
    let mut writer = RecordWriter::new(Vec::new()).unwrap();
    records
        .iter()
        .for_each(|record| writer.push(record).unwrap());
    writer.finish().unwrap()
}

/// Reads everything that a file says it has.
fn read_all(bytes: &[u8], documents: u32) -> tantivy::Result<()> {
    let directory = RamDirectory::create();
    let path = std::path::Path::new("records");
    directory.atomic_write(path, bytes).unwrap();
    let stored = Stored::open(directory.open_read(path).unwrap(), documents)?;
    for document in 0..documents + 1 {
        let _ = stored.with(document, <[u8]>::len);
    }
    for entry in stored.groups().unwrap_or_default() {
        let _ = stored.frame(&entry).map(|frame| frame.len());
    }
    Ok(())
}

proptest! {
    #[test]
    fn damaged_files_are_no_panic(
        records in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..2_000), 1..90),
        at: proptest::sample::Index,
        byte: u8,
        cut: proptest::sample::Index,
    ) {
        let bytes = written(&records);
        let documents = records.len() as u32;
        read_all(&bytes, documents).unwrap();
        let mut damaged = bytes.clone();
        damaged[at.index(bytes.len())] ^= byte;
        let _ = read_all(&damaged, documents);
        // The parts that say where the others are.
        let tail = bytes.len().min(400);
        let mut damaged = bytes.clone();
        let from = bytes.len() - tail;
        damaged[from + at.index(tail)] ^= byte;
        let _ = read_all(&damaged, documents);
        let _ = read_all(&bytes[..cut.index(bytes.len())], documents);
    }
}
