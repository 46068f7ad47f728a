//! A text that was pasted, and a text of the index → how much of the one stands in the other, and
//! where.
//!
//! The measure is the share of the pasted text's shingles that the other text holds (containment:
//! Broder 1997), so that a sentence inside a long paragraph counts as found.

use std::collections::{HashMap, HashSet};

use super::print::{is_mark, letters};
use super::shingles::{self, SIZE};
use crate::analyze::{Folded, is_letter};
use crate::model::CharSpan;

/// Letters and digits of the shortest text that can be compared.
pub const LEAST_LETTERS: usize = SIZE;

/// A text that others are compared with.
#[derive(Debug)]
pub struct Asked {
    letters: Letters,
    /// Where in the letters each shingle stands, first place first.
    shingles: HashMap<u64, Vec<u32>>,
}

/// Letters with their places in the text as written.
#[derive(Debug)]
struct Letters {
    chars: Vec<char>,
    spans: Vec<CharSpan>,
}

/// How two texts overlap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap {
    /// Share of the asked text's shingles that the other holds, 0 to 1.
    pub contained: f64,
    /// Share of the other's shingles that the asked text holds, 0 to 1.
    pub covered: f64,
    /// Jaccard similarity of the sets of shingles, 0 to 1.
    pub jaccard: f64,
}

/// Where two texts say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The stretch of the asked text, in its characters.
    pub here: CharSpan,
    /// The stretch of the other text, in its characters.
    pub there: CharSpan,
    /// Letters and digits of the longest piece that stands in both.
    pub longest: usize,
}

impl Letters {
    fn of(folded: &Folded) -> Self {
        let counts = |character: char| is_letter(character) || is_mark(character);
        let places = folded.chars.iter().zip(&folded.spans);
        let (chars, spans) = places.filter(|(character, _)| counts(**character)).unzip();
        Letters { chars, spans }
    }

    /// Returns the characters of the text as written from one letter to before another.
    fn span(&self, from: usize, to: usize) -> CharSpan {
        CharSpan::new(self.spans[from].start, self.spans[to - 1].end)
    }
}

impl Asked {
    /// Takes a folded text; `None` if it has fewer than [`LEAST_LETTERS`] letters and digits.
    pub fn of(folded: &Folded) -> Option<Self> {
        let letters = Letters::of(folded);
        let mut shingles: HashMap<u64, Vec<u32>> = HashMap::new();
        for (at, shingle) in (0..).zip(shingles::hashes(&letters.chars)) {
            shingles.entry(shingle).or_default().push(at);
        }
        (!shingles.is_empty()).then_some(Asked { letters, shingles })
    }

    /// Returns the letters and digits, in order.
    pub fn letters(&self) -> &[char] {
        &self.letters.chars
    }

    /// Compares a folded text.
    ///
    /// ```
    /// use zhengsou::{analyze::Analyzer, near::Asked, schema::Schema};
    /// let analyzer = Analyzer::new(&Schema::embedded()?);
    /// let asked = Asked::of(&analyzer.fold_mapped("全面推进乡村振兴。")).unwrap();
    /// let overlap = asked.overlap("今年，我们全面推进乡村振兴，粮食增产。");
    /// assert_eq!((overlap.contained, overlap.covered), (1.0, 4.0 / 12.0));
    /// # Ok::<(), zhengsou::Error>(())
    /// ```
    pub fn overlap(&self, folded: &str) -> Overlap {
        let letters = letters(folded);
        let others: HashSet<u64> = shingles::hashes(&letters).collect();
        let shared = others
            .iter()
            .filter(|shingle| self.shingles.contains_key(shingle));
        let shared = shared.count();
        let share = |of: usize| shared as f64 / of.max(1) as f64;
        Overlap {
            contained: share(self.shingles.len()),
            covered: share(others.len()),
            jaccard: share(self.shingles.len() + others.len() - shared),
        }
    }

    /// Finds where a text says the same: the stretch that holds the most shingles of the asked text
    /// with the fewest others among them; `None` if no shingle is shared.
    pub fn stretch(&self, folded: &Folded) -> Option<Stretch> {
        let other = Letters::of(folded);
        let places: Vec<Option<&Vec<u32>>> = shingles::hashes(&other.chars)
            .map(|shingle| self.shingles.get(&shingle))
            .collect();
        // The largest sum of a run: a shared shingle counts 2, another −1.
        let (mut best, mut sum, mut start) = ((0, 0, 0), 0_i64, 0);
        for (at, place) in places.iter().enumerate() {
            if sum <= 0 {
                (sum, start) = (0, at);
            }
            sum += if place.is_some() { 2 } else { -1 };
            if sum > best.0 {
                best = (sum, start, at + 1);
            }
        }
        let (_, first, last) = best;
        let (first_here, last_here) = (
            *places.get(first).copied().flatten()?.first()? as usize,
            *places
                .get(last.checked_sub(1)?)
                .copied()
                .flatten()?
                .last()? as usize
                + SIZE,
        );
        let (mut from, mut to) = (first, last - 1 + SIZE);
        // Two places of a shingle that stands twice: the stretch is then what lies between, at least
        // the piece itself.
        let (mut here, mut here_end) = match first_here < last_here {
            true => (first_here, last_here),
            false => (first_here, first_here + SIZE),
        };
        let longest = self.longest(&places);
        // A figure or a word that differs at an edge lies before the first shared shingle or behind
        // the last; where more of the asked text is left there, the texts have parted.
        let widened = |left: usize, room: usize| match left <= EDGE {
            true => left.min(room),
            false => 0,
        };
        let before = widened(here, from);
        (here, from) = (here - before, from - before);
        let behind = widened(self.letters.chars.len() - here_end, other.chars.len() - to);
        (here_end, to) = (here_end + behind, to + behind);
        Some(Stretch {
            here: self.letters.span(here, here_end),
            there: other.span(from, to),
            longest,
        })
    }

