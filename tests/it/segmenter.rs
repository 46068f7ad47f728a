//! The segmenter's tokens are those of jieba-rs (HMM off) over the same words.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jieba_rs::Jieba;
use proptest::prelude::*;
use zhengsou::analyze::{Analyzer, Segmenter};
use zhengsou::schema::{Files, Schema};

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::embedded().unwrap());
static OURS: LazyLock<Segmenter> = LazyLock::new(|| Segmenter::new(&SCHEMA));
static JIEBA: LazyLock<Jieba> = LazyLock::new(|| with_lexicon(&SCHEMA));

fn with_lexicon(schema: &Schema) -> Jieba {
    let mut jieba = Jieba::new();
    for (term, frequency) in schema.lexicon.terms() {
        jieba.add_word(term, usize::try_from(*frequency).ok(), None);
    }
    jieba
}

/// Returns the first tokens that differ, as text for a message.
fn difference(ours: &Segmenter, jieba: &Jieba, text: &str) -> Option<String> {
    let tokens = ours.tokens(text);
    let theirs = jieba.cut(text, false);
    let same = tokens.iter().map(|token| (token.start, token.end));
    if same.eq(theirs
        .iter()
        .map(|token| (token.byte_start, token.byte_end)))
    {
        return None;
    }
    let ours: Vec<&str> = tokens.into_iter().map(|token| &text[token]).collect();
    let theirs: Vec<&str> = theirs.iter().map(|token| token.word).collect();
    Some(format!("{text:?}\n ours {ours:?}\njieba {theirs:?}"))
}

fn texts(folder: &Path) -> Vec<String> {
    let mut folders = vec![folder.to_path_buf()];
    let mut texts = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                texts.push(text);
            }
        }
    }
    texts
}

#[test]
fn tokens_of_real_reports_are_those_of_jieba() {
    let analyzer = Analyzer::new(&SCHEMA);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts_seen = 0;
    for folder in [
        "data_samples",
        "../shared/seed",
        "../shared/corpora/gov-reports",
    ] {
        for text in texts(&root.join(folder)) {
            texts_seen += 1;
            // As it stands, and as it is indexed.
            for text in [&text, &analyzer.fold(&text)] {
                if let Some(difference) = text
                    .lines()
                    .find_map(|line| difference(&OURS, &JIEBA, line))
                {
                    panic!("{folder}: {difference}");
                }
            }
        }
    }
    assert!(texts_seen > 0);
}

#[test]
fn other_words_given_at_run_time_are_cut_as_jieba_cuts_them() {
    let folder = tempfile::tempdir().unwrap();
    // The second has a frequency of its own in the dictionary, the third lies outside of the BMP.
    let lexicon = "乡村全面\t900\n发展\t1\n𠮷野家\t70\n";
    std::fs::write(folder.path().join("lexicon.tsv"), lexicon).unwrap();
    let schema = Schema::load(&Files::from_folder(folder.path()).unwrap()).unwrap();
    let (ours, jieba) = (Segmenter::new(&schema), with_lexicon(&schema));
    for text in ["推进乡村全面振兴", "经济社会发展", "到𠮷野家去", "一带一路"]
    {
        assert_eq!(difference(&ours, &jieba, text), None);
    }
    assert_ne!(ours.tokens("一网通办"), OURS.tokens("一网通办"));
}

/// Words of the dictionary, so that random text holds longer ones than chance would bring.
fn words() -> impl Strategy<Value = String> {
    static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let files = Files::embedded();
        let lines = files.get("dictionary.tsv").lines().skip(1);
        let lines = lines.chain(files.get("lexicon.tsv").lines().skip(1));
        let words = lines.filter_map(|line| line.split('\t').next());
        words.map(str::to_owned).collect()
    });
    any::<prop::sample::Index>().prop_map(|index| index.get(WORDS.as_slice()).clone())
}

fn pieces() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => words(),
        1 => "[一-龥]{1,4}",
        1 => "[a-zA-Z0-9+#&._%\\-]{1,6}",
        1 => "[，。、“”（）\\r\\n　 ×α]{1,2}",
        1 => "[\\x{3400}-\\x{3410}\\x{f900}-\\x{f910}\\x{20000}-\\x{20010}\\x{2ceb0}\\x{2ebf0}]{1,2}",
        1 => "\\PC{1,3}",
    ]
}

proptest! {
    #[test]
    fn tokens_of_random_text_are_those_of_jieba(pieces in prop::collection::vec(pieces(), 0..20)) {
        let text = pieces.concat();
        prop_assert_eq!(difference(&OURS, &JIEBA, &text), None);
    }

    #[test]
    fn tokens_of_cut_words_are_those_of_jieba(
        words in prop::collection::vec(words(), 1..8),
        from in 0usize..4,
    ) {
        // Words whose ends are missing run into each other.
        let text: String = words.concat().chars().skip(from).collect();
        prop_assert_eq!(difference(&OURS, &JIEBA, &text), None);
    }
}

#[test]
fn every_word_of_the_dictionary_is_known_as_to_jieba() {
    let files = Files::embedded();
    for line in files.get("dictionary.tsv").lines().skip(1) {
        let word = line.split('\t').next().unwrap();
        assert_eq!(difference(&OURS, &JIEBA, word), None);
        assert!(JIEBA.has_word(word), "{word}");
    }
}
