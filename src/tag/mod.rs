//! Split reports → agency, region, level, years and kinds, each with its evidence.
//!
//! Invariant: text overrules the file's path; a place or agency that is only mentioned is not the
//! author; unknown stays unknown.

mod author;
mod ballot;
mod census;
mod dates;
mod kind;
mod place;
mod scene;
