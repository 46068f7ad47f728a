//! Long paragraphs → passages, cut at the ends of sentences.

use std::ops::Range;

/// A paragraph of more characters than this is cut.
const MAX_CHARS: usize = 3000;

/// A piece of a long paragraph has at least so many characters before the cut is looked for.
const PIECE_CHARS: usize = 1200;

/// Cuts `text[from..]` into pieces that tile it.
pub(super) fn pieces(text: &str, from: usize) -> Vec<Range<usize>> {
    // Three bytes a character, so a text of fewer bytes needs no counting.
    if text.len() - from <= MAX_CHARS || text[from..].chars().nth(MAX_CHARS).is_none() {
        return std::iter::once(from..text.len()).collect();
    }
    let mut pieces = Vec::new();
    let (mut start, mut count, mut ended) = (from, 0, false);
    for (offset, c) in text[from..].char_indices() {
        let place = from + offset;
        // A closing quote belongs to the sentence that it closes.
        let due = ended && !matches!(c, '”' | '’' | '）' | ')' | '』' | '」' | '》');
        if due || count >= MAX_CHARS {
            pieces.push(start..place);
            (start, count, ended) = (place, 0, false);
        }
        count += 1;
        if count >= PIECE_CHARS {
            ended |= matches!(c, '。' | '！' | '？');
        }
    }
    pieces.push(start..text.len());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_tile_and_end_with_sentences() {
        let text = "全县经济平稳运行，“稳中有进。”".repeat(400);
        let pieces = pieces(&text, 6);
        assert!(pieces.len() > 1);
        let mut end = 6;
        for piece in pieces {
            assert_eq!(piece.start, end);
            assert!(text[piece.clone()].ends_with("。”"));
            assert!(text[piece.clone()].chars().count() <= MAX_CHARS);
            end = piece.end;
        }
        assert_eq!(end, text.len());
    }

    #[test]
    fn a_text_without_sentences_is_cut_nonetheless() {
        let text = "字".repeat(10_000);
        assert_eq!(pieces(&text, 0).len(), 4);
        assert_eq!(pieces("短", 0).len(), 1);
    }
}
