//! Concepts and slices → occurrences in order, each with its place in the text as written.
//!
//! Order by place, year or agency and samples need no text: only the lines asked for are read. Order
//! by context reads the texts of all occurrences, each passage once.

use std::cmp::Ordering;

use rayon::prelude::*;
use tantivy::columnar::Column;
use tantivy::{DocAddress, SegmentReader, TERMINATED};

use super::columns::FacetColumn;
use super::occurrences::Sought;
use super::slices::{NONE, Slices};
use super::{Index, fetch};
use crate::analyze::{Folded, is_letter};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{FacetField, KwicSort, PassageRecord};

/// Most occurrences that are sorted by their context, and most lines of an answer.
pub const MOST: usize = 200_000;

/// Letters of context by which lines are sorted.
const CONTEXT: usize = 30;

/// Which lines are asked for.
#[derive(Debug, Clone, Copy)]
pub struct WantedLines {
    /// Their order.
    pub sort: KwicSort,
    /// So many occurrences at random, instead of all.
    pub sample: Option<usize>,
    /// Which sample.
    pub seed: u64,
    /// Lines to skip.
    pub offset: usize,
    /// At most so many lines.
    pub limit: usize,
}

/// Lines of a concordance.
#[derive(Debug, Default)]
pub struct Lines {
    /// Occurrences of all concepts.
    pub occurrences: u64,
    /// Of these, so many are in the sample; all without one.
    pub sampled: u64,
    /// The lines asked for.
    pub lines: Vec<Line>,
}

/// An occurrence.
#[derive(Debug)]
pub struct Line {
    /// Number of the concept.
    pub concept: usize,
    /// Where it stands, `[start, end)` in characters of the text.
    pub place: [usize; 2],
    /// The passage.
    pub passage: PassageRecord,
}

/// An occurrence before its text is read.
#[derive(Debug, Clone, Copy)]
struct Found {
    /// Where it comes in a sample.
    chance: u64,
    /// Where it comes by year or agency.
    key: i64,
    source: u32,
    /// Place of the passage in its source.
    passage: u64,
    /// Place in the passage, in characters without blanks.
    start: u32,
    end: u32,
    concept: u32,
    address: DocAddress,
}

impl Found {
    fn in_order(&self, other: &Self) -> Ordering {
        let key = |found: &Found| {
            (
                found.key,
                found.source,
                found.passage,
                found.start,
                found.concept,
            )
        };
        key(self).cmp(&key(other))
    }

    fn by_chance(&self, other: &Self) -> Ordering {
        self.chance
            .cmp(&other.chance)
            .then_with(|| self.in_order(other))
    }
}

/// Finds the lines asked for.
///
/// # Errors
/// [`ErrorKind::Usage`] if more than [`MOST`] lines are asked for, or as many occurrences would have
/// to be sorted by their context; or if the index cannot be read.
pub fn lines(
    concepts: &[Sought],
    slices: &Slices,
    wanted: &WantedLines,
    index: &Index<'_>,
) -> Result<Lines> {
    let end = wanted.offset.saturating_add(wanted.limit);
    let by_context = matches!(wanted.sort, KwicSort::Left | KwicSort::Right);
    let (order, most): (fn(&Found, &Found) -> Ordering, usize) = match wanted.sample {
        Some(sample) => (Found::by_chance, sample.min(MOST)),
        None if by_context => (Found::in_order, MOST),
        None => (Found::in_order, end.min(MOST)),
    };
    let mut kept = Kept {
        found: Vec::new(),
        most,
        order,
    };
    let occurrences = index.guarded(|| gather(concepts, slices, wanted, &mut kept, index))?;
    let sampled = match wanted.sample {
        Some(sample) => occurrences.min(sample as u64),
        None => occurrences,
    };
    let is_cut = kept.most == MOST && sampled > MOST as u64;
    if is_cut && (by_context || end > MOST) {
        return Err(too_many(sampled));
    }
    let mut found = kept.first();
    match wanted.sort {
        KwicSort::Left | KwicSort::Right => found = by_text(found, wanted.sort, index)?,
        _ => found.sort_unstable_by(Found::in_order),
    }
    let page = found
        .into_iter()
        .skip(wanted.offset)
        .take(wanted.limit)
        .collect::<Vec<_>>();
    let lines = page
        .into_par_iter()
        .map(|found| line(&found, index))
        .collect::<Result<_>>()?;
    Ok(Lines {
        occurrences,
        sampled,
        lines,
    })
}

fn too_many(occurrences: u64) -> Error {
    Error::new(
        ErrorKind::Usage,
        format!("有 {occurrences} 处，一次最多列出或按上下文排序 {MOST} 处"),
        format!("there are {occurrences} occurrences; at most {MOST} are listed, or sorted by context, at once"),
    )
    .with_hint(
        "用筛选缩小范围，或用 --sample 抽样",
        "narrow it down with filters, or draw a sample with --sample",
    )
}

/// The first of many, in some order.
struct Kept {
    found: Vec<Found>,
    most: usize,
    order: fn(&Found, &Found) -> Ordering,
}

impl Kept {
    fn push(&mut self, found: Found) {
        self.found.push(found);
        if self.found.len() >= self.most.saturating_mul(2).max(1_024) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if self.found.len() > self.most {
            if self.most > 0 {
                self.found.select_nth_unstable_by(self.most - 1, self.order);
            }
            self.found.truncate(self.most);
        }
    }

    fn first(mut self) -> Vec<Found> {
        self.cut();
        self.found
    }
}

