//! Drawn characters → their places in the direction of reading.
//!
//! Invariant: only what is seen counts, and a page's characters are bounded in number.

use super::matrix::Matrix;
use super::paths::Rule;

/// Characters on one page; a page of a newspaper has twenty thousand.
pub(super) const MAX_GLYPHS: usize = 500_000;

/// A character on a page. Its place is given in the direction that its line runs in, so that a
/// page on its side and vertical writing read like any other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    pub(super) character: char,
    /// Quarter turns, clockwise, of the line that it stands on.
    pub(super) turns: u8,
    /// Where it begins along its line, in points.
    pub(super) start: f32,
    /// Where it ends along its line.
    pub(super) end: f32,
    /// Height of the line that it stands on; lines further down are lower.
    pub(super) base: f32,
    /// Size of the font, in points.
    pub(super) size: f32,
    pub(super) bold: bool,
    /// Whether the document says that it belongs to the page, not to the text.
    pub(super) artifact: bool,
}

impl Glyph {
    pub(super) fn is_blank(&self) -> bool {
        self.character.is_whitespace()
    }
}

/// How a character is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) bold: bool,
    /// Whether its line runs from top to bottom.
    pub(super) vertical: bool,
    /// Whether the document says that it belongs to the page.
    pub(super) artifact: bool,
}

/// What a page shows.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// In the order in which they were drawn.
    pub(super) glyphs: Vec<Glyph>,
    /// Whether it shows a picture.
    pub(super) has_picture: bool,
    /// Straight lines, as they lie before the page is turned.
    pub(super) rules: Vec<Rule>,
    /// What is seen of the page, before it is turned.
    pub(super) area: Rule,
    /// Quarter turns of the page, clockwise.
    pub(super) turns: u8,
}

impl Shown {
    /// Returns whether there are more characters than any page has.
    pub(super) fn is_full(&self) -> bool {
        self.glyphs.len() > MAX_GLYPHS
    }

    /// Adds the characters of a code, drawn in the unit square of a matrix; they are `ems` long
    /// together.
    pub(super) fn push(&mut self, text: &str, matrix: &Matrix, ems: f64, look: Look) {
        let Matrix([a, b, c, d, x, y]) = *matrix;
        let area = self.area;
        let [left, bottom, right, top] =
            [area.left, area.bottom, area.right, area.top].map(f64::from);
        // The directions of the line and across it.
        let (along, across) = match look.vertical {
            true => ((-c, -d), (a, b)),
            false => ((a, b), (c, d)),
        };
        let size = across.0.hypot(across.1);
        let is_seen =
            (left - size..=right + size).contains(&x) && (bottom - size..=top + size).contains(&y);
        let length = along.0.hypot(along.1);
        let is_sized = size.is_finite() && size >= 0.1 && length.is_finite() && length > 0.0;
        if !is_seen || !is_sized || self.is_full() {
            return;
        }
        // What stands askew is a stamp or a watermark; a scan may be off by a degree or two.
        let drawn = match (along.0 / length, along.1 / length) {
            (0.98.., _) => 0,
            (_, ..=-0.98) => 1,
            (..=-0.98, _) => 2,
            (_, 0.98..) => 3,
            _ => return,
        };
        let (start, base) = match drawn {
            0 => (x, y),
            1 => (-y, x),
            2 => (-x, -y),
            _ => (y, -x),
        };
        let step = ems * length / text.chars().count().max(1) as f64;
        for (index, character) in text.chars().enumerate() {
            let start = start + step * index as f64;
            self.glyphs.push(Glyph {
                character,
                turns: (drawn + self.turns) % 4,
                start: start as f32,
                end: (start + step) as f32,
                base: base as f32,
                size: size as f32,
                bold: look.bold,
                artifact: look.artifact,
            });
        }
    }

    /// Sets a text in the place of the characters from `first` on, if these stand on one line.
    pub(super) fn replace(&mut self, first: usize, text: &str) {
        let glyphs = self.glyphs.get(first..).unwrap_or_default();
        let (Some(start), Some(end)) = (glyphs.first().copied(), glyphs.last().copied()) else {
            return;
        };
        let is_line = |glyph: &Glyph| (glyph.base - start.base).abs() < start.size / 2.0;
        if !glyphs.iter().all(is_line) {
            return;
        }
        self.glyphs.truncate(first);
        let step = (end.end - start.start) / (text.chars().count() as f32).max(1.0);
        for (index, character) in (0u16..).zip(text.chars()) {
            let at = start.start + step * f32::from(index);
            self.glyphs.push(Glyph {
                character,
                start: at,
                end: at + step,
                ..start
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Look = Look {
        bold: false,
        vertical: false,
        artifact: false,
    };

    fn page(turns: u8) -> Shown {
        Shown {
            turns,
            area: Rule {
                left: 0.0,
                bottom: 0.0,
                right: 100.0,
                top: 100.0,
            },
            ..Shown::default()
        }
    }

    #[test]
    fn lines_run_in_their_direction() {
        // Where each line begins and ends, how high it stands, and what is further down.
        for (matrix, turns) in [
            ([10.0, 0.0, 0.0, 10.0, 20.0, 50.0], 0),
            ([0.0, -10.0, 10.0, 0.0, 50.0, 80.0], 1),
            ([-10.0, 0.0, 0.0, -10.0, 80.0, 50.0], 2),
            ([0.0, 10.0, -10.0, 0.0, 50.0, 20.0], 3),
        ] {
            let mut shown = page(3);
            shown.push("政府", &Matrix(matrix), 2.0, LOOK);
            let [first, second] = shown.glyphs[..] else {
                panic!("{:?}", shown.glyphs);
            };
            assert_eq!(first.turns, (turns + 3) % 4);
            assert_eq!((first.end - first.start, second.start), (10.0, first.end));
            let Matrix([a, b, c, d, x, y]) = Matrix(matrix);
            let mut below = page(3);
            below.push("下", &Matrix([a, b, c, d, x - c, y - d]), 1.0, LOOK);
            assert!(below.glyphs[0].base < first.base);
            assert_eq!(below.glyphs[0].start, first.start);
        }
    }

    #[test]
    fn only_what_is_seen_counts() {
        let mut shown = page(0);
        for matrix in [
            [10.0, 0.0, 0.0, 10.0, 150.0, 50.0],
            [7.0, 7.0, -7.0, 7.0, 50.0, 50.0],
            [0.0, 0.0, 0.0, 0.0, 50.0, 50.0],
            [f64::INFINITY, 0.0, 0.0, 10.0, 50.0, 50.0],
            [10.0, 0.0, 0.0, f64::NAN, 50.0, 50.0],
        ] {
            shown.push("字", &Matrix(matrix), 1.0, LOOK);
        }
        assert!(shown.glyphs.is_empty());
    }

    #[test]
    fn a_text_takes_the_place_of_one_line_only() {
        let mut shown = page(0);
        shown.push("ab", &Matrix([10.0, 0.0, 0.0, 10.0, 10.0, 50.0]), 1.0, LOOK);
        shown.replace(0, "政府报告");
        let places: Vec<f32> = shown.glyphs.iter().map(|glyph| glyph.start).collect();
        assert_eq!(places, [10.0, 12.5, 15.0, 17.5]);
        shown.push("字", &Matrix([10.0, 0.0, 0.0, 10.0, 10.0, 20.0]), 1.0, LOOK);
        shown.replace(0, "");
        assert_eq!(shown.glyphs.len(), 5);
    }
}
