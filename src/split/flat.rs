//! Text without line structure → stretches that stand for lines.
//!
//! Some collections keep a whole report in one line, its paragraphs marked by indents alone or by
//! nothing but the numbering.

use super::chars::SENTENCE_ENDS;
use super::lines::physical;
use super::numbering::marker;
use crate::model::ByteSpan;
use crate::schema::{Digits, HeadingRules};

/// A line longer than this many bytes may hold several paragraphs.
const LONG_LINE: usize = 600;

/// A stretch of text that stands for one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Line in the source, 1-based.
    pub(super) number: u32,
    /// Place in the source.
    pub(super) bytes: ByteSpan,
    /// Whether a record of a file of one report a line begins here.
    pub(super) opens: bool,
    /// Whether it is a record's name: `1954` before a tab.
    pub(super) label: bool,
}

/// Cuts a text into stretches: its physical lines, and the paragraphs within those that hold many.
pub(super) fn stretches<'t>(
    text: &'t str,
    rules: &'t HeadingRules,
) -> impl Iterator<Item = Stretch> + 't {
    let shape = Shape::of(text);
    physical(text).flat_map(move |(number, bytes)| {
        let line = &text[bytes.range()];
        let plain = Stretch {
            number,
            bytes,
            opens: false,
            label: false,
        };
        let breaks: Box<dyn Iterator<Item = (usize, usize)>> = match shape {
            _ if line.len() < LONG_LINE && !shape.alone => {
                Box::new(std::iter::once((0, line.len())))
            }
            Shape { indented: true, .. } => Box::new(indents(line)),
            Shape { alone: true, .. } => Box::new(sentences(line, rules)),
            _ => Box::new(std::iter::once((0, line.len()))),
        };
        let opens = shape.records && line.len() >= LONG_LINE;
        let labelled = opens && label_length(line).is_some();
        breaks
            .enumerate()
            .map(move |(index, (start, end))| Stretch {
                bytes: ByteSpan::new(plain.bytes.start + start, plain.bytes.start + end),
                opens: opens && index == 0,
                label: labelled && index == 0,
                ..plain
            })
    })
}

/// How a text keeps its paragraphs.
#[derive(Debug, Clone, Copy)]
struct Shape {
    /// Long lines hold paragraphs that open with an indent.
    indented: bool,
    /// One line holds all of the text.
    alone: bool,
    /// Every line is a report.
    records: bool,
}

impl Shape {
    fn of(text: &str) -> Self {
        let (mut lines, mut long, mut indented) = (0, 0, 0);
        for (_, bytes) in physical(text) {
            let line = text[bytes.range()].trim();
            lines += usize::from(!line.is_empty());
            if line.len() >= LONG_LINE {
                long += 1;
                // Three indents make paragraphs; one or two may be a name or a table.
                indented += usize::from(indents(line).nth(3).is_some());
            }
        }
        let all = lines > 0 && indented == lines;
        Shape {
            indented: indented > 0,
            alone: lines == 1 && indented == 0,
            records: all,
        }
    }
}

/// Returns the length of a record's name before a tab.
fn label_length(line: &str) -> Option<usize> {
    let end = line.bytes().take(24).position(|byte| byte == b'\t')?;
    let label = line[..end].trim();
    (!label.is_empty()
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)))
    .then_some(end)
}

/// Cuts a line at tabs and at runs of wide blanks.
fn indents(line: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        while start < line.len() {
            let rest = &line[start..];
            let (end, next) = next_indent(rest).unwrap_or((rest.len(), rest.len()));
            let piece = (start, start + end);
            start += next;
            if end > 0 {
                return Some(piece);
            }
        }
        None
    })
}

/// Returns where the first run of wide blanks begins and ends.
fn next_indent(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        // U+3000 is E3 80 80 and U+00A0 is C2 A0.
        let found = from + memchr::memchr3(b'\t', 0xe3, 0xc2, &bytes[from..])?;
        let wide = match bytes[found] {
            b'\t' => true,
            0xe3 => bytes.get(found + 1..found + 3) == Some(&[0x80, 0x80]),
            _ => bytes.get(found + 1) == Some(&0xa0),
        };
        if !wide {
            from = found + 1;
            continue;
        }
        let head = &text[..found];
        let start = head.trim_end().len();
        let run = &text[start..];
        let end = start + run.len() - run.trim_start().len();
        let blanks = text[start..end].chars().count();
        if blanks >= 2 || text[start..end].contains('\t') {
            return Some((start, end));
        }
        from = end;
    }
}

/// Cuts a line without any structure where a number opens a sentence.
fn sentences<'t>(
    line: &'t str,
    rules: &'t HeadingRules,
) -> impl Iterator<Item = (usize, usize)> + 't {
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= line.len() {
            return None;
        }
        let end = next_numbered(line, start, rules).unwrap_or(line.len());
        let piece = (start, end);
        start = end;
        Some(piece)
    })
}

/// Returns where the next numbered sentence begins behind `from`.
fn next_numbered(line: &str, from: usize, rules: &HeadingRules) -> Option<usize> {
    let head = marker(&line[from..], &rules.numbering);
    let mut previous = None;
    for (offset, c) in line[from..].char_indices() {
        let place = from + offset;
        if offset > 0 && opens_sentence(previous) {
            let rest = &line[place..];
            if let Some(found) = marker(rest, &rules.numbering)
                && is_heading_number(found, previous, rest, rules)
            {
                return Some(place);
            }
        }
        // 一、工作总结（一）强化管理: a heading that no mark closes, its first child right behind.
        if matches!(c, '（' | '(')
            && let Some(head) = head
            && offset > head.length
            && offset - head.length <= 90
            && let Some(found) = marker(&line[place..], &rules.numbering)
            && found.rank > head.rank
            && found.value == 1
            && !line[from + head.length..place].contains(['。', '，', '；', '：'])
        {
            return Some(place);
        }
        if !c.is_whitespace() || previous.is_none() {
            previous = Some(c);
        }
    }
    None
}

fn opens_sentence(previous: Option<char>) -> bool {
    previous.is_some_and(|c| SENTENCE_ENDS.contains(&c) || matches!(c, '：' | ':' | '”' | '）'))
}

/// Returns whether a number behind `previous` numbers a paragraph, not an item of a list.
fn is_heading_number(
    found: super::numbering::Marker,
    previous: Option<char>,
    rest: &str,
    rules: &HeadingRules,
) -> bool {
    if rules.numbering[found.style].digits == Digits::Circled {
        return false;
    }
    match previous {
        // 报告分三个部分：一、…；二、…；三、…。 lists parts, it does not open them.
        Some('：' | ':' | '”' | '）') => {
            let stop = rest[found.length..].find(['。', '；', '！']);
            stop.is_some_and(|stop| !rest[found.length + stop..].starts_with('；'))
                && previous != Some('”')
                && previous != Some('）')
        }
        _ => true,
    }
}
