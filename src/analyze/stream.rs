//! The two faces of a folded text as tantivy token streams.
//!
//! *Bigrams* are the verbatim face: token *i* holds characters *i* and *i + 1* at position *i*; the
//! last character stands alone. Every substring of two characters or more is a run of them, and
//! every character begins exactly one, so that single characters are a range of the dictionary.
//! Blanks count for nothing.
//!
//! *Words* are the ranking face: the segmenter's words in order, without positions. *Letters* help
//! it where words are cut or coined otherwise: single letters and digits, without positions.

use std::ops::Range;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::segment::{Scratch, Segmenter};

/// Makes the bigrams of a folded text.
#[derive(Debug, Clone, Default)]
pub struct BigramTokenizer;

/// The bigrams of one text.
#[derive(Debug)]
pub struct BigramStream<'a> {
    text: &'a str,
    /// Byte offset of the character that the next token begins with.
    next: usize,
    token: Token,
}

impl Tokenizer for BigramTokenizer {
    type TokenStream<'a> = BigramStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> BigramStream<'a> {
        BigramStream {
            text,
            next: 0,
            token: Token {
                position: usize::MAX,
                ..Token::default()
            },
        }
    }
}

impl TokenStream for BigramStream<'_> {
    fn advance(&mut self) -> bool {
        let rest = self.text.get(self.next..).unwrap_or_default();
        let mut chars = rest
            .char_indices()
            .filter(|&(_, character)| character != ' ');
        let Some((start, first)) = chars.next() else {
            return false;
        };
        self.token.text.clear();
        self.token.text.push(first);
        self.token.offset_from = self.next + start;
        match chars.next() {
            Some((offset, second)) => {
                self.token.text.push(second);
                self.token.offset_to = self.next + offset + second.len_utf8();
                self.next += offset;
            }
            None => {
                self.token.offset_to = self.next + start + first.len_utf8();
                self.next = self.text.len();
            }
        }
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

/// Makes the letters of a folded text.
#[derive(Debug, Clone, Default)]
pub struct LetterTokenizer;

/// The letters of one text.
#[derive(Debug)]
pub struct LetterStream<'a> {
    rest: std::str::CharIndices<'a>,
    token: Token,
}

impl Tokenizer for LetterTokenizer {
    type TokenStream<'a> = LetterStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> LetterStream<'a> {
        LetterStream {
            rest: text.char_indices(),
            token: Token {
                position: usize::MAX,
                ..Token::default()
            },
        }
    }
}

impl TokenStream for LetterStream<'_> {
    fn advance(&mut self) -> bool {
        let Some((start, letter)) = self.rest.find(|(_, found)| super::is_letter(*found)) else {
            return false;
        };
        self.token.text.clear();
        self.token.text.push(letter);
        self.token.offset_from = start;
        self.token.offset_to = start + letter.len_utf8();
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
