//! Grades of a ranking → nDCG, reciprocal rank, recall and success, as the field's tools have them.

use std::collections::BTreeMap;

use serde::Serialize;

/// How well a ranking answers a query, each from 0 to 1; or the mean over several queries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Measures {
    /// Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen 2002; the
    /// gain is the grade, the discount log₂(rank + 1), as in `trec_eval`).
    #[serde(rename = "ndcg@10")]
    pub ndcg_10: f64,
    /// One over the rank of the first answer among the first ten, 0 without one.
    #[serde(rename = "mrr@10")]
    pub mrr_10: f64,
    /// Whether the first is an answer.
    #[serde(rename = "success@1")]
    pub success_1: f64,
    /// Share of the answers among the first ten.
    #[serde(rename = "recall@10")]
    pub recall_10: f64,
    /// Share of the answers among the first hundred.
    #[serde(rename = "recall@100")]
    pub recall_100: f64,
}

impl Measures {
    /// Returns the mean; nothing of nothing.
    pub fn mean<'a>(all: impl IntoIterator<Item = &'a Measures>) -> Measures {
        let (mut sum, mut count) = (Measures::default(), 0.0);
        for one in all {
            count += 1.0;
            sum = sum.join(one, |a, b| a + b);
        }
        let count = f64::max(count, 1.0);
        sum.join(&sum, |a, _| a / count)
    }

    fn join(&self, other: &Measures, with: impl Fn(f64, f64) -> f64) -> Measures {
        Measures {
            ndcg_10: with(self.ndcg_10, other.ndcg_10),
            mrr_10: with(self.mrr_10, other.mrr_10),
            success_1: with(self.success_1, other.success_1),
            recall_10: with(self.recall_10, other.recall_10),
            recall_100: with(self.recall_100, other.recall_100),
        }
    }
}

/// Measures a ranking: names of documents, best first, against the grades of the judged ones.
///
/// ```
/// use std::collections::BTreeMap;
/// let grades = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 1)]);
/// let found = zhengsou::eval::measure(&["x", "a"], &grades);
/// assert_eq!((found.mrr_10, found.recall_10), (0.5, 0.5));
/// ```
pub fn measure(found: &[&str], grades: &BTreeMap<String, u32>) -> Measures {
    let gained = |name: &&str| grades.get(*name).copied().unwrap_or(0);
    let gains: Vec<u32> = found.iter().map(gained).collect();
    let mut ideal: Vec<u32> = grades.values().copied().collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let answers = ideal.iter().filter(|grade| **grade > 0).count();
    let among = |first: usize| gains.iter().take(first).filter(|gain| **gain > 0).count();
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    let first = gains.iter().take(10).position(|gain| *gain > 0);
    Measures {
        ndcg_10: share(discounted(&gains), discounted(&ideal)),
        mrr_10: first.map_or(0.0, |place| 1.0 / (place as f64 + 1.0)),
        success_1: among(1) as f64,
        recall_10: share(among(10) as f64, answers as f64),
        recall_100: share(among(100) as f64, answers as f64),
    }
}

/// Returns the discounted cumulative gain of the first ten: Σ grade / log₂(rank + 1).
fn discounted(gains: &[u32]) -> f64 {
    let discount = |place: usize| f64::log2(place as f64 + 2.0);
    let first = gains.iter().take(10).enumerate();
    first.fold(0.0, |sum, (place, gain)| {
        sum + f64::from(*gain) / discount(place)
    })
}
