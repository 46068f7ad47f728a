//! Text without line structure → stretches that stand for lines.
//!
//! Some collections keep a whole report in one line, its paragraphs marked by indents alone or by
//! nothing but the numbering; and a title is often glued to its session line.

use super::chars::any_pair;
use super::lines::Physical;
use super::numbering::marker;
use super::{sentences, wrapped};
use crate::model::ByteSpan;
use crate::schema::HeadingRules;

/// A line longer than this many bytes may hold several paragraphs.
const LONG_LINE: usize = 600;

/// A title, its session line and its speaker together are no longer than this many bytes.
const MAX_HEAD: usize = 400;

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

/// Cuts a text into stretches and hands them to `each`: its physical lines, and the paragraphs
/// within those that hold many.
pub(super) fn stretches(
    physical: Physical<'_>,
    rules: &HeadingRules,
    each: &mut dyn FnMut(Stretch),
) {
    let text = physical.text;
    let shape = Shape::of(physical);
    if let Some(width) = shape.wrapped {
        wrapped::unwrap(physical, width, rules, &mut |number, bytes| {
            each(Stretch {
                number,
                bytes,
                opens: false,
                label: false,
            });
        });
        return;
    }
    for (number, bytes) in physical.lines() {
        let line = &text[bytes.range()];
        let long = line.len() >= LONG_LINE;
        let opens = shape.records && long;
        let labelled = opens && has_label(line);
        let mut first = true;
        let mut emit = |start: usize, end: usize| {
            each(Stretch {
                number,
                bytes: ByteSpan::new(bytes.start + start, bytes.start + end),
                opens: opens && first,
                label: labelled && first,
            });
            first = false;
        };
        if long && shape.indented {
            indents(line, rules, &mut |start, end| {
                seams(&line[start..end], start, true, &mut emit);
            });
        } else if shape.alone {
            sentences::cut(line, rules, &mut emit);
        } else {
            seams(line, 0, false, &mut emit);
        }
    }
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
    /// Lines are broken at this width.
    wrapped: Option<usize>,
}

impl Shape {
    fn of(physical: Physical<'_>) -> Self {
        let (mut lines, mut indented) = (0, 0);
        for (_, bytes) in physical.lines() {
            let line = physical.text[bytes.range()].trim();
            lines += usize::from(!line.is_empty());
            indented += usize::from(line.len() >= LONG_LINE && has_indents(line));
        }
        Shape {
            indented: indented > 0,
            alone: lines == 1 && indented == 0,
            records: lines > 0 && indented == lines,
            wrapped: wrapped::width(physical),
        }
    }
}

/// Returns whether a line holds paragraphs: three indents, for one or two may be a name or a table.
fn has_indents(line: &str) -> bool {
    // A tab, U+00A0 (C2 A0), U+3000 (E3 80 80): most lines have none.
    let may_be_wide = |byte, next| {
        (byte == b'\t') | (byte == 0xc2) & (next == 0xa0) | (byte == 0x80) & (next == 0x80)
    };
    if !any_pair(line.as_bytes(), may_be_wide) {
        return false;
    }
    let mut from = 0;
    for _ in 0..3 {
        match next_blanks(&line[from..]) {
            Some(blanks) => from += blanks.end,
            None => return false,
        }
    }
    true
}

/// Returns whether a line opens with a record's name before a tab.
fn has_label(line: &str) -> bool {
    let Some(end) = line.bytes().take(24).position(|byte| byte == b'\t') else {
        return false;
    };
    let label = line[..end].trim();
    !label.is_empty()
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// Cuts a line at tabs, at runs of wide blanks, and at single ones before a number.
fn indents(line: &str, rules: &HeadingRules, each: &mut dyn FnMut(usize, usize)) {
    let mut start = 0;
    let mut from = 0;
    while let Some(blanks) = next_blanks(&line[from..]) {
        let (end, next) = (from + blanks.start, from + blanks.end);
        from = next;
        if blanks.wide || marker(&line[next..], &rules.numbering).is_some() {
            if end > start {
                each(start, end);
            }
            start = next;
        }
    }
    if start < line.len() {
        each(start, line.len());
    }
}

/// A run of white space in a line.
struct Blanks {
    start: usize,
    end: usize,
    /// Whether it is as wide as an indent: a tab, or two blanks of which one is wide.
    wide: bool,
}

/// Returns the first run of white space that holds a tab, U+3000 or U+00A0.
fn next_blanks(text: &str) -> Option<Blanks> {
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        // U+3000 is E3 80 80 and U+00A0 is C2 A0.
        let found = from + memchr::memchr3(b'\t', 0xe3, 0xc2, &bytes[from..])?;
        let blank = match bytes[found] {
            b'\t' => true,
            0xe3 => bytes.get(found + 1..found + 3) == Some(&[0x80, 0x80]),
            _ => bytes.get(found + 1) == Some(&0xa0),
        };
        if !blank {
            from = found + 1;
            continue;
        }
        let start = text[..found].trim_end().len();
        let end = text.len() - text[found..].trim_start().len();
        let run = &text[start..end];
        return Some(Blanks {
            start,
            end,
            wide: run.contains('\t') || run.chars().nth(1).is_some(),
        });
    }
}

