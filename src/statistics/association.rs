//! How much two things go together, from their two-by-two table.

use super::cell;

/// The margins and the first cell of a two-by-two table of things that are `one`, `other`, both or
/// neither.
///
/// ```
/// use zhengsou::statistics::Contingency;
/// let table = Contingency { both: 10, one: 20, other: 30, all: 1_000 };
/// assert!((table.mutual_information() - (10.0_f64 * 1_000.0 / (20.0 * 30.0)).log2()).abs() < 1e-12);
/// assert!(table.is_attracted());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contingency {
    /// How many are both.
    pub both: u64,
    /// How many are the one, the others included.
    pub one: u64,
    /// How many are the other, the ones included.
    pub other: u64,
    /// How many there are; not 0.
    pub all: u64,
}

impl Contingency {
    /// Returns how many would be both if one said nothing about the other.
    pub fn expected(&self) -> f64 {
        self.one as f64 * self.other as f64 / self.all as f64
    }

    /// Returns whether more are both than expected.
    pub fn is_attracted(&self) -> bool {
        u128::from(self.both) * u128::from(self.all) > u128::from(self.one) * u128::from(self.other)
    }

    /// Returns the log-likelihood ratio G² = 2 Σ O ln(O/E) over the four cells.
    ///
    /// T. Dunning, Accurate methods for the statistics of surprise and coincidence, Computational
    /// Linguistics 19(1), 1993. It grows with the evidence; 3.84 stands for p = 0.05, 10.83 for
    /// 0.001, 15.13 for 0.0001, each for one table alone.
    pub fn log_likelihood(&self) -> f64 {
        let [both, one, other, all] =
            [self.both, self.one, self.other, self.all].map(|count| count as f64);
        let of = |observed: f64, row: f64, column: f64| cell(observed, row * column / all);
        2.0 * (of(both, one, other)
            + of(one - both, one, all - other)
            + of(other - both, all - one, other)
            + of(all - one - other + both, all - one, all - other))
    }

    /// Returns the mutual information of the pair, log₂ O₁₁/E₁₁: how many times as often as
    /// expected, in powers of two; minus infinity if none is both.
    ///
    /// K. W. Church and P. Hanks, Word association norms, mutual information, and lexicography,
    /// Computational Linguistics 16(1), 1990. It favours rare words: a bound on counts belongs to it.
    pub fn mutual_information(&self) -> f64 {
        (self.both as f64 / self.expected()).log2()
    }

    /// Returns logDice, 14 + log₂ (2 f(x,y) / (f(x) + f(y))): at most 14 where no thing is counted
    /// twice; one point more is twice as much. It does not hang on the size of the whole.
    ///
    /// P. Rychlý, A lexicographer-friendly association score, RASLAN 2008.
    pub fn log_dice(&self) -> f64 {
        log_dice(self.both, self.one, self.other)
    }
}

/// Returns logDice of two frequencies and of how often the two go together; see
/// [`Contingency::log_dice`].
pub fn log_dice(together: u64, one: u64, other: u64) -> f64 {
    14.0 + (2.0 * together as f64 / (one as f64 + other as f64)).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(both: u64, one: u64, other: u64, all: u64) -> Contingency {
        Contingency {
            both,
            one,
            other,
            all,
        }
    }

    #[test]
    fn measures_are_those_of_the_papers() {
        // Independent: as common with the one as without.
        let even = table(10, 100, 100, 1000);
        assert!(even.log_likelihood().abs() < 1e-9 && !even.is_attracted());
        assert_eq!(even.mutual_information(), 0.0);
        // Dunning's formula by hand.
        let only = table(10, 10, 10, 100);
        let expected = 2.0 * (10.0 * 10.0_f64.ln() + 90.0 * (10.0_f64 / 9.0).ln());
        assert!((only.log_likelihood() - expected).abs() < 1e-9);
        assert!(only.is_attracted());
        assert_eq!(only.log_dice(), 14.0);
        assert_eq!(table(5, 10, 10, 100).log_dice(), 13.0);
        assert_eq!(
            table(0, 10, 10, 100).mutual_information(),
            f64::NEG_INFINITY
        );
    }
}
