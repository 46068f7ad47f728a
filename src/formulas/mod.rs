//! Texts → strings that recur in them: the set phrases of a slice, nested ones folded.
//!
//! Every string of letters and digits that recurs is counted wherever it stands, overlaps included
//! ([`Texts::recurring`]). Kept are those that are no mere piece: what goes on, or began before, the
//! same way in all places is a part of a longer string; what seldom begins and ends where words do
//! is a fragment, and what begins or ends with a figure is a date or a sum. Of those kept, one that mostly stands in a longer one is folded under it
//! (`nesting`).
//!
//! Invariant: memory is two bytes a letter and a bound that does not hang on the texts, apart from
//! what is found.
//! Invariant: counts are those of a scan; threads change nothing.

mod nesting;
mod recurring;
mod texts;

pub use recurring::{Bounds, Recurring};
pub use texts::Texts;

/// A string that recurs.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// The string, folded.
    pub text: String,
    /// How often it stands in the texts.
    pub count: u64,
    /// How many groups of texts it stands in.
    pub groups: u64,
    /// The first text that holds it, by its number.
    pub first: usize,
    /// C-value: log₂ of its length times the occurrences that are its own, those in longer formulas
    /// taken off on average (K. Frantzi, S. Ananiadou and H. Mima, Automatic recognition of
    /// multi-word terms: the C-value/NC-value method, International Journal on Digital Libraries
    /// 3(2), 2000).
    pub c_value: f64,
}
