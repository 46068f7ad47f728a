//! Integration tests; each module says what belongs in it.

mod split;
mod tag;
