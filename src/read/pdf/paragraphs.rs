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
            let blocks = blocks().filter(|block| block.beside == beside);
            let widths = blocks.flat_map(|block| {
                let left = left(&block.lines);
                let lines = block.lines.iter().filter(is_text);
                lines.map(move |line| line.reach - left)
            });
            let mut widths: Vec<f32> = widths.collect();
            widths.sort_by(f32::total_cmp);
            widths
                .get(widths.len() * 19 / 20)
                .copied()
                .unwrap_or_default()
        };
        let bold: usize = lines().filter(|line| line.is_bold()).map(count).sum();
        let all: usize = lines().map(count).sum();
        let mut usual = Usual {
            size,
            pitch: pitch.unwrap_or(1.5),
            widths: [width(false), width(true)],
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
        let ends = || block.lines.iter().map(|line| line.reach);
        let far = ends().max_by(f32::total_cmp).unwrap_or_default();
        let usual = left + self.widths[usize::from(block.beside)];
        let reach = |end: f32| {
            ends()
                .filter(|other| (other - end).abs() < self.size)
                .count()
        };
        // Some lines may stick out; a region of its own width has several full lines.
        let right = match far > usual || reach(far) >= 3 && block.lines.len() >= 8 {
            true if reach(far) >= 2 => far,
            _ => usual,
        };
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
        // Behind a full line that ends no sentence, only an indent or a chasm begins anew.
        if !ends_sentence(text) {
            let hangs = open.first.start + em < line.start || last.start + em / 2.0 > line.start;
            let is_hanging = hangs && !opens_item(&line.text);
            return (indent <= INDENT * em || is_hanging)
                && pitch.is_none_or(|pitch| pitch < self.pitch * CHASM);
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

/// Returns the value that weighs most, to a grain.
fn most(values: impl Iterator<Item = (f32, usize)>, grain: f32) -> Option<f32> {
    let mut counts = std::collections::BTreeMap::new();
    for (value, weight) in values {
        *counts.entry((value / grain).round() as i64).or_insert(0) += weight;
    }
    let most = counts.iter().max_by_key(|(_, weight)| **weight)?;
    Some(*most.0 as f32 * grain)
}
