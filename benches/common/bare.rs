//! Bare tantivy over the passages of an index: what ours is measured beside.
//!
//! Bigrams with positions, words and letters with frequencies, the fast fields of the facets, the
//! stored record.

use std::path::Path;

use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{Index, Searcher, TantivyDocument};
use zhengsou::Engine;
use zhengsou::analyze::{Analyzer, Segmenter};
use zhengsou::near::Print;

/// An index of tantivy's own.
pub(crate) struct Bare {
    pub(crate) searcher: Searcher,
    pub(crate) chars: Field,
    pub(crate) words: Field,
    pub(crate) letters: Field,
    pub(crate) record: Field,
}

impl Bare {
    /// Writes the passages of an index into another one, in as many threads as there are cores.
    pub(crate) fn of(engine: &Engine, analyzer: &Analyzer, folder: &Path) -> Self {
        let mut schema = Schema::builder();
        let text = |face: &str, detail| {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer(face)
                    .set_index_option(detail),
            )
        };
        let places = IndexRecordOption::WithFreqsAndPositions;
        let chars = schema.add_text_field("chars", text("bigrams", places));
        let counts = IndexRecordOption::WithFreqs;
        let words = schema.add_text_field("words", text("words", counts));
        let letters = schema.add_text_field("letters", text("letters", counts));
        let record = schema.add_bytes_field("record", STORED);
        let facets = ["region", "agency", "section_kind"]
            .map(|name| schema.add_text_field(name, STRING | FAST));
        let year = schema.add_i64_field("report_year", FAST);
        let report = schema.add_u64_field("report", FAST);
        let fold = schema.add_u64_field("fold", FAST);
        let mut index = Index::create_in_dir(folder, schema.build()).unwrap();
        let tokenizers = TokenizerManager::default();
        let words_of = Words(analyzer.segmenter().clone());
        tokenizers.register("words", TextAnalyzer::from(words_of));
        tokenizers.register("bigrams", TextAnalyzer::from(Windows(2)));
        tokenizers.register("letters", TextAnalyzer::from(Windows(1)));
        index.set_tokenizers(tokenizers);
        let mut writer = index.writer(200_000_000).unwrap();
        engine
            .export(&[], &mut |passage| {
                let mut document = TantivyDocument::default();
                let folded = analyzer.fold(&passage.text);
                document.add_u64(fold, Print::of(&folded).fold);
                document.add_text(words, &folded);
                document.add_text(letters, &folded);
                document.add_text(chars, folded);
                document.add_bytes(record, &serde_json::to_vec(&passage).unwrap());
                let id = u64::from_str_radix(&passage.report_id, 16).unwrap();
                document.add_u64(report, id);
                if let Some(value) = passage.report_year {
                    document.add_i64(year, i64::from(value));
                }
                let values = [passage.region, passage.agency, Some(passage.section_kind)];
                for (field, value) in facets.into_iter().zip(values) {
                    if let Some(value) = value {
                        document.add_text(field, value);
                    }
                }
                writer.add_document(document).is_ok()
            })
            .unwrap();
        writer.commit().unwrap();
        writer.wait_merging_threads().unwrap();
        Bare {
            searcher: index.reader().unwrap().searcher(),
            chars,
            words,
            letters,
            record,
        }
    }
}

/// Cuts a folded text into runs of so many characters, each beginning at every character.
#[derive(Clone)]
struct Windows(usize);

/// Cuts a folded text into its words.
#[derive(Clone)]
struct Words(Segmenter);

impl Tokenizer for Words {
    type TokenStream<'a> = ListStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ListStream {
        let words = self.0.words(text).into_iter().enumerate();
        let token = |(position, word): (usize, std::ops::Range<usize>)| Token {
            offset_from: word.start,
            offset_to: word.end,
            position,
            text: text[word].to_owned(),
            position_length: 1,
        };
        ListStream::of(words.map(token).collect())
    }
}

struct ListStream {
    tokens: std::vec::IntoIter<Token>,
    token: Token,
}

impl Tokenizer for Windows {
    type TokenStream<'a> = ListStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ListStream {
        let characters = text.char_indices().filter(|(_, char)| *char != ' ');
        let characters: Vec<(usize, char)> = characters.collect();
        let token = |at: usize| {
            let window = &characters[at..characters.len().min(at + self.0)];
            let (last, end) = window[window.len() - 1];
            Token {
                offset_from: window[0].0,
                offset_to: last + end.len_utf8(),
                position: at,
                text: window.iter().map(|(_, character)| *character).collect(),
                position_length: 1,
            }
        };
        let tokens: Vec<Token> = (0..characters.len()).map(token).collect();
        ListStream::of(tokens)
    }
}

impl ListStream {
    fn of(tokens: Vec<Token>) -> Self {
        ListStream {
            tokens: tokens.into_iter(),
            token: Token::default(),
        }
    }
}

impl TokenStream for ListStream {
    fn advance(&mut self) -> bool {
        match self.tokens.next() {
            Some(token) => {
                self.token = token;
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
