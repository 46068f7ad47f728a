//! How much commoner a word is in one corpus than in another.

use super::cell;

/// How often a word stands in a corpus and in the one that it is held against, of how many words
/// each.
///
/// ```
/// use zhengsou::statistics::Frequencies;
/// let word = Frequencies { here: 30, size: 10_000, there: 15, other_size: 20_000 };
/// assert_eq!(word.log_ratio(), 2.0);
/// assert!((word.percent_difference().unwrap() - 300.0).abs() < 1e-9);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Frequencies {
    /// Occurrences in the corpus.
    pub here: u64,
    /// Words of the corpus; not 0.
    pub size: u64,
    /// Occurrences in the other one.
    pub there: u64,
    /// Words of the other one; not 0.
    pub other_size: u64,
}

impl Frequencies {
    /// Returns whether the word is commoner in the corpus than in the other one.
    pub fn is_over(&self) -> bool {
        u128::from(self.here) * u128::from(self.other_size)
            > u128::from(self.there) * u128::from(self.size)
    }

    /// Returns the frequencies with the corpora in each other's place.
    #[must_use]
    pub fn mirrored(self) -> Self {
        Frequencies {
            here: self.there,
            size: self.other_size,
            there: self.here,
            other_size: self.size,
        }
    }

    /// Returns the log-likelihood ratio G² = 2 Σ O ln(O/E) over the word's two frequencies, as the
    /// calculators of corpus linguistics have it: the cells of all other words, which hardly differ
    /// from what is expected, are left out.
    ///
    /// P. Rayson and R. Garside, Comparing corpora using frequency profiling, Workshop on Comparing
    /// Corpora, ACL 2000. 3.84 stands for p = 0.05, 10.83 for 0.001, 15.13 for 0.0001, each for one
    /// word alone.
    pub fn log_likelihood(&self) -> f64 {
        let [here, size, there, other_size] =
            [self.here, self.size, self.there, self.other_size].map(|count| count as f64);
        let rate = (here + there) / (size + other_size);
        2.0 * (cell(here, size * rate) + cell(there, other_size * rate))
    }

    /// Returns the binary logarithm of the ratio of relative frequencies: 1 is twice as common, −1
    /// half as common. A frequency of 0 counts as 0.5.
    ///
    /// A. Hardie, Log Ratio: an informal introduction, CASS, Lancaster 2014.
    pub fn log_ratio(&self) -> f64 {
        let frequency = |count: u64| match count {
            0 => 0.5,
            count => count as f64,
        };
        let here = frequency(self.here) / self.size as f64;
        let there = frequency(self.there) / self.other_size as f64;
        (here / there).log2()
    }

    /// Returns %DIFF, by how many per cent the relative frequency is higher than in the other
    /// corpus; `None` for a word that does not stand there.
    ///
    /// C. Gabrielatos and A. Marchi, Keyness: appropriate metrics and practical issues, CADS 2012.
    pub fn percent_difference(&self) -> Option<f64> {
        let here = self.here as f64 / self.size as f64;
        let there = self.there as f64 / self.other_size as f64;
        (self.there > 0).then(|| (here - there) * 100.0 / there)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_those_of_the_papers() {
        let word = |here, there| Frequencies {
            here,
            size: 1_000,
            there,
            other_size: 1_000,
        };
        assert_eq!(word(20, 20).log_likelihood(), 0.0);
        assert!(!word(20, 20).is_over() && word(21, 20).is_over());
        // By hand: both expect 15.
        let expected = 2.0 * (20.0 * (20.0_f64 / 15.0).ln() + 10.0 * (10.0_f64 / 15.0).ln());
        assert!((word(20, 10).log_likelihood() - expected).abs() < 1e-9);
        assert_eq!(word(20, 10).log_ratio(), 1.0);
        assert_eq!(word(2, 0).log_ratio(), 2.0);
        assert_eq!(word(0, 2).log_ratio(), -2.0);
        assert_eq!(word(5, 10).percent_difference(), Some(-50.0));
        assert_eq!(word(5, 0).percent_difference(), None);
    }
}
