//! Which lines belong to no report: contents pages, page numbers, advertisements, web furniture.

use std::collections::HashMap;

use super::chars::{ends_sentence, is_short, squeeze};
use super::lines::Line;
use crate::schema::NoiseRules;

/// Rules for lines look at so many characters at most.
const MAX_LINE: usize = 160;

/// Rules for paragraphs look at so many characters at most.
const MAX_PARAGRAPH: usize = 400;

/// Lines of a contents page are no longer than this.
const MAX_ENTRY: usize = 60;

/// Returns for each line the name of the rule that makes it noise.
pub(super) fn noise<'r>(lines: &[Line<'_>], rules: &'r NoiseRules) -> Vec<Option<&'r str>> {
    let mut reasons: Vec<Option<&'r str>> = lines
        .iter()
        .map(|line| {
            let text = &*line.text;
            // Nearly all body text ends in 。, and no furniture does.
            let line = match !text.ends_with('。') && is_short(text, MAX_LINE) {
                true => rules.line(text),
                false => None,
            };
            line.or_else(|| match is_short(text, MAX_PARAGRAPH) {
                true => rules.paragraph(text),
                false => None,
            })
        })
        .collect();
    contents(lines, &mut reasons);
    page_numbers(lines, &mut reasons);
    reasons
}

/// Marks 目录 and the entries behind it, those without a page number as well.
///
/// An entry is a short line that comes again further down (as a title, or as a heading with text
/// behind it) and has not come on this page yet: so the page ends where the first report begins.
fn contents(lines: &[Line<'_>], reasons: &mut [Option<&str>]) {
    let is_opening = |line: &Line<'_>| {
        is_short(&line.text, 8) && matches!(&*squeeze(&line.text), "目录" | "目次")
    };
    if !lines.iter().any(is_opening) {
        return;
    }
    let keys: Vec<Option<String>> = lines.iter().map(|line| entry_key(&line.text)).collect();
    let mut last: HashMap<&str, usize> = HashMap::new();
    for (index, key) in keys.iter().enumerate() {
        if let Some(key) = key {
            last.insert(key, index);
        }
    }
    let mut index = 0;
    while index < lines.len() {
        if !is_opening(&lines[index]) {
            index += 1;
            continue;
        }
        reasons[index] = Some("contents");
        let mut seen = std::collections::HashSet::new();
        index += 1;
        while let (Some(line), Some(key)) = (lines.get(index), keys.get(index)) {
            let numbered = matches!(reasons[index], Some("contents_entry" | "page_number"))
                || ends_in_page(&line.text);
            let returns = key.as_deref().is_some_and(|key| {
                last.get(key).is_some_and(|last| *last > index) && seen.insert(key)
            });
            if !(numbered || (returns && is_short(&line.text, MAX_ENTRY))) {
                break;
            }
            reasons[index] = reasons[index].or(Some("contents_entry"));
            index += 1;
        }
    }
}

/// Returns whether a line of a contents page ends in a page number behind a blank, which is what
/// programs leave of a tab.
fn ends_in_page(text: &str) -> bool {
    let heading = text.trim_end_matches(|c: char| c.is_ascii_digit());
    (1..=4).contains(&(text.len() - heading.len()))
        && is_short(text, MAX_ENTRY)
        && heading.ends_with(char::is_whitespace)
        && !heading.trim().is_empty()
}

/// Returns what a contents page would show of a line: its heading, without blanks and page number.
fn entry_key(text: &str) -> Option<String> {
    let heading = match text.find(['。', '：', '\t']) {
        Some(end) => &text[..end],
        None => text,
    };
    // 各位代表： comes again and again, but it is no entry.
    if heading.is_empty() || !is_short(heading, MAX_ENTRY) || text.ends_with(['：', ':', '！']) {
        return None;
    }
    Some(
        heading
            .trim_end_matches(|c: char| c.is_ascii_digit() || ".．·•…‥ -".contains(c))
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect(),
    )
}

/// Marks lines that are only a number, where they are page numbers.
///
/// Text that was broken into lines at every figure has such lines too, so a lone number counts only
/// behind a finished sentence, or as one of three that follow each other.
fn page_numbers(lines: &[Line<'_>], reasons: &mut [Option<&str>]) {
    let lone: Vec<(usize, u32)> = lines
        .iter()
        .enumerate()
        .filter(|(index, line)| reasons[*index].is_none() && line.text.len() <= 4)
        .filter_map(|(index, line)| Some((index, line.text.parse().ok()?)))
        .collect();
    let mut run = 0;
    for (position, (index, value)) in lone.iter().enumerate() {
        let follows = |other: usize, step: i64| {
            lone.get(other)
                .is_some_and(|(_, neighbour)| i64::from(*neighbour) == i64::from(*value) + step)
        };
        run = match position > 0 && follows(position - 1, -1) {
            true => run + 1,
            false => 1,
        };
        let in_run = run >= 3
            || (run == 2 && follows(position + 1, 1))
            || (run == 1 && follows(position + 1, 1) && follows(position + 2, 2));
        let before = index.checked_sub(1).and_then(|before| lines.get(before));
        let finished = before.is_none_or(|line| ends_sentence(&line.text));
        let goes_on = lines.get(index + 1).is_some_and(|line| {
            line.text.starts_with([
                '年', '月', '日', '%', '％', '个', '万', '亿', '、', '，', '。', '．',
            ])
        });
        if in_run || (finished && !goes_on && *value < 1000) {
            reasons[*index] = Some("page_number");
        }
    }
}
