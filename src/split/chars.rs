//! Small questions about characters that several stages ask.

use std::borrow::Cow;

/// Marks that close a sentence.
pub(super) const SENTENCE_ENDS: [char; 6] = ['。', '！', '？', '!', '?', '…'];

/// Returns the text without white space; most lines have none.
pub(super) fn squeeze(text: &str) -> Cow<'_, str> {
    match text.contains(char::is_whitespace) {
        true => Cow::Owned(text.chars().filter(|c| !c.is_whitespace()).collect()),
        false => Cow::Borrowed(text),
    }
}

/// Returns whether the text has at most `limit` characters, without counting all of a long one.
pub(super) fn is_short(text: &str, limit: usize) -> bool {
    // A character has at most four bytes and Han have three, so most texts need no counting.
    text.len() <= limit || (text.len() <= limit * 4 && text.chars().nth(limit).is_none())
}

/// Returns whether the text ends a sentence, closing quotes and brackets left aside.
pub(super) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['”', '’', '"', '）', ')', '』', '」', '》'])
        .ends_with(SENTENCE_ENDS)
}

/// Returns whether the text ends in a mark that leaves the sentence open or in one that closes it.
pub(super) fn ends_in_mark(text: &str) -> bool {
    text.ends_with([
        '。', '！', '？', '!', '?', '…', '；', ';', '，', ',', '、', '：', ':',
    ])
}

/// Returns whether `holds` is true of two bytes that stand one behind the other. All are asked,
/// without a way out, of which compilers make comparisons of 16 at once.
pub(super) fn any_pair(bytes: &[u8], holds: impl Fn(u8, u8) -> bool) -> bool {
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    pairs.fold(false, |any, (&byte, &next)| any | holds(byte, next))
}

/// Returns the whole characters among the first bytes of a text.
pub(super) fn prefix(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
