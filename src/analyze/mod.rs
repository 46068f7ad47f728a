//! Text → terms: the one analyzer of index and query.
//!
//! A text is folded once ([`fold`]); the folded text has two faces: character bigrams carry
//! exactness, words carry ranking ([`segment`]).
//!
//! Invariant: index and query go through the same [`Analyzer`]; its fingerprint stands in every
//! index, and an index made under another one is refused.

pub mod fold;
pub mod segment;

use std::ops::Range;

pub use fold::{Folded, Folder, strip_blanks};
pub use segment::{Scratch, Segmenter};

use crate::schema::Schema;

/// Raised by hand when folding or tokens change.
const VERSION: u32 = 2;

/// The one analyzer. Cheap to share behind an `Arc`.
///
/// ```
/// use zhengsou::{analyze::Analyzer, schema::Schema};
/// let analyzer = Analyzer::new(&Schema::embedded()?);
/// assert_eq!(analyzer.fold("Ｄ建引领　２０２３年"), "党建引领2023年");
/// assert_eq!(analyzer.words("全面推进乡村振兴。"), ["全面", "推进", "乡村振兴"]);
/// # Ok::<(), zhengsou::Error>(())
/// ```
#[derive(Debug)]
pub struct Analyzer {
    folder: Folder,
    segmenter: Segmenter,
    fingerprint: String,
}

impl Analyzer {
    /// Makes the analyzer of a schema.
    pub fn new(schema: &Schema) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(format!("analyzer {VERSION}; {}", segment::SEGMENTER).as_bytes());
        hasher.update(schema.fingerprint().as_bytes());
        Analyzer {
            folder: Folder::new(schema),
            segmenter: Segmenter::new(schema),
            fingerprint: hasher.finalize().to_hex()[..16].to_owned(),
        }
    }

    /// Folds a text.
    pub fn fold(&self, text: &str) -> String {
        self.folder.fold(text)
    }

    /// Folds a text and keeps each character's place.
    pub fn fold_mapped(&self, text: &str) -> Folded {
        self.folder.fold_mapped(text)
    }

    /// Returns the folded forms, without blanks, under which a query text may stand in the index.
    pub fn query_forms(&self, text: &str) -> Vec<String> {
        self.folder.query_forms(text)
    }

    /// Returns the words of a text, folded, in order.
    pub fn words(&self, text: &str) -> Vec<String> {
        let folded = self.fold(text);
        self.segmenter
            .words(&folded)
            .into_iter()
            .map(|word| folded[word].to_owned())
            .collect()
    }

    /// Returns the byte ranges of the words of a folded text.
    pub fn word_ranges(&self, folded: &str) -> Vec<Range<usize>> {
        self.segmenter.words(folded)
    }

    /// Returns the shared segmenter.
    pub fn segmenter(&self) -> &Segmenter {
        &self.segmenter
    }

    /// Returns the hash of everything that decides about tokens, 16 hexadecimal digits.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// Returns whether a character is a letter or a digit; most are Han or marks of Chinese text, which
/// need no table.
#[inline]
pub(crate) fn is_letter(character: char) -> bool {
    match character {
        '\u{4e00}'..='\u{9fff}' => true,
        '\u{2010}'..='\u{2027}' | '\u{3001}'..='\u{3004}' | '\u{3008}'..='\u{3020}' => false,
        _ => character.is_alphanumeric(),
    }
}

/// Returns, for each sentence of a folded text, the number of characters before its end, blanks
/// not counted. Closing quotes and brackets belong to the sentence that they close.
pub(crate) fn sentence_ends(folded: &str) -> Vec<u64> {
    let (mut ends, mut characters, mut rest) = (Vec::new(), 0, folded);
    while let Some(mark) = sentence_mark(rest) {
        let behind = rest[mark..].trim_start_matches(|character| {
            matches!(
                character,
                '。' | '!' | '?' | '”' | '’' | '"' | '\'' | ')' | ']' | '》' | ' '
            )
        });
        if behind.is_empty() {
            break;
        }
        let sentence = &rest[..rest.len() - behind.len()];
        let blanks = sentence.bytes().filter(|&byte| byte == b' ').count();
        characters += sentence.chars().count() - blanks;
        ends.push(characters as u64);
        rest = behind;
    }
    ends
}

/// Returns where the first mark stands that ends a sentence.
fn sentence_mark(folded: &str) -> Option<usize> {
    let bytes = folded.as_bytes();
    let mut first_bytes = memchr::memchr3_iter(b'!', b'?', "。".as_bytes()[0], bytes);
    first_bytes.find(|&place| bytes[place].is_ascii() || folded[place..].starts_with('。'))
}

#[cfg(test)]
mod tests;