/// Cuts a short line where title, session, speaker and salutation are glued together.
///
/// `flat` says that the line is part of one without structure, where more is glued.
fn seams(line: &str, offset: usize, flat: bool, emit: &mut dyn FnMut(usize, usize)) {
    let mut start = 0;
    if line.len() <= MAX_HEAD {
        for seam in [
            session_start(line),
            flat.then(|| session_end(line)).flatten(),
            flat.then(|| closing_word(line)).flatten(),
        ]
        .into_iter()
        .flatten()
        {
            if seam > start {
                emit(offset + start, offset + seam);
                start = seam;
            }
        }
    }
    emit(offset + start, offset + line.len());
}

/// 政府工作报告|——2023年1月15日在…
fn session_start(line: &str) -> Option<usize> {
    // How a dash ends and the next begins: most lines have none.
    let may_be_dashes = |byte, next| {
        (next == 0xe2) & ((byte == 0x94) | (byte == 0x80)) | (byte == 0x8d) & (next == 0xef)
    };
    if !any_pair(line.as_bytes(), may_be_dashes) {
        return None;
    }
    let seam = ["——", "－－", "──"]
        .iter()
        .find_map(|dashes| memchr::memmem::find(line.as_bytes(), dashes.as_bytes()))?;
    let (title, session) = line.split_at(seam);
    let title = title.trim_end();
    let dated = session
        .trim_start_matches(['—', '－', '─', ' '])
        .starts_with(|c: char| {
            c.is_ascii_digit() || ('０'..='９').contains(&c) || c == '二' || c == '在'
        });
    let titled = title.ends_with(['告', '划', '结', '）', ')', '斗', '革', '针', '点']);
    (dated && titled && session.contains('会')).then_some(seam)
}

/// …会议上|国务院总理…
fn session_end(line: &str) -> Option<usize> {
    let end = line.find("会议上")? + "会议上".len();
    let rest = line[end..].trim_start();
    let speaker = ["国务", "总理", "代", "省", "市", "县", "自治", "副"];
    speaker
        .iter()
        .any(|word| rest.starts_with(word))
        .then_some(end)
}

/// 国务院总理周恩来|各位代表：
fn closing_word(line: &str) -> Option<usize> {
    let line = line.trim_end_matches(['：', ':', '！', '!', ' ']);
    ["各位代表", "目录"]
        .iter()
        .find(|word| line.ends_with(**word))
        .map(|word| line.len() - word.len())
        .filter(|seam| !line[..*seam].ends_with(['，', '。', '、', '：']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    fn check(text: &str, expected: &[&str]) {
        let schema = Schema::embedded().expect("schema");
        let mut found = Vec::new();
        stretches(Physical::of(text), &schema.headings, &mut |stretch| {
            found.push(text[stretch.bytes.range()].trim());
        });
        found.retain(|piece| !piece.is_empty());
        assert_eq!(found, expected);
    }

    #[test]
    fn records_are_cut_at_indents_and_seams() {
        let body = "全县经济平稳运行，各项事业取得新的进展。".repeat(12);
        let text = format!(
            "1954\t1954年政府工作报告——1954年5月23日在第一次会议上\u{3000}\u{3000}\u{a0} 国务院总理周恩来各位代表：\u{3000}\u{3000}{body}\u{3000}\u{3000}一、2008 年回顾"
        );
        check(
            &text,
            &[
                "1954",
                "1954年政府工作报告",
                "——1954年5月23日在第一次会议上",
                "国务院总理周恩来",
                "各位代表：",
                &body,
                "一、2008 年回顾",
            ],
        );
    }

    #[test]
    fn lines_stay_whole() {
        check(
            "甲\n\n乙\u{3000}\u{3000}丙\r丁",
            &["甲", "乙\u{3000}\u{3000}丙", "丁"],
        );
        check(
            "——经济运行总体平稳。\n全市生产总值——2023年\n",
            &["——经济运行总体平稳。", "全市生产总值——2023年"],
        );
    }
}
