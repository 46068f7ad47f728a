//! Text with marked ranges → pieces, which templates write escaped, one after another.
//!
//! Invariant: pieces put together are the text, steering characters as blanks; no markup is made
//! here.

use crate::model::{Change, HighlightKind};
use crate::present::layout::clean;

/// A piece of text, marked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// The characters.
    pub(super) text: String,
    /// How it is set.
    pub(super) set: Set,
}

/// How a piece is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    /// As it is.
    Plain,
    /// As what matched, with a class that says why; empty for verbatim.
    Marked(&'static str),
    /// As what another text has in its place.
    Gone,
    /// As what another text lacks.
    Come,
}

impl Piece {
    /// Returns whether the piece is what matched.
    pub(super) fn is_mark(&self) -> bool {
        matches!(self.set, Set::Marked(_))
    }

    /// Returns whether it stands in the other text only.
    pub(super) fn is_gone(&self) -> bool {
        self.set == Set::Gone
    }

    /// Returns whether it stands in this text only.
    pub(super) fn is_come(&self) -> bool {
        self.set == Set::Come
    }

    /// Returns the class of a match that is not verbatim.
    pub(super) fn class(&self) -> &'static str {
        match self.set {
            Set::Marked(class) => class,
            _ => "",
        }
    }
}

/// Cuts a text at ranges, `[start, end)` in characters; those that overlap become one.
pub(super) fn marked(text: &str, ranges: &[[usize; 2]], kinds: &[HighlightKind]) -> Vec<Piece> {
    let mut cutter = Cutter::new(text);
    for (index, [start, end]) in ranges.iter().enumerate() {
        let class = match kinds.get(index) {
            Some(HighlightKind::Restored) => "restored",
            Some(HighlightKind::Alias) => "alias",
            Some(HighlightKind::Word) => "word",
            Some(HighlightKind::Phrase) | None => "",
        };
        cutter.take(*start, Set::Plain);
        cutter.take(*end, Set::Marked(class));
    }
    cutter.finish()
}

/// Cuts a copy's text where it differs from another's, with what the other has instead.
pub(super) fn compared(here: &str, there: &str, changes: &[Change]) -> Vec<Piece> {
    let here: Vec<char> = here.chars().collect();
    let mut cutter = Cutter::new(there);
    for change in changes {
        cutter.take(change.there[0], Set::Plain);
        let [start, end] = change.here;
        if let Some(gone) = here.get(start..end) {
            cutter.push(gone.iter().collect(), Set::Gone);
        }
        cutter.take(change.there[1], Set::Come);
    }
    cutter.finish()
}

struct Cutter {
    characters: Vec<char>,
    done: usize,
    pieces: Vec<Piece>,
}

impl Cutter {
    fn new(text: &str) -> Self {
        Cutter {
            characters: clean(text).chars().collect(),
            done: 0,
            pieces: Vec::new(),
        }
    }

    /// Takes what lies before `end` and was not taken yet.
    fn take(&mut self, end: usize, set: Set) {
        let end = end.min(self.characters.len());
        if end > self.done {
            let text = self.characters[self.done..end].iter().collect();
            self.push(text, set);
            self.done = end;
        }
    }

    fn push(&mut self, text: String, set: Set) {
        if !text.is_empty() {
            self.pieces.push(Piece { text, set });
        }
    }

    fn finish(mut self) -> Vec<Piece> {
        self.take(usize::MAX, Set::Plain);
        self.pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pieces_make_up_the_text(
            text in ".{0,12}",
            ranges in proptest::collection::vec([0usize..16, 0usize..16], 0..5),
        ) {
            let pieces = marked(&text, &ranges, &[]);
            let whole: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
            prop_assert_eq!(whole, clean(&text));
        }
    }

    fn shown(pieces: &[Piece]) -> String {
        let show = |piece: &Piece| match piece.set {
            Set::Plain => piece.text.clone(),
            Set::Marked(class) => format!("[{}{class}]", piece.text),
            Set::Gone => format!("-{}-", piece.text),
            Set::Come => format!("+{}+", piece.text),
        };
        pieces.iter().map(show).collect()
    }

    #[test]
    fn ranges_are_marked_with_their_kind() {
        let kinds = [HighlightKind::Phrase, HighlightKind::Alias];
        let pieces = marked("推进乡村振兴和卫计委", &[[2, 6], [7, 10]], &kinds);
        assert_eq!(shown(&pieces), "推进[乡村振兴]和[卫计委alias]");
    }

    #[test]
    fn changes_show_both_sides() {
        let change = |here, there| Change { here, there };
        let changes = [change([2, 4], [2, 4]), change([5, 5], [5, 6])];
        let pieces = compared("增长60万吨", "增长61万大吨", &changes);
        assert_eq!(shown(&pieces), "增长-60-+61+万+大+吨");
    }
}
