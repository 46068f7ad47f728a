//! A region's runs → lines of text, rows of tables among them.

use super::columns::{self, Region};
use super::glyphs::{Glyph, Shown};
use super::paths::Rule;
use super::runs::{Run, runs};
use super::script::{closes, ends_sentence, is_wide, opens};
use super::tables;
use crate::read::transcript::BETWEEN_CELLS;

/// A gap wider than this, in ems, parts cells or what stands at both ends of a line.
const CELL_GAP: f32 = 1.5;

/// A gap wider than this, in ems, parts words of Latin letters.
const WORD_GAP: f32 = 0.18;

/// A line of text on a page.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub(super) text: String,
    /// Where it begins and ends along its direction, in points.
    pub(super) start: f32,
    pub(super) end: f32,
    /// Where it ends but for a closing mark, which may hang over the margin.
    pub(super) reach: f32,
    /// Its height on the page; lines further down are lower.
    pub(super) base: f32,
    /// Size that most of its characters have, in points.
    pub(super) size: f32,
    /// Bytes at its start that are bold.
    pub(super) bold: usize,
    /// Length in points of what must stand together at its start.
    pub(super) head: f32,
    /// Whether it is the row of a table.
    pub(super) row: bool,
    /// Whether the document says that it belongs to the page.
    pub(super) artifact: bool,
}

impl Line {
    pub(super) fn is_bold(&self) -> bool {
        self.bold > 0 && self.bold >= self.text.len()
    }
}

/// Lines that are read from top to bottom.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) lines: Vec<Line>,
    /// Whether it stands beside another one.
    pub(super) beside: bool,
    /// Whether its lines run as most of the page's do.
    pub(super) upright: bool,
    /// Where the page begins and ends along its lines, in points.
    pub(super) page: (f32, f32),
}

/// Puts the characters of a page together. `gutter` is where columns were parted on a page before.
pub(super) fn blocks(shown: Shown, gutter: &mut Option<f32>) -> Vec<Block> {
    let mut turned: [Vec<Glyph>; 4] = Default::default();
    for glyph in shown.glyphs {
        turned[usize::from(glyph.turns % 4)].push(glyph);
    }
    let most = (0..4u8).max_by_key(|turns| turned[usize::from(*turns)].len());
    let most = most.unwrap_or_default();
    let drawn = (most + 4 - shown.turns % 4) % 4;
    let rules: Vec<Rule> = shown.rules.iter().map(|rule| rule.turned(drawn)).collect();
    let mut upright = std::mem::take(&mut turned[usize::from(most)]);
    let tables = tables::take(&mut upright, &rules);
    let area = shown.area.turned(drawn);
    let mut blocks = Vec::new();
    let mut flow = |glyphs: Vec<Glyph>, upright: bool, blocks: &mut Vec<Block>| {
        let mut aside = None;
        let gutter = if upright { &mut *gutter } else { &mut aside };
        for Region { runs, beside } in columns::regions(runs(glyphs.into_iter()), gutter) {
            blocks.push(Block {
                lines: lines(runs),
                beside,
                upright,
                page: (area.left, area.right),
            });
        }
    };
    let mut rest = upright;
    for table in tables {
        let (above, below) = rest.into_iter().partition(|glyph| glyph.base >= table.top);
        flow(above, true, &mut blocks);
        blocks.extend(table.blocks);
        rest = below;
    }
    flow(rest, true, &mut blocks);
    for glyphs in turned {
        flow(glyphs, false, &mut blocks);
    }
    blocks
}

/// A piece of a line between wide gaps.
#[derive(Debug, Default)]
struct Cell {
    text: String,
    bold: usize,
    characters: usize,
    start: f32,
    end: f32,
}

/// A line whose pieces are not joined yet.
#[derive(Debug)]
struct Row {
    cells: Vec<Cell>,
    line: Line,
}

