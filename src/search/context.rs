//! What stands before passages → what it adds to their scores.
//!
//! What a passage lacks and one of those before it holds counts for a share: a place or a subject
//! is named once and holds on.

use super::order::Order;
use super::sums::Sums;
use crate::schema::Ranking;

/// Returns for each place a share of what the passages before hold and this one lacks, and the
/// same for its report, if reports are ranked.
pub(super) fn contexts(
    sums: &Sums,
    places: &[usize],
    order: &Order,
    weights: &Ranking,
) -> Vec<(f32, f32)> {
    let reach = weights.reach as usize;
    let by_report = sums.by_report();
    let first = |place: usize| order.reports[order.report_of[place] as usize].first as usize;
    // What one term scores at the places that are asked for, all others at the end.
    let mut wanted = Wanted::among(order.passages.len());
    let mut reports = Wanted::among(order.reports.len());
    for &place in places {
        wanted.extend(order.before(place, reach).chain([place]));
        if by_report {
            wanted.extend(order.before(first(place), reach));
            reports.extend(std::iter::once(order.report_of[place] as usize));
        }
    }
    let mut contexts = vec![(0.0, 0.0); places.len()];
    for term in &sums.terms {
        wanted.fill(&term.passages);
        reports.fill(&term.reports);
        for (&place, (in_passage, in_report)) in places.iter().zip(&mut contexts) {
            let lacking = |place: usize, own: f32| {
                let before = order
                    .before(place, reach)
                    .map(|before| wanted.value(before));
                (before.fold(0.0, f32::max) - own).max(0.0)
            };
            *in_passage += weights.context * lacking(place, wanted.value(place));
            if by_report {
                let own = reports.value(order.report_of[place] as usize);
                *in_report += weights.report * weights.context * lacking(first(place), own);
            }
        }
    }
    contexts
}

/// Some numbers out of many, with a value each.
struct Wanted {
    /// One bit for each number, so that most are passed over within the nearest cache.
    bits: Vec<u64>,
    /// For each number, where its value stands; 0 for those that are not wanted.
    slots: Vec<u32>,
    values: Vec<f32>,
}

impl Wanted {
    fn among(count: usize) -> Self {
        Wanted {
            bits: vec![0; count.div_ceil(64)],
            slots: vec![0; count],
            values: vec![0.0],
        }
    }

    fn extend(&mut self, numbers: impl Iterator<Item = usize>) {
        for number in numbers {
            if self.slots[number] == 0 {
                self.bits[number / 64] |= 1 << (number % 64);
                self.slots[number] = self.values.len() as u32;
                self.values.push(0.0);
            }
        }
    }

    /// Takes the values of those that are wanted; 0 for those that have none.
    fn fill(&mut self, values: &[(u32, f32)]) {
        self.values.fill(0.0);
        for &(number, value) in values {
            if self.bits[number as usize / 64] & (1 << (number % 64)) != 0 {
                self.values[self.slots[number as usize] as usize] = value;
            }
        }
    }

    fn value(&self, number: usize) -> f32 {
        self.values[self.slots[number] as usize]
    }
}
