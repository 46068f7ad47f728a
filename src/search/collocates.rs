//! A concept and a slice → the words that stand near it, from the texts of the passages that hold it.

use std::collections::HashMap;
use std::ops::Range;

use tantivy::{DocAddress, TERMINATED};

use super::Index;
use super::corpus::texts;
use super::occurrences::Sought;
use super::slices::{NONE, Slices};
use super::verbatim::Place;
use crate::analyze::sentence_ends;
use crate::error::Result;
use crate::model::Window;

/// What stands near a node.
#[derive(Debug, Default, PartialEq)]
pub struct Neighbours {
    /// Occurrences of the node.
    pub occurrences: u64,
    /// Passages that hold one.
    pub passages: u64,
    /// Words that are the node or parts of it.
    pub node_words: u64,
    /// Words in windows.
    pub window_words: u64,
    /// For each word that stands in a window or is a part of the node.
    pub words: HashMap<String, Near>,
}

/// How often a word stands near a node.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Near {
    /// In windows, left of the node.
    pub left: u64,
    /// In windows, right of it.
    pub right: u64,
    /// As the node or a part of it.
    pub node: u64,
}

/// A passage with its occurrences.
struct Holder {
    address: DocAddress,
    places: Vec<Place>,
}

/// Where a word stands to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Node,
}

/// Finds the words around all occurrences.
///
/// # Errors
/// If the index cannot be read.
pub fn neighbours(
    node: &Sought,
    slices: &Slices,
    window: Window,
    index: &Index<'_>,
) -> Result<Neighbours> {
    let holders = index.guarded(|| holders(node, slices, index))?;
    let mut found = Neighbours::default();
    let work = |holder: &Holder, text: &str| {
        let folded = index.analyzer.fold(text);
        let ranges = index.analyzer.word_ranges(&folded);
        let sides = sides(&folded, &ranges, &holder.places, window);
        let words = sides
            .into_iter()
            .map(|(word, side)| (folded[ranges[word].clone()].to_owned(), side));
        words.collect::<Vec<_>>()
    };
    let each = |holder: &Holder, words: Vec<(String, Side)>| {
        found.occurrences += holder.places.len() as u64;
        found.passages += 1;
        for (word, side) in words {
            let near = found.words.entry(word).or_default();
            let (count, all) = match side {
                Side::Left => (&mut near.left, &mut found.window_words),
                Side::Right => (&mut near.right, &mut found.window_words),
                Side::Node => (&mut near.node, &mut found.node_words),
            };
            *count += 1;
            *all += 1;
        }
    };
    texts(&holders, |holder| holder.address, work, each, index)?;
    Ok(found)
}

/// Returns the passages of the slice that hold the node, by segment and document.
fn holders(node: &Sought, slices: &Slices, index: &Index<'_>) -> Result<Vec<Holder>> {
    let mut holders = Vec::new();
    for (ordinal, reader) in index.segments() {
        let mut collect = || -> tantivy::Result<()> {
            let mut occurrences = node.open(index.fields.chars, reader, true, index)?;
            while occurrences.doc() != TERMINATED && !index.cancellation.is_cancelled() {
                let doc = occurrences.doc();
                if slices.pair_of[ordinal][doc as usize] != NONE {
                    let places = occurrences.places().to_vec();
                    if !places.is_empty() {
                        holders.push(Holder {
                            address: DocAddress::new(ordinal as u32, doc),
                            places,
                        });
                    }
                }
                occurrences.advance();
            }
            Ok(())
        };
        index.checked(collect())?;
    }
    Ok(holders)
}

