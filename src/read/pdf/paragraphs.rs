//! Lines of all pages → paragraphs.
//!
//! A paragraph goes on in the next line where the line before is full, that is where what the next
//! one begins with did not fit any more; indents, wider spacing, other sizes and numbers of items
//! begin a new one. Full lines go on across columns and pages.

use super::lines::{Block, Line};
use super::script::{ends_sentence, join, opens_item};
use super::usual::{HEADING_SIZE, INDENT, Margins, SAME_SIZE, SPACED, Usual, same_size};
use crate::error::Result;
use crate::read::Limits;
use crate::read::transcript::{Paragraph, Transcript};

/// Spacing so much wider than usual parts paragraphs.
const WIDE: f32 = 1.35;

/// Spacing so much wider than usual parts even halves of a sentence.
const CHASM: f32 = 2.2;

/// Longer paragraphs are no headings, in characters.
const MAX_HEADING: usize = 60;

/// Ranks of headings by size.
const MAX_LEVEL: usize = 6;

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
                    .is_some_and(|open| goes_on(&usual, open, line, above, &margins));
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
                            finish(&usual, open, &mut notes, transcript);
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
        finish(&usual, open, &mut notes, transcript);
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

/// Returns whether a paragraph goes on in a line. `above` is the line before it in its region.
fn goes_on(
    usual: &Usual,
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
        let is_large = em > usual.size * HEADING_SIZE || (line.is_bold() && !usual.bold);
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
        let is_set_off = !usual.bold
            && open.paragraph.bold >= text.len()
            && line.bold == 0
            && !text.ends_with(['，', '、', ',']);
        let chasm = if usual.spaced { SPACED } else { CHASM };
        let is_hanging = open.first.start + em < line.start && !opens_item(&line.text);
        return !is_set_off
            && (indent <= INDENT * em || is_hanging)
            && pitch.is_none_or(|pitch| pitch < usual.pitch * chasm);
    }
    let wide = if usual.spaced { SPACED } else { WIDE };
    // Where neither indents nor spacing tell, a number does.
    let told = usual.indented || (usual.spaced && pitch.is_some());
    indent <= INDENT * em
        && (told || !opens_item(&line.text))
        && (last.is_bold() || !line.is_bold())
        && pitch.is_none_or(|pitch| pitch < usual.pitch * wide)
}

/// Writes a paragraph, and the notes that were met in it behind it.
fn finish(usual: &Usual, open: Open<'_>, notes: &mut Vec<Paragraph>, transcript: &mut Transcript) {
    let Open {
        mut paragraph,
        first,
        ..
    } = open;
    let text = paragraph.text.trim();
    let is_heading = first.size > usual.size * HEADING_SIZE
        && text.chars().nth(MAX_HEADING).is_none()
        && !text.ends_with(['。', '；', '，']);
    if is_heading && !first.row {
        let rank = usual
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
