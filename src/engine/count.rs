//! A [`CountRequest`] → a [`CountResponse`]: how often concepts occur, by slices, with denominators.

use std::collections::{HashMap, HashSet};

use super::{Engine, stamp};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{
    Axis, Concept, Copies, Count, CountRequest, CountResponse, Filter, Note, Slice, TermCounts,
};
use crate::search::count::{Tally, count};
use crate::search::occurrences::Sought;
use crate::search::slices::{MAX_AXES, Slices};

/// Most counts of an answer: concepts times slices.
pub const MAX_COUNTS: usize = 1_000_000;

impl Engine {
    /// Counts concepts, verbatim after folding, in the passages that the filters keep.
    ///
    /// Counts are exact: they come from the postings of every character, not from words. Headings
    /// and titles are no passages and do not count; nor do other names of a word, unless they stand
    /// in its concept.
    ///
    /// ```no_run
    /// use zhengsou::model::{Axis, Concept, CountRequest, FacetField};
    /// use zhengsou::{Engine, schema::Schema};
    /// let engine = Engine::open(".zhengsou".as_ref(), Schema::embedded()?)?;
    /// let counted = engine.count(&CountRequest {
    ///     terms: vec![Concept::word("乡村振兴")],
    ///     by: vec![Axis::of(FacetField::ReportYear)],
    ///     ..Default::default()
    /// })?;
    /// println!("{} 次", counted.terms[0].total.occurrences);
    /// # Ok::<(), zhengsou::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no concept, a word holds no character, more than two axes or more than
    /// [`MAX_COUNTS`] counts are asked for, a filter names an unknown value, or the index cannot be
    /// read.
    pub fn count(&self, request: &CountRequest) -> Result<CountResponse> {
        check_axes(&request.by)?;
        let (sought, slices) = self.sliced(
            &request.terms,
            &request.by,
            &request.filters,
            request.copies,
        )?;
        let places = cells(&slices, request)?;
        let tallies = count(&sought, &slices, &self.index())?;
        let at: HashMap<&[Option<String>], usize> = places
            .iter()
            .enumerate()
            .map(|(at, slice)| (slice.values.as_slice(), at))
            .collect();
        // Where each of the slices that hold passages stands among all.
        let place_of: Vec<usize> = slices
            .slices
            .iter()
            .filter_map(|slice| at.get(slice.values.as_slice()).copied())
            .collect();
        let terms = request.terms.iter().zip(tallies).map(|(term, tallies)| {
            let mut counts: Vec<Option<Count>> = places
                .iter()
                .map(|slice| (slice.passages > 0).then(|| of(Tally::default(), slice)))
                .collect();
            if !request.by.is_empty() {
                for (slice, tally) in tallies.by_slice {
                    let place = place_of[slice as usize];
                    counts[place] = Some(of(tally, &places[place]));
                }
            }
            TermCounts {
                term: term.clone(),
                total: of(tallies.total, &slices.whole),
                counts,
            }
        });
        let terms = terms.collect();
        let by: Vec<&str> = request.by.iter().map(|axis| axis.name()).collect();
        Ok(CountResponse {
            stamp: self.stamped(
                "count",
                stamp::printed(&request.terms),
                &request.filters,
                request.copies,
                request.date.as_deref(),
                (!by.is_empty()).then(|| ("by", by.join(","))),
            )?,
            notes: self.notes(&sought, request.copies),
            by: request.by.clone(),
            whole: slices.whole.clone(),
            slices: places,
            terms,
        })
    }

    /// Returns what the reader of counts should know.
    pub(super) fn notes(&self, sought: &[Sought], copies: Copies) -> Vec<Note> {
        let restored = sought.iter().flat_map(Sought::restored);
        let restored = restored.map(|(word, form)| {
            Note::new(
                format!("「{word}」也可能是隐去的写法，「{form}」同样计入"),
                format!("{word} may be a redaction: {form} counts as well"),
            )
        });
        restored.chain(self.stale_copies(copies)).collect()
    }