    /// Returns the pieces of a text that stand in the asked one, in its characters, in order.
    pub fn shared(&self, folded: &Folded) -> Vec<CharSpan> {
        let other = Letters::of(folded);
        let mut shared: Vec<(usize, usize)> = Vec::new();
        for (at, shingle) in shingles::hashes(&other.chars).enumerate() {
            if !self.shingles.contains_key(&shingle) {
                continue;
            }
            match shared.last_mut() {
                Some((_, end)) if at <= *end => *end = at + SIZE,
                _ => shared.push((at, at + SIZE)),
            }
        }
        let spans = shared.into_iter();
        spans.map(|(from, to)| other.span(from, to)).collect()
    }

    /// Returns the letters of the longest piece that stands in both texts, from the places of the
    /// other's shingles here.
    fn longest(&self, places: &[Option<&Vec<u32>>]) -> usize {
        let mut longest = 0;
        // For each place here at which a run ended with the last shingle, its length.
        let mut runs: HashMap<u32, usize> = HashMap::new();
        for place in places {
            let mut next = HashMap::new();
            for &at in place.map_or(&[][..], Vec::as_slice) {
                let run = at.checked_sub(1).and_then(|before| runs.get(&before));
                let run = run.copied().unwrap_or(0) + 1;
                longest = longest.max(run + SIZE - 1);
                next.insert(at, run);
            }
            runs = next;
        }
        longest
    }
}

/// Most letters of the asked text by which a stretch is widened at an edge.
const EDGE: usize = 8;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analyze::Analyzer;
    use crate::schema::Schema;

    fn analyzer() -> Analyzer {
        Analyzer::new(&Schema::embedded().unwrap())
    }

    fn check(asked: &str, text: &str, here: &str, there: &str, longest: usize) {
        let analyzer = analyzer();
        let found = Asked::of(&analyzer.fold_mapped(asked)).unwrap();
        let stretch = found.stretch(&analyzer.fold_mapped(text)).unwrap();
        let cut = |text: &str, span: CharSpan| -> String {
            text.chars().skip(span.start).take(span.len()).collect()
        };
        assert_eq!(cut(asked, stretch.here), here);
        assert_eq!(cut(text, stretch.there), there);
        assert_eq!(stretch.longest, longest);
    }

    #[test]
    fn a_sentence_is_found_in_a_paragraph() {
        check(
            "全面推进乡村振兴，建设宜居宜业和美乡村。",
            "一年来，我们坚持农业农村优先发展，全面推进乡村振兴，建设美丽宜居乡村，粮食总产稳定。今后五年再上台阶。",
            "全面推进乡村振兴，建设宜居宜业和美乡村",
            "全面推进乡村振兴，建设美丽宜居乡村，粮食",
            10,
        );
    }

    #[test]
    fn a_changed_figure_at_the_edge_belongs_to_the_stretch() {
        check(
            "2800亩高标准农田全部建成，带动农户增收。",
            "3000亩高标准农田全部建成，带动农户增收！",
            "2800亩高标准农田全部建成，带动农户增收",
            "3000亩高标准农田全部建成，带动农户增收",
            18,
        );
    }

    #[test]
    fn what_is_too_short_or_shares_nothing() {
        let analyzer = analyzer();
        assert!(Asked::of(&analyzer.fold_mapped("乡村振兴。")).is_none());
        let asked = Asked::of(&analyzer.fold_mapped("全面推进乡村振兴")).unwrap();
        assert_eq!(asked.overlap("粮食总产稳定增长").contained, 0.0);
        assert!(
            asked
                .stretch(&analyzer.fold_mapped("粮食总产稳定增长"))
                .is_none()
        );
        assert_eq!(asked.overlap("").jaccard, 0.0);
    }

    proptest! {
        #[test]
        fn spans_lie_in_their_texts(one in "[一二三四，。a1 ]{0,40}", two in "[一二三四，。a1 ]{0,40}") {
            let analyzer = analyzer();
            if let Some(asked) = Asked::of(&analyzer.fold_mapped(&one)) {
                let overlap = asked.overlap(&analyzer.fold(&two));
                prop_assert!((0.0..=1.0).contains(&overlap.contained));
                let stretch = asked.stretch(&analyzer.fold_mapped(&two));
                prop_assert_eq!(stretch.is_some(), overlap.contained > 0.0);
                let pieces = asked.shared(&analyzer.fold_mapped(&two));
                prop_assert_eq!(!pieces.is_empty(), overlap.contained > 0.0);
                let in_order = pieces.windows(2).all(|pair| pair[0].end <= pair[1].start);
                prop_assert!(in_order && pieces.iter().all(|at| at.end <= two.chars().count()));
                if let Some(stretch) = stretch {
                    prop_assert!(stretch.here.end <= one.chars().count());
                    prop_assert!(stretch.there.end <= two.chars().count());
                    prop_assert!(stretch.longest >= SIZE && stretch.longest <= asked.letters().len());
                }
            }
        }
    }
}
