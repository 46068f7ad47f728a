//! The ranking face of a folded text as a tantivy token stream: the segmenter's words in order.

use std::ops::Range;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::segment::{Scratch, Segmenter};

/// Makes the words of a folded text.
#[derive(Debug, Clone)]
pub struct WordTokenizer {
    segmenter: Segmenter,
    scratch: Scratch,
    words: Vec<Range<usize>>,
}

impl WordTokenizer {
    /// Makes a tokenizer over a shared segmenter.
    pub fn new(segmenter: Segmenter) -> Self {
        WordTokenizer {
            segmenter,
            scratch: Scratch::default(),
            words: Vec::new(),
        }
    }
}

/// The words of one text.
#[derive(Debug)]
pub struct WordStream<'a> {
    text: &'a str,
    words: std::slice::Iter<'a, Range<usize>>,
    token: Token,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.segmenter
            .words_into(text, &mut self.scratch, &mut self.words);
        WordStream {
            text,
            words: self.words.iter(),
            token: Token {
                position: usize::MAX,
                ..Token::default()
            },
        }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.next() else {
            return false;
        };
        self.token.text.clear();
        self.token.text.push_str(&self.text[word.clone()]);
        self.token.offset_from = word.start;
        self.token.offset_to = word.end;
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