/// Returns the lines of a region, from top to bottom.
pub(super) fn lines(mut runs: Vec<Run>) -> Vec<Line> {
    runs.sort_by(|a, b| b.base.total_cmp(&a.base));
    let mut rows: Vec<Vec<Run>> = Vec::new();
    // The base and size of the largest run on the row.
    let mut open = (0.0, 0.0);
    for run in runs {
        let near = |(base, size): (f32, f32)| (base - run.base).abs() < size.max(run.size) / 2.0;
        match rows.last_mut() {
            Some(row) if near(open) => {
                if run.size > open.1 {
                    open = (run.base, run.size);
                }
                row.push(run);
            }
            _ => {
                open = (run.base, run.size);
                rows.push(vec![run]);
            }
        }
    }
    let rows: Vec<Row> = rows.into_iter().filter_map(row).collect();
    let in_table: Vec<bool> = (0..rows.len()).map(|at| is_in_table(&rows, at)).collect();
    let mut lines = Vec::with_capacity(rows.len());
    for (row, in_table) in rows.into_iter().zip(in_table) {
        lines.push(joined(row, in_table));
    }
    part_entries(&mut lines);
    lines
}

/// Sets the page numbers of a table of contents apart: they end lines in a row, and only grow.
fn part_entries(lines: &mut [Line]) {
    /// Fewer entries are none.
    const MIN_ENTRIES: usize = 3;
    let number = |line: &Line| -> Option<u32> {
        let (title, number) = line.text.rsplit_once([' ', '\t'])?;
        let is_number = number.len() <= 4 && number.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && !title.is_empty() && !ends_sentence(title)).then(|| number.parse().ok())?
    };
    let mut entries: Vec<usize> = Vec::new();
    let mut last = 0;
    for at in 0..=lines.len() {
        let found = lines
            .get(at)
            .and_then(number)
            .filter(|number| *number >= last);
        match found {
            Some(number) => {
                entries.push(at);
                last = number;
            }
            // An entry may have lost its number.
            None if entries.last().is_some_and(|entry| entry + 1 == at) && at < lines.len() => {}
            None => {
                if entries.len() >= MIN_ENTRIES {
                    for entry in &entries {
                        let text = &mut lines[*entry].text;
                        if let Some(place) = text.rfind([' ', '\t']) {
                            text.replace_range(place..=place, "\t");
                        }
                    }
                }
                entries.clear();
                last = 0;
            }
        }
    }
}

/// Puts the characters of a row together.
fn row(runs: Vec<Run>) -> Option<Row> {
    let size = columns::common_size(&runs);
    let largest = runs.iter().max_by(|a, b| a.size.total_cmp(&b.size))?;
    let base = largest.base;
    let mut glyphs: Vec<(Glyph, bool)> = runs.into_iter().flat_map(|run| run.glyphs).collect();
    // Runs drawn out of order may stand inside each other.
    glyphs.sort_by(|(a, _), (b, _)| a.start.total_cmp(&b.start));
    let (first, _) = glyphs.first()?;
    let spacing = spacing(&glyphs);
    let mut line = Line {
        start: first.start,
        end: glyphs
            .iter()
            .map(|(glyph, _)| glyph.end)
            .fold(first.end, f32::max),
        base,
        size,
        reach: reach(&glyphs),
        head: head(&glyphs),
        artifact: glyphs.iter().all(|(glyph, _)| glyph.artifact),
        ..Line::default()
    };
    let mut cells: Vec<Cell> = Vec::new();
    let mut last: Option<Glyph> = None;
    for (glyph, blank) in glyphs {
        let em = last
            .map_or(glyph.size, |last| last.size.max(glyph.size))
            .max(0.1);
        let gap = last.map_or(f32::MAX, |last| glyph.start - last.end) - spacing;
        let cell = match cells.last_mut() {
            Some(cell) if gap < CELL_GAP * em => {
                let latin =
                    last.is_some_and(|last| !is_wide(last.character)) && !is_wide(glyph.character);
                if blank || gap > em || (latin && gap > WORD_GAP * em) {
                    cell.text.push(' ');
                }
                cell
            }
            _ => {
                cells.push(Cell {
                    start: glyph.start,
                    ..Cell::default()
                });
                cells.last_mut()?
            }
        };
        let is_bold =
            glyph.bold && cell.text.len() - usize::from(cell.text.ends_with(' ')) <= cell.bold;
        cell.text.push(glyph.character);
        if is_bold {
            cell.bold = cell.text.len();
        }
        cell.characters += 1;
        cell.end = glyph.end;
        last = Some(glyph);
    }
    // 政   府   工   作   报   告
    let is_spread = cells.len() > 1 && cells.iter().all(|cell| cell.characters == 1);
    if is_spread {
        line.bold = cells.iter().map(|cell| cell.bold).sum();
        line.text = cells.iter().map(|cell| cell.text.as_str()).collect();
        cells.clear();
    }
    Some(Row { cells, line })
}

