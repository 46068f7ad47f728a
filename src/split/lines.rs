//! Text → lines, with what is cut out of them: markup, pay marks, invisible characters.

use std::borrow::Cow;
use std::ops::Range;

use super::chars::any_pair;
use super::flat::Stretch;
use crate::model::{ByteSpan, LineStyle, Markup, SourceText};
use crate::schema::NoiseRules;

/// Characters cut out of the text, with the reason.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut<'a> {
    pub(super) bytes: ByteSpan,
    pub(super) reason: &'a str,
    /// Bytes of all cuts before this one.
    before: usize,
}

/// Everything that is cut out of lines, in the order of the text, without overlap.
pub(super) fn cuts<'a>(source: &SourceText, rules: &'a NoiseRules) -> Vec<Cut<'a>> {
    let text = source.text.as_str();
    let mut cuts: Vec<Cut<'a>> = source
        .marks
        .iter()
        .map(|mark| Cut {
            bytes: mark.bytes,
            reason: mark.markup.reason(),
            before: 0,
        })
        .collect();
    let marked = cuts.len();
    for rule in &rules.inline {
        cuts.extend(rule.find_all(text).map(|found| Cut {
            bytes: ByteSpan::new(found.start, found.end),
            reason: rule.name(),
            before: 0,
        }));
    }
    invisible(text, &mut cuts);
    if cuts.len() > marked {
        cuts.sort_by_key(|cut| (cut.bytes.start, cut.bytes.end));
        let mut end = 0;
        // The first of two that overlap stays: it began earlier.
        cuts.retain(|cut| {
            let keep = cut.bytes.start >= end;
            end = end.max(if keep { cut.bytes.end } else { 0 });
            keep
        });
    }
    let mut before = 0;
    for cut in &mut cuts {
        cut.before = before;
        before += cut.bytes.len();
    }
    cuts
}

/// Cuts characters that no reader sees: zero-width ones and controls other than white space.
fn invisible(text: &str, cuts: &mut Vec<Cut<'_>>) {
    /// Bytes that are looked at together, and one by one only if there may be such a character.
    const STRETCH: usize = 64;
    let bytes = text.as_bytes();
    for start in (0..bytes.len()).step_by(STRETCH) {
        let end = bytes.len().min(start + STRETCH);
        let with_next = bytes.get(start..=end).unwrap_or_default();
        if !with_next.is_empty() && !any_pair(with_next, may_be_invisible) {
            continue;
        }
        for place in start..end {
            if let Some(length) = invisible_at(&bytes[place..]) {
                cuts.push(Cut {
                    bytes: ByteSpan::new(place, place + length),
                    reason: "invisible",
                    before: 0,
                });
            }
        }
    }
}

/// Returns whether a character that [`invisible_at`] finds can begin with two bytes.
#[inline]
fn may_be_invisible(byte: u8, next: u8) -> bool {
    let is_control = (byte < 0x20) & (byte != b'\n') | (byte == 0x7f);
    let is_lead = (byte == 0xc2) | (byte == 0xee);
    // Quotes and dashes are among these, commas of full width not.
    let is_general = (byte == 0xe2) & ((next == 0x80) | (next == 0x81));
    let is_private = (byte == 0xef) & ((next < 0xa4) | (next == 0xbb));
    is_control | is_lead | is_general | is_private
}

/// Returns how many bytes an invisible character takes at the start of some bytes; `None` if none
/// stands there.
fn invisible_at(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [0x00..=0x08 | 0x0e..=0x1f | 0x7f, ..] => Some(1),
        // U+0080 to U+009F but NEL, and the soft hyphen.
        [0xc2, 0x80..=0x84 | 0x86..=0x9f | 0xad, ..] => Some(2),
        // U+200B to U+200F, U+202A to U+202E, U+2060.
        [0xe2, 0x80, 0x8b..=0x8f | 0xaa..=0xae, ..] | [0xe2, 0x81, 0xa0, ..] => Some(3),
        // The byte order mark.
        [0xef, 0xbb, 0xbf, ..] => Some(3),
        // A private character where a line or an indent ends: a mark of some type setter's.
        [0xee | 0xef, ..] if is_private_mark(bytes) => Some(3),
        _ => None,
    }
}

/// Returns whether the bytes begin with U+E000 to U+F8FF and white space, or nothing, behind it.
fn is_private_mark(bytes: &[u8]) -> bool {
    let private = matches!(bytes, [0xee, ..] | [0xef, 0x80..=0xa3, ..]);
    private
        && matches!(
            bytes.get(3..),
            None | Some([] | [b'\n' | b'\r' | b' ' | b'\t', ..] | [0xe3, 0x80, 0x80, ..])
        )
}