    /// Reads concepts, and parts the passages in which they are to be counted.
    pub(super) fn sliced(
        &self,
        terms: &[Concept],
        by: &[Axis],
        filters: &[Filter],
        copies: Copies,
    ) -> Result<(Vec<Sought>, Slices)> {
        if terms.is_empty() {
            return Err(Error::new(
                ErrorKind::Usage,
                "没有要数的词",
                "there is no word to count",
            )
            .with_hint(
                "写上词，或用 --terms 给出词表",
                "give words, or a list of them with --terms",
            ));
        }
        let mut names = HashSet::new();
        if let Some(twice) = terms.iter().find(|term| !names.insert(&term.name)) {
            let name = &twice.name;
            return Err(Error::new(
                ErrorKind::Usage,
                format!("两个概念都叫「{name}」"),
                format!("two concepts are called {name}"),
            ));
        }
        let sought = terms
            .iter()
            .map(|concept| Sought::new(concept, &self.snapshot.analyzer))
            .collect::<Result<_>>()?;
        let slices = Slices::new(by, filters, copies, &self.index())?;
        Ok((sought, slices))
    }
}

fn check_axes(axes: &[Axis]) -> Result<()> {
    let error = match axes {
        [one, other] if one.field == other.field => Error::new(
            ErrorKind::Usage,
            format!("不能按{}分两次", one.field.label()),
            format!("{} cannot be both axes", one.field),
        ),
        axes if axes.len() > MAX_AXES => Error::new(
            ErrorKind::Usage,
            format!("最多按 {MAX_AXES} 个方面分组"),
            format!("at most {MAX_AXES} facets group counts"),
        ),
        _ => return Ok(()),
    };
    Err(error.with_hint("例如 --by province,year", "for example --by province,year"))
}

/// Returns every value of the first axis with every value of the second; where no passage has both,
/// the slice is empty.
fn cells(slices: &Slices, request: &CountRequest) -> Result<Vec<Slice>> {
    if request.by.is_empty() {
        return Ok(Vec::new());
    }
    let cells = slices.values.iter().map(Vec::len).product::<usize>();
    let counts = cells.saturating_mul(request.terms.len());
    if counts > MAX_COUNTS {
        return Err(Error::new(
            ErrorKind::Usage,
            format!(
                "表太大：{} 个概念 × {cells} 组，最多 {MAX_COUNTS} 格",
                request.terms.len()
            ),
            format!(
                "the table is too big: {} concepts × {cells} slices, at most {MAX_COUNTS} counts",
                request.terms.len()
            ),
        )
        .with_hint(
            "用筛选缩小范围，或按较粗的方面分组（province、level）",
            "narrow it down with filters, or group by something coarser (province, level)",
        ));
    }
    let known: HashMap<&[Option<String>], &Slice> = slices
        .slices
        .iter()
        .map(|slice| (slice.values.as_slice(), slice))
        .collect();
    let mut values: Vec<Vec<Option<String>>> = vec![Vec::new()];
    for axis in &slices.values {
        let longer = values.iter().flat_map(|before| {
            axis.iter().map(move |value| {
                let mut values = before.clone();
                values.push(value.clone());
                values
            })
        });
        values = longer.collect();
    }
    let slice = |values: Vec<Option<String>>| match known.get(values.as_slice()) {
        Some(slice) => (*slice).clone(),
        None => Slice {
            values,
            ..Slice::default()
        },
    };
    Ok(values.into_iter().map(slice).collect())
}

/// Holds a tally against its slice.
fn of(tally: Tally, slice: &Slice) -> Count {
    let per = |denominator: u64, unit: f64| {
        (denominator > 0).then(|| tally.occurrences as f64 * unit / denominator as f64)
    };
    Count {
        occurrences: tally.occurrences,
        passages: tally.passages,
        reports: tally.reports,
        per_10k_characters: per(slice.characters, 10_000.0),
        per_10k_words: per(slice.words, 10_000.0),
        per_report: per(slice.reports, 1.0),
    }
}
