//! A quotation → where it stands, character for character, or what stands there instead.

use serde::Serialize;

use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Matching, PassageRecord, SearchRequest, SimilarRequest};
use crate::present::citation;

/// Most places that are named.
const NAMED: usize = 5;
/// Longest quotation, in characters.
const MAX_QUOTE: usize = 2000;

/// How a quotation compares with the stored texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    /// It stands there character for character.
    Exact,
    /// It stands there but for blanks, width, case, traditional forms or redactions.
    DiffersInForm,
    /// Something like it stands there.
    Differs,
    /// Nothing like it was found.
    NotFound,
}

/// A place of a quotation.
#[derive(Debug, Serialize)]
pub(super) struct Place {
    /// Id of the passage.
    pub(super) id: String,
    /// How it is cited.
    pub(super) citation: String,
    /// What stands there, as written.
    pub(super) stored: String,
    /// Where, `[start, end)` in characters of the passage.
    pub(super) span: [usize; 2],
    /// What differs: as quoted, as stored; empty where nothing does or only the form.
    pub(super) changes: Vec<[String; 2]>,
}

/// What was found of a quotation.
#[derive(Debug, Serialize)]
pub(super) struct Checked {
    /// How it compares.
    pub(super) verdict: Verdict,
    /// How many passages hold it so.
    pub(super) passages: u64,
    /// The first of them.
    pub(super) places: Vec<Place>,
}

/// Checks a quotation against one passage, or against all.
pub(super) fn check(engine: &Engine, quote: &str, id: Option<&str>) -> Result<Checked> {
    let quote = quote.trim();
    let length = quote.chars().count();
    if !(1..=MAX_QUOTE).contains(&length) {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("引文有 {length} 字，应为 1 到 {MAX_QUOTE} 字"),
            format!("the quotation has {length} characters, it takes 1 to {MAX_QUOTE}"),
        )
        .with_hint("一次核对一段", "check one paragraph at a time"));
    }
    let own = match id {
        Some(id) => Some(named(engine, id)?),
        None => None,
    };
    if let Some(passage) = &own
        && let Some(place) = exact(passage, quote)
    {
        return Ok(Checked {
            verdict: Verdict::Exact,
            passages: 1,
            places: vec![place],
        });
    }
    if let Some(checked) = verbatim(engine, quote, own.as_ref())? {
        return Ok(checked);
    }
    nearly(engine, quote, own.as_ref())
}

fn named(engine: &Engine, id: &str) -> Result<PassageRecord> {
    let found = engine.passage(&id.trim().to_ascii_lowercase(), 0)?;
    let passage = found.and_then(|(passages, at)| passages.into_iter().nth(at));
    passage.ok_or_else(|| {
        Error::new(
            ErrorKind::NotFound,
            format!("索引里没有编号为“{id}”的段落"),
            format!("the index holds no passage with the id '{id}'"),
        )
        .with_hint(
            "请发送 search_passages 给出的 id，或不发送 id",
            "send an id from search_passages, or none",
        )
    })
}

/// Finds a quotation in a passage, character for character.
fn exact(passage: &PassageRecord, quote: &str) -> Option<Place> {
    let at = passage.text.find(quote)?;
    let start = passage.text[..at].chars().count();
    Some(Place {
        id: passage.id.clone(),
        citation: citation::line(passage),
        stored: quote.to_owned(),
        span: [start, start + quote.chars().count()],
        changes: Vec::new(),
    })
}

/// Finds the passages that hold the quotation after folding; of those, the exact ones are preferred.
fn verbatim(engine: &Engine, quote: &str, own: Option<&PassageRecord>) -> Result<Option<Checked>> {
    // A phrase ends with the mark that began it.
    let query = match (quote.contains('"'), quote.contains(['“', '”'])) {
        (false, _) => format!("\"{quote}\""),
        (true, false) => format!("“{quote}”"),
        (true, true) => return Ok(None),
    };
    let request = SearchRequest {
        query,
        mode: Matching::Verbatim,
        fold: false,
        per_report: 0,
        limit: 1000,
        snippet_chars: 1,
        ..SearchRequest::default()
    };
    let found = engine.search(&request)?;
    let is_own = |passage: &PassageRecord| own.is_none_or(|own| own.id == passage.id);
    let hits: Vec<_> = found
        .hits
        .into_iter()
        .filter(|hit| is_own(&hit.passage))
        .collect();
    if hits.is_empty() {
        return Ok(None);
    }
    let exactly: Vec<Place> = hits
        .iter()
        .filter_map(|hit| exact(&hit.passage, quote))
        .collect();
    if !exactly.is_empty() {
        let passages = exactly.len() as u64;
        return Ok(Some(Checked {
            verdict: Verdict::Exact,
            passages,
            places: exactly.into_iter().take(NAMED).collect(),
        }));
    }
    let places = hits.iter().take(NAMED).map(|hit| {
        let span = hit.highlights.first().copied().unwrap_or_default();
        Place {
            id: hit.passage.id.clone(),
            citation: citation::line(&hit.passage),
            stored: cut(&hit.passage.text, span),
            span,
            changes: Vec::new(),
        }
    });
    Ok(Some(Checked {
        verdict: Verdict::DiffersInForm,
        passages: hits.len() as u64,
        places: places.collect(),
    }))
}

/// Finds passages that hold something like the quotation, with what differs.
fn nearly(engine: &Engine, quote: &str, own: Option<&PassageRecord>) -> Result<Checked> {
    let request = SimilarRequest {
        text: quote.to_owned(),
        least: 0.3,
        limit: if own.is_some() { 400 } else { NAMED },
        ..SimilarRequest::default()
    };
    let nothing = Checked {
        verdict: Verdict::NotFound,
        passages: 0,
        places: Vec::new(),
    };
    let found = match engine.similar(&request) {
        Ok(found) => found,
        // Too short to be compared: what is not there verbatim is not there.
        Err(error) if error.kind() == ErrorKind::Usage => return Ok(nothing),
        Err(error) => return Err(error),
    };
    let hits = found.hits.iter();
    let hits = hits.filter(|hit| own.is_none_or(|own| own.id == hit.passage.id));
    let places: Vec<Place> = hits
        .map(|hit| Place {
            id: hit.passage.id.clone(),
            citation: citation::line(&hit.passage),
            stored: cut(&hit.passage.text, hit.there),
            span: hit.there,
            changes: hit
                .changes
                .iter()
                .map(|change| {
                    [
                        cut(quote, change.here),
                        cut(&hit.passage.text, change.there),
                    ]
                })
                .collect(),
        })
        .collect();
    if places.is_empty() {
        return Ok(nothing);
    }
    let passages = match own {
        Some(_) => 1,
        None => found.total.passages,
    };
    Ok(Checked {
        verdict: Verdict::Differs,
        passages,
        places,
    })
}

fn cut(text: &str, [start, end]: [usize; 2]) -> String {
    let length = end.saturating_sub(start);
    text.chars().skip(start).take(length).collect()
}
