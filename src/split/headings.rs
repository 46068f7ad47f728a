//! Heading, item or body: what a line of a report is.

use super::chars::{ends_in_mark, ends_sentence, is_short, squeeze};
use super::lines::Line;
use super::numbering::{Marker, han_digit};
use crate::schema::HeadingRules;

/// A run-in heading has at most so many characters, its number left aside.
const MAX_RUN_IN: usize = 40;

/// A heading that fills its line has at most so many characters.
const MAX_LINE: usize = 60;

/// Behind an item of its list, a sentence that fills its line is a heading only up to so many
/// characters.
const MAX_AFTER_ITEM: usize = 25;

/// A line without number or markup is a heading only up to so many characters.
const MAX_PLAIN: usize = 24;

/// A heading known by its wording that a colon closes has at most so many characters.
const MAX_NAME: usize = 10;

/// Body text behind a plain heading has at least so many characters.
const MIN_BODY: usize = 50;

/// How a heading is set, which tells siblings from children.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// By a number of the style with this index.
    Numbered(usize, Emphasis),
    /// By so many hashes, without a number.
    Hashes(u8),
    /// In bold, without a number.
    Bold,
    /// By nothing but its wording: 下一步工作打算.
    Named,
    /// By standing alone between paragraphs.
    Plain,
}

/// How a numbered heading is set off from body text; the strongest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Emphasis {
    /// By so many hashes.
    Hashes(u8),
    /// In bold.
    Bold,
    /// Not at all.
    None,
}

impl Emphasis {
    fn of(line: &Line<'_>) -> Self {
        match (line.hashes, line.bold) {
            _ if line.styled => Emphasis::None,
            (0, 0) => Emphasis::None,
            (0, _) => Emphasis::Bold,
            (hashes, _) => Emphasis::Hashes(hashes),
        }
    }
}

/// A heading in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Heading {
    /// How it is set.
    pub(super) style: Style,
    /// Its number, if it has one.
    pub(super) marker: Option<Marker>,
    /// Where the heading's own text ends: before the mark that closes it.
    pub(super) text_end: usize,
    /// Where the body begins: behind that mark.
    pub(super) end: usize,
}

/// A line and its number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbered<'l, 'a> {
    /// The line.
    pub(super) line: &'l Line<'a>,
    /// Its number.
    pub(super) marker: Option<Marker>,
    /// Whether the line is title, signature, date …: no neighbour of body text.
    pub(super) apart: bool,
}

/// Returns the heading that opens a line, if there is one.
///
/// `before` and `after` are the neighbouring lines of text; `after_item` says that the line before
/// is a numbered sentence that turned out to be body text.
pub(super) fn heading(
    current: Numbered<'_, '_>,
    before: Option<Numbered<'_, '_>>,
    after: Option<Numbered<'_, '_>>,
    after_item: bool,
    rules: &HeadingRules,
) -> Option<Heading> {
    if current.line.row {
        return None;
    }
    match current.marker {
        Some(marker) => numbered(current.line, marker, after, after_item, rules),
        None => unnumbered(current.line, before, after, rules),
    }
}

fn numbered(
    line: &Line<'_>,
    marker: Marker,
    after: Option<Numbered<'_, '_>>,
    after_item: bool,
    rules: &HeadingRules,
) -> Option<Heading> {
    let found = |text_end: usize, end: usize| {
        Some(Heading {
            style: Style::Numbered(marker.style, Emphasis::of(line)),
            marker: Some(marker),
            text_end,
            end,
        })
    };
    let text = &*line.text;
    // Bold type says where the heading ends, whatever its length.
    if line.bold > marker.length
        && line.bold < text.len()
        && is_short(&text[marker.length..line.bold], MAX_LINE)
    {
        let heading = text[..line.bold].trim_end_matches(CLOSING);
        if heading.len() > marker.length {
            return found(heading.len(), line.bold + stops_at(&text[line.bold..]));
        }
    }
    let rest = &text[marker.length..];
    let Some((stop, width)) = first_stop(rest) else {
        // Nothing closes the line but its end.
        let closed = rest.ends_with(['！', '？', '!', '?']);
        let open = !closed && ends_in_mark(rest);
        return (!open
            && !rest.contains('；')
            && is_short(rest, MAX_LINE)
            && (!closed || is_followed(marker, after, rules)))
        .then(|| found(text.len(), text.len()))
        .flatten();
    };
    let (first, behind) = (&rest[..stop], &rest[stop + width..]);
    if first.contains('；') || first.is_empty() {
        return None;
    }
    if behind.trim().is_empty() {
        let sentence = rest[stop..].starts_with('。');
        let is_heading = match sentence {
            // A long sentence behind an item of the same list is another item.
            true => {
                is_followed(marker, after, rules)
                    && (!after_item || is_short(first, MAX_AFTER_ITEM))
            }
            false => true,
        };
        return (is_heading && is_short(first, MAX_LINE))
            .then(|| found(marker.length + stop, text.len()))
            .flatten();
    }
    // 一、 numbers parts, never the items of a list.
    let limit = match marker.level {
        1 => MAX_LINE,
        _ => MAX_RUN_IN,
    };
    is_short(first, limit)
        .then(|| found(marker.length + stop, marker.length + stop + width))
        .flatten()
}

