//! YAML front matter → what the source says of itself.

use std::ops::Range;

use crate::model::Given;

/// Front matter longer than this is no front matter.
const MAX_BYTES: usize = 16 * 1024;

/// Returns the bytes of the front matter with its fences, if the text opens with one.
pub(super) fn find(text: &str) -> Option<Range<usize>> {
    let mut offset = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let content = line.trim_end();
        let fence = content == "---" || (index > 0 && content == "...");
        match (index, fence) {
            (0, false) => return None,
            (0, true) => {}
            (_, true) => return Some(0..offset + content.len()),
            (_, false) => {}
        }
        offset += line.len();
        if offset > MAX_BYTES {
            return None;
        }
    }
    None
}

/// Reads the `key: value` lines that we know; the rest is left alone.
pub(super) fn read(front_matter: &str) -> Given {
    let mut given = Given::default();
    for line in front_matter.lines() {
        let Some((key, value)) = line.split_once([':', '：']) else {
            continue;
        };
        let value = value
            .trim()
            .trim_matches(|c| matches!(c, '"' | '\''))
            .trim();
        // The year of a whole document is that by which it is known.
        let key = match key.trim() {
            "year" | "年份" => "report_year",
            key => key,
        };
        if !value.is_empty() {
            given.set(key, value);
        }
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_and_date_are_taken_as_given() {
        let text = "---\nsource: https://a.cn/x.html\ntitle: 2019年政府工作报告\nyear: 2019\ndate: '2019-01-20'\n---\n\n正文";
        let range = find(text).expect("front matter");
        assert!(text[range.end..].starts_with("\n\n正文"));
        let given = read(&text[range]);
        assert_eq!(given.title.as_deref(), Some("2019年政府工作报告"));
        assert_eq!(given.report_year, Some(2019));
        assert_eq!(given.date.as_deref(), Some("2019-01-20"));
    }

    #[test]
    fn a_rule_is_no_front_matter() {
        for text in ["", "正文\n---\n", "---\n没有结尾", "----\na: b\n---\n"] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