/// Returns the words of a folded text that stand in windows or are parts of the node, each once, in
/// order. `places` are those of the node in characters without blanks.
fn sides(
    folded: &str,
    words: &[Range<usize>],
    places: &[Place],
    window: Window,
) -> Vec<(usize, Side)> {
    let spans = dense(folded, words);
    let ends = sentence_ends(folded);
    let mut sides: Vec<Option<(Side, usize)>> = vec![None; words.len()];
    for &place in places {
        let (start, end) = (place.start as usize, place.end as usize);
        // Words before `first` end before the node, those from `last` on begin behind it.
        let first = spans.partition_point(|span| span.end <= start);
        let last = spans.partition_point(|span| span.start < end);
        for side in &mut sides[first..last] {
            *side = Some((Side::Node, 0));
        }
        let sentence = sentence_of(start, end, &ends);
        let reach = |near: usize, far: usize| match window {
            Window::Words(words) => near <= words,
            Window::Characters(characters) => far <= characters,
        };
        let mut offer = |word: usize, side: Side, distance: usize| match &mut sides[word] {
            // The node before it comes first, and keeps what is as near.
            Some((_, known)) if *known <= distance => {}
            known => *known = Some((side, distance)),
        };
        for (steps, word) in (1..).zip((0..first).rev()) {
            let span = &spans[word];
            if span.start < sentence.start || !reach(steps, start - span.start) {
                break;
            }
            offer(word, Side::Left, distance(window, steps, start - span.end));
        }
        for (steps, word) in (1..).zip(last..words.len()) {
            let span = &spans[word];
            if span.end > sentence.end || !reach(steps, span.end - end) {
                break;
            }
            offer(word, Side::Right, distance(window, steps, span.start - end));
        }
    }
    let found = sides.into_iter().enumerate();
    found
        .filter_map(|(word, side)| side.map(|(side, _)| (word, side)))
        .collect()
}

/// Returns how far a word is; not 0, which is the node itself.
fn distance(window: Window, steps: usize, characters: usize) -> usize {
    match window {
        Window::Words(_) => steps,
        Window::Characters(_) => characters + 1,
    }
}

/// Returns from where to where the sentences of a node reach, in characters without blanks.
fn sentence_of(start: usize, end: usize, ends: &[u64]) -> Range<usize> {
    let before = ends.partition_point(|&at| at as usize <= start);
    let from = before.checked_sub(1).map_or(0, |last| ends[last] as usize);
    let behind = ends.partition_point(|&at| (at as usize) < end);
    let to = ends.get(behind).map_or(usize::MAX, |&at| at as usize);
    from..to
}

/// Returns where words stand, in characters without blanks.
fn dense(folded: &str, words: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut spans = Vec::with_capacity(words.len());
    let (mut byte, mut place) = (0, 0);
    let mut upto = |end: usize| {
        let piece = folded[byte..end].chars();
        place += piece.filter(|&character| character != ' ').count();
        byte = end;
        place
    };
    for word in words {
        let start = upto(word.start);
        spans.push(start..upto(word.end));
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::Analyzer;
    use crate::schema::Schema;

    /// Writes the words near 乡村 as `<word` left of it, `word>` right of it, `[word]` in it.
    fn check(text: &str, window: Window, expected: &str) {
        let analyzer = Analyzer::new(&Schema::embedded().unwrap());
        let folded = analyzer.fold(text);
        let letters: Vec<char> = folded.chars().filter(|&at| at != ' ').collect();
        let places: Vec<Place> = (0..letters.len().saturating_sub(1))
            .filter(|&at| letters[at..at + 2] == ['乡', '村'])
            .map(|at| Place {
                start: at as u32,
                end: at as u32 + 2,
            })
            .collect();
        let words = analyzer.word_ranges(&folded);
        let shown: Vec<String> = sides(&folded, &words, &places, window)
            .into_iter()
            .map(|(word, side)| {
                let word = &folded[words[word].clone()];
                match side {
                    Side::Left => format!("<{word}"),
                    Side::Right => format!("{word}>"),
                    Side::Node => format!("[{word}]"),
                }
            })
            .collect();
        assert_eq!(shown.join(" "), expected, "{text}");
    }

    #[test]
    fn windows_end_with_their_sentence() {
        let text = "粮食增产。全面推进乡村改革，改善环境。农民增收。";
        check(text, Window::Words(2), "<全面 <推进 [乡村] 改革> 改善>");
        check(
            text,
            Window::Words(9),
            "<全面 <推进 [乡村] 改革> 改善> 环境>",
        );
        check(
            text,
            Window::Characters(5),
            "<全面 <推进 [乡村] 改革> 改善>",
        );
        check(text, Window::Characters(4), "<全面 <推进 [乡村] 改革>");
        check(text, Window::Words(0), "[乡村]");
    }

    #[test]
    fn a_word_between_two_nodes_counts_once_and_to_the_nearer() {
        let text = "乡村发展带动乡村";
        check(text, Window::Words(5), "[乡村] 发展> <带动 [乡村]");
        check("乡村发展乡村", Window::Words(5), "[乡村] 发展> [乡村]");
    }

    #[test]
    fn a_longer_word_that_holds_the_node_is_a_part_of_it() {
        check(
            "推进乡村振兴战略",
            Window::Words(1),
            "<推进 [乡村振兴] 战略>",
        );
    }
}