/// A line that holds text; blank lines are none.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    /// Line in the source, 1-based.
    pub(super) number: u32,
    /// Place in the source, from the first kept character to the last.
    pub(super) bytes: ByteSpan,
    /// The kept characters, trimmed.
    pub(super) text: Cow<'a, str>,
    /// Those of the cuts that lie inside `bytes`.
    pub(super) cuts: Range<usize>,
    /// Number of hashes before it; 0 for none.
    pub(super) hashes: u8,
    /// Bytes of `text` at its start that are set in bold.
    pub(super) bold: usize,
    /// Whether a document's styles say how it looks: people set those for the eye, not for the
    /// outline, so beside a number they say nothing.
    pub(super) styled: bool,
    /// Whether it is the row of a table: its first cell may look like a number, all of it like a
    /// title.
    pub(super) row: bool,
    /// Whether it opens with a footnote mark: a footnote's definition.
    pub(super) footnote: bool,
    /// Whether a record of a file of one report a line begins here.
    pub(super) opens: bool,
    /// Whether it is a record's name.
    pub(super) label: bool,
}

impl Line<'_> {
    /// Returns whether all of the line is set in bold.
    pub(super) fn is_bold(&self) -> bool {
        self.bold > 0 && self.bold >= self.text.len()
    }

    /// Returns the place in the source of a range of `text`, without the cuts at its ends.
    pub(super) fn place(&self, range: Range<usize>, cuts: &[Cut<'_>]) -> ByteSpan {
        let inside = cuts.get(self.cuts.clone()).unwrap_or_default();
        let Some(first) = inside.first() else {
            let start = self.bytes.start;
            return ByteSpan::new(start + range.start, start + range.end);
        };
        // Where a cut stands in `text`, and how many bytes the first `count` of them hold.
        let position =
            |cut: &Cut<'_>| cut.bytes.start - self.bytes.start - (cut.before - first.before);
        let held = |count: usize| match count.checked_sub(1).and_then(|last| inside.get(last)) {
            Some(last) => last.before + last.bytes.len() - first.before,
            None => 0,
        };
        let before_start = inside.partition_point(|cut| position(cut) <= range.start);
        let before_end = inside.partition_point(|cut| position(cut) < range.end);
        ByteSpan::new(
            self.bytes.start + range.start + held(before_start),
            self.bytes.start + range.end + held(before_end),
        )
    }

    /// Returns the kept stretches of the line: its place without the cuts.
    pub(super) fn kept(&self, cuts: &[Cut<'_>]) -> Vec<ByteSpan> {
        let inside = cuts.get(self.cuts.clone()).unwrap_or_default();
        let mut kept = Vec::with_capacity(inside.len() + 1);
        let mut start = self.bytes.start;
        for cut in inside {
            kept.push(ByteSpan::new(start, cut.bytes.start));
            start = cut.bytes.end;
        }
        kept.push(ByteSpan::new(start, self.bytes.end));
        kept.retain(|span| !span.is_empty());
        kept
    }
}

/// Cuts a text into lines.
pub(super) struct Lines<'a, 'c> {
    text: &'a str,
    cuts: &'c [Cut<'a>],
    styles: &'c [LineStyle],
    /// The next cut that may reach into a line.
    next_cut: usize,
    lines: Vec<Line<'a>>,
}

impl<'a, 'c> Lines<'a, 'c> {
    pub(super) fn new(text: &'a str, cuts: &'c [Cut<'a>], styles: &'c [LineStyle]) -> Self {
        Lines {
            text,
            cuts,
            styles,
            next_cut: 0,
            lines: Vec::new(),
        }
    }

    /// Adds a stretch; stretches come in the order of the text.
    pub(super) fn push(&mut self, stretch: Stretch) {
        let span = stretch.bytes;
        while self
            .cuts
            .get(self.next_cut)
            .is_some_and(|cut| cut.bytes.end <= span.start)
        {
            self.next_cut += 1;
        }
        let first = self.next_cut;
        let mut last = first;
        while self
            .cuts
            .get(last)
            .is_some_and(|cut| cut.bytes.start < span.end)
        {
            last += 1;
        }
        let touching = &self.cuts[first..last];
        if let Some(line) = self.line(stretch, first, touching) {
            self.lines.push(line);
        }
    }

    /// Returns the lines that hold text.
    pub(super) fn finish(self) -> Vec<Line<'a>> {
        self.lines
    }

