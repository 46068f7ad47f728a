//! Lines of all pages → paragraphs.
//!
//! A paragraph goes on in the next line where the line before is full, that is where what the next
//! one begins with did not fit any more; indents, wider spacing, other sizes and numbers of items
//! begin a new one. Full lines go on across columns and pages.

use super::lines::{Block, Line};
use super::script::{ends_sentence, join, opens_item};
use crate::error::Result;
use crate::read::Limits;
use crate::read::transcript::{Paragraph, Transcript};

/// Sizes within this ratio are the same.
const SAME_SIZE: f32 = 1.08;

/// A line so much larger than the text is a heading.
const HEADING_SIZE: f32 = 1.15;

/// Spacing so much wider than usual parts paragraphs.
const WIDE: f32 = 1.35;

/// Spacing so much wider than usual parts even halves of a sentence.
const CHASM: f32 = 2.2;

/// Spacing of paragraphs in documents that set them apart by it.
const SPACED: f32 = 1.12;

/// An indent is wider than this, in ems.
const INDENT: f32 = 1.2;

/// Fewer lines do not show how long they may be.
const MIN_LINES: usize = 12;

/// Fewer lines of a region do not show that it is wider or narrower than others.
const MIN_BLOCK: usize = 8;

/// Longer paragraphs are no headings, in characters.
const MAX_HEADING: usize = 60;

/// Ranks of headings by size.
const MAX_LEVEL: usize = 6;

/// What is usual in a document.
#[derive(Debug)]
struct Usual {
    /// Size of most characters, in points.
    size: f32,
    /// Distance of most lines, in sizes.
    pitch: f32,
    /// Length of full lines in regions that stand alone and in those beside others.
    widths: [f32; 2],
    /// Whether most lines stand in columns.
    columns: bool,
    /// Whether paragraphs begin with an indent.
    indented: bool,
    /// Whether they stand wider apart than lines.
    spaced: bool,
    /// Whether most characters are bold.
    bold: bool,
    /// Sizes of headings, the largest first.
    headings: Vec<f32>,
}

/// A region with its margins.
struct Margins {
    left: f32,
    right: f32,
}

/// The paragraph that the next line may go on with.
struct Open<'l> {
    paragraph: Paragraph,
    first: &'l Line,
    last: &'l Line,
    /// Points left on the last line.
    room: f32,
    centred: bool,
}

/// Writes the pages as paragraphs.
///
/// # Errors
/// If the time is over.
pub(super) fn write(
    pages: &[Vec<Block>],
    limits: Limits,
    transcript: &mut Transcript,
) -> Result<()> {
    let usual = Usual::of(pages);
    let mut open: Option<Open<'_>> = None;
    let mut notes: Vec<Paragraph> = Vec::new();
    // Pages that begin with the next paragraph.
    let mut begun = 0;
    for blocks in pages {
        limits.check()?;
        begun += 1;
        for block in blocks {
            let margins = usual.margins(block);
            let mut above: Option<&Line> = None;
            let first_note = first_note(block, &usual);
            for (index, line) in block.lines.iter().enumerate() {
                if index >= first_note {
                    note(&mut notes, line);
                    continue;
                }
                let goes_on = open
                    .as_ref()
                    .is_some_and(|open| usual.goes_on(open, line, above, &margins));
                let centred = margins.centres(line);
                match open.as_mut().filter(|_| goes_on) {
                    Some(open) => {
                        let bold = open.paragraph.bold >= open.paragraph.text.len();
                        join(&mut open.paragraph.text, &line.text);
                        if bold && line.is_bold() {
                            open.paragraph.bold = open.paragraph.text.len();
                        }
                        open.last = line;
                        open.room = margins.right - line.end;
                        open.centred &= centred;
                    }
                    None => {
                        if let Some(open) = open.take() {
                            usual.finish(open, &mut notes, transcript);
                        }
                        for _ in 0..std::mem::take(&mut begun) {
                            transcript.page();
                        }
                        open = Some(Open {
                            paragraph: Paragraph {
                                text: line.text.clone(),
                                bold: if usual.bold { 0 } else { line.bold },
                                ..Paragraph::default()
                            },
                            first: line,
                            last: line,
                            room: margins.right - line.end,
                            centred,
                        });
                    }
                }
                above = Some(line);
            }
        }
    }
    if let Some(open) = open {
        usual.finish(open, &mut notes, transcript);
    }
    for note in notes {
        transcript.push(&note);
    }
    for _ in 0..begun {
        transcript.page();
    }
    Ok(())
}

/// Returns the first of the lines at the end of a block that are footnotes: small ones that open
/// with a mark.
fn first_note(block: &Block, usual: &Usual) -> usize {
    let is_small = |line: &&Line| line.size * SAME_SIZE < usual.size && !line.row;
    let small = block.lines.iter().rev().take_while(is_small).count();
    let start = block.lines.len() - small;
    let opens = block.lines.iter().skip(start).position(opens_note);
    opens.map_or(usize::MAX, |offset| start + offset)
}

