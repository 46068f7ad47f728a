//! Counts → the measures of corpus linguistics: pure functions, each with the source of its
//! formula.
//!
//! | module | measures |
//! |---|---|
//! | [`association`] | how much two things go together: log-likelihood, MI, logDice |
//! | [`keyness`] | how much commoner a word is in one corpus than in another: log-likelihood, log ratio, %DIFF |
//!
//! Invariant: no counting here; the same counts give the same bits.

pub mod association;
pub mod keyness;

pub use association::Contingency;
pub use keyness::Frequencies;

/// Returns O ln(O/E), the part of a cell in a log-likelihood ratio; 0 for an empty cell, which is
/// the limit.
fn cell(observed: f64, expected: f64) -> f64 {
    match observed > 0.0 {
        true => observed * (observed / expected).ln(),
        false => 0.0,
    }
}
