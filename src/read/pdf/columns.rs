//! Runs of a page → its columns, in the order of reading.
//!
//! A page has columns where a gutter runs down it that hardly any line crosses, with lines on both
//! sides that fill their half: cells of a table do not.

use super::runs::Run;

/// Columns within columns beyond so many halvings are not looked for.
const MAX_DEPTH: u8 = 2;

/// A gutter is looked for at so many places across the page.
const PLACES: usize = 256;

/// A column is at least so many ems wide.
const MIN_EMS: f32 = 8.0;

/// A column has at least so many lines.
const MIN_LINES: usize = 4;

/// A stretch of a page that is read from top to bottom.
#[derive(Debug, Default)]
pub(super) struct Region {
    pub(super) runs: Vec<Run>,
    /// Whether it stands beside another one.
    pub(super) beside: bool,
}

/// A line so many ems away from all others belongs to the page, not to one of its columns.
const APART: f32 = 2.2;

/// Cuts a page into regions. `known` is where the gutter of a page before runs, and then of this
/// one: the last page may have but a few lines in a column.
pub(super) fn regions(mut runs: Vec<Run>, known: &mut Option<f32>) -> Vec<Region> {
    let em = common_size(&runs);
    let head = take_apart(&mut runs, em, *known, |run| -run.base);
    let foot = take_apart(&mut runs, em, *known, |run| run.base);
    *known = gutter(&runs).or(*known);
    let mut regions = Vec::new();
    let whole = |runs: Vec<Run>| Region {
        runs,
        beside: false,
    };
    regions.extend(head.map(whole));
    cut(runs, 0, *known, &mut regions);
    regions.extend(foot.map(whole));
    regions
}

/// Takes out the first line in an order, if it stands apart on a page of columns.
fn take_apart(
    runs: &mut Vec<Run>,
    em: f32,
    known: Option<f32>,
    order: impl Fn(&Run) -> f32,
) -> Option<Vec<Run>> {
    let first = runs.iter().map(&order).min_by(f32::total_cmp)?;
    let is_first = |run: &Run| order(run) - first < em / 2.0;
    let rest = runs.iter().filter(|run| !is_first(run)).map(&order);
    let next = rest.min_by(f32::total_cmp)?;
    if next - first < APART * em {
        return None;
    }
    let (line, rest): (Vec<Run>, Vec<Run>) = std::mem::take(runs).into_iter().partition(is_first);
    let apart = known.or_else(|| gutter(&rest)).is_some();
    *runs = rest;
    if !apart {
        runs.extend(line);
        return None;
    }
    Some(line)
}

fn cut(runs: Vec<Run>, depth: u8, known: Option<f32>, regions: &mut Vec<Region>) {
    let gutter = match depth < MAX_DEPTH {
        true => gutter(&runs).or_else(|| again(&runs, known)),
        false => None,
    };
    let Some(gutter) = gutter else {
        if !runs.is_empty() {
            let beside = depth > 0;
            regions.push(Region { runs, beside });
        }
        return;
    };
    let (mut across, sides): (Vec<Run>, Vec<Run>) = runs
        .into_iter()
        .partition(|run| run.start < gutter && run.end > gutter);
    across.sort_by(|a, b| b.base.total_cmp(&a.base));
    // What crosses the gutter parts what stands above it from what stands below.
    let mut bands: Vec<[Vec<Run>; 2]> = Vec::new();
    bands.resize_with(across.len() + 1, Default::default);
    for run in sides {
        let band = across.partition_point(|line| line.base >= run.base);
        if let Some(band) = bands.get_mut(band) {
            band[usize::from(run.start >= gutter)].push(run);
        }
    }
    let mut across = across.into_iter();
    let mut heads = Region::default();
    for [left, right] in bands {
        if !left.is_empty() || !right.is_empty() {
            if !heads.runs.is_empty() {
                regions.push(std::mem::take(&mut heads));
            }
            cut(left, depth + 1, None, regions);
            cut(right, depth + 1, None, regions);
        }
        heads.runs.extend(across.next());
    }
    if !heads.runs.is_empty() {
        regions.push(heads);
    }
}

