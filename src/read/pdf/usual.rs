//! Lines of all pages → what is usual in the document: sizes, margins, distances.

use super::lines::{Block, Line};
use super::script::ends_sentence;

/// Sizes within this ratio are the same.
pub(super) const SAME_SIZE: f32 = 1.08;

/// A line so much larger than the text is a heading.
pub(super) const HEADING_SIZE: f32 = 1.15;

/// Spacing of paragraphs in documents that set them apart by it.
pub(super) const SPACED: f32 = 1.12;

/// An indent is wider than this, in ems.
pub(super) const INDENT: f32 = 1.2;

/// Fewer lines do not show how long they may be.
const MIN_LINES: usize = 12;

/// Fewer lines of a region do not show that it is wider or narrower than others.
const MIN_BLOCK: usize = 8;

/// What is usual in a document.
#[derive(Debug)]
pub(super) struct Usual {
    /// Size of most characters, in points.
    pub(super) size: f32,
    /// Distance of most lines, in sizes.
    pub(super) pitch: f32,
    /// Where lines of regions that stand alone begin on the page, in points.
    pub(super) left: Option<f32>,
    /// Length of full lines in regions that stand alone and in those beside others.
    pub(super) widths: [f32; 2],
    /// Whether most lines stand in columns.
    pub(super) columns: bool,
    /// Whether paragraphs begin with an indent.
    pub(super) indented: bool,
    /// Whether they stand wider apart than lines.
    pub(super) spaced: bool,
    /// Whether most characters are bold.
    pub(super) bold: bool,
    /// Sizes of headings, the largest first.
    pub(super) headings: Vec<f32>,
}

/// A region with its margins.
pub(super) struct Margins {
    pub(super) left: f32,
    pub(super) right: f32,
}

impl Margins {
    /// Returns whether a line stands in the middle, with room on both sides.
    pub(super) fn centres(&self, line: &Line) -> bool {
        let (left, right) = (line.start - self.left, self.right - line.end);
        left > 1.5 * line.size && right > 1.5 * line.size && (left - right).abs() < 2.0 * line.size
    }
}

impl Usual {
    pub(super) fn of(pages: &[Vec<Block>]) -> Self {
        let blocks = || pages.iter().flatten();
        let lines = || blocks().flat_map(|block| &block.lines);
        let count = |line: &Line| line.text.chars().count();
        let size = most(lines().map(|line| (line.size, count(line))), 0.5).unwrap_or(10.0);
        let is_text = |line: &&Line| same_size(line.size, size) && !line.row;
        let pairs =
            || blocks().flat_map(|block| block.lines.iter().zip(block.lines.iter().skip(1)));
        let pitches = pairs().filter(|(a, b)| is_text(a) && is_text(b));
        let pitches = pitches.map(|(a, b)| ((a.base - b.base) / size, 1));
        let pitch = most(
            pitches.filter(|(pitch, _)| (0.5..4.0).contains(pitch)),
            0.05,
        );
        let width = |beside: bool| {
            let blocks = || blocks().filter(|block| block.beside == beside);
            let widths = blocks().flat_map(|block| {
                let left = left(&block.lines);
                let lines = block.lines.iter().filter(is_text);
                lines.map(move |line| line.reach - left)
            });
            let widths: Vec<f32> = widths.collect();
            let is_few = widths.len() < MIN_LINES;
            let width = full_width(widths, size);
            // A few lines may all be short; then the page tells, whose margins are alike.
            let likely = blocks().map(likely_width).fold(0.0, f32::max);
            if is_few { width.max(likely) } else { width }
        };
        let lefts = blocks()
            .filter(|block| !block.beside && block.upright && block.lines.len() >= MIN_BLOCK)
            .map(|block| (left(&block.lines) - block.page.0, block.lines.len()));
        let beside = blocks().filter(|block| block.beside && block.upright);
        let beside: usize = beside.map(|block| block.lines.len()).sum();
        let bold: usize = lines().filter(|line| line.is_bold()).map(count).sum();
        let all: usize = lines().map(count).sum();
        let mut usual = Usual {
            size,
            pitch: pitch.unwrap_or(1.5),
            left: most(lefts, 0.5),
            widths: [width(false), width(true)],
            columns: beside * 2 > lines().count(),
            indented: false,
            spaced: false,
            bold: bold * 2 > all,
            headings: Vec::new(),
        };
        (usual.indented, usual.spaced) = usual.starts(pages);
        let mut headings: Vec<f32> = lines()
            .filter(|line| line.size > size * HEADING_SIZE && !line.row)
            .map(|line| line.size)
            .collect();
        headings.sort_by(|a, b| b.total_cmp(a));
        headings.dedup_by(|next, last| same_size(*next, *last));
        usual.headings = headings;
        usual
    }

