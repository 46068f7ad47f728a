//! Characters of a page → runs of them that stand side by side.
//!
//! Invariant: every character that is no blank stands in exactly one run, but for those drawn twice
//! on the same spot.

use std::collections::HashMap;

use super::glyphs::Glyph;

/// A run is left at a gap wider than this, in ems.
const GAP: f32 = 0.9;

/// Where a letter is drawn again within this distance, in ems, it is made bold by it.
const SAME_SPOT: f32 = 0.1;

/// Characters that stand side by side on one line, as they were drawn.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// With whether a blank stands before it.
    pub(super) glyphs: Vec<(Glyph, bool)>,
    /// Where it begins and ends along the line, in points.
    pub(super) start: f32,
    pub(super) end: f32,
    pub(super) base: f32,
    /// Size of its largest character, in points.
    pub(super) size: f32,
}

/// Puts characters of one direction together, in the order in which they were drawn.
pub(super) fn runs(glyphs: impl Iterator<Item = Glyph>) -> Vec<Run> {
    let mut seen = HashMap::new();
    let mut runs: Vec<Run> = Vec::new();
    let mut blank = false;
    for glyph in glyphs {
        if glyph.is_blank() {
            blank = true;
            continue;
        }
        if is_repeated(&mut seen, &glyph) {
            continue;
        }
        let open = runs.last_mut().filter(|run| {
            let em = run.size.max(glyph.size);
            let gap = glyph.start - run.end;
            (glyph.base - run.base).abs() < em / 4.0 && gap > -em / 3.0 && gap < em * GAP
        });
        match open {
            Some(run) => {
                run.end = run.end.max(glyph.end);
                run.size = run.size.max(glyph.size);
                run.glyphs.push((glyph, blank));
            }
            None => runs.push(Run {
                glyphs: vec![(glyph, blank)],
                start: glyph.start,
                end: glyph.end,
                base: glyph.base,
                size: glyph.size,
            }),
        }
        blank = false;
    }
    runs
}

/// Returns whether the character was drawn on the same spot before, as some programs make letters
/// bold.
fn is_repeated(seen: &mut HashMap<(char, i32, i32), (f32, f32)>, glyph: &Glyph) -> bool {
    let reach = glyph.size * SAME_SPOT;
    let cell = |value: f32| (value / glyph.size.max(1.0)).floor() as i32;
    let (column, row) = (cell(glyph.start), cell(glyph.base));
    for column in [column - 1, column, column + 1] {
        for row in [row - 1, row, row + 1] {
            let near = seen.get(&(glyph.character, column, row));
            if near.is_some_and(|(start, base)| {
                (start - glyph.start).abs() < reach && (base - glyph.base).abs() < reach
            }) {
                return true;
            }
        }
    }
    seen.insert((glyph.character, column, row), (glyph.start, glyph.base));
    false
}
