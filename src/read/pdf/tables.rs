//! Characters between rules → the cells of tables.
//!
//! Invariant: a character stands in a cell or stays in the text, never both. Without cells side by
//! side there is no table: a frame around a page or a line under a title makes none.

use std::collections::BTreeMap;

use super::glyphs::Glyph;
use super::lines::{Block, Line, lines};
use super::paths::Rule;
use super::runs::runs;
use super::script::join;
use crate::read::transcript::BETWEEN_CELLS;

/// Rules meet within so many points.
const TOLERANCE: f32 = 3.0;

/// A cell of more lines or characters than this is running text in a frame.
const MAX_LINES: usize = 12;
const MAX_CHARS: usize = 200;

/// More comparisons of characters with rules on a page are not made.
const MAX_COMPARISONS: usize = 50_000_000;

/// A table on a page.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) blocks: Vec<Block>,
    /// Height of its upper end; lines further down are lower.
    pub(super) top: f32,
}

/// The sides of a cell in points, rounded: of lower cells the first is smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Sides {
    /// From the top of the page downwards.
    top: i32,
    left: i32,
    bottom: i32,
    right: i32,
}

/// Takes the tables out of a page's characters; the highest table comes first.
pub(super) fn take(glyphs: &mut Vec<Glyph>, rules: &[Rule]) -> Vec<Table> {
    if rules.len() < 4 || glyphs.len().saturating_mul(rules.len()) > MAX_COMPARISONS {
        return Vec::new();
    }
    let mut cells: BTreeMap<Sides, Vec<usize>> = BTreeMap::new();
    for (index, glyph) in glyphs.iter().enumerate() {
        if let Some(sides) = sides(glyph, rules) {
            cells.entry(sides).or_default().push(index);
        }
    }
    let mut stays = vec![true; glyphs.len()];
    let mut tables = Vec::new();
    for cells in stacks(cells) {
        let is_table = cells
            .iter()
            .zip(cells.iter().skip(1))
            .any(|((a, _), (b, _))| b.top < a.bottom && b.left >= a.right.saturating_sub(1));
        if !is_table {
            continue;
        }
        let top = cells.iter().map(|(sides, _)| sides.top).min();
        let cells = cells.into_iter().map(|(sides, places)| {
            places.iter().for_each(|place| stays[*place] = false);
            let glyphs = places.iter().filter_map(|place| glyphs.get(*place));
            (sides, lines(runs(glyphs.copied())))
        });
        tables.push(Table {
            blocks: blocks(cells.filter(|(_, lines)| !lines.is_empty())),
            top: -(top.unwrap_or_default() as f32),
        });
    }
    let mut stays = stays.into_iter();
    glyphs.retain(|_| stays.next().unwrap_or(true));
    tables
}

/// Returns the cell that a character stands in; tables may be open at their left and right.
fn sides(glyph: &Glyph, rules: &[Rule]) -> Option<Sides> {
    let (x, y) = (
        (glyph.start + glyph.end) / 2.0,
        glyph.base + glyph.size * 0.35,
    );
    let (mut left, mut right) = (f32::MIN, f32::MAX);
    let (mut bottom, mut top) = (f32::MIN, f32::MAX);
    for rule in rules {
        let is_upright = rule.top - rule.bottom > rule.right - rule.left;
        if is_upright && rule.bottom - TOLERANCE < y && y < rule.top + TOLERANCE {
            match rule.left <= x {
                true => left = left.max(rule.left),
                false => right = right.min(rule.left),
            }
        } else if !is_upright && rule.left - TOLERANCE < x && x < rule.right + TOLERANCE {
            match rule.bottom <= y {
                true => bottom = bottom.max(rule.bottom),
                false => top = top.min(rule.bottom),
            }
        }
    }
    let is_bounded = bottom > f32::MIN && top < f32::MAX && (left > f32::MIN || right < f32::MAX);
    is_bounded.then(|| Sides {
        top: -top.round() as i32,
        left: left.round() as i32,
        bottom: -bottom.round() as i32,
        right: right.round() as i32,
    })
}

type Cells = Vec<(Sides, Vec<usize>)>;

/// Parts cells where nothing joins those above with those below.
fn stacks(cells: BTreeMap<Sides, Vec<usize>>) -> Vec<Cells> {
    let mut stacks: Vec<Cells> = Vec::new();
    let mut end = i32::MIN;
    for (sides, places) in cells {
        let joins = sides.top <= end.saturating_add(TOLERANCE as i32);
        end = if joins {
            end.max(sides.bottom)
        } else {
            sides.bottom
        };
        match stacks.last_mut().filter(|_| joins) {
            Some(stack) => stack.push((sides, places)),
            None => stacks.push(vec![(sides, places)]),
        }
    }
    stacks
}

/// Returns the rows of a table; the cells of a row that holds running text become text.
fn blocks(cells: impl Iterator<Item = (Sides, Vec<Line>)>) -> Vec<Block> {
    let mut rows: Vec<Vec<(Sides, Vec<Line>)>> = Vec::new();
    for cell in cells {
        let near =
            |other: &(Sides, Vec<Line>)| (other.0.top - cell.0.top).abs() <= TOLERANCE as i32;
        match rows.last_mut().filter(|row| row.first().is_some_and(near)) {
            Some(row) => row.push(cell),
            None => rows.push(vec![cell]),
        }
    }
    let mut blocks: Vec<Block> = Vec::new();
    for mut row in rows {
        row.sort_by_key(|(sides, _)| sides.left);
        let is_running = |lines: &Vec<Line>| {
            let length = |line: &Line| line.text.chars().count();
            lines.len() > MAX_LINES || lines.iter().map(length).sum::<usize>() > MAX_CHARS
        };
        if row.iter().any(|(_, lines)| is_running(lines)) {
            blocks.extend(row.into_iter().map(|(_, lines)| Block {
                lines,
                beside: true,
                ..Block::default()
            }));
            continue;
        }
        let mut line = Line::default();
        for (index, (_, lines)) in row.into_iter().enumerate() {
            let mut text = String::new();
            for part in &lines {
                join(&mut text, part.text.trim());
            }
            match lines.into_iter().next().filter(|_| index == 0) {
                Some(first) => {
                    line = Line {
                        text,
                        row: true,
                        bold: 0,
                        ..first
                    }
                }
                None => {
                    line.text.push_str(BETWEEN_CELLS);
                    line.text.push_str(&text);
                }
            }
        }
        line.row = line.text.contains(BETWEEN_CELLS);
        blocks.push(Block {
            lines: vec![line],
            beside: true,
            ..Block::default()
        });
    }
    blocks
}
