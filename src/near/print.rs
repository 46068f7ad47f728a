//! A folded text → what is kept of it to find its copies: hashes and a MinHash signature.
//!
//! A signature has one byte a row: the hash of the smallest shingle under the row's permutation
//! (b-bit MinHash: Li and König 2010). Two texts agree in a row with the probability of their
//! Jaccard similarity, plus 1/256.
//!
//! Prints are kept in the index: whoever changes them raises its format.

use super::shingles::{self, mixed, next};
use crate::analyze::is_letter;

/// Texts of at most so many letters fold only when they are equal.
pub const SHORT: usize = 20;

/// Rows of a signature.
const ROWS: usize = 24;
/// Rows of a band: texts that agree in all rows of one band are compared further.
const BAND: usize = 3;
/// Bands of a signature. At a Jaccard similarity of 0.8 a pair shares one with a probability of
/// 1 − (1 − 0.8³)⁸ = 0.997.
pub(super) const BANDS: usize = ROWS / BAND;

/// Stands for figures and redactions in a masked text.
const PLACEHOLDER: char = '#';

/// Odd multipliers, one a row: each is a permutation of the 16-bit numbers. Of these every
/// processor multiplies and compares eight at once. The price: different texts of 1,000 shingles agree
/// in a row by chance with a probability of 1/256 + 1/131.
static MULTIPLIERS: [i16; ROWS] = multipliers();

/// What is kept of a text to find its copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Print {
    /// Hash of the letters, digits and marks of redaction: exact copies share it.
    pub fold: u64,
    /// Number of letters and digits.
    pub length: u64,
    /// What finds near copies; `None` for a short text.
    pub near: Option<Near>,
}

/// What finds the near copies of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// Hash of the text with its figures and redactions masked; the text's own hash if it has few
    /// other letters.
    pub mask: u64,
    /// MinHash signature of its shingles.
    pub signature: Signature,
}

/// A MinHash signature of 24 rows of 8 bits, row 0 in the lowest byte of the first word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Signature(pub [u64; 3]);

impl Print {
    /// Takes the print of a folded text.
    ///
    /// ```
    /// use zhengsou::near::Print;
    /// let print = |text: &str| Print::of(text);
    /// let first = print("全年新建高标准农田2800亩，完成投资1.2亿元，带动1300户农户增收。");
    /// let second = print("全年新建高标准农田3000亩，完成投资××亿元，带动900户农户增收。");
    /// assert_ne!(first.fold, second.fold);
    /// assert_eq!(first.near.map(|near| near.mask), second.near.map(|near| near.mask));
    /// assert_eq!(print("各位代表：").near, None);
    /// ```
    pub fn of(folded: &str) -> Self {
        let letters = letters(folded);
        let length = letters.iter().filter(|&&letter| !is_mark(letter)).count();
        let fold = shingles::hash(&letters);
        let near = (length > SHORT).then(|| Near {
            mask: mask(&letters).unwrap_or(fold),
            signature: Signature::of(&letters),
        });
        Print {
            fold,
            length: length as u64,
            near,
        }
    }
}

impl Signature {
    fn of(letters: &[char]) -> Self {
        let mut smallest = [i16::MAX; ROWS];
        // Gathered first: the loop below is then one of arrays, twice as fast.
        let hashes: Vec<i16> = shingles::hashes(letters)
            .map(|hash| (hash >> 48) as i16)
            .collect();
        for shingle in hashes {
            for row in 0..ROWS {
                smallest[row] = smallest[row].min(shingle.wrapping_mul(MULTIPLIERS[row]));
            }
        }
        let mut words = [0; 3];
        for (row, smallest) in smallest.into_iter().enumerate() {
            // Minima are mostly near the least number: mixed before one byte is taken.
            let byte = (smallest as u16).wrapping_mul(0x9e37) >> 8;
            words[row / 8] |= u64::from(byte) << (row % 8 * 8);
        }
        Signature(words)
    }

    /// Returns the rows of a band as one number.
    pub(super) fn band(&self, band: usize) -> u32 {
        let rows = band * BAND..(band + 1) * BAND;
        rows.fold(0, |key, row| {
            key << 8 | (self.0[row / 8] >> (row % 8 * 8)) as u32 & 0xff
        })
    }

    /// Returns in how many rows two signatures agree.
    pub(super) fn agreement(&self, other: &Self) -> u32 {
        const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
        let equal = |(one, two): (&u64, &u64)| {
            let different = one ^ two;
            // The high bit of each byte that is not zero.
            let marked = (((different & LOW) + LOW) | different) & !LOW;
            8 - marked.count_ones()
        };
        self.0.iter().zip(&other.0).map(equal).sum()
    }

    /// Rows in which two signatures must agree to be compared by their texts: 13 of 24. A pair at
    /// 0.8 falls below with a probability of 0.001.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.agreement(other) > ROWS as u32 / 2
    }
}

/// Returns the characters of a folded text that count: letters, digits, marks of redaction.
pub fn letters(folded: &str) -> Vec<char> {
    let mut letters = Vec::with_capacity(folded.len() / 3);
    for character in folded.chars() {
        if is_letter(character) || is_mark(character) {
            letters.push(character);
        }
    }
    letters
}