/// Gathers the occurrences of all concepts and returns their number.
fn gather(
    concepts: &[Sought],
    slices: &Slices,
    wanted: &WantedLines,
    kept: &mut Kept,
    index: &Index<'_>,
) -> Result<u64> {
    let mut occurrences = 0;
    for (segment, reader) in index.segments() {
        let mut collect = || -> tantivy::Result<()> {
            let places = Places::open(segment, reader, wanted, index)?;
            for (number, concept) in (0..).zip(concepts) {
                let mut words = concept.open(index.fields.chars, reader, true, index)?;
                while words.doc() != TERMINATED && !index.cancellation.is_cancelled() {
                    let doc = words.doc();
                    if slices.pair_of[segment][doc as usize] != NONE {
                        let template = places.of(doc);
                        for place in words.places() {
                            occurrences += 1;
                            kept.push(Found {
                                chance: chance(wanted.seed, template.chance, place.start),
                                start: place.start,
                                end: place.end,
                                concept: number,
                                ..template
                            });
                        }
                    }
                    words.advance();
                }
            }
            Ok(())
        };
        index.checked(collect())?;
    }
    Ok(occurrences)
}

/// The columns of a segment by which occurrences are sorted.
struct Places<'a> {
    segment: u32,
    id: Column<u64>,
    source: FacetColumn<'a>,
    start: Column<u64>,
    key: Option<FacetColumn<'a>>,
}

impl<'a> Places<'a> {
    fn open(
        segment: usize,
        reader: &SegmentReader,
        wanted: &WantedLines,
        index: &Index<'a>,
    ) -> tantivy::Result<Self> {
        let column = |field| FacetColumn::open(field, reader, segment, index);
        Ok(Places {
            segment: segment as u32,
            id: reader.fast_fields().u64("id")?,
            source: column(FacetField::Source)?,
            start: reader.fast_fields().u64("start")?,
            key: match wanted.sort {
                KwicSort::Year => Some(column(FacetField::Year)?),
                KwicSort::Agency => Some(column(FacetField::Agency)?),
                _ => None,
            },
        })
    }

    /// Returns what the occurrences of a passage share; its id stands in `chance`.
    fn of(&self, doc: u32) -> Found {
        let key = self.key.as_ref().map(|column| {
            let number = column.number(doc).map(|number| number as i64);
            column.year(doc).or(number).unwrap_or(i64::MAX)
        });
        Found {
            chance: self.id.first(doc).unwrap_or(0),
            key: key.unwrap_or(0),
            source: self
                .source
                .number(doc)
                .map_or(u32::MAX, |number| number as u32),
            passage: self.start.first(doc).unwrap_or(0),
            start: 0,
            end: 0,
            concept: 0,
            address: DocAddress::new(self.segment, doc),
        }
    }
}

/// Returns where an occurrence comes in a sample: by its passage and place alone, so that it hangs
/// neither on the order of files nor on what else is in the index.
fn chance(seed: u64, id: u64, start: u32) -> u64 {
    // SplitMix64 (Steele, Lea, Flood 2014), one step for each of the three.
    let mixed = |state: u64| {
        let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^ (state >> 31)
    };
    mixed(mixed(mixed(seed) ^ id) ^ u64::from(start))
}

/// Sorts occurrences by what stands beside them.
fn by_text(mut found: Vec<Found>, sort: KwicSort, index: &Index<'_>) -> Result<Vec<Found>> {
    found.sort_unstable_by_key(|found| found.address);
    let passages: Vec<&[Found]> = found
        .chunk_by(|one, other| one.address == other.address)
        .collect();
    let keyed = passages
        .into_par_iter()
        .map(|own| {
            let text = fetch(own[0].address, index)?.text;
            let mapped = index.analyzer.fold_mapped(&text);
            let folded = mapped.without_blanks();
            let keyed = own
                .iter()
                .map(|found| (context(&folded, found, sort), *found));
            Ok(keyed.collect::<Vec<_>>())
        })
        .collect::<Result<Vec<_>>>()?;
    let mut keyed: Vec<(String, Found)> = keyed.into_iter().flatten().collect();
    keyed.par_sort_unstable_by(|one, other| {
        let context = one.0.cmp(&other.0);
        context.then_with(|| one.1.in_order(&other.1))
    });
    Ok(keyed.into_iter().map(|(_, found)| found).collect())
}

/// Returns the letters beside an occurrence, from it outward.
fn context(folded: &Folded, found: &Found, sort: KwicSort) -> String {
    let letters = |characters: &mut dyn Iterator<Item = &char>| {
        let letters = characters.filter(|character| is_letter(**character));
        letters.take(CONTEXT).collect()
    };
    let (before, from) = folded.chars.split_at(found.start as usize);
    match sort {
        KwicSort::Left => letters(&mut before.iter().rev()),
        _ => letters(&mut from.iter().skip((found.end - found.start) as usize)),
    }
}

/// Reads the passage of an occurrence and finds its place in the text as written.
fn line(found: &Found, index: &Index<'_>) -> Result<Line> {
    let passage = fetch(found.address, index)?;
    let mapped = index.analyzer.fold_mapped(&passage.text);
    let folded = mapped.without_blanks();
    let spans = &folded.spans[found.start as usize..found.end as usize];
    let start = spans.first().map_or(0, |span| span.start);
    let end = spans.last().map_or(start, |span| span.end);
    Ok(Line {
        concept: found.concept as usize,
        place: [start, end],
        passage,
    })
}