/// Marks that close a heading.
const CLOSING: [char; 7] = ['。', '：', ':', '！', '？', '；', ' '];

/// Returns the bytes of the marks that close a bold heading behind its bold type.
fn stops_at(text: &str) -> usize {
    text.len() - text.trim_start_matches(['。', '：', ':']).len()
}

/// Returns where the first 。 or ： stands and its length; a colon between digits is none.
fn first_stop(text: &str) -> Option<(usize, usize)> {
    text.char_indices().find_map(|(place, c)| match c {
        '。' | '：' => Some((place, c.len_utf8())),
        ':' if !text[place + 1..].starts_with(|c: char| c.is_ascii_digit()) => Some((place, 1)),
        _ => None,
    })
}

/// Returns whether body text or a deeper heading follows, as it does behind a heading.
fn is_followed(marker: Marker, after: Option<Numbered<'_, '_>>, rules: &HeadingRules) -> bool {
    match after {
        None => false,
        Some(Numbered {
            marker: Some(next), ..
        }) => next.level > marker.level,
        Some(next) => !next.apart && !is_named(next.line, rules),
    }
}

/// Returns whether a line without number is a heading by its wording: 存在的问题, 名词解释：.
fn is_named(line: &Line<'_>, rules: &HeadingRules) -> bool {
    // 今年重点抓好以下九项工作： leads into a list; only a bare name closes with a colon.
    let name = line.text.trim_end_matches(['：', ':']);
    let limit = match name.len() == line.text.len() {
        true => MAX_RUN_IN,
        false => MAX_NAME,
    };
    is_short(name, limit) && rules.unnumbered(&squeeze(name))
}

fn unnumbered(
    line: &Line<'_>,
    before: Option<Numbered<'_, '_>>,
    after: Option<Numbered<'_, '_>>,
    rules: &HeadingRules,
) -> Option<Heading> {
    let text = &*line.text;
    // Whole sentences are set in heading styles by mistake.
    let mistaken = line.styled && ends_in_mark(text);
    let style = if line.hashes > 0 && is_short(text, MAX_LINE) && !mistaken {
        Style::Hashes(line.hashes)
    } else if !is_short(text, MAX_LINE) || is_running(text) {
        return None;
    } else if line.is_bold() && !ends_in_mark(text) {
        Style::Bold
    } else if is_named(line, rules) {
        Style::Named
    } else if is_plain(text, before, after) {
        Style::Plain
    } else {
        return None;
    };
    let heading = text.trim_end_matches(CLOSING);
    Some(Heading {
        style,
        marker: None,
        text_end: heading.len(),
        end: text.len(),
    })
}

/// Returns whether a line opens as one of a list in running text: 一是, 第一，, ——.
fn is_running(text: &str) -> bool {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some('—' | '─' | '－' | '-' | '―' | '•' | '·' | '●' | '■' | '◆' | '★' | '▲'), _) => {
            true
        }
        (Some(c), Some('是')) => han_digit(c).is_some(),
        _ => false,
    }
}

/// Returns whether a short line stands between paragraphs as a heading does.
///
/// Both neighbours must be whole: where lines are broken anywhere, a short line is only a piece.
fn is_plain(text: &str, before: Option<Numbered<'_, '_>>, after: Option<Numbered<'_, '_>>) -> bool {
    let worded = text
        .chars()
        .all(|c| matches!(c, '\u{4e00}'..='\u{9fff}' | '0'..='9' | '０'..='９' | '、' | '“' | '”' | '《' | '》' | '（' | '）' | '〇' | '○'));
    let opens =
        text.starts_with(|c: char| matches!(c, '\u{4e00}'..='\u{9fff}' | '“' | '《' | '1'..='2'));
    worded
        && opens
        && is_short(text, MAX_PLAIN)
        && !is_short(text, 3)
        && before.is_none_or(|before| before.apart || ends_sentence(&before.line.text))
        && after.is_some_and(|after| {
            !after.apart && ends_sentence(&after.line.text) && !is_short(&after.line.text, MIN_BODY)
        })
}
