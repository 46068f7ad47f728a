//! A pasted text or a passage → passages with the same or nearly the same wording.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::time::Instant;

use super::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{
    CharSpan, Note, PassageId, SimilarHit, SimilarRequest, SimilarResponse, SimilarTotals, Sort,
    YearCount,
};
use crate::near::{self, Asked, LEAST_LETTERS, Overlap};
use crate::search::similar::{Holder, holders, text as text_of};
use crate::search::snippet;

/// Longest text that can be sought, in characters.
const MAX_TEXT: usize = 5_000;
/// Most passages whose texts are compared.
const MOST_COMPARED: usize = 400;

/// A passage that holds enough of the wording.
#[derive(Clone, Copy)]
struct Found {
    holder: Holder,
    overlap: Overlap,
}

impl Found {
    fn compare(&self, other: &Self, sort: Sort) -> Ordering {
        let year = |found: &Self, sign: i64| found.holder.year.map_or(i64::MAX, |year| sign * year);
        let years = |sign| year(self, sign).cmp(&year(other, sign));
        let order = match sort {
            Sort::Relevance => Ordering::Equal,
            Sort::YearAscending => years(1),
            Sort::YearDescending => years(-1),
        };
        order
            .then(other.overlap.contained.total_cmp(&self.overlap.contained))
            .then(other.overlap.jaccard.total_cmp(&self.overlap.jaccard))
            .then(self.holder.id.cmp(&other.holder.id))
    }
}

impl Engine {
    /// Finds the passages that hold a wording, the best overlap first.
    ///
    /// Pairs of characters choose at most 400 passages; their texts are compared exactly.
    ///
    /// # Errors
    /// If there is no such passage, the text is too short or too long to be compared, a filter
    /// names an unknown value, or the index cannot be read.
    pub fn similar(&self, request: &SimilarRequest) -> Result<SimilarResponse> {
        let started = Instant::now();
        let index = self.index();
        let passage = match request.text.trim() {
            "" => Some(self.passage_named(&request.id)?),
            _ => None,
        };
        let text = match &passage {
            Some(passage) => passage.text.clone(),
            None => request.text.trim().to_owned(),
        };
        check_length(&text)?;
        check_share(request.least)?;
        let mapped = self.snapshot.analyzer.fold_mapped(&text);
        let asked = Asked::of(&mapped).ok_or_else(too_short)?;
        let folded = mapped.without_blanks().into_owned().chars;
        let least = request.least.max(0.01);
        // A piece may lie across windows: half of the share is enough to be compared.
        let held = holders(
            &folded,
            &request.filters,
            least / 2.0,
            MOST_COMPARED + 1,
            &index,
        )?;
        let own = passage
            .as_ref()
            .and_then(|passage| PassageId::parse(&passage.id));
        let mut candidates = held.best;
        candidates.retain(|holder| own != Some(PassageId(holder.id)));
        candidates.truncate(MOST_COMPARED);
        // In the order of the store, whose blocks are then read once.
        candidates.sort_unstable_by_key(|holder| holder.address);
        let mut found = Vec::new();
        for holder in &candidates {
            let other = self
                .snapshot
                .analyzer
                .fold(&text_of(holder.address, &index)?);
            let overlap = asked.overlap(&other);
            if overlap.contained >= least {
                found.push(Found {
                    holder: *holder,
                    overlap,
                });
            }
        }
        found.sort_by(|one, two| one.compare(two, request.sort));
        let year = passage.as_ref().and_then(|passage| passage.report_year);
        let shown = found.iter().skip(request.offset).take(request.limit);
        let hits = shown
            .map(|found| self.similar_hit(found, &asked, &text, year, request.snippet_chars))
            .collect::<Result<_>>()?;
        let mut notes = Vec::new();
        if held.all > MOST_COMPARED + 1 {
            let all = held.all;
            notes.push(Note::new(
                format!("有 {all} 段含有其中的字句，只比较了最相近的 {MOST_COMPARED} 段；可用筛选缩小范围"),
                format!(
                    "{all} passages hold pieces of it, the {MOST_COMPARED} likest were compared; filters narrow it down"
                ),
            ));
        }
        Ok(SimilarResponse {
            total: totals(&found, candidates.len(), year),
            years: years(&found),
            text,
            passage,
            notes,
            hits,
            took_ms: started.elapsed().as_secs_f64() * 1000.0,
            index: self.stamp(),
        })
    }