/// Returns whether a character stands where something was blacked out: 投资××亿元, 张**.
pub(super) fn is_mark(character: char) -> bool {
    matches!(character, '×' | '*' | '○' | '□')
}

/// Returns the hash of a text whose figures and redactions are one placeholder each; `None` if few
/// other letters are left, which then say little.
fn mask(letters: &[char]) -> Option<u64> {
    let mut masked = 0;
    let mut others = 0;
    let mut was_figure = false;
    let mut rest = letters;
    while let Some((&letter, after)) = rest.split_first() {
        let mut size = 1;
        let is_figure = match letter {
            '某' => true,
            '\u{4e00}'..='\u{9fff}' => false,
            'x' => {
                // XX亿元 is a redaction, the x of excel and of max is not.
                size += after.iter().take_while(|&&letter| letter == 'x').count();
                let before = letters[..letters.len() - rest.len()].last();
                !is_latin(before) && !is_latin(rest.get(size))
            }
            _ => letter.is_numeric() || is_mark(letter),
        };
        let (run, after) = rest.split_at(size);
        rest = after;
        if !is_figure {
            others += size;
            masked = run.iter().fold(masked, |hash, &letter| next(hash, letter));
        } else if !was_figure {
            masked = next(masked, PLACEHOLDER);
        }
        was_figure = is_figure;
    }
    (others > SHORT).then(|| mixed(masked))
}

fn is_latin(letter: Option<&char>) -> bool {
    letter.is_some_and(char::is_ascii_alphabetic)
}

const fn multipliers() -> [i16; ROWS] {
    let mut multipliers = [0; ROWS];
    let mut row = 0;
    while row < ROWS {
        multipliers[row] = (mixed(row as u64 + 1) >> 48) as i16 | 1;
        row += 1;
    }
    multipliers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> Option<u64> {
        mask(&letters(text))
    }

    #[test]
    fn figures_and_redactions_are_masked_and_letters_are_not() {
        let text = "全年实现地区生产总值28亿元，增长6.5%，居民收入平稳增长，民生持续改善。";
        for (other, same) in [
            (
                "全年实现地区生产总值××亿元，增长7%，居民收入平稳增长，民生持续改善。",
                true,
            ),
            (
                "全年实现地区生产总值xx亿元，增长x%，居民收入平稳增长，民生持续改善。",
                true,
            ),
            (
                "全年实现地区生产总值某亿元，增长**%，居民收入平稳增长，民生持续改善。",
                true,
            ),
            (
                "全年实现地区生产总值max亿元，增长6%，居民收入平稳增长，民生持续改善。",
                false,
            ),
            (
                "全年实现地区生产总值亿元，增长6.5%，居民收入平稳增长，民生持续改善。",
                false,
            ),
            (
                "全年实现地区生产总值二十八亿元，增长6.5%，居民收入平稳增长，民生持续改善。",
                false,
            ),
        ] {
            assert_eq!(masked(text) == masked(other), same, "{other}");
        }
    }

    #[test]
    fn a_table_row_is_not_masked() {
        assert_eq!(
            masked("2021年1234万元，2022年2345万元，2023年3456万元，2024年4567万元"),
            None
        );
    }

    #[test]
    fn a_long_run_costs_no_more_than_its_length() {
        let run = "x".repeat(1_000_000);
        assert_eq!(masked(&run), None);
        assert!(masked(&format!("a{run}")).is_some());
    }

    #[test]
    fn rows_agree_as_often_as_texts_are_alike() {
        let mut seed = 1_u64;
        let mut draw = || {
            seed = mixed(seed);
            char::from_u32(0x4e00 + (seed % 5000) as u32).unwrap_or('一')
        };
        let (mut rows, mut expected) = (0, 0.0);
        for _ in 0..2000 {
            let one: String = (0..200).map(|_| draw()).collect();
            let kept = one.chars().take(160).collect::<String>();
            let two: String = kept + &(0..40).map(|_| draw()).collect::<String>();
            let signature = |text: &str| Print::of(text).near.map(|near| near.signature);
            let (Some(first), Some(second)) = (signature(&one), signature(&two)) else {
                panic!("long texts have signatures")
            };
            rows += first.agreement(&second);
            let alike = shingles::Shingles::of(&one).similarity(&shingles::Shingles::of(&two));
            expected += alike.jaccard();
        }
        let mean = f64::from(rows) / 2000.0 / ROWS as f64;
        // A row of strangers agrees by chance once in 256 times.
        let expected = expected / 2000.0;
        let expected = expected + (1.0 - expected) / 256.0;
        assert!((mean - expected).abs() < 0.01, "{mean} {expected}");
    }

    #[test]
    fn agreement_counts_equal_bytes() {
        let one = Signature([0x0102_0304_0506_0708, 0, u64::MAX]);
        let two = Signature([0x0182_0300_0506_0708, 0x80, u64::MAX]);
        assert_eq!(one.agreement(&one), 24);
        assert_eq!(one.agreement(&two), 21);
        assert_eq!(one.band(0), 0x0008_0706);
        assert_eq!(two.band(2), 0x0082_0180);
    }
}
