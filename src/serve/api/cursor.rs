//! Where a search goes on: behind which hit of which commit.
//!
//! Invariant: a page begins behind the last hit of the one before. Where nothing was committed
//! meanwhile, pages make up the whole; else the hit is looked for where it stands now, and where it is
//! gone, its position counts.

use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{SearchRequest, SearchResponse};

/// Stands between the parts of a cursor.
const BETWEEN: char = '.';

/// Returns the cursor behind the last hit of an answer; `None` where there is nothing more.
pub(super) fn next(
    request: &SearchRequest,
    response: &SearchResponse,
    engine: &Engine,
) -> Option<String> {
    let last = &response.hits.last()?.passage.id;
    let offset = request.offset + response.hits.len();
    let all = match (request.group_by_report, request.fold) {
        (true, _) => response.total.reports,
        (false, true) => response.total.folded,
        (false, false) => response.total.passages,
    };
    ((offset as u64) < all).then(|| {
        let question = question(request);
        let revision = engine.revision();
        format!("{question}{BETWEEN}{revision}{BETWEEN}{offset}{BETWEEN}{last}")
    })
}

/// Returns the request for the page that a cursor leads to.
pub(super) fn resume(
    cursor: &str,
    request: SearchRequest,
    engine: &Engine,
) -> Result<SearchRequest> {
    let parts: Vec<&str> = cursor.split(BETWEEN).collect();
    let [asked, revision, offset, last] = parts[..] else {
        return Err(unreadable());
    };
    let offset: u32 = offset.parse().map_err(|_| unreadable())?;
    if asked != question(&request) {
        return Err(unreadable());
    }
    let offset = match revision == engine.revision() {
        true => None,
        false => engine.hits_up_to(last, &request)?,
    }
    .unwrap_or(offset as usize);
    Ok(SearchRequest { offset, ..request })
}

/// Returns a hash of what decides about the order of hits.
fn question(request: &SearchRequest) -> String {
    let question = SearchRequest {
        facets: Vec::new(),
        facet_limit: 0,
        facet_find: Default::default(),
        offset: 0,
        limit: 0,
        explain: false,
        snippet_chars: 0,
        ..request.clone()
    };
    // Plain data: writing it does not fail.
    let text = serde_json::to_vec(&question).unwrap_or_default();
    blake3::hash(&text).to_hex()[..12].to_owned()
}

fn unreadable() -> Error {
    Error::new(
        ErrorKind::Usage,
        "游标不属于这个查询",
        "the cursor does not belong to this question",
    )
    .with_hint(
        "cursor 取自同一查询上一页的 next，其他参数不变",
        "cursor is `next` of the page before, with all else as it was",
    )
}
