//! Sentences → how like they are in what they are about: the cosine of their pairs of letters.
//!
//! Two sentences on one task share words, not clauses: of 编制长江国家文化公园保护规划 and
//! 长江国家文化公园规划已经编制 a comparison by long pieces sees little. Pairs of letters are weighted
//! by their rarity, so that what every sentence holds counts for nothing (G. Salton and C. Buckley,
//! Term-weighting approaches in automatic text retrieval, 1988).

use std::collections::BTreeMap;

use crate::analyze::is_letter;
use crate::model::CharSpan;

/// Two letters that stand side by side.
pub type Bigram = [char; 2];

/// Letters of the shortest sentence that is compared by itself.
const LEAST: usize = 8;

/// The pairs of a text with their weights, of length 1.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Vector(Vec<(Bigram, f64)>);

impl Vector {
    /// Weighs the pairs of folded characters: (1 + ln of their number) times their rarity.
    pub fn of(folded: &[char], rarity: impl Fn(Bigram) -> f64) -> Self {
        let mut counts: BTreeMap<Bigram, f64> = BTreeMap::new();
        for pair in bigrams(folded) {
            *counts.entry(pair).or_default() += 1.0;
        }
        let weigh = |(pair, count): (Bigram, f64)| (pair, (1.0 + count.ln()) * rarity(pair));
        let mut weights: Vec<(Bigram, f64)> = counts.into_iter().map(weigh).collect();
        let length = weights
            .iter()
            .map(|(_, weight)| weight * weight)
            .sum::<f64>()
            .sqrt();
        if length > 0.0 {
            weights.iter_mut().for_each(|(_, weight)| *weight /= length);
        }
        Vector(weights)
    }
}

/// Returns the pairs of letters that stand side by side in folded characters.
pub fn bigrams(folded: &[char]) -> impl Iterator<Item = Bigram> {
    let pairs = folded.windows(2).map(|pair| [pair[0], pair[1]]);
    pairs.filter(|pair| pair.iter().all(|&character| is_letter(character)))
}

/// Returns the cosine of two vectors, 0 to 1.
pub fn cosine(one: &Vector, two: &Vector) -> f64 {
    let (mut sum, mut rest) = (0.0, two.0.as_slice());
    for (pair, weight) in &one.0 {
        while let [(other, _), after @ ..] = rest
            && other < pair
        {
            rest = after;
        }
        if let [(other, other_weight), ..] = rest
            && other == pair
        {
            sum += weight * other_weight;
        }
    }
    f64::min(sum, 1.0)
}

/// Cuts a text into its sentences, as spans of characters; those of less than eight letters belong
/// to none, unless the text has no other: then it is one.
///
/// ```
/// use zhengsou::near::sentences;
/// let spans = sentences("各位代表！全面推进乡村振兴战略。深化国资国企改革；稳。");
/// let cut: Vec<_> = spans.iter().map(|span| (span.start, span.end)).collect();
/// assert_eq!(cut, [(5, 16), (16, 25)]);
/// ```
pub fn sentences(text: &str) -> Vec<CharSpan> {
    let mut sentences = Vec::new();
    let (mut start, mut letters, mut length) = (0, 0, 0);
    let mut close = |start: usize, end: usize, letters: usize| {
        if letters >= LEAST {
            sentences.push(CharSpan::new(start, end));
        }
    };
    for (at, character) in text.chars().enumerate() {
        letters += usize::from(is_letter(character));
        length = at + 1;
        if matches!(
            character,
            '。' | '！' | '？' | '；' | ';' | '!' | '?' | '\n'
        ) {
            close(start, length, letters);
            (start, letters) = (length, 0);
        }
    }
    close(start, length, letters);
    if sentences.is_empty() {
        sentences.push(CharSpan::new(0, length));
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(text: &str) -> Vector {
        Vector::of(&text.chars().collect::<Vec<_>>(), |_| 1.0)
    }

    #[test]
    fn like_and_unlike() {
        let one = vector("编制文化公园规划");
        assert!((cosine(&one, &one) - 1.0).abs() < 1e-12);
        // 文化, 化公, 公园 of seven and six pairs.
        let two = vector("文化公园，建成");
        assert!((cosine(&one, &two) - 3.0 / (7.0_f64 * 4.0).sqrt()).abs() < 1e-12);
        assert_eq!(cosine(&one, &vector("粮食增产")), 0.0);
        assert_eq!(cosine(&one, &vector("，。")), 0.0);
    }
}