    fn line(&self, stretch: Stretch, first: usize, touching: &[Cut<'a>]) -> Option<Line<'a>> {
        let mut hashes = 0;
        let mut footnote = false;
        // Move both ends inwards over white space and cuts, in turn.
        let (mut span, mut touching, mut first) = (stretch.bytes, touching, first);
        let mut bold_open = false;
        loop {
            let start = span.start;
            if let [cut, rest @ ..] = touching
                && cut.bytes.start <= span.start
            {
                hashes = match cut.reason == Markup::Hashes.reason() {
                    true => self.text[cut.bytes.range()].matches('#').count() as u8,
                    false => hashes,
                };
                footnote |= cut.reason == Markup::FootnoteMark.reason();
                bold_open ^= cut.reason == Markup::Bold.reason();
                span.start = cut.bytes.end.min(span.end);
                (touching, first) = (rest, first + 1);
            }
            let limit = touching.first().map_or(span.end, |cut| cut.bytes.start);
            let stretch = &self.text[span.start..limit.max(span.start)];
            span.start += stretch.len() - stretch.trim_start_matches(is_blank).len();
            if span.start == start {
                break;
            }
        }
        loop {
            let end = span.end;
            if let [rest @ .., cut] = touching
                && cut.bytes.end >= span.end
            {
                span.end = cut.bytes.start.max(span.start);
                touching = rest;
            }
            let limit = touching.last().map_or(span.start, |cut| cut.bytes.end);
            let stretch = &self.text[limit.min(span.end)..span.end];
            span.end -= stretch.len() - stretch.trim_end_matches(is_blank).len();
            if span.end == end {
                break;
            }
        }
        if span.is_empty() {
            return None;
        }
        let style = self
            .styles
            .binary_search_by_key(&stretch.bytes.start, |style| style.start)
            .map_or(None, |index| self.styles.get(index));
        let text: Cow<'a, str> = match touching {
            [] => Cow::Borrowed(&self.text[span.range()]),
            cuts => {
                let mut kept = String::with_capacity(span.len());
                let mut start = span.start;
                for cut in cuts {
                    kept.push_str(&self.text[start..cut.bytes.start]);
                    start = cut.bytes.end;
                }
                kept.push_str(&self.text[start..span.end]);
                Cow::Owned(kept)
            }
        };
        let bold = match bold_open {
            false => 0,
            true => {
                let close = touching
                    .iter()
                    .position(|cut| cut.reason == Markup::Bold.reason());
                match close {
                    // What was cut before the closing mark is not in `text`.
                    Some(index) => {
                        let before: usize =
                            touching[..index].iter().map(|cut| cut.bytes.len()).sum();
                        touching[index].bytes.start - span.start - before
                    }
                    None => text.len(),
                }
            }
        };
        let bold = style.map_or(bold, |style| {
            let indent = span.start - stretch.bytes.start;
            bold.max(style.bold.saturating_sub(indent).min(text.len()))
        });
        Some(Line {
            number: stretch.number,
            bytes: span,
            text,
            cuts: first..first + touching.len(),
            hashes: style.map_or(hashes, |style| hashes.max(style.level)),
            bold,
            styled: style.is_some(),
            row: style.is_some_and(|style| style.row),
            footnote: footnote || style.is_some_and(|style| style.note),
            opens: stretch.opens,
            label: stretch.label,
        })
    }
}

/// White space and the byte order mark; what else is invisible has been cut.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// A text by its physical lines. They end at `\n`, `\r\n`, `\r`, U+0085, U+2028 and U+2029.
#[derive(Debug, Clone, Copy)]
pub(super) struct Physical<'a> {
    pub(super) text: &'a str,
    /// Whether one of the three rare ends occurs at all.
    rare: bool,
}

impl<'a> Physical<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let may_be_rare = |byte, next| {
            (byte == 0xc2) & (next == 0x85) | (byte == 0x80) & ((next == 0xa8) | (next == 0xa9))
        };
        let holds = |end: &str| memchr::memmem::find(bytes, end.as_bytes()).is_some();
        let rare = any_pair(bytes, may_be_rare)
            && ["\u{85}", "\u{2028}", "\u{2029}"].into_iter().any(holds);
        Physical { text, rare }
    }

    /// Returns the lines without their ends: line number, 1-based, and place.
    pub(super) fn lines(self) -> impl Iterator<Item = (u32, ByteSpan)> + 'a {
        let Physical { text, rare } = self;
        let bytes = text.as_bytes();
        let mut start = Some(0);
        let mut number = 0;
        // Where the next common end stands: behind a rare one it need not be looked for again.
        let mut common = None;
        std::iter::from_fn(move || {
            let from = start?;
            number += 1;
            if common.is_none_or(|end: usize| end < from) {
                let found = memchr::memchr2(b'\n', b'\r', &bytes[from..]);
                common = Some(found.map_or(text.len(), |offset| from + offset));
            }
            let mut end = common.filter(|end| *end < text.len());
            if rare {
                let stretch = &text[from..end.unwrap_or(text.len())];
                if let Some(offset) = stretch.find(['\u{85}', '\u{2028}', '\u{2029}']) {
                    end = Some(from + offset);
                }
            }
            let Some(end) = end else {
                start = None;
                return Some((number, ByteSpan::new(from, text.len())));
            };
            let width = match bytes[end] {
                b'\r' if bytes.get(end + 1) == Some(&b'\n') => 2,
                b'\n' | b'\r' => 1,
                0xc2 => 2,
                _ => 3,
            };
            start = Some(end + width);
            Some((number, ByteSpan::new(from, end)))
        })
    }
}
