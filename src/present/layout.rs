//! Text by its width on screen: cleaning, padding, shortening, wrapping, highlights.
//!
//! A Han character takes two columns, an ASCII character one.

use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Ink, Look};

/// Marks that no line begins with.
const CLOSING: &str = "，。、；：！？）》〉」』】〕”’…·%,.;:!?)]}";
/// Marks that no line ends with.
const OPENING: &str = "（《〈「『【〔“‘([{";

/// Returns the number of columns that the text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

fn columns(character: char) -> usize {
    character.width().unwrap_or(0)
}

/// Returns the text with each control character replaced by a blank, so that a source can neither
/// break lines nor steer the terminal nor turn the reading direction; the number of characters
/// stays the same.
pub fn clean(text: &str) -> String {
    let steers = |character: char| {
        character.is_control()
            || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|character| if steers(character) { ' ' } else { character })
        .collect()
}

/// Returns blanks that fill the text up to so many columns; empty if it is wider.
pub fn padding(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(width(text)))
}

/// Returns the text cut to so many columns, with `…` where something was left out.
pub fn shorten(text: &str, limit: usize) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = columns('…');
    for character in text.chars() {
        used += columns(character);
        if used > limit {
            break;
        }
        kept.push(character);
    }
    kept.push('…');
    kept
}

/// Cuts the text into lines of at most so many columns, as ranges of characters.
///
/// Lines break between Han characters and at blanks, not inside Latin words or numbers, not before
/// closing marks and not after opening ones; a stretch without such a place is cut hard.
pub fn wrap(text: &[char], limit: usize) -> Vec<Range<usize>> {
    let limit = limit.max(2);
    let mut lines = Vec::new();
    let (mut start, mut used, mut candidate) = (0, 0, 0);
    let mut index = 0;
    while index < text.len() {
        if index > start && may_break(text[index - 1], text[index]) {
            candidate = index;
        }
        let next = used + columns(text[index]);
        if next > limit && index > start && text[index] != ' ' {
            let end = if candidate > start { candidate } else { index };
            lines.push(start..end);
            start = end;
            index = end;
            used = 0;
            continue;
        }
        used = next;
        index += 1;
    }
    if start < text.len() || lines.is_empty() {
        lines.push(start..text.len());
    }
    lines
}

fn may_break(before: char, after: char) -> bool {
    if before == ' ' {
        return true;
    }
    let wide = columns(before) == 2 || columns(after) == 2;
    wide && after != ' ' && !CLOSING.contains(after) && !OPENING.contains(before)
}

/// Writes a stretch of characters with the highlighted ones in [`Ink::Match`].
///
/// `highlights` are sorted, `[start, end)` in characters of the whole text, as in a
/// [`Hit`](crate::model::Hit); parts outside of `line` are ignored.
pub fn highlighted(
    text: &[char],
    line: Range<usize>,
    highlights: &[[usize; 2]],
    look: &Look,
) -> String {
    let piece = |range: Range<usize>| text[range].iter().collect::<String>();
    let mut painted = String::new();
    let mut at = line.start;
    for &[start, end] in highlights {
        let (start, end) = (start.max(at), end.min(line.end));
        if start < end {
            painted.push_str(&piece(at..start));
            painted.push_str(&look.paint(Ink::Match, &piece(start..end)));
            at = end;
        }
    }
    painted.push_str(&piece(at..line.end));
    painted
}

/// Writes a text as indented lines that fit the screen, with its highlights.
pub fn block(text: &str, highlights: &[[usize; 2]], indent: usize, look: &Look) -> String {
    indented(text, indent, look, |text, line| {
        highlighted(text, line, highlights, look)
    })
}

/// Writes a text as indented lines that fit the screen, all in one ink.
pub fn painted_block(text: &str, ink: Ink, indent: usize, look: &Look) -> String {
    indented(text, indent, look, |text, line| {
        look.paint(ink, text[line].iter().collect::<String>().trim_end())
    })
}

fn indented(
    text: &str,
    indent: usize,
    look: &Look,
    show: impl Fn(&[char], Range<usize>) -> String,
) -> String {
    let characters: Vec<char> = clean(text).chars().collect();
    let lines = match look.width {
        Some(columns) => wrap(&characters, columns.saturating_sub(indent)),
        None => std::iter::once(0..characters.len()).collect(),
    };
    lines
        .into_iter()
        .map(|line| {
            let line = show(&characters, line);
            format!("{}{}\n", " ".repeat(indent), line.trim_end())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_wrap(text: &str, limit: usize, expected: &[&str]) {
        let characters: Vec<char> = text.chars().collect();
        let lines: Vec<String> = wrap(&characters, limit)
            .into_iter()
            .map(|line| characters[line].iter().collect())
            .collect();
        assert_eq!(lines, expected, "{text} at {limit}");
    }

    #[test]
    fn wrapping() {
        check_wrap("", 10, &[""]);
        check_wrap("乡村振兴战略", 8, &["乡村振兴", "战略"]);
        check_wrap("乡村振兴，战略", 8, &["乡村振", "兴，战略"]);
        check_wrap("推进“乡村振兴", 6, &["推进", "“乡村", "振兴"]);
        check_wrap("增长12.5%以上", 8, &["增长", "12.5%以", "上"]);
        check_wrap("work report here", 6, &["work ", "report ", "here"]);
        check_wrap("abcdefghij", 4, &["abcd", "efgh", "ij"]);
        check_wrap("县县", 1, &["县", "县"]);
    }

    #[test]
    fn wrapped_lines_tile_the_text() {
        let text: Vec<char> = "（一）坚持“三个 first”，增长-40.6%。。。。。。。。。。"
            .chars()
            .collect();
        for limit in 0..40 {
            let mut at = 0;
            for line in wrap(&text, limit) {
                assert_eq!(line.start, at);
                at = line.end;
            }
            assert_eq!(at, text.len());
        }
    }

    #[test]
    fn shortening() {
        assert_eq!(shorten("乡村振兴", 8), "乡村振兴");
        assert_eq!(shorten("乡村振兴", 7), "乡村振…");
        assert_eq!(shorten("乡村振兴", 6), "乡村…");
    }

    #[test]
    fn highlights_survive_line_breaks() {
        let look = Look {
            color: true,
            width: Some(8),
            ..Look::default()
        };
        assert_eq!(
            block("推进乡村振兴", &[[2, 6]], 2, &look),
            "  推进\x1b[1;31m乡\x1b[0m\n  \x1b[1;31m村振兴\x1b[0m\n"
        );
    }

    #[test]
    fn highlights_out_of_range_are_ignored() {
        let look = Look {
            color: true,
            ..Look::default()
        };
        assert_eq!(
            block("振兴", &[[0, 1], [0, 1], [1, 90], [95, 96]], 0, &look),
            "\x1b[1;31m振\x1b[0m\x1b[1;31m兴\x1b[0m\n"
        );
    }

    #[test]
    fn control_characters_are_blanked() {
        assert_eq!(
            block("a\x1b[2Jb\nc", &[], 0, &Look::default()),
            "a [2Jb c\n"
        );
    }
}
