//! A [`KwicRequest`] → a [`KwicResponse`]: occurrences in their context.

use super::{Engine, stamp};
use crate::error::Result;
use crate::model::{KwicLine, KwicRequest, KwicResponse, KwicSort};
use crate::search::kwic::{Line, WantedLines, lines};

impl Engine {
    /// Shows concepts in their context, one line an occurrence; what occurs is what
    /// [`Engine::count`] counts.
    ///
    /// # Errors
    /// As for [`Engine::count`], or if more lines are asked for than
    /// [`MOST`](crate::search::kwic::MOST).
    pub fn kwic(&self, request: &KwicRequest) -> Result<KwicResponse> {
        let (sought, slices) =
            self.sliced(&request.terms, &[], &request.filters, request.copies)?;
        let wanted = WantedLines {
            sort: request.sort,
            sample: request.sample,
            seed: request.seed,
            offset: request.offset,
            limit: request.limit,
        };
        let found = lines(&sought, &slices, &wanted, &self.index())?;
        let sort = match request.sort {
            KwicSort::Place => "place",
            KwicSort::Left => "left",
            KwicSort::Right => "right",
            KwicSort::Year => "year",
            KwicSort::Agency => "agency",
        };
        let mut options = vec![
            ("sort", sort.to_owned()),
            ("width", request.width.to_string()),
        ];
        if request.limit != usize::MAX {
            options.push(("limit", request.limit.to_string()));
        }
        if request.offset > 0 {
            options.push(("offset", request.offset.to_string()));
        }
        if let Some(sample) = request.sample {
            options.push(("sample", sample.to_string()));
            options.push(("seed", request.seed.to_string()));
        }
        let lines = found.lines.into_iter().map(|line| written(line, request));
        Ok(KwicResponse {
            stamp: self.stamped(
                "kwic",
                stamp::printed(&request.terms),
                &request.filters,
                request.copies,
                request.date.as_deref(),
                options,
            )?,
            notes: self.notes(&sought, request.copies),
            occurrences: found.occurrences,
            sampled: found.sampled,
            lines: lines.collect(),
        })
    }
}

/// Cuts an occurrence out of its passage.
fn written(line: Line, request: &KwicRequest) -> KwicLine {
    let text: Vec<char> = line.passage.text.chars().collect();
    let [start, end] = line.place;
    let (start, end) = (start.min(text.len()), end.min(text.len()));
    let left = start.saturating_sub(request.width);
    let right = end.saturating_add(request.width).min(text.len());
    let piece = |from: usize, to: usize| text[from..to].iter().collect::<String>();
    KwicLine {
        term: request
            .terms
            .get(line.concept)
            .map(|term| term.name.clone())
            .unwrap_or_default(),
        left: piece(left, start),
        keyword: piece(start, end),
        right: piece(end, right),
        place: line.place,
        passage: line.passage,
    }
}