    fn similar_hit(
        &self,
        found: &Found,
        asked: &Asked,
        text: &str,
        year: Option<i32>,
        snippet_chars: usize,
    ) -> Result<SimilarHit> {
        let passage = crate::search::fetch(found.holder.address, &self.index())?;
        let mapped = self.snapshot.analyzer.fold_mapped(&passage.text);
        let shared = asked.shared(&mapped);
        let excerpt = snippet::snippet(&passage.text, &shared, snippet_chars);
        let stretch = asked.stretch(&mapped);
        let (here, there, longest) = match stretch {
            Some(stretch) => (stretch.here, stretch.there, stretch.longest),
            None => (CharSpan::default(), CharSpan::default(), 0),
        };
        let cut = |text: &str, span: CharSpan| -> String {
            text.chars().skip(span.start).take(span.len()).collect()
        };
        let mut changes = near::changes(&cut(text, here), &cut(&passage.text, there));
        for change in &mut changes {
            change.here = change.here.map(|at| at + here.start);
            change.there = change.there.map(|at| at + there.start);
        }
        Ok(SimilarHit {
            overlap: found.overlap.contained,
            jaccard: found.overlap.jaccard,
            longest,
            years_later: year
                .zip(passage.report_year)
                .map(|(here, there)| there - here),
            highlights: shared.iter().map(|span| [span.start, span.end]).collect(),
            snippet: excerpt.text,
            snippet_highlights: excerpt.highlights,
            here: [here.start, here.end],
            there: [there.start, there.end],
            changes,
            passage,
        })
    }
}

fn totals(found: &[Found], compared: usize, year: Option<i32>) -> SimilarTotals {
    let reports: HashSet<u64> = found.iter().map(|found| found.holder.report).collect();
    let in_years = |order: Ordering| {
        let sought = found.iter().filter(|found| {
            let years = found.holder.year.zip(year);
            years.is_some_and(|(there, here)| there.cmp(&i64::from(here)) == order)
        });
        sought.count() as u64
    };
    SimilarTotals {
        passages: found.len() as u64,
        reports: reports.len() as u64,
        earlier: in_years(Ordering::Less),
        later: in_years(Ordering::Greater),
        compared: compared as u64,
    }
}

fn years(found: &[Found]) -> Vec<YearCount> {
    let mut years: BTreeMap<i64, (u64, f64)> = BTreeMap::new();
    for found in found {
        if let Some(year) = found.holder.year {
            let (passages, best) = years.entry(year).or_default();
            *passages += 1;
            *best = best.max(found.overlap.contained);
        }
    }
    let years = years.into_iter();
    years
        .map(|(year, (passages, best))| YearCount {
            year: year as i32,
            passages,
            best,
        })
        .collect()
}

fn check_length(text: &str) -> Result<()> {
    let length = text.chars().count();
    if length <= MAX_TEXT {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Usage,
        format!("文字有 {length} 字，超过 {MAX_TEXT} 字"),
        format!("the text has {length} characters, more than {MAX_TEXT}"),
    )
    .with_hint("一次查找一段", "look for one paragraph at a time"))
}

pub(super) fn check_share(least: f64) -> Result<()> {
    if (0.0..=1.0).contains(&least) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Usage,
        format!("重合应在 0 与 1 之间，不是 {least}"),
        format!("the overlap is between 0 and 1, not {least}"),
    )
    .with_hint("例如 --least 0.3", "for example --least 0.3"))
}

fn too_short() -> Error {
    Error::new(
        ErrorKind::Usage,
        format!("文字太短，至少要有 {LEAST_LETTERS} 个字"),
        format!("the text is too short, at least {LEAST_LETTERS} letters are needed"),
    )
    .with_hint(
        "短语请用 zhengsou search “…”",
        "find a phrase with zhengsou search \"…\"",
    )
}
