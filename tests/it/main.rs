//! Integration tests: one binary, one module for each thing that is watched from outside.
//!
//! | module | what belongs there |
//! |---|---|
//! | `analyses` | collocates, key words, formulas, first uses, comparisons and follow-ups against a scan |
//! | `batch` | builds again and again: archives, what changed, moved or is gone, bounds, deleting |
//! | `bench` | measuring an index: every class with right answers, comparisons, made corpora |
//! | `cancelling` | answers that nobody wants any more: they end and leave nothing behind |
//! | `cli` | the command line itself: help, usage errors, language, what the READMEs show |
//! | `commands` | the commands over a small index: output, exit status, errors |
//! | `concordances` | `kwic` against counts, workbooks against CSV |
//! | `counting` | `count` and `trend` against scans of the exported passages |
//! | `durability` | what an index outlasts: full disks, second writers, readers while it changes, other rules |
//! | `formats_doc` | binary Word: automatic numbers against typed ones, the seed in it |
//! | `formats_docx` | Word documents: outlines, the corpora beside the project, damage |
//! | `formats_pdf` | PDF: a report set in many ways against its text, the seed, bombs, damage |
//! | `formats_rtf_odt` | RTF and OpenDocument: outlines, the seed beside the project, damage |
//! | `formats_tables` | CSV and workbooks: the same records as JSONL, figures, hostile ones |
//! | `formats_web` | web pages in the shapes of government sites: the article whole, the site gone |
//! | `hostile` | bad input of every kind: files, names, paths, queries, damaged indexes, signals |
//! | `kills` | builds killed at random moments: nothing that was committed is lost |
//! | `layers` | who may import whom, which crate may stand where, every file says what it is |
//! | `licences` | the licence of every dependency |
//! | `near` | near copies: groups against all pairs, order and increments, folding and what differs |
//! | `panels` | panels of counts against regular expressions, the same bytes for the same stamp, charts |
//! | `properties` | the invariants of the engine, over the samples and any corpus beside the project |
//! | `queries` | random queries of the whole grammar against a scan |
//! | `relevance` | how good the answers to judged queries are, where their texts are beside the project |
//! | `schema_files` | the files of `index_schema/`: listed, in order, proved by samples, replaceable |
//! | `segmenter` | tokens are those of jieba-rs, on real reports and random text |
//! | `server` | the server over a real socket: answers, pages, reloads, attacks |
//! | `split` | splitting the samples, the corpora and mixtures of traps: every character has one owner |
//! | `tag` | tags of whole reports, and of labelled ones beside the project |
//! | `verify` | `verify` and `optimize`: every flipped byte is found |
//! | `wordings` | `similar` and `related` against a comparison of all passages |
//! | `support` | what the others share; no tests |
//!
//! A unit's own tables stand beside it in `src/`; expected output that is longer than a few lines
//! stands in `tests/golden/`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what is wrong by panicking, in its helpers as well"
)]

mod analyses;
mod batch;
mod bench;
mod cancelling;
mod cli;
mod commands;
mod concordances;
mod counting;
mod durability;
mod formats_doc;
mod formats_docx;
mod formats_pdf;
mod formats_rtf_odt;
mod formats_tables;
mod formats_web;
mod hostile;
mod kills;
mod layers;
mod licences;
mod near;
mod panels;
mod properties;
mod queries;
mod relevance;
mod schema_files;
mod segmenter;
mod server;
mod split;
mod support;
mod tag;
mod verify;
mod wordings;