/// Returns the gap that most characters of a line have between them, in points: what a justified
/// line was spread by.
fn spacing(glyphs: &[(Glyph, bool)]) -> f32 {
    let mut gaps: Vec<f32> = glyphs
        .iter()
        .zip(glyphs.iter().skip(1))
        .map(|((last, _), (next, _))| next.start - last.end)
        .collect();
    gaps.sort_by(f32::total_cmp);
    gaps.get(gaps.len() / 2)
        .copied()
        .unwrap_or_default()
        .max(0.0)
}

/// Returns where a line ends but for a closing mark.
fn reach(glyphs: &[(Glyph, bool)]) -> f32 {
    match glyphs {
        [.., (before, _), (last, _)] if closes(last.character) => before.end,
        [.., (last, _)] => last.end,
        [] => 0.0,
    }
}

/// Returns the length of what must stand together at the start of a line: a character with the
/// marks around it, or figures: some programs never part 23.1％、62.5％.
fn head(glyphs: &[(Glyph, bool)]) -> f32 {
    let Some((first, _)) = glyphs.first() else {
        return 0.0;
    };
    // “6·3”
    let is_word = |c: char| !is_wide(c) || c == '·';
    let is_figure = |c: char| c.is_ascii_digit();
    let mut end = first.end;
    let mut last = None;
    for (glyph, blank) in glyphs {
        let goes_on = match last {
            None => true,
            Some(last) if opens(last) => true,
            Some(_) if closes(glyph.character) => true,
            Some(last) if closes(last) && is_figure(first.character) => is_figure(glyph.character),
            Some(last) => !blank && is_word(last) && is_word(glyph.character),
        };
        if !goes_on {
            break;
        }
        end = end.max(glyph.end);
        last = Some(glyph.character);
    }
    end - first.start
}

/// Returns whether a row's cells stand under or over those of a neighbour.
fn is_in_table(rows: &[Row], at: usize) -> bool {
    let Some(row) = rows.get(at).filter(|row| row.cells.len() > 1) else {
        return false;
    };
    let neighbours = [at.checked_sub(1), Some(at + 1)];
    neighbours.into_iter().flatten().any(|other| {
        let Some(other) = rows.get(other).filter(|row| row.cells.len() > 1) else {
            return false;
        };
        let em = row.line.size;
        let is_near = (row.line.base - other.line.base).abs() < 4.0 * em;
        let aligned = |a: &Cell, b: &Cell| {
            (a.start - b.start).abs() < em
                || (a.end - b.end).abs() < em
                || (a.start + a.end - b.start - b.end).abs() < 2.0 * em
        };
        let meets = |cell: &Cell| other.cells.iter().any(|other| aligned(cell, other));
        is_near && row.cells.iter().skip(1).any(meets)
    })
}

/// Joins the cells of a row.
fn joined(row: Row, in_table: bool) -> Line {
    let Row { cells, mut line } = row;
    let is_number =
        |cell: &Cell| cell.characters <= 4 && cell.text.chars().all(|c| c.is_ascii_digit());
    // 一、回顾        3
    let is_entry = cells.len() == 2 && cells.last().is_some_and(is_number);
    line.row = in_table && !is_entry;
    let between = if line.row { BETWEEN_CELLS } else { " " };
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            line.text.push_str(between);
        }
        if line.bold + if index > 0 { between.len() } else { 0 } >= line.text.len() {
            line.bold = line.text.len() + cell.bold;
        }
        line.text.push_str(&cell.text);
    }
    line
}
