//! Levels of an automatic list and its paragraphs in order → the number each is printed with.

use super::counting::Counting;

/// Levels that a list may have: OpenDocument has 10, Word 9.
pub(super) const LEVELS: usize = 10;

/// A printed number is cut behind so many characters.
const MAX_CHARS: usize = 80;

/// Stands for bullets whose glyph only a font knows.
pub(super) const BULLET: &str = "•";

/// Returns a list's bullet: itself, or one mark for all that only a font knows.
pub(super) fn bullet(text: &str) -> &str {
    let is_mark =
        |c: char| !c.is_alphanumeric() && !c.is_control() && !matches!(c, '\u{e000}'..='\u{f8ff}');
    match text.trim() {
        text if !text.is_empty() && text.chars().all(is_mark) => text,
        _ => BULLET,
    }
}

/// A piece of what a level prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text as it stands.
    Text(String),
    /// The number of the level with this index, 0-based.
    Number(usize),
}

/// One level of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListLevel {
    /// First number.
    pub(super) start: u32,
    /// How it counts; `None` for bullets and levels without a number.
    pub(super) counting: Option<Counting>,
    /// What is printed.
    pub(super) pieces: Vec<Piece>,
    /// Whether numbers of other levels are printed 1, 2, 3 whatever their own kind.
    pub(super) legal: bool,
    /// Whether it begins anew behind a number of a level above.
    pub(super) restarts: bool,
    /// Whether text follows without a blank.
    pub(super) is_tight: bool,
}

impl Default for ListLevel {
    fn default() -> Self {
        ListLevel {
            start: 1,
            counting: None,
            pieces: Vec::new(),
            legal: false,
            restarts: true,
            is_tight: false,
        }
    }
}

/// The numbers that a list has come to.
#[derive(Debug, Clone, Default)]
pub(super) struct Counters([Option<u32>; LEVELS]);

impl Counters {
    /// Counts a paragraph. `start` is the number it is set to, if it is.
    pub(super) fn step(&mut self, levels: &[ListLevel], level: usize, start: Option<u32>) {
        let Some(current) = self.0.get_mut(level) else {
            return;
        };
        let first = levels.get(level).map_or(1, |level| level.start);
        let next = current.map_or(first, |value| value.saturating_add(1));
        *current = Some(start.unwrap_or(next));
        for (index, deeper) in self.0.iter_mut().enumerate().skip(level + 1) {
            if levels.get(index).is_none_or(|level| level.restarts) {
                *deeper = None;
            }
        }
    }

    /// Returns the number that the paragraph just counted is printed with, and the tab behind it.
    pub(super) fn print(&self, levels: &[ListLevel], level: usize) -> String {
        let mut printed = String::new();
        let Some(own) = levels.get(level) else {
            return printed;
        };
        for piece in &own.pieces {
            match piece {
                Piece::Text(text) => printed.push_str(text),
                Piece::Number(index) => {
                    let Some(other) = levels.get(*index) else {
                        continue;
                    };
                    // A level that was passed over stands at its first number.
                    let value = self.0.get(*index).copied().flatten();
                    let counting = match (other.counting, own.legal) {
                        (Some(_), true) => Some(Counting::Decimal),
                        (counting, _) => counting,
                    };
                    if let Some(counting) = counting {
                        printed.push_str(&counting.print(value.unwrap_or(other.start)));
                    }
                }
            }
        }
        if let Some((end, _)) = printed.char_indices().nth(MAX_CHARS) {
            printed.truncate(end);
        }
        if !printed.is_empty() && !own.is_tight {
            printed.push('\t');
        }
        printed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(counting: Counting, pieces: &[Piece]) -> ListLevel {
        ListLevel {
            counting: Some(counting),
            pieces: pieces.to_vec(),
            is_tight: true,
            ..ListLevel::default()
        }
    }

    #[test]
    fn bullets_are_marks() {
        assert_eq!(
            ["◆", "\u{f06c}", "o", "\0", " "].map(bullet),
            ["◆", BULLET, BULLET, BULLET, BULLET]
        );
    }

    #[test]
    fn levels_restart_and_show_those_above() {
        let text = |text: &str| Piece::Text(text.to_owned());
        let levels = [
            level(Counting::Chinese, &[Piece::Number(0), text("、")]),
            level(
                Counting::Decimal,
                &[Piece::Number(0), text("."), Piece::Number(1)],
            ),
            ListLevel {
                legal: true,
                ..level(
                    Counting::LowerLetter,
                    &[Piece::Number(0), text("."), Piece::Number(2)],
                )
            },
        ];
        let mut counters = Counters::default();
        let mut step = |level: usize, start: Option<u32>| {
            counters.step(&levels, level, start);
            counters.print(&levels, level)
        };
        let printed = [
            step(1, None),
            step(0, None),
            step(1, None),
            step(1, None),
            step(2, None),
            step(0, Some(7)),
            step(1, None),
            step(99, None),
        ];
        assert_eq!(
            printed,
            ["一.1", "一、", "一.1", "一.2", "1.1", "七、", "七.1", ""]
        );
    }
}
