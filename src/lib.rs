//! Full-text search for Chinese government work reports (政府工作报告, 工作总结, 工作计划).
//!
//! Files go in; passages with their report, section, agency, region and year stand in an index;
//! exact, ranked, counted and citable answers come out.
//!
//! The folders are the architecture; each module says what it turns into what:
//!
//! | module | turns | into |
//! |---|---|---|
//! | [`model`] | | the nouns: plain data without I/O |
//! | [`schema`] | `index_schema/` | checked rules and word lists |
//! | [`read`] | bytes | decoded text with its markup marked |
//! | [`split`] | text | reports, headings, passages, dropped noise |
//! | [`tag`] | split reports | agency, region, level, years, kinds |
//! | [`analyze`] | text | folded characters and words, with offsets |
//! | [`near`] | folded texts | groups of near copies |
//! | [`index`] | tagged passages | a tantivy index on disk |
//! | [`query`] | what was typed | a syntax tree |
//! | [`plan`] | a syntax tree | what to match and what to rank by |
//! | [`search`] | a plan | ranked hits, facets, snippets |
//! | [`pipeline`] | a folder | a committed index |
//! | [`engine`] | a [`SearchRequest`] | a [`SearchResponse`] |
//! | [`formulas`] | folded texts | strings that recur in them |
//! | [`statistics`] | counts | the measures of corpus linguistics |
//! | [`eval`] | judged queries and answers | the field's measures |
//! | [`typed`] | what is typed | filters and facets of a request |
//! | [`mod@bench`] | an index | how fast it answers; a corpus of any size |
//! | [`present`] | answers | text, JSON, CSV |
//! | `serve` | requests over HTTP | answers: API and web page (feature `serve`) |
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod analyze;
pub mod bench;
mod cancellation;
pub mod engine;
mod error;
pub mod eval;
pub mod formulas;
pub mod index;
pub mod model;
pub mod near;
pub mod pipeline;
pub mod plan;
pub mod present;
pub mod query;
pub mod read;
pub mod schema;
pub mod search;
#[cfg(feature = "serve")]
pub mod serve;
pub mod split;
pub mod statistics;
pub mod tag;
pub mod typed;

pub use cancellation::{CancelOnDrop, Cancellation};
pub use engine::Engine;
pub use error::{Error, ErrorKind, Result};
pub use model::{SearchRequest, SearchResponse};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