/// Returns the gutter of a page before if it parts this page as well: hardly a line crosses it,
/// and lines on both sides come close to it.
fn again(runs: &[Run], known: Option<f32>) -> Option<f32> {
    let gutter = known?;
    let em = common_size(runs);
    let crosses = |run: &&Run| run.start < gutter && run.end > gutter;
    let crossing = lines(runs.iter().filter(crosses));
    let reaches = |run: &Run| (gutter - 3.0 * em..=gutter).contains(&run.end);
    let begins = |run: &Run| (gutter..=gutter + 3.0 * em).contains(&run.start);
    let parts = runs.iter().any(reaches) && runs.iter().any(begins);
    (parts && crossing * 4 <= lines(runs.iter())).then_some(gutter)
}

/// Returns where the gutter of a page of columns runs.
fn gutter(runs: &[Run]) -> Option<f32> {
    let left = runs.iter().map(|run| run.start).min_by(f32::total_cmp)?;
    let right = runs.iter().map(|run| run.end).max_by(f32::total_cmp)?;
    let em = common_size(runs);
    let width = right - left;
    if !width.is_finite() || width < 2.0 * MIN_EMS * em {
        return None;
    }
    let place = |at: f32| (((at - left) / width * PLACES as f32).max(0.0) as usize).min(PLACES);
    let mut crossings = [0usize; PLACES + 1];
    for run in runs {
        for crossing in &mut crossings[place(run.start)..=place(run.end)] {
            *crossing += 1;
        }
    }
    let few = lines(runs.iter()) * 3 / 20;
    let (mut best, mut open) = (0..0, 0);
    for (at, crossing) in crossings.iter().enumerate() {
        if *crossing > few {
            open = at + 1;
        } else if at + 1 - open > best.len() && open > PLACES / 5 && at < PLACES * 4 / 5 {
            best = open..at + 1;
        }
    }
    if best.is_empty() || (best.len() as f32) < 0.8 * em / width * PLACES as f32 {
        return None;
    }
    let gutter = left + (best.start + best.end) as f32 / 2.0 / PLACES as f32 * width;
    let before: Vec<&Run> = runs.iter().filter(|run| run.end <= gutter).collect();
    let behind: Vec<&Run> = runs.iter().filter(|run| run.start >= gutter).collect();
    let (before, behind) = (Side::of(&before)?, Side::of(&behind)?);
    let ratio = before.width / behind.width.max(1.0);
    let overlap = before.top.min(behind.top) - before.bottom.max(behind.bottom);
    let least = (before.top - before.bottom).min(behind.top - behind.bottom);
    let fits =
        |side: &Side| side.lines >= MIN_LINES && side.width >= MIN_EMS * em && side.filled >= 0.6;
    (fits(&before) && fits(&behind) && (0.4..2.5).contains(&ratio) && overlap >= least / 2.0)
        .then_some(gutter)
}

/// What stands on one side of a gutter.
struct Side {
    lines: usize,
    width: f32,
    /// Share of the lines' length in what they could have.
    filled: f32,
    top: f32,
    bottom: f32,
}

impl Side {
    fn of(runs: &[&Run]) -> Option<Self> {
        let start = runs.iter().map(|run| run.start).min_by(f32::total_cmp)?;
        let end = runs.iter().map(|run| run.end).max_by(f32::total_cmp)?;
        let lines = lines(runs.iter().copied());
        let width = end - start;
        let length: f32 = runs.iter().map(|run| run.end - run.start).sum();
        Some(Side {
            lines,
            width,
            filled: length / (width * lines as f32).max(1.0),
            top: runs.iter().map(|run| run.base).max_by(f32::total_cmp)?,
            bottom: runs.iter().map(|run| run.base).min_by(f32::total_cmp)?,
        })
    }
}

/// Returns the number of lines that runs stand on.
fn lines<'r>(runs: impl Iterator<Item = &'r Run>) -> usize {
    let mut bases: Vec<(f32, f32)> = runs.map(|run| (run.base, run.size)).collect();
    bases.sort_by(|a, b| a.0.total_cmp(&b.0));
    bases.dedup_by(|next, last| next.0 - last.0 < last.1 / 2.0);
    bases.len()
}

/// Returns the size that most characters have, in points.
pub(super) fn common_size(runs: &[Run]) -> f32 {
    let mut counts = std::collections::BTreeMap::new();
    for run in runs {
        *counts.entry((run.size * 2.0) as u32).or_insert(0) += run.glyphs.len();
    }
    let most = counts.iter().max_by_key(|(_, count)| **count);
    most.map_or(10.0, |(half_points, _)| *half_points as f32 / 2.0)
        .max(1.0)
}
