//! Two texts → the places at which they differ.
//!
//! Figures and Latin words differ as wholes (2,800 → 3,000), everything else by characters.

use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use crate::model::{Change, CharSpan};

/// After so long the rest of two texts is called different: no two near copies need a tenth of it.
const PATIENCE: Duration = Duration::from_millis(500);

/// Returns where two texts differ, in order; empty if they are equal.
///
/// ```
/// use zhengsou::near::changes;
/// let changed = changes("粮食2,800吨。", "粮食总产3,000吨");
/// let cut: Vec<_> = changed.iter().map(|change| (change.here, change.there)).collect();
/// assert_eq!(cut, [([2, 7], [2, 9]), ([8, 9], [10, 10])]);
/// ```
pub fn changes(here: &str, there: &str) -> Vec<Change> {
    let (one, two) = (tokens(here), tokens(there));
    let (old, new) = (texts(&one), texts(&two));
    let deadline = Some(Instant::now() + PATIENCE);
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &old, &new, deadline);
    let span = |tokens: &[(CharSpan, &str)], start: usize, size: usize| -> [usize; 2] {
        let end = tokens.last().map_or(0, |(span, _)| span.end);
        let at = |index: usize| tokens.get(index).map_or(end, |(span, _)| span.start);
        [at(start), at(start + size)]
    };
    ops.into_iter()
        .filter(|op| !matches!(op, DiffOp::Equal { .. }))
        .map(|op| {
            let (old, new) = (op.old_range(), op.new_range());
            Change {
                here: span(&one, old.start, old.len()),
                there: span(&two, new.start, new.len()),
            }
        })
        .collect()
}

/// Joins changes between which less than three characters are equal: what is left of a reworded
/// clause reads better as one change than as crumbs.
pub fn readable(changes: Vec<Change>) -> Vec<Change> {
    let mut joined: Vec<Change> = Vec::with_capacity(changes.len());
    for change in changes {
        match joined.last_mut() {
            // What is put in may be told at the begin of what was taken out right before.
            Some(last) if change.here[0] < last.here[1] + 3 => {
                last.here[1] = last.here[1].max(change.here[1]);
                last.there[1] = last.there[1].max(change.there[1]);
            }
            _ => joined.push(change),
        }
    }
    joined
}

fn texts<'a>(tokens: &[(CharSpan, &'a str)]) -> Vec<&'a str> {
    tokens.iter().map(|(_, text)| *text).collect()
}

/// Cuts a text into figures, Latin words and single characters.
fn tokens(text: &str) -> Vec<(CharSpan, &str)> {
    let mut tokens: Vec<(CharSpan, &str)> = Vec::new();
    let mut chars = text.char_indices().enumerate().peekable();
    while let Some((at, (byte, character))) = chars.next() {
        let (mut end, mut byte_end) = (at + 1, byte + character.len_utf8());
        if character.is_ascii_alphanumeric() {
            let mut last = character;
            while let Some(&(next, (byte, character))) = chars.peek() {
                let joins = match character {
                    // Only between digits: a comma that ends a clause is none of the figure.
                    ',' | '.' => {
                        last.is_ascii_digit()
                            && text[byte + 1..].starts_with(|next: char| next.is_ascii_digit())
                    }
                    _ => character.is_ascii_alphanumeric(),
                };
                if !joins {
                    break;
                }
                (end, byte_end, last) = (next + 1, byte + 1, character);
                chars.next();
            }
        }
        tokens.push((CharSpan::new(at, end), &text[byte..byte_end]));
    }
    tokens
}
