//! Two reports → the ratio of their times, class by class, with an interval.

use super::draw::Draw;
use super::measure::median;
use crate::model::{BenchReport, Comparison};

/// Samples of the bootstrap.
const SAMPLES: usize = 2_000;

/// Compares the classes that both reports have.
pub fn compare(before: &BenchReport, now: &BenchReport) -> Vec<Comparison> {
    let mut found = Vec::new();
    for class in &now.classes {
        let Some(old) = before.classes.iter().find(|old| old.name == class.name) else {
            continue;
        };
        if old.medians.is_empty() || class.medians.is_empty() {
            continue;
        }
        let paired = old.queries == class.queries && old.medians.len() == class.medians.len();
        let ratios: Vec<f64> = class
            .medians
            .iter()
            .zip(&old.medians)
            .map(|(now, before)| now / before.max(f64::MIN_POSITIVE))
            .collect();
        let mut draw = Draw::new(7);
        let mut again = |values: &[f64]| {
            let sample: Vec<f64> = values.iter().map(|_| *draw.one(values)).collect();
            median(&sample)
        };
        let mut sampled: Vec<f64> = (0..SAMPLES)
            .map(|_| match paired {
                true => again(&ratios),
                false => again(&class.medians) / again(&old.medians),
            })
            .collect();
        sampled.sort_by(f64::total_cmp);
        let (before, now) = (median(&old.medians), median(&class.medians));
        found.push(Comparison {
            class: class.name.clone(),
            before,
            now,
            ratio: if paired {
                median(&ratios)
            } else {
                now / before
            },
            interval: [sampled[SAMPLES / 40], sampled[SAMPLES - 1 - SAMPLES / 40]],
            paired,
        });
    }
    found
}
