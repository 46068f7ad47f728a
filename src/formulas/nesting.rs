//! Strings that recur → formulas: those that mostly stand in a longer one are folded under it.

use std::collections::HashMap;

use super::Formula;
use super::recurring::Candidate;
use super::texts::Texts;

/// A string is folded if a longer one that is kept holds so many of five of its occurrences.
const NESTED: u64 = 4;

/// Returns the formulas among the candidates, by C-value.
pub(super) fn formulas(texts: &Texts, candidates: Vec<Candidate>) -> Vec<Formula> {
    let letters = |candidate: &Candidate| {
        let start = candidate.place as usize;
        &texts.letters[start..start + candidate.length as usize]
    };
    let numbers: HashMap<&[u16], usize> = candidates
        .iter()
        .enumerate()
        .map(|(number, candidate)| (letters(candidate), number))
        .collect();
    let shortest = candidates
        .iter()
        .map(|candidate| candidate.length)
        .min()
        .unwrap_or(1) as usize;
    // For each candidate: whether a longer one stands for it, how many hold it, how often they stand.
    let mut nested = vec![(false, 0_u64, 0_u64); candidates.len()];
    for longer in &candidates {
        let string = letters(longer);
        let mut inner: Vec<usize> = (shortest..string.len())
            .flat_map(|length| string.windows(length))
            .filter_map(|piece| numbers.get(piece).copied())
            .collect();
        inner.sort_unstable();
        inner.dedup();
        for number in inner {
            let (is_folded, count, sum) = &mut nested[number];
            *is_folded |=
                u64::from(longer.count) * 5 >= u64::from(candidates[number].count) * NESTED;
            *count += 1;
            *sum += u64::from(longer.count);
        }
    }
    let mut formulas: Vec<Formula> = candidates
        .iter()
        .zip(nested)
        .filter(|(_, (is_folded, ..))| !is_folded)
        .map(|(candidate, (_, holders, held))| {
            let own = f64::from(candidate.count) - held as f64 / holders.max(1) as f64;
            Formula {
                text: texts.spelt(letters(candidate)),
                count: u64::from(candidate.count),
                groups: u64::from(candidate.groups),
                first: texts.text_at(candidate.place),
                c_value: f64::from(candidate.length).log2() * own,
            }
        })
        .collect();
    formulas.sort_by(|one, two| {
        two.c_value
            .total_cmp(&one.c_value)
            .then(two.count.cmp(&one.count))
            .then_with(|| one.text.cmp(&two.text))
    });
    formulas
}