fn opens_note(line: &Line) -> bool {
    let text = line.text.as_str();
    text.starts_with([
        '*', '＊', '※', '†', '[', '〔', '①', '②', '③', '④', '⑤', '⑥', '⑦', '⑧', '⑨', '⑩', '注',
    ]) || text.starts_with(|c: char| c.is_ascii_digit())
}

/// Adds a line to the notes of a page.
fn note(notes: &mut Vec<Paragraph>, line: &Line) {
    match notes.last_mut().filter(|_| !opens_note(line)) {
        Some(note) => join(&mut note.text, &line.text),
        None => notes.push(Paragraph {
            note: true,
            ..Paragraph::plain(line.text.clone())
        }),
    }
}

impl Margins {
    /// Returns whether a line stands in the middle, with room on both sides.
    fn centres(&self, line: &Line) -> bool {
        let (left, right) = (line.start - self.left, self.right - line.end);
        left > 1.5 * line.size && right > 1.5 * line.size && (left - right).abs() < 2.0 * line.size
    }
}

impl Usual {
    fn of(pages: &[Vec<Block>]) -> Self {
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
        let beside = blocks().filter(|block| block.beside && block.upright);
        let beside: usize = beside.map(|block| block.lines.len()).sum();
        let bold: usize = lines().filter(|line| line.is_bold()).map(count).sum();
        let all: usize = lines().map(count).sum();
        let mut usual = Usual {
            size,
            pitch: pitch.unwrap_or(1.5),
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

    fn margins(&self, block: &Block) -> Margins {
        let left = left(&block.lines);
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

    /// Returns whether a paragraph goes on in a line. `above` is the line before it in its region.
    fn goes_on(
        &self,
        open: &Open<'_>,
        line: &Line,
        above: Option<&Line>,
        margins: &Margins,
    ) -> bool {
        let last = open.last;
        if last.row || line.row || last.text.contains('\t') || !same_size(last.size, line.size) {
            return false;
        }
        let indent = line.start - margins.left;
        let em = line.size;
        let text = open.paragraph.text.as_str();
        let pitch = above.map(|above| (above.base - line.base) / em.max(0.1));
        if pitch.is_some_and(|pitch| pitch < 0.3) {
            return false;
        }
        if open.centred && margins.centres(line) {
            // Lines of a title.
            let is_large = em > self.size * HEADING_SIZE || (line.is_bold() && !self.bold);
            let is_near = pitch.is_some_and(|pitch| pitch < 2.6);
            return is_large
                && is_near
                && last.is_bold() == line.is_bold()
                && !line.text.starts_with(['—', '－', '─', '-', '（', '(']);
        }
        if open.room >= line.head + 0.3 * em {
            return false;
        }
        // Behind a full line that ends no sentence, only an indent or a chasm begins anew, or the
        // end of a heading in bold.
        if !ends_sentence(text) {
            let is_set_off = !self.bold
                && open.paragraph.bold >= text.len()
                && line.bold == 0
                && !text.ends_with(['，', '、', ',']);
            let chasm = if self.spaced { SPACED } else { CHASM };
            let is_hanging = open.first.start + em < line.start && !opens_item(&line.text);
            return !is_set_off
                && (indent <= INDENT * em || is_hanging)
                && pitch.is_none_or(|pitch| pitch < self.pitch * chasm);
        }
        let wide = if self.spaced { SPACED } else { WIDE };
        // Where neither indents nor spacing tell, a number does.
        let told = self.indented || (self.spaced && pitch.is_some());
        indent <= INDENT * em
            && (told || !opens_item(&line.text))
            && (last.is_bold() || !line.is_bold())
            && pitch.is_none_or(|pitch| pitch < self.pitch * wide)
    }

    /// Writes a paragraph, and the notes that were met in it behind it.
    fn finish(&self, open: Open<'_>, notes: &mut Vec<Paragraph>, transcript: &mut Transcript) {
        let Open {
            mut paragraph,
            first,
            ..
        } = open;
        let text = paragraph.text.trim();
        let is_heading = first.size > self.size * HEADING_SIZE
            && text.chars().nth(MAX_HEADING).is_none()
            && !text.ends_with(['。', '；', '，']);
        if is_heading && !first.row {
            let rank = self
                .headings
                .iter()
                .position(|size| same_size(*size, first.size));
            paragraph.level = rank.map_or(0, |rank| rank.min(MAX_LEVEL - 1) as u8 + 1);
        }
        transcript.push(&paragraph);
        for note in notes.drain(..) {
            transcript.push(&note);
        }
    }
}

fn same_size(a: f32, b: f32) -> bool {
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
