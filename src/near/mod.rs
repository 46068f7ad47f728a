//! Folded texts → groups of near copies.
//!
//! The unit is a distinct text: its letters, digits and marks of redaction, so that exact copies are
//! one unit ([`Print`]). Two texts of more than [`SHORT`] letters are near copies if the sets of
//! their five-character shingles have a Jaccard similarity of at least 0.8 ([`Shingles`]), or if
//! they are equal but for figures and redactions. MinHash signatures find the pairs to compare
//! ([`components`]); the comparison itself is exact ([`groups`]).
//!
//! A text that was pasted is compared by how much of it another one holds ([`Asked`]).
//!
//! Invariant: every two texts of a group are near copies of each other: no chains.
//! Invariant: groups depend on the set of texts alone, not on order, threads or earlier runs.

mod align;
mod candidates;
mod cosine;
mod diff;
mod linkage;
mod overlap;
mod print;
mod shingles;

pub use align::{Pair, Piece, align};
pub use candidates::{LARGE, components};
pub use cosine::{Bigram, Vector, bigrams, cosine, sentences};
pub use diff::{changes, readable};
pub use linkage::{Text, groups};
pub use overlap::{Asked, LEAST_LETTERS, Overlap, Stretch};
pub use print::{Near, Print, SHORT, Signature, letters};
pub use shingles::{Shingles, Similarity};