    /// Returns whether most paragraphs, those behind a short line, are indented and spaced.
    fn starts(&self, pages: &[Vec<Block>]) -> (bool, bool) {
        let (mut starts, mut indented, mut spaced) = (0, 0, 0);
        for block in pages.iter().flatten() {
            let margins = self.margins(block);
            for (line, next) in block.lines.iter().zip(block.lines.iter().skip(1)) {
                let is_short = margins.right - line.end > 2.0 * line.size;
                if is_short && ends_sentence(&line.text) && same_size(next.size, self.size) {
                    let pitch = (line.base - next.base) / self.size;
                    starts += 1;
                    indented += usize::from(next.start - margins.left > INDENT * next.size);
                    spaced += usize::from(pitch > self.pitch * SPACED);
                }
            }
        }
        (indented * 2 > starts, spaced * 2 > starts)
    }

    pub(super) fn margins(&self, block: &Block) -> Margins {
        let mut left = left(&block.lines);
        // All of a few lines may be indented.
        if !block.beside
            && block.lines.len() < MIN_BLOCK
            && let Some(usual) = self.left.map(|usual| block.page.0 + usual)
            && (0.0..2.6 * self.size).contains(&(left - usual))
        {
            left = usual;
        }
        let reaches = || block.lines.iter().map(|line| line.reach - left);
        let far = reaches().max_by(f32::total_cmp).unwrap_or_default();
        // The last page may have but one of its columns.
        let alone = !block.beside && (far > self.widths[1] + self.size || !self.columns);
        let usual = self.widths[usize::from(!alone)];
        let own = full_width(reaches().collect(), self.size);
        // Text beside a picture is narrower: most of its lines are full.
        let at_own = reaches().filter(|width| (width - own).abs() < self.size / 2.0);
        let is_narrow = block.lines.len() >= MIN_BLOCK && at_own.count() * 2 > block.lines.len();
        let width = match own > usual || is_narrow {
            true if block.lines.len() >= MIN_BLOCK => own,
            _ => usual,
        };
        let right = left + width;
        Margins { left, right }
    }
}

/// Returns whether two sizes are those of one text.
pub(super) fn same_size(a: f32, b: f32) -> bool {
    a < b * SAME_SIZE && b < a * SAME_SIZE
}

/// Returns where the lines of a region begin; a few may stick out.
fn left(lines: &[Line]) -> f32 {
    let mut starts: Vec<f32> = lines.iter().map(|line| line.start).collect();
    starts.sort_by(f32::total_cmp);
    starts.get(starts.len() / 10).copied().unwrap_or_default()
}

/// Returns the length of full lines: the longest that is not rare, for some stick out.
fn full_width(mut widths: Vec<f32>, em: f32) -> f32 {
    widths.sort_by(f32::total_cmp);
    let longest = widths.last().copied().unwrap_or_default();
    let long = widths.partition_point(|width| *width < longest * 0.6);
    let enough = (widths.len() - long).div_ceil(6);
    let is_common = |end: usize| {
        let near = widths.partition_point(|width| *width < widths[end] - em / 2.0);
        end + 1 - near >= enough
    };
    let common = (0..widths.len()).rev().find(|end| is_common(*end));
    common.map_or(longest, |end| widths[end])
}

/// Returns how long the lines of a region are likely to be at least.
fn likely_width(block: &Block) -> f32 {
    let (start, end) = block.page;
    let margin = left(&block.lines) - start;
    match block.beside {
        true => 0.0,
        false => (end - start - 2.0 * margin) * 0.85,
    }
}

/// Returns the value that weighs most, to a grain.
fn most(values: impl Iterator<Item = (f32, usize)>, grain: f32) -> Option<f32> {
    let mut counts = std::collections::BTreeMap::new();
    for (value, weight) in values {
        *counts.entry((value / grain).round() as i64).or_insert(0) += weight;
    }
    let most = counts.iter().max_by_key(|(_, weight)| **weight)?;
    Some(*most.0 as f32 * grain)
}
